/**
 * runstore/comparison: is this run better or worse than that one, and can I trust it?
 *
 * - {@link compare} says how far two runs are apart, with intervals, p-values and the cases that changed.
 * - {@link gate} says whether the candidate may take the place of the baseline.
 * - {@link compareRuns} is a drop-in for `@deepagents/evals/comparison`: the same options, the same result, from the same
 *   data. It says how far the means moved, not whether that can be trusted.
 *
 * @packageDocumentation
 */

import type { RunStore } from '../index.js';
import type { RunStore as PromiseStore } from './promises.js';

/** What became of a score: a delta of at most the tolerance is `'unchanged'`. */
export type ChangeType = 'improved' | 'regressed' | 'unchanged';

/** One case that is in both runs. */
export interface CaseDiff {
  /** The `idx` of the case. */
  index: number;
  /** By scorer, every scorer that either run has. A score that is missing counts as 0. */
  scorerDeltas: Record<
    string,
    {
      /** Score of the baseline, in units of the scorer. */
      baseline: number;
      /** Score of the candidate, in units of the scorer. */
      candidate: number;
      /** candidate − baseline. */
      delta: number;
      change: ChangeType;
    }
  >;
}

/** What became of the scores of one scorer. */
export interface ScorerSummary {
  /** Mean of candidate − baseline over the cases compared, in units of the scorer; 0 when there are none. */
  meanDelta: number;
  /** Number of cases. */
  improvedCount: number;
  /** Number of cases. */
  regressedCount: number;
  /** Number of cases. */
  unchangedCount: number;
}

/** Totals of the candidate − totals of the baseline, each over all cases of its run, compared or not. */
export interface CostDelta {
  /** Milliseconds. */
  latencyDeltaMs: number;
  /** Tokens. */
  tokenInDelta: number;
  /** Tokens. */
  tokenOutDelta: number;
}

/** What {@link compareRuns} returns. */
export interface ComparisonResult {
  /** The cases that are in both runs, by `idx` upwards. */
  caseDiffs: CaseDiff[];
  /** By scorer: those of the baseline first, then those that only the candidate has. */
  scorerSummaries: Record<string, ScorerSummary>;
  costDelta: CostDelta;
  /** Number of cases that are in both runs. */
  totalCasesCompared: number;
  regression: {
    /** Whether any scorer regressed. */
    regressed: boolean;
    /** By scorer: whether its mean delta is below −`regressionThreshold`. */
    details: Record<
      string,
      {
        meanDelta: number;
        exceeds: boolean;
      }
    >;
  };
}

/** What counts as a change, and what as a regression. */
export interface CompareOptions {
  /** A delta of at most this size is no change, in units of the scorer. Default: 0.01. */
  tolerance?: number | undefined;
  /** A scorer regressed when its mean delta is below minus this, in units of the scorer. Default: 0.05. */
  regressionThreshold?: number | undefined;
  /** Is told, in a sentence, that the runs have different numbers of cases. Default: `console.warn`. */
  onWarning?: ((message: string) => void) | undefined;
}

/**
 * Compares a run with another, case by case.
 *
 * Cases are paired by `idx`; of several with one `idx` in a run the last counts, as does the last score of a scorer. A
 * score that is missing counts as 0, and so does one of `Infinity`. When the runs have different numbers of cases,
 * `onWarning` is told so. An unknown run has no cases.
 *
 * @param store The store that holds both runs.
 * @param baselineRunId What is compared with.
 * @param candidateRunId What is compared.
 * @throws TypeError, RangeError (`ERR_RUNSTORE_INVALID_ARGUMENT`) for a bad argument: `store` has to be a
 *   {@link RunStore} of this package, and the options numbers that are not NaN.
 * @throws RunStoreError when the store is closed or cannot be read.
 *
 * @example
 * ```ts
 * import { RunStore } from 'runstore';
 * import { compareRuns } from 'runstore/comparison';
 *
 * const store = new RunStore(':memory:');
 * const suite_id = store.createSuite('capitals').id;
 * const runOf = (score: number) => {
 *   const run = store.createRun({ suite_id, name: 'run', model: 'gpt-x' });
 *   store.saveResults(run, [{ idx: 0, input: 'Capital of France?', scores: [{ scorer_name: 'exact', score }] }]);
 *   return run;
 * };
 * const { scorerSummaries, regression } = compareRuns(store, runOf(1), runOf(0));
 * console.log(scorerSummaries.exact?.meanDelta); // -1
 * console.log(regression.regressed); // true
 * ```
 */
