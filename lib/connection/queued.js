'use strict';

/**
 * Calls the native store on another thread, one operation after another: the connection of the `RunStore` of
 * `runstore/promises`. It has the same methods as `lib/connection/direct.js`, returning promises.
 */

const { isNativeError } = require('node:util/types');

const check = require('../arguments/check.js');
const { closed, fromNative, typeError } = require('../errors.js');
const { toArray } = require('../rows/to-array.js');
const { AsyncCaseIterable } = require('../rows/iterate.js');
const { NativeStore } = require('../load.js');
const opening = require('../arguments/opening.js');

/** The codes of an operation that was interrupted, or that stopped waiting for others. */
const STOPPED = ['ERR_RUNSTORE_INTERRUPTED', 'ERR_RUNSTORE_BUSY'];

/**
 * @typedef {import('./connection.js').Connection} Connection
 * @implements {Connection}
 */
class Queued {
  /** Whether methods return promises. */
  isLater = true;
  #native;
  /** Resolves when all operations requested so far have ended; never rejects. */
  #last = Promise.resolve();
  /**
   * The promise of `close`, once it was called.
   * @type {Promise<any> | null}
   */
  #closed = null;
  /** The signal of the operation that is being requested. */
  #signal = undefined;

  constructor(path, options) {
    const { readOnly, busyTimeoutMs, durability } = opening.readOptions(options);
    if (path !== null && typeof path === 'object') {
      const instead = "a handle belongs to its thread, use the RunStore of 'runstore' for it";
      throw typeError('path', `must be a string, not ${check.kind(path)}; ${instead}`);
    }
    this.path = opening.pathOf(path);
    this.#native = NativeStore.openOnThread(this.path, readOnly, busyTimeoutMs, durability === 'full');
  }

  /** Resolves when the store is open. */
  opened() {
    return this.ask(() => undefined, 'opened', []);
  }

  get isClosed() {
    return this.#closed !== null;
  }

  assertOpen(operation) {
    if (this.#closed !== null) throw closed(operation);
  }

  /** Closes after all operations requested before. */
  close() {
    this.#closed ??= this.#inTurn(() => this.#calling('close', []));
    return this.#closed;
  }

  /** Connects the operations that `action` requests to a signal. */
  within(signal, action) {
    const outer = this.#signal;
    this.#signal = signal;
    try {
      return action();
    } finally {
      this.#signal = outer;
    }
  }

  /** Resolves with the result of `action`, and rejects with its exception. */
  async attempt(action) {
    return action();
  }

  /** Resolves with `build` of the result of one native method; if that fails, runs the steps `otherwise`. */
  async ask(build, method, args, otherwise) {
    this.assertOpen(method);
    return this.#inTurn(async (signal) => {
      try {
        return build(await this.#calling(method, args, signal));
      } catch (failure) {
        if (otherwise === undefined) throw failure;
        return this.#take(otherwise(failure), signal);
      }
    });
  }

  /** Runs the steps of an operation, whose kinds are the methods below; resolves with the result of the operation. */
  drive(steps) {
    return this.#inTurn((signal) => this.#take(steps, signal));
  }

  iterate(read) {
    const signal = this.#signal;
    return new AsyncCaseIterable((position) => this.within(signal, () => read(position)));
  }

  /** Calls a native method. */
  call({ method, args }, signal) {
    return this.#calling(method, args, signal);
  }

  /** Calls a native method that undoes earlier steps; no signal stops it. */
  undo({ method, args }) {
    return this.#calling(method, args);
  }

  /** Saves packed rows, which are copied before this returns. */
  save({ method, args, packed }, signal) {
    const { rows, firstRow, inBatch } = packed;
    return this.#calling(method, [...args, ...packed.used(), rows, firstRow, inBatch], signal);
  }

  /** Reads chunk by chunk; the event loop runs before each. */
  async read({ method, args, each }, signal) {
    const perform = (step) => this.beside(step, signal);
    try {
      let chunk = await this.#calling(method, [...args, null, toArray], signal);
      while (chunk !== null) {
        await each(chunk.columns(toArray), perform);
        chunk = await this.#calling('nextChunk', [], signal);
      }
    } finally {
      this.#native.stopReading();
    }
  }

  /** Does work that needs no store on another thread. */
  async beside({ work, done }, signal) {
    signal?.throwIfAborted();
    let answer;
    try {
      answer = await work(true);
    } catch (error) {
      throw fromNative(error);
    }
    if (isNativeError(answer)) throw fromNative(answer);
    done?.();
    return answer;
  }

  /** Runs `work(signal)` after all operations requested before. */
  async #inTurn(work) {
    const signal = this.#signal;
    const before = this.#last;
    let end = () => {};
    /** @type {Promise<void>} */
    const ended = new Promise((resolve) => {
      end = resolve;
    });
    this.#last = before.then(() => ended);
    try {
      await unlessAborted(before, signal);
      return await work(signal);
    } finally {
      end();
    }
  }

  async #take(steps, signal) {
    let step = steps.next();
    while (!step.done) {
      let answer;
      try {
        answer = await this[step.value.kind](step.value, signal);
      } catch (error) {
        step = steps.throw(error);
        continue;
      }
      step = steps.next(answer);
    }
    return step.value;
  }

  /** Calls a native method, and interrupts it when the signal aborts. */
  async #calling(method, args, signal) {
    signal?.throwIfAborted();
    const letGo = this.#interruptOn(signal);
    try {
      const answer = await this.#native[method](...args);
      if (isNativeError(answer)) throw answer;
      return answer;
    } catch (error) {
      const failure = fromNative(error);
      throw signal?.aborted && STOPPED.includes(failure?.code) ? signal.reason : failure;
    } finally {
      letGo?.();
    }
  }

  /** Interrupts the operation when the signal aborts, until the returned function is called. */
  #interruptOn(signal) {
    if (signal === undefined) return undefined;
    const interrupt = () => this.#native.interrupt();
    signal.addEventListener('abort', interrupt, { once: true });
    return () => signal.removeEventListener('abort', interrupt);
  }
}

/** Resolves with `promise`, unless the signal aborts first. */
async function unlessAborted(promise, signal) {
  if (signal === undefined) return promise;
  signal.throwIfAborted();
  let abort;
  const aborted = new Promise((_, reject) => {
    abort = () => reject(signal.reason);
  });
  signal.addEventListener('abort', abort, { once: true });
  try {
    return await Promise.race([promise, aborted]);
  } finally {
    signal.removeEventListener('abort', abort);
  }
}

module.exports = { Queued };
