'use strict';

/**
 * The built page `ui/dist/page.html`, split around its title and its data in the same way as by
 * `crates/report/src/html.rs`; and `ui/dist/shared.js`, the code that the page shares with a server of it.
 */

const { readFileSync } = require('node:fs');
const { join } = require('node:path');

const { lazy } = require('./lazy.js');

const TITLE = '<!--runstore:title-->';
const DATA = '<!--runstore:data-->';

/** Returns the parts before the title, between the title and the data, and after the data. */
const loadPage = lazy(() => {
  const page = readPage();
  const [title, data] = [page.indexOf(TITLE), page.indexOf(DATA)];
  return {
    beforeTitle: page.slice(0, title),
    beforeData: page.slice(title + TITLE.length, data),
    afterData: page.slice(data + DATA.length),
  };
});

function readPage() {
  try {
    return readFileSync(join(__dirname, '../ui/dist/page.html'), 'utf8');
  } catch (cause) {
    throw new Error('the page of runstore is not built: run "npm run build" in its checkout.', { cause });
  }
}

/** Returns the filter, the order and the data of the charts. */
const loadShared = lazy(() => require(join(__dirname, '../ui/dist/shared.js')));

module.exports = { loadPage, loadShared };
