// The figures are tested in tests/history.rs; these tests show that every kind of connection returns them.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { onEveryConnection } from './support/conformance.mjs';
import { nextMillisecond } from './support/data.mjs';
import { inTurn } from './support/either.mjs';
import { saveRun } from './support/runs.mjs';

const inputs = ['a', 'b', 'c', 'd'];

/** Saves a run of four cases with these scores of `exact`; returns its id. */
async function run(store, suiteId, scores, more) {
  const cases = scores.map((score, at) => ({ input: inputs[at], scores: { exact: score } }));
  const id = await saveRun(store, suiteId, cases, more);
  nextMillisecond();
  return id;
}

const names = (rows) => rows.map(({ name }) => name);

onEveryConnection((open) => {
  test('history returns a row per run, with the differences from the previous run and from the baseline', async (t) => {
    const store = open(t);
    const suiteId = (await store.createSuite('suite')).id;
    const [first, second, third] = await inTurn(
      [
        [0, 0, 1, 1],
        [0, 1, 1, 1],
        [1, 1, 1, 1],
      ],
      (scores, at) => run(store, suiteId, scores, { name: `run ${at}` }),
    );
    await store.setBaseline(suiteId, first);
    const rows = await store.history(suiteId, { scorer: 'exact' });
    assert.deepEqual(names(rows), ['run 0', 'run 1', 'run 2']);
    assert.deepEqual(Object.keys(rows[0]), [
      'run_id',
      'name',
      'model',
      'started_at',
      'finished_at',
      'status',
      'scorer_name',
      'n',
      'mean',
      'low',
      'high',
      'level',
      'delta_previous',
      'delta_baseline',
      'delta_first',
      'is_baseline',
      'unscored',
      'errored',
    ]);
    const { started_at, finished_at } = await store.getRun(second);
    const { low, high, delta_previous, delta_baseline, delta_first, ...row } = rows[1];
    assert.deepEqual(row, {
      run_id: second,
      name: 'run 1',
      model: 'model',
      started_at,
      finished_at,
      status: 'completed',
      scorer_name: 'exact',
      n: 4,
      mean: 0.75,
      level: 0.95,
      is_baseline: false,
      unscored: 0,
      errored: 0,
    });
    // Wilson (1927), 3 of 4.
    assert.deepEqual([low.toFixed(6), high.toFixed(6)], ['0.300642', '0.954413']);
    assert.deepEqual([delta_previous.delta, delta_previous.n], [0.25, 4]);
    assert.deepEqual(Object.keys(delta_previous), ['delta', 'low', 'high', 'n']);
    assert.deepEqual(delta_baseline, delta_previous);
    assert.deepEqual(delta_first, delta_previous);
    assert.deepEqual([rows[0].delta_previous, rows[0].delta_baseline, rows[0].is_baseline], [null, null, true]);
    assert.deepEqual([rows[2].run_id, rows[2].delta_previous.delta, rows[2].delta_baseline.delta], [third, 0.25, 0.5]);
    assert.equal(rows[2].delta_first.delta, 0.5);
  });

  test('history takes a model, a limit, a time and a baseline', async (t) => {
    const store = open(t);
    const suiteId = (await store.createSuite('suite')).id;
    const ids = await inTurn(['a', 'b', 'a', 'b'], (model, at) => {
      return run(store, suiteId, [at / 4, at / 4], { name: `${model}${at}`, model });
    });
    const history = async (options) => names(await store.history(suiteId, options));
    assert.deepEqual(await history(), ['a0', 'b1', 'a2', 'b3']);
    assert.deepEqual(await history({ model: 'a' }), ['a0', 'a2']);
    assert.deepEqual(await history({ limit: 3 }), ['b1', 'a2', 'b3']);
    const { started_at } = await store.getRun(ids[2]);
    assert.deepEqual(await history({ since: started_at }), ['a2', 'b3']);
    assert.deepEqual(await history({ since: new Date(started_at + 1), model: null }), ['b3']);
    await store.setBaseline(suiteId, ids[0], 'release');
    const [last] = await store.history(suiteId, { limit: 1, baseline: 'release' });
    assert.equal(last.delta_baseline.delta, 0.75);
    await assert.rejects(async () => store.history(suiteId, { baseline: 'main' }), {
      code: 'ERR_RUNSTORE_NOT_FOUND',
      message: /^history: suite ".*" has no baseline "main"/,
    });
  });

  test('cases without a score, with an error and with trials are counted as they are', async (t) => {
    const store = open(t);
    const suiteId = (await store.createSuite('suite')).id;
    await saveRun(store, suiteId, [
      { input: 'a', trial: 0, scores: { exact: 1 } },
      { input: 'a', trial: 1, scores: { exact: 0 } },
      { input: 'b', trial: 0, error: 'timeout' },
      { input: 'c', trial: 0, scores: { exact: 1 } },
    ]);
    const [{ n, mean, unscored, errored }] = await store.history(suiteId);
    assert.deepEqual({ n, mean, unscored, errored }, { n: 2, mean: 0.75, unscored: 1, errored: 1 });
  });

  test('trend sees drops that no comparison of neighbours does', async (t) => {
    const store = open(t);
    const suiteId = (await store.createSuite('suite')).id;
    // Each night two of a hundred cases are repaired and a few others break.
    for (const [night, count] of [10, 12, 11, 13, 14, 14, 16, 17, 18].entries()) {
      const fails = (at) => at >= 2 * night && at < 2 * night + count;
      const cases = Array.from({ length: 100 }, (_, at) => ({ input: at, scores: { exact: fails(at) ? 0 : 1 } }));
      await saveRun(store, suiteId, cases, { name: `night ${night}` });
      nextMillisecond();
    }
    const [, ...later] = await store.history(suiteId);
    assert.equal(later.length, 8);
    for (const { delta_previous } of later) {
      assert.ok(delta_previous.low < 0 && delta_previous.high > 0);
    }
    const { runs, slope, low, high, p_value, cusum, anchor_run_id, ...trend } = await store.trend(suiteId, {
      scorer: 'exact',
    });
    assert.deepEqual(trend, {
      scorer_name: 'exact',
      n_runs: 9,
      n_apart: 0,
      level: 0.95,
      first_mean: 0.9,
      last_mean: 0.82,
      direction: 'falling',
    });
    assert.deepEqual(
      [slope, low, high].map((one) => one.toFixed(6)),
      ['-0.009667', '-0.011605', '-0.007728'],
    );
    assert.equal(p_value.toExponential(4), '7.1474e-6');
    assert.deepEqual(
      runs.map(({ mean }) => mean),
      [0.9, 0.88, 0.89, 0.87, 0.86, 0.86, 0.84, 0.83, 0.82],
    );
    assert.equal(anchor_run_id, runs[0].run_id);
    assert.deepEqual([runs[0].delta_anchor, runs[8].delta_anchor.n], [null, 100]);
    assert.equal(runs[8].delta_anchor.delta.toFixed(6), '-0.080000');
    assert.deepEqual(Object.keys(cusum), ['sd', 'rising', 'falling', 'limit', 'direction', 'run_id']);
    assert.ok(cusum.falling > 1 && cusum.rising === 0);
    assert.equal((await store.trend(suiteId, { scorer: 'exact', alpha: 1e-6 })).direction, 'flat');
    assert.equal((await store.trend(suiteId, { scorer: 'exact', last: 3 })).n_runs, 3);
  });

  test('harder cases that are added are no fall, and trend and history measure from a run that stays', async (t) => {
    const store = open(t);
    const suiteId = (await store.createSuite('suite')).id;
    const nights = [0, 1, 2, 3];
    const ids = await inTurn(nights, (night) => run(store, suiteId, [1, 1, 0, ...Array(night ? 1 : 0).fill(0)]));
    const trend = await store.trend(suiteId, { scorer: 'exact' });
    assert.deepEqual([trend.direction, trend.slope, trend.cusum.direction], ['flat', 0, 'flat']);
    assert.deepEqual([trend.first_mean, trend.last_mean], [2 / 3, 1 / 2]);
    assert.equal((await store.history(suiteId)).at(-1).delta_first.delta, 0);
    await store.setBaseline(suiteId, ids[2], 'release');
    assert.equal((await store.trend(suiteId, { scorer: 'exact', baseline: 'release' })).anchor_run_id, ids[2]);
    await assert.rejects(async () => store.trend(suiteId, { scorer: 'exact', baseline: 'none' }), {
      code: 'ERR_RUNSTORE_NOT_FOUND',
      message: /^trend: suite ".*" has no baseline "none"/,
    });
  });

  test('trend has no slope for fewer than three runs', async (t) => {
    const store = open(t);
    const suiteId = (await store.createSuite('suite')).id;
    const nothing = { slope: null, low: null, high: null, level: 0.95, p_value: null };
    const runs = { n_runs: 0, n_apart: 0, anchor_run_id: null, first_mean: null, last_mean: null };
    const empty = { scorer_name: 'exact', ...runs, ...nothing, direction: null, cusum: null };
    assert.deepEqual(await store.trend(suiteId, { scorer: 'exact' }), { ...empty, runs: [] });
    const [first, second] = await inTurn([1, 0], (score) => run(store, suiteId, [score]));
    const trend = await store.trend(suiteId, { scorer: 'exact', model: 'model' });
    assert.deepEqual([trend.slope, trend.direction, trend.first_mean, trend.last_mean], [null, null, 1, 0]);
    assert.deepEqual(
      trend.runs.map(({ run_id }) => run_id),
      [first, second],
    );
  });

  test('options are checked by name', async (t) => {
    const store = open(t);
    for (const [method, options, name, message] of [
      ['history', 1, 'TypeError', /^history: options must be an object/],
      ['history', { scorer: 1 }, 'TypeError', /^history: options\.scorer must be a string/],
      ['history', { model: {} }, 'TypeError', /^history: options\.model must be a string/],
      [
        'history',
        { since: '2026' },
        'TypeError',
        /^history: options\.since must be a Date or milliseconds, not a string/,
      ],
      ['history', { since: new Date('never') }, 'RangeError', /^history: options\.since must be a time/],
      ['history', { since: Infinity }, 'RangeError', /^history: options\.since must be a time/],
      ['history', { limit: 0 }, 'RangeError', /^history: options\.limit must be a whole number from 1/],
      ['history', { limit: '5' }, 'TypeError', /^history: options\.limit must be a number/],
      ['history', { baseline: 1 }, 'TypeError', /^history: options\.baseline must be a string/],
      ['history', { last: 1 }, 'TypeError', /^history: options\.last is not an option; there are scorer, model/],
      ['trend', undefined, 'TypeError', /^trend: options must be an object, not undefined/],
      ['trend', {}, 'TypeError', /^trend: options\.scorer must be a string, not undefined/],
      ['trend', { scorer: null }, 'TypeError', /^trend: options\.scorer must be a string, not null/],
      ['trend', { scorer: 's', last: 2 }, 'RangeError', /^trend: options\.last must be a whole number from 3/],
      ['trend', { scorer: 's', alpha: 0 }, 'RangeError', /^trend: options\.alpha must be between 0 and 1/],
      ['trend', { scorer: 's', limit: 5 }, 'TypeError', /^trend: options\.limit is not an option/],
    ]) {
      await assert.rejects(async () => store[method]('suite', options), {
        name,
        message,
        code: 'ERR_RUNSTORE_INVALID_ARGUMENT',
      });
    }
  });
});
