/**
 * runstore/archive: keeps runs in Parquet files that outgrow one machine's store.
 *
 * An archive is a folder that is an evalsig store and a Delta Lake table at once: evalsig lists and loads it, and DuckDB,
 * Polars, Spark and other engines query it as it lies. Many processes may write to it at the same time. docs/archive.md
 * describes the layout and says what is durable when.
 *
 * @packageDocumentation
 */

import type { RunStore } from '../index.js';
import type { AbortSignalLike, RunStore as PromiseRunStore } from './promises.js';

/** How an archive is opened. */
export interface ArchiveOptions {
  /**
   * The project: a folder in the archive, with a log of its own. Letters, digits, blanks, and `/` for folders in folders; no
   * part begins with `.` or `_`. Default: `'default'`.
   */
  project?: string | undefined;
  /**
   * Whether the table says that only runstore writes to it and cleans it up, so that a `VACUUM` of another program does not
   * delete the manifest beside it. It is said by the first commit, and everyone may still read. Default: true.
   */
  guard?: boolean | undefined;
}

/** One entry of an archive: the scores of one scorer in one run, which is what evalsig calls a run. */
export interface ArchivedRun {
  /** Its id in the archive: the id of the run in its store, `::`, and the scorer. evalsig's own runs keep their ids. */
  run_id: string;
  /** The model of the run. */
  model_id: string;
  /** The name of its suite. */
  task_id: string;
  /** The scorer. Empty for a run without scores. */
  metric_name: string;
  /** When the run began, ISO 8601 in UTC. */
  ts: string;
  /** The Parquet file, relative to the folder of the project. */
  path: string;
  /** The number of scores. */
  n_items: number;
  /** Equal for runs of equal config; empty when there is none. */
  config_hash: string;
  /** Difference to the run it was compared with; `null` when none was given. */
  delta: number | null;
  /** The p-value of that comparison; `null` when none was given. */
  p_value: number | null;
  /** What a gate decided: `ALLOW`, `REJECT`, `INCONCLUSIVE`, or what another program wrote; `null` when nothing did. */
  verdict: string | null;
  /** The run it was compared with; `null` when none was given. */
  parent_run_id: string | null;
}

/** A score of a case, in the shape of evalsig. */
export interface ArchivedItem {
  /** The case: its key, else its input, or `sha256:` and the hash of an input of more than 200 characters. */
  item_id: string;
  /** The score. May be infinite; `NaN` only where another program wrote it. */
  score: number;
  /** The cluster of the case; `null` for none. */
  cluster_id: string | null;
  /** Counts the scores of one case from 0, over its trials. */
  epoch: number;
  /**
   * What else is known: for runs of a store `idx`, `case_id`, `trial`, `reason`, `error`, latency, tokens, cost, and the
   * metadata of the case as `metadata`. `null` where another program wrote what is not JSON.
   */
  metadata: Record<string, unknown> | null;
}

/** The scores of one entry, in evalsig's exchange format. */
export interface RunFrame {
  /** See {@link ArchivedRun.run_id}. */
  run_id: string;
  /** See {@link ArchivedRun.model_id}. */
  model_id: string;
  /** See {@link ArchivedRun.task_id}. */
  task_id: string;
  /** See {@link ArchivedRun.metric_name}. */
  metric_name: string;
  /** See {@link ArchivedRun.config_hash}. */
  config_hash: string;
  /** The scores, in the order in which they were written. */
  items: ArchivedItem[];
}

/** A {@link RunFrame} to be written: what is left out is empty. */
export interface NewRunFrame {
  run_id: string;
  model_id: string;
  task_id: string;
  metric_name: string;
  /** Default: empty. */
  config_hash?: string | null | undefined;
  /** At least one: evalsig cannot load a run without items. */
  items: Iterable<{
    item_id: string;
    score: number;
    cluster_id?: string | null | undefined;
    /** Default: 0. */
    epoch?: number | undefined;
    metadata?: Record<string, unknown> | null | undefined;
  }>;
}

