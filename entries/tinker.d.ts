/**
 * runstore/tinker: imports and exports the files of tinker-cookbook's EvalStore.
 *
 * `tinker_cookbook.stores.EvalStore` reads the same values from exported files, and files that it wrote can be imported.
 * docs/tinker.md lists the counterpart of each of its methods, and what an export omits.
 *
 * @packageDocumentation
 */

import type { Findings, RunStore } from '../index.js';
import type { RunStore as PromiseRunStore } from './promises.js';

/** How runs are imported. */
export interface ImportEvalStoreOptions {
  /** Name of the suite for the runs; it is created when it does not exist. Default: `'tinker'`. */
  suite?: string | undefined;
  /** Ids of the runs to import. Default: all runs. */
  runs?: readonly string[] | Iterable<string> | undefined;
  /**
   * Whether to fail with `ERR_RUNSTORE_CORRUPT` when something cannot be read. By default it is skipped, as tinker does,
   * and reported.
   */
  strict?: boolean | undefined;
  /**
   * The offset from UTC for times without one, in whole minutes from -1439 to 1439: `120` for `+02:00`. tinker writes the
   * local time of its machine, without the offset. Default: 0.
   */
  utcOffset?: number | undefined;
  /** Called while the files are read; `done` and `total` are bytes. If it throws, the import ends and the exception is rethrown. */
  onProgress?: ((progress: EvalStoreProgress) => void) | undefined;
}

/** The progress of an import or an export. */
export interface EvalStoreProgress {
  /** Bytes read by an import, or trajectories written by an export. */
  done: number;
  /** The total of the same unit. */
  total: number;
}

/** A remark on a file, or on a line of it. */
export interface EvalStoreRemark {
  /** The file, relative to the directory of its run: `math/trajectories.jsonl`. */
  file: string;
  /** The line, from 1; `null` for the file as a whole. */
  line: number | null;
  /** The remark, in words. */
  reason: string;
}

/** The result of importing one run. */
export interface ImportedRun {
  /** Its id, in the EvalStore and in the store. */
  runId: string;
  /** `'unchanged'` when the store contained it already, with the same content. */
  status: 'imported' | 'unchanged';
  /** Results of benchmarks that it has. */
  results: number;
  /** Trajectories that it has. */
  trajectories: number;
  /** What could not be read and was skipped: incomplete lines, a second trajectory with the same idx. */
  skipped: Findings<EvalStoreRemark>;
  /** What was read but could not be kept unchanged: `NaN`, lone surrogates. */
  changed: Findings<EvalStoreRemark>;
}

/** What {@link importEvalStore} did. */
export interface ImportEvalStoreReport {
  /** Absolute path of the EvalStore. */
  path: string;
  /** The runs, by name. */
  runs: ImportedRun[];
  /** Runs whose `metadata.json` could not be read: the name of the directory, and the reason in words. */
  unread: Findings<{ run: string; reason: string }>;
}

/** How runs are exported. */
export interface ExportEvalStoreOptions {
  /** Whether to replace a run that has the same id and different content. Default: `false`. */
  overwrite?: boolean | undefined;
  /** Called while trajectories are written; `done` and `total` count them. If it throws, the export ends and the exception is rethrown. */
  onProgress?: ((progress: EvalStoreProgress) => void) | undefined;
}

/** The result of exporting one run. */
export interface ExportedRun {
  /** Its id, in the store and in the EvalStore. */
  runId: string;
  /** `'unchanged'` when it was exported already, with the same content. */
  status: 'exported' | 'unchanged' | 'overwritten';
  /** Results of benchmarks that it has. */
  results: number;
  /** Trajectories that it has. */
  trajectories: number;
  /**
   * What an EvalStore cannot hold, with the number of each: `cases`, `tags`, `metadata`, `git`, the `summary` of the
   * run, `parts` (turns whose content is not one text, which become one), and `messages` (turns with more than content, such as
   * `tool_calls`; only their content is written).
   */
  losses: Array<{ what: 'cases' | 'parts' | 'messages' | 'tags' | 'metadata' | 'git' | 'summary'; count: number }>;
}

/** What {@link exportEvalStore} did. */
export interface ExportEvalStoreReport {
  /** Absolute path of the EvalStore. */
  path: string;
  /** The runs, in the order of `runIds`. */
  runs: ExportedRun[];
}

