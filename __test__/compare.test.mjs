import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { RunStore } from 'runstore';
import { compare } from 'runstore/comparison';
import { saveRun } from './support/runs.mjs';

/** A store, and a function that makes a run of cases in it. */
function openStore() {
  const store = new RunStore(':memory:');
  const suite_id = store.createSuite('suite').id;
  return { store, run: (cases, more) => saveRun(store, suite_id, cases, more) };
}

/** Compares runs of the cases given. */
function compared(before, after, options) {
  const { store, run } = openStore();
  return compare(store, run(before), run(after), options);
}

const scored = (input, score, more = {}) => ({ input, scores: { exact: score }, ...more });

/** Cases 0, 1, … with these scores. */
const graded = (scores, more) => scores.map((score, at) => scored(`case ${at}`, score, more));

describe('pairing', () => {
  test('the same cases in another order have not changed', () => {
    const cases = graded([0, 1, 0.5, 0.25]);
    const { coverage, changedCases, scorers, pairing } = compared(cases, cases.toReversed());
    assert.equal(pairing.by, 'input');
    assert.equal(coverage.both, 4);
    assert.equal(changedCases, 0);
    assert.deepEqual([scorers[0].delta, scorers[0].unchanged], [0, 4]);
  });

  test('the keys of an input may come in another order', () => {
    const { coverage } = compared([scored({ a: 1, b: { c: 2, d: 3 } }, 1)], [scored({ b: { d: 3, c: 2 }, a: 1 }, 0)]);
    assert.equal(coverage.both, 1);
  });

  test('a key pairs cases whose input was corrected', () => {
    const before = [scored('Captal of France?', 0, { key: 'fr' }), scored('Capital of Italy?', 1, { key: 'it' })];
    const after = [scored('Capital of Italy?', 1, { key: 'it' }), scored('Capital of France?', 1, { key: 'fr' })];
    const { pairing, coverage, scorers } = compared(before, after);
    assert.equal(pairing.by, 'key');
    assert.equal(coverage.both, 2);
    assert.equal(scorers[0].delta, 0.5);
  });

  test('when only some cases have a key, all are paired by input, with a note', () => {
    const { pairing, notes } = compared(
      [scored('a', 1, { key: 'x' }), scored('b', 1)],
      [scored('a', 1), scored('b', 1)],
    );
    assert.equal(pairing.by, 'input');
    assert.ok(notes.some(({ code }) => code === 'someKeys'));
  });

  test('position counts only when it is asked for', () => {
    const before = [scored('a', 1), scored('b', 0)];
    const after = [scored('b', 0), scored('a', 1)];
    assert.equal(compared(before, after).changedCases, 0);
    assert.equal(compared(before, after, { pairBy: 'idx' }).changedCases, 2);
  });

  test('cases of one input are trials of one case, and that is said', () => {
    const { coverage, scorers, notes } = compared([scored('a', 1), scored('a', 0)], [scored('a', 1)]);
    assert.deepEqual([coverage.both, coverage.onlyBaseline, coverage.trials.baseline], [1, 0, 2]);
    assert.equal(scorers[0].delta, 0.5);
    assert.ok(notes.some(({ code, cases }) => code === 'sharedInputs' && cases === 1));
  });

  test('cases of one key are trials of one case, and that is said unless they are numbered', () => {
    const keyed = (more) => [0, 1].map((at) => scored(`${at}`, at, { key: 'k', ...more(at) }));
    const notes = (given) => compared(given, given).notes.filter(({ code }) => code === 'sharedKeys');
    assert.deepEqual(
      notes(keyed(() => ({}))).map(({ cases }) => cases),
      [2],
    );
    assert.deepEqual(notes(keyed((trial) => ({ trial }))), []);
  });

  test('a scorer that sees no change says whether outputs differ or are not stored', () => {
    const run = (output) => [scored('a', 1, { output }), scored('b', 0, { output })];
    const unseen = (before, after) =>
      compared(run(before), run(after)).notes.find(({ code }) => code === 'unseen')?.outputsStored;
    assert.equal(unseen('yes', 'no'), true);
    assert.equal(unseen(undefined, undefined), false);
    assert.equal(unseen('yes', 'yes'), undefined);
  });

  test('a case with an error has no output to store', () => {
    const run = (error) => [scored('a', 1, { output: 'yes' }), { idx: 1, input: 'b', error }];
    const ignoring = (before, after) => compared(run(before), run(after), { missing: 'ignore' });
    const same = ignoring('rate limit', 'rate limit');
    assert.deepEqual(
      same.scorers.map(({ equalScores, equalOutputs }) => [equalScores, equalOutputs]),
      [[true, true]],
    );
    const other = ignoring('rate limit', 'no answer').notes.find(({ code }) => code === 'unseen');
    assert.equal(other.outputsStored, true);
  });

  test('several scores of a scorer on one case count alike, whatever their order', () => {
    // A judge that is asked three times: 1, 1, 1 against 0, 0, 1, whose last score is the same.
    const asked = (...scores) =>
      Array.from({ length: 3 }, (_, input) => ({ input, asked: scores.map((score) => ({ scorer_name: 's', score })) }));
    const store = new RunStore(':memory:');
    const suite_id = store.createSuite('suite').id;
    const run = (results) => {
      const id = store.createRun({ suite_id, name: 'run', model: 'model' });
      store.saveResults(
        id,
        results.map(({ input, asked }, idx) => ({ idx, input, scores: asked })),
      );
      store.finishRun(id, 'completed');
      return id;
    };
    const [before, after] = [run(asked(1, 1, 1)), run(asked(0, 0, 1))];
    const delta = (reducer) => compare(store, before, after, { reducer }).scorers[0].delta;
    assert.ok(Math.abs(delta(undefined) + 2 / 3) < 1e-12);
    assert.deepEqual([delta('min'), delta('max'), delta('median'), delta('mode')], [-1, 0, -1, -1]);
    assert.equal(compare(store, before, after, { reducer: 'median' }).reducer, 'median');
    const [, second] = store.history(suite_id, { scorer: 's' });
    assert.ok(Math.abs(second.mean - 1 / 3) < 1e-12);
    assert.equal(store.history(suite_id, { scorer: 's', reducer: 'max' })[1].mean, 1);
  });

  test('trials are reduced as asked: all of them, or at least so many', () => {
    const trials = (...scores) => scores.map((score, trial) => scored('a', score, { trial, key: 'a' }));
    const delta = (reducer) => compared(trials(1, 1, 0), trials(1, 0, 0), { reducer }).scorers[0].delta;
    assert.deepEqual([delta({ atLeast: 1 }), delta({ atLeast: 2 }), delta({ atLeast: 3 })], [0, -1, 0]);
  });

  test('several runs of a side are one side', () => {
    const store = new RunStore(':memory:');
    const suite_id = store.createSuite('suite').id;
    const [a1, a2, b1] = [
      [1, 1],
      [0, 1],
      [1, 0],
    ].map((scores) =>
      saveRun(
        store,
        suite_id,
        scores.map((score, input) => ({ input, scores: { s: score } })),
      ),
    );
    const report = compare(store, [a1, a2], [b1]);
    assert.deepEqual([report.scorers[0].baselineMean, report.scorers[0].delta], [0.75, -0.25]);
    assert.deepEqual(
      report.baselineRuns.map(({ id }) => id),
      [a1, a2],
    );
    assert.throws(() => compare(store, [], b1), { message: /baselineRunId must name at least one run/ });
    assert.throws(() => compare(store, [a1, b1], b1), { code: 'ERR_RUNSTORE_SAME_RUN' });
  });

  test('a slice by an array is one for each element; by an object or an unknown field it is refused', () => {
    const run = (scores) =>
      scores.map((score, at) =>
        scored(`q${at}`, score, { metadata: { tags: at % 2 ? ['x', 'y'] : ['x'], of: { a: 1 } } }),
      );
    const by = (sliceBy) => compared(run([1, 1, 1, 1]), run([0, 1, 0, 1]), { sliceBy }).slices;
    assert.deepEqual(
      by('metadata.tags').map(({ value, n }) => [value, n]),
      [
        ['x', 4],
        ['y', 2],
      ],
    );
    const refused = { code: 'ERR_RUNSTORE_INVALID_ARGUMENT' };
    assert.throws(() => by('metadata.of'), { ...refused, message: /sliceBy .* is an object in case/ });
    assert.throws(() => by('metadata.tgas'), { ...refused, message: /sliceBy must be a field that cases have/ });
  });

  test('trials of a case are one case, with the mean of their scores', () => {
    const trials = (...scores) => scores.map((score, trial) => scored('a', score, { trial, key: 'a' }));
    const { coverage, scorers, notes } = compared(trials(1, 0, 0, 1), trials(1, 1, 0, 1));
    assert.deepEqual(coverage.trials, { baseline: 4, candidate: 4 });
    assert.equal(coverage.both, 1);
    assert.deepEqual([scorers[0].baselineMean, scorers[0].candidateMean, scorers[0].n], [0.5, 0.75, 1]);
    assert.ok(notes.some(({ code, reducer }) => code === 'reduced' && reducer === 'mean'));
  });
});

