/**
 * runstore/archive: keeps runs in Parquet files, for history that outgrows the store of one machine.
 *
 * An archive is a folder, on a disk or in an object store, that is both an evalsig store and a Delta Lake table: evalsig
 * lists and loads it; DuckDB, Polars, Spark and other engines query it in place. Many processes and machines can write to it
 * at the same time. docs/archive.md describes its layout, and when data is durable.
 *
 * @packageDocumentation
 */

import type { RunStore } from '../index.js';
import type { AbortSignalLike, RunStore as PromiseRunStore } from './promises.js';

/** Options of {@link Archive.open}. */
export interface ArchiveOptions {
  /**
   * Name of the project: a folder in the archive with its own log. At most 200 bytes, without control characters and
   * backslashes; `/` makes subfolders, none of which may begin with `.` or `_`. Default: `'default'`.
   */
  project?: string | undefined;
  /**
   * Whether the first commit declares that only runstore may write to the table and vacuum it, so that a `VACUUM` by another
   * program does not delete the manifest. Other programs can still read the table. Default: true.
   */
  guard?: boolean | undefined;
  /**
   * Credentials of an object store, by the names of their environment variables, such as `AWS_ACCESS_KEY_ID`. They override
   * the environment of the process. docs/archive.md lists the variables. Not used for an archive on a disk.
   */
  credentials?: Readonly<Record<string, string>> | undefined;
  /**
   * The timeout for connecting to an object store, and for each part of its response, in milliseconds. A request
   * that takes longer is retried, at most eight times. Default: 30,000.
   */
  timeoutMs?: number | undefined;
}

/** One entry of an archive: the scores of one scorer in one run. evalsig calls this a run. */
export interface ArchivedRun {
  /**
   * Id in the archive: the id of the run in its store, `::`, and the scorer. Runs that evalsig wrote keep their ids.
   */
  run_id: string;
  /** The model of the run. */
  model_id: string;
  /** The name of its suite. */
  task_id: string;
  /** Empty for a run without scores. */
  metric_name: string;
  /** When the run started, ISO 8601 in UTC. */
  ts: string;
  /** The Parquet file, relative to the folder of the project. */
  path: string;
  /** The number of scores. */
  n_items: number;
  /** A hash of the config; empty when there is no config. */
  config_hash: string;
  /** Difference from the run with which it was compared; `null` if there was no comparison. */
  delta: number | null;
  /** The p-value of that comparison; `null` if it has none. */
  p_value: number | null;
  /**
   * The verdict of a gate, `ALLOW`, `REJECT` or `INCONCLUSIVE`, or the verdict of another program; `null` when there is
   * none.
   */
  verdict: string | null;
  /** The entry with which it was compared; `null` if there was no comparison. */
  parent_run_id: string | null;
}

