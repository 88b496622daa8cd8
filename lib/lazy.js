'use strict';

/**
 * Loads a file on first use, so that short programs do not wait for code that they do not need.
 * @template T
 * @param {() => T} load
 * @returns {() => T}
 */
function lazy(load) {
  /** @type {T | undefined} */
  let loaded;
  return () => (loaded ??= load());
}

module.exports = { lazy };
