'use strict';

const { connectionOf } = require('../connection/store-access.js');

/**
 * Returns a function that calls a native method of a store of `runstore/promises`, and resolves with what that returns.
 * `signal` ends what takes long.
 * @param {unknown} store
 * @param {AbortSignal} [signal]
 * @returns {(method: import('../connection/connection.js').NativeMethod, ...args: unknown[]) => Promise<any>}
 */
function asking(store, signal = undefined) {
  const connection = /** @type {import('../connection/queued.js').Queued} */ (connectionOf(store, 'viewer: store'));
  return (method, ...args) =>
    connection.within(signal, () => connection.ask((answer) => answer, method, ['viewer', ...args]));
}

module.exports = { asking };
