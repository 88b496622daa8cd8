'use strict';

/**
 * The built page, `ui/dist/page.html`, in the parts around its title and its data, which `crates/report/src/html.rs` takes
 * apart in the same way; and `ui/dist/shared.js`, what a server of the page has in common with it.
 */

const { readFileSync } = require('node:fs');
const { join } = require('node:path');

const { lazy } = require('./lazy.js');

const TITLE = '<!--runstore:title-->';
const DATA = '<!--runstore:data-->';

/** Returns what stands before the title, between it and the data, and after these. */
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

/** Returns the filter, the order, and what the charts show. */
const loadShared = lazy(() => require(join(__dirname, '../ui/dist/shared.js')));

module.exports = { loadPage, loadShared };
