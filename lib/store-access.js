'use strict';

/**
 * How the other entries of this package reach the native store behind a RunStore, which no user can.
 */

const check = require('./check.js');
const { typeError } = require('./errors.js');

/** `isStore(value)` and `connectionOf(store)`, from inside the class. */
let access = null;

function expose(given) {
  access = given;
}

/**
 * Runs `action(ask)`, in which `ask(build, method, ...args)` is what `build` makes of the answer of a native method. Where
 * the store is one of `runstore/promises`, all of it is a promise, and an error its rejection. Anything but a store is
 * refused by the argument's name.
 */
function askStore(store, name, action) {
  if (!access?.isStore(store)) throw typeError(`${name} must be a RunStore of runstore, not ${check.kind(store)}`);
  const connection = access.connectionOf(store);
  return connection.attempt(() => action((build, method, ...args) => connection.ask(build, method, args)));
}

module.exports = { askStore, expose };
