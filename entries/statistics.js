'use strict';

const { Arguments } = require('../lib/arguments/statistics.js');
const { MIN_N_OF_GATE } = require('../lib/constants.js');
const { ownRealm } = require('../lib/own-realm.js');
const { evalsig: evalsigNative, statistics: native } = require('../lib/load.js');

/**
 * Creates the functions: each reads its arguments and calls its native counterpart. Errors begin with `prefix` and its
 * name.
 */
function functionsOf(namespace, prefix, readers) {
  const functions = {};
  for (const [name, read] of Object.entries(readers)) {
    const call = (...given) => {
      const args = new Arguments(`${prefix}${name}`);
      args.refuseOptionsAfter(given, read.length - 1);
      return args.translating(() => ownRealm(namespace[name](...read(args, ...given))));
    };
    // Callers see the documented name and number of required arguments.
    functions[name] = Object.defineProperties(call, { name: { value: name }, length: { value: read.length - 1 } });
  }
  return functions;
}

const TESTED = ['alternative', 'level'];
const RESAMPLED = ['resamples', 'seed', 'threads'];
const BOOTSTRAPPED = [...TESTED, ...RESAMPLED];
const PERMUTED = ['alternative', 'mode', ...RESAMPLED];
const CLUSTERED = ['nClusters', 'icc'];
const RATES = ['alpha', 'power', 'oneSided'];
const SEQUENCE = ['alpha', 'rho', 'sigmaBound'];
const COMPARED = ['method', 'cluster', ...RATES, ...RESAMPLED];

const runs = (args, baseline, candidate) => [args.numbers(baseline, 'baseline'), args.numbers(candidate, 'candidate')];
const clusteredRuns = (args, baseline, candidate, clusterIds) => [
  ...runs(args, baseline, candidate),
  args.clusterIds(clusterIds),
];
const tested = ({ alternative, level }) => [alternative, level];
const permuted = (options) => [options.alternative, options.mode, options.resampling];
const bootstrapped = (options) => [options.alternative, options.level, options.resampling];

const compareRuns = (args, baseline, candidate) => runs(args, baseline, candidate);
const pairedTest = (args, baseline, candidate, options) => [
  ...runs(args, baseline, candidate),
  ...tested(args.options(options, TESTED)),
];
const pairedResampling = (args, baseline, candidate, options) => [
  ...runs(args, baseline, candidate),
  ...bootstrapped(args.options(options, BOOTSTRAPPED)),
];
const clusteredResampling = (args, baseline, candidate, clusterIds, options) => [
  ...clusteredRuns(args, baseline, candidate, clusterIds),
  ...bootstrapped(args.options(options, BOOTSTRAPPED)),
];
const clusteredValues = (args, values, clusterIds) => [args.numbers(values, 'values'), args.clusterIds(clusterIds)];
const pValueOfCounts = (args, counts, options) => [
  args.counts(counts),
  args.options(options, ['alternative']).alternative,
];
const intervalOfCounts = (args, counts, options) => [args.counts(counts), ...tested(args.options(options, TESTED))];
const corrected = (args, pValues, options) => [
  args.numbers(pValues, 'pValues'),
  args.options(options, ['alpha']).alpha,
];
const ofSamples = (args, samples, k) => [args.samples(samples, 'samples'), args.whole(k, 'k')];
const ofCases = (args, cases, k) => [args.cases(cases), args.whole(k, 'k')];
const sequence = (args, differences, options) => [
  args.numbers(differences, 'differences'),
  args.options(options, SEQUENCE).sequence,
];
const gated = (args, differences, options) => {
  const { alternative, minN, sequence } = args.options(options, ['alternative', 'minN', ...SEQUENCE], {
    alternative: 'greater',
  });
  return [args.numbers(differences, 'differences'), alternative, minN, sequence];
};
const needed = (args, targetDelta, sdDiff, options) => {
  const { rates, icc, meanClusterSize } = args.options(options, [...RATES, 'icc', 'meanClusterSize']);
  return [args.number(targetDelta, 'targetDelta'), args.number(sdDiff, 'sdDiff'), rates, icc ?? 0, meanClusterSize];
};
const powered = (args, delta, sdDiff, nPairs, options) => {
  args.bothOrNeither(options, 'nClusters', 'icc');
  const { rates, nClusters, icc } = args.options(options, [...RATES, ...CLUSTERED]);
  const planned = [args.number(delta, 'delta'), args.number(sdDiff, 'sdDiff'), args.whole(nPairs, 'nPairs')];
  return [...planned, rates.alpha, rates.oneSided, nClusters, icc];
};
const gatedByBets = (args, differences, options) => {
  const known = ['alternative', 'minN', 'alpha', 'margin', 'range'];
  const read = args.options(options, known, { alternative: 'greater', minN: MIN_N_OF_GATE });
  return [args.numbers(differences, 'differences'), read.alternative, read.minN, read.alpha, read.margin, read.range];
};
const rated = (args, one, other) => [args.numbers(one, 'one'), args.numbers(other, 'other')];
const planned = (args, sdDiff, nPairs, options) => {
  const { rates, nClusters, icc } = args.options(options, [...RATES, ...CLUSTERED]);
  return [args.number(sdDiff, 'sdDiff'), args.whole(nPairs, 'nPairs'), rates, nClusters, icc];
};

