'use strict';

const { connectionOf } = require('../connection/store-access.js');

/**
 * Returns a function that calls a native method of a store of `runstore/promises`, and resolves with what that returns.
 * `signal` ends what takes long.
 */
function asking(store, signal = /** @type {AbortSignal | undefined} */ (undefined)) {
  const connection = connectionOf(store, 'viewer: store');
  return (method, ...args) =>
    connection.within(signal, () => connection.ask((answer) => answer, method, ['viewer', ...args]));
}

module.exports = { asking };
