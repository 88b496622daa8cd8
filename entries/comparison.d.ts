/**
 * runstore/comparison: is this run better or worse than that one, and is the difference more than chance?
 *
 * - {@link compare} returns the differences between two runs, with intervals, p-values and the cases that changed.
 * - {@link gate} decides whether the candidate may replace the baseline.
 * - {@link compareRuns} is a drop-in replacement for `@deepagents/evals/comparison`: the same options and the same result
 *   for the same data. It compares means, without statistics.
 *
 * @packageDocumentation
 */

import type { RunStore } from '../index.js';
import type { RunStore as PromiseStore } from './promises.js';

/** The change of a score: a delta of at most the tolerance is `'unchanged'`. */
export type ChangeType = 'improved' | 'regressed' | 'unchanged';

/** One case that is in both runs. */
export interface CaseDiff {
  /** The `idx` of the case. */
  index: number;
  /** By scorer, for every scorer of either run. A missing score counts as 0. */
  scorerDeltas: Record<
    string,
    {
      /** Score of the baseline, in units of the scorer. */
      baseline: number;
      /** Score of the candidate, in units of the scorer. */
      candidate: number;
      /** candidate − baseline. */
      delta: number;
      /** Whether it got better or worse by more than the tolerance. */
      change: ChangeType;
    }
  >;
}

/** The changes of the scores of one scorer. */
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
  /** The cases that are in both runs, by ascending `idx`. */
  caseDiffs: CaseDiff[];
  /** By scorer: first the scorers of the baseline, then those that only the candidate has. */
  scorerSummaries: Record<string, ScorerSummary>;
  /** How much more the candidate used than the baseline. */
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
        /** Mean of candidate − baseline, in units of the scorer. */
        meanDelta: number;
        /** Whether it is below −`regressionThreshold`. */
        exceeds: boolean;
      }
    >;
  };
}

/** The thresholds for a change and for a regression. */
export interface CompareOptions {
  /** A delta of at most this size counts as unchanged, in units of the scorer. Default: 0.01. */
  tolerance?: number | undefined;
  /** A scorer regressed when its mean delta is below minus this, in units of the scorer. Default: 0.05. */
  regressionThreshold?: number | undefined;
  /** Called with a message when the runs have different numbers of cases. Default: `console.warn`. */
  onWarning?: ((message: string) => void) | undefined;
}

/**
 * Compares a run with another, case by case.
 *
 * Cases are paired by `idx`. If several cases of a run have the same `idx`, the last one counts; so does the last score of
 * a scorer. A missing score counts as 0, and so does `Infinity`. When the runs have different numbers of cases, `onWarning`
 * is called. An unknown run has no cases.
 *
 * @param store The store that holds both runs.
 * @param baselineRunId Id of the baseline.
 * @param candidateRunId Id of the candidate.
 * @throws TypeError, RangeError (`ERR_RUNSTORE_INVALID_ARGUMENT`) for an invalid argument: `store` must be a
 *   {@link RunStore} of this package, and the options must be numbers other than NaN.
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
/** The same for a store of `runstore/promises`, on its thread. Errors reject the promise. */
export declare function compareRuns(
  store: PromiseStore,
  baselineRunId: string,
  candidateRunId: string,
  options?: CompareOptions | null,
): Promise<ComparisonResult>;

/** How two runs are compared. */
export interface ComparisonOptions {
  /** The scorers to compare. Default: all scorers of either run but those of people (`human:NAME`), if there are others. */
  scorers?: readonly string[] | undefined;
  /** The scorers for which lower scores are better. Default: none. */
  lowerIsBetter?: readonly string[] | undefined;
  /**
   * How cases are paired. `'auto'`, the default, uses the `key` when every case of both runs has one, otherwise the `input`
   * (the order of its properties does not matter; cases with the same input are trials of one case). `'idx'` pairs by
   * position, which is right only when the dataset did not change. When all runs name the benchmarks of their cases, only
   * cases of the same benchmark are paired.
   */
  pairBy?: 'auto' | 'key' | 'input' | 'idx' | undefined;
  /**
   * The probability that an interval misses the true value, between 0 and 1: intervals have the level 1 − alpha, and
   * `significant` means p < alpha. Default: 0.05.
   */
  alpha?: number | undefined;
  /**
   * The probability of detecting a difference of `minimumDetectableEffect`, and of a verdict from as many cases as
   * `casesNeeded` says, between 0 and 1. Default: 0.8.
   */
  power?: number | undefined;
  /** A case whose score changed by at most this counts as unchanged, in units of the scorer. Default: 0. */
  tolerance?: number | undefined;
  /** Maximum number of cases in `diffs`; `Infinity` for all. Default: 100. */
  maxDiffs?: number | undefined;
  /** Whether `diffs` include input, expected answer, outputs and errors. Default: false. */
  texts?: boolean | undefined;
  /**
   * A field of the cases to slice by: `'metadata.language'`, `'input.user.tier'`. If its value is an array, the case is in one
   * slice per element. A field that no case has is refused, and so is an object.
   */
  sliceBy?: string | undefined;
  /**
   * How several scores of a scorer for one trial, and then the trials of a case, become one score. `{ atLeast: k }`: 1 when
   * at least k trials score 1 or more, otherwise 0; `'max'` is pass@k of k trials, `'min'` is pass^k. Default: `'mean'`.
   */
  reducer?: Reducer | undefined;
  /**
   * The value of a missing score: of a trial that crashed, or of a case that the candidate lacks.
   *
   * - `'worst'`, the default: the value that is worst for the verdict. An `ALLOW` must hold with the lowest possible scores
   *   for the candidate and the highest for the baseline, a `REJECT` with the opposite. The figures use only existing scores;
   *   those with assumed scores are in {@link ScorerComparison.worstCase} and `bestCase`.
   * - `'fail'`: the worst score of the scale, in both runs.
   * - `'ignore'`: the case, or the trial, is not counted.
   */
  missing?: 'worst' | 'fail' | 'ignore' | undefined;
  /**
   * `[lowest, highest]` possible score, for missing scores: one range for all scorers, or one for each by name. Default: 0
   * to 1, extended to the lowest and highest score if any lies outside.
   */
  range?: readonly [number, number] | Readonly<Record<string, readonly [number, number]>> | undefined;
  /** Id of a suite: names of runs refer to runs of this suite only. */
  suiteId?: string | undefined;
  /** Seed of the permutation test, a whole number. The same seed gives the same p-values. Default: 0. */
  seed?: number | undefined;
  /** Number of resamples of the permutation test, 1 to 100 million; with few cases, all are enumerated. Default: 10,000. */
  resamples?: number | undefined;
}

