/**
 * runstore/report: what people show each other.
 *
 * - {@link htmlReport} writes a page of a run, or of two side by side, as one HTML file.
 * - {@link startViewer} serves the same page over a store, with a list of its runs.
 * - {@link saveAnnotations} and {@link listAnnotations} keep what people say of cases.
 * - {@link writeRunFile} writes a run, with everything that belongs to it, as one JSON file; {@link readRunFile},
 *   {@link listRunFiles} and {@link importRunFile} read such files, also those of evaluar.
 * - {@link exportRun} and {@link archiveRun} write a run for spreadsheets, build servers, pull requests and auditors.
 *
 * @packageDocumentation
 */

import type { RunStore, ScorecardVerdict } from '../index.js';
import type { GateOptions } from './comparison.js';
import type { AbortSignalLike, RunStore as PromiseStore } from './promises.js';

/**
 * A part of a case that can be left out of a page: its `key`, `input`, `expected` value, `output`, `error`, what the scorers
 * gave as their `reason` (and took for the answer), its `metadata`, and the `messages` of its trajectory.
 */
export type PageField = 'key' | 'input' | 'expected' | 'output' | 'error' | 'reason' | 'metadata' | 'messages';

/** What is on the page, and how the runs are compared: the options of `gate` decide on the verdict. */
export interface HtmlReportOptions extends GateOptions {
  /**
   * The run to compare with, by its id, at least four characters of the start of it, its name, `latest`, `latest:MODEL`,
   * `baseline` or `baseline:NAME`. Without it the page shows one run, failures first.
   */
  baseline?: string | undefined;
  /** Title of the window. Default: made of the verdict and the names of the runs. */
  title?: string | undefined;
  /**
   * At most so many cases come with their texts: those that lost most, then those that failed, then the others in order.
   * All cases keep their row with its figures. The page says how many texts were left out. Default: all.
   */
  maxCases?: number | undefined;
  /** What is left out of every case; the page names it. Default: nothing. */
  redact?: readonly PageField[] | undefined;
  /** How many of the last completed runs of the suite the charts show, from 0 to 1000. Default: 10. */
  history?: number | undefined;
}

/**
 * Returns a page about a run as one HTML document: the verdict in a sentence, scorers with intervals, the worst regression
 * with a word diff, charts, and a table of all cases with filters. It asks for nothing from any network, works as a file, in
 * an e-mail and in the artifact view of GitHub, and shows every text of the store as text: nothing in it can run.
 *
 * Texts are compressed in blocks of 500 cases, which the page opens on demand, in browsers since 2023. The document is one
 * string, so it cannot be longer than strings are (512 MB); `maxCases` limits it.
 *
 * The cases are read after the figures: a case that is deleted meanwhile has no texts.
 *
 * @param run The run, named as `baseline` is.
 * @throws RunStoreError `ERR_RUNSTORE_NOT_FOUND` without such a run, `ERR_RUNSTORE_AMBIGUOUS` with several,
 *   `ERR_RUNSTORE_SAME_RUN` if both names mean the same run.
 * @throws TypeError or RangeError (`ERR_RUNSTORE_INVALID_ARGUMENT`) if an option is wrong.
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
/** Resolves with the page; see the other form. */
export function htmlReport(store: PromiseStore, run: string, options?: HtmlReportOptions | null): Promise<string>;

/** Where a viewer listens. */
export interface ViewerOptions {
  /** The port, from 0 to 65535; 0 for any that is free. Default: 0. */
  port?: number | undefined;
  /** The address. Default: `127.0.0.1`, where only this machine gets an answer. */
  host?: string | undefined;
}

/** Runs that a viewer shows in place of those of a store. They are only read. */
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

/** A viewer that listens. */
export interface Viewer {
  /** The address of the page, with the token that lets it write to the store where it may. */
  readonly url: string;
  readonly port: number;
  /** Every request that writes has to carry it, and from another machine every request: `Authorization: Bearer TOKEN`. */
  readonly token: string;
  /** Ends it, and resolves when its port is free and its store is closed. */
  close(): Promise<void>;
  [Symbol.asyncDispose](): Promise<void>;
}

