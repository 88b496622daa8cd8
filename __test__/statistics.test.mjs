// runstore/statistics: every expected result of the vectors, and what is refused. The numbers themselves are tested in
// Rust (src/stats, tests/statistics_vectors); these tests show that they reach JavaScript unchanged.

import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { RunStoreError } from 'runstore';
import * as all from 'runstore/statistics';
import { compute, vectors, withoutCounterpart } from './statistics/vectors.mjs';

const { default: statistics, ...named } = all;
const { evalsig } = statistics;

/** Fails unless the values are equal, numbers to within the tolerance at their path, which is relative above 1. */
function assertSame(actual, expected, tolerance, path) {
  if (typeof expected === 'number' && typeof actual === 'number') {
    const near = Math.abs(actual - expected) <= tolerance(path) * Math.max(1, Math.abs(expected));
    assert.ok(actual === expected || near, `${path}: ${actual}, expected ${expected}`);
  } else if (typeof expected === 'object' && expected !== null && typeof actual === 'object' && actual !== null) {
    assert.deepEqual(Object.keys(actual).sort(), Object.keys(expected).sort(), path);
    for (const key of Object.keys(expected)) assertSame(actual[key], expected[key], tolerance, `${path}.${key}`);
  } else {
    assert.strictEqual(actual, expected, path);
  }
}

describe('the 284 vectors', () => {
  const byFunction = Map.groupBy?.(vectors, (vector) => vector.function) ?? grouped(vectors);

  test('are all present, and each has a function, except the 4 of the random generator', () => {
    assert.equal(vectors.length, 284);
    const without = [...byFunction].filter(([name]) => !Object.hasOwn(compute, name));
    assert.deepEqual(Object.fromEntries(without.map(([name, { length }]) => [name, length])), withoutCounterpart);
    assert.deepEqual(
      Object.keys(compute).filter((name) => !byFunction.has(name)),
      [],
    );
  });

  for (const [name, ofName] of byFunction) {
    if (Object.hasOwn(withoutCounterpart, name)) continue;
    test(`${name}: ${ofName.length}`, () => {
      for (const { id, inputs, expected, random } of ofName) {
        // What is drawn at random holds to the last bit. The minimum detectable effect is not drawn.
        const tolerance = (path) => (random === undefined || path.endsWith('.mde') ? 1e-9 : 0);
        assertSame(compute[name](inputs), expected, tolerance, id);
      }
    });
  }
});

function grouped(list) {
  const groups = new Map();
  for (const one of list) groups.set(one.function, [...(groups.get(one.function) ?? []), one]);
  return groups;
}

const A = [0.1, 0.5, 0.4, 0.9, 0.7];
const B = [0.3, 0.5, 0.6, 0.8, 0.9];
const CLUSTERS = ['x', 'x', 'y', 'y', 'z'];
const COUNTS = { both: 3, baselineOnly: 1, candidateOnly: 4, neither: 2 };

