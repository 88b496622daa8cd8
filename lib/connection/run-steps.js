'use strict';

/**
 * Whole runs as packed rows: how a store exchanges them with functions of the second addon, which open no store. The
 * buffers are opaque; `src/rows/codec.rs` creates and reads them.
 *
 * Most operations use the steps below. If the other side may be slow, like a service, they use {@link exportRows} and
 * {@link importRows}, which occupy the store only while it reads or writes one buffer.
 */

const { connectionOf } = require('./store-access.js');

/**
 * @import { BesideStep, Connection, ReadStep, Step, Steps } from './connection.js'
 * @typedef {(later: boolean, buffer: Uint8Array) => any} Take Takes a buffer of rows, now or with a promise.
 */

/**
 * Work of the second addon: done synchronously or, for a connection that returns promises, on another thread.
 * @type {(work: BesideStep['work'], done?: () => void) => BesideStep}
 */
const beside = (work, done) => ({ kind: 'beside', work, done });

/**
 * Reads a run as of one moment. Calls `take` with its rows, and `taken` after each.
 * @type {(operation: string, runId: string, take: Take, taken?: () => void) => ReadStep}
 */
const readingRun = (operation, runId, take, taken) => reading(operation, runId, false, take, taken);

/**
 * Like {@link readingRun}, including the results that were computed when the run was finalized.
 * @type {(operation: string, runId: string, take: Take, taken?: () => void) => ReadStep}
 */
const readingCountedRun = (operation, runId, take, taken) => reading(operation, runId, true, take, taken);

/** @type {(operation: string, runId: string, counted: boolean, take: Take, taken?: () => void) => ReadStep} */
const reading = (operation, runId, counted, take, taken) => ({
  kind: 'read',
  method: 'readRunRows',
  args: [operation, runId, counted],
  each: (buffer, perform) => perform(beside((later) => take(later, buffer), taken)),
});

/**
 * Imports runs, each as a whole; `next(later)` returns the next buffer, `null` at the end. Calls `taken` once the rows
 * of a buffer are stored. Returns the result for each run: `{ runId, isNew, counts, keptBaselines, keptPrompts }`.
 * Unfinished runs are removed.
 * @param {string} operation
 * @param {{ suiteId?: string | null, keepExisting?: boolean }} options
 * @param {BesideStep['work']} next
 * @returns {Steps}
 */
function* takingRuns(operation, { suiteId = null, keepExisting = false }, next, taken = () => {}) {
  const runs = [];
  let state = null;
  let ended = null;
  try {
    for (let rows = yield beside(next); rows !== null; rows = yield beside(next)) {
      /** @type {unknown[]} */
      const args = [operation, state, rows, suiteId, keepExisting];
      [state, ended] = yield { kind: 'call', method: 'importRows', args };
      if (ended !== null) runs.push(JSON.parse(ended));
      taken();
    }
    if (state !== null) yield { kind: 'call', method: 'endImport', args: [state] };
  } catch (error) {
    if (state !== null) yield* givingUp(state);
    throw error;
  }
  return runs;
}

/**
 * The doctor finds what cannot be removed now; the original error is the one to report.
 * @param {unknown} state
 * @returns {Steps}
 */
function* givingUp(state) {
  try {
    yield { kind: 'undo', method: 'abortImport', args: [state] };
  } catch {}
}

/**
 * Returns a function to call after each buffer: it throws once the signal has aborted, and reports progress to the caller.
 * `progress()` returns how much is done, and how much there is in all.
 * @param {() => [number, number]} progress
 * @param {{ onProgress?: (progress: { done: number, total: number }) => void, signal?: AbortSignal }} watch
 */
function watching(progress, { onProgress, signal }) {
  let before = 0;
  return () => {
    signal?.throwIfAborted();
    if (onProgress === undefined) return;
    const [done, total] = progress();
    if (done > before) onProgress({ done, total });
    before = done;
  };
}

/**
 * Returns the buffers of a run as they are requested: an iterable, or an async iterable for a store of
 * `runstore/promises`. Nothing is locked in between; if the run changes meanwhile, the end is an error.
 * @param {unknown} store
 * @param {string} runId
 */
function exportRows(store, runId, name = 'exportRows: store') {
  const connection = connectionOf(store, name);
  const chunk = (/** @type {[Uint8Array, unknown] | null} */ answer) =>
    answer === null ? { rows: [] } : { rows: [answer[0]], position: answer[1] };
  return connection.iterate((/** @type {unknown} */ position) =>
    connection.ask(chunk, 'exportRows', [runId, position]),
  );
}

/**
 * Imports the buffers of runs, which may arrive late, and resolves with the result for each run. A run becomes visible after
 * its last buffer; after an error, nothing of it remains.
 * @param {unknown} store
 * @param {any} buffers An iterable of buffers, or an async iterable.
 * @param {{ suiteId?: string | null, keepExisting?: boolean, signal?: AbortSignal }} [options] The signal ends it between
 *   two buffers.
 */
async function importRows(store, buffers, options = {}, name = 'importRows: store') {
  const connection = connectionOf(store, name);
  const iterator = (buffers[Symbol.asyncIterator] ?? buffers[Symbol.iterator]).call(buffers);
  const next = async () => {
    options.signal?.throwIfAborted();
    const { done, value } = await iterator.next();
    return done ? null : value;
  };
  try {
    return await takeApart(connection, takingRuns('importRows', options, next));
  } finally {
    await iterator.return?.();
  }
}

/**
 * Takes each step of an operation in its own turn, so that other operations can use the store in between.
 * @param {Connection} connection
 * @param {Steps} steps
 */
async function takeApart(connection, steps) {
  let step = steps.next();
  while (!step.done) {
    let answer;
    try {
      answer = step.value.kind === 'beside' ? await step.value.work(true) : await connection.drive(alone(step.value));
    } catch (error) {
      step = steps.throw(error);
      continue;
    }
    step = steps.next(answer);
  }
  return step.value;
}

/**
 * @param {Step} step
 * @returns {Steps}
 */
function* alone(step) {
  return yield step;
}

module.exports = { beside, exportRows, importRows, readingCountedRun, readingRun, takingRuns, watching };
