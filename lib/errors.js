'use strict';

/**
 * The errors of a store. What crosses from Rust is a code and a message; here it becomes an Error object.
 */

const INVALID = 'ERR_RUNSTORE_INVALID_ARGUMENT';
const ours = new WeakSet();

class RunStoreError extends Error {
  constructor(code, message, options) {
    super(message, options);
    describe(this, code);
  }

  // An invalid argument is a TypeError or a RangeError and a RunStoreError as well.
  static [Symbol.hasInstance](value) {
    return this === RunStoreError ? ours.has(value) : Function.prototype[Symbol.hasInstance].call(this, value);
  }
}

Object.defineProperty(RunStoreError.prototype, 'name', {
  value: 'RunStoreError',
  configurable: true,
  writable: true,
});

function describe(error, code) {
  ours.add(error);
  Object.defineProperty(error, 'code', { value: code, enumerable: true, configurable: true, writable: true });
  return error;
}

/** An argument of the wrong type. */
function typeError(message) {
  return describe(new TypeError(message), INVALID);
}

/** An argument of the right type with a wrong value. */
function rangeError(message) {
  return describe(new RangeError(message), INVALID);
}

/** Turns an error of the native addon into a RunStoreError; anything else is the caller's own and stays. */
function fromNative(error) {
  const code = error?.code;
  if (typeof code !== 'string' || ours.has(error) || !isNative(code)) return error;
  const [name, sqliteCode] = code.split(' ');
  // Types are checked before anything crosses; what Rust refuses is a value.
  if (name === INVALID) return rangeError(error.message);
  const made = new RunStoreError(name === 'GenericFailure' ? 'ERR_RUNSTORE_INTERNAL' : name, error.message);
  if (sqliteCode !== undefined) made.sqliteCode = Number(sqliteCode);
  return made;
}

function isNative(code) {
  // napi's own code for a panic that was caught.
  return code.startsWith('ERR_RUNSTORE_') || code === 'GenericFailure';
}

module.exports = { RunStoreError, fromNative, rangeError, typeError };
