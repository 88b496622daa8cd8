/**
 * runstore/statistics: the statistics of evaluation runs, as pure functions on arrays.
 *
 * Scores are numbers, higher is better, and delta = candidate − baseline. All results are in units of the scores unless
 * stated otherwise. Functions that draw at random take a `seed`, and give the same result on any number of threads.
 *
 * Every function throws a `RangeError` for a wrong value (NaN, infinities and numbers beyond 1e140 in an array, arrays
 * of the wrong length, a level outside (0, 1), …) and a `TypeError` for a wrong type. Both are a `RunStoreError` with
 * code `ERR_RUNSTORE_INVALID_ARGUMENT`, and their message names the function and the argument. "Throws" below lists
 * what a function refuses in addition.
 *
 * | question | function |
 * | --- | --- |
 * | better or worse, graded scores | {@link pairedPermutationTest} for p, {@link pairedTTest} for the interval |
 * | … cases in clusters | {@link clusteredPermutationTest}, {@link clusteredTTest} |
 * | better or worse, 0/1 scores | {@link pairedCounts}, {@link mcnemarExact} or {@link mcnemarMidP}, {@link tangoInterval} |
 * | worse by more than a margin | {@link tangoPValue} for 0/1 scores, else an interval of the difference |
 * | different cases | {@link unpairedTTest}, {@link unpairedPermutationTest}, {@link unpairedBootstrap} |
 * | one run | {@link wilsonInterval}, {@link meanInterval}, {@link clusteredMeanInterval}, {@link bootstrapMean} |
 * | … few scores, or all alike, on a known scale | {@link boundedMeanInterval}, {@link clusteredBoundedMeanInterval} |
 * | how large | {@link cohensDPaired}, {@link cohensD}, {@link cliffsDelta} |
 * | how many cases | {@link minimumDetectableEffect}, {@link requiredN}, {@link powerForDelta}, {@link estimateIcc} |
 * | … 0/1 scores | {@link mcnemarPower}, {@link mcnemarRequiredN} |
 * | several questions | {@link holm}, {@link bonferroni}, {@link benjaminiHochberg} |
 * | looked at while it runs | {@link confidenceSequence}, {@link sequentialGate} |
 * | several samples a case | {@link passAtK}, {@link passAllK} |
 * | many runs | {@link linearTrend} |
 * | how far to trust a judge | {@link raterAgreement}, {@link cohensKappa}, {@link krippendorffsAlpha}, {@link predictionPoweredMean} |
 *
 * @packageDocumentation
 */

/** Numbers: an array, or a Float64Array, which is read without a copy. Neither is changed. */
export type Numbers = readonly number[] | Float64Array;

/**
 * The name of the cluster of each value. A number names the same cluster as its text. Clusters are numbered by the code
 * points of their names, which only affects random draws.
 */
export type ClusterIds = readonly (string | number)[];

/** The alternative hypothesis: delta is not 0, above 0, or below 0. A one-sided interval is open on the other side. */
export type Alternative = 'two-sided' | 'greater' | 'less';

/** A confidence interval, ends included, in units of its estimate. */
export interface Interval {
  /** The lower end; `-Infinity` when it is open, which JSON writes as `null`. */
  low: number;
  /** The upper end; `Infinity` when it is open, which JSON writes as `null`. */
  high: number;
  /** The confidence level, between 0 and 1. */
  level: number;
}

/** The level of an interval. */
export interface LevelOptions {
  /** The confidence level, between 0 and 1. Default: 0.95. */
  level?: number | undefined;
}

/** The direction of a test. */
export interface AlternativeOptions {
  /** The alternative hypothesis. Default: `'two-sided'`. */
  alternative?: Alternative | undefined;
}

/** The direction of a test, and the level of its interval. */
export interface TestOptions extends AlternativeOptions, LevelOptions {}

/** How to resample. */
export interface ResamplingOptions {
  /** How many resamples to draw, from 1 to 100,000,000. The smallest p-value is 1/(resamples + 1). Default: 10,000. */
  resamples?: number | undefined;
  /**
   * The seed of NumPy's `default_rng`, a whole number from 0 to 2^53 − 1. The same seed gives the same result. Default: 0.
   */
  seed?: number | undefined;
  /**
   * The maximum number of threads, up to 1024; 0 uses one per processor. The result is the same. Default: 0.
   */
  threads?: number | undefined;
}

/** How to bootstrap. */
export interface BootstrapOptions extends TestOptions, ResamplingOptions {}

/** How to permute. */
export interface PermutationOptions extends AlternativeOptions, ResamplingOptions {
  /**
   * Whether all choices of signs are enumerated (`'exact'`, for up to 40 differences that are not 0) or drawn
   * (`'seeded'`). Default: `'auto'`, which enumerates up to 30.
   */
  mode?: 'auto' | 'exact' | 'seeded' | undefined;
}

/** A t test of a mean, or of a difference of means, against 0. */
export interface TTest {
  /** The mean, or candidate − baseline. */
  delta: number;
  /** The standard error of `delta`. */
  standardError: number;
  /** delta/standardError, without a unit; ±`Infinity` when only the standard error is 0, and 0 when both are. */
  t: number;
  /** Degrees of freedom. */
  df: number;
  /** The p-value, from 0 to 1. */
  pValue: number;
  /** The interval of `delta`. */
  interval: Interval;
}

/** A permutation test of delta = 0. */
export interface PermutationTest {
  /** The mean of candidate − baseline. */
  delta: number;
  /** The p-value, above 0 and up to 1: exact, or (hits + 1)/(resamples + 1). */
  pValue: number;
  /** Number of pairs; of values of both runs together when they are not paired. */
  nPairs: number;
  /** Number of clusters that were flipped as wholes; `null` when pairs were. */
  nClusters: number | null;
  /** Whether all choices of signs were enumerated. */
  exact: boolean;
  /** Number of choices of signs behind the p-value: 2^units, or the resamples. */
  arrangements: number;
}

/** A bootstrap of a mean, or of a difference of means. */
export interface Bootstrap {
  /** The mean, or candidate − baseline. */
  delta: number;
  /** The standard deviation of the values or differences. */
  sd: number;
  /** The percentile interval of `delta`. */
  interval: Interval;
  /** The p-value of delta = 0, (hits + 1)/(resamples + 1). */
  pValue: number;
  /** Number of values or pairs; of values of both runs together when they are not paired. */
  n: number;
  /** Number of clusters that were drawn as wholes; `null` when values were drawn one by one. */
  nClusters: number | null;
}

/** The mean of a run. */
export interface MeanInterval {
  /** Number of values. */
  n: number;
  /** Their mean. */
  mean: number;
  /** Their standard deviation, with n − 1. */
  sd: number;
  /** sd/√n. */
  standardError: number;
  /** The interval of the mean. */
  interval: Interval;
}

