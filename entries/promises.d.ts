/// <reference lib="esnext.disposable" />

/**
 * runstore/promises: the same class with the same methods, returning promises, in the manner of `node:fs/promises`.
 *
 * Each store has its own thread and one queue: operations take effect in the order of the calls, even without `await` in
 * between. The event loop keeps running: rows are read and created in chunks between its turns.
 *
 * @packageDocumentation
 */

import type {
  CaseResult,
  CaseRow,
  CaseWithScores,
  NewCase,
  RunStoreOptions,
  SaveResultsOptions,
  RunStore as SynchronousRunStore,
  TrajectoryFilter,
  TrajectoryRow,
} from '../index.js';

export * from '../index.js';

/**
 * An `AbortSignal`. The type is written out because it must not depend on the types of Node or the DOM.
 */
export interface AbortSignalLike {
  readonly aborted: boolean;
  readonly reason: unknown;
  throwIfAborted(): void;
  addEventListener(type: 'abort', listener: () => void, options?: { once?: boolean }): void;
  removeEventListener(type: 'abort', listener: () => void): void;
}

/** The last argument of every method, after its own arguments. */
export interface Abortable {
  /**
   * Cancels the operation: it is removed from the queue, or its statement is interrupted and its changes are rolled back,
   * and the promise rejects with the signal's reason. An operation that has already taken effect still resolves.
   */
  signal?: AbortSignalLike | undefined;
}

/**
 * The methods that cannot be derived from those of `RunStore`, and those whose types name the types of a case: declared as
 * methods, they make a store with specific types assignable to a store with unknown types.
 */
type OwnMethods =
  | 'path'
  | 'getCases'
  | 'getFailingCases'
  | 'failedCases'
  | 'saveCases'
  | 'saveResults'
  | 'missingCases'
  | 'iterateCases'
  | 'iterateTrajectories'
  | 'close'
  | typeof Symbol.dispose;

/** A method of `RunStore` that returns a promise and takes a signal after its arguments. */
type Promised<Method> = Method extends (...args: infer Arguments) => infer Result
  ? (...args: [...Arguments, options?: Abortable]) => Promise<Result>
  : never;

/** Every operation of `RunStore` with the same arguments, returning a promise. */
export type PromisedOperations<Input = unknown, Expected = unknown, Metadata = unknown> = {
  [Name in keyof SynchronousRunStore as Exclude<Name, OwnMethods>]: Promised<
    SynchronousRunStore<Input, Expected, Metadata>[Name]
  >;
};

/** The operations of `RunStore`, which documents each. Errors reject the promise. */
export interface RunStore<Input = unknown, Expected = unknown, Metadata = unknown>
  extends PromisedOperations<Input, Expected, Metadata> {}

/**
 * Stores suites, runs, cases, scores and prompts in one SQLite file, without blocking the event loop.
 *
 * Rows to save are read while their operation runs: do not change them before its promise settles. An idle store does not
 * keep the process alive; pending operations do.
 *
 * @example
 * ```ts
 * import { RunStore } from 'runstore/promises';
 *
 * const store = await RunStore.open(':memory:');
 * const suite = await store.createSuite('capitals');
 * const run = await store.createRun({ suite_id: suite.id, name: 'first', model: 'gpt-x' });
 * await store.saveResults(run, [
 *   { idx: 0, input: 'Capital of France?', output: 'Paris', scores: [{ scorer_name: 'exact', score: 1 }] },
 * ]);
 * const { meanScores } = await store.getRunSummary(run, 0.5, { signal: AbortSignal.timeout(60_000) });
 * console.log(meanScores); // { exact: 1 }
 * await store.close();
 * ```
 */
// biome-ignore lint/suspicious/noUnsafeDeclarationMerging: the operations are those of RunStore, written once
export class RunStore<Input = unknown, Expected = unknown, Metadata = unknown> implements AsyncDisposable {
  #private;
  /**
   * Opens a store; the promise rejects when that fails.
   *
   * @param path A path (default `.evals/store.db` under the current directory), `':memory:'` for a private store in
   *   memory, or a `file:` URI.
   * @throws RunStoreError when the file cannot be opened; the message names the path.
   */
  static open<Input = unknown, Expected = unknown, Metadata = unknown>(
    path?: string | null,
    options?: RunStoreOptions,
  ): Promise<RunStore<Input, Expected, Metadata>>;

  /**
   * Returns at once, and opens the store on its thread. When that fails, each operation rejects with the reason.
   *
   * @param path As for {@link open}. Your own handle is refused, because it belongs to the thread that opened it. Use
   *   the `RunStore` of `runstore` for it.
   * @throws TypeError, RangeError (`ERR_RUNSTORE_INVALID_ARGUMENT`) for an invalid argument.
   */
  constructor(path?: string | null, options?: RunStoreOptions);