export declare function compareRuns(
  store: RunStore,
  baselineRunId: string,
  candidateRunId: string,
  options?: CompareOptions | null,
): ComparisonResult;
/** The same on the thread of a store of `runstore/promises`; what throws above rejects here. */
export declare function compareRuns(
  store: PromiseStore,
  baselineRunId: string,
  candidateRunId: string,
  options?: CompareOptions | null,
): Promise<ComparisonResult>;

/** How two runs are compared. */
export interface ComparisonOptions {
  /** The scorers to compare. Default: all that either run has. */
  scorers?: readonly string[] | undefined;
  /** The scorers of which lower scores are better. Default: none. */
  lowerIsBetter?: readonly string[] | undefined;
  /**
   * What makes two cases the same. `'auto'`, the default, takes the `key` when every case of both runs has one, otherwise
   * the `input` (whatever the order of its keys; cases of one input are trials of one case). `'idx'` pairs by position,
   * which is right only when the dataset did not change. Where all runs name the benchmarks of their cases, cases of
   * different benchmarks are different.
   */
  pairBy?: 'auto' | 'key' | 'input' | 'idx' | undefined;
  /** Intervals miss the truth with this probability, between 0 and 1; `significant` means p < alpha. Default: 0.05. */
  alpha?: number | undefined;
  /** The probability with which `minimumDetectableEffect` would be seen, between 0 and 1. Default: 0.8. */
  power?: number | undefined;
  /** A case whose score moved by at most this is unchanged, in units of the scorer. Default: 0. */
  tolerance?: number | undefined;
  /** How many cases `diffs` lists at most; `Infinity` for all. Default: 100. */
  maxDiffs?: number | undefined;
  /** Whether `diffs` come with input, expected value, outputs and errors. Default: false. */
  texts?: boolean | undefined;
  /**
   * A field of the cases by whose values to slice: `'metadata.language'`, `'input.user.tier'`. A case is in a slice for each
   * element of an array. A field that no case has is refused, and so is an object.
   */
  sliceBy?: string | undefined;
  /**
   * How several scores of a scorer on one trial, and then the trials of a case, become one score. `{ atLeast: k }`: 1 when
   * at least k trials score 1 or more, otherwise 0; `'max'` is pass@k of k trials, `'min'` is pass^k. Default: `'mean'`.
   */
  reducer?: Reducer | undefined;
  /**
   * What counts for a score that is missing: of a trial that crashed, or a case that the candidate lacks.
   *
   * - `'worst'`, the default: whatever is worst for the verdict. `ALLOW` has to hold if the missing scores of the candidate
   *   were the worst of the scale and those of the baseline the best, `REJECT` if it were the other way round. Figures are
   *   those of what was scored; {@link ScorerComparison.worstCase} and `bestCase` have the others.
   * - `'fail'`: the worst of the scale, for both runs.
   * - `'ignore'`: the case, or the trial, is left out.
   */
  missing?: 'worst' | 'fail' | 'ignore' | undefined;
  /**
   * `[lowest, highest]` score, for what is missing: of all scorers, or of each by name. Default: 0 to 1, or what the scores
   * span when some lie beyond.
   */
  range?: readonly [number, number] | Readonly<Record<string, readonly [number, number]>> | undefined;
  /** Only runs of the suite with this id are meant by names of runs. */
  suiteId?: string | undefined;
  /** Seed of the permutation test, a whole number. The same seed gives the same p-values. Default: 0. */
  seed?: number | undefined;
  /** Resamples of the permutation test, from 1 to 100 million; with few cases all are enumerated. Default: 10,000. */
  resamples?: number | undefined;
}