/** The standard errors of a mean of values in clusters. */
export interface ClusteredStandardError {
  /** The mean of the values. */
  mean: number;
  /** √(Σ over clusters of (Σ of deviations)²)/n. */
  cr0: number;
  /** cr0·√(G/(G − 1)), corrected for the number G of clusters. */
  cr1: number;
  /** √(Σ (Σ of deviations)²/(1 − size/n))/n, corrected for the number and the sizes of clusters: the one to use. */
  cr2: number;
  /** The degrees of freedom of `cr2`, from 1 to G − 1. */
  df: number;
  /** sd/√n, right only when all values are independent. */
  naive: number;
  /** Number of values. */
  n: number;
  /** The number G of clusters. */
  nClusters: number;
  /** Number of equally large clusters with the same information: n²/Σ sizes². */
  effectiveClusters: number;
}

/** How often two runs pass the same cases. Numbers of cases. */
export interface PairedCounts {
  /** Both runs pass. */
  both: number;
  /** Only the baseline passes: regressions. */
  baselineOnly: number;
  /** Only the candidate passes: improvements. */
  candidateOnly: number;
  /** Neither passes. */
  neither: number;
}

/** An effect size, without a unit. Positive values favour the candidate. */
export interface EffectSize {
  /** The value; ±`Infinity` for a difference without any spread. */
  value: number;
  /** Its word, by the thresholds of Cohen (0.2, 0.5, 0.8) or, for Cliff's delta, of Romano (0.147, 0.33, 0.474). */
  magnitude: 'negligible' | 'small' | 'medium' | 'large';
}

/** The error rate of a family of tests. */
export interface AlphaOptions {
  /** Between 0 and 1. Default: 0.05. */
  alpha?: number | undefined;
}

/** Corrected p-values, in the order given. */
export interface AdjustedPValues {
  /** The corrected p-values, from 0 to 1. */
  pAdjusted: number[];
  /** Whether each is below alpha. */
  reject: boolean[];
}

/** The error rates that a comparison is planned for. */
export interface ErrorRateOptions extends AlphaOptions {
  /** The probability of detecting an existing difference, above alpha and below 1. Default: 0.8. */
  power?: number | undefined;
  /** Whether only a difference in one direction counts. Default: `false`. */
  oneSided?: boolean | undefined;
}

/** How the pairs fall into clusters; both or neither. */
export interface ClusteringOptions {
  /** Number of clusters, from 1 to the number of pairs. */
  nClusters?: number | undefined;
  /** Intraclass correlation of the differences, from −1 to 1; negative ones count as 0. See {@link estimateIcc}. */
  icc?: number | undefined;
}

/** How the cases to collect will fall into clusters. */
export interface RequiredNOptions {
  /** Intraclass correlation of the differences, from −1 to 1; negative ones count as 0. Default: 0. */
  icc?: number | undefined;
  /** The mean number m of pairs in a cluster, at least 1. Default: 1. */
  meanClusterSize?: number | undefined;
}

/** The smallest difference that a comparison detects with the given power. */
export interface DetectableEffect {
  /** 0 when the differences have no spread, `Infinity` below 2 pairs or clusters. */
  mde: number;
  /** The design effect 1 + (m − 1)·icc of clusters of m pairs, without a unit; `null` without clusters. */
  deff: number | null;
}

/** The tuning of a confidence sequence. */
export interface SequenceOptions extends AlphaOptions {
  /**
   * Where the interval is tightest, relative to an interval for that number of values only: with alpha 0.05, after about
   * 8·rho² values. Above 0. Default: 1.
   */
  rho?: number | undefined;
  /** The least standard deviation to assume, in units of the values; not negative. Default: none. */
  sigmaBound?: number | undefined;
}

/** When a gate may fire. */
export interface SequentialGateOptions {
  /**
   * Where the interval must lie for the gate to fire: `'greater'`, above −margin (no loss beyond the margin); `'less'`, below it;
   * `'two-sided'`, either. Default: `'greater'`.
   */
  alternative?: Alternative | undefined;
  /** The loss that you accept, in units of the differences; not negative. Default: 0. */
  margin?: number | undefined;
  /** The smallest and the largest difference that can occur. Default: `[-1, 1]`, for scores from 0 to 1. */
  range?: readonly [number, number] | undefined;
  /** The probability that the gate ever fires wrongly, between 0 and 1; half of it for one side. Default: 0.05. */
  alpha?: number | undefined;
  /** The first number of values at which the gate may fire. Default: 1. */
  minN?: number | undefined;
}

/** When evalsig's gate may fire. */
export interface EvalsigGateOptions extends SequenceOptions {
  /** The side of 0 that the interval has to lie on. Default: `'greater'`. */
  alternative?: Alternative | undefined;
  /** The first number of values at which the gate may fire. Default: 30. */
  minN?: number | undefined;
}

/** The state of a confidence sequence. */
export interface ConfidenceSequence {
  /** Number of values used. */
  n: number;
  /** Their mean; 0 without values. */
  delta: number;
  /** Half the width of the interval, in units of the values; `Infinity` when there is no estimate yet. */
  halfWidth: number;
  /** The interval of the mean, valid at every n at once. */
  interval: Interval;
  /** Of a confidence sequence, whether the interval excludes 0; of a gate, whether it fired. */
  stopped: boolean;
}

/** The samples of one case. */
export interface Samples {
  /** Number of samples. */
  n: number;
  /** Number of them that pass, from 0 to n. */
  passed: number;
}

/** A straight line through points. */
export interface LinearTrend {
  /** The slope as `delta`, in units of y per unit of x, with its t test against 0 and its interval. */
  slope: TTest;
  /** The height of the line at x = 0, in units of y. */
  intercept: number;
  /** Number of points. */
  n: number;
}

/**
 * Returns the t test of candidate − baseline on the same cases.
 *
 * t = mean/(sd/√n) of the differences, with n − 1 degrees of freedom; interval mean ± t·sd/√n (Student 1908, "The
 * probable error of a mean"). Assumes that the differences are independent, and nearly normal or many. When all are
 * equal the interval is a point and p is 0 or 1, however few they are: prefer {@link pairedPermutationTest} there.
 *
 * @throws RangeError when the lengths differ, or there are fewer than 2 pairs.
 *
 * @example
 * ```ts
 * const { delta, interval } = pairedTTest([0.5, 0.6, 0.4], [0.7, 0.6, 0.8]);
 * console.log(delta.toFixed(3), interval.low.toFixed(3), interval.high.toFixed(3)); // 0.200 -0.297 0.697
 * ```
 */
export function pairedTTest(baseline: Numbers, candidate: Numbers, options?: TestOptions | null): TTest;

/**
 * Returns Welch's t test of mean(candidate) − mean(baseline), for runs on different cases and of unequal variance.
 *
 * Welch (1947), with the degrees of freedom of Satterthwaite (1946): (v + w)²/(v²/(n − 1) + w²/(m − 1)), v and w being
 * the variances of the two means.
 *
 * @throws RangeError when a run has fewer than 2 values.
 *
 * @example
 * ```ts
 * console.log(unpairedTTest([0.5, 0.6, 0.4], [0.7, 0.6, 0.8, 0.9]).pValue < 0.05); // true
 * ```
 */
export function unpairedTTest(baseline: Numbers, candidate: Numbers, options?: TestOptions | null): TTest;

