'use strict';

/**
 * A page in one HTML file: the data of the runs, compressed in blocks that contain no HTML syntax.
 */

const { gzipSync } = require('node:zlib');

const { ROWS_IN_BLOCK } = require('../constants.js');
const { loadPage } = require('../load-page.js');

/** Writes the page of a run; returns its HTML. */
function* writing(operation, run, options, redact) {
  const [title, index, ids] = yield { kind: 'call', method: 'page', args: [operation, run, options] };
  const { beforeTitle, beforeIndex, beforeBodies, afterBodies } = loadPage();
  const parts = [beforeTitle, escaped(JSON.parse(title)), beforeIndex, block('index', index), beforeBodies];
  const rows = JSON.parse(ids);
  for (let from = 0; from < rows.length; from += ROWS_IN_BLOCK) {
    const some = JSON.stringify(rows.slice(from, from + ROWS_IN_BLOCK));
    const bodies = yield { kind: 'call', method: 'pageBodies', args: [operation, some, redact] };
    parts.push(block(`block-${from / ROWS_IN_BLOCK}`, bodies));
  }
  parts.push(afterBodies);
  return parts.join('');
}

/** Returns an element that contains JSON; the page finds it by `id`. */
function block(id, json) {
  return `<script type="application/octet-stream" id="runstore-${id}">${gzipSync(json).toString('base64')}</script>\n`;
}

function escaped(text) {
  return text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
}

module.exports = { writing };
