'use strict';

const check = require('../lib/arguments/check.js');
const { refuseUnknown } = require('../lib/arguments/known-keys.js');
const { RunStoreError, mustBe, typeError } = require('../lib/errors.js');
const { Operations, WITH_OPTIONAL, WITH_REQUIRED_OPTIONS } = require('../lib/operations.js');
const { Queued } = require('../lib/connection/queued.js');

class RunStore extends Operations {
  #connection;

  static {
    for (const name of Object.getOwnPropertyNames(Operations.prototype)) {
      if (Object.hasOwn(this.prototype, name)) continue;
      const operation = Operations.prototype[name];
      const required = WITH_REQUIRED_OPTIONS.includes(name) ? operation.length - 1 : operation.length;
      define(
        this.prototype,
        name,
        /** @this {RunStore} */ async function (...given) {
          const { signal, args } = takeSignal(name, required, given);
          refuseOptionsAfter(name, operation.length + (WITH_OPTIONAL.includes(name) ? 1 : 0), args);
          return this.#connection.within(signal, () => operation.apply(this, args));
        },
      );
    }
  }

  static async open(path, options = undefined) {
    const store = new RunStore(path, options);
    try {
      await store.#connection.opened();
      return store;
    } catch (error) {
      await store.close();
      throw error;
    }
  }

  constructor(path, options = undefined) {
    const connection = new Queued(path, options);
    super(connection);
    this.#connection = connection;
  }

  get path() {
    return super.path;
  }

  iterateCases(...given) {
    const { signal, args } = takeSignal('iterateCases', super.iterateCases.length, given);
    return this.#connection.within(signal, () => super.iterateCases(...args));
  }

  iterateTrajectories(...given) {
    const { signal, args } = takeSignal('iterateTrajectories', super.iterateTrajectories.length, given);
    return this.#connection.within(signal, () => super.iterateTrajectories(...args));
  }

  close() {
    return this.#connection.close();
  }

  [Symbol.asyncDispose]() {
    return this.close();
  }
}

/** Defines a method under its name, not enumerable, as a class does. */
function define(prototype, name, method) {
  Object.defineProperty(method, 'name', { value: name, configurable: true });
  Object.defineProperty(prototype, name, { value: method, configurable: true, writable: true });
}

/**
 * Takes the signal out of the options, which follow the `required` arguments. An earlier argument may be data with a
 * field named `signal`; it is passed on as the same object.
 */
function takeSignal(operation, required, given) {
  const at = given.length - 1;
  const last = given[at];
  if (last === null || typeof last !== 'object' || !Object.hasOwn(last, 'signal')) return { args: given };
  if (at < required && !(isSignalAlone(last) && isSignal(last.signal))) return { args: given };
  const { signal } = last;
  if (signal !== undefined && !isSignal(signal)) {
    throw typeError(`${operation}: options.signal`, mustBe('an AbortSignal', check.kind(signal)));
  }
  const before = given.slice(0, at);
  return { signal, args: isSignalAlone(last) ? before : [...before, withoutSignal(last)] };
}

const isSignal = (value) => typeof value?.aborted === 'boolean';

/** Whether this is a plain object, of this realm or another, with only a signal. */
function isSignalAlone(options) {
  return isPlain(options) && Reflect.ownKeys(options).length === 1;
}

function isPlain(object) {
  const prototype = Object.getPrototypeOf(object);
  return prototype === null || Object.getPrototypeOf(prototype) === null;
}

/** Refuses options for an operation that has none besides the signal. `map()` passes an index and an array as well. */
function refuseOptionsAfter(operation, count, args) {
  for (const extra of args.slice(count)) {
    if (extra !== null && typeof extra === 'object' && isPlain(extra)) {
      refuseUnknown(extra, `${operation}: options`, ['signal'], 'is not an option');
    }
  }
}

function withoutSignal(options) {
  const { signal, ...others } = Object.getOwnPropertyDescriptors(options);
  return Object.create(Object.getPrototypeOf(options), others);
}

module.exports = { RunStore, RunStoreError };
