'use strict';

/**
 * How operations reach the native store. `direct.js` calls it synchronously and returns values; `queued.js` calls it on
 * another thread and returns promises. `lib/operations.js` does not depend on any other difference.
 */

/**
 * The native store. TypeScript checks each call against the types that the binding declares.
 * @typedef {import('../../binding.js').NativeStore} Native
 * @typedef {keyof Native} NativeMethod
 */

/**
 * The arguments of a native method.
 * @template {NativeMethod} M
 * @typedef {Parameters<Native[M]>} ArgumentsOf
 */

/**
 * Its arguments after the first.
 * @template {NativeMethod} M
 * @typedef {ArgumentsOf<M> extends [any?, ...infer Rest] ? Rest : never} OtherArgumentsOf
 */

/**
 * A value, or a promise of it; all methods of one connection return the same kind.
 * @template T
 * @typedef {T | Promise<T>} Answer
 */

/**
 * Calls a native method; `undo` undoes earlier steps, and no signal stops it.
 * @typedef {object} CallStep
 * @property {'call' | 'undo'} kind
 * @property {NativeMethod} method
 * @property {unknown[]} args
 */

/**
 * Saves packed rows.
 * @typedef {object} SaveStep
 * @property {'save'} kind
 * @property {NativeMethod} method
 * @property {unknown[]} args The first arguments of the method.
 * @property {any} packed The rows, from `lib/rows/packer.js`.
 */

/**
 * Reads chunk by chunk.
 * @typedef {object} ReadStep
 * @property {'read'} kind
 * @property {NativeMethod} method
 * @property {unknown[]} args The first arguments of the method.
 * @property {(chunk: any, perform: (step: BesideStep) => any) => any} each Called with the columns of a chunk.
 */

/**
 * Does work that needs no store.
 * @typedef {object} BesideStep
 * @property {'beside'} kind
 * @property {(later: boolean) => any} work Does it now, or returns a promise of it.
 * @property {() => void} [done] Called when the work is done.
 */

/**
 * One step of an operation with several steps. `kind` is the method of the connection that runs it.
 * @typedef {CallStep | SaveStep | ReadStep | BesideStep} Step
 */

/**
 * Native methods by name, for a connection that calls one that another file has named.
 * @typedef {{ [M in NativeMethod]: (...args: unknown[]) => any }} AnyNative
 */

/**
 * The steps of an operation: a generator that receives the result of each step, or has its error thrown into it.
 * @typedef {Generator<Step, any, any>} Steps
 */

/**
 * @typedef {object} Connection
 * @property {string | null} path The file, `:memory:`, or `null` for a handle without one.
 * @property {(operation: string) => void} assertOpen Throws `ERR_RUNSTORE_CLOSED` once the connection is closed.
 * @property {() => Answer<void>} close Closes after everything that was requested before; a second call does nothing.
 * @property {<T>(action: () => T) => Answer<T>} attempt Returns the result of `action`, and fails with its exception.
 * @property {(build: (answer: any) => any, method: NativeMethod, args: unknown[], otherwise?: (failure: unknown) => Steps)
 *   => Answer<any>} ask Returns `build` of the result of one native method; if that fails, runs the steps `otherwise`.
 * @property {(steps: Steps) => Answer<any>} drive Runs the steps of an operation; returns its result.
 * @property {(rows: Omit<SaveStep, 'kind'>) => Answer<any>} save Saves packed rows at once.
 * @property {(read: (position: any) => any) => Iterable<any> | AsyncIterable<any>} iterate Reads chunk by chunk.
 */

module.exports = {};
