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
  const own = ({ run_id }) => run_id === after;
  const means = {
    gate: gate(store, before, after).comparison.scorers[0].candidateMean,
    summary: store.getRunSummary(after).meanScores.judge,
    report: store.getRunReport(after).meanScores.judge,
    history: store.history(suite_id, { scorer: 'judge' }).find(own).mean,
    trend: store.trend(suite_id, { scorer: 'judge' }).runs.find(own).mean,
  };
  for (const [name, mean] of Object.entries(means)) assert.ok(Math.abs(mean - 1 / 3) < 1e-12, `${name}: ${mean}`);
});

test('a newer run that did not complete is named where the latest is compared', () => {
  const own = store.createSuite('nightly').id;
  const run = (more) => saveRun(store, own, [{ input: 1, output: 'a', scores: { exact: 1 } }], more);
  const [before, after] = [run(), run()];
  run({ name: 'pull request', status: 'failed', startedAt: Date.now() + 1000 });
  const { comparison } = gate(store, before, 'latest', { suiteId: own });
  assert.equal(comparison.candidate.id, after);
  const [{ code, role, text }] = comparison.notes;
  assert.deepEqual([code, role], ['newerRunIncomplete', 'candidate']);
  assert.match(text, /a newer one, "pull request" .* is failed$/);
});

test('fifty cases of one input are one case of fifty trials, and that is said', () => {
  const run = (output) => saved(50, (at) => ({ input: 'the same', output, scores: { exact: at % 2 } }));
  const { decision, scorers, comparison } = gate(store, run('a'), run('b'));
  assert.deepEqual([decision, scorers[0].n, comparison.coverage.trials.candidate], ['INCONCLUSIVE', 1, 50]);
  const note = comparison.notes.find(({ code }) => code === 'sharedInputs');
  // All but the first of either run.
  assert.equal(note.cases, 98);
  assert.match(note.text, /count as another trial of it; if they are different cases, give each a key$/);
});

test('a crash of the baseline may have hidden its best score', () => {
  const before = saved(100, (at) => (at < 30 ? crashed : scored(1)));
  const failing = saved(100, (at) => scored(at < 30 ? 0 : 1));
  const whatCounts = { margin: 0.1, minCoverage: 0.5 };
  const { decision: open, reasons, comparison } = gate(store, before, failing, whatCounts);
  assert.deepEqual([open, reasons[0].code], ['INCONCLUSIVE', 'missingScores']);
  assert.ok(Math.abs(comparison.scorers[0].worstCase.delta + 0.3) < 1e-12);
  assert.equal(decision(before, failing, { ...whatCounts, missing: 'ignore' }), 'ALLOW');
  // Nothing can be lost where the candidate passed.
  const passing = saved(100, () => scored(1));
  assert.equal(decision(before, passing, whatCounts), 'ALLOW');
});

test('what crashed is named with its number and what to do, whatever the verdict', () => {
  const before = saved(100, () => scored(1));
  const after = (failed) => saved(100, (at) => (at < 4 ? crashed : scored(at < 4 + failed ? 0 : 1)));
  for (const [failed, options, expected] of [
    [0, { margin: 0.2 }, 'ALLOW'],
    [0, { margin: 0.07 }, 'INCONCLUSIVE'],
    [0, {}, 'INCONCLUSIVE'],
    [40, {}, 'REJECT'],
    [40, { missing: 'fail' }, 'REJECT'],
    [40, { requireImprovement: 0.1 }, 'REJECT'],
    [0, { minCoverage: 1 }, 'INCONCLUSIVE'],
  ]) {
    const { decision, reasons } = gate(store, before, after(failed), options);
    assert.equal(decision, expected, JSON.stringify(options));
    assert.match(reasons[0].text, /4 (attempts|cases).*failedCases/, JSON.stringify(options));
  }
});

test('cases that crashed have not the same score', () => {
  const before = saved(100, () => scored(1));
  const after = saved(100, (at) => (at === 3 ? crashed : scored(1)));
  for (const missing of ['worst', 'ignore']) {
    const { reasons, comparison } = gate(store, before, after, { missing });
    assert.equal(reasons[0].code, 'lossPossible');
    assert.doesNotMatch(reasons[0].text, /same/);
    assert.ok(comparison.notes.every(({ code }) => code !== 'unseen'));
  }
});

test('one trial against five differs in its spread alone, which proves no loss', () => {
  // All ten passed once; of five trials each, nine cases passed four and one three.
  const once = saved(10, () => scored(1));
  const five = saved(50, (at) => ({
    input: at % 10,
    trial: Math.floor(at / 10),
    scores: { exact: at < (at % 10 ? 40 : 30) ? 1 : 0 },
  }));
  const { decision, scorers } = gate(store, once, five);
  assert.ok(Math.abs(scorers[0].delta + 0.22) < 1e-12);
  // By signs alone p is 2/2^10.
  assert.ok(scorers[0].pValue > 0.05, `${scorers[0].pValue}`);
  assert.equal(decision, 'INCONCLUSIVE');
});

test('few clusters ask for clusters, and never for thousands of cases', () => {
  const run = (clusters, failed) =>
    saved(300, (at) => ({ ...scored(at < failed ? 0 : 1), cluster: `c${at % clusters}` }));
  const said = (clusters) => gate(store, run(clusters, 0), run(clusters, 3)).reasons[0].advice.at(-1);
  for (const clusters of [2, 3, 5])
    assert.deepEqual(said(clusters), { code: 'tooFewToProve', have: clusters, need: 6, clusters: true });
  const { code, total, more } = said(60);
  assert.deepEqual([code, total - more], ['moreClusters', 60]);
});

test('what a few cases lost is not proven, and it is said how many could', () => {
  const lost = (n, from, to) =>
    gate(
      store,
      saved(n, () => scored(from)),
      saved(n, () => scored(to)),
    ).reasons[0];
  for (const [n, from, to] of [
    [5, 1, 0],
    [3, 0.8, 0.5],
  ]) {
    const { code, advice, text } = lost(n, from, to);
    assert.equal(code, 'lossPossible');
    assert.deepEqual(advice.slice(-1), [{ code: 'tooFewToProve', have: n, need: 6, clusters: false }]);
    assert.match(
      text,
      new RegExp(
        `unless it is chance; .*${n} cases are too few for any verdict: even if all got worse, it could be chance`,
      ),
    );
  }
  assert.equal(lost(6, 1, 0).code, 'lossBeyondMargin');
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
