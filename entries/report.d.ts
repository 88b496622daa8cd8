/**
 * runstore/report: what people show each other.
 *
 * - {@link htmlReport} writes a page of a run, or of two side by side, as one HTML file.
 * - {@link startViewer} serves the same page over a store, with a list of its runs.
 * - {@link saveAnnotations} and {@link listAnnotations} keep what people say of cases.
 *
 * @packageDocumentation
 */

import type { RunStore } from '../index.js';
import type { GateOptions } from './comparison.js';
import type { RunStore as PromiseStore } from './promises.js';

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

/** A viewer that listens. */
export interface Viewer {
  /** The address of the page, with the token that lets it write to the store. */
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
 * @param store A store on a file, or the path of one.
 * @throws RunStoreError `ERR_RUNSTORE_IO` if it cannot listen there, or as opening the store throws.
 * @throws TypeError (`ERR_RUNSTORE_INVALID_ARGUMENT`) if the store is not on a file.
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
export function startViewer(store: RunStore | PromiseStore | string, options?: ViewerOptions | null): Promise<Viewer>;

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
 * and comparisons like any other; the last one of a person on a case counts, and those before it are kept beside it.
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
