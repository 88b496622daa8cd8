'use strict';

/**
 * How the other entries of this package reach the native store of a RunStore.
 */

const check = require('../arguments/check.js');
const { mustBe, typeError } = require('../errors.js');

/** @import { Connection, NativeMethod, Steps } from './connection.js' */

/**
 * The key of a store's connection. The symbol is shared with other copies of this package, which test runners and
 * nested node_modules load. Its number is increased when the data that crosses to the native store changes, so that a
 * copy of another version is refused instead of misread.
 */
const CONNECTION = Symbol.for('runstore.connection.1');

/**
 * Runs `action(ask)`; `ask(build, method, ...args)` returns `build` of the result of a native method. For a store of
 * `runstore/promises`, returns a promise, and rejects with errors. Refuses anything but a store, by the argument's
 * name.
 * @param {unknown} store
 * @param {string} name
 * @param {(ask: (build: (answer: any) => any, method: NativeMethod, ...args: unknown[]) => any) => any} action
 */
function askStore(store, name, action) {
  const connection = connectionOf(store, name);
  return connection.attempt(() => action((build, method, ...args) => connection.ask(build, method, args)));
}

/**
 * Runs `action(drive)`; `drive(operation, steps)` returns the result of the steps. Otherwise like {@link askStore}.
 * @param {unknown} store
 * @param {string} name
 * @param {(drive: (operation: string, steps: Steps) => any) => any} action
 */
function driveStore(store, name, action) {
  const connection = connectionOf(store, name);
  return connection.attempt(() =>
    action((operation, steps) => {
      connection.assertOpen(operation);
      return connection.drive(steps);
    }),
  );
}

/**
 * Returns the connection of a store; anything else is refused by the argument's name.
 * @param {any} store
 * @param {string} name
 * @returns {Connection}
 */
function connectionOf(store, name) {
  const connection = store?.[CONNECTION];
  if (connection === undefined) throw typeError(name, mustBe('a RunStore of runstore', check.kind(store)));
  return connection;
}

module.exports = { CONNECTION, askStore, connectionOf, driveStore };