/** How several scores become one. */
export type Reducer = 'mean' | 'median' | 'mode' | 'max' | 'min' | { atLeast: number };

/** One of the runs of a {@link Comparison}. */
export interface RunReference {
  id: string;
  name: string;
  model: string;
  suiteId: string;
  status: 'running' | 'completed' | 'failed';
  /** Milliseconds since the epoch. */
  startedAt: number;
  /** Number of cases, every trial counted; absent where a run is only named. */
  cases?: number;
}

/** A count for each run. */
export interface OfBoth {
  baseline: number;
  candidate: number;
}

/** Which cases could be compared, and which not. All trials of a case are one case here. */
export interface Coverage {
  /** Cases in both runs. */
  both: number;
  /** Cases that the candidate lacks. */
  onlyBaseline: number;
  /** Cases that the baseline lacks. */
  onlyCandidate: number;
  /** Cases with an error in at least one trial. */
  errored: OfBoth;
  /** Trials with an error. */
  erroredTrials: OfBoth;
  /** Cases without any score: neither passed nor failed, and in no mean. */
  unscored: OfBoth;
  /** The most trials that a case has. */
  trials: OfBoth;
}

/** A confidence interval of level 1 − alpha, in the unit of what it is about. */
export interface IntervalEnds {
  low: number;
  high: number;
}

/** Where the figures of a comparison come from. */
export interface ComparisonMethod {
  /**
   * The test behind `pValue`, two-sided: McNemar's exact test for 0/1 scores, else the sign-flip permutation test (Fisher
   * 1935), of whole clusters where there are any. See {@link mcnemarExact} and {@link pairedPermutationTest} in
   * `runstore/statistics`.
   */
  test: 'mcnemar_exact' | 'sign_flip_permutation' | 'clustered_sign_flip_permutation';
  /**
   * The interval: Tango's score interval (1998) for 0/1 scores, else Student's t of the paired differences, with the
   * clustered standard error (Miller 2024) where there are clusters.
   */
  interval: 'tango' | 'paired_t' | 'clustered_t';
  /** Why these, in words. */
  reason: string;
}

/** How many scores of a scorer one run lacks, among the cases that it should have scored in both. */
export interface MissingScores {
  /** Cases of which no trial has a score. */
  cases: number;
  /** Trials without a score, those of these cases among them. */
  trials: number;
  /** Trials among them that have an error. */
  errored: number;
}

/** What a difference would be with other scores in place of those that are missing. */
export interface Bound {
  /** Mean of candidate − baseline. */
  delta: number;
  interval: IntervalEnds | null;
  pValue: number | null;
  /** Corrected for the number of scorers (Holm 1979). */
  pAdjusted: number | null;
}

/** What became of the scores of one scorer, over the cases that it scored in both runs. */
export interface ScorerComparison {
  scorer: string;
  lowerIsBetter: boolean;
  /** Number of cases. */
  n: number;
  /** Number of clusters; `null` when no case has one. */
  clusters: number | null;
  /** Cases that it scored in one run only. */
  scoredOnly: OfBoth;
  /** What is missing among the cases that it should have scored in both. */
  missing: { baseline: MissingScores; candidate: MissingScores };
  /** From the lowest score to the highest. */
  scale: [number, number];
  /** Mean score over the `n` cases; `null` when there are none. */
  baselineMean: number | null;
  /** Mean score over the `n` cases; `null` when there are none. */
  candidateMean: number | null;
  /** Mean of candidate − baseline, in units of the scorer; positive means higher, which need not mean better. */
  delta: number | null;
  /** Of the difference; `null` with fewer than two cases or clusters. */
  interval: IntervalEnds | null;
  /** Probability of a difference at least as large if there were none, two-sided. */
  pValue: number | null;
  /** The p-value, corrected for the number of scorers (Holm 1979). */
  pAdjusted: number | null;
  /** Whether `pAdjusted` is below alpha. */
  significant: boolean;
  method: ComparisonMethod | null;
  /** Cohen's d of paired scores, mean/sd of the differences; `value` is `null` when they have no spread. */
  effectSize: { value: number | null; magnitude: 'negligible' | 'small' | 'medium' | 'large' } | null;
  /**
   * The smallest true difference that as many cases show with the power asked for: (z(1 − alpha/2) + z(power)) · standard
   * error. `null` when no case differs, which says nothing of the spread.
   */
  minimumDetectableEffect: number | null;
  /** Number of cases that got better by more than the tolerance. */
  improved: number;
  /** Number of cases that got worse by more than the tolerance. */
  regressed: number;
  /** Number of cases that did neither. */
  unchanged: number;
  /** If missing scores were the worst for the candidate; `null` when none is missing, or `missing` is not `'worst'`. */
  worstCase: Bound | null;
  /** The opposite. */
  bestCase: Bound | null;
  /** Whether each case has the same score in both runs, and none is missing. */
  equalScores: boolean;
  /** Whether each case has the same outputs as well; `null` when scores differ or outputs are not stored. */
  equalOutputs: boolean | null;
}

