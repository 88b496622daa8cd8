'use strict';

/**
 * Passes rows between a store and the second addon, which opens no store: it exchanges packed rows.
 */

const { lazy } = require('../lazy.js');
const { fromNative } = require('../errors.js');
const { connectionOf } = require('../connection/store-access.js');
const { exportRows, importRows } = require('../connection/store-rows.js');

const tools = lazy(() => require('../load-tools.js'));

/** Returns the result of the second addon; turns its errors into RunStoreErrors. */
function asking(operation, ask) {
  try {
    return ask(tools());
  } catch (error) {
    throw fromNative(error, operation);
  }
}

/**
 * Passes the rows of runs to the taker that `make(tools)` creates, and returns `end(taker)`; a promise if the store is
 * one of `runstore/promises`.
 */
function taking(operation, store, runIds, { make, end, signal }) {
  const name = `${operation}: store`;
  const connection = connectionOf(store, name);
  return connection.attempt(() => {
    connection.assertOpen(operation);
    const taker = asking(operation, make);
    const put = (rows) => {
      signal?.throwIfAborted();
      asking(operation, () => taker.put(rows));
    };
    const ended = () => asking(operation, () => end(taker));
    return connection.isLater ? takeLater(store, runIds, name, put, ended) : take(store, runIds, name, put, ended);
  });
}

function take(store, runIds, name, put, ended) {
  for (const id of runIds) for (const rows of exportRows(store, id, name)) put(rows);
  return ended();
}

async function takeLater(store, runIds, name, put, ended) {
  for (const id of runIds) for await (const rows of exportRows(store, id, name)) put(rows);
  return ended();
}

/** Yields the packed rows of a run file, buffer by buffer. */
function* rowsOf(operation, path) {
  const rows = asking(operation, ({ RunFileRows }) => new RunFileRows(path));
  for (;;) {
    const next = asking(operation, () => rows.next());
    if (next === null) return;
    yield next;
  }
}

/** Imports the runs of a file: see {@link importRows}. */
function importing(operation, store, path, options) {
  const connection = connectionOf(store, `${operation}: store`);
  return connection.attempt(() => {
    connection.assertOpen(operation);
    return importRows(store, rowsOf(operation, path), options, `${operation}: store`);
  });
}

module.exports = { asking, importing, taking };