/**
 * Returns the t test of candidate − baseline with cases in clusters: mean ± t·cr2, with the degrees of freedom of Bell and
 * McCaffrey. See {@link clusteredStandardError}.
 *
 * @throws RangeError when the lengths differ, and when there are fewer than 2 clusters, or not as many cluster ids as
 *   values.
 *
 * @example
 * ```ts
 * console.log(clusteredTTest([0, 0, 0, 0], [1, 1, 0, 0], ['a', 'a', 'b', 'b']).df.toFixed(2)); // 1.00
 * ```
 */
export function clusteredTTest(
  baseline: Numbers,
  candidate: Numbers,
  clusterIds: ClusterIds,
  options?: TestOptions | null,
): TTest;

/**
 * Returns the sign-flip test of candidate − baseline on the same cases.
 *
 * If the runs are equally good, each difference is equally likely to have the other sign. p is the share of all choices of
 * signs whose mean is at least as extreme as the observed one (Fisher 1935, The Design of Experiments, §21); if they are
 * drawn at random, p = (hits + 1)/(resamples + 1) (Phipson & Smyth 2010). Means that differ only by rounding count as equal.
 *
 * @throws RangeError when the lengths differ, or there are fewer than 2 pairs, or `mode: 'exact'` is asked for more
 *   than 40 differences that are not 0.
 *
 * @example
 * ```ts
 * console.log(pairedPermutationTest([0, 0, 0], [1, 2, 3], { alternative: 'greater' }).pValue); // 0.125
 * ```
 */
export function pairedPermutationTest(
  baseline: Numbers,
  candidate: Numbers,
  options?: PermutationOptions | null,
): PermutationTest;

/**
 * Returns the sign-flip test in which all differences of a cluster keep or change their signs together.
 *
 * The test for cases that are not independent: the unit is the sum over a cluster. See {@link pairedPermutationTest}.
 *
 * @throws RangeError as {@link pairedPermutationTest}, and when there are fewer than 2 clusters, or not as many cluster
 *   ids as values.
 *
 * @example
 * ```ts
 * console.log(clusteredPermutationTest([0, 0, 0], [1, 2, 3], ['a', 'a', 'b']).pValue.toFixed(2)); // 0.50
 * ```
 */
export function clusteredPermutationTest(
  baseline: Numbers,
  candidate: Numbers,
  clusterIds: ClusterIds,
  options?: PermutationOptions | null,
): PermutationTest;

/**
 * Returns the permutation test of mean(candidate) − mean(baseline), for runs on different cases.
 *
 * If the runs are equally good, each value is equally likely to come from the other run: the values of both are shuffled and
 * split again (Pitman 1937). p = (hits + 1)/(resamples + 1), where hits are the splits that are at least as extreme.
 * `nPairs` counts the values of both runs.
 *
 * @throws RangeError when a run has fewer than 2 values.
 *
 * @example
 * ```ts
 * console.log(unpairedPermutationTest([0.5, 0.6, 0.4], [0.7, 0.6, 0.8, 0.9]).exact); // false
 * ```
 */
export function unpairedPermutationTest(
  baseline: Numbers,
  candidate: Numbers,
  options?: (AlternativeOptions & ResamplingOptions) | null,
): PermutationTest;

/**
 * Returns the percentile interval of a mean, and the test of a mean of 0.
 *
 * In each resample, n values are drawn with replacement; the ends of the interval are quantiles of their means (Efron 1979,
 * linear interpolation). p is the share of means that are at least as far from the observed mean as the observed mean is
 * from 0 (Davison & Hinkley 1997, 4.4.1). Somewhat narrow below about 50 values.
 *
 * @throws RangeError when there are fewer than 2 values.
 *
 * @example
 * ```ts
 * console.log(bootstrapMean([0, 1, 1, 1], { seed: 7 }).interval.high); // 1
 * ```
 */
export function bootstrapMean(values: Numbers, options?: BootstrapOptions | null): Bootstrap;

/**
 * Returns the bootstrap of the mean of candidate − baseline on the same cases: {@link bootstrapMean} of the
 * differences.
 *
 * @throws RangeError when the lengths differ, or there are fewer than 2 pairs.
 *
 * @example
 * ```ts
 * console.log(pairedBootstrap([0, 0, 0, 0], [0, 1, 1, 1]).delta); // 0.75
 * ```
 */
export function pairedBootstrap(baseline: Numbers, candidate: Numbers, options?: BootstrapOptions | null): Bootstrap;

/**
 * Returns the bootstrap of mean(candidate) − mean(baseline), each run drawn with replacement from itself.
 *
 * Efron & Tibshirani (1993), An Introduction to the Bootstrap, 8.3. `n` counts the values of both runs, and `sd` is the
 * root of the mean of their variances.
 *
 * @throws RangeError when a run has fewer than 2 values.
 *
 * @example
 * ```ts
 * console.log(unpairedBootstrap([0, 0, 0, 1], [0, 1, 1, 1]).delta); // 0.5
 * ```
 */
export function unpairedBootstrap(baseline: Numbers, candidate: Numbers, options?: BootstrapOptions | null): Bootstrap;

/**
 * Returns the bootstrap of the mean of candidate − baseline that draws whole clusters.
 *
 * G of the G clusters are drawn with replacement and all their differences averaged (Davison & Hinkley 1997, 3.8;
 * Cameron, Gelbach & Miller 2008). Below about 30 clusters the interval is too narrow: prefer {@link clusteredTTest}.
 *
 * @throws RangeError when the lengths differ, and when there are fewer than 2 clusters, or not as many cluster ids as
 *   values.
 *
 * @example
 * ```ts
 * console.log(clusterBootstrap([0, 0, 0, 0], [0, 1, 1, 1], ['a', 'a', 'b', 'b']).nClusters); // 2
 * ```
 */
export function clusterBootstrap(
  baseline: Numbers,
  candidate: Numbers,
  clusterIds: ClusterIds,
  options?: BootstrapOptions | null,
): Bootstrap;

/**
 * Returns the mean of a run with the interval mean ± t·sd/√n, n − 1 degrees of freedom (Student 1908).
 *
 * For independent values; for 0/1 scores {@link wilsonInterval} is better, for clusters {@link clusteredMeanInterval}.
 *
 * @throws RangeError when there are fewer than 2 values.
 *
 * @example
 * ```ts
 * console.log(meanInterval([1, 2, 3]).mean); // 2
 * ```
 */
export function meanInterval(values: Numbers, options?: LevelOptions | null): MeanInterval;

/**
 * Returns the interval of the mean of independent values that cannot lie beyond the limits. It holds even for values without
 * any spread, for which a t interval is a point.
 *
 * Gaffke (2005); Learned-Miller & Thomas (2020), "A new confidence interval for the mean of a bounded random variable": the
 * values and one more at the limit get random weights, uniform among all that sum to 1; the lower end is a quantile of the
 * weighted mean, the upper end likewise with one value at the other limit (by the saddlepoint approximation of Lugannani &
 * Rice 1980). For 0/1 values that is the interval of Clopper & Pearson (1934), to three digits. No distribution is known for
 * which its coverage is below its level, but this is not proven for all distributions.
 *
 * @param limits The smallest and the largest possible value.
 *
 * @throws RangeError when there are no values, or one is beyond the limits.
 *
 * @example
 * ```ts
 * console.log(boundedMeanInterval([1, 1, 1, 1, 1], [0, 1]).low.toFixed(2)); // 0.48
 * ```
 */
