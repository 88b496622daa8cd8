'use strict';

/** Makes an array out of all that Rust passes: cheaper than an array of Node-API's own. */
const toArray = (...values) => values;

module.exports = { toArray };
