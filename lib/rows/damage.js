'use strict';

/**
 * Reading where a stored value is not JSON. One such value must not keep all other rows from being read, and no row may be
 * changed without a word: an error names the value, and has what can be read.
 */

const { storeError } = require('../errors.js');
const { lazy } = require('../lazy.js');

const rows = lazy(() => require('./unpack.js'));

const PHRASES = { runs: 'run', cases: 'case', scores: 'a score of case' };

/** Throws whatever is no damage of a value. A damaged page has a code of SQLite's. */
function unlessDamage(failure) {
  const isDamage =
    failure instanceof rows().BadJson || (failure?.code === 'ERR_RUNSTORE_CORRUPT' && failure.sqliteCode === undefined);
  if (!isDamage) throw failure;
}

/** Asks once more, for what can be read; if it was repaired meanwhile, that is the answer. */
function* askingAgain(operation, path, failure, method, args) {
  unlessDamage(failure);
  const { readable, damaged } = JSON.parse(yield { kind: 'call', method, args });
  return unlessDamaged(operation, path, readable ?? undefined, damaged, failure);
}

/** Collects chunks of cases. Only when one cannot be parsed, the JSON is looked at value by value. */
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
  // Not shown with the error: that may be all cases of a run.
  Object.defineProperty(error, 'readable', { value: readable, configurable: true, writable: true });
  throw error;
}

module.exports = { askingAgain, collecting };
