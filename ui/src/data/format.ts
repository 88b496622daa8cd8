/**
 * What the page is given: an index, which holds one small row for each case, and the bodies of the cases, which are read
 * when they are looked at. `src/page/` makes both, for the HTML file and for the server. `null` is "not measured", everywhere.
 */

export const FORMAT = 'runstore-page';
export const VERSION = 1;

/** Side 0 is the baseline, side 1 the candidate. A page of one run has a candidate only. */
export type SideIndex = 0 | 1;

/** Everything about the runs but their cases. */
export interface Head {
  format: typeof FORMAT;
  version: typeof VERSION;
  /** Milliseconds since the epoch. */
  createdAt: number;
  suite: SuiteName;
  baseline: Run | null;
  candidate: Run;
  /** One sentence that says what happened. */
  headline: string;
  verdict: Verdict | null;
  scorers: Scorer[];
  /** What a reader has to know besides: how cases were paired, what is missing. */
  notes: string[];
  coverage: Coverage | null;
  /** The runs of the suite, oldest first. */
  history: HistoryPoint[];
  /** What was left out of the file, and why. */
  omitted: string[];
  /** How far the scorers of the candidate agree with people. */
  agreement: Agreement[];
  /** What the cases that failed have in common; of two runs, those that got worse. */
  failures: FailureGroup[];
}

export interface Index extends Head {
  rows: Rows;
}

export interface Run {
  id: string;
  name: string;
  model: string;
  status: string;
  startedAt: number;
  finishedAt: number | null;
  cases: number;
  errored: number;
  tags: string[];
  commit: string | null;
  branch: string | null;
  latencyMs: number | null;
  costUsd: number | null;
  tokensIn: number | null;
  tokensOut: number | null;
}

export type Decision = 'ALLOW' | 'REJECT' | 'INCONCLUSIVE';

export interface Verdict {
  decision: Decision;
  reasons: string[];
  alpha: number;
}

export interface Scorer {
  name: string;
  lowerIsBetter: boolean;
  /** Cases that were scored in both runs; without a baseline, in the run. */
  n: number;
  baselineMean: number | null;
  candidateMean: number | null;
  delta: number | null;
  /** Of the difference; without a baseline, of the mean. */
  interval: [number, number] | null;
  /** The part of 1 that such intervals cover the truth. */
  level: number;
  pValue: number | null;
  /** The smallest difference that so many cases can show. */
  detectable: number | null;
  /** The loss that the gate accepts. */
  margin: number | null;
  decision: Decision | null;
  improved: number;
  regressed: number;
  unchanged: number;
  method: { test: string; interval: string; reason: string } | null;
}

export interface Estimated {
  estimate: number;
  low: number;
  high: number;
}

/** How far a scorer agrees with a person over the attempts that both scored. */
export interface Agreement {
  human: string;
  judge: string;
  n: number;
  onlyHuman: number;
  onlyJudge: number;
  level: number;
  /** Scores of at least this counted as 1 and others as 0, `null` where they counted as they are. */
  threshold: number | null;
  /** The part of the attempts with the same score; `null` for measures. */
  agreement: Estimated | null;
  /** Cohen's. */
  kappa: Estimated | null;
  /** Krippendorff's. */
  alpha: Estimated | null;
  bias: Estimated | null;
  /** Attempts by the human's score, then by the judge's. */
  confusion: { categories: number[]; counts: number[][] } | null;
}

/** Errors first, then scorers, each followed by its messages. */
export interface FailureGroup {
  /** `null` for errors. */
  scorer: string | null;
  /** What was said, without what differs from case to case; `null` for all cases of the scorer. */
  message: string | null;
  count: number;
}

export interface Coverage {
  both: number;
  onlyBaseline: number;
  onlyCandidate: number;
}

export interface HistoryPoint {
  runId: string;
  name: string;
  model: string;
  startedAt: number;
  decision: Decision | null;
  means: Record<string, { mean: number; interval: [number, number] | null; n: number }>;
}

/** A text for each row, written once each: `values[at[row]]`, and nothing where `at[row]` is −1. */
export interface Dictionary {
  values: string[];
  at: number[];
}

/** A row is a case, with all of its trials: those of the baseline in its order, then those that only the candidate has. Each array has one entry for each row. */
export interface Rows {
  count: number;
  /** The key of the case, or its number. */
  label: string[];
  /** The beginning of the input, to recognise the case by. */
  preview: string[];
  benchmark: Dictionary | null;
  cluster: Dictionary | null;
  /** 1 where the two outputs differ. */
  changed: number[];
  /** For each group of failures: its rows, in order. */
  failures: number[][];
  baseline: Side | null;
  candidate: Side;
}

export interface Side {
  /** Trials of the case in this run; 0 where the run lacks the case. */
  trials: number[];
  /** Trials that ended in an error. */
  errored: number[];
  /** For each scorer: the score of the case, over its trials. */
  scores: (number | null)[][];
  /** For each scorer: largest − smallest score of the trials. */
  spread: (number | null)[][];
  latencyMs: (number | null)[];
  costUsd: (number | null)[];
  tokens: (number | null)[];
}

/** All that is known of one row; where the texts of a row were left out, there is `null` in place of it. */
export interface Body {
  key: string | null;
  input: unknown;
  expected: unknown;
  baseline: Trial[];
  candidate: Trial[];
}

export interface Trial {
  caseId: string;
  trial: number | null;
  output: string | null;
  error: string | null;
  latencyMs: number | null;
  costUsd: number | null;
  tokensIn: number | null;
  tokensOut: number | null;
  metadata: unknown;
  scores: TrialScore[];
  turns: Turn[];
}

export interface TrialScore {
  scorer: string;
  /** `null` where it is infinite. */
  score: number | null;
  reason: string | null;
  answer: string | null;
  /** What the same person said before, latest first. */
  earlier?: { score: number; note: string | null; at: number }[];
}

export interface Turn {
  role: string;
  content: unknown;
  tokens: number | null;
}

export interface SuiteName {
  id: string;
  name: string;
}

/** A part of the list of runs in the live page, newest first. */
export interface ListedRuns {
  runs: ListedRun[];
  /** Where the next part begins, `null` at the end. */
  cursor: string | null;
  /** By suite: the run that others are compared with. */
  baselines: Record<string, string | null>;
}

export interface ListedRun {
  id: string;
  suiteId: string;
  name: string;
  model: string;
  status: string;
  startedAt: number;
  finishedAt: number | null;
  tags: string[];
  commit: string | null;
  branch: string | null;
}

/** What comes a moment after a run is listed. */
export interface RunFigures {
  cases: number;
  errored: number;
  passed: number;
  failed: number;
  latencyMs: number | null;
  costUsd: number | null;
  heartbeatAt: number | null;
  means: Record<string, { mean: number; interval: [number, number] | null; n: number }>;
}
