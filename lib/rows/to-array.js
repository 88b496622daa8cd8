'use strict';

/**
 * Creates an array of the values that Rust passes: faster than creating one through Node-API.
 * @param {unknown[]} values
 */
const toArray = (...values) => values;

module.exports = { toArray };
