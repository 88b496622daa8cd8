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
 * @typedef {import('./connection.js').Connection} Connection
 * @implements {Connection}
 */
class Direct {
  /** Whether methods return promises. */
  isLater = false;
  #native;
  /** @type {import('./driver.js').Driver | null} */
  #driver = null;
  #closed = false;

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

  assertOpen(operation) {
    if (this.#closed) throw closed(operation);
  }

  close() {
    if (this.#closed) return;
    this.#calling('close', []);
    this.#closed = true;
  }

  /** Returns the result of `action`. */
  attempt(action) {
    return action();
  }

  /** Returns `build` of the result of one native method; if that fails, runs the steps `otherwise`. */
  ask(build, method, args, otherwise) {
    try {
      return build(this.#calling(method, args));
    } catch (failure) {
      if (otherwise === undefined) throw failure;
      return this.drive(otherwise(failure));
    }
  }

  /** Runs the steps of an operation, whose kinds are the methods below; returns the result of the operation. */
  drive(steps) {
    let step = steps.next();
    while (!step.done) {
      let answer;
      try {
        answer = this[step.value.kind](step.value);
      } catch (error) {
        step = steps.throw(error);
        continue;
      }
      step = steps.next(answer);
    }
    return step.value;
  }

  iterate(read) {
    const { CaseIterable } = iterate();
    return new CaseIterable(read);
  }

  /** Calls a native method. */
  call({ method, args }) {
    return this.#calling(method, args);
  }

  /** Calls a native method that undoes earlier steps. */
  undo({ method, args }) {
    return this.#calling(method, args);
  }

  /** Saves packed rows. */
  save({ method, args, packed }) {
    const { text, lengths, numbers, rows, firstRow, inBatch } = packed;
    return this.#calling(method, [...args, text, lengths, numbers, rows, firstRow, inBatch]);
  }

  /** Reads chunk by chunk. An exception cannot cross native code, so it is kept, and the callback returns false. */
  read({ method, args, each }) {
    let thrown = /** @type {{ error: unknown } | null} */ (null);
    const perform = (step) => this.beside(step);
    const take = (chunk) => {
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

  /** Does work that needs no store. */
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

  #opening(open) {
    try {
      return open();
    } catch (error) {
      throw this.#translated(error);
    }
  }

  #calling(method, args) {
    try {
      return this.#native[method](...args);
    } catch (error) {
      throw this.#translated(error);
    }
  }

  /** An exception of the caller's own code inside its handle is passed on unchanged. */
  #translated(error) {
    if (error?.code !== 'ERR_RUNSTORE_HOST' || this.#driver === null) return fromNative(error);
    const { failure } = this.#driver;
    this.#driver.failure = undefined;
    return failure;
  }
}

module.exports = { Direct };
