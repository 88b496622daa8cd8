/**
 * runstore/report: pages, run files, exports and annotations.
 *
 * - {@link htmlReport} writes a page of a run, or of two side by side, as one HTML file.
 * - {@link startViewer} serves the same page over a store, with a list of its runs.
 * - {@link saveAnnotations} and {@link listAnnotations} store and return people's judgements of cases.
 * - {@link writeRunFile} writes a run, with all of its data, as one JSON file; {@link readRunFile},
 *   {@link listRunFiles} and {@link importRunFile} read such files, also those of evaluar.
 * - {@link exportRun} and {@link archiveRun} write a run for spreadsheets, build servers, pull requests and auditors.
 *
 * @packageDocumentation
 */

import type { RunStore, ScorecardVerdict } from '../index.js';
import type { GateOptions } from './comparison.js';
import type { AbortSignalLike, RunStore as PromiseStore } from './promises.js';

/**
 * A part of a case that can be omitted from a page: its `key`, `input`, `expected` value, `output`, `error`, the
 * `reason` and answer of its scores, its `metadata`, and the `messages` of its trajectory.
 */
export type PageField = 'key' | 'input' | 'expected' | 'output' | 'error' | 'reason' | 'metadata' | 'messages';

/** A named filter that a page offers to all readers. */
export interface Preset {
  /** The text of its button. */
  name: string;
  /** The filter, as in the page: `exact<0.5 is:changed`. */
  filter: string;
  /**
   * The order: `case`, `regression`, `latency`, `cost`, `tokens`, `score:SCORER` or `delta:SCORER`, with `-` before it if it is
   * descending. Without it, the page keeps its order.
   */
  sort?: string | undefined;
}

/** What the page contains, and how the runs are compared: the options of `gate` determine the verdict. */
export interface HtmlReportOptions extends GateOptions {
  /**
   * The run to compare with: its id, at least the first four characters of it, its name, `latest`, `latest:MODEL`,
   * `baseline` or `baseline:NAME`. Without it, the page shows one run, failures first.
   */
  baseline?: string | undefined;
  /** Title of the window. Default: the verdict and the names of the runs. */
  title?: string | undefined;
  /**
   * The maximum number of cases with texts: first those with the largest losses, then those that failed, then the others in
   * order. All cases keep their row of figures. The page says how many texts were omitted. Default: all.
   */
  maxCases?: number | undefined;
  /** Parts to omit from every case; the page lists them. Default: none. */
  redact?: readonly PageField[] | undefined;
  /** Number of recent completed runs of the suite in the charts, from 0 to 1000. Default: 10. */
  history?: number | undefined;
  /** Filters that the page offers by name, such as those of a file that your team shares. Default: none. */
  presets?: readonly Preset[] | undefined;
}

/**
 * Returns a page about a run as one HTML document: the verdict in a sentence, scorers with intervals, the worst
 * regression with a word diff, charts, and a table of all cases with filters. It loads nothing from the network; it
 * works as a file, as an e-mail attachment and in GitHub's artifact view. Text from the store is shown as text and
 * never interpreted as HTML or code.
 *
 * Texts are compressed in blocks of 500 cases, which the page decompresses on demand, in browsers since 2023. The
 * document is one string, which limits it to 512 MB; reduce it with `maxCases`.
 *
 * The cases are read after the figures: a case that is deleted in between has no texts.
 *
 * @param run The run: an id, a name and so on, as for `baseline`.
 * @throws RunStoreError `ERR_RUNSTORE_NOT_FOUND` when there is no such run, `ERR_RUNSTORE_AMBIGUOUS` when there are
 * several, `ERR_RUNSTORE_SAME_RUN` when both names refer to the same run.
 * @throws TypeError or RangeError (`ERR_RUNSTORE_INVALID_ARGUMENT`) for a bad option.
 *
 * @example
 * ```ts
 * import { writeFileSync } from 'node:fs';
 * import { RunStore } from 'runstore';
 * import { htmlReport } from 'runstore/report';
 *
 * const store = new RunStore(':memory:');
 * const suite_id = store.createSuite('capitals').id;
 * const runOf = (output: string, score: number) => {
 *   const run = store.createRun({ suite_id, name: output, model: 'gpt-x' });
 *   store.saveResults(run, [{ idx: 0, input: 'Capital of Peru?', output, scores: [{ scorer_name: 'exact', score }] }]);
 *   store.finishRun(run, 'completed');
 *   return run;
 * };
 * const baseline = runOf('Lima', 1);
 * const candidate = runOf('Cusco', 0);
 * writeFileSync('report.html', htmlReport(store, candidate, { baseline, redact: ['metadata'] }));
 * ```
 */
