'use strict';

/**
 * The errors of a store. Rust passes a code and a message; they become an Error object here.
 */

const INVALID = 'ERR_RUNSTORE_INVALID_ARGUMENT';
/** Marks an error as a RunStoreError, also for another copy of this package and in another realm. */
const BRAND = Symbol.for('runstore.error');
/** @type {(value: unknown) => boolean} */
const isOurs = (value) => typeof value === 'object' && value !== null && Object.hasOwn(value, BRAND);

/**
 * The problem of an argument, in words or also as data.
 * @typedef {string | { words: string, expected?: string, given?: string }} Problem
 */

class RunStoreError extends Error {
  /**
   * @param {string} code
   * @param {string} message
   * @param {ErrorOptions} [options]
   */
  constructor(code, message, options) {
    super(message, options);
    describe(this, code);
  }

  // An invalid argument is a TypeError or a RangeError and also a RunStoreError.
  /** @param {unknown} value */
  static [Symbol.hasInstance](value) {
    return this === RunStoreError ? isOurs(value) : Function.prototype[Symbol.hasInstance].call(this, value);
  }
}

Object.defineProperty(RunStoreError.prototype, 'name', {
  value: 'RunStoreError',
  configurable: true,
  writable: true,
});

/**
 * @template {Error} E
 * @param {E} error
 * @param {string} code
 */
function describe(error, code) {
  Object.defineProperty(error, BRAND, { value: true });
  Object.defineProperty(error, 'code', { value: code, enumerable: true, configurable: true, writable: true });
  return error;
}

/** Control characters of terminals, line ends, and characters that change the direction of writing. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: the pattern is meant to find them
const UNPRINTABLE = /[\0-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff]/g;
const LONGEST_MESSAGE = 4000;

/**
 * A message may quote any id or path, and is printed to terminals and logs.
 * @param {string} message
 */
function printable(message) {
  const escaped = message.replace(UNPRINTABLE, (one) => `\\u${one.charCodeAt(0).toString(16).padStart(4, '0')}`);
  if (escaped.length <= LONGEST_MESSAGE) return escaped;
  // Keeps both ends: the operation is at the beginning, the file at the end.
  return `${escaped.slice(0, LONGEST_MESSAGE / 2)} … ${escaped.slice(-LONGEST_MESSAGE / 2)}`.toWellFormed();
}

/**
 * Errors about an argument name its place, `operation: argument`. Callers write it as one literal, which costs nothing
 * unless something is refused; it is split here.
 * @param {new (message: string, options?: ErrorOptions) => Error} ErrorType
 * @param {string} place
 * @param {Problem} problem
 * @param {ErrorOptions} [options]
 */
function refused(ErrorType, place, problem, options) {
  const [argument, operation] = place.split(': ', 2).reverse();
  const { words, expected, given } = typeof problem === 'string' ? { words: problem } : problem;
  const error = describe(new ErrorType(printable(`${place} ${words}`), options), INVALID);
  return know(error, { operation, argument, expected, given });
}

/**
 * The problem of a value that must be something else, as data and in words.
 * @param {string} expected
 * @param {unknown} given
 */
function mustBe(expected, given) {
  return { expected, given: printable(String(given)), words: `must be ${expected}, not ${given}` };
}

/**
 * Adds the known properties to an error.
 * @template {Error} E
 * @param {E} error
 * @param {object} known
 */
function know(error, known) {
  for (const [name, value] of Object.entries(known)) if (value !== undefined) Object.assign(error, { [name]: value });
  return error;
}

/**
 * An argument of the wrong type.
 * @param {string} place
 * @param {Problem} problem
 * @param {ErrorOptions} [options]
 */
function typeError(place, problem, options) {
  return refused(TypeError, place, problem, options);
}

/**
 * An argument of the right type with a wrong value.
 * @param {string} place
 * @param {Problem} problem
 * @param {ErrorOptions} [options]
 */
function rangeError(place, problem, options) {
  return refused(RangeError, place, problem, options);
}

/**
 * An error about a row or a file in the store; `known` has the properties of the error.
 * @param {string} code
 * @param {string} message
 * @param {object} [known]
 * @param {ErrorOptions} [options]
 */
function storeError(code, message, known = {}, options = undefined) {
  return know(new RunStoreError(code, printable(message), options), known);
}

/**
 * A value that is too large to be stored and read back.
 * @param {string} place
 * @param {string} problem
 * @param {ErrorOptions} [options]
 */
function tooLarge(place, problem, options) {
  const [argument, operation] = place.split(': ', 2).reverse();
  return storeError('ERR_RUNSTORE_TOO_LARGE', `${place} ${problem}`, { operation, argument }, options);
}

/**
 * An operation on a store that was closed.
 * @param {string} operation
 */
function closed(operation) {
  return storeError('ERR_RUNSTORE_CLOSED', `${operation}: the store is closed`, { operation });
}

/**
 * Turns an error of the native addon into a RunStoreError; any other exception belongs to the caller and stays
 * unchanged. `operation` is used if the addon does not know it.
 * @param {any} error
 * @param {string} [operation]
 */
function fromNative(error, operation = undefined) {
  const known = isOurs(error) ? null : knownOf(error?.code);
  if (known === null) return error;
  const { code, ...more } = known;
  if (more.given !== undefined) more.given = printable(more.given);
  const isNamed = operation === undefined || more.operation !== undefined;
  const message = isNamed ? error.message : `${operation}: ${error.message}`;
  // Types are checked before anything crosses; what Rust refuses is a value, hence a RangeError.
  const made =
    code === INVALID ? describe(new RangeError(printable(message)), code) : new RunStoreError(code, printable(message));
  return know(made, operation === undefined ? more : { operation, ...more });
}

/**
 * Returns the data of an error of the addon (`src/node_error.rs`), `null` for any other error.
 * @param {unknown} code
 */
function knownOf(code) {
  if (typeof code !== 'string') return null;
  if (code.startsWith('{"code":"ERR_RUNSTORE_')) return JSON.parse(code);
  // The code of napi for a caught panic.
  return code === 'GenericFailure' ? { code: 'ERR_RUNSTORE_INTERNAL' } : null;
}

module.exports = { RunStoreError, closed, fromNative, mustBe, rangeError, storeError, tooLarge, typeError };
