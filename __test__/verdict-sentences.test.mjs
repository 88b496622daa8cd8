// Whatever the runs are, each sentence of a verdict is what its figures say.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { RunStore } from 'runstore';
import { gate } from 'runstore/comparison';
import { saveRun } from './support/runs.mjs';

const SUITES = 400;
const ALPHA = 0.05;

/** Numbers from 0 to 1 that are the same in every run of the tests (Park and Miller 1988). */
function numbers(seed) {
  let state = seed;
  return () => {
    state = (state * 48_271) % 2_147_483_647;
    return state / 2_147_483_647;
  };
}

/** Two runs of one of many kinds of suites, and options. */
function drawn(seed) {
  const random = numbers(seed + 1);
  for (let skip = 0; skip < 10; skip++) random();
  const one = (...values) => values[Math.floor(random() * values.length)];
  const [kind, n, drop] = [
    one('exact', 'grade', 'likert'),
    one(1, 2, 3, 5, 8, 20, 60, 120, 250, 500),
    one(0, 0, 0.01, 0.05, 0.08, 0.3, 1),
  ];
  const [clusters, crashes, lower] = [one(0, 0, 0, 0, 1, 3, 8, 40), one(0, 0, 0.02, 0.04, 0.1), one(false, true)];
  const margin = one(undefined, undefined, 0, 0.01, 0.05, 0.05, 0.1, 0.2);
  const worst = { exact: 0, grade: 0, likert: 1 }[kind];
  const score = { exact: () => (random() < 0.9 ? 1 : 0), grade: random, likert: () => 1 + Math.floor(5 * random()) }[
    kind
  ];
  const cases = Array.from({ length: n }, (_, input) => ({
    input,
    score: score(),
    cluster: clusters ? `${input % clusters}` : undefined,
  }));
  const run = (loses) =>
    cases.map(({ input, score, cluster }) => {
      if (random() < crashes) return { input, cluster, error: 'timeout' };
      const value = loses && random() < drop ? one(worst, score, score / 2 + worst / 2) : score;
      return { input, cluster, output: `${value}`, scores: { [kind]: value } };
    });
  const options = {
    resamples: 199,
    ...(margin === undefined ? {} : { margin }),
    ...(lower ? { lowerIsBetter: [kind] } : {}),
  };
  return {
    kind,
    isBeyondUnit: kind === 'likert',
    hasOwnMargin: margin !== undefined,
    lower,
    runs: [run(false), run(true)],
    options,
  };
}

function judged(suite) {
  const store = new RunStore(':memory:');
  const suite_id = store.createSuite('suite').id;
  try {
    return gate(store, ...suite.runs.map((cases) => saveRun(store, suite_id, cases)), suite.options);
  } catch (error) {
    // A scorer that scored nothing cannot be named.
    assert.match(error.message, /options\.lowerIsBetter must be scorers of these runs/);
    return undefined;
  }
}

const all = Array.from({ length: SUITES }, (_, seed) => ({ seed, suite: drawn(seed) }))
  .map(({ seed, suite }) => ({ seed, suite, report: judged(suite) }))
  .filter(({ report }) => report?.scorers.length > 0)
  .map(({ seed, suite, report }) => ({
    seed,
    suite,
    report,
    verdict: report.scorers[0],
    compared: report.comparison.scorers[0],
    reason: report.scorers[0].reason,
  }));

/** Runs `check` on each verdict with one of these reasons, of which there must be some, also among those of `which`. */
function each(codes, check, which = () => true) {
  const own = all.filter(({ reason }) => codes.includes(reason.code));
  for (const code of codes)
    assert.ok(
      own.some(({ reason }) => reason.code === code),
      `no suite says ${code}`,
    );
  const chosen = own.filter(which);
  assert.ok(chosen.length > 0, `no suite says ${codes} as it is meant here`);
  for (const one of chosen) {
    try {
      check(one);
    } catch (error) {
      error.message = `suite ${one.seed}: ${one.reason.text}\n${error.message}`;
      throw error;
    }
  }
}

const WITH_FIGURES = ['lossBeyondMargin', 'lossRuledOut', 'lossEstablished', 'lossPossible'];
const isEstablished = ({ gain }, { pAdjusted }) => gain.mean < 0 && gain.high <= 0 && pAdjusted < ALPHA;
/** As sentences have it: three significant digits, at most four decimals. */
const shown = (number) => Number(Math.abs(number).toPrecision(3));
const near = (one, other) => Math.abs(one - other) <= 0.0051 * Math.max(0.01, Math.abs(other));

