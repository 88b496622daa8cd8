'use strict';

/**
 * The built pages `ui/dist/page.html`, for a file, and `ui/dist/live.html`, split around their title and their data in the same
 * way as by `crates/report/src/html.rs`; and `ui/dist/shared.js`, the code that a server shares with the page of a file.
 */

const { readFileSync } = require('node:fs');
const { join } = require('node:path');

const { lazy } = require('./lazy.js');

const PLACES = ['<!--runstore:title-->', '<!--runstore:index-->', '<!--runstore:bodies-->'];

const loadPage = lazy(() => partsOf('page.html'));
const loadLivePage = lazy(() => partsOf('live.html'));

/**
 * Returns the parts before the title, between the title and the index, between that and the bodies, and after these.
 * @param {string} name
 */
function partsOf(name) {
  let rest = readPage(name);
  const parts = PLACES.map((place) => {
    const at = rest.indexOf(place);
    const part = rest.slice(0, at);
    rest = rest.slice(at + place.length);
    return part;
  });
  const [beforeTitle, beforeIndex, beforeBodies] = parts;
  return { beforeTitle, beforeIndex, beforeBodies, afterBodies: rest };
}

/** @param {string} name */
function readPage(name) {
  try {
    return readFileSync(join(__dirname, '../ui/dist', name), 'utf8');
  } catch (cause) {
    throw new Error('the page of runstore is not built: run "npm run build" in its checkout.', { cause });
  }
}

/** Returns the filter, the order and the data of the charts. */
const loadShared = lazy(() => require(join(__dirname, '../ui/dist/shared.js')));

module.exports = { loadLivePage, loadPage, loadShared };
