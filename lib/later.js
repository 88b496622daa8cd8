'use strict';

/** Loads a file when it is first needed: a process that opens a store to look something up does not wait for the rest. */
function later(load) {
  let loaded;
  return () => (loaded ??= load());
}

module.exports = { later };
