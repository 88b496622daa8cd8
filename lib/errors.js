'use strict';

/**
 * The errors of a store. What crosses from Rust is a code and a message; here it becomes an Error object.
 */

const INVALID = 'ERR_RUNSTORE_INVALID_ARGUMENT';
/** Marks an error as one of runstore's, also for another copy of this package and in another realm. */
const BRAND = Symbol.for('runstore.error');
const isOurs = (value) => typeof value === 'object' && value !== null && Object.hasOwn(value, BRAND);

class RunStoreError extends Error {
  constructor(code, message, options) {
    super(message, options);
    describe(this, code);
  }

  // An invalid argument is a TypeError or a RangeError and a RunStoreError as well.
  static [Symbol.hasInstance](value) {
    return this === RunStoreError ? isOurs(value) : Function.prototype[Symbol.hasInstance].call(this, value);
  }
}

Object.defineProperty(RunStoreError.prototype, 'name', {
  value: 'RunStoreError',
  configurable: true,
  writable: true,
});

function describe(error, code) {
  Object.defineProperty(error, BRAND, { value: true });
  Object.defineProperty(error, 'code', { value: code, enumerable: true, configurable: true, writable: true });
  return error;
}

/** Controls of a terminal, what ends a line, and what changes the direction of writing. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
const UNPRINTABLE = /[\0-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff]/g;
const LONGEST_MESSAGE = 4000;

/** A message quotes ids and paths, which may hold anything, and ends up in terminals and logs. */
function printable(message) {
  const escaped = message.replace(UNPRINTABLE, (one) => `\\u${one.charCodeAt(0).toString(16).padStart(4, '0')}`);
  if (escaped.length <= LONGEST_MESSAGE) return escaped;
  // The operation stands at the beginning, the file at the end.
  return `${escaped.slice(0, LONGEST_MESSAGE / 2)} … ${escaped.slice(-LONGEST_MESSAGE / 2)}`.toWellFormed();
}

/**
 * Errors about an argument name its place, `operation: argument`. It is written as one literal, which costs nothing until
 * something is refused; here it is taken apart.
 */
function refused(ErrorType, place, problem, options) {
  const [argument, operation] = place.split(': ', 2).reverse();
  const words = typeof problem === 'string' ? problem : problem.words;
  const error = describe(new ErrorType(printable(`${place} ${words}`), options), INVALID);
  return know(error, { operation, argument, expected: problem.expected, given: problem.given });
}

/** What is wrong with a value that must be something else, as data and in words. */
function mustBe(expected, given) {
  return { expected, given: printable(String(given)), words: `must be ${expected}, not ${given}` };
}

/** Adds what is known beside the message, as far as it is known. */
function know(error, known) {
  for (const [name, value] of Object.entries(known)) if (value !== undefined) error[name] = value;
  return error;
}

/** An argument of the wrong type. */
function typeError(place, problem, options) {
  return refused(TypeError, place, problem, options);
}

/** An argument of the right type with a wrong value. */
function rangeError(place, problem, options) {
  return refused(RangeError, place, problem, options);
}

/** What happened in the store to this row or file; `known` has the properties of the error. */
function storeError(code, message, known = {}, options = undefined) {
  return know(new RunStoreError(code, printable(message), options), known);
}

/** A value that is larger than what can be kept and read back. */
function tooLarge(place, problem, options) {
  const [argument, operation] = place.split(': ', 2).reverse();
  return storeError('ERR_RUNSTORE_TOO_LARGE', `${place} ${problem}`, { operation, argument }, options);
}

/** An operation on a store that was closed. */
function closed(operation) {
  return storeError('ERR_RUNSTORE_CLOSED', `${operation}: the store is closed`, { operation });
}

/**
 * Turns an error of the native addon into a RunStoreError; anything else is the caller's own and stays. `operation` is
 * named where the addon does not know it.
 */
function fromNative(error, operation = undefined) {
  const known = isOurs(error) ? null : knownOf(error?.code);
  if (known === null) return error;
  const { code, ...more } = known;
  if (more.given !== undefined) more.given = printable(more.given);
  const message = operation === undefined ? error.message : `${operation}: ${error.message}`;
  // Types are checked before anything crosses; what Rust refuses is a value.
  const made =
    code === INVALID ? describe(new RangeError(printable(message)), code) : new RunStoreError(code, printable(message));
  return know(made, operation === undefined ? more : { operation, ...more });
}

/** What an error of the addon knows (`src/binding/error.rs`), `null` for any other error. */
function knownOf(code) {
  if (typeof code !== 'string') return null;
  if (code.startsWith('{"code":"ERR_RUNSTORE_')) return JSON.parse(code);
  // napi's own code for a panic that was caught.
  return code === 'GenericFailure' ? { code: 'ERR_RUNSTORE_INTERNAL' } : null;
}

module.exports = { RunStoreError, closed, fromNative, mustBe, rangeError, storeError, tooLarge, typeError };