/**
 * Adds the runs of an EvalStore in a local directory to a store, with their results, summaries and trajectories.
 *
 * A run keeps its id, which also becomes its name and label. Each run is added completely or not at all. A run that exists
 * already with the same content is left alone, so importing again adds only what is new. Trajectories are read line by
 * line with bounded memory; a line longer than 128 MiB is skipped.
 *
 * Files are parsed while other processes may write to the store, and rows are saved in short transactions. Until a run is
 * complete, it is `'running'` with `importing: true`. If the process dies, `recoverRuns`, the doctor's `fix` or the next
 * import removes the unfinished run.
 *
 * @param store A store of `runstore`, or of `runstore/promises`, which returns a promise.
 * @param path The directory of the EvalStore, with `runs` in it. Links that lead out of it are not followed.
 * @throws RunStoreError `ERR_RUNSTORE_CONSTRAINT` when the store contains a run with the same id and different content: then nothing is written.
 *   `ERR_RUNSTORE_NOT_FOUND` when there is no EvalStore, or no such run; `ERR_RUNSTORE_CORRUPT` when a requested run cannot
 *   be read, and with `strict` when anything cannot. `ERR_RUNSTORE_BUSY` when a file of trajectories changes while it
 *   is imported.
 * @throws TypeError, RangeError (`ERR_RUNSTORE_INVALID_ARGUMENT`) for an invalid argument, also for an id that leads
 *   out of the directory.
 *
 * @example
 * ```ts
 * import { RunStore } from 'runstore';
 * import { exportEvalStore, importEvalStore } from 'runstore/tinker';
 *
 * const store = new RunStore('agents.db');
 * const suite = store.createSuite('agents');
 * const run = store.createRun({ suite_id: suite.id, name: 'nightly', model: 'small', benchmarks: ['maze'] });
 * store.saveTrajectories(run, [{ benchmark: 'maze', idx: 0, reward: 1 }]);
 * store.finalizeRun(run);
 * exportEvalStore(store, [run], 'evals');
 *
 * const { runs } = importEvalStore(new RunStore('copy.db'), 'evals');
 * console.log(runs[0]?.status, runs[0]?.trajectories); // imported 1
 * ```
 */
export declare function importEvalStore(
  store: RunStore,
  path: string,
  options?: ImportEvalStoreOptions,
): ImportEvalStoreReport;
export declare function importEvalStore(
  store: PromiseRunStore,
  path: string,
  options?: ImportEvalStoreOptions,
): Promise<ImportEvalStoreReport>;

/**
 * Writes runs into an EvalStore in a local directory, which is created when it does not exist.
 *
 * The runs appear under their ids once all of them are complete and on the disk; after an error, none does. A run that was
 * exported already with the same content is left alone. For a run that was finalized, saved and computed results are written; for others, only saved ones.
 *
 * @param store A store of `runstore`, or of `runstore/promises`, which returns a promise.
 * @param runIds The runs. Ids and names of benchmarks become names of directories, and are refused when they cannot: with a
 *   slash or a control character, longer than 255 bytes in UTF-8, `.`, `..` or empty.
 * @param path The directory of the EvalStore.
 * @throws RunStoreError `ERR_RUNSTORE_EXISTS` when a run exists there with different content, or with files that do not
 *   belong to a run; `ERR_RUNSTORE_NOT_FOUND` when there is no such run; `ERR_RUNSTORE_TOO_LARGE` for values nested deeper than 500,
 *   which Python cannot read; `ERR_RUNSTORE_IO`, `_DISK_FULL` when files cannot be written. Invalid names and existing
 *   runs are detected before anything is written.
 * @throws TypeError, RangeError (`ERR_RUNSTORE_INVALID_ARGUMENT`) for an invalid argument.
 *
 * @example
 * ```ts
 * import { RunStore } from 'runstore';
 * import { exportEvalStore } from 'runstore/tinker';
 *
 * const store = new RunStore(':memory:');
 * const suite = store.createSuite('agents');
 * const run = store.createRun({ suite_id: suite.id, name: 'nightly', model: 'small', id: 'nightly-1', tags: ['night'] });
 * const { runs } = exportEvalStore(store, [run], 'evals');
 * console.log(runs[0]?.losses); // [ { what: 'tags', count: 1 } ]
 * ```
 */
export declare function exportEvalStore(
  store: RunStore,
  runIds: readonly string[] | Iterable<string>,
  path: string,
  options?: ExportEvalStoreOptions,
): ExportEvalStoreReport;
export declare function exportEvalStore(
  store: PromiseRunStore,
  runIds: readonly string[] | Iterable<string>,
  path: string,
  options?: ExportEvalStoreOptions,
): Promise<ExportEvalStoreReport>;
