'use strict';

/** Loads a file on first use, so that short programs do not wait for code that they do not need. */
function lazy(load) {
  let loaded;
  return () => (loaded ??= load());
}

module.exports = { lazy };
