'use strict';

/**
 * Whole runs as packed rows: how a store and the functions of the second addon, which open none, exchange them. The
 * buffers are opaque; `src/rows/codec.rs` makes and reads them.
 */

const { connectionOf } = require('./store-access.js');

/**
 * Returns the buffers of a run, one after the other as they are asked for: an iterable, of a store of `runstore/promises`
 * an async iterable. Nothing is locked in between; a run that changes meanwhile is an error at the end.
 */
function exportRows(store, runId, name = 'exportRows: store') {
  const connection = connectionOf(store, name);
  const chunk = (answer) => (answer === null ? { rows: [] } : { rows: [answer[0]], position: answer[1] });
  return connection.iterate((position) => connection.ask(chunk, 'exportRows', [runId, position]));
}

/**
 * Takes the buffers of runs in, and returns what became of each: `{ runId, isNew, counts, keptBaselines, keptPrompts }`.
 * A promise, where the store or the buffers need one. Each run is there once its last buffer was taken, and nothing of it
 * is left after an error.
 */
function importRows(store, buffers, options = {}, name = 'importRows: store') {
  const taking = new Import(connectionOf(store, name), options);
  const isLater = taking.isLater || buffers[Symbol.asyncIterator] !== undefined;
  return isLater ? takeLater(taking, buffers, options.signal) : take(taking, buffers);
}

/** One import. Each method returns a promise where the connection does. */
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

/** What cannot be removed now is found by the doctor; the error that led here is the one to report. */
async function abortLater(taking) {
  try {
    await taking.abort();
  } catch {}
}

/** As {@link abortLater}, at once. */
function abort(taking) {
  try {
    taking.abort();
  } catch {}
}

module.exports = { exportRows, importRows };
