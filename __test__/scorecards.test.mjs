import assert from 'node:assert/strict';
import { test } from 'node:test';
import { onEveryConnection } from './support/conformance.mjs';
import { newPath, openStore } from './support/connections.mjs';

/** A completed run with these results, and its suite. */
async function withRun(store, results, status = 'completed') {
  const suiteId = (await store.createSuite('suite')).id;
  const runId = await store.createRun({ suite_id: suiteId, name: 'run', model: 'm' });
  await store.saveResults(runId, results);
  if (status !== 'running') await store.finishRun(runId, status);
  return { suiteId, runId };
}

const scored = (...scores) => scores.map((exact, idx) => ({ idx, input: idx, scores: { exact } }));
const verdictOf = async (store, runId) => {
  const { verdict, reasons } = await store.getScorecard(runId, { samples: false });
  return [verdict, ...reasons.map(({ text }) => text)];
};

onEveryConnection((open) => {
  test('thresholds are kept per suite, and take the place of all before', async (t) => {
    const store = open(t);
    const [one, other] = [(await store.createSuite('one')).id, (await store.createSuite('other')).id];
    assert.deepEqual(await store.getThresholds(one), {});
    const thresholds = { exact: { passFloor: 0.8, warnFloor: 0.6 }, ['__proto__']: { passCeiling: 2, warnCeiling: 3 } };
    assert.equal(await store.setThresholds(one, thresholds), undefined);
    await store.setThresholds(other, { tone: { passFloor: 0, passCeiling: 1 } });
    assert.deepEqual(await store.getThresholds(one), thresholds);
    await store.setThresholds(one, { tone: { passFloor: -1, warnFloor: null } });
    assert.deepEqual(await store.getThresholds(one), { tone: { passFloor: -1 } });
    assert.deepEqual(await store.getThresholds(other), { tone: { passFloor: 0, passCeiling: 1 } });
    await store.setThresholds(one, {});
    assert.deepEqual(await store.getThresholds(one), {});
    assert.deepEqual(await store.getThresholds(null), {});
  });

  test('setThresholds refuses what makes no sense, by name, and keeps what was there', async (t) => {
    const store = open(t);
    const { id } = await store.createSuite('suite');
    await store.setThresholds(id, { exact: { passFloor: 1 } });
    const refused = [
      [
        { exact: { passFloor: 0.5, warnFloor: 0.6 } },
        /thresholds\["exact"\]\.warnFloor must be at most the pass floor, not 0\.6/,
      ],
      [{ exact: {} }, /thresholds\["exact"\] has neither a pass floor nor a pass ceiling/],
      [{ exact: { warnCeiling: 1 } }, /thresholds\["exact"\]/],
      [{ exact: { passFloor: Infinity } }, /thresholds\["exact"\]\.passFloor must be a finite number/],
      [{ exact: { passFlor: 1 } }, /thresholds\["exact"\]\.passFlor is not known; did you mean passFloor\?/],
      [{ exact: 0.5 }, /thresholds\["exact"\] must be an object/],
      [null, /setThresholds: thresholds must be an object, not null/],
    ];
    for (const [thresholds, message] of refused) {
      await assert.rejects(async () => store.setThresholds(id, thresholds), {
        code: 'ERR_RUNSTORE_INVALID_ARGUMENT',
        message,
      });
    }
    await assert.rejects(async () => store.setThresholds('gone', {}), {
      code: 'ERR_RUNSTORE_CONSTRAINT',
      message: /there is no suite with id "gone"/,
    });
    assert.deepEqual(await store.getThresholds(id), { exact: { passFloor: 1 } });
  });

  test('a scorecard has the metrics of the run, its thresholds, and the same of each case', async (t) => {
    const store = open(t);
    const { suiteId, runId } = await withRun(store, [
      {
        id: 'a',
        idx: 0,
        key: 'paris',
        input: 1,
        latency_ms: 100,
        tokens_in: 5,
        tokens_out: 1,
        cost_usd: 0.25,
        scores: { exact: 1, tone: 0.5 },
      },
      { id: 'b', idx: 1, input: 2, latency_ms: 300, tokens_in: 7, cost_usd: 0.5, scores: { exact: 0, tone: 0.75 } },
      { id: 'c', idx: 2, trial: 2, benchmark: 'maths', input: 3, error: 'timeout' },
    ]);
    const thresholds = { exact: { passFloor: 0.9, warnFloor: 0.5 }, cost_usd: { passCeiling: 2 } };
    await store.setThresholds(suiteId, thresholds);
    const { samples, ...card } = await store.getScorecard(runId);
    assert.deepEqual(card, {
      runId,
      suiteId,
      model: 'm',
      metrics: {
        cost_usd: 0.75,
        errored: 1,
        exact: 0.5,
        failed: 1,
        latency_p50_ms: 200,
        latency_p95_ms: 290,
        pass_rate: 0.5,
        passed: 1,
        scored_rate: 2 / 3,
        tokens_in: 12,
        tokens_out: 1,
        tone: 0.625,
        total_cases: 3,
        unscored: 1,
        warned: 0,
      },
      thresholds,
      verdict: 'warn',
      reasons: [
        {
          code: 'below_floor',
          metric: 'exact',
          value: 0.5,
          floor: 0.9,
          verdict: 'warn',
          text: 'exact is 0.5, below its floor of 0.9',
        },
        {
          code: 'not_all_scored',
          cases: 3,
          unscored: 1,
          errored: 1,
          text: '1 of 3 attempts have no score, and 1 ended with an error',
        },
      ],
    });
    const tone = { passFloor: 0.5 };
    assert.deepEqual(
      samples.map(({ reasons, ...sample }) => ({ ...sample, reasons: reasons.map(({ code }) => code) })),
      [
        {
          sampleId: 'paris',
          caseId: 'a',
          metrics: { cost_usd: 0.25, exact: 1, latency_ms: 100, tokens_in: 5, tokens_out: 1, tone: 0.5 },
          thresholds: { exact: thresholds.exact, tone },
          verdict: 'pass',
          errors: [],
          reasons: [],
        },
        {
          sampleId: '1',
          caseId: 'b',
          metrics: { cost_usd: 0.5, exact: 0, latency_ms: 300, tokens_in: 7, tone: 0.75 },
          thresholds: { exact: thresholds.exact, tone },
          verdict: 'fail',
          errors: [],
          reasons: ['below_floor'],
        },
        {
          sampleId: 'maths/2#2',
          caseId: 'c',
          metrics: {},
          thresholds: {},
          verdict: 'none',
          errors: ['timeout'],
          reasons: ['no_scores'],
        },
      ],
    );
  });

  test('the worst of what is known makes the verdict', async (t) => {
    const store = open(t);
    const { suiteId, runId } = await withRun(store, scored(1, 1, 0, 1));
    assert.deepEqual(await verdictOf(store, runId), ['none', 'the suite has no thresholds']);
    const asked = async (thresholds) => {
      await store.setThresholds(suiteId, thresholds);
      return verdictOf(store, runId);
    };
    assert.deepEqual(await asked({ exact: { passFloor: 0.75 } }), ['pass']);
    assert.deepEqual(await asked({ exact: { passCeiling: 0.5, warnCeiling: 0.75 } }), [
      'warn',
      'exact is 0.75, above its ceiling of 0.5',
    ]);
    assert.deepEqual(await asked({ exact: { passFloor: 0.8 }, tone: { passFloor: 0.5 } }), [
      'fail',
      'exact is 0.75, below its floor of 0.8',
      'tone has a threshold, and was not measured',
    ]);
    assert.deepEqual(await asked({ exact: { passFloor: 0.5 }, tone: { passFloor: 0.5 } }), [
      'none',
      'tone has a threshold, and was not measured',
    ]);
  });

  test('unscored is not zero, and nothing scored is no pass', async (t) => {
    const store = open(t);
    const half = await withRun(store, [...scored(1), { idx: 1, input: 1, error: 'timeout' }]);
    await store.setThresholds(half.suiteId, { exact: { passFloor: 1 } });
    assert.deepEqual(await verdictOf(store, half.runId), [
      'warn',
      '1 of 2 attempts have no score, and 1 ended with an error',
    ]);
    await store.setThresholds(half.suiteId, { exact: { passFloor: 1 }, errored: { passCeiling: 1 } });
    assert.deepEqual(await verdictOf(store, half.runId), ['pass']);
    const none = await withRun(store, [{ idx: 0, input: 1, output: 'x' }]);
    await store.setThresholds(none.suiteId, { total_cases: { passFloor: 1 } });
    assert.deepEqual(await verdictOf(store, none.runId), ['none', 'nothing was scored']);
  });

  test('a run that has not ended well does not pass', async (t) => {
    const store = open(t);
    for (const [status, expected] of [
      ['running', ['none', 'the run is still running']],
      ['failed', ['fail', 'the run failed']],
    ]) {
      const { suiteId, runId } = await withRun(store, scored(1), status);
      await store.setThresholds(suiteId, { exact: { passFloor: 0 } });
      assert.deepEqual(await verdictOf(store, runId), expected);
    }
    await assert.rejects(async () => store.getScorecard('gone'), {
      code: 'ERR_RUNSTORE_NOT_FOUND',
      message: /getScorecard: there is no run with id "gone"/,
    });
  });

  test('suites that are united keep the thresholds of the newest, and those of others for other metrics', async (t) => {
    const store = open(t);
    const [older, newest] = [(await store.createSuite('same')).id, (await store.createSuite('same')).id];
    await store.setThresholds(older, { exact: { passFloor: 0.1 }, tone: { passFloor: 0.2 } });
    await store.setThresholds(newest, { exact: { passFloor: 0.9 } });
    assert.equal((await store.uniteSuites('same')).suite.id, newest);
    assert.deepEqual(await store.getThresholds(newest), { exact: { passFloor: 0.9 }, tone: { passFloor: 0.2 } });
    await store.deleteSuite(newest);
    assert.deepEqual(await store.getThresholds(newest), {});
  });
});

test('thresholds survive on the disk, and are readable without writing', (t) => {
  const path = newPath(t);
  const store = openStore(t, path);
  const { id } = store.createSuite('suite');
  store.setThresholds(id, { exact: { passFloor: 0.8 } });
  store.close();
  assert.deepEqual(openStore(t, path, { readOnly: true }).getThresholds(id), { exact: { passFloor: 0.8 } });
});
