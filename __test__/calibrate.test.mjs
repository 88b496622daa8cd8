import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { RunStore } from 'runstore';
import { calibrate, compare, gate } from 'runstore/comparison';
import { saveRun } from './support/runs.mjs';

const close = (value, expected) => assert.ok(Math.abs(value - expected) < 1e-9, `${value} instead of ${expected}`);

/** A suite with one run for each list of scores; cases have keys. */
function store(runs, more = () => ({})) {
  const store = new RunStore(':memory:');
  const suite_id = store.createSuite('suite').id;
  const cases = (scores) => scores.map((score, at) => ({ input: at, key: `${at}`, scores: { exact: score } }));
  return { store, suite_id, ids: runs.map((scores, at) => saveRun(store, suite_id, cases(scores), more(at))) };
}

/** Scores from 0 to 1 that all runs share, moved by `drift`. */
const graded = (n, drift) => Array.from({ length: n }, (_, at) => 0.3 + (0.4 * ((at * 7) % 10)) / 10 + drift);

describe('calibrate', () => {
  test('the figures are those of a two-way analysis of variance', () => {
    const {
      store: runs,
      suite_id,
      ids,
    } = store([
      [0.1, 0.5, 0.9, 0.3],
      [0.2, 0.4, 1, 0.6],
      [0.4, 0.6, 0.8, 0.7],
    ]);
    const { scorers, model, ...report } = calibrate(runs, suite_id);
    const [exact] = scorers;
    assert.deepEqual([model, exact.scorer, exact.cases], ['model', 'exact', 4]);
    assert.deepEqual(report.runs.map(({ id }) => id).sort(), ids.toSorted());
    // statsmodels 0.15.0: mean squares 0.0308333333 of runs, 0.0186111111 of the rest, p 0.267377211823.
    close(exact.sd, Math.sqrt(0.37 / 12 / 4));
    close(exact.sdOfAnswers, Math.sqrt(0.67 / 36 / 4));
    close(exact.pDrift, 0.267377211823);
    close(exact.expectedDifference, (2 / Math.sqrt(Math.PI)) * exact.sd);
    // t(0.975, 2).
    assert.ok(Math.abs(exact.smallestDifference - 4.30265273 * Math.SQRT2 * exact.sd) < 1e-8);
  });

  test('whole runs that drift show, however many cases there are', () => {
    const { store: runs, suite_id } = store([0, 0.03, -0.02, 0.01].map((drift) => graded(200, drift)));
    const [exact] = calibrate(runs, suite_id).scorers;
    assert.ok(exact.pDrift < 1e-6 && exact.sdOfAnswers < 1e-9);
    assert.ok(exact.smallestDifference > 0.05);
  });

  test('only cases that every run scored are used', () => {
    const { store: runs, suite_id, ids } = store([graded(5, 0), graded(4, 0.1), graded(5, 0.1)]);
    const [exact] = calibrate(runs, suite_id, { runs: ids }).scorers;
    assert.equal(exact.cases, 4);
    const [two] = calibrate(runs, suite_id, { runs: [ids[0], ids[2]] }).scorers;
    assert.equal(two.cases, 5);
  });

  test('runs that are not repetitions are refused', () => {
    const { store: runs, suite_id, ids } = store([graded(3, 0), graded(3, 0)], (at) => ({ model: `model ${at}` }));
    assert.throws(() => calibrate(runs, suite_id), { name: 'RangeError', message: /options\.model .*several/ });
    assert.throws(() => calibrate(runs, suite_id, { model: 'model 0' }), { code: 'ERR_RUNSTORE_NOT_FOUND' });
    assert.throws(() => calibrate(runs, suite_id, { runs: [ids[0], ids[0]] }), { message: /twice/ });
    assert.throws(() => calibrate(runs, suite_id, { last: 1 }), { name: 'RangeError' });
    assert.throws(() => calibrate(runs, suite_id, { models: 'x' }), { message: /models/ });
    assert.equal(calibrate(runs, suite_id, { runs: ids }).model, null);
  });
});

describe('several runs a side', () => {
  const sides = (before, after) => {
    const { store: runs, ids } = store([...before, ...after].map((drift) => graded(400, drift)));
    return [runs, ids.slice(0, before.length), ids.slice(before.length)];
  };

  test('the difference between runs of one side is part of the interval and of the p-value', () => {
    // Run means 0, 0.03 | −0.02, 0.01, 0.02: sd √((0.00045 + 0.000867)/3), t(0.975, 3) = 3.182446.
    const [exact] = compare(...sides([0, 0.03], [-0.02, 0.01, 0.02])).scorers;
    assert.equal(exact.runToRun.df, 3);
    const sd = Math.sqrt((0.00045 + (0.0233333333 ** 2 + 0.0066666667 ** 2 + 0.0166666667 ** 2)) / 3);
    close(exact.runToRun.sd, sd);
    const reach = 3.182446305 * sd * Math.sqrt(1 / 2 + 1 / 3);
    assert.ok(exact.interval.high >= exact.delta + reach - 1e-6);
    assert.ok(exact.pValue > 0.05);
  });

  test('equal runs that drift are not rejected, as one of each would be', () => {
    const [runs, before, after] = sides([0, 0.03, 0.01], [-0.02, 0.02, 0.0]);
    assert.equal(gate(runs, before[1], after[0], { margin: 0.02 }).decision, 'REJECT');
    assert.equal(gate(runs, before, after, { margin: 0.02 }).decision, 'INCONCLUSIVE');
  });

  test('with one run each and many cases, a note warns about it', () => {
    const [runs, [before], [after]] = sides([0], [0.01]);
    const { notes, scorers } = compare(runs, before, after);
    assert.equal(scorers[0].runToRun, null);
    assert.ok(notes.some(({ code }) => code === 'singleRuns'));
  });
});
