'use strict';

/**
 * How operations reach the native store. `direct.js` calls it synchronously and returns values; `queued.js` calls it on
 * another thread and returns promises. `lib/operations.js` does not depend on any other difference.
 */

/**
 * A value, or the promise of it: the same kind of the two from all methods of one connection.
 * @template T
 * @typedef {T | Promise<T>} Answer
 */

/**
 * One step of an operation that takes several. `kind` is the method of the connection that takes it.
 * @typedef {object} Step
 * @property {'call' | 'undo' | 'save' | 'read' | 'beside'} kind
 * @property {string} [method] The native method.
 * @property {unknown[]} [args] What it is given first.
 * @property {any} [packed] Of `save`: the rows, from `lib/rows/pack.js`.
 * @property {(chunk: any, perform: (step: Step) => any) => any} [each] Of `read`: takes the columns of a chunk, and may
 *   have a step of the kind `beside` done with them.
 * @property {(later: boolean) => any} [work] Of `beside`: what needs no store, done at once or with a promise.
 * @property {() => void} [done] Of `beside`: is called once it is done.
 */

/**
 * The steps of an operation: a generator that receives the result of each step, or has its error thrown into it.
 * @typedef {Generator<Step, any, any>} Steps
 */

/**
 * @typedef {object} Connection
 * @property {string | null} path The file, `:memory:`, or `null` for a handle without one.
 * @property {(operation: string) => void} assertOpen Throws `ERR_RUNSTORE_CLOSED` once the connection is closed.
 * @property {() => Answer<void>} close Closes after everything that was asked for before; again, it does nothing.
 * @property {<T>(action: () => T) => Answer<T>} attempt What `action` returns; what it throws is the failure of the answer.
 * @property {(build: (answer: any) => any, method: string, args: unknown[], otherwise?: (failure: unknown) => Steps)
 *   => Answer<any>} ask What `build` makes of the answer of one native method; where that fails, `otherwise` takes over.
 * @property {(steps: Steps) => Answer<any>} drive Takes the steps of an operation; what the operation returns.
 * @property {(rows: { method: string, args: unknown[], packed: any }) => Answer<any>} save Hands over packed rows, in one call.
 * @property {(read: (position: any) => any) => Iterable<any> | AsyncIterable<any>} iterate Reads chunk after chunk.
 */

module.exports = {};
