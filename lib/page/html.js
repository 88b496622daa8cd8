'use strict';

/**
 * A page in one HTML file: what the core knows of the runs, compressed in blocks that mean nothing in HTML.
 */

const { gzipSync } = require('node:zlib');

const { loadPage } = require('../load-page.js');

/** Rows in one block of bodies; `ui/src/data/file.ts` reads by the same number. */
const ROWS_IN_BLOCK = 500;

/** Writes the page of a run; returns its HTML. */
function* writing(operation, run, options, redact) {
  const [title, index, ids] = yield { kind: 'call', method: 'page', args: [operation, run, options] };
  const { beforeTitle, beforeData, afterData } = loadPage();
  const parts = [beforeTitle, escaped(JSON.parse(title)), beforeData, block('index', index)];
  const rows = JSON.parse(ids);
  for (let from = 0; from < rows.length; from += ROWS_IN_BLOCK) {
    const some = JSON.stringify(rows.slice(from, from + ROWS_IN_BLOCK));
    const bodies = yield { kind: 'call', method: 'pageBodies', args: [operation, some, redact] };
    parts.push(block(`block-${from / ROWS_IN_BLOCK}`, bodies));
  }
  parts.push(afterData);
  return parts.join('');
}

/** Returns the element that holds some JSON, which the page finds by `id`. */
function block(id, json) {
  return `<script type="application/octet-stream" id="runstore-${id}">${gzipSync(json).toString('base64')}</script>\n`;
}

function escaped(text) {
  return text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
}

module.exports = { writing };