export function htmlReport(store: RunStore, run: string, options?: HtmlReportOptions | null): string;
/** Resolves with the page: see the first overload. */
export function htmlReport(store: PromiseStore, run: string, options?: HtmlReportOptions | null): Promise<string>;

/** The address of a viewer. */
export interface ViewerOptions {
  /** The port, from 0 to 65535; 0 chooses a free one. Default: 0. */
  port?: number | undefined;
  /** The address to listen on. Default: `127.0.0.1`, which only this machine can reach. */
  host?: string | undefined;
  /** Scorers whose lower scores are better, in the runs that have them. Default: none. */
  lowerIsBetter?: readonly string[] | undefined;
  /** Filters that the page offers by name. Default: none. */
  presets?: readonly Preset[] | undefined;
}

/** The source of a viewer's runs other than a store. It is only read. */
export type ViewerSource =
  | {
      /** The folder of an archive, a path or URL as `Archive.open` of `runstore/archive` takes it. */
      archive: string | { readonly href: string };
      /** The project in the archive. Default: `'default'`. */
      project?: string | undefined;
      resultsDir?: undefined;
    }
  | {
      /** A folder of run files, as {@link writeRunFile} writes them. */
      resultsDir: string;
      archive?: undefined;
      project?: undefined;
    };

/** A running viewer. */
export interface Viewer {
  /** URL of the page, including the token that permits writing to a store. */
  readonly url: string;
  readonly port: number;
  /**
   * Required in every request that writes, and in every request from another machine: `Authorization: Bearer TOKEN`.
   */
  readonly token: string;
  /** Stops the viewer; resolves when its port is free and its store is closed. */
  close(): Promise<void>;
  [Symbol.asyncDispose](): Promise<void>;
}

/**
 * Serves a page over a store: a list of its runs, each run or any two side by side as in {@link htmlReport}, and a
 * button that makes a run the baseline of its suite. The page updates when the store is written to.
 *
 * The viewer runs on its own thread and opens the file again, so it blocks neither the event loop nor the caller's
 * store. It keeps the process alive until it is closed.
 *
 * On a loopback address, it answers only requests whose host is a loopback name, and none from other web pages.
 * Requests that write need the token, as do all requests to a viewer on another address. It serves no files.
 *
 * An archive and a folder of run files are only read: the runs that are opened are copied into memory, a few at a time, and
 * requests that write are refused. Reading them from this machine needs no token.
 *
 * @param store A store on a file, the path of one, or another source of runs.
 * @throws RunStoreError `ERR_RUNSTORE_IO` if it cannot listen on the address; errors of opening the store.
 * @throws TypeError (`ERR_RUNSTORE_INVALID_ARGUMENT`) if the store is not on a file, or the source is not complete.
 *
 * @example
 * ```ts
 * import { mkdtempSync } from 'node:fs';
 * import { tmpdir } from 'node:os';
 * import { join } from 'node:path';
 * import { RunStore } from 'runstore';
 * import { startViewer } from 'runstore/report';
 *
 * const store = new RunStore(join(mkdtempSync(join(tmpdir(), 'runs-')), 'store.db'));
 * const viewer = await startViewer(store);
 * console.log(new URL(viewer.url).hostname); // 127.0.0.1
 * await viewer.close();
 * ```
 */
export function startViewer(
  store: RunStore | PromiseStore | string | ViewerSource,
  options?: ViewerOptions | null,
): Promise<Viewer>;

/** A person's judgement of a case to save: either a `score`, or whether it passes. */
export type NewAnnotation = {
  /** Id of the case (of one of its trials). */
  caseId: string;
  /** Name of the person. */
  name: string;
  /** The reason. */
  note?: string | null | undefined;
} & (
  | {
      /** The score, in the same units as the scorers to compare it with. */
      score: number;
      pass?: undefined;
    }
  | {
      /** `true` counts as 1, `false` as 0. */
      pass: boolean;
      score?: undefined;
    }
);

/** A judgement and when it was made. */
export interface Judgement {
  score: number;
  note: string | null;
  /** Milliseconds since the epoch; 0 for a score that was not saved by {@link saveAnnotations}. */
  at: number;
}