// Named one by one, because Node detects the names of imports by parsing this text.
const {
  pairedTTest,
  unpairedTTest,
  clusteredTTest,
  pairedPermutationTest,
  clusteredPermutationTest,
  unpairedPermutationTest,
  bootstrapMean,
  pairedBootstrap,
  unpairedBootstrap,
  clusterBootstrap,
  meanInterval,
  boundedMeanInterval,
  clusteredBoundedMeanInterval,
  clusteredMeanInterval,
  clusteredStandardError,
  estimateIcc,
  pairedCounts,
  mcnemarExact,
  mcnemarMidP,
  mcnemarChiSquared,
  tangoInterval,
  tangoPValue,
  mcnemarPower,
  mcnemarRequiredN,
  newcombeInterval,
  wilsonInterval,
  cohensD,
  cohensDPaired,
  cliffsDelta,
  bonferroni,
  holm,
  benjaminiHochberg,
  minimumDetectableEffect,
  requiredN,
  powerForDelta,
  confidenceSequence,
  sequentialGate,
  passAtK,
  passAllK,
  meanPassAtK,
  meanPassAllK,
  samplesFromRewards,
  chooseKValues,
  linearTrend,
  raterAgreement,
  cohensKappa,
  krippendorffsAlpha,
  predictionPoweredMean,
} = functionsOf(native, '', {
  pairedTTest: pairedTest,
  unpairedTTest: pairedTest,
  clusteredTTest: (args, baseline, candidate, clusterIds, options) => [
    ...clusteredRuns(args, baseline, candidate, clusterIds),
    ...tested(args.options(options, TESTED)),
  ],
  pairedPermutationTest: (args, baseline, candidate, options) => [
    ...runs(args, baseline, candidate),
    ...permuted(args.options(options, PERMUTED)),
  ],
  clusteredPermutationTest: (args, baseline, candidate, clusterIds, options) => [
    ...clusteredRuns(args, baseline, candidate, clusterIds),
    ...permuted(args.options(options, PERMUTED)),
  ],
  unpairedPermutationTest: (args, baseline, candidate, options) => {
    const { alternative, resampling } = args.options(options, ['alternative', ...RESAMPLED]);
    return [...runs(args, baseline, candidate), alternative, resampling];
  },
  bootstrapMean: (args, values, options) => [
    args.numbers(values, 'values'),
    ...bootstrapped(args.options(options, BOOTSTRAPPED)),
  ],
  pairedBootstrap: pairedResampling,
  unpairedBootstrap: pairedResampling,
  clusterBootstrap: clusteredResampling,
  meanInterval: (args, values, options) => [args.numbers(values, 'values'), args.options(options, ['level']).level],
  boundedMeanInterval: (args, values, limits, options) => [
    args.numbers(values, 'values'),
    ...args.limits(limits),
    ...tested(args.options(options, TESTED)),
  ],
  clusteredBoundedMeanInterval: (args, values, clusterIds, limits, options) => [
    ...clusteredValues(args, values, clusterIds),
    ...args.limits(limits),
    ...tested(args.options(options, TESTED)),
  ],
  clusteredMeanInterval: (args, values, clusterIds, options) => [
    ...clusteredValues(args, values, clusterIds),
    ...tested(args.options(options, TESTED)),
  ],
  clusteredStandardError: clusteredValues,
  estimateIcc: clusteredValues,
  pairedCounts: compareRuns,
  mcnemarExact: pValueOfCounts,
  mcnemarMidP: pValueOfCounts,
  mcnemarChiSquared: pValueOfCounts,
  tangoInterval: intervalOfCounts,
  tangoPValue: (args, counts, bound, options) => [
    args.counts(counts),
    args.number(bound, 'bound'),
    args.options(options, ['alternative']).alternative,
  ],
  mcnemarPower: (args, n, discordance, delta, options) => [
    args.whole(n, 'n'),
    args.number(discordance, 'discordance'),
    args.number(delta, 'delta'),
    args.options(options, ['alpha']).alpha,
  ],
  mcnemarRequiredN: (args, delta, discordance, options) => {
    const { alpha, power } = args.options(options, ['alpha', 'power']).rates;
    return [args.number(delta, 'delta'), args.number(discordance, 'discordance'), alpha, power];
  },
  newcombeInterval: intervalOfCounts,
  wilsonInterval: (args, successes, n, options) => [
    args.whole(successes, 'successes'),
    args.whole(n, 'n'),
    args.options(options, ['level']).level,
  ],
  cohensD: compareRuns,
  cohensDPaired: compareRuns,
  cliffsDelta: compareRuns,
  bonferroni: corrected,
  holm: corrected,
  benjaminiHochberg: corrected,
  minimumDetectableEffect: (args, sdDiff, nPairs, options) => {
    args.bothOrNeither(options, 'nClusters', 'icc');
    return planned(args, sdDiff, nPairs, options);
  },
  requiredN: needed,
  powerForDelta: powered,
  confidenceSequence: sequence,
  sequentialGate: gatedByBets,
  passAtK: ofSamples,
  passAllK: ofSamples,
  meanPassAtK: ofCases,
  meanPassAllK: ofCases,
  samplesFromRewards: (args, rewards) => [args.numbers(rewards, 'rewards')],
  chooseKValues: (args, n) => [args.whole(n, 'n')],
  linearTrend: (args, x, y, options) => [
    args.numbers(x, 'x'),
    args.numbers(y, 'y'),
    args.options(options, ['level']).level,
  ],
  raterAgreement: (args, one, other, options) => [...rated(args, one, other), args.options(options, ['level']).level],
  cohensKappa: (args, one, other, options) => {
    const { weights, level } = args.options(options, ['weights', 'level']);
    return [...rated(args, one, other), weights, level];
  },
  krippendorffsAlpha: (args, ratings, options) => {
    const { distance, level } = args.options(options, ['distance', 'level']);
    return [args.ratings(ratings), distance, level];
  },
  predictionPoweredMean: (args, labels, predictions, unlabeled, options) => [
    args.numbers(labels, 'labels'),
    args.numbers(predictions, 'predictions'),
    args.numbers(unlabeled, 'unlabeled'),
    args.options(options, ['level']).level,
  ],
});