/** A case whose scores changed; with trials, scores are means and ids those of the first. */
export interface ComparedCase {
  /** Position in the dataset, of the baseline. */
  idx: number;
  /** Absent when the case has none. */
  key?: string;
  baselineCaseId: string;
  candidateCaseId: string;
  /** The largest loss among its scorers, in units of the scores; negative when all gained. A lost score counts whole. */
  regression: number;
  scores: { scorer: string; baseline: number | null; candidate: number | null; delta: number | null }[];
  /** With the option `texts`. */
  input?: unknown;
  /** With the option `texts`. */
  expected?: unknown;
  /** With the option `texts`. */
  baselineOutput?: string | null;
  /** With the option `texts`. */
  candidateOutput?: string | null;
  /** With the option `texts`. */
  baselineError?: string | null;
  /** With the option `texts`. */
  candidateError?: string | null;
}

/** What one run used of something, over all its cases, every trial counted. */
export interface Usage {
  /** Number of cases that say how much. */
  n: number;
  total: number;
  mean: number | null;
  /** Median. */
  p50: number | null;
  /** 95 of 100 cases use at most this; linear interpolation (Hyndman & Fan 1996, type 7). */
  p95: number | null;
}

/** What the candidate uses more than the baseline. */
export interface UsageComparison {
  baseline: Usage;
  candidate: Usage;
  /** Number of cases that say how much in both runs. */
  n: number;
  /** Mean of candidate − baseline over these. */
  delta: number | null;
  /** Of that mean: Student's t, clustered where cases are. */
  interval: IntervalEnds | null;
}

/** One scorer among the cases that share the value of the field `sliceBy`. */
export interface Slice {
  /** The value as text; `null` for cases that have no such field. */
  value: string | null;
  scorer: string;
  /** Number of cases. */
  n: number;
  baselineMean: number;
  candidateMean: number;
  /** Mean of candidate − baseline. */
  delta: number;
  interval: IntervalEnds | null;
  pValue: number | null;
  /** The p-value, corrected for the number of slices and scorers (Benjamini & Hochberg 1995). */
  pAdjusted: number | null;
  /** Whether `pAdjusted` is below alpha: of slices called significant, at most that share is so by chance. */
  significant: boolean;
}

/** What {@link compare} returns: plain data, ready for JSON. */
export interface Comparison {
  baseline: RunReference;
  candidate: RunReference;
  /** All runs of the baseline's side, `baseline` first. */
  baselineRuns: RunReference[];
  /** All runs of the candidate's side, `candidate` first. */
  candidateRuns: RunReference[];
  alpha: number;
  /** How several scores became one. */
  reducer: Reducer;
  /** What counts for a score that is missing. */
  missing: 'worst' | 'fail' | 'ignore';
  /** By what cases were paired, and why. */
  pairing: { by: 'key' | 'input' | 'idx'; reason: string };
  coverage: Coverage;
  /** By name. */
  scorers: ScorerComparison[];
  usage: {
    /** Milliseconds a case. */
    latencyMs: UsageComparison;
    /** Tokens a case. */
    tokensIn: UsageComparison;
    /** Tokens a case. */
    tokensOut: UsageComparison;
    /** US dollars a case. */
    costUsd: UsageComparison;
  };
  /** The cases in both runs whose scores changed, largest regression first; at most `maxDiffs`. */
  diffs: ComparedCase[];
  /** Number of cases that changed, listed or not. */
  changedCases: number;
  /** By value, then scorer; empty without `sliceBy`. */
  slices: Slice[];
  /** What a reader should know: cases that could not be compared, runs that are not finished. */
  notes: Note[];
}