describe('coverage', () => {
  test('cases of one run, errors and missing scores are counted and never zeros', () => {
    const before = [scored('a', 1), scored('b', 1), scored('c', 1), scored('only before', 1)];
    const after = [scored('a', 1), { input: 'b', error: 'timeout' }, { input: 'c' }, scored('only after', 0)];
    const { coverage, scorers } = compared(before, after);
    assert.deepEqual(coverage, {
      both: 3,
      onlyBaseline: 1,
      onlyCandidate: 1,
      errored: { baseline: 0, candidate: 1 },
      erroredTrials: { baseline: 0, candidate: 1 },
      unscored: { baseline: 0, candidate: 2 },
      trials: { baseline: 1, candidate: 1 },
    });
    const [exact] = scorers;
    assert.deepEqual([exact.n, exact.delta], [1, 0]);
    assert.deepEqual(exact.scoredOnly, { baseline: 3, candidate: 1 });
  });

  test('an infinite score is missing, and noted', () => {
    const { scorers, notes } = compared(graded([1, 1]), graded([Infinity, 1]));
    assert.equal(scorers[0].n, 1);
    assert.ok(notes.some(({ code, scores }) => code === 'infiniteScores' && scores === 1));
  });

  test('runs without a case in common say so', () => {
    const { coverage, scorers, notes } = compared([scored('a', 1)], [scored('b', 1)]);
    assert.equal(coverage.both, 0);
    assert.deepEqual([scorers[0].n, scorers[0].delta, scorers[0].pValue], [0, null, null]);
    assert.ok(notes.some(({ code, text }) => code === 'noCommonCase' && text.includes('give cases a key')));
  });
});