/** A person's judgement of a case. */
export interface Annotation extends Judgement {
  caseId: string;
  name: string;
  /** Earlier judgements of the same person, latest first. */
  earlier: Judgement[];
}

/**
 * Saves people's judgements of cases, all or none. A judgement is a score of the scorer `human:NAME`, which counts in
 * summaries like any other; `compare` and `gate` leave it out unless their `scorers` name it. The latest judgement of a
 * person on a case counts; earlier ones are kept as history.
 *
 * @throws RunStoreError `ERR_RUNSTORE_NOT_FOUND` if there is no such case; the error names the row.
 * @throws TypeError or RangeError (`ERR_RUNSTORE_INVALID_ARGUMENT`) for a bad field.
 *
 * @example
 * ```ts
 * import { RunStore } from 'runstore';
 * import { listAnnotations, saveAnnotations } from 'runstore/report';
 *
 * const store = new RunStore(':memory:');
 * const run = store.createRun({ suite_id: store.createSuite('capitals').id, name: 'run', model: 'gpt-x' });
 * store.saveResults(run, [{ id: 'peru', idx: 0, input: 'Capital of Peru?', output: 'Lima, I guess', scores: { exact: 0 } }]);
 * saveAnnotations(store, [{ caseId: 'peru', name: 'ada', pass: false, note: 'unsure' }]);
 * saveAnnotations(store, [{ caseId: 'peru', name: 'ada', pass: true, note: 'right all the same' }]);
 * const [latest] = listAnnotations(store, run);
 * console.log(latest?.score, latest?.note, latest?.earlier.length); // 1 right all the same 1
 * ```
 */
export function saveAnnotations(store: RunStore, annotations: Iterable<NewAnnotation>): void;
/** Resolves when they are saved: see the first overload. */
export function saveAnnotations(store: PromiseStore, annotations: Iterable<NewAnnotation>): Promise<void>;

/**
 * Returns the judgements of the cases of a run, in the order of the cases, then by name.
 *
 * @throws RunStoreError (`ERR_RUNSTORE_NOT_FOUND`) when there is no such run.
 */
export function listAnnotations(store: RunStore, runId: string): Annotation[];
/** Resolves with the judgements: see the first overload. */
export function listAnnotations(store: PromiseStore, runId: string): Promise<Annotation[]>;

/** Options of {@link writeRunFile}. */
export interface RunFileOptions {
  /** The folder of the file; it is created if necessary. Default: `evaluar/results` in the working directory. */
  resultsDir?: string | null | undefined;
  /**
   * The id, which is also the file name. Default: the id of the run; for several runs `run_{timestamp}_{short}`. It
   * must be a valid file name on every system.
   */
  runId?: string | null | undefined;
  /** The file that defines the evaluation, stored in the metadata. */
  definitionPath?: string | null | undefined;
  /** `task_type` of the scorecards. Default: `'evaluation'`. */
  taskType?: string | null | undefined;
  /** `source` of the metadata. Default: `'API'`. */
  source?: 'API' | 'CLI' | null | undefined;
  /** Called after each batch with the number of cases and trajectories written, and their total. */
  onProgress?: ((progress: RunFileProgress) => void) | null | undefined;
  /** Stops the work between two batches of rows; then no file remains. */
  signal?: AbortSignalLike | null | undefined;
}

/** The progress of the work: in cases and trajectories when a run is written, in bytes of the file when it is imported. */
export interface RunFileProgress {
  done: number;
  total: number;
}

/** A written run file. */
export interface WrittenRunFile {
  runId: string;
  path: string;
  /** Size of the file. */
  bytes: number;
  /** The verdict of the rollup scorecard. */
  verdict: ScorecardVerdict;
}

/** A threshold in a run file; the ceilings are an extension of runstore. */
export interface RunFileThreshold {
  pass_floor?: number;
  warn_floor?: number;
  pass_ceiling?: number;
  warn_ceiling?: number;
}

/** The scorecard of a sample in a run file. */
export interface RunFileSample {
  sample_id: string;
  /** `null` for a value that is not a number. */
  metrics: Record<string, number | null>;
  thresholds: Record<string, RunFileThreshold>;
  /** `'pass'`, `'warn'`, `'fail'` or `'none'`; other programs may use other words. */
  verdict: string | null;
  errors: unknown[];
  artifacts: Record<string, unknown>;
}

