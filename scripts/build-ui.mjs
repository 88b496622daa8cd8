// Builds ui/ into ui/dist: page.html, the page of a report without its title and data; live.html, the same page for a
// server that has the data; and shared.js, the code that such a server shares with page.html.
//
//   node scripts/build-ui.mjs
//
// To fill the page in, put a title, escaped, in the place of the first comment, the element with the index in that of the
// second, and those with the bodies in that of the third: lib/page/ does in JavaScript, crates/report/src/html.rs in Rust.
// The code stands before the bodies, so that the first rows are shown while a browser still reads these.

import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

const ui = fileURLToPath(new URL('../ui/', import.meta.url));

const common = {
  absWorkingDir: ui,
  bundle: true,
  write: false,
  charset: 'utf8',
  legalComments: 'none',
  logLevel: 'warning',
  target: 'es2022',
};

async function built(entry, options) {
  const { outputFiles } = await build({ ...common, entryPoints: [entry], outdir: 'dist', ...options });
  return outputFiles[0].text;
}

const hash = (text) => `'sha256-${createHash('sha256').update(text).digest('base64')}'`;

/** The licences of the libraries in the page, which have to be included. */
const NOTICE = '/* with preact (MIT, (c) Jason Miller) and jsdiff (BSD-3-Clause, (c) Kevin Decker) */';

const inPage = {
  minify: true,
  format: 'iife',
  // Smaller than the runtime for JSX that the types are checked with.
  tsconfigRaw: { compilerOptions: { jsx: 'react', jsxFactory: 'h', jsxFragmentFactory: 'Fragment' } },
  inject: ['src/jsx.ts'],
  banner: { js: NOTICE },
  // Inside HTML, this would end the script.
  supported: { 'inline-script': false },
};

const [file, live, style, shared] = await Promise.all([
  built('src/file.tsx', inPage),
  built('src/live.tsx', inPage),
  built('src/style.css', { minify: true }),
  built('src/shared.ts', { platform: 'node', format: 'cjs', target: 'node20' }),
]);

function documentOf(code) {
  const policy = [
    "default-src 'none'",
    `script-src ${hash(code)}`,
    `style-src ${hash(style)}`,
    "base-uri 'none'",
    "form-action 'none'",
  ].join('; ');

  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="referrer" content="no-referrer">
<title><!--runstore:title--></title>
<style>${style}</style>
</head>
<body>
${readFileSync(`${ui}src/help.html`, 'utf8')}<div id="page"><noscript>This page needs JavaScript. It asks for nothing from the network.</noscript></div>
<!--runstore:index-->
<script>${code}</script>
<!--runstore:bodies-->
</body>
</html>
`;
}

mkdirSync(`${ui}dist`, { recursive: true });
writeIfChanged('page.html', documentOf(file));
writeIfChanged('live.html', documentOf(live));
writeIfChanged('shared.js', shared);

/** Cargo builds again what is newer than the addon. */
function writeIfChanged(name, text) {
  const path = `${ui}dist/${name}`;
  if (currentText(path) !== text) writeFileSync(path, text);
}

function currentText(path) {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return undefined;
  }
}