/** How several scores become one. */
export type Reducer = 'mean' | 'median' | 'mode' | 'max' | 'min' | { atLeast: number };

/** One of the runs of a {@link Comparison}. */
export interface RunReference {
  /** Its id, in full. */
  id: string;
  /** Its name. */
  name: string;
  /** The model it ran with. */
  model: string;
  /** Id of its suite. */
  suiteId: string;
  /** Whether it finished, and how. */
  status: 'running' | 'completed' | 'failed';
  /** Milliseconds since the epoch. */
  startedAt: number;
  /** Number of cases, counting every trial; absent where a run is only named. */
  cases?: number;
}

/** One count for each run. */
export interface OfBoth {
  /** In the baseline. */
  baseline: number;
  /** In the candidate. */
  candidate: number;
}

/** Which cases could be compared. All trials of a case count as one case here. */
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
  /** Cases without a score: neither passed nor failed, and not part of any mean. */
  unscored: OfBoth;
  /** The largest number of trials of a case. */
  trials: OfBoth;
}

/**
 * A confidence interval of level 1 − alpha: the true values that the data do not rule out, both ends included, in the unit of
 * its figure.
 */
export interface IntervalEnds {
  /** The lower end. */
  low: number;
  /** The upper end. */
  high: number;
}

/** The test and the interval of a comparison. */
export interface ComparisonMethod {
  /**
   * The test behind `pValue`, two-sided: McNemar's mid-p test for 0/1 scores, or the exact one when every case that changed
   * sides did so in the same direction (five losses in five cases are not significant); else the sign-flip permutation test (Fisher 1935), of
   * whole clusters where there are any. See {@link mcnemarMidP}, {@link mcnemarExact} and {@link pairedPermutationTest} in
   * `runstore/statistics`.
   */
  test: 'mcnemar_mid_p' | 'mcnemar_exact' | 'sign_flip_permutation' | 'clustered_sign_flip_permutation';
  /**
   * The interval: Tango's score interval (1998) for 0/1 scores, else Student's t of the paired differences, with the
   * clustered standard error CR2 where there are clusters. `'bounded_mean'` and `'clustered_bounded_mean'`: the same, with an
   * end moved outwards to Gaffke's bound for scores on a known scale, because the scores have too little spread, or too few
   * of them differ, for t to hold. See {@link boundedMeanInterval}.
   */
  interval: 'tango' | 'paired_t' | 'clustered_t' | 'bounded_mean' | 'clustered_bounded_mean';
  /** Why they were chosen, in words. */
  reason: string;
}

/** The missing scores of a scorer in one run, among the cases that it should have scored in both runs. */
export interface MissingScores {
  /** Cases without a score in any trial. */
  cases: number;
  /** Trials without a score, including the trials of those cases. */
  trials: number;
  /** Those of these trials that have an error. */
  errored: number;
  /** Those of these trials whose score is infinite, which no mean can contain. */
  infinite: number;
  /** Those of these cases that the run does not have at all; each counts as one trial. */
  absent: number;
}

/** The difference under an assumption about the missing scores. */
export interface Bound {
  /** Mean of candidate − baseline, in units of the scorer. */
  delta: number;
  /** Of `delta`; `null` with fewer than two cases or clusters. */
  interval: IntervalEnds | null;
  /** Two-sided p-value of no difference, from 0 to 1; `null` likewise. */
  pValue: number | null;
  /** `pValue`, corrected for the number of scorers (Holm 1979). */
  pAdjusted: number | null;
}

