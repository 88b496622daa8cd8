'use strict';

/** Blocks of data inside the page: JSON, compressed, in characters that mean nothing in HTML. */

const { gzip } = require('node:zlib');
const { promisify } = require('node:util');

const compress = promisify(gzip);

/** Rows in one block of bodies; `ui/src/data/file.ts` reads by the same number. */
const ROWS_IN_BLOCK = 500;

/** Returns the element that holds `value`, which the page finds by `id`. */
async function block(id, value) {
  const bytes = await compress(JSON.stringify(value));
  return `<script type="application/octet-stream" id="runstore-${id}">${bytes.toString('base64')}</script>\n`;
}

module.exports = { ROWS_IN_BLOCK, block };
