'use strict';

/**
 * The built page `ui/dist/page.html`, split around its title and its data in the same way as by
 * `crates/report/src/html.rs`; and `ui/dist/shared.js`, the code that the page shares with a server of it.
 */

const { readFileSync } = require('node:fs');
const { join } = require('node:path');

const { lazy } = require('./lazy.js');

const PLACES = ['<!--runstore:title-->', '<!--runstore:index-->', '<!--runstore:bodies-->'];

/** Returns the parts before the title, between the title and the index, between that and the bodies, and after these. */
const loadPage = lazy(() => {
  let rest = readPage();
  const parts = PLACES.map((place) => {
    const at = rest.indexOf(place);
    const part = rest.slice(0, at);
    rest = rest.slice(at + place.length);
    return part;
  });
  const [beforeTitle, beforeIndex, beforeBodies] = parts;
  return { beforeTitle, beforeIndex, beforeBodies, afterBodies: rest };
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
