'use strict';

/**
 * How the other entries of this package reach the native store behind a RunStore.
 */

const check = require('../arguments/check.js');
const { mustBe, typeError } = require('../errors.js');

/**
 * Where a store keeps its connection. The symbol is shared with other copies of this package, which test runners and
 * nested node_modules load. The number grows when what crosses to the native store changes, so that a copy of another
 * version is refused, not misunderstood.
 */
const CONNECTION = Symbol.for('runstore.connection.1');

/**
 * Runs `action(ask)`, in which `ask(build, method, ...args)` is what `build` makes of the answer of a native method. Where
 * the store is one of `runstore/promises`, all of it is a promise, and an error its rejection. Anything but a store is
 * refused by the argument's name.
 */
function askStore(store, name, action) {
  const connection = connectionOf(store, name);
  return connection.attempt(() => action((build, method, ...args) => connection.ask(build, method, args)));
}

/** Runs `action(drive)`, in which `drive(steps)` is what the steps return; else as {@link askStore}. */
function driveStore(store, name, action) {
  const connection = connectionOf(store, name);
  return connection.attempt(() =>
    action((operation, steps) => {
      connection.assertOpen(operation);
      return connection.drive(steps);
    }),
  );
}

/** Returns the connection of a store; anything else is refused by the argument's name. */
function connectionOf(store, name) {
  const connection = store?.[CONNECTION];
  if (connection === undefined) throw typeError(name, mustBe('a RunStore of runstore', check.kind(store)));
  return connection;
}

module.exports = { CONNECTION, askStore, connectionOf, driveStore };
