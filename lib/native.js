'use strict';

/**
 * How the other entries of this package reach the native store behind a RunStore, which no user can.
 */

const check = require('./check.js');
const { typeError } = require('./errors.js');

/** `isStore(value)` and `ask(store, build, method, args)`, from inside the class. */
let access = null;

function expose(given) {
  access = given;
}

/**
 * Returns `ask(build, method, ...args)` of the store: what `build` makes of the answer of a native method, or the promise
 * of that where the store is one of `runstore/promises`. Anything but a store is refused by the argument's name.
 */
function askerOf(store, name) {
  if (!access?.isStore(store)) throw typeError(`${name} must be a RunStore of runstore, not ${check.kind(store)}`);
  return (build, method, ...args) => access.ask(store, build, method, args);
}

module.exports = { askerOf, expose };