/**
 * Serves a page over a store: its runs with their figures, each run or any two side by side, as {@link htmlReport} shows
 * them, and a button that makes a run the baseline of its suite. The page follows what is written to the store.
 *
 * It runs on a thread of its own, which opens the file once more: neither the event loop nor the store of the caller is
 * held up, whatever is looked at. It keeps the process alive until it is closed.
 *
 * A viewer on a loopback address answers only requests that name one, and none that come from another web page; whatever
 * writes needs the token, as does every request to a viewer that listens elsewhere. It serves no file.
 *
 * An archive and a folder of run files are only read: the runs that are looked at are copied into memory, a few at a time, and
 * whatever would write is refused. Reading them from this machine takes no token.
 *
 * @param store A store on a file, the path of one, or where else the runs are.
 * @throws RunStoreError `ERR_RUNSTORE_IO` if it cannot listen there, or as opening the store throws.
 * @throws TypeError (`ERR_RUNSTORE_INVALID_ARGUMENT`) if the store is not on a file, or it is not said where the runs are.
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

/** A person's judgement of a case: either a `score`, or whether it passes. */
export type NewAnnotation = {
  /** The case: the id of one of its trials. */
  caseId: string;
  /** Who judges. */
  name: string;
  /** Why. */
  note?: string | null | undefined;
} & (
  | {
      /** What the output is worth, in the units of the scorers that it is to be compared with. */
      score: number;
      pass?: undefined;
    }
  | {
      /** `true` counts as 1, `false` as 0. */
      pass: boolean;
      score?: undefined;
    }
);

/** A judgement at one time. */
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
  /** What the same person said before, latest first. */
  earlier: Judgement[];
}

/**
 * Saves what people say of cases, all or none. A judgement is the score of a scorer `human:NAME`, which counts in summaries
 * like any other; `compare` and `gate` leave it out unless it is named in their `scorers`. The last one of a person on a case
 * counts, and those before it are kept beside it.
 *
 * @throws RunStoreError `ERR_RUNSTORE_NOT_FOUND` if there is no such case; the error names the row.
 * @throws TypeError or RangeError (`ERR_RUNSTORE_INVALID_ARGUMENT`) if a field is wrong.
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
/** Resolves when they are saved; see the other form. */
export function saveAnnotations(store: PromiseStore, annotations: Iterable<NewAnnotation>): Promise<void>;

/** Returns what people say of the cases of a run, case by case in their order, then by name. */
export function listAnnotations(store: RunStore, runId: string): Annotation[];
/** Resolves with them; see the other form. */
export function listAnnotations(store: PromiseStore, runId: string): Promise<Annotation[]>;

/** What a run file is to be. */
export interface RunFileOptions {
  /** The folder of the file, which is made. Default: `evaluar/results` in the working directory. */
  resultsDir?: string | null;
  /**
   * The id and the name of the file. Default: the id of the run; for several runs `run_{timestamp}_{short}`. It has to be a
   * name that files can have on every system.
   */
  runId?: string | null;
  /** The file that defines the evaluation, for the metadata. */
  definitionPath?: string | null;
  /** `task_type` of the scorecards. Default: `'evaluation'`. */
  taskType?: string | null;
  /** `source` of the metadata. Default: `'API'`. */
  source?: 'API' | 'CLI' | null;
  /** Is told, batch after batch, how many cases and trajectories are written, and how many there are. */
  onProgress?: ((progress: RunFileProgress) => void) | null;
  /** Ends the work between two batches of rows; nothing is left of the file. */
  signal?: AbortSignalLike | null;
}

/** How far a work is: in cases and trajectories when a run is written, in bytes of the file when it is imported. */
export interface RunFileProgress {
  done: number;
  total: number;
}