  /** Absolute path of the file; `':memory:'` for a store in memory. */
  readonly path: string;

  /** Saves cases, as the method of `RunStore` does. */
  saveCases(
    cases: readonly NewCase<Input, Expected, Metadata>[] | Iterable<NewCase<Input, Expected, Metadata>>,
    options?: Abortable,
  ): Promise<void>;

  /** Saves cases with their scores, as the method of `RunStore` does. */
  saveResults(
    runId: string,
    results: readonly CaseResult<Input, Expected, Metadata>[] | Iterable<CaseResult<Input, Expected, Metadata>>,
    options?: (SaveResultsOptions & Abortable) | null,
  ): Promise<string[]>;

  /** Resolves with the cases of a run, as the method of `RunStore` returns them. */
  getCases<In = Input, Ex = Expected, Meta = Metadata>(
    runId: string,
    options?: Abortable,
  ): Promise<CaseRow<In, Ex, Meta>[]>;
  /** Resolves with the cases that have a score below the threshold, as the method of `RunStore` returns them. */
  getFailingCases<In = Input, Ex = Expected, Meta = Metadata>(
    runId: string,
    threshold?: number,
    options?: Abortable,
  ): Promise<CaseWithScores<In, Ex, Meta>[]>;
  /** Resolves with the cases with an error, as the method of `RunStore` returns them. */
  failedCases<In = Input, Ex = Expected, Meta = Metadata>(
    runId: string,
    options?: Abortable,
  ): Promise<CaseRow<In, Ex, Meta>[]>;

  /** Resolves with the cases that a run does not have yet, as the method of `RunStore` returns them. */
  missingCases<Wanted extends string | number>(
    runId: string,
    keysOrIdxs: Iterable<Wanted>,
    options?: Abortable,
  ): Promise<Wanted[]>;

  /**
   * Reads the cases of a run in chunks, in the order of `getCases`, with bounded memory. Each chunk is an operation in the
   * queue, so other operations may run between two chunks.
   *
   * @param options.batchSize Maximum number of cases in a chunk, 1 to 10,000. Default: 512. Chunks of large cases have fewer.
   * @throws TypeError, RangeError (`ERR_RUNSTORE_INVALID_ARGUMENT`) for an invalid argument, and RunStoreError
   *   (`ERR_RUNSTORE_CLOSED`) on a closed store, at once. RunStoreError (`ERR_RUNSTORE_NOT_FOUND`) with the first chunk when
   *   there is no such run.
   *
   * @example
   * ```ts
   * import { RunStore } from 'runstore/promises';
   *
   * const store = new RunStore(':memory:');
   * const { id: suite_id } = await store.createSuite('capitals');
   * const run = await store.createRun({ suite_id, name: 'nightly', model: 'gpt-x' });
   * for await (const row of store.iterateCases(run, { signal: AbortSignal.timeout(1000) })) {
   *   console.log(row.idx, row.output);
   * }
   * await store.close();
   * ```
   */
  iterateCases<In = Input, Ex = Expected, Meta = Metadata>(
    runId: string,
    options?: { batchSize?: number | undefined } & Abortable,
  ): AsyncIterable<CaseRow<In, Ex, Meta>>;

  /**
   * Reads trajectories of a run in chunks, in the order of `getTrajectories`, with bounded memory. Each chunk is an operation
   * in the queue, so other operations may run between two chunks.
   *
   * @param options.batchSize Maximum number of trajectories in a chunk, 1 to 10,000. Default: 100.
   * @throws TypeError, RangeError (`ERR_RUNSTORE_INVALID_ARGUMENT`) for an invalid argument, and RunStoreError
   *   (`ERR_RUNSTORE_CLOSED`) on a closed store, at once. RunStoreError (`ERR_RUNSTORE_NOT_FOUND`) with the first chunk when
   *   there is no such run.
   *
   * @example
   * ```ts
   * import { RunStore } from 'runstore/promises';
   *
   * const store = new RunStore(':memory:');
   * const { id: suite_id } = await store.createSuite('capitals');
   * const run = await store.createRun({ suite_id, name: 'nightly', model: 'gpt-x' });
   * for await (const { idx, reward } of store.iterateTrajectories(run, { outcome: 'correct' })) {
   *   console.log(idx, reward);
   * }
   * await store.close();
   * ```
   */
  iterateTrajectories(
    runId: string,
    options?: TrajectoryFilter & { batchSize?: number | null | undefined } & Abortable,
  ): AsyncIterable<TrajectoryRow>;

  /**
   * Closes the store after all operations that were called before, and then resolves. Every method that is called
   * afterwards rejects with `ERR_RUNSTORE_CLOSED`; closing again returns the same promise.
   */
  close(): Promise<void>;
  /** {@link close}, for `await using store = new RunStore()`. */
  [Symbol.asyncDispose](): Promise<void>;
}
