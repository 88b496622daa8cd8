'use strict';

/**
 * A page in one HTML file: the data of the runs, compressed in blocks that contain no HTML syntax.
 */

const { constants } = require('node:buffer');
const { gzipSync } = require('node:zlib');

const { ROWS_IN_BLOCK } = require('../constants.js');
const { tooLarge } = require('../errors.js');
const { loadPage } = require('../load-page.js');

const { MAX_STRING_LENGTH } = constants;

/**
 * Writes the page of a run; returns its HTML.
 * @returns {import('../connection/connection.js').Steps}
 */
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
  return joined(parts, operation);
}

/** One string has the whole document. */
function joined(parts, operation) {
  const length = parts.reduce((sum, part) => sum + part.length, 0);
  if (length <= MAX_STRING_LENGTH) return parts.join('');
  throw tooLarge(
    `${operation}: options.maxCases`,
    `must be less, because the document would have ${length} characters, and a string has at most ${MAX_STRING_LENGTH}`,
  );
}

/** Returns an element that contains JSON; the page finds it by `id`. */
function block(id, json) {
  return `<script type="application/octet-stream" id="runstore-${id}">${gzipSync(json).toString('base64')}</script>\n`;
}

function escaped(text) {
  return text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
}

module.exports = { writing };