export function boundedMeanInterval(
  values: Numbers,
  limits: readonly [low: number, high: number],
  options?: TestOptions | null,
): Interval;

/**
 * Returns the interval of the mean of values in clusters that cannot lie beyond the limits: {@link boundedMeanInterval} with
 * clusters weighted as wholes.
 *
 * One more cluster is placed at the limit, as large as the cluster of an average value (Σ sizes²/n), so very unequal
 * clusters make the interval wide.
 *
 * @param limits The smallest and the largest possible value.
 *
 * @throws RangeError when there are no values, one is beyond the limits, or there are not as many cluster ids as values.
 *
 * @example
 * ```ts
 * console.log(clusteredBoundedMeanInterval([1, 1, 1, 1], ['a', 'a', 'b', 'b'], [0, 1]).low.toFixed(2)); // 0.16
 * ```
 */
export function clusteredBoundedMeanInterval(
  values: Numbers,
  clusterIds: ClusterIds,
  limits: readonly [low: number, high: number],
  options?: TestOptions | null,
): Interval;

/**
 * Returns the t test of the mean of values in clusters against 0: mean ± t·cr2, with the degrees of freedom of Bell and
 * McCaffrey.
 *
 * Sources as for {@link clusteredTTest}.
 *
 * @throws RangeError when there are fewer than 2 clusters, or not as many cluster ids as values.
 *
 * @example
 * ```ts
 * console.log(clusteredMeanInterval([1, 0, 1, 1], ['a', 'a', 'b', 'b']).delta); // 0.75
 * ```
 */
export function clusteredMeanInterval(values: Numbers, clusterIds: ClusterIds, options?: TestOptions | null): TTest;

/**
 * Returns the standard errors of the mean of values in clusters.
 *
 * `cr0` and `cr1`: Miller (2024), "Adding Error Bars to Evals", section 2.2; Liang & Zeger (1986). `cr2`: Bell &
 * McCaffrey (2002), with the degrees of freedom of Satterthwaite (Imbens & Kolesár 2016, "Robust standard errors in small
 * samples"): G − 1 for clusters of equal size, fewer the more unequal they are. Cases that share a passage or template
 * count for less than independent ones. When every cluster has one member, `cr1` and `cr2` equal `naive`.
 *
 * @throws RangeError when there are fewer than 2 clusters, or not as many cluster ids as values.
 *
 * @example
 * ```ts
 * console.log(clusteredStandardError([0, 0, 1, 1], ['a', 'a', 'b', 'b']).cr1.toFixed(2)); // 0.50
 * ```
 */
export function clusteredStandardError(values: Numbers, clusterIds: ClusterIds): ClusteredStandardError;

/**
 * Returns the intraclass correlation, from 0 (members of a cluster differ as much as values of different clusters) to 1
 * (they are equal).
 *
 * One-way analysis of variance: (MSB − MSW)/(MSB + (m − 1)·MSW), with the mean cluster size m corrected for unequal
 * sizes (Donner 1986). Negative estimates count as 0, and so do values without an estimate.
 *
 * @throws RangeError when there are no values, or not as many cluster ids as values.
 *
 * @example
 * ```ts
 * console.log(estimateIcc([1, 1, 0, 0], ['a', 'a', 'b', 'b'])); // 1
 * ```
 */
export function estimateIcc(values: Numbers, clusterIds: ClusterIds): number;

/**
 * Returns the 2 × 2 table of two runs' 0/1 scores on the same cases.
 *
 * @throws RangeError when the lengths differ, there are no scores, or one is neither 0 nor 1.
 *
 * @example
 * ```ts
 * console.log(pairedCounts([1, 0, 0], [1, 1, 0]).candidateOnly); // 1
 * ```
 */
export function pairedCounts(baseline: Numbers, candidate: Numbers): PairedCounts;

/**
 * Returns the p-value of McNemar's exact test of two paired pass rates, from 0 to 1.
 *
 * Among the cases that only one run passes, the improvements are binomial with probability ½; two-sided: twice the smaller
 * tail, at most 1 (McNemar 1947). Its error rate is never above alpha, so it is conservative. Without such cases p = 1.
 *
 * @example
 * ```ts
 * console.log(mcnemarExact({ both: 1, baselineOnly: 0, candidateOnly: 5, neither: 1 })); // 0.0625
 * ```
 */
export function mcnemarExact(counts: PairedCounts, options?: AlternativeOptions | null): number;

/**
 * Returns McNemar's mid-p value, from 0 to 1: the exact one, but with only half of the probability of the observed table.
 *
 * Fagerland, Lydersen & Laake (2013): its error rate is nearly always at or below alpha, without the loss of power
 * of {@link mcnemarExact}.
 *
 * @example
 * ```ts
 * console.log(mcnemarMidP({ both: 1, baselineOnly: 0, candidateOnly: 5, neither: 1 })); // 0.03125
 * ```
 */
export function mcnemarMidP(counts: PairedCounts, options?: AlternativeOptions | null): number;

/**
 * Returns McNemar's asymptotic p-value, from 0 to 1, for more than about 25 cases that only one run passes.
 *
 * Two-sided from chi² = (|b − c| − 1)²/(b + c) with one degree of freedom (Edwards 1948); one-sided from z = (c −
 * b)/√(b + c); b regressions, c improvements. Without such cases p = 1.
 *
 * @example
 * ```ts
 * console.log(mcnemarChiSquared({ both: 50, baselineOnly: 10, candidateOnly: 30, neither: 10 }) < 0.01); // true
 * ```
 */
export function mcnemarChiSquared(counts: PairedCounts, options?: AlternativeOptions | null): number;

/**
 * Returns Tango's score interval of the difference of two paired pass rates, candidate − baseline, within [−1, 1].
 *
 * Tango (1998), "Equivalence test and confidence interval for the difference in proportions for the paired-sample
 * design": all delta that the test (c − b − n·delta)/√(n(2q + delta(1 − delta))) does not reject, with q the likeliest
 * share of regressions given delta. Agrees with McNemar's uncorrected test about delta = 0.
 *
 * @throws RangeError when there are no cases.
 *
 * @example
 * ```ts
 * console.log(tangoInterval({ both: 50, baselineOnly: 10, candidateOnly: 30, neither: 10 }).low > 0); // true
 * ```
 */
export function tangoInterval(counts: PairedCounts, options?: TestOptions | null): Interval;

/**
 * Returns the p-value, from 0 to 1, of Tango's score test that the difference of two paired pass rates is `bound`.
 *
 * With `alternative: 'greater'` and the bound −margin, it is the non-inferiority test of the article: the p-value of "the
 * candidate loses by the margin or more". {@link tangoInterval} contains the bounds that are not rejected.
 *
 * @param bound Between −1 and 1.
 *
 * @throws RangeError when there are no cases, or `bound` is out of its range.
 *
 * @example
 * ```ts
 * const counts = { both: 180, baselineOnly: 3, candidateOnly: 4, neither: 13 };
 * console.log(tangoPValue(counts, -0.05, { alternative: 'greater' }) < 0.025); // true
 * ```
 */