/** A call of each function with good arguments. */
const calls = {
  pairedTTest: [A, B],
  unpairedTTest: [A, B],
  clusteredTTest: [A, B, CLUSTERS],
  pairedPermutationTest: [A, B],
  clusteredPermutationTest: [A, B, CLUSTERS],
  unpairedPermutationTest: [A, B],
  bootstrapMean: [A],
  pairedBootstrap: [A, B],
  unpairedBootstrap: [A, B],
  clusterBootstrap: [A, B, CLUSTERS],
  meanInterval: [A],
  boundedMeanInterval: [A, [0, 1]],
  clusteredBoundedMeanInterval: [A, CLUSTERS, [0, 1]],
  clusteredMeanInterval: [A, CLUSTERS],
  clusteredStandardError: [A, CLUSTERS],
  estimateIcc: [A, CLUSTERS],
  pairedCounts: [
    [0, 1, 1],
    [1, 1, 0],
  ],
  mcnemarExact: [COUNTS],
  mcnemarMidP: [COUNTS],
  mcnemarChiSquared: [COUNTS],
  tangoInterval: [COUNTS],
  tangoPValue: [COUNTS, -0.05],
  mcnemarPower: [100, 0.2, 0.1],
  mcnemarRequiredN: [0.1, 0.2],
  newcombeInterval: [COUNTS],
  wilsonInterval: [3, 10],
  cohensD: [A, B],
  cohensDPaired: [A, B],
  cliffsDelta: [A, B],
  bonferroni: [[0.01, 0.2]],
  holm: [[0.01, 0.2]],
  benjaminiHochberg: [[0.01, 0.2]],
  minimumDetectableEffect: [0.5, 1000],
  requiredN: [0.02, 0.5],
  powerForDelta: [0.02, 0.5, 1000],
  confidenceSequence: [A],
  sequentialGate: [A],
  passAtK: [{ n: 10, passed: 3 }, 2],
  passAllK: [{ n: 10, passed: 3 }, 2],
  meanPassAtK: [[{ n: 10, passed: 3 }], 2],
  meanPassAllK: [[{ n: 10, passed: 3 }], 2],
  samplesFromRewards: [[0, 1, -1, 0.5]],
  chooseKValues: [30],
  linearTrend: [[1, 2, 3, 4, 5], A],
  raterAgreement: [A, B],
  cohensKappa: [
    [0, 1, 1, 0],
    [0, 1, 0, 0],
  ],
  krippendorffsAlpha: [
    [
      [0, 1, 1, 0],
      [0, 1, 0, null],
    ],
  ],
  predictionPoweredMean: [A, B, A],
};
const callsOfEvalsig = {
  pairedTTest: [A, B],
  mcnemarTest: [
    [0, 1, 1],
    [1, 1, 0],
  ],
  pairedPermutationTest: [A, B],
  pairedBootstrapCi: [A, B],
  clusterBootstrapCi: [A, B, CLUSTERS],
  unpairedBootstrap: [A, B],
  unpairedPermutation: [A, B],
  estimateIcc: [A, CLUSTERS],
  mde: [0.5, 1000],
  requiredN: [0.02, 0.5],
  powerForDelta: [0.02, 0.5, 1000],
  cohensD: [A, B],
  cohensDPaired: [A, B],
  confidenceSequence: [A],
  sequentialGate: [A],
  compare: [itemsOf(A), itemsOf(B)],
  gate: [itemsOf(A), itemsOf(B), 0.01],
};

function itemsOf(scores) {
  return scores.map((score, at) => ({ itemId: `q${at}`, score }));
}

const everyCall = [
  ...Object.entries(calls).map(([name, args]) => [name, statistics[name], args]),
  ...Object.entries(callsOfEvalsig).map(([name, args]) => [name, evalsig[name], args]),
];

describe('the functions', () => {
  test('refuse options that they do not know, those that have none included', () => {
    for (const [name, call, args] of everyCall) {
      assert.throws(() => call(...args, { qqqqqqqq: 1 }), { name: 'TypeError' }, name);
    }
    // As a callback of map(), which gives more arguments than are taken.
    assert.deepEqual(
      [
        [1, 0],
        [1, 1],
      ].map(statistics.samplesFromRewards),
      [
        { n: 2, passed: 1 },
        { n: 2, passed: 2 },
      ],
    );
  });

  test('refuse clusters without a name', () => {
    for (const [name, call, args] of everyCall.filter(([, , given]) => given.includes(CLUSTERS))) {
      for (const id of [Number.NaN, Infinity, null]) {
        const ids = CLUSTERS.map((one, at) => (at === 1 ? id : one));
        const given = args.map((one) => (one === CLUSTERS ? ids : one));
        assert.throws(() => call(...given), /clusterIds\[1\]/, `${name}: ${id}`);
      }
    }
  });

  test('are all listed in this test, and can be imported by name', () => {
    const names = Object.keys(statistics).filter((name) => name !== 'evalsig');
    assert.deepEqual(names, Object.keys(calls));
    assert.deepEqual(Object.keys(evalsig), Object.keys(callsOfEvalsig));
    for (const name of [...names, 'evalsig']) assert.equal(named[name], statistics[name], name);
    for (const [name, call] of everyCall) assert.equal(call.name, name);
  });

  test('take a Float64Array like an array, do not change it, and return the same each time', () => {
    for (const [name, call, args] of everyCall) {
      const typed = args.map((value) => (typeof value?.[0] === 'number' ? Float64Array.from(value) : value));
      const before = structuredClone(typed);
      assert.deepEqual(call(...typed), call(...args), name);
      assert.deepEqual(typed, before, name);
    }
  });

  test('take null and undefined for no options', () => {
    const withOptions = everyCall.filter(([, call, args]) => call.length > args.length);
    assert.ok(withOptions.length > everyCall.length / 2, `${withOptions.length} of ${everyCall.length}`);
    for (const [name, call, args] of withOptions) {
      assert.deepEqual(call(...args, null), call(...args), name);
      assert.deepEqual(call(...args, undefined), call(...args), name);
    }
  });

  test('return plain objects with keys in camelCase', () => {
    const check = (value, path) => {
      if (typeof value !== 'object' || value === null) return;
      if (!Array.isArray(value)) assert.equal(Object.getPrototypeOf(value), Object.prototype, path);
      for (const [key, inner] of Object.entries(value)) {
        assert.match(key, /^[a-z0-9]+([A-Z][a-z0-9]*)*$/, path);
        assert.notEqual(inner, undefined, `${path}.${key}`);
        check(inner, `${path}.${key}`);
      }
    };
    for (const [name, call, args] of everyCall) check(call(...args), name);
  });

  test('return the same for any number of threads', () => {
    const many = Array.from({ length: 500 }, (_, at) => Math.sin(at));
    const none = many.map(() => 0);
    const results = [1, 2, 7].map((threads) => statistics.pairedPermutationTest(none, many, { threads, seed: 5 }));
    assert.deepEqual(results[1], results[0]);
    assert.deepEqual(results[2], results[0]);
    assert.notDeepEqual(statistics.pairedPermutationTest(none, many, { seed: 6 }), results[0]);
  });
});

