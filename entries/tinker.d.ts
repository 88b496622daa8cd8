/**
 * runstore/tinker: the files of the EvalStore of tinker-cookbook, read into a store and written out of one.
 *
 * What is exported, `tinker_cookbook.stores.EvalStore` reads with equal values; what it wrote is imported.
 * docs/tinker.md has the counterpart of each of its methods, and what cannot be kept on the way.
 *
 * @packageDocumentation
 */

import type { Findings, RunStore } from '../index.js';
import type { RunStore as PromiseRunStore } from './promises.js';

/** How runs are imported. */
export interface ImportEvalStoreOptions {
  /** Name of the suite that the runs go to; it is made where there is none. Default: `'tinker'`. */
  suite?: string | undefined;
  /** Ids of the runs to import. Default: all that there are. */
  runs?: readonly string[] | Iterable<string> | undefined;
  /**
   * Fails with `ERR_RUNSTORE_CORRUPT` where something cannot be read. By default it is left out, as tinker does, and
   * reported.
   */
  strict?: boolean | undefined;
  /**
   * The offset from UTC of times that do not tell theirs, in whole minutes from -1439 to 1439: `120` for `+02:00`. tinker
   * writes the local time of its machine, and not which one that is. Default: 0.
   */
  utcOffset?: number | undefined;
  /** Is called as the files are read; `done` and `total` are bytes. What it throws ends the import and comes out as it is. */
  onProgress?: (progress: EvalStoreProgress) => void;
}

/** How far an import or an export has come. */
export interface EvalStoreProgress {
  /** What is done: bytes of an import, trajectories of an export. */
  done: number;
  /** What there is to do. */
  total: number;
}

/** A remark on a file, or on a line of it. */
export interface EvalStoreRemark {
  /** The file, seen from the folder of its run: `math/trajectories.jsonl`. */
  file: string;
  /** The line, from 1; `null` for the file as a whole. */
  line: number | null;
  /** What there is to say, in words. */
  reason: string;
}

/** What became of a run that was imported. */
export interface ImportedRun {
  /** Its id, in the EvalStore and in the store. */
  runId: string;
  /** `'unchanged'` when it was in the store with the same content. */
  status: 'imported' | 'unchanged';
  /** Results of benchmarks that it has. */
  results: number;
  /** Trajectories that it has. */
  trajectories: number;
  /** What could not be read, and was left out: torn lines, a second trajectory of one idx. */
  skipped: Findings<EvalStoreRemark>;
  /** What was read and could not stay as it was: `NaN`, halves of surrogate pairs. */
  changed: Findings<EvalStoreRemark>;
}

/** What {@link importEvalStore} did. */
export interface ImportEvalStoreReport {
  /** Absolute path of the EvalStore. */
  path: string;
  /** The runs, by name. */
  runs: ImportedRun[];
  /** Runs whose `metadata.json` could not be read: the name of the folder, and the reason in words. */
  unread: Findings<{ run: string; reason: string }>;
}

/** How runs are exported. */
export interface ExportEvalStoreOptions {
  /** Writes a run in the place of one that has the same id and another content. Default: `false`. */
  overwrite?: boolean | undefined;
  /** Is called after each trajectory; `done` and `total` count them. What it throws ends the export and comes out as it is. */
  onProgress?: (progress: EvalStoreProgress) => void;
}

/** What became of a run that was exported. */
export interface ExportedRun {
  /** Its id, in the store and in the EvalStore. */
  runId: string;
  /** `'unchanged'` when it was there with the same content. */
  status: 'exported' | 'unchanged' | 'overwritten';
  /** Results of benchmarks that it has. */
  results: number;
  /** Trajectories that it has. */
  trajectories: number;
  /**
   * What an EvalStore has no place for, and how many of it: `cases`, `tags`, `metadata`, `git`, the `summary` of the run, and
   * `parts`: turns whose content is not one text, which become one.
   */
  losses: Array<{ what: 'cases' | 'parts' | 'tags' | 'metadata' | 'git' | 'summary'; count: number }>;
}

/** What {@link exportEvalStore} did. */
export interface ExportEvalStoreReport {
  /** Absolute path of the EvalStore. */
  path: string;
  /** The runs, in the order in which they were asked for. */
  runs: ExportedRun[];
}

/**
 * Adds the runs of an EvalStore in a local folder to a store, with their results, summaries and trajectories.
 *
 * A run keeps its id, which is its name and label as well. Each run is added whole or not at all. One that is there
 * already with the same content is left as it is, so importing again adds what is new. Trajectories are read line by line:
 * memory does not grow with them, and a line longer than 128 MiB is skipped.
 *
 * Files are parsed while others may write to the store, and what was read is saved in short transactions. Until all of a
 * run is there, it is `'running'` with `importing: true`. A process that dies leaves such a run, which `recoverRuns`, the
 * doctor's `fix` or the next import removes.
 *
 * @param store A store of `runstore`, or of `runstore/promises`, which returns a promise.
 * @param path The folder of the EvalStore, with `runs` in it. Nothing outside of it is read, whatever links lead there.
 * @throws RunStoreError `ERR_RUNSTORE_CONSTRAINT` when a run is in the store with another content: nothing is written then.
 *   `ERR_RUNSTORE_NOT_FOUND` when there is no EvalStore, or no such run; `ERR_RUNSTORE_CORRUPT` when a run that was asked for
 *   cannot be read, and with `strict` when anything cannot. `ERR_RUNSTORE_BUSY` when a file of trajectories changes while it
 *   is imported.
 * @throws TypeError, RangeError (`ERR_RUNSTORE_INVALID_ARGUMENT`) for a bad argument, also for an id that leads out of
 *   the folder.
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
 * Writes runs into an EvalStore in a local folder, which is made where there is none.
 *
 * Each run appears as a whole, under its id, and on the disk. One that is there already with the same content is left as
 * it is. Of a run that was finalized, results are written that were saved, or that the store counts; of others, only those
 * that were saved.
 *
 * @param store A store of `runstore`, or of `runstore/promises`, which returns a promise.
 * @param runIds The runs. Ids and names of benchmarks become names of folders, and are refused where they cannot: with a
 *   slash or a control character in them, longer than 255 bytes in UTF-8, `.`, `..` or empty.
 * @param path The folder of the EvalStore.
 * @throws RunStoreError `ERR_RUNSTORE_EXISTS` when a run is there with another content, or with files that are no part of
 *   a run; `ERR_RUNSTORE_NOT_FOUND` when there is no such run; `ERR_RUNSTORE_TOO_LARGE` for values nested deeper than 500,
 *   which Python cannot read; `ERR_RUNSTORE_IO`, `_DISK_FULL` when files cannot be written. Bad names and runs that are there
 *   are found before anything is written.
 * @throws TypeError, RangeError (`ERR_RUNSTORE_INVALID_ARGUMENT`) for a bad argument.
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