const evalsig = functionsOf(evalsigNative, 'evalsig.', {
  pairedTTest: pairedTest,
  mcnemarTest: (args, baseline, candidate, options) => {
    const { alternative, level, exactThreshold } = args.options(options, [...TESTED, 'exactThreshold']);
    return [...runs(args, baseline, candidate), alternative, level, exactThreshold];
  },
  pairedPermutationTest: pairedResampling,
  pairedBootstrapCi: pairedResampling,
  clusterBootstrapCi: clusteredResampling,
  unpairedBootstrap: pairedResampling,
  unpairedPermutation: pairedResampling,
  estimateIcc: clusteredValues,
  mde: planned,
  requiredN: needed,
  powerForDelta: powered,
  cohensD: compareRuns,
  cohensDPaired: compareRuns,
  confidenceSequence: sequence,
  sequentialGate: gated,
  compare: (args, baseline, candidate, options) => [
    args.items(baseline, 'baseline'),
    args.items(candidate, 'candidate'),
    args.options(options, COMPARED).comparison,
  ],
  gate: (args, baseline, candidate, minDelta, options) => [
    args.items(baseline, 'baseline'),
    args.items(candidate, 'candidate'),
    args.number(minDelta, 'minDelta'),
    args.options(options, COMPARED, { oneSided: true }).comparison,
  ],
});

module.exports = {
  pairedTTest,
  unpairedTTest,
  clusteredTTest,
  pairedPermutationTest,
  clusteredPermutationTest,
  unpairedPermutationTest,
  bootstrapMean,
  pairedBootstrap,
  unpairedBootstrap,
  clusterBootstrap,
  meanInterval,
  boundedMeanInterval,
  clusteredBoundedMeanInterval,
  clusteredMeanInterval,
  clusteredStandardError,
  estimateIcc,
  pairedCounts,
  mcnemarExact,
  mcnemarMidP,
  mcnemarChiSquared,
  tangoInterval,
  tangoPValue,
  mcnemarPower,
  mcnemarRequiredN,
  newcombeInterval,
  wilsonInterval,
  cohensD,
  cohensDPaired,
  cliffsDelta,
  bonferroni,
  holm,
  benjaminiHochberg,
  minimumDetectableEffect,
  requiredN,
  powerForDelta,
  confidenceSequence,
  sequentialGate,
  passAtK,
  passAllK,
  meanPassAtK,
  meanPassAllK,
  samplesFromRewards,
  chooseKValues,
  linearTrend,
  raterAgreement,
  cohensKappa,
  krippendorffsAlpha,
  predictionPoweredMean,
  evalsig,
};