/** A run file that was written. */
export interface WrittenRunFile {
  runId: string;
  path: string;
  /** Its size. */
  bytes: number;
  /** The verdict of the rollup scorecard. */
  verdict: ScorecardVerdict;
}

/** A threshold as a run file has it; the ceilings are an addition of runstore. */
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
  /** `'pass'`, `'warn'`, `'fail'` or `'none'`, unless another program has other words. */
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

/** What one model achieved. */
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

/** What {@link readRunFile} returns. */
export interface ReadRunFile {
  /** What stands in the file. */
  file: RunFile;
  /** Whether the runs can be imported without loss: the file is of runstore. */
  lossless: boolean;
}

/** A file in a folder of run files. */
export interface ListedRunFile {
  /** The name of the file without its ending. */
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
  /** Why the file cannot be read; the values above are `null` or empty then. `null` for a good file. */
  error: string | null;
}

/** How a run file is imported. */
export interface ImportRunFileOptions {
  /** Id of the suite that the runs go to, instead of their own. */
  suiteId?: string | null;
  /** Skips runs that are in the store already, instead of failing. Default: false. */
  keepExisting?: boolean | null;
  /** Is told, batch after batch, how many bytes of the file are imported, and how many there are. */
  onProgress?: ((progress: RunFileProgress) => void) | null;
  /** Ends the import between two batches; nothing is left of the run that it had begun. */
  signal?: AbortSignalLike | null;
}

/** A run that was imported. */
export interface ImportedRun {
  runId: string;
  /** `false` if it was in the store already, and was kept. */
  isNew: boolean;
  /** How many rows it has. */
  counts: Record<
    'cases' | 'scores' | 'trajectories' | 'turns' | 'results' | 'baselines' | 'verdicts' | 'prompts',
    number
  >;
  /** Names of baselines that are other runs of the suite, and stay so. */
  keptBaselines: string[];
  /** Prompts that the store has with another content, which stays. */
  keptPrompts: string[];
}

/**
 * What a run is written as. `json`: the run file. `summary-json`: the scorecard. `csv`: a row for each metric. `csv-cases`: a
 * row for each case. `jsonl`: a line of JSON for each case, with its scores. `markdown`: for a comment on a pull request, at
 * most 64 kB; `job-summary`: the same with at most 1 MB. `junit`: JUnit XML. `ctrf`: Common Test Report Format.
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

/** How a run is exported. */
export interface ExportOptions {
  format: ExportFormat;
  /** The file to write, which replaces an existing one. Default: the text is returned. */
  path?: string | null;
  /** Is told, batch after batch, how many cases and trajectories are written, and how many there are. */
  onProgress?: ((progress: RunFileProgress) => void) | null;
  /** Ends the work between two batches of rows; nothing is left of the file. */
  signal?: AbortSignalLike | null;
}

/** A file that was written. */
export interface WrittenExport {
  path: string;
  bytes: number;
}

/** An archive that was written. */
export interface WrittenArchive extends WrittenExport {
  runId: string;
  /** What is in it, but for the manifest, which lists the same. */
  files: { name: string; bytes: number; sha256: string }[];
}

/**
 * Writes a run, or several models of one suite, as one self-contained JSON file, `{resultsDir}/{runId}.json`, in the keys that
 * evaluar documents and one of runstore, from which {@link importRunFile} restores everything. The file appears whole or not
 * at all, and replaces an older one of its name. The cases are never in memory together.
 *
 * @param runIds The runs; several of one suite become pipelines of one file, each under its model.
 * @throws RunStoreError `ERR_RUNSTORE_NOT_FOUND` without such a run.
 * @throws RangeError (`ERR_RUNSTORE_INVALID_ARGUMENT`) if the id cannot be the name of a file, or the runs are of several
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
/** Resolves with the file; see the other form. */
export function writeRunFile(
  store: PromiseStore,
  runIds: string | Iterable<string>,
  options?: RunFileOptions | null,
): Promise<WrittenRunFile>;

