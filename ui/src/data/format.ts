/**
 * The data of the page: an index with one small row for each case, and the bodies of the cases, which are read on
 * demand. `src/page/` creates both, for the HTML file and for the server. `null` always means "not measured".
 */

export const FORMAT = 'runstore-page';
export const VERSION = 1;

/** Side 0 is the baseline, side 1 the candidate. A page of one run only has a candidate. */
export type SideIndex = 0 | 1;

/** The parts of a page other than its cases. */
export interface Head {
  format: typeof FORMAT;
  version: typeof VERSION;
  /** Milliseconds since the epoch. */
  createdAt: number;
  suite: SuiteName;
  baseline: Run | null;
  candidate: Run;
  /** The outcome, in one sentence. */
  headline: string;
  /** The scorer of that sentence; `null` on a page of one run. */
  deciding: string | null;
  verdict: Verdict | null;
  /** Of the candidate; null if its suite has no thresholds. */
  scorecard: Scorecard | null;
  scorers: Scorer[];
  /** The limits within which a score passes, in the order of the scorers. */
  limits: Limits[];
  /** Warnings for the reader: how cases were paired, what is missing. */
  notes: string[];
  coverage: Coverage | null;
  /** The runs of the suite, oldest first. */
  history: HistoryPoint[];
  /** What was left out of the file, and why. */
  omitted: string[];
  /** The agreement of the candidate's scorers with people. */
  agreement: Agreement[];
  /** Groups of failed cases; on a page of two runs, of the cases that got worse. */
  failures: FailureGroup[];
  /** What they have in common, in sentences. */
  inCommon: string[];
  /** The filters of the team. */
  presets: Preset[];
}

/** A filter under a name. */
export interface Preset {
  name: string;
  filter: string;
  /** The order, as in the address; without it, the order stays. */
  sort?: string;
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
  /** `null` before all cases are read. */
  errored: number | null;
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
  reasons: Reason[];
  alpha: number;
}

export interface Reason {
  scorer: string | null;
  finding: string;
  /** What it rests on and what to do; may be empty. */
  advice: string;
}

/** The verdict by the thresholds of the suite. */
export interface Scorecard {
  verdict: 'pass' | 'warn' | 'fail' | 'none';
  reasons: string[];
}

/** Without a limit, no score is too low, or too high. */
export interface Limits {
  floor: number | null;
  ceiling: number | null;
}

export interface Scorer {
  name: string;
  lowerIsBetter: boolean;
  /** Cases that were scored in both runs; without a baseline, cases that were scored. */
  n: number;
  baselineMean: number | null;
  candidateMean: number | null;
  delta: number | null;
  /** Of the difference; without a baseline, of the mean. */
  interval: [number, number] | null;
  /** The level of the interval, from 0 to 1. */
  level: number;
  pValue: number | null;
  /** The smallest difference that this number of cases can show. */
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

/** The agreement of a scorer with a person, over the attempts that both scored. */
export interface Agreement {
  human: string;
  judge: string;
  n: number;
  onlyHuman: number;
  onlyJudge: number;
  level: number;
  /** Scores of at least this counted as 1 and others as 0; `null` if they counted as they are. */
  threshold: number | null;
  /** The share of the attempts with the same score; `null` for measures. */
  agreement: Estimated | null;
  /** Cohen's kappa. */
  kappa: Estimated | null;
  /** Krippendorff's alpha. */
  alpha: Estimated | null;
  bias: Estimated | null;
  /** Number of attempts by the person's score, then by the scorer's. */
  confusion: { categories: number[]; counts: number[][] } | null;
}

/** The scorer that decides first, then errors, then the other scorers, each followed by its messages. */
export interface FailureGroup {
  /** `null` for errors. */
  scorer: string | null;
  /**
   * The reason, without the parts that differ from case to case, or the metadata that the cases share, as `key=value`; `null` for
   * all cases of the scorer.
   */
  message: string | null;
  count: number;
  /** Of a group by metadata: the number of all cases that have it; otherwise `null`. */
  all: number | null;
  /** What the page calls the group. */
  title: string;
  /** What to weigh the number with; of all cases of a scorer, those that are in no group of their own. */
  note: string | null;
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

/** A text for each row, with each distinct text written once: `values[at[row]]`; −1 stands for none. */
export interface Dictionary {
  values: string[];
  at: number[];
}

/**
 * A row is a case with all of its trials: the baseline's cases in order, then those that only the candidate has. Each
 * array has one entry per row.
 */
export interface Rows {
  count: number;
  /** The key of the case, or its number. */
  label: string[];
  /** The beginning of the input, to recognise the case by. */
  preview: string[];
  /** The beginning of the candidate's output, or of its error. */
  output: string[];
  benchmark: Dictionary | null;
  cluster: Dictionary | null;
  /** 1 if the two outputs differ. */
  changed: number[];
  /** The rows of each group of failures, in order. */
  failures: number[][];
  baseline: Side | null;
  candidate: Side;
}

export interface Side {
  /** Trials of the case in this run; 0 if the run lacks the case. */
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

/** All details of one row; `null` stands for a row whose texts were left out. */
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
  /** `null` if it is infinite. */
  score: number | null;
  reason: string | null;
  answer: string | null;
  /** Earlier scores by the same person, latest first. */
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
  /** The cursor of the next part, `null` at the end. */
  cursor: string | null;
  /** The baseline of each suite. */
  baselines: Record<string, string | null>;
  /** Scorers whose lower scores are better. */
  lowerIsBetter: string[];
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

/** The figures of a run, which arrive after the list. */
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
