'use strict';

/** The HTML around the page: one document that asks for nothing but what is in it, or for what its own server gives. */

const { createHash } = require('node:crypto');
const { readFileSync } = require('node:fs');
const { join } = require('node:path');

const BUILT = join(__dirname, '../../ui/dist');

/** Returns the code and the style of the page, as built by `npm run build:ui`. */
function assets() {
  return { code: readFileSync(join(BUILT, 'page.js'), 'utf8'), style: readFileSync(join(BUILT, 'page.css'), 'utf8') };
}

/** Returns the document of a file, up to its blocks of data, and what comes after them. */
function shell(title) {
  const { code, style } = assets();
  const meta = `<meta http-equiv="Content-Security-Policy" content="${policyOf(code, style)}">\n`;
  return { before: head(title, style, meta), after: foot(code) };
}

/** Returns the document of a server, and the policy that it sends with it. */
function page(title) {
  const { code, style } = assets();
  return {
    html: head(title, style, '') + foot(code),
    policy: `${policyOf(code, style)}; connect-src 'self'; frame-ancestors 'none'`,
  };
}

function head(title, style, meta) {
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
${meta}<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="referrer" content="no-referrer">
<title>${escaped(title)}</title>
<style>${style}</style>
</head>
<body>
<div id="page"><noscript>This page needs JavaScript. It asks for nothing from the network.</noscript></div>
`;
}

function foot(code) {
  return `<script>${code}</script>\n</body>\n</html>\n`;
}

function policyOf(code, style) {
  return [
    "default-src 'none'",
    `script-src 'sha256-${hash(code)}'`,
    `style-src 'sha256-${hash(style)}'`,
    "base-uri 'none'",
    "form-action 'none'",
  ].join('; ');
}

function hash(text) {
  return createHash('sha256').update(text).digest('base64');
}

function escaped(text) {
  return text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
}

module.exports = { page, shell };
