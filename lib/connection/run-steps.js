'use strict';

/**
 * Steps of operations in which functions of the second addon, which open no store, read or write runs: packed rows out
 * of a store and into one. The buffers are opaque; `src/rows/codec.rs` creates and reads them.
 */

/** Work of the second addon: done synchronously or, for a connection that returns promises, on another thread. */
const beside = (work, done = undefined) => ({ kind: 'beside', work, done });

/**
 * Reads a run as of one moment, including computed results. Calls `take(later, buffer)` with its rows, and `taken`
 * after each.
 */
const readingRun = (operation, runId, take, taken = undefined) => ({
  kind: 'read',
  method: 'readRunRows',
  args: [operation, runId],
  each: (buffer, perform) => perform(beside((later) => take(later, buffer), taken)),
});

/**
 * Imports runs, each as a whole; `next(later)` returns the next buffer, `null` at the end. Calls `taken` once the rows
 * of a buffer are stored. Unfinished runs are removed.
 */
function* takingRuns(operation, { suiteId = null, keepExisting = false }, next, taken) {
  let state = null;
  try {
    for (let rows = yield beside(next); rows !== null; rows = yield beside(next)) {
      [state] = yield { kind: 'call', method: 'importRows', args: [operation, state, rows, suiteId, keepExisting] };
      taken();
    }
  } catch (error) {
    if (state !== null) yield* givingUp(state);
    throw error;
  }
}

/** The doctor finds what cannot be removed now; the original error is the one to report. */
function* givingUp(state) {
  try {
    yield { kind: 'undo', method: 'abortImport', args: [state] };
  } catch {}
}

module.exports = { beside, readingRun, takingRuns };
