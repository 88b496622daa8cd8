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
 * One step of an operation with several steps. `kind` is the method of the connection that runs it.
 * @typedef {object} Step
 * @property {'call' | 'undo' | 'save' | 'read' | 'beside'} kind
 * @property {NativeMethod} [method] The native method.
 * @property {unknown[]} [args] Its first arguments.
 * @property {any} [packed] For `save`: the rows, from `lib/rows/packer.js`.
 * @property {(chunk: any, perform: (step: Step) => any) => any} [each] For `read`: called with the columns of a chunk;
 *   it may perform a step of the kind `beside`.
 * @property {(later: boolean) => any} [work] For `beside`: work that needs no store, done now or with a promise.
 * @property {() => void} [done] For `beside`: called when the work is done.
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
 * @property {(rows: { method: NativeMethod, args: unknown[], packed: any }) => Answer<any>} save Saves packed rows at once.
 * @property {(read: (position: any) => any) => Iterable<any> | AsyncIterable<any>} iterate Reads chunk by chunk.
 */

module.exports = {};