/** The difference in one scorer, over the cases that it scored in both runs. */
export interface ScorerComparison {
  /** Its name. */
  scorer: string;
  /** Whether lower scores are better, by the option `lowerIsBetter`. */
  lowerIsBetter: boolean;
  /** Number of cases. */
  n: number;
  /** Number of clusters; `null` when none has two cases. */
  clusters: number | null;
  /**
   * The number of equally large clusters with the same information (Kish 1965), from 1 to `clusters`: one of fifty cases and
   * fifty of one case count as four. `null` when no cluster has two cases.
   */
  effectiveClusters: number | null;
  /**
   * The difference between runs of one side, if a side has several: the standard deviation of their
   * means, in units of the scores, and its degrees of freedom. It is part of the interval and of the p-value. `null` with one
   * run each, which cannot show it.
   */
  runToRun: { sd: number; df: number } | null;
  /** Cases that the scorer scored in one run only. */
  scoredOnly: OfBoth;
  /** The missing scores among the cases that it should have scored in both runs. */
  missing: { baseline: MissingScores; candidate: MissingScores };
  /** The lowest and the highest possible score. */
  scale: [number, number];
  /** Mean score over the `n` cases; `null` when there are none. */
  baselineMean: number | null;
  /** Mean score over the `n` cases; `null` when there are none. */
  candidateMean: number | null;
  /** Mean of candidate − baseline, in units of the scorer; positive means higher, which need not mean better. */
  delta: number | null;
  /** Interval of the difference; `null` with fewer than two cases or clusters. */
  interval: IntervalEnds | null;
  /**
   * Two-sided p-value, from 0 to 1: the probability of a difference at least as large if the runs were equally good. `null`
   * with fewer than two cases or clusters.
   */
  pValue: number | null;
  /** `pValue`, corrected for the number of scorers (Holm 1979). */
  pAdjusted: number | null;
  /**
   * Whether `pAdjusted` is below alpha: something distinguishes the runs. The interval of a significant loss ends at 0 at the
   * latest. That of a significant gain may include 0, because it also allows for cases unlike those that were seen, and an
   * `ALLOW` rests on it. So swapping the runs does not always mirror the interval.
   */
  significant: boolean;
  /** Which test and interval were used, and why; `null` with fewer than two cases or clusters. */
  method: ComparisonMethod | null;
  /**
   * Cohen's d of paired scores, mean/sd of the differences, without a unit: `value` is `null` for a difference without any
   * spread, `magnitude` its category by Cohen's thresholds (0.2, 0.5, 0.8). `null` with fewer than two cases.
   */
  effectSize: { value: number | null; magnitude: 'negligible' | 'small' | 'medium' | 'large' } | null;
  /**
   * The smallest true difference that the test behind `pValue` detects among so many cases with the probability `power`, in
   * units of the scorer: by Connor (1987) for McNemar's test, otherwise by the noncentral t distribution (Cohen 1988). It
   * allows for the cases that a rare loss would add to those that differ now. `null` with fewer than two cases or clusters, and
   * when not even the largest possible difference would be detected.
   */
  minimumDetectableEffect: number | null;
  /** Number of cases that got better by more than the tolerance. */
  improved: number;
  /** Number of cases that got worse by more than the tolerance. */
  regressed: number;
  /** Number of cases that did not change. */
  unchanged: number;
  /** With missing scores at the candidate's disadvantage; `null` when none is missing, or `missing` is not `'worst'`. */
  worstCase: Bound | null;
  /** With missing scores at the candidate's advantage; `null` likewise. */
  bestCase: Bound | null;
  /** Whether each case has the same score in both runs, and none is missing. */
  equalScores: boolean;
  /** Whether each case has the same outputs as well; `null` when scores differ or outputs are not stored. */
  equalOutputs: boolean | null;
}