describe('figures', () => {
  test("0/1 scores are tested by McNemar's mid-p test", () => {
    // 2 cases got better, 10 worse, 20 stayed: p = 2·(P(X < 2) + P(X = 2)/2) of 12 at 1/2 = 2·(1 + 12 + 33)/4096.
    const before = [...Array(2).fill(0), ...Array(10).fill(1), ...Array(20).fill(1)];
    const after = [...Array(2).fill(1), ...Array(10).fill(0), ...Array(20).fill(1)];
    const [exact] = compared(graded(before), graded(after)).scorers;
    assert.deepEqual([exact.method.test, exact.method.interval], ['mcnemar_mid_p', 'tango']);
    assert.ok(Math.abs(exact.pValue - 92 / 4096) < 1e-12);
    assert.deepEqual([exact.improved, exact.regressed, exact.unchanged, exact.delta], [2, 10, 20, -0.25]);
    assert.ok(exact.interval.low < -0.25 && exact.interval.high > -0.25 && exact.interval.high < 0);
  });

  test('graded scores: Student (1908), hours of sleep of ten patients', () => {
    // Table I of Cushny & Peebles: mean 1.58, sd 1.23; 1.58 ± t(0.975, 9)·1.2300/√10 = 1.58 ± 2.262157·0.388959.
    const first = [0.7, -1.6, -0.2, -1.2, -0.1, 3.4, 3.7, 0.8, 0, 2];
    const second = [1.9, 0.8, 1.1, 0.1, -0.1, 4.4, 5.5, 1.6, 4.6, 3.4];
    const [exact] = compared(graded(first), graded(second)).scorers;
    assert.deepEqual([exact.method.test, exact.method.interval], ['sign_flip_permutation', 'paired_t']);
    assert.ok(Math.abs(exact.delta - 1.58) < 1e-12);
    assert.ok(Math.abs(exact.interval.low - 0.700114) < 1e-5 && Math.abs(exact.interval.high - 2.459886) < 1e-5);
    // Nine differences are positive and one is 0: only the observed signs and their opposite are as extreme.
    assert.ok(Math.abs(exact.pValue - 2 / 2 ** 9) < 1e-12);
    assert.equal(exact.effectSize.magnitude, 'large');
  });

  test('six small losses of six are a loss, and how large is open', () => {
    const [exact] = compared(graded(Array(6).fill(0.5)), graded(Array(6).fill(0.4))).scorers;
    // 2 of the 2^6 signs are as extreme. That nothing worse was seen does not make 0.1 certain: the bound without spread is
    // −0.1 − 0.9·(1 − 0.025^(1/6)), and the test, which rules a gain out, ends the interval at 0.
    assert.equal(exact.pValue, 2 / 64);
    assert.ok(Math.abs(exact.interval.low + 0.1 + 0.9 * (1 - 0.025 ** (1 / 6))) < 0.01);
    assert.equal(exact.interval.high, 0);
  });

  test('clusters are the independent units', () => {
    const cluster = (scores) => scores.map((score, at) => scored(`${at}`, score, { cluster: `passage ${at % 3}` }));
    const before = cluster([0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9]);
    const after = cluster([0.2, 0.4, 0.3, 0.5, 0.7, 0.6, 0.8, 1, 0.9]);
    const [exact] = compared(before, after).scorers;
    assert.deepEqual([exact.method.interval, exact.clusters, exact.n], ['clustered_bounded_mean', 3, 9]);
    assert.ok(Math.abs(exact.effectiveClusters - 3) < 1e-12);
    // All three clusters moved by one sign or none, so a half or a quarter of the signs are as extreme.
    assert.equal(exact.pValue, 0.5);
  });

  test('unequal clusters count as fewer: n² over the sum of their squared sizes', () => {
    const run = (score) => ['a', 'a', 'a', 'a', 'b', 'c'].map((cluster, at) => scored(at, score(at), { cluster }));
    const [exact] = compared(
      run((at) => at / 10),
      run((at) => at / 20),
    ).scorers;
    // 36 / (16 + 1 + 1).
    assert.deepEqual([exact.clusters, exact.effectiveClusters], [3, 2]);
  });

  test('a single cluster is counted, and gives no interval', () => {
    const run = (scores) => scores.map((score, at) => scored(`${at}`, score, { cluster: 'one' }));
    const { scorers, notes } = compared(run([1, 1, 0]), run([1, 0, 0]));
    assert.deepEqual([scorers[0].clusters, scorers[0].effectiveClusters, scorers[0].interval], [1, 1, null]);
    assert.ok(notes.some(({ code }) => code === 'oneCluster'));
  });

  test('five changes in five cases are not significant, and their interval reaches 0', () => {
    const [exact] = compared(graded(Array(5).fill(1)), graded(Array(5).fill(0))).scorers;
    assert.deepEqual([exact.method.test, exact.pValue, exact.significant], ['mcnemar_exact', 2 / 32, false]);
    assert.equal(exact.interval.high, 0);
  });

  test('lower may be better', () => {
    const options = { lowerIsBetter: ['exact'] };
    const { scorers, diffs } = compared(graded([0.5, 0.5, 0.5]), graded([0.1, 0.9, 0.5]), options);
    assert.deepEqual([scorers[0].improved, scorers[0].regressed, scorers[0].lowerIsBetter], [1, 1, true]);
    assert.equal(diffs[0].idx, 1);
    assert.ok(Math.abs(diffs[0].regression - 0.4) < 1e-12);
  });

  test('p-values are corrected for the number of scorers', () => {
    const cases = (good) =>
      Array.from({ length: 5 }, (_, at) => ({ input: at, scores: { a: good ? 1 : 0, b: 1, c: at % 2 } }));
    const { scorers } = compared(cases(false), cases(true));
    // Five of five cases improved, which the exact test counts in full: 2/2^5, three tests.
    assert.equal(scorers[0].pValue, 2 / 32);
    assert.equal(scorers[0].pAdjusted, 6 / 32);
    assert.equal(scorers[0].significant, false);
    assert.deepEqual(
      scorers.map(({ scorer }) => scorer),
      ['a', 'b', 'c'],
    );
  });

  test('the same seed gives the same figures, another seed others', () => {
    const noise = (seed) => Array.from({ length: 60 }, (_, at) => ((at * seed) % 17) / 17);
    const { store, run } = openStore();
    const runs = [run(graded(noise(5))), run(graded(noise(7)))];
    const p = (seed) => compare(store, ...runs, { seed, resamples: 999 }).scorers[0].pValue;
    assert.equal(p(1), p(1));
    assert.notEqual(p(1), p(2));
  });
});