export function tangoPValue(counts: PairedCounts, bound: number, options?: AlternativeOptions | null): number;

/**
 * Returns the probability, from 0 to 1, that McNemar's two-sided mid-p test detects a true difference of `delta`, in its
 * direction. If all discordant cases are on one side, the exact test is used, as in `compare`: five of five cases are not
 * significant.
 *
 * Of n cases a binomial number is discordant, and of these a binomial number on the side of the difference: the sum over
 * both (Connor 1987); beyond 400 expected discordant cases Connor's normal approximation.
 *
 * @param n Number of cases.
 * @param discordance Share of the cases that exactly one of the runs passes, from 0 to 1.
 * @param delta The difference of the pass rates, at most `discordance` in size.
 *
 * @throws RangeError when a number is out of its range.
 *
 * @example
 * ```ts
 * console.log(mcnemarPower(100, 0.2, 0.1).toFixed(2)); // 0.62
 * ```
 */
export function mcnemarPower(n: number, discordance: number, delta: number, options?: AlphaOptions | null): number;

/**
 * Returns the number of cases with which McNemar's two-sided mid-p test detects a difference of `delta` between two pass
 * rates with the given power.
 *
 * A loss adds discordant cases: their share becomes discordance + |delta|·(1 − discordance). See {@link mcnemarPower}.
 *
 * @param delta The difference of the pass rates, from −1 to 1, and not 0.
 * @param discordance Share of the cases that exactly one of two equal runs passes, from 0 to 1.
 *
 * @throws RangeError when a number is out of its range, or power is not above alpha.
 *
 * @example
 * ```ts
 * console.log(mcnemarRequiredN(0.05, 0.1) > 400); // true
 * ```
 */
export function mcnemarRequiredN(
  delta: number,
  discordance: number,
  options?: (AlphaOptions & { power?: number | undefined }) | null,
): number;

/**
 * Returns Newcombe's hybrid interval of the difference of two paired pass rates, candidate − baseline, within [−1, 1].
 *
 * Newcombe (1998), method 10: the Wilson intervals of the two rates, combined with the correlation of the table.
 *
 * @throws RangeError when there are no cases.
 *
 * @example
 * ```ts
 * console.log(newcombeInterval({ both: 50, baselineOnly: 10, candidateOnly: 30, neither: 10 }).low > 0); // true
 * ```
 */
export function newcombeInterval(counts: PairedCounts, options?: TestOptions | null): Interval;

/**
 * Returns Wilson's two-sided interval of a pass rate, within [0, 1].
 *
 * (p + z²/2n ± z√(p(1 − p)/n + z²/4n²))/(1 + z²/n), p = successes/n (Wilson 1927; Brown, Cai & DasGupta 2001). Its coverage
 * is close to its level even for few cases and for rates near 0 or 1.
 *
 * @throws RangeError when `n` is 0, or `successes` is above `n`.
 *
 * @example
 * ```ts
 * console.log(wilsonInterval(0, 10).high.toFixed(4)); // 0.2775
 * ```
 */
export function wilsonInterval(successes: number, n: number, options?: LevelOptions | null): Interval;

/**
 * Returns Cohen's d: the difference of the means over the pooled standard deviation (Cohen 1988, 2.2).
 *
 * @throws RangeError when a run has fewer than 2 values.
 *
 * @example
 * ```ts
 * console.log(cohensD([1, 2, 3], [2, 3, 4]).value); // 1
 * ```
 */
export function cohensD(baseline: Numbers, candidate: Numbers): EffectSize;

/**
 * Returns the paired d: the mean difference over the standard deviation of the differences (Cohen 1988, d_z).
 *
 * @throws RangeError when the lengths differ, or there are fewer than 2 pairs.
 *
 * @example
 * ```ts
 * console.log(cohensDPaired([0, 0, 0], [1, 2, 3]).value); // 2
 * ```
 */
export function cohensDPaired(baseline: Numbers, candidate: Numbers): EffectSize;

/**
 * Returns Cliff's delta, P(candidate > baseline) − P(candidate < baseline) over all pairs of values, from −1 to 1.
 *
 * Cliff (1993), "Dominance statistics: ordinal analyses to answer ordinal questions". Invariant under monotone
 * transformations of the scale.
 *
 * @throws RangeError when a run is empty.
 *
 * @example
 * ```ts
 * console.log(cliffsDelta([1, 2], [2, 3]).value); // 0.75
 * ```
 */
export function cliffsDelta(baseline: Numbers, candidate: Numbers): EffectSize;

/**
 * Returns p·m for each of the m p-values, at most 1 (Dunn 1961). Bounds the probability of any false rejection.
 *
 * @throws RangeError when a p-value is not from 0 to 1.
 *
 * @example
 * ```ts
 * console.log(bonferroni([0.01, 0.04]).pAdjusted); // [ 0.02, 0.08 ]
 * ```
 */
export function bonferroni(pValues: Numbers, options?: AlphaOptions | null): AdjustedPValues;

/**
 * Returns the step-down correction of Holm (1979): the i-th smallest p times m − i + 1, and never below the one before.
 *
 * Bounds the probability of any false rejection as {@link bonferroni} does, and always rejects at least as much.
 *
 * @throws RangeError when a p-value is not from 0 to 1.
 *
 * @example
 * ```ts
 * console.log(holm([0.01, 0.04]).reject); // [ true, true ]
 * ```
 */
export function holm(pValues: Numbers, options?: AlphaOptions | null): AdjustedPValues;

/**
 * Returns the step-up correction of Benjamini & Hochberg (1995): the i-th smallest p times m/i, and never above the
 * next.
 *
 * Bounds the expected share of false ones among the rejections, for tests that are independent or positively dependent.
 *
 * @throws RangeError when a p-value is not from 0 to 1.
 *
 * @example
 * ```ts
 * console.log(benjaminiHochberg([0.01, 0.04]).pAdjusted); // [ 0.02, 0.04 ]
 * ```
 */
export function benjaminiHochberg(pValues: Numbers, options?: AlphaOptions | null): AdjustedPValues;

/**
 * Returns the smallest mean difference that a t test of `nPairs` pairs detects with the given power, in units of the scores.
 *
 * By the noncentral t distribution with n − 1 degrees of freedom, or G − 1 with G clusters (Cohen 1988,
 * Statistical Power Analysis for the Behavioral Sciences); clusters of m pairs have the design effect deff = 1 + (m −
 * 1)·max(icc, 0).
 *
 * @param sdDiff Standard deviation of the differences, in units of the scores.
 * @param nPairs Number of pairs.
 *
 * @throws RangeError when a number is out of its range.
 *
 * @example
 * ```ts
 * console.log(minimumDetectableEffect(0.5, 1000).mde.toFixed(4)); // 0.0443
 * ```
 */
export function minimumDetectableEffect(
  sdDiff: number,
  nPairs: number,
  options?: (ErrorRateOptions & ClusteringOptions) | null,
): DetectableEffect;

