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
 * @import { AnyNative, BesideStep, CallStep, Connection, NativeMethod, ReadStep, SaveStep, Steps } from './connection.js'
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
  /**
   * The signal of the operation that is being requested.
   * @type {AbortSignal | undefined}
   */
  #signal = undefined;

  /**
   * @param {unknown} path
   * @param {any} options
   */
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

  /** @type {Connection['assertOpen']} */
  assertOpen(operation) {
    if (this.#closed !== null) throw closed(operation);
  }

  /** Closes after all operations requested before. */
  close() {
    this.#closed ??= this.#inTurn(() => this.#calling('close', []));
    return this.#closed;
  }

  /**
   * Connects the operations that `action` requests to a signal.
   * @template T
   * @param {AbortSignal | undefined} signal
   * @param {() => T} action
   */
  within(signal, action) {
    const outer = this.#signal;
    this.#signal = signal;
    try {
      return action();
    } finally {
      this.#signal = outer;
    }
  }

  /**
   * Resolves with the result of `action`, and rejects with its exception.
   * @template T
   * @param {() => T} action
   */
  async attempt(action) {
    return action();
  }

  /**
   * Resolves with `build` of the result of one native method; if that fails, runs the steps `otherwise`.
   * @param {(answer: any) => any} build
   * @param {NativeMethod} method
   * @param {unknown[]} args
   * @param {(failure: unknown) => Steps} [otherwise]
   */
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

  /**
   * Runs the steps of an operation, whose kinds are the methods below; resolves with the result of the operation.
   * @param {Steps} steps
   */
  drive(steps) {
    return this.#inTurn((signal) => this.#take(steps, signal));
  }

  /** @param {(position: any) => any} read */
  iterate(read) {
    const signal = this.#signal;
    return new AsyncCaseIterable((/** @type {unknown} */ position) => this.within(signal, () => read(position)));
  }

  /**
   * Calls a native method.
   * @param {CallStep} step
   * @param {AbortSignal} [signal]
   */
  call({ method, args }, signal) {
    return this.#calling(method, args, signal);
  }

  /**
   * Calls a native method that undoes earlier steps; no signal stops it.
   * @param {CallStep} step
   */
  undo({ method, args }) {
    return this.#calling(method, args);
  }

  /**
   * Saves packed rows, which are copied before this returns.
   * @param {Omit<SaveStep, 'kind'>} step
   * @param {AbortSignal} [signal]
   */
  save({ method, args, packed }, signal) {
    const { rows, firstRow, inBatch } = packed;
    return this.#calling(method, [...args, ...packed.used(), rows, firstRow, inBatch], signal);
  }

  /**
   * Reads chunk by chunk; the event loop runs before each.
   * @param {ReadStep} step
   * @param {AbortSignal} [signal]
   */
  async read({ method, args, each }, signal) {
    const perform = (/** @type {BesideStep} */ step) => this.beside(step, signal);
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

  /**
   * Does work that needs no store on another thread.
   * @param {BesideStep} step
   * @param {AbortSignal} [signal]
   */
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

  /**
   * Runs `work(signal)` after all operations requested before.
   * @template T
   * @param {(signal: AbortSignal | undefined) => Promise<T>} work
   */
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

  /**
   * @param {Steps} steps
   * @param {AbortSignal} [signal]
   */
  async #take(steps, signal) {
    let step = steps.next();
    while (!step.done) {
      let answer;
      try {
        answer = await /** @type {any} */ (this)[step.value.kind](step.value, signal);
      } catch (error) {
        step = steps.throw(error);
        continue;
      }
      step = steps.next(answer);
    }
    return step.value;
  }

  /**
   * Calls a native method, and interrupts it when the signal aborts.
   * @param {NativeMethod} method
   * @param {unknown[]} args
   * @param {AbortSignal} [signal]
   */
  async #calling(method, args, signal) {
    signal?.throwIfAborted();
    const letGo = this.#interruptOn(signal);
    try {
      const answer = await /** @type {AnyNative} */ (this.#native)[method](...args);
      if (isNativeError(answer)) throw answer;
      return answer;
    } catch (error) {
      const failure = fromNative(error);
      throw signal?.aborted && STOPPED.includes(failure?.code) ? signal.reason : failure;
    } finally {
      letGo?.();
    }
  }

  /**
   * Interrupts the operation when the signal aborts, until the returned function is called.
   * @param {AbortSignal} [signal]
   */
  #interruptOn(signal) {
    if (signal === undefined) return undefined;
    const interrupt = () => this.#native.interrupt();
    signal.addEventListener('abort', interrupt, { once: true });
    return () => signal.removeEventListener('abort', interrupt);
  }
}

/**
 * Resolves with `promise`, unless the signal aborts first.
 * @param {Promise<unknown>} promise
 * @param {AbortSignal} [signal]
 */
async function unlessAborted(promise, signal) {
  if (signal === undefined) return promise;
  signal.throwIfAborted();
  let abort = () => {};
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
