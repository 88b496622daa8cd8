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

/** The same cases with an output each, `answer(at)`. */
const answering = (given, answer) => given.map((one, at) => ({ ...one, output: answer(at) }));

const codes = (report) => report.reasons.map(({ code }) => code);

describe('the rule', () => {
  test('runs with the same scores and outputs are allowed, however few cases they have', () => {
    const answer = (at) => `answer ${at}`;
    for (const n of [1, 3, 50]) {
      const run = answering(passing(n, n), answer);
      const report = gated(run, run, { margin: 0 });
      assert.equal(report.decision, 'ALLOW');
      assert.deepEqual(codes(report), ['nothingChanged']);
      assert.equal(report.reasons[0].cases, n);
      assert.match(report.reasons[0].text, /^exact: nothing changed/);
    }
  });

  test('with equal scores but other outputs, the interval decides', () => {
    const one = answering(passing(10, 10), () => 'a');
    const other = answering(passing(10, 10), () => 'b');
    const report = gated(one, other);
    assert.equal(report.decision, 'INCONCLUSIVE');
    assert.ok(report.comparison.notes.some(({ code }) => code === 'unseen'));
    assert.equal(gated(one, other, { equalScores: 'allow' }).decision, 'ALLOW');
    // Without outputs it is unknown.
    assert.equal(gated(passing(10, 10), passing(10, 10)).decision, 'INCONCLUSIVE');
  });

  test('one more case that passes never makes a verdict worse', () => {
    const order = ['REJECT', 'INCONCLUSIVE', 'ALLOW'];
    for (const [n, before] of [
      [12, 9],
      [50, 49],
      [200, 190],
    ]) {
      let worst = 0;
      for (let after = 0; after <= n; after++) {
        const { decision } = gated(passing(before, n), passing(after, n), { margin: 0.05 });
        const place = order.indexOf(decision);
        assert.ok(place >= worst, `${before} → ${after} of ${n}: ${decision}`);
        worst = place;
      }
    }
  });

  test('differences that adding up leaves are none', () => {
    // .1 + .2 + .3 and .3 + .2 + .1 differ in the last bit; both have the mean .2.
    const trials = (scores) =>
      Array.from({ length: 40 }, (_, at) =>
        scores.map((score, trial) => ({ input: at, trial, output: String(score), scores: { exact: score } })),
      ).flat();
    const { decision, comparison } = gated(trials([0.1, 0.2, 0.3]), trials([0.3, 0.2, 0.1]));
    assert.equal(decision, 'ALLOW');
    assert.equal(comparison.scorers[0].delta, 0);
  });

  test('a loss beyond the margin is rejected, with its figures and in words', () => {
    const report = gated(passing(90, 100), passing(60, 100), { margin: 0.05 });
    assert.equal(report.decision, 'REJECT');
    const [{ code, scorer, gain, margin, certain, text }] = report.reasons;
    assert.deepEqual([code, scorer, gain.mean, margin, certain], ['lossBeyondMargin', 'exact', -0.3, 0.05, true]);
    assert.match(
      text,
      /^exact: worse by 0\.3 \(95% interval: 0\.\d+ worse to 0\.\d+ worse\); it is a loss of more than 0\.05; look at the 30 cases that got worse$/,
    );
    assert.equal(report.scorers[0].delta, -0.3);
    assert.equal(report.scorers[0].casesNeeded, null);
    assert.ok(report.scorers[0].pLossBeyondMargin > 0.5);
  });

  test('an established loss with an estimate within the margin is not rejected', () => {
    // 9 of 1000 cases lost, none won: p = 2/2^9 = 0.004, and 0.009 is within 0.01.
    const report = gated(passing(1000, 1000), passing(991, 1000), { margin: 0.01 });
    assert.equal(report.decision, 'INCONCLUSIVE');
    assert.deepEqual(codes(report), ['lossEstablished']);
  });

  test('a loss within the margin is allowed, even when it is sure', () => {
    const before = cases(Array.from({ length: 400 }, (_, at) => 0.5 + (at % 7) / 100));
    const after = cases(Array.from({ length: 400 }, (_, at) => 0.49 + (at % 7) / 100 + (at % 2) / 1000));
    const { decision, scorers } = gated(before, after, { margin: 0.02 });
    assert.equal(decision, 'ALLOW');
    assert.ok(scorers[0].interval.high < 0);
  });

  test('too few cases are inconclusive, with the number that would be enough', () => {
    const { decision, reasons, scorers } = gated(passing(16, 20), passing(15, 20), { margin: 0.02 });
    assert.equal(decision, 'INCONCLUSIVE');
    // One of 20 cases got worse: sd = √(0.05·(1 − 0.05)·20/19) = 0.223607; ((1.959964 + 0.841621)·sd/0.02)² = 981.1.
    assert.ok(scorers[0].casesNeeded >= 982);
    const [review, more] = reasons[0].advice;
    assert.deepEqual(review, { code: 'reviewCases', cases: 1 });
    assert.deepEqual([more.code, more.assuming], ['moreCases', 'noDifference']);
    assert.match(
      reasons[0].text,
      /this is a loss of more than 0\.02 unless it is chance; look at the case that got worse; 20 cases are far too few to rule it out \(it takes about [\d,]+ in all, if the candidate is actually no worse\): add cases, or, if a larger loss is acceptable, allow it with the option margin$/,
    );
  });

  test('with a margin of 0 no number of cases rules out every loss', () => {
    const { decision, reasons, scorers } = gated(passing(15, 20), passing(16, 20), { margin: 0 });
    assert.equal(decision, 'INCONCLUSIVE');
    assert.match(
      reasons[0].text,
      /; a loss is still possible; with a margin of 0 every possible loss counts: give the loss that you accept with the option margin \(the default is 0\.02\)$/,
    );
    assert.equal(scorers[0].casesNeeded, null);
  });

  test('where lower is better, a rise is the loss', () => {
    const options = { lowerIsBetter: ['exact'], margin: 0.05 };
    assert.equal(gated(passing(20, 100), passing(60, 100), options).decision, 'REJECT');
    assert.equal(gated(passing(60, 100), passing(20, 100), options).decision, 'ALLOW');
  });

  test('an improvement can be required', () => {
    const options = { requireImprovement: 0.1 };
    assert.equal(gated(passing(40, 100), passing(70, 100), options).decision, 'ALLOW');
    assert.equal(gated(passing(40, 100), passing(40, 100), options).decision, 'REJECT');
    // Six of 100 cases: surely better, but perhaps by 10 points and perhaps not.
    assert.equal(gated(passing(40, 100), passing(46, 100), options).decision, 'INCONCLUSIVE');
    assert.deepEqual(codes(gated(passing(40, 100), passing(70, 100), options)), ['gainEstablished']);
    assert.equal(gated(passing(4, 10), passing(5, 10), options).decision, 'INCONCLUSIVE');
  });
});