/**
 * Returns the least number of pairs, at least 2, with which a t test detects a mean difference of `targetDelta` with the
 * given power.
 *
 * The inverse of {@link powerForDelta}. For pass rates, whose spread grows with the difference, use
 * {@link mcnemarRequiredN}.
 *
 * @param targetDelta Above 0, in units of the scores.
 * @param sdDiff Standard deviation of the differences, in units of the scores.
 *
 * @throws RangeError when a number is out of its range.
 *
 * @example
 * ```ts
 * console.log(requiredN(0.02, 0.5)); // 4908
 * ```
 */
export function requiredN(
  targetDelta: number,
  sdDiff: number,
  options?: (ErrorRateOptions & RequiredNOptions) | null,
): number;

/**
 * Returns the probability, from 0 to 1, that a t test at level alpha detects a true mean difference of `delta`.
 *
 * The noncentral t distribution of shift delta·√(n/deff)/sd; two-sided, it counts both directions. Without any spread, it is
 * 1 if delta is not 0, else alpha; with fewer than 2 pairs or clusters it is 0, because there is no test.
 *
 * @param delta In units of the scores.
 * @param sdDiff Standard deviation of the differences, in units of the scores.
 * @param nPairs Number of pairs.
 *
 * @throws RangeError when a number is out of its range.
 *
 * @example
 * ```ts
 * console.log(powerForDelta(0.02, 0.5, 1000).toFixed(3)); // 0.244
 * ```
 */
export function powerForDelta(
  delta: number,
  sdDiff: number,
  nPairs: number,
  options?: (AlphaOptions & { oneSided?: boolean | undefined } & ClusteringOptions) | null,
): number;

/**
 * Returns the confidence sequence of the mean after all `differences`.
 *
 * mean ± sd·√(2(t + rho²)·ln(√(t + rho²)/(alpha·rho)))/t: the normal mixture of Robbins (1970) in the form of Howard et al.
 * (2021), "Time-uniform, nonparametric, nonasymptotic confidence sequences". Unlike with a t interval, you may look at it
 * after every value, and stop, without raising the error rate (asymptotically: Waudby-Smith et al. 2024).
 *
 * @throws RangeError when an option is out of its range.
 *
 * @example
 * ```ts
 * console.log(confidenceSequence([0.5]).halfWidth); // Infinity
 * ```
 */
export function confidenceSequence(differences: Numbers, options?: SequenceOptions | null): ConfidenceSequence;

/**
 * Returns the state at the first of the `differences` from number `minN` on at which the interval of their mean excludes
 * −margin in the direction of `alternative`, or after the last; `stopped` tells which.
 *
 * You may look at the differences one by one as they come in, and stop: the gate fires wrongly with a probability of at most
 * `alpha` (half of it for one side), from the first value on and for every distribution within `range`, skewed ones
 * included. Bets against the mean (Waudby-Smith & Ramdas 2024, "Estimating means of bounded random variables by betting").
 *
 * @throws RangeError when a difference is not finite or outside of `range`, or an option is out of its range.
 *
 * @example
 * ```ts
 * const better = Array.from({ length: 100 }, (_, at) => (at % 4 === 0 ? 0 : 0.5));
 * console.log(sequentialGate(better).stopped); // true
 * ```
 */
export function sequentialGate(differences: Numbers, options?: SequentialGateOptions | null): ConfidenceSequence;

/** The agreement of raters, with its uncertainty. */
export interface Agreement {
  /** The share, or the coefficient: at most 1, and below 0 for raters who agree less than by chance. */
  estimate: number;
  /** The standard error of `estimate`. */
  standardError: number;
  /** The interval of `estimate`, at most 1. */
  interval: Interval;
  /** Number of items that both rated; for Krippendorff's alpha, that at least two raters rated. */
  n: number;
}

/** A mean of labels, with the help of predictions. */
export interface PredictedMean {
  /** The mean, in units of the labels. */
  estimate: number;
  /** The standard error of `estimate`. */
  standardError: number;
  /** The interval of `estimate`. */
  interval: Interval;
  /** How much the predictions count, from 0 (only the labels do) to 1. */
  lambda: number;
  /** Number of labels. */
  nLabeled: number;
  /** Number of predictions without a label. */
  nUnlabeled: number;
}

/**
 * Returns the share of items that two raters rate alike, from 0 to 1, with Wilson's interval (1927).
 *
 * @param one The ratings of one rater.
 * @param other The ratings of the other rater, in the same order.
 *
 * @throws RangeError when the lengths differ, there is no rating, or one is not finite.
 *
 * @example
 * ```ts
 * console.log(raterAgreement([1, 0, 1, 1], [1, 0, 0, 1]).estimate); // 0.75
 * ```
 */
export function raterAgreement(one: Numbers, other: Numbers, options?: LevelOptions | null): Agreement;

/**
 * Returns Cohen's kappa of two raters: 1 is full agreement, 0 as much as by chance, below 0 less than that.
 *
 * (p − e)/(1 − e), with the share p of equal ratings, and the share e that is expected by chance, given how often each rater
 * uses each category (Cohen 1960). With `weights`, different categories agree partially, by their distance in rank or by its
 * square (Cohen 1968). The interval is asymptotic (Fleiss, Cohen & Everitt 1969) and needs about fifty ratings.
 *
 * @param one The ratings of one rater; each number is a category, in their order.
 * @param other The ratings of the other rater, in the same order.
 *
 * @throws RangeError when the lengths differ, there are fewer than 2 ratings, one is not finite, or both raters used the
 * same one category only.
 *
 * @example
 * ```ts
 * console.log(cohensKappa([1, 0, 1, 0], [1, 0, 0, 0]).estimate); // 0.5
 * ```
 */
export function cohensKappa(
  one: Numbers,
  other: Numbers,
  options?: (LevelOptions & { weights?: 'none' | 'linear' | 'quadratic' | undefined }) | null,
): Agreement;

/**
 * Returns Krippendorff's alpha of two or more raters, each of whom may have rated only some items: 1 is full agreement, 0 as
 * much as by chance.
 *
 * 1 − (observed disagreement)/(disagreement by chance), by the distance of ratings: `'nominal'`, the default, equal or not;
 * `'ordinal'`, by rank; `'interval'`, by the square of the difference (Krippendorff 2019, Content Analysis). The interval is
 * Student's, with the standard error of a jackknife over the items.
 *
 * @param ratings One array per rater, in the same order of units; `null` or NaN for a missing rating.
 *
 * @throws RangeError when raters have different lengths, fewer than two items are rated twice, or all ratings are equal.
 *
 * @example
 * ```ts
 * const ratings = [[1, 2, 3, 3, null], [1, 2, 3, 2, 2]];
 * console.log(krippendorffsAlpha(ratings, { distance: 'ordinal' }).estimate.toFixed(3)); // 0.790
 * ```
 */
export function krippendorffsAlpha(
  ratings: readonly (Float64Array | readonly (number | null)[])[],
  options?: (LevelOptions & { distance?: 'nominal' | 'ordinal' | 'interval' | undefined }) | null,
): Agreement;

