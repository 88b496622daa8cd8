/**
 * runstore/maintenance: operations on whole files: merging several stores, and salvaging a damaged one.
 *
 * Operations on a single store are methods of `RunStore`: `doctor`, `backup`, `prune`, `recoverRuns`, `vacuum`.
 *
 * @packageDocumentation
 */

import type { Findings, RunStoreError } from '../index.js';

/** How stores are merged. */
export interface MergeOptions {
  /**
   * Merges suites with the same name: their runs go to the suite that existed first. Use it if each shard created the suite.
   * Default: `false`.
   */
  uniteSuites?: boolean | undefined;
}

/** What {@link merge} did. */
export interface MergeReport {
  /** Absolute path of the store with all rows. */
  out: string;
  /** The rows of each input, in the order of the inputs. */
  files: Array<{
    path: string;
    /** By table: the number of rows added, and of rows that existed already with the same content. */
    tables: Array<{ table: string; added: number; known: number }>;
  }>;
}

/** A row that two files contain with the same key and different content. */
export interface MergeConflict {
  table: string;
  /** The key of the row; of several columns, joined by `/`. */
  key: string;
  /** The columns that differ. */
  columns: string[];
  /** The input whose row differs from the existing one. */
  path: string;
}

/** The error of {@link merge} when rows conflict; its `code` is `ERR_RUNSTORE_CONSTRAINT`. */
export interface MergeConflictError extends RunStoreError {
  readonly conflicts: Findings<MergeConflict>;
}

/**
 * Adds all rows of several stores to one, for instance from the shards of a CI matrix.
 *
 * A row that exists already, with the same key and the same content, is kept once, so merging again adds nothing. Suites,
 * runs, cases, scores and verdicts are identified by id, prompts by name and version, baselines by suite and name. If two
 * rows with the same key differ, nothing is written. The inputs are only read.
 *
 * @param out The store that receives all rows; it is created when it does not exist.
 * @param inputs Paths of stores, of this or an older schema.
 * @throws MergeConflictError when rows contradict each other.
 * @throws RunStoreError when a file cannot be read or written; `ERR_RUNSTORE_NOT_FOUND` when an input does not exist.
 * @throws TypeError, RangeError (`ERR_RUNSTORE_INVALID_ARGUMENT`) for an invalid argument, also when `out` is an input.
 *
 * @example
 * ```ts
 * import { RunStore } from 'runstore';
 * import { merge } from 'runstore/maintenance';
 *
 * for (const shard of ['shard-1.db', 'shard-2.db']) {
 *   using store = new RunStore(shard);
 *   store.createSuite('capitals');
 * }
 * merge('all.db', ['shard-1.db', 'shard-2.db'], { uniteSuites: true });
 * console.log(new RunStore('all.db').listSuites().length); // 1
 * ```
 */
export declare function merge(
  out: string,
  inputs: readonly string[] | Iterable<string>,
  options?: MergeOptions,
): MergeReport;

/** The result of {@link salvage}. */
export interface SalvageReport {
  /** Absolute path of the damaged file. */
  path: string;
  /** Absolute path of the new store. */
  out: string;
  tables: Array<{
    name: string;
    /** Number of rows in the new store. */
    rows: number;
    /** Rows that could be read but are too damaged to be kept, each with the reason. */
    refused: Findings<string>;
    /** Ranges of rowids in which nothing could be read. Many of these rowids may never have been used. */
    unreadable: Array<{ first: number; last: number }>;
    /** The rows that are known to be lost, because an index of the damaged file mentions them. */
    lost: Findings<{ rowid: number; id: string | null }>;
  }>;
  /** Values that are not JSON, moved to the table `damaged_values`. */
  setAside: number;
  /** Rows that refer to what was lost, moved to the tables `orphaned_*`. */
  orphaned: number;
  /** Descriptions of anything else that could not be read or copied. */
  problems: string[];
}

/**
 * Copies the readable rows of a damaged file into a new store. The damaged file is only read, together with its `-wal` if
 * there is one. If a table has lost the name of a required column, its rows are copied to a table `damaged_…`, which
 * `problems` names.
 *
 * @param path The damaged file.
 * @param out The path of the new store; no file may exist there.
 * @throws RunStoreError when nothing can be read (`ERR_RUNSTORE_CORRUPT`, `ERR_RUNSTORE_NOT_A_DATABASE`), there is no
 *   such file (`ERR_RUNSTORE_NOT_FOUND`), or `out` exists (`ERR_RUNSTORE_EXISTS`).
 * @throws TypeError, RangeError (`ERR_RUNSTORE_INVALID_ARGUMENT`) for an invalid argument.
 *
 * @example
 * ```ts
 * import { RunStore } from 'runstore';
 * import { salvage } from 'runstore/maintenance';
 *
 * const store = new RunStore('damaged.db');
 * store.createSuite('capitals');
 * store.close();
 * const { tables } = salvage('damaged.db', 'rescued.db');
 * const suites = tables.find(({ name }) => name === 'suites');
 * console.log(suites?.rows, suites?.lost.count); // 1 0
 * ```
 */
export declare function salvage(path: string, out: string): SalvageReport;