describe('worked examples', () => {
  test('a paired t test', () => {
    // Differences 1, 2, 3: mean 2, sd 1, standard error 1/√3, t = 2√3; p by R: t.test(c(1, 2, 3)).
    const { delta, standardError, t, df, pValue, interval } = statistics.pairedTTest([0, 0, 0], [1, 2, 3]);
    assert.deepEqual([delta, df, interval.level], [2, 2, 0.95]);
    assertSame(
      [standardError, t, pValue],
      [1 / Math.sqrt(3), 2 * Math.sqrt(3), 0.07417990022744847],
      () => 1e-12,
      't test',
    );
  });

  test('an interval of one side is open: Infinity, which JSON writes as null', () => {
    const { interval } = statistics.pairedTTest(A, B, { alternative: 'greater' });
    assert.equal(interval.high, Infinity);
    assert.equal(JSON.parse(JSON.stringify(interval)).high, null);
    assert.equal(statistics.tangoInterval(COUNTS, { alternative: 'less' }).low, -Infinity);
  });

  test('five improvements and no regression', () => {
    const counts = statistics.pairedCounts([0, 0, 0, 0, 0, 1, 0], [1, 1, 1, 1, 1, 1, 0]);
    assert.deepEqual(counts, { both: 1, baselineOnly: 0, candidateOnly: 5, neither: 1 });
    assert.equal(statistics.mcnemarExact(counts), 2 / 32);
    assert.equal(statistics.mcnemarExact(counts, { alternative: 'greater' }), 1 / 32);
    assert.equal(statistics.mcnemarMidP(counts), 1 / 32);
  });

  test('a permutation test of few cases is exact', () => {
    // Of the 8 choices of signs of 1, 2, 3 only one has as great a sum.
    const options = { alternative: 'greater' };
    const { pValue, exact, arrangements, nClusters } = statistics.pairedPermutationTest([0, 0, 0], [1, 2, 3], options);
    assert.deepEqual(
      { pValue, exact, arrangements, nClusters },
      { pValue: 1 / 8, exact: true, arrangements: 8, nClusters: null },
    );
    assert.equal(
      statistics.pairedPermutationTest([0, 0, 0], [1, 2, 3], { mode: 'seeded', resamples: 99 }).exact,
      false,
    );
  });

  test('clusters may be named by numbers', () => {
    const byNumber = statistics.clusteredStandardError(A, [10, 10, 9, 9, 8]);
    assert.deepEqual(byNumber, statistics.clusteredStandardError(A, ['10', '10', '9', '9', '8']));
    assert.equal(byNumber.nClusters, 3);
  });

  test('the sequential gate looks upwards unless it is told otherwise', () => {
    const falling = Array.from({ length: 100 }, (_, at) => -0.5 - (at % 2) / 2);
    assert.equal(statistics.sequentialGate(falling).stopped, false);
    assert.equal(statistics.sequentialGate(falling, { margin: 0.9 }).stopped, true);
    assert.throws(() => statistics.sequentialGate([1.5]), /differences must lie within options\.range/);
    assert.throws(() => statistics.sequentialGate([0], { range: [1, 0] }), /options\.range/);
    assert.equal(statistics.sequentialGate(falling, { alternative: undefined }).stopped, false);
    assert.equal(statistics.sequentialGate(falling, { alternative: 'less' }).stopped, true);
  });

  test('evalsig gates one-sided unless it is told otherwise, and compares two-sided', () => {
    const runs = [itemsOf(A), itemsOf(B)];
    assert.equal(evalsig.gate(...runs, 0.01).comparison.interval.high, Infinity);
    assert.notEqual(evalsig.gate(...runs, 0.01, { oneSided: false }).comparison.interval.high, Infinity);
    assert.notEqual(evalsig.compare(...runs).interval.high, Infinity);
  });
});

