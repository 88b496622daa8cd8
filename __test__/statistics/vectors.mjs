// The expected results in tests/fixtures/statistics-vectors.json, each recomputed through runstore/statistics.
//
// They were computed by evalsig, NumPy, statsmodels and tinker-cookbook; `compute` below is one function for each of
// theirs, in the shape that they return.

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import * as statistics from 'runstore/statistics';
import { projectDirectory } from '../support/reference-packages.mjs';

const { evalsig } = statistics;

/** JSON has no infinities: they stand there as `{ "$float": "Infinity" }`. */
const reviver = (_, value) => (value?.$float === undefined ? value : Number(value.$float));

export const { vectors } = JSON.parse(
  readFileSync(join(projectDirectory, 'tests/fixtures/statistics-vectors.json'), 'utf8'),
  reviver,
);

/** The generator itself is Rust's only; what is drawn with it is checked by the seeded functions. */
export const withoutCounterpart = { 'numpy.random.default_rng': 4 };

const ofTest = ({ alternative, ci_level: level }) => ({ alternative, level });
const ofResampling = (inputs) => ({ ...ofTest(inputs), resamples: inputs.n_resamples, seed: inputs.rng });
const given = (value) => value ?? undefined;
const ofPlan = ({ alpha, power, one_sided: oneSided, n_clusters, icc }) => ({
  alpha,
  power,
  oneSided,
  nClusters: given(n_clusters),
  icc: given(icc),
});
const ofSequence = ({ alpha, rho, sigma_bound }) => ({ alpha, rho, sigmaBound: given(sigma_bound) });
const ofComparison = (inputs) => ({
  method: inputs.method,
  cluster: inputs.cluster,
  alpha: inputs.alpha,
  power: inputs.power ?? inputs.target_power,
  oneSided: inputs.one_sided,
  resamples: inputs.n_resamples,
  seed: inputs.rng,
});
const itemsOf = ({ items }) =>
  items.map(({ item_id: itemId, score, cluster_id: clusterId, epoch }) => ({ itemId, score, clusterId, epoch }));

const interval = ({ low, high, level }) => ({ ci: [low, high], ci_level: level });
const paired = ({ delta, interval: ends, pValue, nPairs, nClusters, method, sdDiff }) => ({
  delta,
  ...interval(ends),
  p_value: pValue,
  n_pairs: nPairs,
  ...(nClusters === null ? {} : { n_clusters: nClusters }),
  method,
  sd_diff: sdDiff,
});
const state = ({ delta, interval: ends, n, stopped, halfWidth }) => ({
  delta,
  ...interval(ends),
  n_pairs: n,
  stopped,
  method: 'howard_2021_acs',
  half_width: halfWidth,
});
const adjusted = ({ pAdjusted, reject }) => ({ p_adjusted: pAdjusted, reject });
const comparison = ({ delta, interval: ends, pValue, significant, nPairs, nClusters, method, mde, notes }) => ({
  delta,
  ...interval(ends),
  p_value: pValue,
  significant,
  n_pairs: nPairs,
  n_clusters: nClusters,
  method,
  mde,
  notes,
});
const correction =
  (correct) =>
  ({ p_values, alpha }) =>
    adjusted(correct(p_values, { alpha }));
const effect =
  (name, compute) =>
  ({ a, b }) => ({ name, ...compute(a, b) });

