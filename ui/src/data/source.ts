/** Where the page gets what it shows: a file has all of it inside, a server is asked. */

import type { ChartData } from '../charts/data.ts';
import type { Order } from '../table/engine.ts';
import type { Body, Head, ListedRuns, RunFigures, SuiteName } from './format.ts';

/** One row as the table shows it. */
export interface RowView {
  row: number;
  label: string;
  preview: string;
  group: string | null;
  changed: boolean;
  baseline: RowSide | null;
  candidate: RowSide;
  /** For each scorer: candidate − baseline, turned so that more is better. */
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

/** The rows that a filter chose, in order. */
export interface Selection {
  readonly total: number;
  /** What of the filter could not be understood. */
  readonly problems: string[];
  /** Returns chosen rows, by their place among the chosen. */
  window(from: number, to: number): RowView[] | Promise<RowView[]>;
  /** Returns the place of a row among the chosen, −1 where it is not one. */
  place(row: number): number | Promise<number>;
  /** Returns all chosen rows with their bodies, for an export. */
  each(): AsyncIterable<{ view: RowView; body: Body | null }>;
}

export interface Pair {
  candidate: string | null;
  baseline: string | null;
}

export interface Source {
  /** The runs to choose from; a file has none. */
  readonly runs: Runs | null;
  /** Returns what is known of these runs; a file holds one pair only. */
  open(pair: Pair): Promise<Page>;
  /** Calls back whenever something was written; returns what ends it. */
  onChange(changed: () => void): () => void;
}

export interface Runs {
  suites(): Promise<SuiteName[]>;
  /** Returns a part of the runs that fit; an empty text is no condition. */
  list(search: string, suite: string, cursor: string | null): Promise<ListedRuns>;
  figures(run: string): Promise<RunFigures | null>;
  /** Whether the page has been given what it takes to write to the store. */
  canWrite(): boolean;
  setBaseline(suite: string, run: string): Promise<void>;
}

export interface Annotation {
  caseId: string;
  /** Who judges. */
  name: string;
  /** 1 for pass, 0 for fail. */
  score: number;
  note: string | null;
}

export type Annotate = (annotation: Annotation) => Promise<void>;

/** The runs that are looked at. */
export interface Page {
  readonly head: Head;
  /** What the charts show; a file works it out when it is asked. */
  readonly charts: () => ChartData;
  /** Rows in all. */
  readonly count: number;
  /** Chooses rows. `onProgress` is told what part of 1 has been searched. */
  select(query: string, order: Order, onProgress: (part: number) => void, signal: AbortSignal): Promise<Selection>;
  view(row: number): RowView | Promise<RowView>;
  /** Keeps what a reader says of a trial; `null` where nothing can be kept. */
  readonly annotate: Annotate | null;
  /** Called once something that a reader says was kept. */
  onAnnotated: () => void;
  /** Returns the texts of a row, `null` where they were left out. */
  body(row: number): Promise<Body | null>;
}
