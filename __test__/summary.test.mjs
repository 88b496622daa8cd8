import assert from 'node:assert/strict';
import { test } from 'node:test';
import { onEveryConnection } from './support/conformance.mjs';
import { newCases, newRun, scoredRun } from './support/data.mjs';

const nothing = {
  totalCases: 0,
  passCount: 0,
  failCount: 0,
  meanScores: {},
  totalLatencyMs: 0,
  totalTokensIn: 0,
  totalTokensOut: 0,
};

onEveryConnection((open) => {
  test('the summary of an unknown run, and of one without cases, is all zeros', async (t) => {
    const store = open(t);
    assert.deepEqual(await store.getRunSummary('no such run'), nothing);
    assert.deepEqual(await store.getRunSummary(null), nothing);
    assert.deepEqual(await store.getRunSummary(await newRun(store)), nothing);
    assert.deepEqual(Object.keys(await store.getRunSummary('no such run')), Object.keys(nothing));
  });

  test('a case passes when its lowest score is at least the threshold; unscored ones count in neither', async (t) => {
    const store = open(t);
    const runId = await scoredRun(store, [{ a: 1, b: 0.5 }, { a: 1, b: 0.25 }, { a: 0.5 }, {}, { a: 0 }]);
    const counts = async (...threshold) => {
      const { totalCases, passCount, failCount } = await store.getRunSummary(runId, ...threshold);
      return [totalCases, passCount, failCount];
    };
    assert.deepEqual(await counts(), [5, 2, 2]);
    assert.deepEqual(await counts(undefined), [5, 2, 2]);
    assert.deepEqual(await counts(0.25), [5, 3, 1]);
    assert.deepEqual(await counts(0), [5, 4, 0]);
    assert.deepEqual(await counts(1.5), [5, 0, 4]);
    assert.deepEqual(await counts(Number.NEGATIVE_INFINITY), [5, 4, 0]);
  });

  test('the mean of a scorer is over the cases that it scored', async (t) => {
    const store = open(t);
    const runId = await scoredRun(store, [{ a: 1, b: 0.5 }, { a: 0 }, { a: 0.5, b: 0 }, {}]);
    assert.deepEqual((await store.getRunSummary(runId)).meanScores, { a: 0.5, b: 0.25 });
  });

  test('latency and tokens are summed over all cases, without nulls', async (t) => {
    const store = open(t);
    const runId = await newRun(store);
    const data = [
      { latency_ms: 1.5, tokens_in: 10, tokens_out: 100 },
      { latency_ms: null, tokens_in: null, tokens_out: null },
      { latency_ms: 2, tokens_in: 20, tokens_out: 200 },
    ];
    await store.saveCases(newCases(runId, 3, (at) => data[at]));
    const { totalLatencyMs, totalTokensIn, totalTokensOut } = await store.getRunSummary(runId);
    assert.deepEqual([totalLatencyMs, totalTokensIn, totalTokensOut], [3.5, 30, 300]);
  });

  test('scorers are in the order of the bytes of their names, after integer-like names, which JavaScript puts first', async (t) => {
    const store = open(t);
    const runId = await scoredRun(store, [{ b: 1, a: 1, '€': 1, 10: 1, 9: 1, é: 1, Z: 1 }]);
    assert.deepEqual(Object.keys((await store.getRunSummary(runId)).meanScores), ['9', '10', 'Z', 'a', 'b', 'é', '€']);
  });

  test('a scorer may be called __proto__ or constructor', async (t) => {
    const store = open(t);
    const runId = await newRun(store);
    await store.saveCases(newCases(runId, 1));
    await store.saveScores(
      ['__proto__', 'constructor'].map((scorer_name) => ({ case_id: 'c0', scorer_name, score: 1 })),
    );
    const { meanScores } = await store.getRunSummary(runId);
    assert.deepEqual(Object.entries(meanScores), [
      ['__proto__', 1],
      ['constructor', 1],
    ]);
    assert.equal(Object.getPrototypeOf(meanScores), Object.prototype);
  });

  test('small scores are not lost beside large ones', async (t) => {
    const store = open(t);
    // A plain sum of these is 0: 0.125 is less than half of the last digit of 1e16.
    const scores = [1e16, ...Array(1000).fill(0.125), -1e16];
    const runId = await scoredRun(
      store,
      scores.map((score) => ({ s: score })),
    );
    assert.equal((await store.getRunSummary(runId)).meanScores.s, 125 / 1002);
  });

  test('the mean of both infinities, which does not exist, is null', async (t) => {
    const store = open(t);
    const runId = await scoredRun(store, [
      { s: Number.POSITIVE_INFINITY },
      { s: Number.NEGATIVE_INFINITY },
      { up: Infinity },
    ]);
    assert.deepEqual((await store.getRunSummary(runId)).meanScores, { s: null, up: Number.POSITIVE_INFINITY });
  });

  test('totals above 2^53 are numbers, and the run stays readable', async (t) => {
    const store = open(t);
    const runId = await newRun(store);
    await store.saveCases(newCases(runId, 3, () => ({ latency_ms: 2 ** 62, tokens_in: 2 ** 53 })));
    const summary = await store.getRunSummary(runId);
    assert.equal(summary.totalLatencyMs, 3 * 2 ** 62);
    assert.equal(summary.totalTokensIn, 3 * 2 ** 53);
    assert.equal((await store.getCases(runId))[0].latency_ms, 2 ** 62);
  });

  test('a stored summary stays as it was given until the run is finished again', async (t) => {
    const store = open(t);
    const runId = await newRun(store);
    const result = { idx: 0, key: 'fr', input: 'France' };
    await store.saveResults(runId, [{ ...result, error: 'rate limit' }]);
    await store.finishRun(runId, 'completed', await store.getRunSummary(runId));
    const before = (await store.getRun(runId)).summary;
    const [caseId] = await store.saveResults(runId, [{ ...result, scores: { a: 1 } }], { onConflict: 'replace' });
    await store.saveScores([{ case_id: caseId, scorer_name: 'b', score: 1 }]);
    assert.deepEqual((await store.getRun(runId)).summary, before);
    assert.deepEqual((await store.listRuns()).find(({ id }) => id === runId).summary, before);
    const now = await store.getRunSummary(runId);
    assert.deepEqual([before.passCount, now.passCount, now.meanScores], [0, 1, { a: 1, b: 1 }]);
    await store.finishRun(runId, 'completed', now);
    assert.deepEqual((await store.getRun(runId)).summary, now);
  });

  test('finishRun saves the summary that getRunSummary returned', async (t) => {
    const store = open(t);
    const runId = await scoredRun(store, [{ a: 1 }, { a: 0 }]);
    const summary = await store.getRunSummary(runId);
    await store.finishRun(runId, 'completed', summary);
    assert.deepEqual((await store.getRun(runId)).summary, summary);
    assert.deepEqual(Object.keys((await store.getRun(runId)).summary), Object.keys(nothing));
  });
});
