'use strict';

/** Loads a file when it is first needed, so that a process that only looks something up does not wait for the rest. */
function lazy(load) {
  let loaded;
  return () => (loaded ??= load());
}

module.exports = { lazy };