describe('cases and usage', () => {
  test('the cases that changed come with the largest regression first', () => {
    const { diffs, changedCases } = compared(graded([1, 1, 0, 0.5]), graded([0.5, 0, 1, 0.5]), { maxDiffs: 2 });
    assert.equal(changedCases, 3);
    assert.deepEqual(
      diffs.map(({ idx, regression }) => [idx, regression]),
      [
        [1, 1],
        [0, 0.5],
      ],
    );
    assert.deepEqual(diffs[0].scores, [{ scorer: 'exact', baseline: 1, candidate: 0, delta: -1 }]);
    assert.equal('input' in diffs[0], false);
  });

  test('a case that lost its score is listed', () => {
    const { diffs } = compared([scored('a', 1), scored('b', 1)], [scored('a', 1), { input: 'b', error: 'boom' }]);
    assert.deepEqual(diffs[0].scores, [{ scorer: 'exact', baseline: 1, candidate: null, delta: null }]);
  });

  test('inputs and outputs come on demand', () => {
    const before = [scored({ q: 'a' }, 1, { output: 'yes', expected: { is: true } })];
    const after = [{ input: { q: 'a' }, error: 'boom' }];
    const [diff] = compared(before, after, { texts: true }).diffs;
    assert.deepEqual(diff.input, { q: 'a' });
    assert.deepEqual(diff.expected, { is: true });
    assert.deepEqual([diff.baselineOutput, diff.candidateOutput, diff.candidateError], ['yes', null, 'boom']);
  });

  test('latency, tokens and cost have their own deltas', () => {
    const cases = (latency) =>
      Array.from({ length: 5 }, (_, at) => scored(at, 1, { latency_ms: latency + at, tokens_in: 10, cost_usd: 0.5 }));
    const { usage } = compared(cases(100), cases(150));
    assert.deepEqual(usage.latencyMs.baseline, { n: 5, total: 510, mean: 102, p50: 102, p95: 103.8 });
    const { delta, interval } = usage.latencyMs;
    assert.equal(delta, 50);
    // Five equal differences do not make one certain.
    assert.ok(interval.low < 50 && interval.high > 50);
    assert.equal(usage.costUsd.candidate.total, 2.5);
    assert.deepEqual([usage.tokensOut.n, usage.tokensOut.baseline.mean], [0, null]);
  });

  test('slices follow the values of a field, corrected for their number', () => {
    const cases = (score) => ['fr', 'fr', 'de', undefined].map((lang, at) => scored({ at, lang }, score(lang)));
    const before = cases(() => 1);
    const after = cases((lang) => (lang === 'fr' ? 0 : 1));
    const { slices } = compared(before, after, { sliceBy: 'input.lang' });
    assert.deepEqual(
      slices.map(({ value, n, delta }) => [value, n, delta]),
      [
        [null, 1, 0],
        ['de', 1, 0],
        ['fr', 2, -1],
      ],
    );
    assert.deepEqual([slices[2].pValue, slices[2].pAdjusted], [0.5, 0.5]);
  });

  test('a field of metadata slices too', () => {
    const cases = [scored('a', 1, { metadata: { tier: { name: 'gold' } } })];
    const { slices } = compared(cases, cases, { sliceBy: 'metadata.tier.name' });
    assert.deepEqual(
      slices.map(({ value }) => value),
      ['gold'],
    );
  });
});

