'use strict';

/**
 * Rows of a store on their way to the second addon, and back. That one opens no store: it takes and gives packed rows.
 */

const { lazy } = require('../lazy.js');
const { fromNative } = require('../errors.js');
const { connectionOf } = require('../connection/store-access.js');
const { exportRows, importRows } = require('../connection/store-rows.js');

const tools = lazy(() => require('../load-tools.js'));

/** Returns what the second addon does, its errors as ours. */
function asking(operation, ask) {
  try {
    return ask(tools());
  } catch (error) {
    throw fromNative(error, operation);
  }
}

/**
 * Hands the rows of runs to what `make(tools)` makes, and returns what `end(taker)` returns; a promise where the store is one
 * of `runstore/promises`.
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

/** The packed rows of a run file, one buffer after the other. */
function* rowsOf(operation, path) {
  const rows = asking(operation, ({ RunFileRows }) => new RunFileRows(path));
  for (;;) {
    const next = asking(operation, () => rows.next());
    if (next === null) return;
    yield next;
  }
}

/** Imports the runs of a file; see {@link importRows}. */
function importing(operation, store, path, options) {
  const connection = connectionOf(store, `${operation}: store`);
  return connection.attempt(() => {
    connection.assertOpen(operation);
    return importRows(store, rowsOf(operation, path), options, `${operation}: store`);
  });
}

module.exports = { asking, importing, taking };