/** A scorecard in a run file. */
export interface RunFileScorecard {
  run_id: string;
  /** The model, or `'<rollup>'`. */
  model_id: string;
  task_type: string;
  metrics: Record<string, number | null>;
  thresholds: Record<string, RunFileThreshold>;
  verdict: string | null;
  errors: unknown[];
  artifacts: Record<string, unknown>;
}

/** The results of one model. */
export interface RunFilePipeline {
  run_id: string;
  elapsed_seconds: number;
  failed_samples: string[];
  final_scorecard: RunFileScorecard;
  per_sample_scorecards: RunFileSample[];
}

/** The documented keys of a run file. */
export interface RunFile {
  run_id: string;
  elapsed_seconds: number;
  failed_pipelines: unknown[];
  rollup_scorecard: RunFileScorecard;
  /** By model. */
  pipeline_results: Record<string, RunFilePipeline>;
  metadata: {
    source: string;
    suite_name: string;
    definition_path: string | null;
    sample_ids: string[];
    pipeline_ids: string[];
    [other: string]: unknown;
  };
}

/** The result of {@link readRunFile}. */
export interface ReadRunFile {
  /** The content of the file. */
  file: RunFile;
  /** Whether the runs can be imported without loss, because runstore wrote the file. */
  lossless: boolean;
}

/** A file in a folder of run files. */
export interface ListedRunFile {
  /** Name of the file without its extension. */
  runId: string;
  path: string;
  bytes: number;
  /** Milliseconds since the epoch. */
  changedAt: number;
  suiteName: string | null;
  pipelineIds: string[];
  samples: number;
  elapsedSeconds: number | null;
  verdict: string | null;
  lossless: boolean;
  /** Why the file cannot be read; then the values above are `null` or empty. `null` for a valid file. */
  error: string | null;
}

/** Options of {@link importRunFile}. */
export interface ImportRunFileOptions {
  /** Id of the suite that receives the runs. Default: their own suite. */
  suiteId?: string | null | undefined;
  /** Skips runs that the store already contains, instead of failing. Default: false. */
  keepExisting?: boolean | null | undefined;
  /** Called after each batch with the number of bytes imported, and the size of the file. */
  onProgress?: ((progress: RunFileProgress) => void) | null | undefined;
  /** Stops the import between two batches; then nothing of the unfinished run remains. */
  signal?: AbortSignalLike | null | undefined;
}

/** An imported run. */
export interface ImportedRun {
  runId: string;
  /** `false` if the store already contained it. */
  isNew: boolean;
  /** Number of its rows, by kind. */
  counts: Record<
    'cases' | 'scores' | 'trajectories' | 'turns' | 'results' | 'baselines' | 'verdicts' | 'prompts',
    number
  >;
  /** Names of baselines that refer to other runs of the suite, and were not changed. */
  keptBaselines: string[];
  /** Prompts that the store already contains with different content, and that were not changed. */
  keptPrompts: string[];
}

/**
 * The format of an export. `json`: the run file. `summary-json`: the scorecard. `csv`: a row for each metric.
 * `csv-cases`: a row for each case. `jsonl`: a line of JSON for each case, with its scores. `markdown`: for a comment
 * on a pull request, at most 64 kB; `job-summary`: the same with at most 1 MB. `junit`: JUnit XML. `ctrf`: Common Test
 * Report Format.
 */
export type ExportFormat =
  | 'json'
  | 'summary-json'
  | 'csv'
  | 'csv-cases'
  | 'jsonl'
  | 'markdown'
  | 'job-summary'
  | 'junit'
  | 'ctrf';

/** Options of {@link exportRun}. */
export interface ExportOptions {
  format: ExportFormat;
  /** The file to write; an existing file is replaced. Default: the text is returned. */
  path?: string | null | undefined;
  /** Called after each batch with the number of cases and trajectories written, and their total. */
  onProgress?: ((progress: RunFileProgress) => void) | null | undefined;
  /** Stops the work between two batches of rows; then no file remains. */
  signal?: AbortSignalLike | null | undefined;
}

/** A written file. */
export interface WrittenExport {
  path: string;
  bytes: number;
}

/** A written archive. */
export interface WrittenArchive extends WrittenExport {
  /** The ids of its run files. */
  runIds: string[];
  /** Its files, except the manifest, which lists the same. */
  files: { name: string; bytes: number; sha256: string }[];
}