/** What was decided about a run; it is kept beside it, and listed without opening its files. */
export interface ArchivedDecision {
  delta?: number | null | undefined;
  /** From 0 to 1. */
  pValue?: number | null | undefined;
  verdict?: string | null | undefined;
  parentRunId?: string | null | undefined;
}

/** A run of a store to be archived. */
export interface RunOfStore extends ArchivedDecision {
  store: RunStore | PromiseRunStore;
  /** Its id. */
  runId: string;
  /** Ends the work between two batches of rows; nothing is committed then. */
  signal?: AbortSignalLike | undefined;
}

/** Scores to be archived that come from no store. */
export interface RunOfFrame extends ArchivedDecision {
  frame: NewRunFrame;
  /** When the run began, as a Date or in milliseconds since the epoch. Default: now. */
  ts?: Date | number | undefined;
}

/** Which entries are wanted: all conditions have to be met. */
export interface ArchiveQuery {
  modelId?: string | undefined;
  /** The name of the suite. */
  taskId?: string | undefined;
  /** The scorer. */
  metricName?: string | undefined;
  verdict?: string | undefined;
  /** Runs that began at this moment or later: a Date, or milliseconds since the epoch. */
  since?: Date | number | undefined;
  /** Runs that began at this moment or earlier. */
  until?: Date | number | undefined;
  /** Whether the newest runs come first. Default: false, the order in which they were archived. */
  newestFirst?: boolean | undefined;
  /** At most so many. Default: all. */
  limit?: number | undefined;
  /** The `run_id` that the page before ended with. */
  cursor?: string | undefined;
}

/** What {@link Archive.verify} found. */
export interface ArchiveVerification {
  /** Entries that were looked at. */
  runs: number;
  /** Scores that were read. */
  rows: number;
  /** Files that are missing, damaged, or not what the log says. An archive without any is whole. */
  problems: Array<{ path: string; message: string }>;
  /** Files that belong to no entry: of runs that were deleted or replaced, and of writers that died. */
  unlisted: string[];
}

/** What became of a run that was imported. */
export interface ImportedArchivedRun {
  runId: string;
  /** False when the store had it already and `keepExisting` was given. */
  isNew: boolean;
  /** Its rows, by kind. */
  counts: Record<string, number>;
  /** Names of baselines that are other runs of the store, and stayed. */
  keptBaselines: string[];
  /** Prompts that the store has with another content under the same name and version, and kept. */
  keptPrompts: string[];
}

/** What {@link Archive.archiveRuns} did. */
export interface ArchivedRuns {
  /** The new entries. */
  runs: ArchivedRun[];
  /** Ids of runs that the archive had already as they are. */
  unchanged: string[];
  /** Ids of runs that were deleted from the store. */
  pruned: string[];
}

/**
 * An archive that is open. All methods return promises; the work is done on other threads.
 *
 * @example
 * ```ts
 * import { Archive } from 'runstore/archive';
 *
 * const archive = await Archive.open('evals', { project: 'capitals' });
 * const items = [{ item_id: 'fr', score: 1 }];
 * await archive.writeRun({ frame: { run_id: 'a', model_id: 'gpt-x', task_id: 'capitals', metric_name: 'exact', items } });
 * console.log((await archive.listRuns()).map(({ run_id }) => run_id)); // [ 'a' ]
 * await archive.close();
 * ```
 */
export declare class Archive {
  private constructor();

  /**
   * Opens the archive in a folder, a path or a `file:` URL. Nothing is made before the first run is written.
   *
   * @throws RangeError when the URL is none of these: object stores are not supported yet.
   */
  static open(url: string | { readonly href: string }, options?: ArchiveOptions | null): Promise<Archive>;

  /**
   * Writes a run, and returns its entries: one for each scorer. The run is in the archive when the promise resolves, and
   * stays there through a power cut. A run of the same id is replaced.
   */
  writeRun(run: RunOfStore | RunOfFrame): Promise<ArchivedRun[]>;

