'use strict';

/**
 * Reading despite a stored value that is not JSON. One such value must not prevent reading all other rows, and no row
 * may be altered silently: the error names the value, and contains what can be read.
 */

const { storeError } = require('../errors.js');
const { lazy } = require('../lazy.js');

const rows = lazy(() => require('./unpack.js'));

const PHRASES = { runs: 'run', cases: 'case', scores: 'a score of case' };

/** Rethrows anything but a damaged value. (A damaged page has an error code of SQLite.) */
function unlessDamage(failure) {
  const isDamage =
    failure instanceof rows().BadJson || (failure?.code === 'ERR_RUNSTORE_CORRUPT' && failure.sqliteCode === undefined);
  if (!isDamage) throw failure;
}

/** Reads again, skipping damaged values; if they were repaired meanwhile, returns the complete result. */
function* askingAgain(operation, path, failure, method, args) {
  unlessDamage(failure);
  const { readable, damaged } = JSON.parse(yield { kind: 'call', method, args });
  return unlessDamaged(operation, path, readable ?? undefined, damaged, failure);
}

/** Collects chunks of cases. The JSON is examined value by value only if a chunk cannot be parsed. */
function* collecting(operation, path, add, method, args) {
  const collected = [];
  try {
    yield { kind: 'read', method, args: [false, ...args], each: (chunk) => add(collected, chunk) };
    return collected;
  } catch (failure) {
    unlessDamage(failure);
    const readable = [];
    const damaged = [];
    const each = (chunk) => {
      add(readable, chunk);
      damaged.push(...rows().damageIn(chunk));
    };
    yield { kind: 'read', method, args: [true, ...args], each };
    return unlessDamaged(operation, path, readable, damaged, failure);
  }
}

function unlessDamaged(operation, path, readable, damaged, cause) {
  if (damaged.length === 0) return readable;
  const [{ table, id, column, reason }] = damaged;
  const others = damaged.length > 1 ? `, and ${damaged.length - 1} more` : '';
  const what = `${column} of ${PHRASES[table]} "${id}" is not JSON: ${reason}${others}`;
  const message = `${operation}: ${what} (in ${path ?? 'the handle given'})`;
  const error = storeError('ERR_RUNSTORE_CORRUPT', message, { operation, path, damaged }, { cause: cause.cause });
  // Not enumerable, because it may be all cases of a run, which console.log would print with the error.
  Object.defineProperty(error, 'readable', { value: readable, configurable: true, writable: true });
  throw error;
}

module.exports = { askingAgain, collecting };
