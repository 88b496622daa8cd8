'use strict';

/**
 * Steps of operations in which runs go through functions of the second addon, which open no store: packed rows out of a
 * store and into one. The buffers are opaque; `src/rows/codec.rs` makes and reads them.
 */

/** Work of the second addon: done at once or, for a connection that returns promises, on another thread. */
const beside = (work, done = undefined) => ({ kind: 'beside', work, done });

/**
 * Reads a run as it is at one moment, with the results that were counted for it. `take(later, buffer)` is given its rows,
 * and `taken` is called each time.
 */
const readingRun = (operation, runId, take, taken = undefined) => ({
  kind: 'read',
  method: 'readRunRows',
  args: [operation, runId],
  each: (buffer, perform) => perform(beside((later) => take(later, buffer), taken)),
});

/**
 * Takes runs into the store, each as a whole; `next(later)` returns the next buffer, `null` behind the last. Calls `taken`
 * once the rows of a buffer are there. What was begun and not ended is removed.
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

/** What cannot be removed now is found by the doctor; the error that led here is the one to report. */
function* givingUp(state) {
  try {
    yield { kind: 'undo', method: 'abortImport', args: [state] };
  } catch {}
}

module.exports = { beside, readingRun, takingRuns };
