'use strict';

/**
 * Calls the native store synchronously: the connection of `RunStore`.
 *
 * It has the same methods as `lib/connection/queued.js`, which return promises there and values here.
 */

const { closed, fromNative } = require('../errors.js');
const { toArray } = require('../rows/to-array.js');
const { lazy } = require('../lazy.js');
const { NativeStore } = require('../load.js');
const opening = require('../arguments/opening.js');

const driver = lazy(() => require('./driver.js'));
const iterate = lazy(() => require('../rows/iterate.js'));

/**
 * @import { AnyNative, BesideStep, CallStep, Connection, NativeMethod, ReadStep } from './connection.js'
 * @implements {Connection}
 */
class Direct {
  /** Whether methods return promises. */
  isLater = false;
  #native;
  /** @type {import('./driver.js').Driver | null} */
  #driver = null;
  #closed = false;

  /**
   * @param {unknown} pathOrDb
   * @param {any} options
   */
  constructor(pathOrDb, options) {
    const { readOnly, busyTimeoutMs, durability } = opening.readOptions(options);
    if (pathOrDb !== null && typeof pathOrDb === 'object' && driver().isHandle(pathOrDb)) {
      const { Driver, placeOf } = driver();
      opening.refuseOptions(options);
      this.path = placeOf(pathOrDb);
      const handle = new Driver(pathOrDb);
      this.#driver = handle;
      this.#native = this.#opening(() => NativeStore.onHandle(handle, this.path ?? 'the handle given'));
    } else {
      this.path = opening.pathOf(pathOrDb);
      this.#native = this.#opening(() => NativeStore.open(this.path, readOnly, busyTimeoutMs, durability === 'full'));
    }
  }

  get isClosed() {
    return this.#closed;
  }

  /** @type {Connection['assertOpen']} */
  assertOpen(operation) {
    if (this.#closed) throw closed(operation);
  }

  close() {
    if (this.#closed) return;
    this.#calling('close', []);
    this.#closed = true;
  }

  /**
   * Returns the result of `action`.
   * @template T
   * @param {() => T} action
   */
  attempt(action) {
    return action();
  }

  /**
   * Returns `build` of the result of one native method; if that fails, runs the steps `otherwise`.
   * @type {Connection['ask']}
   */
  ask(build, method, args, otherwise) {
    try {
      return build(this.#calling(method, args));
    } catch (failure) {
      if (otherwise === undefined) throw failure;
      return this.drive(otherwise(failure));
    }
  }

  /**
   * Runs the steps of an operation, whose kinds are the methods below; returns the result of the operation.
   * @type {Connection['drive']}
   */
  drive(steps) {
    let step = steps.next();
    while (!step.done) {
      let answer;
      try {
        answer = /** @type {any} */ (this)[step.value.kind](step.value);
      } catch (error) {
        step = steps.throw(error);
        continue;
      }
      step = steps.next(answer);
    }
    return step.value;
  }

  /** @param {(position: any) => any} read */
  iterate(read) {
    const { CaseIterable } = iterate();
    return new CaseIterable(read);
  }

  /**
   * Calls a native method.
   * @param {CallStep} step
   */
  call({ method, args }) {
    return this.#calling(method, args);
  }

  /**
   * Calls a native method that undoes earlier steps.
   * @param {CallStep} step
   */
  undo({ method, args }) {
    return this.#calling(method, args);
  }

  /**
   * Saves packed rows.
   * @type {Connection['save']}
   */
  save({ method, args, packed }) {
    const { text, lengths, numbers, rows, firstRow, inBatch } = packed;
    return this.#calling(method, [...args, text, lengths, numbers, rows, firstRow, inBatch]);
  }

  /**
   * Reads chunk by chunk. An exception cannot cross native code, so it is kept, and the callback returns false.
   * @param {ReadStep} step
   */
  read({ method, args, each }) {
    let thrown = /** @type {{ error: unknown } | null} */ (null);
    const perform = (/** @type {BesideStep} */ step) => this.beside(step);
    const take = (/** @type {unknown} */ chunk) => {
      try {
        each(chunk, perform);
      } catch (error) {
        thrown = { error };
      }
      return thrown === null;
    };
    try {
      this.#calling(method, [...args, take, toArray]);
    } catch (error) {
      throw thrown === null ? error : thrown.error;
    }
  }

  /**
   * Does work that needs no store.
   * @param {BesideStep} step
   */
  beside({ work, done }) {
    let answer;
    try {
      answer = work(false);
    } catch (error) {
      throw fromNative(error);
    }
    done?.();
    return answer;
  }

  /**
   * @template T
   * @param {() => T} open
   */
  #opening(open) {
    try {
      return open();
    } catch (error) {
      throw this.#translated(error);
    }
  }

  /**
   * @param {NativeMethod} method
   * @param {unknown[]} args
   */
  #calling(method, args) {
    try {
      return /** @type {AnyNative} */ (this.#native)[method](...args);
    } catch (error) {
      throw this.#translated(error);
    }
  }

  /**
   * An exception of the caller's own code inside its handle is passed on unchanged.
   * @param {any} error
   */
  #translated(error) {
    if (error?.code !== 'ERR_RUNSTORE_HOST' || this.#driver === null) return fromNative(error);
    const { failure } = this.#driver;
    this.#driver.failure = undefined;
    return failure;
  }
}

module.exports = { Direct };