describe('a bad argument is refused by its name', () => {
  /** Fails unless the call throws an error of this kind whose message begins with this. */
  function refuses(kind, message, call) {
    assert.throws(call, (error) => {
      assert.ok(error instanceof kind && error instanceof RunStoreError, String(error.stack));
      assert.equal(error.code, 'ERR_RUNSTORE_INVALID_ARGUMENT');
      assert.ok(error.message.startsWith(message), `${error.message}, expected ${message}`);
      return true;
    });
  }

  test('numbers that are not finite', () => {
    for (const [name, call, args] of everyCall) {
      for (const [at, value] of args.entries()) {
        if (typeof value?.[0] !== 'number') continue;
        for (const bad of [NaN, Infinity, -Infinity]) {
          const wrong = value.with?.(1, bad) ?? [value[0], bad, ...value.slice(2)];
          const changed = args.map((one, place) => (place === at ? wrong : one));
          assert.throws(
            () => call(...changed),
            (error) =>
              error instanceof RangeError && error.message.includes(String(bad)) && error.message.includes(`${name}: `),
            name,
          );
        }
      }
    }
  });

  test('with the reason', () => {
    refuses(RangeError, 'pairedTTest: baseline must hold only finite numbers, but element 1 is NaN', () =>
      statistics.pairedTTest([1, NaN], [1, 2]),
    );
    refuses(RangeError, 'meanInterval: values must hold only finite numbers, but element 0 is -Infinity', () =>
      statistics.meanInterval([-Infinity, 1]),
    );
    refuses(RangeError, 'pairedTTest: candidate must hold 3 values, as many as baseline, but holds 2', () =>
      statistics.pairedTTest([1, 2, 3], [1, 2]),
    );
    refuses(RangeError, 'clusteredStandardError: clusterIds must hold 2 values, as many as values, but holds 1', () =>
      statistics.clusteredStandardError([1, 2], ['a']),
    );
    refuses(RangeError, 'clusteredTTest: clusterIds must name at least two clusters', () =>
      statistics.clusteredTTest([1, 2], [1, 3], ['a', 'a']),
    );
    refuses(RangeError, 'pairedTTest: baseline must hold at least 2 values, but holds 0', () =>
      statistics.pairedTTest([], []),
    );
    refuses(RangeError, 'pairedCounts: candidate must hold only 0 and 1, but element 1 is 0.5', () =>
      statistics.pairedCounts([1, 1], [1, 0.5]),
    );
    refuses(RangeError, 'holm: pValues must be between 0 and 1, but is 1.5', () => statistics.holm([1.5]));
    refuses(RangeError, 'wilsonInterval: successes must be at most n, but is 3', () => statistics.wilsonInterval(3, 2));
    refuses(RangeError, 'linearTrend: x must not be constant', () => statistics.linearTrend([1, 1, 1], [1, 2, 3]));
    refuses(
      RangeError,
      'minimumDetectableEffect: options.nClusters must be from 1 to the number of pairs, but is 11',
      () => statistics.minimumDetectableEffect(0.5, 10, { nClusters: 11, icc: 0.1 }),
    );
    refuses(RangeError, 'passAtK: samples.passed must be a whole number from 0 to 3', () =>
      statistics.passAtK({ n: 3, passed: 4 }, 1),
    );
    refuses(RangeError, 'passAtK: k must be from 1 to n, but is 4', () => statistics.passAtK({ n: 3, passed: 1 }, 4));
    refuses(RangeError, 'evalsig.compare: candidate must have an item in common with baseline', () =>
      evalsig.compare(itemsOf([1]), []),
    );
  });

  test('levels and rates outside (0, 1)', () => {
    for (const bad of [0, 1, -0.1, 1.1, NaN, Infinity]) {
      refuses(RangeError, 'pairedTTest: options.level must be between 0 and 1', () =>
        statistics.pairedTTest(A, B, { level: bad }),
      );
      refuses(RangeError, 'bonferroni: options.alpha must be between 0 and 1', () =>
        statistics.bonferroni([0.1], { alpha: bad }),
      );
      refuses(RangeError, 'requiredN: options.power must be between 0 and 1', () =>
        statistics.requiredN(0.1, 0.5, { power: bad }),
      );
    }
  });

  test('options', () => {
    refuses(
      RangeError,
      "pairedTTest: options.alternative must be 'two-sided' or 'greater' or 'less', not \"more\"",
      () => statistics.pairedTTest(A, B, { alternative: 'more' }),
    );
    refuses(TypeError, 'pairedTTest: options.level must be a number, not a string', () =>
      statistics.pairedTTest(A, B, { level: '0.95' }),
    );
    refuses(TypeError, 'pairedTTest: options must be an object, not the number 0.95', () =>
      statistics.pairedTTest(A, B, 0.95),
    );
    refuses(RangeError, 'pairedBootstrap: options.resamples must be a whole number from 1 to 100000000, but is 0', () =>
      statistics.pairedBootstrap(A, B, { resamples: 0 }),
    );
    refuses(RangeError, 'pairedBootstrap: options.seed must be a whole number', () =>
      statistics.pairedBootstrap(A, B, { seed: 0.5 }),
    );
    refuses(RangeError, 'clusteredStandardError: clusterIds[1] must not be NaN', () =>
      statistics.clusteredStandardError([1, 2], [1, Number.NaN]),
    );
    refuses(RangeError, 'minimumDetectableEffect: options.power must be above alpha', () =>
      statistics.minimumDetectableEffect(1, 10, { power: 0.01 }),
    );
    refuses(TypeError, 'requiredN: options.oneSided must be a boolean, not the number 1', () =>
      statistics.requiredN(0.1, 0.5, { oneSided: 1 }),
    );
    refuses(TypeError, 'powerForDelta: options.icc must be given together with options.nClusters', () =>
      statistics.powerForDelta(0.1, 0.5, 10, { nClusters: 3 }),
    );
    refuses(RangeError, 'evalsig.compare: options.method must be ', () =>
      evalsig.compare(itemsOf(A), itemsOf(B), { method: 'guess' }),
    );
    const many = Array.from({ length: 50 }, (_, at) => at + 1);
    refuses(RangeError, 'pairedPermutationTest: options.mode can be exact for at most 40 differences', () =>
      statistics.pairedPermutationTest(
        many.map(() => 0),
        many,
        { mode: 'exact' },
      ),
    );
  });

  test('types', () => {
    // biome-ignore lint/suspicious/noSparseArray: a hole is not a number
    for (const bad of [undefined, null, 'text', 1, {}, new Float32Array(2), [1, '2'], [1, null], [1, , 2], [1n, 2n]]) {
      refuses(TypeError, 'meanInterval: values', () => statistics.meanInterval(bad));
    }
    refuses(TypeError, 'clusteredStandardError: clusterIds[1] must be a string, not undefined', () =>
      statistics.clusteredStandardError([1, 2], ['a', undefined]),
    );
    refuses(TypeError, 'clusteredStandardError: clusterIds must be an array', () =>
      statistics.clusteredStandardError([1, 2], 'ab'),
    );
    refuses(TypeError, 'mcnemarExact: counts must be an object', () => statistics.mcnemarExact([1, 2][2]));
    refuses(TypeError, 'mcnemarExact: counts.neither must be a number', () =>
      statistics.mcnemarExact({ ...COUNTS, neither: undefined }),
    );
    refuses(RangeError, 'mcnemarExact: counts.both must be a whole number', () =>
      statistics.mcnemarExact({ ...COUNTS, both: -1 }),
    );
    refuses(TypeError, 'meanPassAtK: cases[0].n must be a number', () => statistics.meanPassAtK([{}], 1));
    refuses(TypeError, 'evalsig.compare: baseline[0].itemId must be a string', () =>
      evalsig.compare([{ score: 1 }], []),
    );
    refuses(TypeError, 'requiredN: targetDelta must be a number', () => statistics.requiredN('0.1', 0.5));
  });
});
