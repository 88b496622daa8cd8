// Accidents of CI, and suites that say little: none gets an ALLOW that is not earned.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { RunStore } from 'runstore';
import { compare, gate } from 'runstore/comparison';
import { minimumDetectableEffect, powerForDelta, requiredN } from 'runstore/statistics';
import { saveRun } from './support/runs.mjs';

const store = new RunStore(':memory:');
const suite_id = store.createSuite('suite').id;
const saved = (n, of) =>
  saveRun(
    store,
    suite_id,
    Array.from({ length: n }, (_, at) => ({ input: at, ...of(at) })),
  );
const scored = (score) => ({ output: `${score}`, scores: { exact: score } });
const crashed = { error: 'timeout' };
const decision = (before, after, options) => gate(store, before, after, options).decision;

test('five of a hundred cases crashed in a run of a thousand', () => {
  const after = saved(1000, (at) => (at % 20 === 7 ? crashed : scored(1)));
  const { decision, reasons } = gate(
    store,
    saved(1000, () => scored(1)),
    after,
  );
  assert.equal(decision, 'INCONCLUSIVE');
  assert.match(reasons[0].text, /50 attempts of the candidate \(with an error\) have no score.*: worse by 0\.05/);
});

test('a judge that was asked three times counts alike everywhere', () => {
  const thrice = (scores) => {
    const run = store.createRun({ suite_id, name: 'judged', model: 'model' });
    const asked = scores.map((score) => ({ scorer_name: 'judge', score }));
    store.saveResults(run, [{ idx: 0, input: 'a', scores: asked }]);
    store.finishRun(run, 'completed');
    return run;
  };
  const [before, after] = [thrice([1, 1, 1]), thrice([0, 0, 1])];
  assert.equal(compare(store, before, after).scorers[0].delta.toFixed(4), '-0.6667');
  assert.equal(decision(before, after), 'INCONCLUSIVE');
  const own = store.history(suite_id, { scorer: 'judge' }).find(({ run_id }) => run_id === after);
  assert.equal(own.mean.toFixed(4), '0.3333');
});

test('two graded cases that gained the same, and twenty that passed in three trials, are not certain', () => {
  assert.equal(
    decision(
      saved(2, () => scored(0.5)),
      saved(2, () => scored(0.75)),
    ),
    'INCONCLUSIVE',
  );
  const trials = saved(60, (at) => ({ input: at % 20, trial: Math.floor(at / 20), scores: { thrice: 1 } }));
  const { low, high } = store.history(suite_id, { scorer: 'thrice' }).find(({ run_id }) => run_id === trials);
  // Clopper and Pearson (1934) for 20 of 20: 0.025^(1/20).
  assert.ok(Math.abs(low - 0.025 ** (1 / 20)) < 1e-3, `${low}`);
  assert.equal(high, 1);
});

test('one case in a cluster does not change the method, and is noted', () => {
  const run = (of) => saved(100, (at) => ({ ...of(at), ...(at === 3 ? { cluster: 'alone' } : {}) }));
  const { scorers, notes } = compare(
    store,
    run(() => scored(1)),
    run((at) => scored(at > 4 ? 1 : 0)),
  );
  assert.deepEqual([scorers[0].method.interval, scorers[0].clusters], ['tango', null]);
  assert.deepEqual(
    notes.map(({ code }) => code),
    ['someClusters'],
  );
});

test('a loss of half the margin is no reason to reject', () => {
  const failing = (failed) => saved(1000, (at) => scored(at < failed ? 0 : 1));
  const { decision, reasons } = gate(store, failing(100), failing(110));
  assert.equal(decision, 'ALLOW');
  assert.match(reasons[0].text, /worse by 0\.01 .*there is a loss, but one of more than 0\.02 is ruled out$/);
});

test('sizes that no plan can have are refused or right', () => {
  assert.throws(() => minimumDetectableEffect(1, 10, { power: 0.01 }), { name: 'RangeError', message: /above alpha/ });
  // Ten standard deviations: with 2 pairs t must exceed 12.7, with 3 it is enough.
  assert.equal(requiredN(10, 1), 3);
  assert.equal(powerForDelta(0.1, 1, 1), 0);
});