export const compute = {
  paired_t_test: (inputs) => paired(evalsig.pairedTTest(inputs.a, inputs.b, ofTest(inputs))),
  mcnemar_test(inputs) {
    const options = { ...ofTest(inputs), exactThreshold: inputs.exact_threshold };
    const { delta, counts, pValue, method, interval: ends } = evalsig.mcnemarTest(inputs.a, inputs.b, options);
    const { both, baselineOnly, candidateOnly, neither } = counts;
    const n_pairs = both + baselineOnly + candidateOnly + neither;
    return { delta, b_wins: baselineOnly, c_wins: candidateOnly, p_value: pValue, n_pairs, method, ...interval(ends) };
  },
  mde(inputs) {
    const { sd_diff, n_pairs, alpha, power, n_clusters, icc } = inputs;
    return { alpha, power, n_pairs, sd_diff, n_clusters, icc, ...evalsig.mde(sd_diff, n_pairs, ofPlan(inputs)) };
  },
  required_n: (inputs) => {
    const { nClusters, ...plan } = ofPlan(inputs);
    const options = { ...plan, meanClusterSize: inputs.mean_cluster_size };
    return { n: evalsig.requiredN(inputs.target_delta, inputs.sd_diff, options) };
  },
  power_for_delta: (inputs) => ({
    power: evalsig.powerForDelta(inputs.delta, inputs.sd_diff, inputs.n_pairs, ofPlan(inputs)),
  }),
  estimate_icc: ({ values, cluster_id }) => ({ icc: evalsig.estimateIcc(values, cluster_id) }),
  cohens_d: effect('cohens_d', evalsig.cohensD),
  cohens_d_paired: effect('cohens_d_paired', evalsig.cohensDPaired),
  cliffs_delta: effect('cliffs_delta', statistics.cliffsDelta),
  unpaired_t_test(inputs) {
    const { a, b } = inputs;
    const { delta, interval: ends, pValue } = statistics.unpairedTTest(a, b, ofTest(inputs));
    const counts = { n_a: a.length, n_b: b.length, method: 'unpaired_welch_t' };
    return { delta, ...interval(ends), p_value: pValue, ...counts };
  },
  bonferroni: correction(statistics.bonferroni),
  holm: correction(statistics.holm),
  benjamini_hochberg: correction(statistics.benjaminiHochberg),
  confidence_sequence: (inputs) => state(evalsig.confidenceSequence(inputs.diffs, ofSequence(inputs))),
  sequential_gate(inputs) {
    const options = { ...ofSequence(inputs), alternative: inputs.alternative, minN: inputs.min_n };
    return state(evalsig.sequentialGate(inputs.stream, options));
  },
  paired_bootstrap_ci: (inputs) => paired(evalsig.pairedBootstrapCi(inputs.a, inputs.b, ofResampling(inputs))),
  paired_permutation_test: (inputs) => paired(evalsig.pairedPermutationTest(inputs.a, inputs.b, ofResampling(inputs))),
  cluster_bootstrap_ci: (inputs) =>
    paired(evalsig.clusterBootstrapCi(inputs.a, inputs.b, inputs.cluster_id, ofResampling(inputs))),
  unpaired_bootstrap(inputs) {
    const outcome = evalsig.unpairedBootstrap(inputs.a, inputs.b, ofResampling(inputs));
    const { delta, interval: ends, pValue, nBaseline, nCandidate, method } = outcome;
    return { delta, ...interval(ends), p_value: pValue, n_a: nBaseline, n_b: nCandidate, method };
  },
  compare: (inputs) =>
    comparison(evalsig.compare(itemsOf(inputs.baseline), itemsOf(inputs.candidate), ofComparison(inputs))),
  gate(inputs) {
    const runs = [itemsOf(inputs.baseline), itemsOf(inputs.candidate)];
    const { min_delta, alpha, power } = inputs;
    const { verdict, comparison: found, suggestion } = evalsig.gate(...runs, min_delta, ofComparison(inputs));
    const exit_code = { ALLOW: 0, REJECT: 1, INCONCLUSIVE: 2 }[verdict];
    return { verdict, exit_code, comparison: comparison(found), min_delta, alpha, power, suggestion };
  },
  clustered_standard_error({ values, cluster_id }) {
    const { mean, cr0, cr1, naive } = statistics.clusteredStandardError(values, cluster_id);
    return { mean, se_cr0: cr0, se_cr1: cr1, se_naive: naive };
  },
  wilson_interval({ successes, n, ci_level: level }) {
    const { low, high } = statistics.wilsonInterval(successes, n, { level });
    return { low, high };
  },
  pass_at_k_single: ({ n, c, k }) => ({ value: statistics.passAtK({ n, passed: c }, k) }),
  compute_pass_at_k({ per_example, k_values }) {
    const cases = Object.values(per_example).map(statistics.samplesFromRewards);
    return Object.fromEntries(k_values.map((k) => [k, statistics.meanPassAtK(cases, k)]));
  },
  choose_k_values: ({ num_samples }) => Object.fromEntries(num_samples.map((n) => [n, statistics.chooseKValues(n)])),
};
