import assert from 'node:assert/strict';
import { test } from 'node:test';
import { onEveryConnection } from './support/conformance.mjs';
import { newCase, newRun } from './support/data.mjs';

const nothing = {
  totalCases: 0,
  passCount: 0,
  failCount: 0,
  meanScores: {},
  totalLatencyMs: null,
  totalTokensIn: null,
  totalTokensOut: null,
  unscoredCount: 0,
  erroredCount: 0,
  exampleCount: 0,
  mostTrials: 0,
  passAtK: {},
  passAtKCases: {},
  latencyP50Ms: null,
  latencyP95Ms: null,
  totalCostUsd: null,
};

const one = (idx, scores, data = {}) => ({
  ...newCase(undefined, { idx, ...data }),
  scores: Object.entries(scores).map(([scorer_name, score]) => ({ scorer_name, score })),
});

onEveryConnection((open) => {
  test('the report of a run without cases, and of none', async (t) => {
    const store = open(t);
    for (const id of [await newRun(store), 'no such run', null]) {
      assert.deepEqual(await store.getRunReport(id), { ...nothing, benchmarks: {}, tags: {} });
    }
  });

  test('the report says what the summary says', async (t) => {
    const store = open(t);
    const id = await newRun(store);
    const results = [one(0, { a: 1, b: 0.1 }), one(1, { a: 0.5 }), one(2, {}), one(2, { b: 0.3 })];
    await store.saveResults(
      id,
      results.map((result, at) => ({ ...result, input: `question ${at}` })),
    );
    for (const threshold of [undefined, 0.1, 1]) {
      const summary = await store.getRunSummary(id, threshold);
      const report = await store.getRunReport(id, threshold);
      assert.equal(Object.keys(summary).length, 7);
      for (const [field, value] of Object.entries(summary)) assert.deepEqual(report[field], value, field);
    }
    await assert.rejects(
      async () => store.getRunReport(id, Number.NaN),
      /^RangeError.*getRunReport: threshold must not be NaN/,
    );
  });

  test('what was not measured is null, and what took no time is 0', async (t) => {
    const store = open(t);
    const id = await newRun(store);
    await store.saveResults(id, [
      { idx: 0, input: 0, benchmark: 'unmeasured', scores: { a: 1 } },
      { idx: 0, input: 0, benchmark: 'cached', latency_ms: 0, tokens_in: 0, tokens_out: 0, scores: { a: 1 } },
    ]);
    await store.saveTrajectories(id, [
      { benchmark: 'played', idx: 0, turns: [{ role: 'user', content: '' }] },
      { benchmark: 'timed', idx: 0, time_seconds: 0, turns: [{ role: 'user', content: '', token_count: 0 }] },
    ]);
    const { benchmarks } = await store.getRunReport(id);
    const totals = ({ totalLatencyMs, totalTokensIn, totalTokensOut }) => [
      totalLatencyMs,
      totalTokensIn,
      totalTokensOut,
    ];
    assert.deepEqual(totals(benchmarks.unmeasured), [null, null, null]);
    assert.deepEqual(totals(benchmarks.cached), [0, 0, 0]);
    const seconds = async (name) => (await store.getBenchmarkResult(id, name)).time_seconds;
    assert.deepEqual([await seconds('unmeasured'), await seconds('cached')], [null, 0]);
    assert.deepEqual([await seconds('played'), await seconds('timed')], [null, 0]);
    const played = await store.getTrajectory(id, 'played', 0);
    const timed = await store.getTrajectory(id, 'timed', 0);
    assert.deepEqual([played.time_seconds, played.turns[0].token_count], [null, null]);
    assert.deepEqual([timed.time_seconds, timed.turns[0].token_count], [0, 0]);
  });

  test('what the summary leaves out is counted', async (t) => {
    const store = open(t);
    const id = await newRun(store);
    await store.saveResults(id, [
      one(0, { a: 1 }, { latency_ms: 100, cost_usd: 0.25, metadata: { tags: ['long', 'math', 'math'] } }),
      one(1, { a: 0 }, { latency_ms: 200, error: 'late', metadata: { tags: ['long', 7] } }),
      one(2, {}, { latency_ms: null, error: 'timeout', cost_usd: 0.5, metadata: { tags: 'none' } }),
      one(3, {}, { latency_ms: 400, benchmark: 'b' }),
    ]);
    const report = await store.getRunReport(id);
    assert.equal(report.unscoredCount, 2);
    assert.equal(report.erroredCount, 2);
    assert.equal(report.latencyP50Ms, 200);
    // 0.9 of the way from the second to the third of 100, 200, 400.
    assert.equal(report.latencyP95Ms, 380);
    assert.equal(report.totalCostUsd, 0.75);
    assert.deepEqual(Object.keys(report.tags), ['long', 'math']);
    assert.deepEqual(
      [report.tags.long.totalCases, report.tags.long.passCount, report.tags.long.totalCostUsd],
      [2, 1, 0.25],
    );
    assert.deepEqual(report.tags.long.meanScores, { a: 0.5 });
    assert.deepEqual(Object.keys(report.benchmarks), ['b']);
    assert.deepEqual(report.benchmarks.b, {
      ...nothing,
      totalCases: 1,
      totalLatencyMs: 400,
      totalTokensIn: 3,
      totalTokensOut: 5,
      unscoredCount: 1,
      exampleCount: 1,
      mostTrials: 1,
      passAtK: { 1: 0 },
      passAtKCases: { 1: 1 },
      latencyP50Ms: 400,
      latencyP95Ms: 400,
    });
  });

  test('attempts at a case count as such, by key where all cases have one', async (t) => {
    const store = open(t);
    const id = await newRun(store);
    await store.saveResults(id, [
      // One of three, none of two, and an attempt that was not scored.
      one(0, { a: 1 }, { key: 'x', trial: 1 }),
      one(1, { a: 0 }, { key: 'x', trial: 2 }),
      one(2, { a: 0 }, { key: 'x', trial: 3 }),
      one(7, { a: 0 }, { key: 'y', trial: 1 }),
      one(7, {}, { key: 'y', trial: 2 }),
      one(7, { a: 1 }, { key: 'y', benchmark: 'another' }),
    ]);
    const report = await store.getRunReport(id);
    assert.deepEqual([report.exampleCount, report.mostTrials], [3, 3]);
    // (1/3 + 0 + 1) / 3, and over the one example with three attempts.
    assert.deepEqual(Object.keys(report.passAtK), ['1', '3']);
    assert.ok(Math.abs(report.passAtK[1] - 4 / 9) < 1e-15);
    assert.equal(report.passAtK[3], 1);
    assert.deepEqual(report.passAtKCases, { 1: 3, 3: 1 });
    assert.deepEqual(report.benchmarks.another.passAtK, { 1: 1 });
    assert.ok(Math.abs(report.meanScores.a - 4 / 9) < 1e-15);
  });

  test('cases of one idx are not attempts at one case, cases of one input are', async (t) => {
    const store = open(t);
    const batches = await newRun(store);
    // Ten questions, saved in two batches that both count from 0.
    const questions = Array.from({ length: 10 }, (_, at) => one(at % 5, { a: at % 2 }, { input: `question ${at}` }));
    await store.saveResults(batches, questions);
    const report = await store.getRunReport(batches);
    assert.deepEqual([report.exampleCount, report.mostTrials, report.passAtK], [10, 1, { 1: 0.5 }]);

    const again = await newRun(store);
    const tries = ['q', 'q', 'r', 'r'].map((input, at) => one(at, { a: at % 2 }, { input, benchmark: 'b' }));
    await store.saveResults(again, tries);
    assert.deepEqual((await store.getRunReport(again)).passAtK, { 1: 0.5, 2: 1 });
    assert.deepEqual((await store.getBenchmarkResult(again, 'b')).pass_at_k, { 1: 0.5, 2: 1 });
  });

  test('the means of a report are those of history and compare, for every reducer', async (t) => {
    const store = open(t);
    const suiteId = (await store.createSuite('suite')).id;
    const id = await newRun(store, { suite_id: suiteId });
    const scores = (...values) => values.map((score) => ({ scorer_name: 'a', score }));
    const tries = [
      // Trials 1 and 0.5, then 0, then 1 and no score: unequal numbers, and a judge that was asked three times.
      ['q', scores(1)],
      ['q', scores(0, 0.5, 1)],
      ['r', scores(0)],
      ['s', scores(1)],
      ['s', []],
    ];
    const results = tries.map(([input, own], at) => ({ ...newCase(undefined, { idx: at, input }), scores: own }));
    await store.saveResults(id, results);
    await store.finishRun(id, 'completed');
    const expected = [
      ['mean', (0.75 + 0 + 1) / 3],
      ['max', (1 + 0 + 1) / 3],
      // Of a trial, then of a case: 0 of [0, 0.5, 1], then 0 of [1, 0].
      ['min', (0 + 0 + 1) / 3],
      [{ atLeast: 1 }, (1 + 0 + 1) / 3],
    ];
    for (const [reducer, mean] of expected) {
      const report = await store.getRunReport(id, { reducer });
      const [row] = await store.history(suiteId, { scorer: 'a', reducer });
      assert.ok(Math.abs(report.meanScores.a - mean) < 1e-15, JSON.stringify(reducer));
      assert.ok(Math.abs(row.mean - mean) < 1e-15, JSON.stringify(reducer));
    }
    // The summary is that of @deepagents/evals: over all scores.
    assert.ok(Math.abs((await store.getRunSummary(id)).meanScores.a - 3.5 / 6) < 1e-15);
    assert.deepEqual(await store.getRunReport(id, { threshold: 0.5 }), await store.getRunReport(id, 0.5));
    const refused = async (options) => store.getRunReport(id, options);
    await assert.rejects(refused({ reducer: 'best' }), /getRunReport: options.reducer/);
    await assert.rejects(refused({ treshold: 1 }), /did you mean threshold/);
  });

  test('names may be any text', async (t) => {
    const store = open(t);
    const id = await newRun(store);
    const cases = ['__proto__', 'constructor'].map((name, idx) =>
      one(idx, { a: 1 }, { benchmark: name, metadata: { tags: [name] } }),
    );
    await store.saveResults(id, cases);
    const report = await store.getRunReport(id);
    for (const groups of [report.benchmarks, report.tags]) {
      assert.deepEqual(Object.keys(groups).sort(), ['__proto__', 'constructor']);
    }
  });
});
