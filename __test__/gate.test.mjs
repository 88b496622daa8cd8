import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { RunStore } from 'runstore';
import { gate } from 'runstore/comparison';
import { saveRun } from './support/runs.mjs';

/** Gates a run of cases against another. */
function gated(before, after, options) {
  const store = new RunStore(':memory:');
  const suite_id = store.createSuite('suite').id;
  return gate(store, saveRun(store, suite_id, before), saveRun(store, suite_id, after), options);
}

const cases = (scores, scorer = 'exact') => scores.map((score, at) => ({ input: at, scores: { [scorer]: score } }));

/** 0/1 scores: the first `passed` of n cases pass. */
const passing = (passed, n) => cases(Array.from({ length: n }, (_, at) => (at < passed ? 1 : 0)));

describe('the rule', () => {
  test('identical runs are allowed, however few cases they have', () => {
    for (const n of [1, 3, 50]) {
      const { decision, reasons } = gated(passing(n, n), passing(n, n), { margin: 0 });
      assert.equal(decision, 'ALLOW');
      assert.match(reasons[0], /same score in both runs/);
    }
    assert.equal(gated(cases([0.2, 0.7]), cases([0.2, 0.7]), { margin: 0 }).decision, 'ALLOW');
  });

  test('a loss beyond the margin is rejected, with the figures in words', () => {
    const { decision, reasons, scorers } = gated(passing(90, 100), passing(60, 100), { margin: 0.05 });
    assert.equal(decision, 'REJECT');
    assert.match(reasons[0], /^exact: worse by −0\.3 \[−0\.\d+, −0\.\d+\], beyond the margin of 0\.05$/);
    assert.equal(scorers[0].delta, -0.3);
    assert.equal(scorers[0].casesNeeded, null);
  });

  test('a loss within the margin is allowed, even when it is sure', () => {
    const before = cases(Array.from({ length: 400 }, (_, at) => 0.5 + (at % 7) / 100));
    const after = cases(Array.from({ length: 400 }, (_, at) => 0.49 + (at % 7) / 100 + (at % 2) / 1000));
    const { decision, scorers } = gated(before, after, { margin: 0.02 });
    assert.equal(decision, 'ALLOW');
    assert.ok(scorers[0].interval.high < 0);
  });

  test('what cannot be told is inconclusive, with the number of cases that would tell', () => {
    const { decision, reasons, scorers } = gated(passing(16, 20), passing(15, 20), { margin: 0.02 });
    assert.equal(decision, 'INCONCLUSIVE');
    // One of 20 cases got worse: sd = √(0.05·(1 − 0.05)·20/19) = 0.223607; ((1.959964 + 0.841621)·sd/0.02)² = 981.1.
    assert.equal(scorers[0].casesNeeded, 982);
    assert.match(
      reasons[0],
      /a loss of more than 0\.02 is possible; about 962 more cases would show a difference of 0\.02$/,
    );
  });

  test('with a margin of 0 no number of cases rules out every loss', () => {
    const { decision, reasons, scorers } = gated(passing(16, 20), passing(15, 20), { margin: 0 });
    assert.equal(decision, 'INCONCLUSIVE');
    assert.match(reasons[0], /no number of cases can rule out every loss, give a margin/);
    assert.equal(scorers[0].casesNeeded, null);
  });

  test('where lower is better, a rise is the loss', () => {
    const options = { lowerIsBetter: ['exact'], margin: 0.05 };
    assert.equal(gated(passing(20, 100), passing(60, 100), options).decision, 'REJECT');
    assert.equal(gated(passing(60, 100), passing(20, 100), options).decision, 'ALLOW');
  });

  test('an improvement may be asked for', () => {
    const options = { requireImprovement: 0.1 };
    assert.equal(gated(passing(40, 100), passing(70, 100), options).decision, 'ALLOW');
    assert.equal(gated(passing(40, 100), passing(40, 100), options).decision, 'REJECT');
    // Six of 100 cases: surely better (p = 1/32 exactly two-sided 2/64), but not by 10 points.
    assert.equal(gated(passing(40, 100), passing(46, 100), options).decision, 'REJECT');
    assert.equal(gated(passing(4, 10), passing(5, 10), options).decision, 'INCONCLUSIVE');
  });
});

