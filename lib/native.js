'use strict';

/**
 * How the other entries of this package reach the native store behind a RunStore, which no user can.
 */

const check = require('./check.js');
const { typeError } = require('./errors.js');

/** `isStore(value)` and `call(store, method, args)`, from inside the class. */
let access = null;

function expose(given) {
  access = given;
}

/** Returns `call(method, ...args)` of the store; anything else is refused by the argument's name. */
function callerOf(store, name) {
  if (!access?.isStore(store)) throw typeError(`${name} must be a RunStore of runstore, not ${check.kind(store)}`);
  return (method, ...args) => access.call(store, method, args);
}

module.exports = { callerOf, expose };