/** What a reader of a comparison should know: a code with its figures, and the same in words. */
export type Note = { text: string } & (
  | { code: 'unfinished'; role: Role; run: RunReference }
  | { code: 'newerRunIncomplete'; role: Role; run: RunReference }
  | { code: 'differentSuites' }
  | { code: 'someKeys' }
  | { code: 'sharedInputs'; cases: number }
  | { code: 'noCommonCase'; byKey: boolean }
  | { code: 'partialCoverage'; both: number; of: number }
  | { code: 'reduced'; reducer: Reducer }
  | { code: 'infiniteScores'; scores: number }
  | { code: 'tornClusters'; cases: number }
  | { code: 'someClusters'; with: number; without: number }
  | { code: 'oneCluster'; scorer: string }
  | { code: 'fewCases'; scorer: string; cases: number }
  | {
      code: 'missingScores';
      scorer: string;
      baseline: MissingScores;
      candidate: MissingScores;
      counted: 'worst' | 'fail' | 'ignore';
    }
  | { code: 'unseen'; scorer: string; cases: number }
  | { code: 'defaultMargin'; scorer: string; scale: [number, number]; margin: number }
);

/** Which side of a comparison. */
export type Role = 'baseline' | 'candidate';

/**
 * Compares a run with another: how much better or worse, and whether that can be trusted.
 *
 * Cases are paired by key or content, never silently by position; the trials of a case become one score first. Cases that
 * are in one run only, unscored or errored are counted, and `missing` says what they count for.
 *
 * A run is named by its id, at least four characters of the start of it, its name, `'latest'`, `'latest:MODEL'`,
 * `'baseline'` or `'baseline:NAME'`; an array names several runs of one side, whose scores of a case are averaged.
 * The interval then still speaks of the cases alone: how much two equal runs differ is not part of it, so it is too narrow
 * where runs drift.
 *
 * @param store The store that holds the runs.
 * @throws TypeError, RangeError (`ERR_RUNSTORE_INVALID_ARGUMENT`) for a bad argument, an option that does not exist or a
 *   scorer that neither run has.
 * @throws RunStoreError `ERR_RUNSTORE_NOT_FOUND` for an unknown run, `ERR_RUNSTORE_AMBIGUOUS` for a name of several,
 *   `ERR_RUNSTORE_SAME_RUN` for a run that is named twice; others when the store is closed or cannot be read.
 *
 * @example
 * ```ts
 * import { RunStore } from 'runstore';
 * import { compare } from 'runstore/comparison';
 *
 * const store = new RunStore(':memory:');
 * const suite_id = store.createSuite('capitals').id;
 * const runOf = (passed: number) => {
 *   const run = store.createRun({ suite_id, name: 'run', model: 'gpt-x' });
 *   const score = (idx: number) => [{ scorer_name: 'exact', score: idx < passed ? 1 : 0 }];
 *   store.saveResults(run, Array.from({ length: 100 }, (_, idx) => ({ idx, input: { idx }, scores: score(idx) })));
 *   store.finishRun(run, 'completed');
 *   return run;
 * };
 * const [exact] = compare(store, runOf(90), runOf(70)).scorers;
 * console.log(exact?.delta); // -0.2
 * console.log(exact?.interval?.low.toFixed(2), exact?.interval?.high.toFixed(2)); // -0.29 -0.13
 * console.log(exact?.significant); // true
 * ```
 */