describe('each sentence is what its figures say', () => {
  test('a difference has one direction, its size and its interval', () => {
    each(WITH_FIGURES, ({ suite, verdict, reason: { gain, text } }) => {
      const sign = suite.lower ? -1 : 1;
      assert.ok(Math.abs(gain.mean - sign * verdict.delta) < 1e-12);
      const [, way, size] = /: (worse|better) by ([\d.]+) \(95% interval: /.exec(text) ?? [];
      if (way === undefined) assert.ok(/: no difference on average \(/.test(text) && Math.abs(gain.mean) < 1e-4);
      else assert.ok((way === 'worse') === gain.mean < 0 && near(Number(size), shown(gain.mean)));
      assert.doesNotMatch(
        text,
        /by [−-]|[−-]0\b|NaN|undefined|\b(\w+) \1\b|\ball 1 |\b1 (?:cases|attempts|clusters)\b/,
      );
    });
  });

  test('a loss that is ruled out is beyond the margin, and a smaller one that is there is named', () => {
    each(['lossRuledOut'], ({ verdict, compared, reason }) => {
      assert.equal(verdict.decision, 'ALLOW');
      const low = (interval) => (verdict.lowerIsBetter ? -interval.high : interval.low);
      assert.ok(low(compared.worstCase?.interval ?? verdict.interval) >= -verdict.margin);
      assert.equal(
        /there is a loss, but one of more than .* is ruled out/.test(reason.text),
        isEstablished(reason, verdict),
      );
    });
  });

  test('a rejected loss is larger than the margin by its estimate, and by its interval where that is said', () => {
    each(['lossBeyondMargin'], ({ verdict, reason: { gain, margin, certain, text } }) => {
      assert.equal(verdict.decision, 'REJECT');
      assert.ok(-gain.mean > margin && verdict.margin === margin);
      if (/it is a loss/.test(text)) assert.ok(certain && gain.high < 0);
      else assert.ok(margin === 0 || /its estimate is beyond the margin/.test(text));
    });
  });

  test('a loss that is there is not called beyond the margin, nor a possible one there', () => {
    each(['lossEstablished'], ({ verdict, reason }) => {
      assert.equal(verdict.decision, 'INCONCLUSIVE');
      assert.ok(isEstablished(reason, verdict));
      assert.match(reason.text, /there is a loss(;|, but it may be within the margin of .* or beyond it)/);
    });
    each(['lossPossible'], ({ verdict, reason }) => {
      assert.equal(verdict.decision, 'INCONCLUSIVE');
      assert.ok(!isEstablished(reason, verdict) && reason.gain.low < -verdict.margin);
      const isSeen = -reason.gain.mean > verdict.margin;
      assert.equal(/this is a loss( of more than [\d.]+)? unless it is chance/.test(reason.text), isSeen);
      assert.equal(/a loss( of more than [\d.]+)? is still possible/.test(reason.text), !isSeen);
    });
  });

  test('the p-value of a loss of the margin is below alpha/2 where the interval rules it out', () => {
    const worst = ({ interval, lowerIsBetter }) => (lowerIsBetter ? -interval.high : interval.low);
    each(
      WITH_FIGURES,
      ({ verdict }) => {
        const { margin, pLossBeyondMargin } = verdict;
        assert.equal(pLossBeyondMargin < ALPHA / 2, worst(verdict) > -margin, `${worst(verdict)} ${pLossBeyondMargin}`);
      },
      ({ verdict }) => Math.abs(worst(verdict) + verdict.margin) >= 1e-6,
    );
  });

  test('cases and clusters are counted as such', () => {
    const counted = new Set();
    each(['lossPossible', 'tooFew'], ({ verdict, compared, reason: { advice, text } }) => {
      for (const { code, total, more, have, need, clusters } of advice) {
        counted.add(code);
        if (code === 'moreCases') assert.ok(compared.clusters === null && total - more === verdict.n);
        if (code === 'moreClusters') assert.equal(total - more, compared.clusters);
        if (code === 'tooFewToProve') assert.ok(have < need && have === (clusters ? compared.clusters : verdict.n));
      }
      // Two significant digits: how many it takes is not known better.
      for (const [, digits] of text.matchAll(/about ([\d,]+)/g))
        assert.match(digits.replaceAll(',', ''), /^\d{1,2}0*$/);
    });
    for (const code of ['moreCases', 'moreClusters', 'tooFewToProve']) assert.ok(counted.has(code), code);
  });

  test('what has no score is named, and is never the same score', () => {
    const open = ['lossBeyondMargin', 'lossRuledOut', 'lossPossible', 'missingScores', 'lowCoverage'];
    each(
      open,
      ({ compared: { equalScores }, reason: { text } }) => {
        assert.notEqual(equalScores, true);
        assert.match(text, /failedCases/);
        assert.match(text, /without a score|no score|missing score/);
      },
      ({ compared: { missing } }) => missing.baseline.trials + missing.candidate.trials > 0,
    );
    each(['nothingChanged'], ({ suite, verdict }) => {
      assert.equal(verdict.decision, 'ALLOW');
      assert.deepEqual(suite.runs[0], suite.runs[1]);
    });
  });

  test('a default margin is called unfit for scores beyond 0 to 1', () => {
    each(WITH_FIGURES, ({ suite, reason: { advice } }) => {
      const isUnfit = suite.isBeyondUnit && !suite.hasOwnMargin;
      assert.equal(
        advice.some(({ code }) => code === 'ownMargin'),
        isUnfit,
      );
    });
  });
});