/** A case whose scores changed. With several trials, its scores are reduced, and its ids are those of the first trial. */
export interface ComparedCase {
  /** Position in the dataset of the baseline. */
  idx: number;
  /** Absent when the case has none. */
  key?: string;
  /** Id of the case in the baseline. */
  baselineCaseId: string;
  /** Id of the case in the candidate. */
  candidateCaseId: string;
  /** The largest loss among its scorers, in units of the scores; negative when all gained. A missing score counts as a loss of the whole score. */
  regression: number;
  /** By scorer: its scores in both runs, and candidate − baseline; `null` where there is none. */
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

/** The use of one resource by a run, over all its cases, counting every trial. */
export interface Usage {
  /** Number of cases with a value. */
  n: number;
  /** Their sum. */
  total: number;
  /** Their mean; `null` without values, as are the quantiles. */
  mean: number | null;
  /** Median. */
  p50: number | null;
  /** 95th percentile, linearly interpolated (Hyndman & Fan 1996, type 7). */
  p95: number | null;
}

/** The use of one resource in both runs. */
export interface UsageComparison {
  /** By the baseline. */
  baseline: Usage;
  /** By the candidate. */
  candidate: Usage;
  /** Number of cases with a value in both runs. */
  n: number;
  /** Mean of candidate − baseline over these cases; `null` when there are none. */
  delta: number | null;
  /**
   * Of `delta`: Student's t, with the clustered standard error where cases have clusters. `null` with fewer than two cases or
   * clusters.
   */
  interval: IntervalEnds | null;
}

/** One scorer over the cases with the same value of the field `sliceBy`. */
export interface Slice {
  /** The value as text; `null` for cases without the field. */
  value: string | null;
  /** Name of the scorer. */
  scorer: string;
  /** Number of cases. */
  n: number;
  /** Mean score over the `n` cases. */
  baselineMean: number;
  /** Mean score over the `n` cases. */
  candidateMean: number;
  /** Mean of candidate − baseline, in units of the scorer. */
  delta: number;
  /** Of `delta`; `null` with fewer than two cases or clusters. */
  interval: IntervalEnds | null;
  /** Two-sided p-value of no difference, from 0 to 1; `null` likewise. */
  pValue: number | null;
  /** `pValue`, corrected for the number of slices and scorers (Benjamini & Hochberg 1995). */
  pAdjusted: number | null;
  /** Whether `pAdjusted` is below alpha. Among the significant slices, the expected share of false ones is at most alpha. */
  significant: boolean;
}

/** What {@link compare} returns: plain data, ready for JSON. */
export interface Comparison {
  /** The baseline; the first of its side where there are several. */
  baseline: RunReference;
  /** The candidate; the first of its side where there are several. */
  candidate: RunReference;
  /** All runs on the side of the baseline, `baseline` first. */
  baselineRuns: RunReference[];
  /** All runs on the side of the candidate, `candidate` first. */
  candidateRuns: RunReference[];
  /** The option `alpha`. */
  alpha: number;
  /** How several scores became one. */
  reducer: Reducer;
  /** The value of a missing score. */
  missing: 'worst' | 'fail' | 'ignore';
  /** How cases were paired, and why. */
  pairing: { by: 'key' | 'input' | 'idx'; reason: string };
  /** Which cases could be compared. */
  coverage: Coverage;
  /** By name. */
  scorers: ScorerComparison[];
  /** Latency, tokens and cost of the runs. */
  usage: {
    /** Milliseconds per case. */
    latencyMs: UsageComparison;
    /** Tokens per case. */
    tokensIn: UsageComparison;
    /** Tokens per case. */
    tokensOut: UsageComparison;
    /** US dollars per case. */
    costUsd: UsageComparison;
  };
  /** The cases in both runs whose scores changed, largest regression first; at most `maxDiffs`. */
  diffs: ComparedCase[];
  /** Number of cases that changed, listed or not. */
  changedCases: number;
  /** By value, then scorer; empty without `sliceBy`. */
  slices: Slice[];
  /** Remarks for the reader: cases that could not be compared, runs that are not finished. */
  notes: Note[];
}

/**
 * A remark for the reader of a comparison: a code with its figures, and a sentence.
 *
 * | code | what it says |
 * | --- | --- |
 * | `unfinished` | a run is running or has failed |
 * | `newerRunIncomplete` | `'latest'` is not the newest run: `run` is newer and did not complete |
 * | `differentSuites` | the runs belong to different suites |
 * | `noCases` | a run has no cases |
 * | `someKeys` | some cases have a key and others not, so cases were paired by input |
 * | `sharedInputs`, `sharedKeys` | some cases have the input or key of another, and count as another trial of it |
 * | `noCommonCase` | no key (`byKey`), or no input, is in both runs |
 * | `partialCoverage` | only `both` of `of` cases are in both runs |
 * | `reduced` | several scores of a case count as one |
 * | `infiniteScores` | some scores are infinite, and count as missing |
 * | `tornClusters` | some cases are in different clusters in the two runs; the cluster in the baseline counts |
 * | `someClusters` | cases without a cluster count as one each |
 * | `oneCluster` | all cases are in one cluster, so there is no interval |
 * | `fewCases` | fewer than ten cases: every figure is rough |
 * | `singleRuns` | one run a side, and 300 cases or more: how much equal runs differ is not part of the interval |
 * | `missingScores` | which scores are missing, and how they count |
 * | `unseen` | all scores are equal, though outputs differ (`outputsStored`), or are not all stored |
 */
export type Note = {
  /** The sentence. */
  text: string;
} & (
  | { code: 'unfinished' | 'newerRunIncomplete' | 'noCases'; role: Role; run: RunReference }
  | { code: 'differentSuites' | 'someKeys' | 'singleRuns' }
  | { code: 'sharedInputs' | 'sharedKeys' | 'tornClusters'; cases: number }
  | { code: 'noCommonCase'; byKey: boolean }
  | { code: 'partialCoverage'; both: number; of: number }
  | { code: 'reduced'; reducer: Reducer }
  | { code: 'infiniteScores'; scores: number }
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
  | { code: 'unseen'; scorer: string; cases: number; outputsStored: boolean }
);

/** One side of a comparison. */
export type Role = 'baseline' | 'candidate';

/**
 * Compares two runs: how much better or worse the candidate is, and whether the difference is more than chance.
 *
 * Cases are paired by key or input, and by position only when you ask for it. The trials of a case are reduced to one score
 * first. Cases that are in one run only, unscored or errored are counted, and `missing` determines how they are treated.
 *
 * A run is named by its id, a prefix of its id of at least four characters, its name, `'latest'`, `'latest:NAME'`,
 * `'baseline'` or `'baseline:NAME'`; an array names several runs of one side, whose scores for
 * a case are averaged. The difference between the runs of a side (`runToRun`) then is part of the interval and of the p-value; with
 * one run per side, the interval only contains the variation between cases. See {@link calibrate}.
 *
 * @param store The store that holds the runs.
 * @throws TypeError, RangeError (`ERR_RUNSTORE_INVALID_ARGUMENT`) for an invalid argument, an unknown option or a
 *   scorer that neither run has.
 * @throws RunStoreError `ERR_RUNSTORE_NOT_FOUND` for an unknown run, `ERR_RUNSTORE_AMBIGUOUS` for a name of several
 *   runs, `ERR_RUNSTORE_SAME_RUN` for a run that is named twice; others when the store is closed or cannot be read.
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
/** The same for a store of `runstore/promises`, on its thread. Errors reject the promise. */
export declare function compare(
  store: PromiseStore,
  baselineRunId: string | readonly string[],
  candidateRunId: string | readonly string[],
  options?: ComparisonOptions | null,
): Promise<Comparison>;

/** The conditions of a gate. */
export interface GateOptions extends ComparisonOptions {
  /**
   * The acceptable loss, in units of the scorer and not negative: one for all scorers, or one for each (scorers that are
   * not named have the default). Default: 0.02, two points of a score between 0 and 1.
   */
  margin?: number | Readonly<Record<string, number>> | undefined;
  /**
   * A required gain in place of a margin, for all scorers or for each named one: ALLOW requires an interval that begins at
   * this gain or above.
   */
  requireImprovement?: number | Readonly<Record<string, number>> | undefined;
  /**
   * The minimum share of cases that are scored in both runs, among those scored in either, from 0 to 1. Below it, no
   * candidate is allowed, because errors could hide a loss. Default: 0.95.
   */
  minCoverage?: number | undefined;
  /** Whether ALLOW is possible when a run is running or failed. Default: false. */
  unfinished?: boolean | undefined;
  /**
   * How to judge runs with the same scores but different outputs: `'interval'`, the default, by the interval as usual;
   * `'allow'` allows them.
   */
  equalScores?: 'interval' | 'allow' | undefined;
  /**
   * Whether to reject when a slice (see `sliceBy`) got worse by more than the margin and by more than chance (Benjamini &
   * Hochberg). Default: false: the slice is only named in the reasons.
   */
  gateSlices?: boolean | undefined;
}

/** The verdict of a gate: `runstore gate` exits with 0, 1 and 2 in this order. */
export type Decision = 'ALLOW' | 'REJECT' | 'INCONCLUSIVE';

/** The verdict on one scorer. */
export interface ScorerVerdict {
  /** Name of the scorer. */
  scorer: string;
  /** The verdict on it alone. */
  decision: Decision;
  /** Why it was reached. */
  reason: Reason;
  /** The acceptable loss, in units of the scorer. */
  margin: number;
  /** The required gain, in units of the scorer; `null` when there is none. */
  requiredImprovement: number | null;
  /** Whether lower scores are better, by the option `lowerIsBetter`. */
  lowerIsBetter: boolean;
  /** Number of cases that were scored in both runs. */
  n: number;
  /** Mean of candidate − baseline, in units of the scorer; `null` without such cases. */
  delta: number | null;
  /** Of `delta`; `null` with fewer than two cases or clusters, as are the p-values and `method`. */
  interval: IntervalEnds | null;
  /** Two-sided p-value of no difference, from 0 to 1. */
  pValue: number | null;
  /** `pValue`, corrected for the number of scorers (Holm 1979). */
  pAdjusted: number | null;
  /** Which test and interval were used, and why. */
  method: ComparisonMethod | null;
  /**
   * One-sided p-value of a loss as large as the margin or larger, from 0 to 1 (Schuirmann 1987): at most alpha/2 where the
   * interval rules such a loss out.
   */
  pLossBeyondMargin: number | null;
  /**
   * The total number of cases with which the probability of a verdict is `power`; `null` when there is one, when clusters are
   * counted instead, when the number is unknown, or when a billion would not do. The advice of the reason names the true
   * difference that it assumes.
   */
  casesNeeded: number | null;
}

/**
 * How much better the candidate is, in units of the scorer, with the sign changed where lower is better: a loss is always
 * negative.
 */
export interface Gain {
  /** Mean over the cases. */
  mean: number;
  /** Lower end of its interval. */
  low: number;
  /** Upper end of its interval. */
  high: number;
  /** Level of the interval, between 0 and 1. */
  level: number;
}

/**
 * What to do about a reason.
 *
 * | code | what to do |
 * | --- | --- |
 * | `moreCases`, `moreClusters` | run `more`, which makes `total` in all; with probability `power` that settles it if there is no true difference (`noDifference`), or if the true one is the one seen (`asSeen`); after a gain, `totalAsSeen` in all are enough if the true difference is that gain |
 * | `equalTrials` | run the side with fewer trials of a case as often as the other: at most `baseline` and `candidate` trials |
 * | `smallerAlpha` | give a smaller `alpha`, such as the `usual` one: with this one, intervals miss the true value as often as not |
 * | `largerAlpha` | accept less certainty: `alpha` is smaller than the `usual` one, so more cases are needed |
 * | `tooFewToProve` | run at least `need` cases or `clusters` instead of `have`: with so few, no loss can be significant, however large |
 * | `moreRuns` | compare more runs a side than `baseline` and `candidate`: the difference between repeated runs alone makes the interval too wide |
 * | `weighMargin` | decide whether the difference is acceptable: it is about as large as the limit, and a limit of `gain` (negative for a loss) is surely met |
 * | `giveMargin` | give a margin: with a margin of 0 every possible loss counts; the default is `margin` |
 * | `ownMargin` | give the scorer a margin of its own: its scores span `scale`, and the default `margin` is meant for 0 to 1 |
 * | `smallerMargin` | give a smaller margin: this one is as large as `scale`, so it allows any loss |
 * | `checkCases` | check that the evaluation ran all of its cases: only `cases` were compared |
 * | `checkChange` | if something should have changed, check that the candidate used it |
 * | `reviewOutputs` | read some of the outputs that differ: this scorer gives them the same score |
 * | `reviewCases` | look at the `cases` that got worse |
 * | `reviewFailures` | look at the `attempts` that count as failures, by `missing: 'fail'` |
 * | `reviewMissing` | the verdict holds whatever the missing scores would be, but look at these `attempts` |
 * | `reviewSlice` | look at the cases of the slice, or let slices decide with `gateSlices: true` |
 * | `correctScores` | correct the scorer: the scores of `attempts` attempts are infinite, and count as missing |
 * | `runAgain` | run the `attempts` without a score again, or count them as failures with `missing: 'fail'` |
 * | `runAbsent` | run the candidate on the `cases` that it lacks, or leave them out |
 * | `distinctKeys` | give different cases different keys: `cases` cases have the key of another, and count as its trials |
 * | `chooseRun` | choose a run that has cases |
 * | `scoreBoth` | score both runs with the scorer, or do not compare by it |
 * | `giveKeys`, `sameKeys` | give each case the same key in both runs |
 * | `finish` | wait for the run, continue it, or permit it with `unfinished: true` |
 */
export type Advice =
  | {
      code: 'moreCases' | 'moreClusters';
      total: number;
      more: number;
      assuming: 'noDifference' | 'asSeen';
      totalAsSeen: number | null;
    }
  | { code: 'equalTrials' | 'moreRuns'; baseline: number; candidate: number }
  | { code: 'largerAlpha' | 'smallerAlpha'; alpha: number; usual: number }
  | { code: 'tooFewToProve'; have: number; need: number; clusters: boolean }
  | { code: 'giveMargin'; margin: number }
  | { code: 'weighMargin'; gain: number }
  | { code: 'ownMargin' | 'smallerMargin'; scale: [low: number, high: number]; margin: number }
  | { code: 'runAgain' | 'reviewMissing' | 'reviewFailures'; attempts: number; errored: number }
  | { code: 'correctScores'; attempts: number }
  | { code: 'checkCases' | 'reviewCases' | 'runAbsent' | 'distinctKeys'; cases: number }
  | { code: 'checkChange' | 'reviewOutputs' | 'reviewSlice' | 'chooseRun' | 'scoreBoth' }
  | { code: 'giveKeys' | 'sameKeys' | 'finish' };

/**
 * A reason for a verdict: a code with its figures, and a sentence.
 *
 * | code | what was found |
 * | --- | --- |
 * | `nothingChanged` | all cases have the same scores and outputs in both runs |
 * | `equalScores` | all cases have the same scores, which the option `equalScores` allows |
 * | `lossRuledOut` | a loss beyond the margin is ruled out; `established`: there is a smaller one |
 * | `lossBeyondMargin` | there is a loss, and the estimate of it is beyond the margin; `certain`: the whole interval is |
 * | `lossEstablished` | there is a loss, which may be within the margin or beyond it |
 * | `lossPossible` | a loss beyond the margin is possible |
 * | `missingScores` | the existing scores would be allowed, but missing scores could hide a loss, or a gain below `required`; `worst` is the gain with the worst scores in their place |
 * | `noCases` | a run has no cases |
 * | `noCommonCase` | no case is in both runs |
 * | `lowCoverage` | only `scored` of `of` cases are scored in both runs, below the share `required` |
 * | `gainEstablished`, `gainPossible`, `gainRuledOut` | the gain that `requireImprovement` asks for is certain, possible, or ruled out |
 * | `tooFew` | there are too few cases or clusters for an interval |
 * | `unfinished` | a run is running or has failed |
 * | `sliceLoses` | the slice with this value got worse by more than chance; `decides` by the option `gateSlices`, if the loss is beyond the `margin` |
 * | `noScores` | no scorer scored a case; `errored` cases have an error |
 */
export type Reason = {
  /** The scorer that it concerns; `null` for the runs as a whole. */
  scorer: string | null;
  /** What to do, the most useful first; empty when there is nothing to do. */
  advice: Advice[];
  /** A sentence that begins with the name of the scorer. */
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
      required: number | null;
      baseline: MissingScores;
      candidate: MissingScores;
    }
  | { code: 'noCommonCase' }
  | {
      code: 'lowCoverage';
      scored: number;
      of: number;
      required: number;
      baseline: MissingScores;
      candidate: MissingScores;
    }
  | { code: 'gainEstablished' | 'gainRuledOut' | 'gainPossible'; gain: Gain; required: number }
  | { code: 'tooFew'; cases: number; clusters: number | null }
  | { code: 'unfinished' | 'noCases'; role: Role; run: RunReference }
  | { code: 'sliceLoses'; value: string | null; gain: Gain; margin: number; cases: number; decides: boolean }
  | { code: 'noScores'; errored: OfBoth }
);