describe('several scorers', () => {
  const both = (a, b) => a.map((score, at) => ({ input: at, scores: { a: score, b: b[at] } }));
  const pass = (passed, n = 100) => Array.from({ length: n }, (_, at) => (at < passed ? 1 : 0));

  test('one rejection rejects, and comes first', () => {
    const { decision, reasons, scorers } = gated(both(pass(90), pass(90)), both(pass(90), pass(50)), { margin: 0.05 });
    assert.equal(decision, 'REJECT');
    assert.match(reasons[0].text, /^b: worse by 0\.4/);
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

  test('of those that are rejected, the largest loss comes first, as a share of its scale', () => {
    const of = (scores) => Array.from({ length: 40 }, (_, at) => ({ input: at, scores: scores(at) }));
    const seconds = (at) => 1 + (at % 5);
    const { reasons, scorers } = gated(
      of((at) => ({ a: 0.6, b: 0.9, seconds: seconds(at) })),
      of((at) => ({ a: 0.5 - (at % 3) / 100, b: 0.1 + (at % 3) / 100, seconds: seconds(at) + 1.5 + (at % 3) / 10 })),
      { lowerIsBetter: ['seconds'], margin: 0.02 },
    );
    assert.ok(scorers.every(({ decision }) => decision === 'REJECT'));
    assert.deepEqual(
      reasons.map(({ scorer }) => scorer),
      ['b', 'seconds', 'a'],
    );
  });

  test('only some may be gated', () => {
    const runs = [both(pass(90), pass(90)), both(pass(90), pass(50))];
    assert.equal(gated(...runs, { scorers: ['a'], margin: 0.05 }).decision, 'ALLOW');
  });

  test('with more scorers, rejecting one needs stronger evidence', () => {
    // Six of six changed cases got worse: significant alone, but not thrice that with three scorers.
    const of = (scores) =>
      scores.map((score, at) => ({ input: at, scores: { a: score, b: at % 2, c: at % 3 ? 1 : 0 } }));
    const alone = gated(cases(pass(40)), cases(pass(34)), { margin: 0 });
    assert.equal(alone.decision, 'REJECT');
    const { scorers } = gated(of(pass(40)), of(pass(34)), { margin: 0 });
    assert.ok(scorers[0].pValue < 0.05);
    assert.ok(Math.abs(scorers[0].pAdjusted - 3 * scorers[0].pValue) < 1e-12);
    assert.equal(scorers[0].decision, 'INCONCLUSIVE');
  });
});

describe('slices', () => {
  /** Ten topics of 40 cases; in each, the candidate loses so many, and wins none. */
  const LOST = [0, 12, 0, 9, 8, 0, 7, 6, 5, 0];
  const of = (score) =>
    LOST.flatMap((lost, topic) =>
      Array.from({ length: 40 }, (_, at) => ({
        input: [topic, at],
        scores: { exact: score(at < lost) },
        metadata: { topic: `topic ${topic}` },
      })),
    );
  const sliced = (options) =>
    gated(
      of(() => 1),
      of((isLost) => (isLost ? 0 : 1)),
      { margin: 0.2, sliceBy: 'metadata.topic', ...options },
    );
  const named = ({ reasons }) => reasons.filter(({ code }) => code === 'sliceLoses');

  test('are corrected for their number by Benjamini and Hochberg', () => {
    // k losses and no gain have p = 2 · 2^-k; each is multiplied by 10 over its rank from below.
    const p = LOST.map((lost) => Math.min(1, 2 ** (1 - lost)));
    const ranked = p.toSorted((one, other) => one - other);
    const corrected = (own) => Math.min(...ranked.flatMap((one, at) => (one >= own ? [(one * 10) / (at + 1)] : [])), 1);
    const { slices } = sliced().comparison;
    slices.forEach((slice, at) => {
      assert.ok(Math.abs(slice.pValue - p[at]) < 1e-12, slice.value);
      assert.ok(Math.abs(slice.pAdjusted - corrected(p[at])) < 1e-12, slice.value);
    });
  });

  test('that lose beyond chance are named and do not decide; six losses of forty are chance among ten', () => {
    const report = sliced();
    assert.equal(report.decision, 'ALLOW');
    const values = named(report).map(({ value, decides }) => [value, decides]);
    assert.deepEqual(values, [
      ['topic 1', false],
      ['topic 3', false],
      ['topic 4', false],
      ['topic 6', false],
    ]);
    assert.match(
      named(report)[0].text,
      /^exact: the slice "topic 1" got worse by more than chance: worse by 0\.3 .* over 40 cases; .*gateSlices/,
    );
  });

  test('decide with gateSlices, if they lost more than the margin', () => {
    const report = sliced({ gateSlices: true });
    assert.equal(report.decision, 'REJECT');
    // 12 and 9 of 40 are more than 0.2, and 8 of 40 just as much.
    const decide = named(report).filter(({ decides }) => decides);
    assert.deepEqual(
      decide.map(({ value }) => value),
      ['topic 1', 'topic 3'],
    );
    assert.equal(sliced({ gateSlices: true, margin: 0.31 }).decision, 'ALLOW');
  });
});

describe('mistakes that would open the gate', () => {
  test('errors in the candidate: cases that are not scored are not passed', () => {
    const after = passing(90, 100).map((one, at) => (at % 5 === 0 ? { input: at, error: 'timeout' } : one));
    const { decision, reasons } = gated(passing(90, 100), after, { margin: 0.5 });
    assert.equal(decision, 'INCONCLUSIVE');
    assert.equal(reasons[0].code, 'lowCoverage');
    assert.deepEqual([reasons[0].scored, reasons[0].of, reasons[0].candidate.errored], [80, 100, 20]);
    assert.match(
      reasons[0].text,
      /only 80 of 100 cases have a score in both runs, and a verdict needs 95% .*resumeRun.*failedCases/,
    );
    assert.equal(gated(passing(90, 100), after, { margin: 0.5, minCoverage: 0.8 }).decision, 'ALLOW');
  });

  test('a scorer that the candidate lacks, runs without scores, runs without cases', () => {
    assert.equal(gated(cases([1, 1], 'a'), cases([1, 1], 'b')).decision, 'INCONCLUSIVE');
    assert.deepEqual(codes(gated([{ input: 1 }], [{ input: 1 }])), ['noScores']);
    assert.equal(gated([], []).decision, 'INCONCLUSIVE');
  });

  test('what cannot be compared says why, and what to do about it', () => {
    const first = ({ decision, reasons: [{ code, advice }] }) => [decision, code, ...advice.map((one) => one.code)];
    const crashed = (n) => Array.from({ length: n }, (_, input) => ({ input, error: 'timeout' }));
    const same = passing(20, 20);
    const [style] = gated(cases([1, 1], 'style'), cases([1, 1])).reasons.filter(({ scorer }) => scorer === 'style');
    assert.deepEqual([style.code, style.advice], ['lowCoverage', [{ code: 'scoreBoth' }]]);
    assert.deepEqual(first(gated(same, [])), ['INCONCLUSIVE', 'noCases', 'chooseRun']);
    assert.deepEqual(first(gated([], [])), ['INCONCLUSIVE', 'noCases', 'chooseRun']);
    assert.deepEqual(first(gated(crashed(3), crashed(3))), ['INCONCLUSIVE', 'noScores', 'runAgain']);
    assert.deepEqual(first(gated(same, crashed(20))), ['INCONCLUSIVE', 'lowCoverage', 'runAgain']);
    assert.deepEqual(first(gated(same, same.slice(5))), ['INCONCLUSIVE', 'lowCoverage', 'runAbsent']);
    const clustered = same.map((one) => ({ ...one, cluster: 'document' }));
    const lost = clustered.map((one) => ({ ...one, scores: { exact: 0 } }));
    const report = gated(clustered, lost);
    assert.deepEqual(first(report), ['INCONCLUSIVE', 'tooFew', 'reviewCases', 'tooFewToProve']);
    assert.deepEqual([report.reasons[0].clusters, report.reasons[0].advice[1].need], [1, 6]);
  });

  test('where missing scores leave it open, the first thing to do is to run them again', () => {
    const before = passing(40, 40);
    const after = before.map((one, at) => (at === 7 ? { input: at, error: 'timeout' } : one));
    const { reasons } = gated(before, after);
    assert.deepEqual([reasons[0].code, reasons[0].advice[0].code], ['lossPossible', 'runAgain']);
    assert.match(reasons[0].text, /; 1 attempt has no score \(with an error\): run it again/);
    const ignored = gated(before, after, { missing: 'ignore' });
    assert.deepEqual(
      ignored.reasons[0].advice.map(({ code }) => code),
      ['moreCases'],
    );
  });

  test('the causes of too few cases are named: a small alpha, trials of one side, and what a gain would save', () => {
    const of = (before, after, options) => gated(before, after, options).reasons[0];
    const codes = ({ advice }) => advice.map(({ code }) => code);
    const [all, most] = [passing(40, 40), passing(38, 40)];
    const strict = of(all, most, { alpha: 1e-6 });
    assert.deepEqual(codes(strict), ['reviewCases', 'moreCases', 'largerAlpha']);
    assert.match(
      strict.text,
      /; alpha: 0\.000001 asks for a certainty of 99\.9999%, which takes more cases than the usual 95% \(alpha: 0\.05\)$/,
    );
    assert.deepEqual(codes(of(all, most)), ['reviewCases', 'moreCases']);
    assert.deepEqual(
      codes(of(all, passing(10, 40), { alpha: 1e-6 })),
      ['reviewCases'],
      'nothing is too few for a REJECT',
    );
    const trials = (of, number) =>
      of.flatMap((one) => Array.from({ length: number }, (_, trial) => ({ ...one, trial })));
    const uneven = of(trials(most, 3), all);
    assert.deepEqual(uneven.advice[0], { code: 'equalTrials', baseline: 3, candidate: 1 });
    assert.match(uneven.text, /; give the candidate as many trials as the baseline \(1 of a case against up to 3\)/);
    assert.deepEqual(codes(of(trials(most, 3), trials(all, 3))), ['moreCases']);
    // A gain of 0.05 is 3.5 times as far from a loss of 0.02 as no difference is: 3.5² times fewer cases, and some for the limit.
    const [{ total, totalAsSeen }] = of(most, all).advice;
    assert.ok(total / totalAsSeen > 8 && total / totalAsSeen < 12.5, `${total} and ${totalAsSeen}`);
    assert.match(
      of(most, all).text,
      /in all if the candidate is as much better as seen here, and about [\d,]+ if it is actually no better\)/,
    );
    assert.equal(of(all, most).advice[1].totalAsSeen, null, 'there is no gain');
  });

  test('an alpha that decides almost by chance is told with every verdict', () => {
    const advice = (passed, alpha) => gated(passing(40, 40), passing(passed, 40), { alpha }).reasons[0].advice.at(-1);
    assert.deepEqual(advice(10, 0.99), { code: 'smallerAlpha', alpha: 0.99, usual: 0.05 });
    assert.equal(advice(10, 0.4)?.code, 'reviewCases');
    const { text } = gated(passing(40, 40), passing(10, 40), { alpha: 0.99 }).reasons[0];
    assert.match(text, /; alpha: 0\.99 asks for a certainty of only 1%: for the usual 95%, give alpha: 0\.05$/);
  });

  test('few cases without a change are allowed with a warning', () => {
    const same = (n) => passing(n, n).map((one) => ({ ...one, output: 'same' }));
    const codes = (n) => gated(same(n), same(n)).reasons[0].advice.map(({ code }) => code);
    // 2·2⁻⁵ is above 0.05, 2·2⁻⁶ below.
    assert.deepEqual(codes(5), ['checkCases', 'checkChange']);
    assert.deepEqual(codes(6), ['checkChange']);
  });

  test('cases that are left out on purpose do not make equal scores differ', () => {
    const same = passing(40, 40).map((one) => ({ ...one, output: 'same' }));
    const options = { missing: 'ignore', minCoverage: 0 };
    assert.equal(gated(same, same.slice(0, 30), options).reasons[0].code, 'nothingChanged');
    assert.equal(gated(same, same.slice(0, 30), { minCoverage: 0 }).decision, 'INCONCLUSIVE');
  });

  test('where nothing else differs, the missing scores are all that is to be done', () => {
    const before = passing(40, 40);
    const after = before.map((one, at) => (at === 7 ? { input: at, scores: { exact: Infinity } } : one));
    assert.deepEqual(
      gated(before, after).reasons[0].advice.map(({ code }) => code),
      ['correctScores'],
    );
  });

  test('a margin that does not fit the scores is the first thing to change, unless it is not used', () => {
    const advice = (options, before, after) => gated(before, after, options).reasons[0].advice.map(({ code }) => code);
    const [all, most] = [passing(200, 200), passing(190, 200)];
    assert.deepEqual(advice({ margin: 1 }, all, most), ['smallerMargin']);
    assert.deepEqual(advice({ margin: 0.99 }, all, most), []);
    const likert = (scores) => cases(Array.from({ length: 40 }, (_, at) => scores[at % scores.length]));
    const [before, after] = [likert([1, 5, 3, 4]), likert([1, 5, 3, 3])];
    assert.deepEqual(advice({}, before, after), ['reviewCases', 'ownMargin']);
    assert.deepEqual(advice({ margin: 0.5 }, before, after), []);
    assert.deepEqual(advice({ requireImprovement: 0.5 }, before, after), ['reviewCases']);
  });

  test('what a verdict rests on is to be looked at', () => {
    const crashed = (of, at) => of.map((one, place) => (place === at ? { input: place, error: 'timeout' } : one));
    const advice = ({ decision, reasons: [{ advice: all }] }) => [decision, ...all.map(({ code }) => code)];
    const all = passing(400, 400);
    assert.deepEqual(advice(gated(all, passing(300, 400))), ['REJECT', 'reviewCases']);
    // Allowed whatever the score of the crashed case is, but a crash is not nothing.
    assert.deepEqual(advice(gated(all, crashed(all, 7), { margin: 0.05 })), ['ALLOW', 'reviewMissing']);
    assert.deepEqual(advice(gated(all, crashed(all, 7), { margin: 0.05, missing: 'ignore' })), ['ALLOW']);
    const failed = gated(all, crashed(all, 7), { margin: 0.0001, missing: 'fail' });
    assert.deepEqual(failed.reasons[0].advice.slice(0, 2), [
      { code: 'reviewFailures', attempts: 1, errored: 1 },
      { code: 'reviewCases', cases: 1 },
    ]);
    const output = (of, text) => of.map((one) => ({ ...one, output: text }));
    assert.deepEqual(advice(gated(output(all, 'yes'), output(all, 'yes'))), ['ALLOW', 'checkChange']);
    const unseen = gated(output(passing(20, 20), 'yes'), output(passing(20, 20), 'Yes.'));
    assert.deepEqual(advice(unseen), ['INCONCLUSIVE', 'reviewOutputs', 'moreCases']);
    const gain = gated(passing(100, 400), crashed(all, 7), { requireImprovement: 0.1 });
    assert.deepEqual(advice(gain), ['ALLOW', 'reviewMissing']);
    assert.deepEqual(gain.reasons[0].advice, [{ code: 'reviewMissing', attempts: 1, errored: 1 }]);
    // Established by what was scored, but not with the worst scores for the crashed cases.
    const forty = all.map((one, at) => (at < 40 ? { input: at, error: 'timeout' } : one));
    const hidden = gated(passing(280, 400), forty, { requireImprovement: 0.2, minCoverage: 0.5 });
    assert.deepEqual(
      [hidden.decision, hidden.reasons[0].code, hidden.reasons[0].required],
      ['INCONCLUSIVE', 'missingScores', 0.2],
    );
    assert.match(
      hidden.reasons[0].text,
      /no score \(with an error\)|no score, which could hide a gain of less than 0\.2/,
    );
  });

  test('an infinite score is to be corrected, and a case with the key of another needs one of its own', () => {
    const infinite = passing(40, 40).map((one, at) => (at === 7 ? { ...one, scores: { exact: Infinity } } : one));
    const { reasons, comparison } = gated(passing(40, 40), infinite);
    assert.deepEqual(reasons[0].advice[0], { code: 'correctScores', attempts: 1 });
    assert.equal(comparison.scorers[0].missing.candidate.infinite, 1);
    const keyed = (key) => passing(20, 20).map((one, at) => ({ ...one, key: key(at) }));
    const shared = gated(
      keyed((at) => `case ${at}`),
      keyed((at) => `case ${at % 10}`),
    );
    assert.deepEqual(shared.reasons[0].advice, [{ code: 'distinctKeys', cases: 10 }]);
  });

  test('where the runs of a side differ more than cases can make up for, more runs are asked for', () => {
    const store = new RunStore(':memory:');
    const suite_id = store.createSuite('suite').id;
    const run = (passed) => saveRun(store, suite_id, passing(passed, 100));
    const { decision, reasons } = gate(store, [run(95), run(80)], [run(92), run(78)]);
    assert.equal(decision, 'INCONCLUSIVE');
    assert.deepEqual(reasons[0].advice.at(-1), { code: 'moreRuns', baseline: 2, candidate: 2 });
  });

  test('with one crashed trial of three in every case, a verdict must hold for any value of it', () => {
    const run = (crashes) =>
      Array.from({ length: 60 }, (_, at) =>
        [0, 1, 2].map((trial) =>
          trial === 0 && crashes
            ? { input: at, trial, error: 'timeout' }
            : { input: at, trial, output: 'yes', scores: { exact: 1 } },
        ),
      ).flat();
    // 60 cases without a loss rule out 6 %, and no less.
    const report = gated(run(false), run(true), { margin: 0.1 });
    assert.equal(report.decision, 'INCONCLUSIVE');
    assert.deepEqual(codes(report), ['missingScores']);
    assert.deepEqual(report.reasons[0].candidate, { cases: 0, trials: 60, errored: 60, infinite: 0, absent: 0 });
    assert.deepEqual(report.reasons[0].advice, [{ code: 'runAgain', attempts: 60, errored: 60 }]);
    // The worst: two of three trials passed instead of three.
    assert.ok(Math.abs(report.comparison.scorers[0].worstCase.delta + 1 / 3) < 1e-12);
    assert.equal(report.comparison.scorers[0].bestCase.delta, 0);
    assert.match(report.reasons[0].text, /60 attempts of the candidate \(with an error\) have no score.*failedCases/);
    assert.equal(gated(run(false), run(true), { missing: 'fail' }).decision, 'REJECT');
    const ignored = gated(run(false), run(true), { missing: 'ignore', margin: 0.1 });
    assert.equal(ignored.decision, 'ALLOW');
    assert.ok(ignored.comparison.notes.some(({ code, counted }) => code === 'missingScores' && counted === 'ignore'));
  });

  test('missing scores of the baseline count too', () => {
    const before = passing(100, 100).map((one, at) => (at % 10 < 3 ? { input: at, error: 'timeout' } : one));
    const { decision, reasons } = gated(before, passing(70, 100));
    assert.equal(decision, 'INCONCLUSIVE');
    assert.equal(reasons[0].baseline.errored, 30);
  });

  test('the worst score of a scale other than 0 to 1 is derived from the scores, or given', () => {
    const likert = (n, score) => cases(Array.from({ length: n }, (_, at) => (at % 2 ? score : 1)));
    const crashed = likert(200, 4).map((one, at) => (at === 1 ? { input: at, error: 'timeout' } : one));
    const worst = (options) => gated(likert(200, 4), crashed, options).comparison.scorers[0].worstCase.delta;
    assert.ok(Math.abs(worst({}) - -3 / 200) < 1e-12);
    assert.ok(Math.abs(worst({ range: [-5, 5] }) - -9 / 200) < 1e-12);
    assert.ok(Math.abs(worst({ range: { exact: [0, 5] } }) - -4 / 200) < 1e-12);
  });

  test('a run that is compared with itself', () => {
    const store = new RunStore(':memory:');
    const suite_id = store.createSuite('suite').id;
    const run = saveRun(store, suite_id, passing(9, 10));
    assert.throws(() => gate(store, run, run), {
      code: 'ERR_RUNSTORE_SAME_RUN',
      message: /cannot be compared with itself/,
    });
    assert.throws(() => gate(store, run, 'latest'), { code: 'ERR_RUNSTORE_SAME_RUN' });
    // A pull request whose run failed: the latest completed run is the baseline.
    const failed = store.createRun({ suite_id, name: 'pull request', model: 'model', startedAt: Date.now() + 1000 });
    store.finishRun(failed, 'failed');
    store.setBaseline(suite_id, run);
    assert.throws(() => gate(store, 'baseline', 'latest'), { message: /a newer one, "pull request" .* is failed/ });
    const second = saveRun(store, suite_id, passing(9, 10));
    const report = gate(store, 'baseline', second);
    assert.equal(report.comparison.candidate.id, second);
  });

  test('runs that did not complete are not allowed unless that is asked for', () => {
    const store = new RunStore(':memory:');
    const suite_id = store.createSuite('suite').id;
    const whole = answering(passing(20, 20), () => 'same');
    const done = saveRun(store, suite_id, whole);
    for (const status of ['running', 'failed']) {
      const run = saveRun(store, suite_id, whole, { status });
      for (const pair of [
        [done, run],
        [run, done],
      ]) {
        const report = gate(store, ...pair);
        assert.equal(report.decision, 'INCONCLUSIVE');
        assert.deepEqual([report.reasons[0].code, report.reasons[0].run.status], ['unfinished', status]);
        assert.equal(gate(store, ...pair, { unfinished: true }).decision, 'ALLOW');
      }
    }
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
