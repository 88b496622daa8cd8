import assert from 'node:assert/strict';
import { test } from 'node:test';
import { onEveryConnection } from './support/conformance.mjs';
import { newCase, newRun } from './support/data.mjs';

const whole = {
  benchmark: 'gsm8k',
  score: 0.4,
  num_examples: 10,
  num_correct: 4,
  num_errors: 1,
  num_truncated: 1,
  metrics: { accuracy: 0.4, __proto__x: -1e-7 },
  time_seconds: 12.5,
  pass_at_k: { 1: 0.4, 5: 0.9 },
};

const scored = (idx, score, data = {}) => ({
  ...newCase(undefined, { idx, ...data }),
  scores: [{ scorer_name: 'exact', score }],
});

onEveryConnection((open) => {
  test('getBenchmarkResult returns the saved result with its derived fields', async (t) => {
    const store = open(t);
    const id = await newRun(store);
    assert.equal(await store.saveBenchmarkResult(id, whole), undefined);
    const { benchmark, ...rest } = whole;
    assert.deepEqual(await store.getBenchmarkResult(id, 'gsm8k'), {
      run_id: id,
      benchmark,
      ...rest,
      num_completed: 8,
      score_completed: 0.5,
      source: 'saved',
    });
  });

  test('omitted fields are 0 or empty', async (t) => {
    const store = open(t);
    const id = await newRun(store);
    await store.saveBenchmarkResult(id, { benchmark: '', score: -1.5, num_examples: 0, num_correct: 0 });
    assert.deepEqual(await store.getBenchmarkResult(id, ''), {
      run_id: id,
      benchmark: '',
      score: -1.5,
      score_completed: 0,
      num_examples: 0,
      num_correct: 0,
      num_errors: 0,
      num_truncated: 0,
      num_completed: 0,
      metrics: {},
      time_seconds: null,
      pass_at_k: {},
      source: 'saved',
    });
  });

  test('saving again replaces the result, and no other', async (t) => {
    const store = open(t);
    const id = await newRun(store);
    await store.saveBenchmarkResult(id, whole);
    await store.saveBenchmarkResult(id, { ...whole, benchmark: 'mmlu' });
    await store.saveBenchmarkResult(id, { ...whole, score: 1 });
    assert.equal((await store.getBenchmarkResult(id, 'gsm8k')).score, 1);
    assert.equal((await store.getBenchmarkResult(id, 'mmlu')).score, 0.4);
    assert.equal(await store.getBenchmarkResult(await newRun(store), 'mmlu'), undefined);
    assert.equal(await store.getBenchmarkResult(null, 'mmlu'), undefined);
  });

  test('an invalid result is refused with the reason', async (t) => {
    const store = open(t);
    const id = await newRun(store);
    for (const [result, message] of [
      [{ ...whole, score: Number.NaN }, /result\.score must be a finite number, not NaN/],
      [{ ...whole, score: '1' }, /result\.score must be a number, not a string/],
      [{ ...whole, num_examples: 1.5 }, /result\.num_examples must be a whole number/],
      [{ ...whole, num_errors: -1 }, /result\.num_errors must be a whole number/],
      [{ ...whole, metrics: { a: null } }, /result\.metrics\.a must be a number, not null/],
      [{ ...whole, pass_at_k: { 0: 1 } }, /result\.pass_at_k must have numbers of attempts for keys, not "0"/],
      [{ ...whole, benchmark: undefined }, /result\.benchmark must be a string/],
      [null, /result must be an object, not null/],
    ]) {
      await assert.rejects(async () => store.saveBenchmarkResult(id, result), {
        code: 'ERR_RUNSTORE_INVALID_ARGUMENT',
        message,
      });
    }
    await assert.rejects(async () => store.saveBenchmarkResult('no such run', whole), {
      code: 'ERR_RUNSTORE_CONSTRAINT',
      message: /^saveBenchmarkResult: there is no run with id "no such run"/,
    });
    assert.deepEqual(await store.listBenchmarks(id), []);
  });

  test('without a saved result, it is counted from the cases of the benchmark', async (t) => {
    const store = open(t);
    const id = await newRun(store);
    await store.saveResults(id, [
      scored(0, 1, { input: 'q0', benchmark: 'b', latency_ms: 1500 }),
      scored(1, 0.25, { input: 'q1', benchmark: 'b', latency_ms: 500 }),
      // Passed, but with an error: not correct.
      scored(2, 1, { input: 'q2', benchmark: 'b', latency_ms: null, error: 'late' }),
      newCase(undefined, { idx: 3, input: 'q3', benchmark: 'b', error: 'timeout', latency_ms: 0 }),
      scored(4, 1, { benchmark: 'another' }),
      scored(5, 1),
    ]);
    assert.deepEqual(await store.getBenchmarkResult(id, 'b'), {
      run_id: id,
      benchmark: 'b',
      score: 0.25,
      score_completed: 0.5,
      num_examples: 4,
      num_correct: 1,
      num_errors: 2,
      num_truncated: 0,
      num_completed: 2,
      metrics: { exact: 0.75 },
      time_seconds: 2,
      pass_at_k: { 1: 0.5 },
      source: 'cases',
    });
    assert.equal((await store.getBenchmarkResult(id, 'b', 0.25)).num_correct, 2);
    assert.equal(await store.getBenchmarkResult(id, 'none'), undefined);
    await assert.rejects(async () => store.getBenchmarkResult(id, 'b', Number.NaN), /threshold must not be NaN/);
  });

  test('a result can be saved again as it was read', async (t) => {
    const store = open(t);
    const id = await newRun(store);
    await store.saveBenchmarkResult(id, { benchmark: 'b', score: 0.5, num_examples: 2, num_correct: 1 });
    const read = await store.getBenchmarkResult(id, 'b');
    await store.saveBenchmarkResult(id, read);
    assert.deepEqual(await store.getBenchmarkResult(id, 'b'), read);
  });

  test('listBenchmarks returns the names of all that have a result or cases, sorted', async (t) => {
    const store = open(t);
    const id = await newRun(store, { benchmarks: ['declared'] });
    await store.saveBenchmarkResult(id, { ...whole, benchmark: 'Ü' });
    await store.saveBenchmarkResult(id, { ...whole, benchmark: 'b' });
    await store.saveResults(id, [scored(0, 1, { benchmark: 'b' }), scored(1, 1, { benchmark: 'Z' }), scored(2, 1)]);
    assert.deepEqual(await store.listBenchmarks(id), ['Z', 'b', 'Ü']);
    assert.deepEqual(await store.listBenchmarks(await newRun(store)), []);
  });

  test('finalizeRun collects the scores of the benchmarks that the run was made for', async (t) => {
    const store = open(t);
    const id = await newRun(store, { benchmarks: ['gsm8k', 'mmlu', 'missing'] });
    await store.saveBenchmarkResult(id, whole);
    await store.saveBenchmarkResult(id, { ...whole, benchmark: 'not asked for' });
    await store.saveResults(id, [scored(0, 1, { benchmark: 'mmlu' }), scored(1, 0, { benchmark: 'mmlu' })]);
    assert.equal(await store.readSummary(id), undefined);
    const before = Date.now();
    const run = await store.finalizeRun(id);
    assert.deepEqual(run, await store.getRun(id));
    assert.equal(run.status, 'completed');
    assert.ok(run.finished_at >= before && run.finished_at <= Date.now());
    assert.deepEqual(run.scores, { gsm8k: 0.4, mmlu: 0.5 });
    assert.deepEqual(run.summary, await store.getRunSummary(id));
    assert.deepEqual(await store.readSummary(id), {
      gsm8k: { score: 0.4, num_examples: 10, num_correct: 4, num_errors: 1 },
      mmlu: { score: 0.5, num_examples: 2, num_correct: 1, num_errors: 0 },
    });
  });

  test('finalizeRun may be repeated, and counts again', async (t) => {
    const store = open(t);
    const id = await newRun(store);
    await store.saveResults(id, [scored(0, 1, { benchmark: 'b' })]);
    assert.deepEqual((await store.finalizeRun(id)).scores, { b: 1 });
    await store.saveResults(id, [scored(1, 0.4, { benchmark: 'b' })]);
    assert.deepEqual((await store.finalizeRun(id, { status: 'failed' })).scores, { b: 0.5 });
    assert.equal((await store.getRun(id)).status, 'failed');
    assert.deepEqual((await store.finalizeRun(id, { threshold: 0.4 })).scores, { b: 1 });
    assert.equal((await store.getRun(id)).summary.passCount, 2);
  });

  test('finalizeRun of a run without cases leaves its summary, and one without benchmarks has no scores', async (t) => {
    const store = open(t);
    const id = await newRun(store);
    const run = await store.finalizeRun(id);
    assert.equal(run.summary, null);
    assert.deepEqual(run.scores, {});
    assert.deepEqual(await store.readSummary(id), {});
  });

  test('finalizeRun refuses a run that is not there, and bad options', async (t) => {
    const store = open(t);
    await assert.rejects(async () => store.finalizeRun('no such run'), {
      code: 'ERR_RUNSTORE_NOT_FOUND',
      message: /^finalizeRun: there is no run with id "no such run"/,
    });
    await assert.rejects(
      async () => store.finalizeRun('r', { status: 'running' }),
      /options\.status must be 'completed' or 'failed'/,
    );
    await assert.rejects(async () => store.finalizeRun('r', { state: 1 }), /options\.state is not an option/);
  });

  test('results go with their run', async (t) => {
    const store = open(t);
    const id = await newRun(store);
    await store.saveBenchmarkResult(id, whole);
    await store.deleteRun(id);
    assert.equal(await store.getBenchmarkResult(id, whole.benchmark), undefined);
  });
});
