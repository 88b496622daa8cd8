'use strict';

/** Loads a file when it is first needed: a process that opens a store to look something up does not wait for the rest. */
function lazy(load) {
  let loaded;
  return () => (loaded ??= load());
}

module.exports = { lazy };
