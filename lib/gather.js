'use strict';

/** Makes an array out of all that Rust passes: cheaper than an array of Node-API's own. */
const gather = (...values) => values;

module.exports = { gather };