describe('arguments', () => {
  const { store, run } = openStore();
  const [one, other] = [run(graded([1, 0])), run(graded([1, 1]))];
  const refused = (options, error, message) => {
    const isExpected = (thrown) =>
      thrown instanceof error && thrown.code === 'ERR_RUNSTORE_INVALID_ARGUMENT' && thrown.message.startsWith(message);
    assert.throws(() => compare(store, one, other, options), isExpected, message);
  };

  test('bad options are refused by name', () => {
    refused({ alpha: 1.5 }, RangeError, 'compare: options.alpha must be between 0 and 1, not 1.5');
    refused({ alpha: NaN }, RangeError, 'compare: options.alpha');
    refused({ power: '0.8' }, TypeError, 'compare: options.power must be a number, not a string');
    refused({ tolerance: -1 }, RangeError, 'compare: options.tolerance');
    refused({ tolerance: Infinity }, RangeError, 'compare: options.tolerance');
    refused({ resamples: 0 }, RangeError, 'compare: options.resamples');
    refused({ maxDiffs: 1.5 }, RangeError, 'compare: options.maxDiffs');
    refused({ pairBy: 'name' }, RangeError, 'compare: options.pairBy');
    refused({ scorers: 'exact' }, TypeError, 'compare: options.scorers must be an array');
    refused({ scorers: ['exct'] }, RangeError, 'compare: options.scorers must be scorers of these runs (exact)');
    refused({ lowerIsBetter: ['exct'] }, RangeError, 'compare: options.lowerIsBetter');
    refused({ sliceBy: 'language' }, RangeError, 'compare: options.sliceBy must be metadata.FIELD or input.FIELD');
    refused({ aplha: 0.1 }, TypeError, 'compare: options.aplha is not an option');
  });

  test('an unknown run is named with its role', () => {
    const unknown = { code: 'ERR_RUNSTORE_NOT_FOUND', message: /compare: candidate: there is no run "none"/ };
    assert.throws(() => compare(store, one, 'none'), unknown);
    assert.throws(() => compare(store, 'none', one), /baseline/);
  });

  test('a closed store names the operation', () => {
    const closed = new RunStore(':memory:');
    closed.close();
    assert.throws(() => compare(closed, one, other), { code: 'ERR_RUNSTORE_CLOSED', message: /^compare: / });
  });

  test('only a RunStore is compared in', () => {
    assert.throws(() => compare({}, one, other), /compare: store must be a RunStore/);
  });

  test('the report is plain data', () => {
    const report = compare(store, one, other, { texts: true });
    assert.deepEqual(JSON.parse(JSON.stringify(report)), report);
  });
});