export declare function compare(
  store: RunStore,
  baselineRunId: string | readonly string[],
  candidateRunId: string | readonly string[],
  options?: ComparisonOptions | null,
): Comparison;
/** The same on the thread of a store of `runstore/promises`; what throws above rejects here. */
export declare function compare(
  store: PromiseStore,
  baselineRunId: string | readonly string[],
  candidateRunId: string | readonly string[],
  options?: ComparisonOptions | null,
): Promise<Comparison>;

/** What a candidate has to show. */
export interface GateOptions extends ComparisonOptions {
  /**
   * The loss that is acceptable, in units of the scorer and not negative: one for all scorers, or one for each (those not
   * named have the default). Default: 0.02, two points of a score between 0 and 1.
   */
  margin?: number | Readonly<Record<string, number>> | undefined;
  /**
   * The gain that is asked for instead, for all scorers or for each named one: ALLOW takes a candidate that is surely
   * better by at least this, which is where its interval begins.
   */
  requireImprovement?: number | Readonly<Record<string, number>> | undefined;
  /**
   * The share of the cases scored in one of the runs that have to be scored in both, from 0 to 1. Below it nothing is
   * allowed, because errors would open the gate. Default: 0.95.
   */
  minCoverage?: number | undefined;
  /** Whether a run that is running or failed may be allowed, or be the baseline of what is. Default: false. */
  unfinished?: boolean | undefined;
  /**
   * What is said of runs that have the same scores, but not the same outputs in every case: `'interval'`, the default, lets
   * the interval decide as always, `'allow'` allows them.
   */
  equalScores?: 'interval' | 'allow' | undefined;
  /**
   * Whether a slice (see `sliceBy`) that got worse beyond chance (Benjamini & Hochberg) and by more than the margin rejects.
   * Default: false, it is only named.
   */
  gateSlices?: boolean | undefined;
}

/** What a gate says. */
export type Decision = 'ALLOW' | 'REJECT' | 'INCONCLUSIVE';

/** What a gate says of one scorer. */
export interface ScorerVerdict {
  scorer: string;
  decision: Decision;
  /** Why. */
  reason: Reason;
  /** The loss that is acceptable, in units of the scorer. */
  margin: number;
  /** The gain that is asked for; `null` when none is. */
  requiredImprovement: number | null;
  lowerIsBetter: boolean;
  /** Number of cases that were scored in both runs. */
  n: number;
  /** Mean of candidate − baseline. */
  delta: number | null;
  interval: IntervalEnds | null;
  /** Two-sided. */
  pValue: number | null;
  /** Corrected for the number of scorers (Holm 1979). */
  pAdjusted: number | null;
  method: ComparisonMethod | null;
  /** Probability of figures like these, or better ones, if the loss were as large as the margin; one-sided. */
  pLossBeyondMargin: number | null;
  /**
   * How many cases in all would settle it with the power asked for; `null` when it is settled or cannot be said. The advice
   * of the reason says what the true difference has to be for that.
   */
  casesNeeded: number | null;
}

/** How much better the candidate is, turned so that more is better: a loss is negative. */
export interface Gain {
  mean: number;
  low: number;
  high: number;
  /** Level of the interval. */
  level: number;
}

/** What can be done about a reason. */
export type Advice =
  | { code: 'moreCases' | 'moreClusters'; total: number; more: number; assuming: 'noDifference' | 'asSeen' }
  | { code: 'tooFewToProve'; have: number; need: number; clusters: boolean }
  | { code: 'giveMargin' | 'runAgain' | 'giveKeys' | 'finish' };

/** A reason of a verdict: a code with its figures, and the same in words. */
export type Reason = {
  /** The scorer that it is about; `null` for the runs as a whole. */
  scorer: string | null;
  advice: Advice[];
  /** A sentence, the scorer's name before it. */
  text: string;
} & (
  | { code: 'nothingChanged' | 'equalScores'; cases: number }
  | { code: 'lossRuledOut'; gain: Gain; margin: number; established: boolean }
  | { code: 'lossBeyondMargin'; gain: Gain; margin: number; certain: boolean }
  | { code: 'lossEstablished' | 'lossPossible'; gain: Gain; margin: number }
  | {
      code: 'missingScores';
      gain: Gain;
      worst: Gain | null;
      margin: number;
      baseline: MissingScores;
      candidate: MissingScores;
    }
  | { code: 'lowCoverage'; scored: number; of: number; baseline: MissingScores; candidate: MissingScores }
  | { code: 'gainEstablished' | 'gainRuledOut' | 'gainPossible'; gain: Gain; required: number }
  | { code: 'tooFew'; cases: number; clusters: number | null }
  | { code: 'unfinished'; role: Role; run: RunReference }
  | { code: 'sliceLoses'; value: string | null; gain: Gain; cases: number; decides: boolean }
  | { code: 'noScores' }
);

