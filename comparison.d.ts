/**
 * runstore/comparison: how far two runs are apart.
 *
 * A drop-in for `@deepagents/evals/comparison`: the same options, the same result, from the same data. It says how far
 * the means moved, not whether that can be trusted; `runstore/statistics` has what is needed for that.
 *
 * @packageDocumentation
 */

import type { RunStore } from './index.js';

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
}

/**
 * Compares a run with another, case by case.
 *
 * Cases are paired by `idx`; of several with one `idx` in a run the last counts, as does the last score of a scorer. A
 * score that is missing counts as 0, and so does one of `Infinity`. When the runs have different numbers of cases,
 * `console.warn` says so. An unknown run has no cases.
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
