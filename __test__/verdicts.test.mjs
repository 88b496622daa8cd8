import assert from 'node:assert/strict';
import { test } from 'node:test';
import { gate } from 'runstore/comparison';
import { onEveryConnection } from './support/conformance.mjs';
import { uuidV7 } from './support/data.mjs';
import { inTurn } from './support/either.mjs';
import { saveRun } from './support/runs.mjs';

/** Runs of a hundred cases, with the number that pass. */
async function withRuns(store) {
  const suiteId = (await store.createSuite('suite')).id;
  const runOf = async (passed) => {
    const cases = Array.from({ length: 100 }, (_, at) => ({
      input: at,
      output: String(at < passed),
      scores: { exact: at < passed ? 1 : 0 },
    }));
    return saveRun(store, suiteId, cases);
  };
  const [baseline, worse, same] = await inTurn([90, 60, 90], runOf);
  return { suiteId, baseline, worse, same };
}

const decisions = async (store, options) => (await store.listVerdicts(options)).map(({ decision }) => decision);

onEveryConnection((open) => {
  test('recordVerdict keeps what a gate said', async (t) => {
    const store = open(t);
    const { suiteId, baseline, worse } = await withRuns(store);
    const report = await gate(store, baseline, worse, { margin: 0.05, alpha: 0.1 });
    const before = Date.now();
    const id = await store.recordVerdict(report);
    assert.match(id, uuidV7);
    const [{ created_at, ...verdict }] = await store.listVerdicts();
    const [{ interval, pValue, n }] = report.scorers;
    const scorer = {
      scorer_name: 'exact',
      decision: 'REJECT',
      delta: -0.3,
      low: interval.low,
      high: interval.high,
      p_value: pValue,
      method: 'mcnemar_exact/tango',
      margin: 0.05,
      n,
    };
    assert.deepEqual(verdict, {
      id,
      suite_id: suiteId,
      baseline_run_id: baseline,
      candidate_run_id: worse,
      decision: 'REJECT',
      alpha: 0.1,
      scorers: [scorer],
    });
    assert.equal(n, 100);
    assert.deepEqual(Object.keys(verdict.scorers[0]), Object.keys(scorer));
    assert.ok(created_at >= before && created_at <= Date.now());
  });

  test('a report that went through a file is kept as well, and so is one without figures', async (t) => {
    const store = open(t);
    const suiteId = (await store.createSuite('suite')).id;
    const [baseline, candidate] = await inTurn([1, 2], () =>
      saveRun(store, suiteId, [{ input: 1, scores: { exact: 1 } }]),
    );
    await store.recordVerdict(JSON.parse(JSON.stringify(await gate(store, baseline, candidate))));
    const [{ scorers }] = await store.listVerdicts();
    const { delta, low, high, method, n } = scorers[0];
    assert.deepEqual({ delta, low, high, method, n }, { delta: 0, low: null, high: null, method: null, n: 1 });
  });

  test('listVerdicts returns the newest first, of a suite, of a candidate, and not more than asked for', async (t) => {
    const store = open(t);
    const { suiteId, baseline, worse, same } = await withRuns(store);
    const other = await withRuns(store);
    assert.deepEqual(await store.listVerdicts(), []);
    await store.recordVerdict(await gate(store, baseline, same));
    await store.recordVerdict(await gate(store, baseline, worse));
    await store.recordVerdict(await gate(store, other.baseline, other.same));
    assert.deepEqual(await decisions(store), ['ALLOW', 'REJECT', 'ALLOW']);
    assert.deepEqual(await decisions(store, null), ['ALLOW', 'REJECT', 'ALLOW']);
    assert.deepEqual(await decisions(store, { suiteId }), ['REJECT', 'ALLOW']);
    assert.deepEqual(await decisions(store, { runId: worse }), ['REJECT']);
    assert.deepEqual(await decisions(store, { suiteId, limit: 1 }), ['REJECT']);
    assert.deepEqual(await decisions(store, { suiteId: other.suiteId, runId: worse }), []);
    assert.deepEqual(await decisions(store, { runId: baseline }), []);
  });

  test('a verdict stays when the baseline is deleted, and goes with the candidate', async (t) => {
    const store = open(t);
    const { baseline, worse } = await withRuns(store);
    await store.recordVerdict(await gate(store, baseline, worse));
    await store.deleteRun(baseline);
    assert.equal((await store.listVerdicts())[0].baseline_run_id, baseline);
    await store.deleteRun(worse);
    assert.deepEqual(await store.listVerdicts(), []);
  });

  test('a verdict on a run that is not there is refused by its id', async (t) => {
    const store = open(t);
    const { baseline, worse } = await withRuns(store);
    const report = await gate(store, baseline, worse);
    await store.deleteRun(worse);
    await assert.rejects(async () => store.recordVerdict(report), {
      code: 'ERR_RUNSTORE_CONSTRAINT',
      message: new RegExp(`^recordVerdict: there is no run with id "${worse}"`),
    });
  });

  test('what is no report is refused by the name of the part', async (t) => {
    const store = open(t);
    const { baseline, worse } = await withRuns(store);
    const report = await gate(store, baseline, worse);
    const [scorer] = report.scorers;
    const withScorer = (change) => ({ ...report, scorers: [scorer, { ...scorer, ...change }] });
    for (const [bad, name, message] of [
      [undefined, 'TypeError', /report must be an object, not undefined/],
      [report.comparison, 'TypeError', /report\.comparison must be an object/],
      [{ ...report, comparison: {} }, 'TypeError', /report\.comparison\.baseline must be an object/],
      [
        { ...report, decision: 'MAYBE' },
        'RangeError',
        /report\.decision must be 'ALLOW' or 'REJECT' or 'INCONCLUSIVE'/,
      ],
      [{ ...report, alpha: 1 }, 'RangeError', /report\.alpha must be between 0 and 1/],
      [{ ...report, scorers: 1 }, 'TypeError', /report\.scorers must be an array/],
      [withScorer({ scorer: 1 }), 'TypeError', /report\.scorers\[1\]\.scorer must be a string/],
      [withScorer({ decision: null }), 'TypeError', /report\.scorers\[1\]\.decision must be/],
      [withScorer({ delta: '0' }), 'TypeError', /report\.scorers\[1\]\.delta must be a number/],
      [withScorer({ delta: Number.NaN }), 'RangeError', /report\.scorers\[1\]\.delta must be a finite number/],
      [withScorer({ interval: undefined }), 'TypeError', /report\.scorers\[1\]\.interval must be an object/],
      [withScorer({ interval: { low: 0 } }), 'TypeError', /report\.scorers\[1\]\.interval\.high must be a number/],
      [withScorer({ margin: Infinity }), 'RangeError', /report\.scorers\[1\]\.margin must be a finite number/],
      [withScorer({ method: 'tango' }), 'TypeError', /report\.scorers\[1\]\.method must be an object/],
      [withScorer({ n: 1.5 }), 'RangeError', /report\.scorers\[1\]\.n must be a whole number/],
    ]) {
      await assert.rejects(async () => store.recordVerdict(bad), {
        name,
        message,
        code: 'ERR_RUNSTORE_INVALID_ARGUMENT',
      });
    }
    assert.deepEqual(await store.listVerdicts(), []);
  });

  test('options of listVerdicts are checked', async (t) => {
    const store = open(t);
    for (const [options, name, message] of [
      [1, 'TypeError', /^listVerdicts: options must be an object/],
      [{ suiteId: 1 }, 'TypeError', /^listVerdicts: options\.suiteId must be a string/],
      [{ runId: {} }, 'TypeError', /^listVerdicts: options\.runId must be a string/],
      [{ limit: 0 }, 'RangeError', /^listVerdicts: options\.limit must be a whole number from 1/],
      [{ suite: 's' }, 'TypeError', /^listVerdicts: options\.suite is not an option/],
    ]) {
      await assert.rejects(async () => store.listVerdicts(options), { name, message });
    }
  });
});