/** A score of a case, in evalsig's format. */
export interface ArchivedItem {
  /** The key of the case. Without a key, its input, or `sha256:` and the hash of an input of more than 200 bytes. */
  item_id: string;
  /** May be infinite; `NaN` only if another program wrote it. */
  score: number;
  /** The cluster of the case; `null` for none. */
  cluster_id: string | null;
  /** Numbers the scores of one case from 0: with trials, one for each. */
  epoch: number;
  /**
   * Further fields. For runs of a store: `idx`, `case_id`, `trial`, `benchmark`, `reason`, `error`, latency, tokens, cost, and
   * the metadata of the case as `metadata`. `null` if another program wrote invalid JSON.
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

/** A {@link RunFrame} to write. */
export interface NewRunFrame {
  run_id: string;
  model_id: string;
  task_id: string;
  metric_name: string;
  /** Default: empty. */
  config_hash?: string | null | undefined;
  /** At least one, because evalsig cannot load a run without items. */
  items: Iterable<{
    item_id: string;
    score: number;
    cluster_id?: string | null | undefined;
    /** Default: 0. */
    epoch?: number | undefined;
    metadata?: Record<string, unknown> | null | undefined;
  }>;
}

/**
 * The verdict on a run. It is stored in the log, so that listing entries opens no other files.
 *
 * If none of these fields is given, each entry of a run of a store gets the result of the last gate on its scorer: difference,
 * p-value, decision, and the entry of the same scorer in the baseline run.
 */
export interface ArchivedDecision {
  delta?: number | null | undefined;
  /** From 0 to 1. */
  pValue?: number | null | undefined;
  verdict?: string | null | undefined;
  parentRunId?: string | null | undefined;
}

/** A run of a store to archive. */
export interface RunOfStore extends ArchivedDecision {
  store: RunStore | PromiseRunStore;
  /** Its id. */
  runId: string;
  /** Stops the work between two batches of rows; then nothing is committed. */
  signal?: AbortSignalLike | undefined;
}

/** Scores to archive that are not in a store. */
export interface RunOfFrame extends ArchivedDecision {
  frame: NewRunFrame;
  /** When the run started, as a Date or in milliseconds since the epoch, in the years 100 to 9799. Default: now. */
  ts?: Date | number | undefined;
  /** Stops the work before the run is committed. A commit that has started is finished. */
  signal?: AbortSignalLike | undefined;
}

/** Options of an operation that cannot be undone, and is therefore not interrupted. */
export interface CommitOptions {
  /** If it is aborted before the operation starts, the operation rejects and changes nothing. Later, it has no effect. */
  signal?: AbortSignalLike | undefined;
}

/** Selects entries that meet all conditions. */
export interface ArchiveQuery {
  modelId?: string | undefined;
  /** The name of the suite. */
  taskId?: string | undefined;
  /** Name of the scorer. */
  metricName?: string | undefined;
  verdict?: string | undefined;
  /** Runs that started at this time or later: a Date, or milliseconds since the epoch. */
  since?: Date | number | undefined;
  /** Runs that started at this time or earlier. */
  until?: Date | number | undefined;
  /** Whether to return the newest runs first. Default: false, the order in which they were archived. */
  newestFirst?: boolean | undefined;
  /** Maximum number of entries. Default: all. */
  limit?: number | undefined;
  /** The `run_id` of the last entry of the previous page: the page begins after it. */
  cursor?: string | undefined;
  /** Rejects the promise at once. A request that was already sent is not cancelled; its response is ignored. */
  signal?: AbortSignalLike | undefined;
}

/** The result of {@link Archive.verify}. */
export interface ArchiveVerification {
  /** Number of entries that were examined. */
  runs: number;
  /** Number of scores that were read. */
  rows: number;
  /** Files that are missing, damaged, or different from what the log records. Empty for an intact archive. */
  problems: Array<{ path: string; message: string }>;
  /** Files that belong to no entry: those of deleted or replaced runs, and those that a crashed writer has not committed. */
  unlisted: string[];
}

/** The result for one imported run. */
export interface ImportedArchivedRun {
  runId: string;
  /** `false` when the store already contained it, with `keepExisting`. */
  isNew: boolean;
  /** Number of imported rows, by kind. */
  counts: Record<string, number>;
  /** Names of baselines that the run had, but that already refer to other runs of the store. They were not changed. */
  keptBaselines: string[];
  /** Prompts of which the store already has the same version with different content. They were not changed. */
  keptPrompts: string[];
}

/** The result of {@link Archive.archiveRuns}. */
export interface ArchivedRuns {
  /** The new entries. */
  runs: ArchivedRun[];
  /** Ids of runs that the archive already contained unchanged. */
  unchanged: string[];
  /** Ids of runs that were deleted from the store. */
  pruned: string[];
}

/**
 * An open archive. All methods return promises; the work is done on other threads.
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
   * Opens the archive in a folder, given by its path or a `file:` URL, or in a bucket: `s3://bucket/prefix`,
   * `gs://bucket/prefix`, `az://container/prefix`. Nothing is created until the first run is written; the bucket must exist.
   *
   * @throws RangeError when the URL is none of these.
   * @throws RunStoreError with `ERR_RUNSTORE_INVALID_ARGUMENT` when there are no credentials for the bucket.
   */
  static open(url: string | { readonly href: string }, options?: ArchiveOptions | null): Promise<Archive>;

