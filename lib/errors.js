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

/** An argument of the wrong type. */
function typeError(message) {
  return describe(new TypeError(printable(message)), INVALID);
}

/** An argument of the right type with a wrong value. */
function rangeError(message) {
  return describe(new RangeError(printable(message)), INVALID);
}

/** What happened in the store to this row or file. */
function storeError(code, message, options) {
  return new RunStoreError(code, printable(message), options);
}

/** A value that is larger than what can be kept and read back. */
function tooLarge(message, options) {
  return storeError('ERR_RUNSTORE_TOO_LARGE', message, options);
}

/** Turns an error of the native addon into a RunStoreError; anything else is the caller's own and stays. */
function fromNative(error) {
  const code = error?.code;
  if (typeof code !== 'string' || isOurs(error) || !isNative(code)) return error;
  const [name, sqliteCode] = code.split(' ');
  // Types are checked before anything crosses; what Rust refuses is a value.
  if (name === INVALID) return rangeError(error.message);
  const made = storeError(name === 'GenericFailure' ? 'ERR_RUNSTORE_INTERNAL' : name, error.message);
  return sqliteCode === undefined ? made : Object.assign(made, { sqliteCode: Number(sqliteCode) });
}

function isNative(code) {
  // napi's own code for a panic that was caught.
  return code.startsWith('ERR_RUNSTORE_') || code === 'GenericFailure';
}

module.exports = { RunStoreError, fromNative, rangeError, storeError, tooLarge, typeError };
