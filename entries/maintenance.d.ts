/**
 * runstore/maintenance: work on whole files: making one store of several, and rescuing what can be read of a damaged one.
 *
 * What needs no second file is a method of `RunStore`: `doctor`, `backup`, `prune`, `recoverRuns`, `vacuum`.
 *
 * @packageDocumentation
 */

import type { Findings, RunStoreError } from '../index.js';

/** How stores are merged. */
export interface MergeOptions {
  /**
   * Takes suites of one name for one suite: the runs of all of them go to the one that was there first. For parts that
   * each made the suite themselves. Default: `false`.
   */
  uniteSuites?: boolean | undefined;
}

/** What {@link merge} did. */
export interface MergeReport {
  /** Absolute path of the store that holds everything. */
  out: string;
  /** What was taken from each input, in their order. */
  files: Array<{
    path: string;
    /** By table: rows that were not there before, and rows that were there with the same content. */
    tables: Array<{ table: string; added: number; known: number }>;
  }>;
}

/** A row that is in two files with one key and different content. */
export interface MergeConflict {
  table: string;
  /** The key of the row; of several columns, joined by `/`. */
  key: string;
  /** The columns that differ. */
  columns: string[];
  /** The input whose row does not fit to what was there before. */
  path: string;
}

/** What {@link merge} throws when rows contradict each other; its `code` is `ERR_RUNSTORE_CONSTRAINT`. */
export interface MergeConflictError extends RunStoreError {
  readonly conflicts: Findings<MergeConflict>;
}

/**
 * Adds all rows of several stores to one, for instance of the parts of a CI matrix.
 *
 * A row that is there already, with the same key and the same content, is taken once; so merging again adds nothing.
 * Suites, runs, cases, scores and verdicts are known by their id, prompts by name and version, baselines by suite and
 * name. All or nothing: where two rows of one key differ, nothing is written. The inputs are only read.
 *
 * @param out The store that takes all rows; it is made when it does not exist.
 * @param inputs Paths of stores, of this or an older schema.
 * @throws MergeConflictError when rows contradict each other.
 * @throws RunStoreError when a file cannot be read or written; `ERR_RUNSTORE_NOT_FOUND` when an input does not exist.
 * @throws TypeError, RangeError (`ERR_RUNSTORE_INVALID_ARGUMENT`) for a bad argument, also when `out` is an input.
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

/** What {@link salvage} read, and what it could not. */
export interface SalvageReport {
  /** Absolute path of the damaged file. */
  path: string;
  /** Absolute path of the new store. */
  out: string;
  tables: Array<{
    name: string;
    /** Rows that are in the new store. */
    rows: number;
    /** Rows that could be read and are too damaged to be kept, each with the reason. */
    refused: Findings<string>;
    /** Rowids, first and last, between which nothing could be read. Most of them may never have been used. */
    unreadable: Array<{ first: number; last: number }>;
    /** The rows that are lost, as far as the indexes of the damaged file know them. */
    lost: Findings<{ rowid: number; id: string | null }>;
  }>;
  /** Values that are not JSON, moved to the table `damaged_values`. */
  setAside: number;
  /** Rows that refer to what was lost, moved to the tables `orphaned_*`. */
  orphaned: number;
  /** What else could not be read or taken over, in words. */
  problems: string[];
}

/**
 * Reads a damaged file row by row, around what cannot be read, and makes a new store of it. The damaged file is only
 * read, together with its `-wal` if there is one.
 *
 * @param path The damaged file.
 * @param out The new store; nothing may be there.
 * @throws RunStoreError when nothing can be read (`ERR_RUNSTORE_CORRUPT`, `ERR_RUNSTORE_NOT_A_DATABASE`), there is no
 *   such file (`ERR_RUNSTORE_NOT_FOUND`), or `out` exists (`ERR_RUNSTORE_EXISTS`).
 * @throws TypeError, RangeError (`ERR_RUNSTORE_INVALID_ARGUMENT`) for a bad argument.
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