/**
 * Returns what stands in a run file, in its own words: one of runstore, of evaluar, or made by hand.
 *
 * @throws RunStoreError `ERR_RUNSTORE_NOT_FOUND` without such a file, `ERR_RUNSTORE_CORRUPT` with its path, the line, the
 *   column and the key where it is not a run file, `ERR_RUNSTORE_SCHEMA_TOO_NEW` for a file of a newer runstore.
 */
export function readRunFile(path: string): ReadRunFile;

/**
 * Returns the run files of a folder, those changed last first; none where there is no such folder. A file that cannot be read
 * is listed with the reason.
 *
 * @param resultsDir Default: `evaluar/results` in the working directory.
 */
export function listRunFiles(resultsDir?: string | null): ListedRunFile[];

/**
 * Imports the runs of a file into a store: of runstore's own without loss; of another one each pipeline as a run and each
 * sample as a case, with its metrics as scores. Nothing is left of a run whose import fails.
 *
 * Thresholds go to the suite for the metrics for which it has none.
 *
 * @throws RunStoreError as {@link readRunFile}, and `ERR_RUNSTORE_CONSTRAINT` if a run is in the store already.
 */
export function importRunFile(store: RunStore, path: string, options?: ImportRunFileOptions | null): ImportedRun[];
/** Resolves with the runs; see the other form. */
export function importRunFile(
  store: PromiseStore,
  path: string,
  options?: ImportRunFileOptions | null,
): Promise<ImportedRun[]>;

/**
 * Writes runs in a format for other programs, to a file or as a text. Texts of the store are text in every format: nothing
 * in them is a formula, markup, or a command of a terminal. Each run is written as it is at one moment.
 *
 * @param runId The run, or several: `csv`, `csv-cases`, `jsonl` and `junit` hold any runs, `json` several models of one suite.
 *   Where there are several, the rows of `csv-cases` and the lines of `jsonl` begin with the id of theirs.
 * @throws RunStoreError `ERR_RUNSTORE_NOT_FOUND` without such a run.
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
  options: ExportOptions & { path?: null },
): string;
/** Resolves with the file, or the text; see the other forms. */
export function exportRun(
  store: PromiseStore,
  runId: string | Iterable<string>,
  options: ExportOptions & { path: string },
): Promise<WrittenExport>;
export function exportRun(
  store: PromiseStore,
  runId: string | Iterable<string>,
  options: ExportOptions & { path?: null },
): Promise<string>;

/**
 * Writes a run as ZIP: its run file, `summary.json`, `metrics.csv`, `cases.csv`, `report.md`, and `manifest.json` with their
 * sizes and SHA-256.
 *
 * @param options Those of the run file in it; `resultsDir` is not used.
 * @throws RunStoreError as {@link exportRun}.
 */
export function archiveRun(
  store: RunStore,
  runId: string,
  path: string,
  options?: RunFileOptions | null,
): WrittenArchive;
/** Resolves with the archive; see the other form. */
export function archiveRun(
  store: PromiseStore,
  runId: string,
  path: string,
  options?: RunFileOptions | null,
): Promise<WrittenArchive>;

/**
 * Deletes a run file, and returns its path.
 *
 * @param run Its id, four or more characters of the start of it, or `latest`.
 * @param resultsDir Default: `evaluar/results` in the working directory.
 * @throws RunStoreError `ERR_RUNSTORE_NOT_FOUND` without such a file, `ERR_RUNSTORE_AMBIGUOUS` with several.
 */
export function deleteRunFile(run: string, resultsDir?: string | null): string;

/** What to keep. */
export interface PruneRunFilesOptions {
  /** How many files stay, those changed last. */
  keep: number;
  /** Default: `evaluar/results` in the working directory. */
  resultsDir?: string | null;
  /** Deletes nothing. Default: false. */
  dryRun?: boolean | null;
}

/** Deletes all but the newest run files of a folder, and returns the paths of those that went. Unreadable files stay. */
export function pruneRunFiles(options: PruneRunFilesOptions): string[];