  /**
   * Writes a run and returns its entries, one for each scorer. Once the promise has resolved, the run is in the
   * archive and survives a power failure. A run with the same id is replaced.
   */
  writeRun(run: RunOfStore | RunOfFrame): Promise<ArchivedRun[]>;

  /**
   * Returns a writer that adds many runs in one commit, which is several times as fast as one commit for each.
   * Nothing is archived before its `commit()`.
   */
  writer(): ArchiveWriter;

  /**
   * Returns all entries, in the order in which they were archived.
   *
   * @param options.signal Rejects the promise at once. A request that was already sent is not cancelled; its response is ignored.
   */
  listRuns(options?: { signal?: AbortSignalLike | undefined } | null): Promise<ArchivedRun[]>;

  /** Returns the entries that match a query. */
  queryRuns(query?: ArchiveQuery | null): Promise<ArchivedRun[]>;

  /**
   * Returns the scores of an entry. `runId` is the `run_id` of the entry, the id of its run, or the beginning of that id, of at
   * least four characters.
   *
   * @throws RunStoreError with `ERR_RUNSTORE_NOT_FOUND` when there is no such entry, `ERR_RUNSTORE_AMBIGUOUS` when the
   * run has several scorers and none is given.
   */
  loadRun(runId: string, options?: { signal?: AbortSignalLike | undefined } | null): Promise<RunFrame>;

  /** Returns the scores of an entry one by one, in bounded memory. */
  iterateRun(
    runId: string,
    options?: { signal?: AbortSignalLike | undefined } | null,
  ): AsyncGenerator<ArchivedItem, void, void>;

  /**
   * Copies a run into a store, with all of its data: cases, scores, trajectories, benchmark results, prompts, verdicts and
   * baselines.
   *
   * A run that evalsig wrote, or that was archived from a {@link RunFrame}, has only scores. Each becomes a case, with
   * `item_id` as its key and its input and `epoch` as its trial; a score of `NaN` becomes a case without a score. The run is
   * `completed`, has the `run_id` as its id and its name, and belongs to the suite called `task_id`; its `metadata.evalsig`
   * has the rest of the entry.
   *
   * @param options.onProgress Called after each batch of rows: `done` is how much was read and `total` how much there is, in
   * bytes or scores. An exception that it throws stops the import and is passed on unchanged; nothing of the run remains.
   * @throws RunStoreError with `ERR_RUNSTORE_CONSTRAINT` when the store already contains the run, unless `keepExisting`
   * is true; `ERR_RUNSTORE_NOT_FOUND` when the archive has no such run.
   */
  importRun(
    store: RunStore | PromiseRunStore,
    runId: string,
    options?: {
      keepExisting?: boolean | undefined;
      signal?: AbortSignalLike | undefined;
      onProgress?: ((progress: { done: number; total: number }) => void) | undefined;
    } | null,
  ): Promise<ImportedArchivedRun>;

  /** Removes a run from the archive and returns its entries. {@link vacuum} deletes its files later. */
  deleteRun(runId: string, options?: CommitOptions | null): Promise<ArchivedRun[]>;

  /**
   * Archives all finished runs that match, oldest first, and skips those that the archive already contains unchanged.
   *
   * With `prune`, reads each run back and deletes it from the store if the archive has exactly its rows and scores. Baselines
   * stay in the store. The runs before one that cannot be deleted are archived and deleted.
   *
   * @throws RunStoreError with `ERR_RUNSTORE_BUSY` when a run was changed while it was archived, `ERR_RUNSTORE_CORRUPT` when the
   * archive does not return its rows. The run stays in the store; a repeated call archives it again. With
   * `ERR_RUNSTORE_NOT_FOUND` when there is no such suite.
   */
  archiveRuns(
    store: RunStore | PromiseRunStore,
    options?: {
      /** Id of the suite, or its name. Default: all suites. */
      suite?: string | undefined;
      since?: Date | number | undefined;
      until?: Date | number | undefined;
      /** Default: false. */
      prune?: boolean | undefined;
      signal?: AbortSignalLike | undefined;
      /** Called after each run. An exception that it throws stops the work and is passed on unchanged. */
      onProgress?: ((progress: { done: number; total: number }) => void) | undefined;
    } | null,
  ): Promise<ArchivedRuns>;

