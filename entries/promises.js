'use strict';

const check = require('../lib/check.js');
const { RunStoreError, typeError } = require('../lib/errors.js');
const { Operations } = require('../lib/operations.js');
const { Queued } = require('../lib/queued.js');

class RunStore extends Operations {
  #connection;

  static {
    for (const name of Object.getOwnPropertyNames(Operations.prototype)) {
      if (Object.hasOwn(this.prototype, name)) continue;
      const operation = Operations.prototype[name];
      define(this.prototype, name, async function (...given) {
        const { signal, args } = takeSignal(name, given);
        return this.#connection.within(signal, () => operation.apply(this, args));
      });
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
    const { signal, args } = takeSignal('iterateCases', given);
    return this.#connection.within(signal, () => super.iterateCases(...args));
  }

  iterateTrajectories(...given) {
    const { signal, args } = takeSignal('iterateTrajectories', given);
    return this.#connection.within(signal, () => super.iterateTrajectories(...args));
  }

  close() {
    return this.#connection.close();
  }

  [Symbol.asyncDispose]() {
    return this.close();
  }
}

/** Defines a method as a class does, under its name. */
function define(prototype, name, method) {
  Object.defineProperty(method, 'name', { value: name, configurable: true });
  Object.defineProperty(prototype, name, { value: method, configurable: true, writable: true });
}

/** Takes the signal out of the last argument, `{ signal }`; what else that holds stays there for the operation. */
function takeSignal(operation, given) {
  const last = given.at(-1);
  if (last === null || typeof last !== 'object' || !Object.hasOwn(last, 'signal')) return { args: given };
  const { signal, ...others } = last;
  if (signal !== undefined && typeof signal?.aborted !== 'boolean') {
    throw typeError(`${operation}: options.signal must be an AbortSignal, not ${check.kind(signal)}`);
  }
  const before = given.slice(0, -1);
  return { signal, args: Object.keys(others).length > 0 ? [...before, others] : before };
}

module.exports = { RunStore, RunStoreError };
