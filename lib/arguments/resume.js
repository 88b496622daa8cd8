'use strict';

/**
 * The arguments for resuming an interrupted run.
 */

const check = require('./check.js');
const { DEFAULT_ON_CONFLICT, ON_CONFLICT } = require('../constants.js');
const { mustBe, typeError } = require('../errors.js');
const { Options } = require('./options.js');

const MOST = Number.MAX_SAFE_INTEGER;

/** What to do with a row that exists already. */
function onConflict(operation, given) {
  const options = new Options(operation, given);
  const choice = (value, name) => check.oneOf(value, name, ON_CONFLICT);
  const read = options.readSet('onConflict', choice) ?? DEFAULT_ON_CONFLICT;
  options.refuseOthers();
  return read;
}

/** How old the last heartbeat has to be for a run to be taken over; `null` for never. */
function resumeOptions(given) {
  const options = new Options('resumeRun', given);
  const read = options.readSet('olderThanMs', (value, name) => check.integer(value, name, 0, MOST)) ?? null;
  options.refuseOthers();
  return read;
}

/**
 * Returns the keys or positions to look for, without duplicates: `wanted`, and the same `packed` for the native
 * `method`, which returns indexes into it. The first element decides whether they are keys or positions.
 */
function wantedCases(keysOrIdxs) {
  const name = 'missingCases: keysOrIdxs';
  const given = [...check.iterable(keysOrIdxs, name)];
  // A string is iterable too, by character; it must not be taken for a list of keys.
  if (typeof keysOrIdxs === 'string') throw typeError(name, mustBe('an array of strings', 'a string'));
  return typeof given[0] === 'string' ? wantedKeys(given, name) : wantedIdxs(given, name);
}

/** @returns {{ method: 'missingKeys', wanted: unknown[], packed: string }} */
function wantedKeys(given, name) {
  const keys = given.map((key, at) => check.text(key, `${name}[${at}]`));
  return { method: 'missingKeys', wanted: given, packed: check.json(keys, name) };
}

/** @returns {{ method: 'missingIdxs', wanted: unknown[], packed: Float64Array }} */
function wantedIdxs(given, name) {
  given.forEach((idx, at) => {
    if (typeof idx !== 'number' || Number.isNaN(idx)) {
      const wanted = at === 0 ? 'a number or a string' : 'a number, as the first one is';
      throw typeError(`${name}[${at}]`, mustBe(`${wanted}`, check.kind(idx)));
    }
  });
  return { method: 'missingIdxs', wanted: given, packed: Float64Array.from(given) };
}

module.exports = { onConflict, resumeOptions, wantedCases };