  /** Reads every file, and returns which ones are missing or damaged, or belong to no entry. */
  verify(
    options?: {
      signal?: AbortSignalLike | undefined;
      /** Called after each entry; an exception that it throws ends the work and is passed on unchanged. */
      onProgress?: ((progress: { done: number; total: number }) => void) | undefined;
    } | null,
  ): Promise<ArchiveVerification>;

  /**
   * Deletes files that belong to no entry, and returns their paths.
   *
   * @param options.graceMs The minimum age of the files, in milliseconds: a younger file may belong to a writer that is
   * about to commit. Default: seven days.
   * @param options.dryRun Only returns what would be deleted. Default: false.
   */
  vacuum(
    options?: {
      graceMs?: number | undefined;
      dryRun?: boolean | undefined;
      /** Stops between two files. */
      signal?: AbortSignalLike | undefined;
      /** Called after each file that was deleted; an exception that it throws ends the work and is passed on unchanged. */
      onProgress?: ((progress: { done: number; total: number }) => void) | undefined;
    } | null,
  ): Promise<string[]>;

  /**
   * Updates `manifest.json`, which evalsig reads, and adds runs that evalsig wrote to the log. {@link close} does this too.
   *
   * @throws RunStoreError with `ERR_RUNSTORE_CORRUPT` when the file is not a manifest, or names files that cannot be those of
   * runs: {@link rebuildManifest} replaces it.
   */
  fold(options?: CommitOptions | null): Promise<void>;

  /**
   * Replaces `manifest.json`, even if it is damaged, by one made from the log. Parquet files that belong to no entry are added to
   * the log, with all rows of their runs if these are there. Files that were removed from the log, and further files of runs
   * that it already has, are not added.
   */
  rebuildManifest(
    options?: {
      /** Stops between two files, before anything is written. */
      signal?: AbortSignalLike | undefined;
      /** Called after each file that is in no entry; an exception that it throws ends the work and is passed on unchanged. */
      onProgress?: ((progress: { done: number; total: number }) => void) | undefined;
    } | null,
  ): Promise<void>;

  /**
   * Updates `manifest.json` and closes the archive, which frees its memory. Runs that were written are in the archive even if
   * this fails or is not called; then evalsig sees them after the next {@link fold}. A later call opens it again.
   *
   * @throws RunStoreError when the manifest cannot be written.
   */
  close(options?: CommitOptions | null): Promise<void>;

  [Symbol.asyncDispose](): Promise<void>;
}

/** Writes several runs into an archive in one commit. */
export declare class ArchiveWriter {
  private constructor();
  /**
   * Writes the files of a run. The scores of a {@link RunFrame} are encoded on other threads while the caller prepares the next
   * run: if their file cannot be written, a later call rejects, at the latest `commit()`, and nothing is archived.
   */
  writeRun(run: RunOfStore | RunOfFrame): Promise<void>;
  /**
   * Adds all runs that were written to the archive, in one commit, and returns their entries. Once the promise has resolved,
   * they survive a power failure.
   *
   * @throws RunStoreError with `ERR_RUNSTORE_CLOSED` when the writer has committed or was aborted.
   */
  commit(options?: CommitOptions | null): Promise<ArchivedRun[]>;
  /** Discards what was not committed. The file of a frame that is still being encoded is deleted when that has ended. */
  abort(): void;
  /** Like {@link abort}, and waits until all files are deleted. */
  [Symbol.asyncDispose](): Promise<void>;
}