/** What {@link gate} returns: plain data, ready for JSON and for {@link RunStore.recordVerdict}. */
export interface GateReport {
  /** The verdict on the candidate. */
  decision: Decision;
  /** The decisive reasons come first. */
  reasons: Reason[];
  /** The option `alpha`. */
  alpha: number;
  /** By name. */
  scorers: ScorerVerdict[];
  /** The comparison behind the verdict. */
  comparison: Comparison;
}

/**
 * Decides whether a candidate may replace the baseline.
 *
 * With the interval [L, U] of the mean difference (its sign changed where lower is better) and the margin m of a scorer
 * (non-inferiority, as in Wellek 2010, Testing Statistical Hypotheses of Equivalence and Noninferiority):
 *
 * - `ALLOW` when L ≥ −m: a loss beyond the margin is ruled out. Also when every case has the same scores and the same
 *   outputs: nothing changed.
 * - `REJECT` when U ≤ 0, Holm's p is below alpha and the estimate is below −m: there is a loss, and it looks larger than the
 *   margin. When the true loss is exactly as large as the margin, up to half of such candidates are rejected.
 * - `INCONCLUSIVE` otherwise: `reasons` say what is needed for a verdict.
 *
 * ALLOW requires that every scorer is allowed; one rejected scorer rejects. A missing score never counts as passed (see
 * `missing` and `minCoverage`), and a run that is not completed is not allowed (see `unfinished`).
 *
 * @param store The store that holds both runs.
 * @throws TypeError, RangeError (`ERR_RUNSTORE_INVALID_ARGUMENT`) for an invalid argument, an unknown option or a
 *   scorer that neither run has.
 * @throws RunStoreError `ERR_RUNSTORE_NOT_FOUND` for an unknown run, `ERR_RUNSTORE_AMBIGUOUS` for a name of several
 *   runs, `ERR_RUNSTORE_SAME_RUN` for a run that is named twice; others when the store is closed or cannot be read.
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
/** The same for a store of `runstore/promises`, on its thread. Errors reject the promise. */
export declare function gate(
  store: PromiseStore,
  baselineRunId: string | readonly string[],
  candidateRunId: string | readonly string[],
  options?: GateOptions | null,
): Promise<GateReport>;

