'use strict';

/**
 * Whole runs as packed rows: how a store exchanges them with functions of the second addon, which open no store. The
 * buffers are opaque; `src/rows/codec.rs` creates and reads them.
 */

const { connectionOf } = require('./store-access.js');

/**
 * Returns the buffers of a run as they are requested: an iterable, or an async iterable for a store of
 * `runstore/promises`. Nothing is locked in between; if the run changes meanwhile, the end is an error.
 */
function exportRows(store, runId, name = 'exportRows: store') {
  const connection = connectionOf(store, name);
  const chunk = (answer) => (answer === null ? { rows: [] } : { rows: [answer[0]], position: answer[1] });
  return connection.iterate((position) => connection.ask(chunk, 'exportRows', [runId, position]));
}

/**
 * Imports the buffers of runs, and returns the result for each: `{ runId, isNew, counts, keptBaselines, keptPrompts }`;
 * a promise if the store or the buffers need one. Each run becomes visible after its last buffer; after an error,
 * nothing of it remains.
 */
function importRows(store, buffers, options = {}, name = 'importRows: store') {
  const taking = new Import(connectionOf(store, name), options);
  const isLater = taking.isLater || buffers[Symbol.asyncIterator] !== undefined;
  return isLater ? takeLater(taking, buffers, options.signal) : take(taking, buffers);
}

/** One import. Its methods return promises if the connection does. */
class Import {
  runs = [];
  #connection;
  #options;
  #state = null;

  constructor(connection, { suiteId = null, keepExisting = false }) {
    this.#connection = connection;
    this.#options = [suiteId, keepExisting];
  }

  get isLater() {
    return this.#connection.isLater;
  }

  put(buffer) {
    const keep = ([state, ended]) => {
      this.#state = state;
      if (ended !== null) this.runs.push(JSON.parse(ended));
    };
    return this.#connection.ask(keep, 'importRows', ['importRows', this.#state, buffer, ...this.#options]);
  }

  end() {
    return this.#state === null ? undefined : this.#ask('endImport');
  }

  abort() {
    return this.#state === null ? undefined : this.#ask('abortImport');
  }

  #ask(method) {
    return this.#connection.ask(() => undefined, method, [this.#state]);
  }
}

function take(taking, buffers) {
  try {
    for (const buffer of buffers) taking.put(buffer);
    taking.end();
  } catch (error) {
    abort(taking);
    throw error;
  }
  return taking.runs;
}

async function takeLater(taking, buffers, signal) {
  try {
    for await (const buffer of buffers) {
      signal?.throwIfAborted();
      await taking.put(buffer);
    }
    await taking.end();
  } catch (error) {
    await abortLater(taking);
    throw error;
  }
  return taking.runs;
}

/** The doctor finds what cannot be removed now; the original error is the one to report. */
async function abortLater(taking) {
  try {
    await taking.abort();
  } catch {}
}

/** Like {@link abortLater}, but synchronous. */
function abort(taking) {
  try {
    taking.abort();
  } catch {}
}

module.exports = { exportRows, importRows };