/**
 * Returns the mean of labels, if only few cases have one, with the help of a judge that scored all cases. The bias of the
 * judge is corrected by its errors in the labeled cases; a good judge narrows the interval.
 *
 * PPI++ (Angelopoulos, Duchi & Zrnic 2023), with Student's interval. The largest possible error in either direction is added
 * to the observed errors, because a judge that is rarely wrong may be right in all of the few labeled cases.
 *
 * @param labels The labels, most often of people.
 * @param predictions The judge's scores of the labeled cases, in the same order.
 * @param unlabeled The judge's scores of the other cases.
 *
 * @throws RangeError when there are fewer than 2 labels or no unlabeled score, the numbers of labels and predictions differ,
 *   or a number is not finite.
 *
 * @example
 * ```ts
 * const mean = predictionPoweredMean([1, 0, 1, 1], [1, 0, 1, 0], [1, 1, 0, 1, 1, 0, 1, 1]);
 * console.log(mean.nLabeled, mean.nUnlabeled); // 4 8
 * ```
 */
export function predictionPoweredMean(
  labels: Numbers,
  predictions: Numbers,
  unlabeled: Numbers,
  options?: LevelOptions | null,
): PredictedMean;

/**
 * Returns pass@k, the probability that at least one of k samples passes, from 0 to 1: 1 − C(n − passed, k)/C(n, k).
 *
 * The unbiased estimate of Chen et al. (2021), "Evaluating large language models trained on code".
 *
 * @throws RangeError when `k` is not from 1 to n.
 *
 * @example
 * ```ts
 * console.log(passAtK({ n: 4, passed: 2 }, 2).toFixed(4)); // 0.8333
 * ```
 */
export function passAtK(samples: Samples, k: number): number;

/**
 * Returns pass^k, the probability that all of k samples pass, from 0 to 1: C(passed, k)/C(n, k).
 *
 * The unbiased estimate of Yao et al. (2024), "τ-bench".
 *
 * @throws RangeError when `k` is not from 1 to n.
 *
 * @example
 * ```ts
 * console.log(passAllK({ n: 4, passed: 2 }, 2).toFixed(4)); // 0.1667
 * ```
 */
export function passAllK(samples: Samples, k: number): number;

/**
 * Returns the mean {@link passAtK} over the cases that have at least `k` samples.
 *
 * @throws RangeError when `k` is 0, or no case has `k` samples.
 *
 * @example
 * ```ts
 * console.log(meanPassAtK([{ n: 2, passed: 1 }, { n: 2, passed: 2 }], 1)); // 0.75
 * ```
 */
export function meanPassAtK(cases: readonly Samples[], k: number): number;

/**
 * Returns the mean {@link passAllK} over the cases that have at least `k` samples.
 *
 * @throws RangeError when `k` is 0, or no case has `k` samples.
 *
 * @example
 * ```ts
 * console.log(meanPassAllK([{ n: 2, passed: 1 }, { n: 2, passed: 2 }], 2)); // 0.5
 * ```
 */
export function meanPassAllK(cases: readonly Samples[], k: number): number;

/**
 * Returns how many of the samples of a case pass: those whose reward is above 0.
 *
 * @example
 * ```ts
 * console.log(samplesFromRewards([1, 0, 0.5, -1])); // { n: 4, passed: 2 }
 * ```
 */
export function samplesFromRewards(rewards: Numbers): Samples;

/**
 * Returns the values of k to report for up to `n` samples per case: those of 1, 5, 10, 25, 50 and 100 below `n`, and `n`.
 *
 * @example
 * ```ts
 * console.log(chooseKValues(30)); // [ 1, 5, 10, 25, 30 ]
 * ```
 */
export function chooseKValues(n: number): number[];

/**
 * Returns the line of least squares through the points (x, y), with the t interval of its slope.
 *
 * slope = Σ(x − x̄)(y − ȳ)/Σ(x − x̄)², with the standard error √(Σ residuals²/(n − 2)/Σ(x − x̄)²) and n − 2 degrees of
 * freedom (Draper & Smith 1998, Applied Regression Analysis, chapter 1). x can be the number of the run.
 *
 * @throws RangeError when the lengths differ, there are fewer than 3 points, or all x are equal.
 *
 * @example
 * ```ts
 * console.log(linearTrend([1, 2, 3, 4], [0.9, 0.8, 0.8, 0.7]).slope.delta.toFixed(2)); // -0.06
 * ```
 */
export function linearTrend(x: Numbers, y: Numbers, options?: LevelOptions | null): LinearTrend;

/**
 * The rules of evalsig 0.1.2 with identical results, including random draws, to reproduce its verdicts and to compare with
 * it. The comments say which rules are not sound and why; the others compute the same as the function of the same name in
 * `runstore/statistics`.
 */
export namespace evalsig {
  /** The outcome of a paired test. */
  interface Paired {
    /** The mean of candidate − baseline. */
    delta: number;
    /** The interval of `delta`. */
    interval: Interval;
    /** From 0 to 1. */
    pValue: number;
    /** Standard deviation of the differences. */
    sdDiff: number;
    /** Number of pairs. */
    nPairs: number;
    /** Number of clusters drawn; `null` when pairs were drawn. */
    nClusters: number | null;
    /** evalsig's name of the method. */
    method: string;
  }

  /** The outcome of McNemar's test. */
  interface McNemar {
    /** Difference of the pass rates, candidate − baseline. */
    delta: number;
    /** Wald's interval of it. */
    interval: Interval;
    /** From 0 to 1. */
    pValue: number;
    /** How many cases both runs pass, one of them, or neither. */
    counts: PairedCounts;
    /** evalsig's name of the method. */
    method: 'mcnemar_exact' | 'mcnemar_chi2';
  }

  /** The outcome of an unpaired test. */
  interface Unpaired {
    /** mean(candidate) − mean(baseline). */
    delta: number;
    /** The interval of `delta`. */
    interval: Interval;
    /** From 0 to 1. */
    pValue: number;
    /** Number of values of the baseline. */
    nBaseline: number;
    /** Number of values of the candidate. */
    nCandidate: number;
    /** evalsig's name of the method. */
    method: string;
  }

  /** One row of a run. */
  interface Item {
    /** Rows of the two runs are paired by it. */
    itemId: string;
    /** Its score; higher is better. */
    score: number;
    /** The group of items that it is not independent of. Default: none. */
    clusterId?: string | null | undefined;
    /** The repetition; only 0 is compared. Default: 0. */
    epoch?: number | undefined;
  }

  /** How to compare. */
  interface CompareOptions extends ErrorRateOptions, ResamplingOptions {
    /** The test. Default: `'auto'`: with clusters the cluster bootstrap, for 0/1 scores McNemar's, else permutation. */
    method?:
      | 'auto'
      | 'paired_t'
      | 'paired_permutation'
      | 'paired_bootstrap'
      | 'mcnemar'
      | 'cluster_bootstrap'
      | undefined;
    /** Any text: the clusters of the rows are used. */
    cluster?: string | null | undefined;
  }

  /** The comparison of two runs. */
  interface Comparison {
    /** The mean of candidate − baseline. */
    delta: number;
    /** The interval of `delta`, of level 1 − alpha. */
    interval: Interval;
    /** From 0 to 1. */
    pValue: number;
    /** Whether p is below alpha and, one-sided, delta above 0. */
    significant: boolean;
    /** Number of items in both runs. */
    nPairs: number;
    /** Number of clusters; `null` when the test used none. */
    nClusters: number | null;
    /** evalsig's name of the test that was used. */
    method: string;
    /** The minimum detectable effect; `Infinity` below 2 pairs. */
    mde: number;
    /** What the user should know. */
    notes: string[];
  }