/** The scorers that {@link judgeAgreement} compares. */
export interface JudgeOptions {
  /** The reference scorer, usually people. */
  human: string;
  /** The scorer to evaluate. */
  judge: string;
  /** Level of all intervals, between 0 and 1. Default: 0.95. */
  level?: number | null | undefined;
  /**
   * Counts scores of at least this as 1 and others as 0, on both sides: for people who say pass or fail, and judges with other
   * scores. Default: scores are used unchanged.
   */
  threshold?: number | null | undefined;
}

/** A figure with its interval. */
export interface Estimated {
  /** The figure. */
  estimate: number;
  /** The lower end of its interval. */
  low: number;
  /** The upper end of its interval. */
  high: number;
}

/** The agreement of a judge with people. Attempts are treated as independent. */
export interface JudgeAgreement {
  /** Id of the run. */
  runId: string;
  /** The scorer to judge by. */
  human: string;
  /** The scorer that was judged. */
  judge: string;
  /** Attempts that both scored; several scores of one scorer on one attempt are averaged. */
  n: number;
  /** Attempts that only the human scored. */
  onlyHuman: number;
  /** Attempts that only the judge scored. */
  onlyJudge: number;
  /** Level of all intervals. */
  level: number;
  /** Scores of at least this counted as 1 and others as 0; `null` if they were unchanged. */
  threshold: number | null;
  /** Share of attempts with the same score, with Wilson's interval; `null` with more than 20 different scores. */
  agreement: Estimated | null;
  /** Cohen's kappa, with its asymptotic interval; `null` as above, and when all scores are equal. */
  kappa: Estimated | null;
  /** Kappa with quadratic weights: near scores agree partially. */
  weightedKappa: Estimated | null;
  /** Krippendorff's alpha by squared distance, with a jackknife interval; `null` when all scores are equal. */
  alpha: Estimated | null;
  /** Mean of judge − human, with Student's interval; `null` with fewer than two attempts. */
  bias: Estimated | null;
  /** Attempts by the human's score, then by the judge's; `null` with more than 20 different scores. */
  confusion: { categories: number[]; counts: number[][] } | null;
  /** The mean of the human's scores; `null` with fewer than two of them. */
  humanMean: {
    /** From the human's scores alone. */
    humanOnly: Estimated;
    /** With the judge's scores of the other attempts, prediction-powered; `null` when there are none. */
    withJudge: Estimated | null;
    /** The weight of the judge's scores in that, from 0 to 1. */
    lambda: number | null;
  } | null;
}