  /**
   * Writes many runs in one commit.
   *
   * Without `commit()`, none of them is archived.
   */
  writer(): ArchiveWriter;

  /** Returns all entries, in the order in which they were archived. */
  listRuns(): Promise<ArchivedRun[]>;

  /** Returns the entries that meet the conditions. */
  queryRuns(query?: ArchiveQuery | null): Promise<ArchivedRun[]>;

  /**
   * Returns the scores of an entry. `runId` is its `run_id`, the id of the run, or the first four or more characters of that.
   *
   * @throws RunStoreError with `ERR_RUNSTORE_NOT_FOUND` when there is none, `ERR_RUNSTORE_AMBIGUOUS` when the run has
   * several scorers and none is named.
   */
  loadRun(runId: string): Promise<RunFrame>;

  /** Returns the scores of an entry one by one, in bounded memory. */
  iterateRun(
    runId: string,
    options?: { signal?: AbortSignalLike | undefined } | null,
  ): AsyncGenerator<ArchivedItem, void, void>;

  /**
   * Copies a run into a store with everything that belonged to it: cases, scores, trajectories, results, prompts, verdicts.
   *
   * @throws RunStoreError with `ERR_RUNSTORE_CONSTRAINT` when the store has the run already, unless `keepExisting` is true.
   * @throws RangeError when another program wrote the run: it kept scores only.
   */
  importRun(
    store: RunStore | PromiseRunStore,
    runId: string,
    options?: { keepExisting?: boolean | undefined; signal?: AbortSignalLike | undefined } | null,
  ): Promise<ImportedArchivedRun>;

  /** Takes a run out of the archive and returns its entries. The files stay until {@link vacuum}. */
  deleteRun(runId: string): Promise<ArchivedRun[]>;

  /**
   * Archives all finished runs that meet the conditions, oldest first, and leaves those alone that the archive has already as
   * they are. With `prune`, each run is deleted from the store once it was read back and is equal; baselines stay.
   */
  archiveRuns(
    store: RunStore | PromiseRunStore,
    options?: {
      /** Id of the suite. Default: all suites. */
      suite?: string | undefined;
      since?: Date | number | undefined;
      until?: Date | number | undefined;
      /** Default: false. */
      prune?: boolean | undefined;
      signal?: AbortSignalLike | undefined;
      /** Called after each run; an exception that it throws ends the work and is passed on unchanged. */
      onProgress?: ((progress: { done: number; total: number }) => void) | undefined;
    } | null,
  ): Promise<ArchivedRuns>;

  /** Reads every file, and returns what is wrong with the archive. */
  verify(): Promise<ArchiveVerification>;

  /**
   * Removes files that belong to no entry, and returns their paths.
   *
   * @param options.graceMs Only files that are older, in milliseconds: a younger one may be that of a writer that is about to
   * commit. Default: seven days.
   * @param options.dryRun Only returns what would be removed. Default: false.
   */
  vacuum(options?: { graceMs?: number | undefined; dryRun?: boolean | undefined } | null): Promise<string[]>;

  /** Writes `manifest.json` anew, which evalsig reads, and adopts the runs that evalsig wrote. {@link close} does it as well. */
  fold(): Promise<void>;

  /** Makes `manifest.json` from the log and the files alone, for one that is damaged. */
  rebuildManifest(): Promise<void>;

  /** Brings `manifest.json` up to date. */
  close(): Promise<void>;

  [Symbol.asyncDispose](): Promise<void>;
}

/** Several runs on their way into an archive, in one commit. */
export declare class ArchiveWriter {
  private constructor();
  /** Writes the files of a run. */
  writeRun(run: RunOfStore): Promise<void>;
  /** Adds all runs that were written to the archive at once, and returns their entries. */
  commit(): Promise<ArchivedRun[]>;
  /** Gives up what was not committed. */
  abort(): void;
  [Symbol.asyncDispose](): Promise<void>;
}