  /** A verdict and the comparison behind it. */
  interface GateReport {
    /** The verdict. */
    verdict: 'ALLOW' | 'REJECT' | 'INCONCLUSIVE';
    /** The comparison behind it. */
    comparison: Comparison;
    /** What to do, or why not, in evalsig's words; `null` when there is nothing to say. */
    suggestion: string | null;
  }

  /**
   * Returns the paired t test. Not sound without spread: p is then 0 for any difference, and the interval closed whatever
   * the alternative. `pairedTTest` of `runstore/statistics` is sound.
   *
   * @throws RangeError when the lengths differ, or there are fewer than 2 pairs.
   */
  export function pairedTTest(baseline: Numbers, candidate: Numbers, options?: TestOptions | null): Paired;

  /**
   * Returns McNemar's test, exact for up to `exactThreshold` (25) cases that only one run passes, else asymptotic. Not
   * sound: Wald's interval can exclude 0 while p says otherwise, and leaves [−1, 1]. {@link tangoInterval} does
   * neither.
   *
   * @throws RangeError when the lengths differ, there are no scores, or one is neither 0 nor 1.
   */
  export function mcnemarTest(
    baseline: Numbers,
    candidate: Numbers,
    options?: (TestOptions & { exactThreshold?: number | undefined }) | null,
  ): McNemar;

  /**
   * Returns the sign-flip test, with the interval of a bootstrap drawn afterwards. Not sound in that ties are decided by
   * rounding; `pairedPermutationTest` of `runstore/statistics` counts them as ties.
   *
   * @throws RangeError when the lengths differ, or there are fewer than 2 pairs.
   */
  export function pairedPermutationTest(
    baseline: Numbers,
    candidate: Numbers,
    options?: BootstrapOptions | null,
  ): Paired;

  /**
   * Returns the paired bootstrap. {@link pairedBootstrap} draws the same, but counts ties as ties, and the observed
   * mean as one of them.
   *
   * @throws RangeError when the lengths differ, or there are fewer than 2 pairs.
   */
  export function pairedBootstrapCi(baseline: Numbers, candidate: Numbers, options?: BootstrapOptions | null): Paired;

  /**
   * Returns the cluster bootstrap. Not sound with few clusters, and it accepts a single one; use {@link clusteredTTest}
   * instead.
   *
   * @throws RangeError when the lengths differ, or there are not as many cluster ids as pairs.
   */
  export function clusterBootstrapCi(
    baseline: Numbers,
    candidate: Numbers,
    clusterIds: ClusterIds,
    options?: BootstrapOptions | null,
  ): Paired;

  /**
   * Returns the bootstrap of the difference of means, with ties decided by rounding.
   *
   * @throws RangeError when a run is empty.
   */
  export function unpairedBootstrap(baseline: Numbers, candidate: Numbers, options?: BootstrapOptions | null): Unpaired;

  /**
   * Returns the permutation test, with the interval of a bootstrap drawn afterwards. Runs on one thread, because one list is
   * shuffled repeatedly. {@link unpairedPermutationTest} counts ties as ties.
   *
   * @throws RangeError when a run is empty.
   */
  export function unpairedPermutation(
    baseline: Numbers,
    candidate: Numbers,
    options?: BootstrapOptions | null,
  ): Unpaired;

  /**
   * Returns the intraclass correlation, from 0 to 1, with n/G for the size of a cluster. Not sound for clusters of
   * unequal sizes.
   *
   * @throws RangeError when there are no values, or not as many cluster ids as values.
   */
  export function estimateIcc(values: Numbers, clusterIds: ClusterIds): number;

  /**
   * Returns the minimum detectable effect, (z_alpha + z_power)·sd/√(n/deff): that of independent pairs unless both
   * `nClusters` and `icc` are given. Not sound for few pairs, because it uses z instead of t, nor for a power below alpha.
   *
   * @throws RangeError when a number is out of its range.
   */
  export function mde(
    sdDiff: number,
    nPairs: number,
    options?: (ErrorRateOptions & ClusteringOptions) | null,
  ): DetectableEffect;

  /**
   * Returns the number of pairs, ((z_alpha + z_power)·sd/targetDelta)²·(1 + (m − 1)·max(icc, 0)), rounded up. Not sound for
   * few pairs, because it uses z instead of t.
   *
   * @throws RangeError when a number is out of its range.
   */
  export function requiredN(
    targetDelta: number,
    sdDiff: number,
    options?: (ErrorRateOptions & RequiredNOptions) | null,
  ): number;

  /**
   * Returns the power, P(Z > z_alpha − shift) with shift = delta·√(n/deff)/sd, and two-sided also P(Z < −z_alpha − shift).
   * Not sound for few pairs, and 1 for a single one.
   *
   * @throws RangeError when a number is out of its range.
   */
  export function powerForDelta(
    delta: number,
    sdDiff: number,
    nPairs: number,
    options?: (AlphaOptions & { oneSided?: boolean | undefined } & ClusteringOptions) | null,
  ): number;

  /**
   * Returns Cohen's d. Not sound in that a difference without any spread is called negligible.
   *
   * @throws RangeError when a run has fewer than 2 values.
   */
  export function cohensD(baseline: Numbers, candidate: Numbers): EffectSize;

  /**
   * Returns the paired d. Not sound in that an equal difference in all pairs is called negligible.
   *
   * @throws RangeError when the lengths differ, or there are fewer than 2 pairs.
   */
  export function cohensDPaired(baseline: Numbers, candidate: Numbers): EffectSize;

  /**
   * Returns the confidence sequence. Not sound in that a single value is given a standard deviation of 1.
   *
   * @throws RangeError when an option is out of its range.
   */
  export function confidenceSequence(differences: Numbers, options?: SequenceOptions | null): ConfidenceSequence;

  /**
   * Returns the sequential gate. Not sound after the last value: `stopped` is then true when the interval excludes 0 at
   * all, even on the other side, and even below `minN`.
   *
   * @throws RangeError when an option is out of its range.
   */
  export function sequentialGate(differences: Numbers, options?: EvalsigGateOptions | null): ConfidenceSequence;

  /**
   * Returns the comparison of two runs. Not sound where its tests are not.
   *
   * @throws RangeError when the runs have no item in common, or their scores do not suit the test.
   */
  export function compare(
    baseline: readonly Item[],
    candidate: readonly Item[],
    options?: CompareOptions | null,
  ): Comparison;

  /**
   * Returns the verdict: ALLOW when the improvement is significant and at least `minDelta`; INCONCLUSIVE when it is not
   * significant and `minDelta` could not have been detected; else REJECT. One-sided unless `oneSided` is `false`. Not sound
   * as a guard against regressions: it requires a proven improvement, so identical runs are rejected.
   *
   * @throws RangeError when the runs have no item in common, or `minDelta` is negative.
   */
  export function gate(
    baseline: readonly Item[],
    candidate: readonly Item[],
    minDelta: number,
    options?: CompareOptions | null,
  ): GateReport;
}