/**
 * Returns the agreement of a judge with people over the attempts of a run that both scored, and the mean of the people's
 * scores, estimated with the help of the judge's.
 *
 * @throws RangeError when one of the two scored nothing in the run.
 *
 * @example
 * ```ts
 * import { RunStore } from 'runstore';
 * import { judgeAgreement } from 'runstore/comparison';
 *
 * const store = new RunStore(':memory:');
 * const suite = store.createSuite('suite');
 * const runId = store.createRun({ suite_id: suite.id, name: 'judged', model: 'm' });
 * store.saveResults(runId, [
 *   { idx: 0, input: 'a', scores: { judge: 1, human: 1 } },
 *   { idx: 1, input: 'b', scores: { judge: 1, human: 0 } },
 *   { idx: 2, input: 'c', scores: { judge: 0, human: 0 } },
 * ]);
 * console.log(judgeAgreement(store, runId, { judge: 'judge', human: 'human' }).kappa?.estimate.toFixed(2)); // 0.40
 * ```
 */
export function judgeAgreement(store: RunStore, runId: string, options: JudgeOptions): JudgeAgreement;
/** The same for a store of `runstore/promises`, on its thread. Errors reject the promise. */
export function judgeAgreement(store: PromiseStore, runId: string, options: JudgeOptions): Promise<JudgeAgreement>;

