/** Where the page gets its data: a file contains all of it, a server is queried. */

import type { ComponentType } from 'preact';
import type { ChartData } from '../charts/data.ts';
import type { Counts, Order } from '../table/engine.ts';
import type { Body, Head, HistoryPoint, ListedRuns, RunFigures, SuiteName } from './format.ts';

/** One row as the table shows it. */
export interface RowView {
  row: number;
  label: string;
  preview: string;
  output: string;
  group: string | null;
  changed: boolean;
  baseline: RowSide | null;
  candidate: RowSide;
  /** For each scorer: candidate − baseline, positive if it got better. */
  gains: (number | null)[];
}

export interface RowSide {
  trials: number;
  errored: number;
  scores: (number | null)[];
  spread: (number | null)[];
  latencyMs: number | null;
  costUsd: number | null;
  tokens: number | null;
}

/** The rows that match a filter, in order. */
export interface Selection {
  readonly total: number;
  /** Error messages for the parts of the filter that could not be parsed. */
  readonly problems: string[];
  /** Returns matching rows by their position. */
  window(from: number, to: number): RowView[] | Promise<RowView[]>;
  /** Returns the position of a row among the matching ones, −1 if it does not match. */
  place(row: number): number | Promise<number>;
  /** Returns all matching rows with their bodies, for an export. */
  each(): AsyncIterable<{ view: RowView; body: Body | null }>;
}

export interface Pair {
  candidate: string | null;
  baseline: string | null;
}

export interface Source {
  /** Opens these runs; with `isAgain`, only when all of their cases are read. A file contains one pair only. */
  open(pair: Pair, isAgain: boolean): Promise<Page>;
  /** Calls back after each write; returns a function that stops this. */
  onChange(changed: () => void): () => void;
}

export interface Runs {
  suites(): Promise<SuiteName[]>;
  /** Returns a part of the matching runs; an empty text matches all. */
  list(search: string, suite: string, cursor: string | null): Promise<ListedRuns>;
  figures(run: string): Promise<RunFigures | null>;
  /** Whether the page has the token that writing requires. */
  canWrite(): boolean;
  setBaseline(suite: string, run: string): Promise<void>;
}

export interface Annotation {
  caseId: string;
  /** The name of the person. */
  name: string;
  /** 1 for pass, 0 for fail. */
  score: number;
  note: string | null;
}

export type Annotate = (annotation: Annotation) => Promise<void>;
export type JudgeForm = ComponentType<{ caseId: string; annotate: Annotate }>;

/** The open runs. */
export interface Page {
  readonly head: Head;
  /** Reads all cases if this page has only the first rows of large runs, without figures; otherwise `null`. */
  readonly whole: (() => Promise<Page>) | null;
  /** Number of rows by usual filter; `null` as long as only the first rows are there. */
  readonly counts: Counts | null;
  /** Returns the data of the charts of a scorer, by its index. */
  charts(scorer: number): Promise<ChartData>;
  /** Returns the runs of the suite, oldest first. */
  history(): Promise<HistoryPoint[]>;
  /** Number of all rows. */
  readonly count: number;
  /** Selects rows. `onProgress` is called with the share that has been searched, from 0 to 1. */
  select(query: string, order: Order, onProgress: (part: number) => void, signal: AbortSignal): Promise<Selection>;
  view(row: number): RowView | Promise<RowView>;
  /** The form for annotating a trial, which files do without; `null` if the source is read-only. */
  readonly judge: { Form: JudgeForm; annotate: Annotate } | null;
  /** Called after an annotation was saved. */
  onAnnotated: () => void;
  /** Returns the texts of a row, `null` if they were left out. */
  body(row: number): Promise<Body | null>;
}