/**
 * Writes a run, or several models of one suite, as one self-contained JSON file, `{resultsDir}/{runId}.json`. It has
 * the keys that evaluar documents, and one more from which {@link importRunFile} restores everything. The file is
 * written atomically, and replaces an older file of its name. Memory use does not grow with the number of cases.
 *
 * @param runIds The runs; several runs of one suite become pipelines of one file, one for each model.
 * @throws RunStoreError `ERR_RUNSTORE_NOT_FOUND` when there is no such run.
 * @throws RangeError (`ERR_RUNSTORE_INVALID_ARGUMENT`) if the id is not a valid file name, or the runs belong to several
 *   suites.
 *
 * @example
 * ```ts
 * import { mkdtempSync } from 'node:fs';
 * import { tmpdir } from 'node:os';
 * import { join } from 'node:path';
 * import { RunStore } from 'runstore';
 * import { importRunFile, readRunFile, writeRunFile } from 'runstore/report';
 *
 * const store = new RunStore(':memory:');
 * const suite_id = store.createSuite('capitals').id;
 * const run = store.createRun({ suite_id, name: 'nightly', model: 'gpt-x' });
 * store.saveResults(run, [{ idx: 0, key: 'peru', input: 'Capital of Peru?', output: 'Lima', scores: { exact: 1 } }]);
 * store.finishRun(run, 'completed');
 * store.setThresholds(suite_id, { exact: { passFloor: 0.8 } });
 *
 * const resultsDir = mkdtempSync(join(tmpdir(), 'results-'));
 * const { path, verdict } = writeRunFile(store, run, { resultsDir });
 * console.log(verdict, readRunFile(path).file.metadata.sample_ids); // pass [ 'peru' ]
 *
 * const other = new RunStore(':memory:');
 * console.log(importRunFile(other, path)[0]?.counts.cases); // 1
 * ```
 */
export function writeRunFile(
  store: RunStore,
  runIds: string | Iterable<string>,
  options?: RunFileOptions | null,
): WrittenRunFile;
/** Resolves with the file: see the first overload. */
export function writeRunFile(
  store: PromiseStore,
  runIds: string | Iterable<string>,
  options?: RunFileOptions | null,
): Promise<WrittenRunFile>;

/**
 * Returns the content of a run file, with its own keys: written by runstore, by evaluar, or by hand.
 *
 * @throws RunStoreError `ERR_RUNSTORE_NOT_FOUND` when there is no such file; `ERR_RUNSTORE_CORRUPT`, with path, line,
 * column and key, when it is not a run file; `ERR_RUNSTORE_SCHEMA_TOO_NEW` for a file of a newer runstore.
 */
export function readRunFile(path: string): ReadRunFile;

/**
 * Returns the run files of a folder, most recently changed first; an empty list when there is no such folder. A file
 * that cannot be read is listed with the reason.
 *
 * @param resultsDir Default: `evaluar/results` in the working directory.
 */
export function listRunFiles(resultsDir?: string | null): ListedRunFile[];

/**
 * Imports the runs of a file into a store. Files of runstore are imported without loss; in other files, each pipeline
 * becomes a run and each sample a case, with its metrics as scores. If the import of a run fails, nothing of it
 * remains.
 *
 * The suite gets the thresholds of metrics for which it has none.
 *
 * @throws RunStoreError like {@link readRunFile}, and `ERR_RUNSTORE_CONSTRAINT` if the store already contains a run.
 */
export function importRunFile(store: RunStore, path: string, options?: ImportRunFileOptions | null): ImportedRun[];
/** Resolves with the runs: see the first overload. */
export function importRunFile(
  store: PromiseStore,
  path: string,
  options?: ImportRunFileOptions | null,
): Promise<ImportedRun[]>;