/** Selects the runs that {@link calibrate} treats as equal. */
export interface CalibrationOptions {
  /** The runs, named as in {@link compare}. Default: the last completed ones of the suite. */
  runs?: readonly string[] | undefined;
  /** Only runs of this model. May be left out when the last runs are all of one model. */
  model?: string | null | undefined;
  /** How many of the last completed runs are used, at least 2. Default: 10. */
  last?: number | undefined;
  /** The probability that two equal runs are farther apart than `smallestDifference`, between 0 and 1. Default: 0.05. */
  alpha?: number | undefined;
  /** How several scores of a scorer on one trial, and the trials of a case, become one score. Default: `'mean'`. */
  reducer?: Reducer | undefined;
}

/** How much equal runs differ in the mean of one scorer, in units of its scores. */
export interface ScorerCalibration {
  /** The scorer. */
  scorer: string;
  /** Number of cases that it scored in every run; no others are used. */
  cases: number;
  /** Mean over runs and cases; `null` without cases. */
  mean: number | null;
  /** The mean of each run, in the order of `runs`. */
  runMeans: number[];
  /** Standard deviation of the means of runs; `null` with fewer than two cases, as are the figures below. */
  sd: number | null;
  /** The standard deviation that independent answers would have. */
  sdOfAnswers: number | null;
  /**
   * From 0 to 1: how often independent answers would make runs differ as much (F test of a two-way analysis of
   * variance). A small value means that whole runs drift; more cases do not help then.
   */
  pDrift: number | null;
  /** The mean absolute difference between the means of two equal runs: 1.13 `sd`. */
  expectedDifference: number | null;
  /** Two equal runs are farther apart than this with probability alpha: t · √2 · `sd`. A smaller difference is not meaningful. */
  smallestDifference: number | null;
}

/** How much equal runs of a suite differ. */
export interface Calibration {
  /** Id of the suite. */
  suiteId: string;
  /** The model of all runs; `null` if runs of several were named. */
  model: string | null;
  /** The option `alpha`. */
  alpha: number;
  /** Oldest first. */
  runs: RunReference[];
  /** By name. */
  scorers: ScorerCalibration[];
}

/**
 * Estimates how much equal runs of a suite differ: the same model, prompts and cases, run again.
 *
 * It cannot detect which runs are equal. By default it uses the last completed runs of one model; name them in `runs` if prompts
 * changed in between. Cases are matched by key if every case has one, otherwise by input. With few runs `smallestDifference` is
 * large, because two or three runs give little information about how much others would differ.
 *
 * @throws {RunStoreError} `ERR_RUNSTORE_NOT_FOUND` if there are fewer than two such runs.
 * @throws {RangeError} If a run is named twice or belongs to another suite, or if the last runs have several models and
 *   `model` is omitted.
 * @example
 * ```ts
 * import { RunStore } from 'runstore';
 * import { calibrate } from 'runstore/comparison';
 *
 * const store = new RunStore(':memory:');
 * const suite_id = store.createSuite('capitals').id;
 * for (const passed of [90, 88, 91, 89]) {
 *   const run = store.createRun({ suite_id, name: 'run', model: 'gpt-x' });
 *   const score = (idx: number) => [{ scorer_name: 'exact', score: idx < passed ? 1 : 0 }];
 *   store.saveResults(run, Array.from({ length: 100 }, (_, idx) => ({ idx, input: { idx }, scores: score(idx) })));
 *   store.finishRun(run, 'completed');
 * }
 * const [exact] = calibrate(store, suite_id).scorers;
 * console.log(exact?.sd?.toFixed(4)); // 0.0129
 * console.log(exact?.expectedDifference?.toFixed(3)); // 0.015
 * console.log(exact?.smallestDifference?.toFixed(3)); // 0.058
 * ```
 */
export declare function calibrate(store: RunStore, suiteId: string, options?: CalibrationOptions | null): Calibration;
/** The same for a store of `runstore/promises`, on its thread. Errors reject the promise. */
export declare function calibrate(
  store: PromiseStore,
  suiteId: string,
  options?: CalibrationOptions | null,
): Promise<Calibration>;