describe('several scorers', () => {
  const both = (a, b) => a.map((score, at) => ({ input: at, scores: { a: score, b: b[at] } }));
  const pass = (passed, n = 100) => Array.from({ length: n }, (_, at) => (at < passed ? 1 : 0));

  test('one rejection rejects, and comes first', () => {
    const { decision, reasons, scorers } = gated(both(pass(90), pass(90)), both(pass(90), pass(50)), { margin: 0.05 });
    assert.equal(decision, 'REJECT');
    assert.match(reasons[0], /^b: worse/);
    assert.deepEqual(
      scorers.map((scorer) => scorer.decision),
      ['ALLOW', 'REJECT'],
    );
  });

  test('each has a margin of its own', () => {
    const runs = [both(pass(90), pass(90)), both(pass(88), pass(70))];
    assert.equal(gated(...runs, { margin: { a: 0.2, b: 0.4 } }).decision, 'ALLOW');
    const { scorers } = gated(...runs, { margin: { a: 0.2 } });
    assert.deepEqual(
      scorers.map(({ margin, decision }) => [margin, decision]),
      [
        [0.2, 'ALLOW'],
        [0.02, 'REJECT'],
      ],
    );
  });

  test('only some may be gated', () => {
    const runs = [both(pass(90), pass(90)), both(pass(90), pass(50))];
    assert.equal(gated(...runs, { scorers: ['a'] }).decision, 'ALLOW');
  });

  test('the more scorers, the more it takes to reject one', () => {
    // Six of six changed cases got worse: p = 2/2^6 = 0.031, and thrice that with three scorers.
    const of = (scores) =>
      scores.map((score, at) => ({ input: at, scores: { a: score, b: at % 2, c: at % 3 ? 1 : 0 } }));
    const alone = gated(cases(pass(40)), cases(pass(34)), { margin: 0 });
    assert.equal(alone.decision, 'REJECT');
    const { scorers } = gated(of(pass(40)), of(pass(34)), { margin: 0 });
    assert.deepEqual([scorers[0].pValue, scorers[0].pAdjusted], [2 / 64, 6 / 64]);
    assert.equal(scorers[0].decision, 'INCONCLUSIVE');
  });
});

describe('what would open the gate by mistake', () => {
  test('errors in the candidate: cases that are not scored are not passed', () => {
    const after = passing(90, 100).map((one, at) => (at % 5 === 0 ? { input: at, error: 'timeout' } : one));
    const { decision, reasons } = gated(passing(90, 100), after, { margin: 0.5 });
    assert.equal(decision, 'INCONCLUSIVE');
    assert.equal(
      reasons[0],
      "exact: the candidate has a score for only 80 of the baseline's 100 cases (20 cases have an error)",
    );
    assert.equal(gated(passing(90, 100), after, { margin: 0.5, minCoverage: 0.8 }).decision, 'ALLOW');
  });

  test('a scorer that the candidate lacks, runs without scores, runs without cases', () => {
    assert.equal(gated(cases([1, 1], 'a'), cases([1, 1], 'b')).decision, 'INCONCLUSIVE');
    assert.deepEqual(gated([{ input: 1 }], [{ input: 1 }]).reasons, ['no scorer scored a case in either run']);
    assert.equal(gated([], []).decision, 'INCONCLUSIVE');
  });

  test('a misspelt scorer or option', () => {
    const runs = [passing(9, 10), passing(9, 10)];
    const refused = (options, message) =>
      assert.throws(() => gated(...runs, options), { code: 'ERR_RUNSTORE_INVALID_ARGUMENT', message });
    refused({ margin: { exct: 0.1 } }, /^gate: options\.margin must be for scorers that are compared \(exact\)/);
    refused({ requireImprovement: { exct: 0.1 } }, /^gate: options\.requireImprovement/);
    refused({ scorers: ['exct'] }, /^gate: options\.scorers/);
    refused({ margn: 0.1 }, /^gate: options\.margn is not an option/);
  });

  test('numbers out of range', () => {
    const runs = [passing(9, 10), passing(8, 10)];
    const refused = (options, message) => assert.throws(() => gated(...runs, options), { name: 'RangeError', message });
    refused({ alpha: 1.5 }, /options\.alpha must be between 0 and 1/);
    refused({ margin: -0.1 }, /options\.margin must be a finite number that is not negative, not -0\.1/);
    refused({ margin: { exact: NaN } }, /options\.margin\["exact"\]/);
    refused({ minCoverage: 2 }, /options\.minCoverage must be from 0 to 1/);
  });
});

test('the report is plain data and holds no infinity', () => {
  const report = gated(passing(1, 1), passing(0, 1));
  assert.equal(report.decision, 'INCONCLUSIVE');
  assert.deepEqual(JSON.parse(JSON.stringify(report)), report);
});