/**
 * Exports runs in a format for other programs, to a file or as text. Text from the store is escaped in every format: it
 * is never interpreted as a spreadsheet formula, as markup, or as a terminal control sequence. Each run is exported as of
 * one moment.
 *
 * @param runId The run, or several: `csv`, `csv-cases`, `jsonl` and `junit` hold any runs, `json` several models of one
 *   suite. With several runs, the rows of `csv-cases` and the lines of `jsonl` begin with the id of their run.
 * @throws RunStoreError `ERR_RUNSTORE_NOT_FOUND` when there is no such run.
 * @throws RangeError (`ERR_RUNSTORE_INVALID_ARGUMENT`) if the format holds one run, and there are several.
 *
 * @example
 * ```ts
 * import { RunStore } from 'runstore';
 * import { exportRun } from 'runstore/report';
 *
 * const store = new RunStore(':memory:');
 * const suite_id = store.createSuite('capitals').id;
 * const run = store.createRun({ suite_id, name: 'nightly', model: 'gpt-x' });
 * store.saveResults(run, [{ idx: 0, input: 'Capital of Peru?', output: 'Lima', scores: { exact: 1 } }]);
 * store.finishRun(run, 'completed');
 * console.log(exportRun(store, run, { format: 'junit' }).includes('tests="1"')); // true
 * ```
 */
export function exportRun(
  store: RunStore,
  runId: string | Iterable<string>,
  options: ExportOptions & { path: string },
): WrittenExport;
export function exportRun(
  store: RunStore,
  runId: string | Iterable<string>,
  options: ExportOptions & { path?: null | undefined },
): string;
/** Resolves with the file or the text: see the first overloads. */
export function exportRun(
  store: PromiseStore,
  runId: string | Iterable<string>,
  options: ExportOptions & { path: string },
): Promise<WrittenExport>;
export function exportRun(
  store: PromiseStore,
  runId: string | Iterable<string>,
  options: ExportOptions & { path?: null | undefined },
): Promise<string>;

/**
 * Writes runs as one ZIP file: the run file of each, `summary.json`, `metrics.csv`, `cases.csv` and `report.md`, and one
 * `manifest.json` with the sizes and SHA-256 hashes of all of them. With several runs, the files of each are in a folder
 * that is named for its id.
 *
 * @param runIds The run, or several, of any suites.
 * @param options Options of the run files in it; `resultsDir` is not used, and `runId` is for one run.
 * @throws RunStoreError like {@link exportRun}.
 * @throws RangeError (`ERR_RUNSTORE_INVALID_ARGUMENT`) if an id is not a valid file name.
 *
 * @example
 * ```ts
 * import { mkdtempSync } from 'node:fs';
 * import { tmpdir } from 'node:os';
 * import { join } from 'node:path';
 * import { RunStore } from 'runstore';
 * import { archiveRun } from 'runstore/report';
 *
 * const store = new RunStore(':memory:');
 * const suite_id = store.createSuite('capitals').id;
 * const runs = ['monday', 'tuesday'].map((id) => {
 *   store.createRun({ id, suite_id, name: id, model: 'gpt-x' });
 *   store.saveResults(id, [{ idx: 0, input: 'Capital of Peru?', output: 'Lima', scores: { exact: 1 } }]);
 *   store.finishRun(id, 'completed');
 *   return id;
 * });
 * const { files } = archiveRun(store, runs, join(mkdtempSync(join(tmpdir(), 'runs-')), 'runs.zip'));
 * console.log(files[0]?.name, files.length); // monday/monday.json 10
 * ```
 */
export function archiveRun(
  store: RunStore,
  runIds: string | Iterable<string>,
  path: string,
  options?: RunFileOptions | null,
): WrittenArchive;
/** Resolves with the archive: see the first overload. */
export function archiveRun(
  store: PromiseStore,
  runIds: string | Iterable<string>,
  path: string,
  options?: RunFileOptions | null,
): Promise<WrittenArchive>;

/**
 * Deletes a run file, and returns its path.
 *
 * @param run Its id, at least the first four characters of it, or `latest`.
 * @param resultsDir Default: `evaluar/results` in the working directory.
 * @throws RunStoreError `ERR_RUNSTORE_NOT_FOUND` when there is no such file, `ERR_RUNSTORE_AMBIGUOUS` when there are
 * several.
 */
export function deleteRunFile(run: string, resultsDir?: string | null): string;

/** Options of {@link pruneRunFiles}. */
export interface PruneRunFilesOptions {
  /** Number of most recently changed files to keep. */
  keep: number;
  /** Default: `evaluar/results` in the working directory. */
  resultsDir?: string | null | undefined;
  /** Reports what would be deleted, without deleting it. Default: false. */
  dryRun?: boolean | null | undefined;
}

/** Deletes all but the newest run files of a folder, and returns their paths. Unreadable files are kept. */
export function pruneRunFiles(options: PruneRunFilesOptions): string[];