/** What {@link gate} returns: plain data, ready for JSON and for {@link RunStore.recordVerdict}. */
export interface GateReport {
  decision: Decision;
  /** Those that decide come first. */
  reasons: Reason[];
  alpha: number;
  /** By name. */
  scorers: ScorerVerdict[];
  /** What it rests on. */
  comparison: Comparison;
}

/**
 * Says whether a candidate may take the place of the baseline.
 *
 * With the interval [L, U] of the mean difference, turned so that more is better, and the margin m of a scorer
 * (non-inferiority, as in Wellek 2010, Testing Statistical Hypotheses of Equivalence and Noninferiority):
 *
 * - `ALLOW` when L ≥ −m: a loss beyond the margin is ruled out. Also when every case has the same scores and the same
 *   outputs: nothing changed.
 * - `REJECT` when U < 0, Holm's p is below alpha and the estimate is below −m: there is a loss, and it is beyond the margin.
 * - `INCONCLUSIVE` otherwise: `reasons` say what it takes.
 *
 * All scorers have to be allowed for an ALLOW; one rejected scorer rejects. What is missing is never taken for passed (see
 * `missing` and `minCoverage`), and a run that is not completed is not allowed (see `unfinished`).
 *
 * @param store The store that holds both runs.
 * @throws TypeError, RangeError (`ERR_RUNSTORE_INVALID_ARGUMENT`) for a bad argument, an option that does not exist or a
 *   scorer that neither run has.
 * @throws RunStoreError `ERR_RUNSTORE_NOT_FOUND` for an unknown run, `ERR_RUNSTORE_AMBIGUOUS` for a name of several,
 *   `ERR_RUNSTORE_SAME_RUN` for a run that is named twice; others when the store is closed or cannot be read.
 *
 * @example
 * ```ts
 * import { RunStore } from 'runstore';
 * import { gate } from 'runstore/comparison';
 *
 * const store = new RunStore(':memory:');
 * const suite_id = store.createSuite('capitals').id;
 * const runOf = (passed: number) => {
 *   const run = store.createRun({ suite_id, name: 'run', model: 'gpt-x' });
 *   const score = (idx: number) => [{ scorer_name: 'exact', score: idx < passed ? 1 : 0 }];
 *   store.saveResults(run, Array.from({ length: 100 }, (_, idx) => ({ idx, input: { idx }, scores: score(idx) })));
 *   store.finishRun(run, 'completed');
 *   return run;
 * };
 * const baseline = runOf(90);
 * console.log(gate(store, baseline, runOf(70), { margin: 0.05 }).decision); // REJECT
 * console.log(gate(store, baseline, runOf(89), { margin: 0.1 }).decision); // ALLOW
 * const { decision, reasons } = gate(store, baseline, runOf(88), { margin: 0.01 });
 * console.log(decision); // INCONCLUSIVE
 * console.log(reasons[0]?.code); // lossPossible
 * console.log(reasons[0]?.text.startsWith('exact: worse by 0.02')); // true
 * ```
 */
export declare function gate(
  store: RunStore,
  baselineRunId: string | readonly string[],
  candidateRunId: string | readonly string[],
  options?: GateOptions | null,
): GateReport;
/** The same on the thread of a store of `runstore/promises`; what throws above rejects here. */
export declare function gate(
  store: PromiseStore,
  baselineRunId: string | readonly string[],
  candidateRunId: string | readonly string[],
  options?: GateOptions | null,
): Promise<GateReport>;
