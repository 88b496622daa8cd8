// Each code that the types list for notes, reasons and advice has a situation in which it is given, and no other is.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { RunStore } from 'runstore';
import { gate } from 'runstore/comparison';
import { saveRun } from './support/runs.mjs';

const TYPES = readFileSync(new URL('../entries/comparison.d.ts', import.meta.url), 'utf8');

/** The codes of a union in the types. */
function codesOf(type) {
  const start = TYPES.indexOf(`export type ${type} =`);
  const text = TYPES.slice(start, TYPES.indexOf('\n\n', start));
  const members = text.matchAll(/code: ((?:'\w+'(?: \| )?)+)/g);
  return [...members].flatMap(([, codes]) => codes.match(/\w+/g)).sort();
}

/** Gates a run of cases against another in a store of their own. */
function gated(before, after, options) {
  const store = new RunStore(':memory:');
  const suite_id = store.createSuite('suite').id;
  return gate(store, saveRun(store, suite_id, before), saveRun(store, suite_id, after), options);
}

const make = (n, more) => Array.from({ length: n }, (_, at) => ({ input: at, scores: { exact: 1 }, ...more(at) }));
/** 0/1 scores: the first `failed` of n cases fail. */
const failing = (failed, n, more = () => ({})) =>
  make(n, (at) => ({ scores: { exact: at < failed ? 0 : 1 }, ...more(at) }));
const crashed = (n, of) => make(n, (at) => (of(at) ? { scores: {}, error: 'timeout' } : {}));
const clustered = (n, cluster) => failing(0, n, (at) => ({ cluster: cluster(at) }));

function ofSeveralRuns(...sides) {
  const store = new RunStore(':memory:');
  const suite_id = store.createSuite('suite').id;
  const runs = sides.map((side) => side.map((failed) => saveRun(store, suite_id, failing(failed, 100))));
  return gate(store, ...runs);
}

function ofStatus(status) {
  const store = new RunStore(':memory:');
  const suite_id = store.createSuite('suite').id;
  const baseline = saveRun(store, suite_id, failing(0, 20));
  return gate(store, baseline, saveRun(store, suite_id, failing(0, 20), { status }));
}

function ofLatest() {
  const store = new RunStore(':memory:');
  const suite_id = store.createSuite('suite').id;
  const baseline = saveRun(store, suite_id, failing(0, 20));
  saveRun(store, suite_id, failing(0, 20));
  // Within one millisecond no run is newer.
  saveRun(store, suite_id, failing(0, 20), { status: 'failed', startedAt: Date.now() + 1000 });
  return gate(store, baseline, 'latest');
}

function ofTwoSuites() {
  const store = new RunStore(':memory:');
  const run = (name) => saveRun(store, store.createSuite(name).id, failing(0, 20));
  return gate(store, run('one'), run('other'));
}

const keyed = (prefix) => failing(0, 20, (at) => ({ key: `${prefix}${at}` }));
const languages = (failed) => failing(failed, 100, (at) => ({ metadata: { language: at < 50 ? 'sw' : 'en' } }));

const SITUATIONS = {
  'the same outputs': () => gated(...Array(2).fill(failing(2, 20, () => ({ output: 'same' })))),
  'the same scores, other outputs': () => gated(...['yes', 'Yes.'].map((output) => failing(2, 20, () => ({ output })))),
  'crashes that count as failures': () =>
    gated(
      failing(0, 100),
      crashed(100, (at) => at < 20),
      { missing: 'fail' },
    ),
  'the same scores, allowed': () => gated(failing(0, 20), failing(0, 20), { equalScores: 'allow' }),
  'one more failure of a hundred, margin 0.1': () => gated(failing(10, 100), failing(11, 100), { margin: 0.1 }),
  'twenty more failures of a hundred': () => gated(failing(10, 100), failing(30, 100)),
  'a certain loss of just the margin': () => gated(failing(0, 1000), failing(20, 1000)),
  'two more failures of a hundred': () => gated(failing(10, 100), failing(12, 100)),
  'two more failures of a hundred, and a small alpha': () =>
    gated(failing(10, 100), failing(12, 100), { alpha: 0.001 }),
  'two trials of each case, and one': () =>
    gated(
      [0, 1].flatMap((trial) => failing(10, 100, () => ({ trial }))),
      failing(12, 100),
    ),
  'a gain, without a margin': () => gated(failing(10, 100), failing(9, 100), { margin: 0 }),
  'an alpha like chance': () => gated(failing(0, 100), failing(50, 100), { alpha: 0.9 }),
  'one case, unchanged': () => gated(...Array(2).fill(failing(0, 1, () => ({ output: 'same' })))),
  'five of five lost': () => gated(failing(0, 5), failing(5, 5)),
  'few clusters': () => gated(...[0, 3].map((failed) => failing(failed, 100, (at) => ({ cluster: `c${at % 20}` })))),
  'one cluster': () =>
    gated(
      clustered(20, () => 'one'),
      clustered(20, () => 'one'),
    ),
  'other clusters, and cases without': () =>
    gated(
      clustered(20, (at) => (at < 4 ? 'a' : undefined)),
      clustered(20, (at) => (at < 4 ? 'b' : undefined)),
    ),
  'one of three hundred crashed': () =>
    gated(
      failing(0, 300),
      crashed(300, (at) => at === 0),
      { margin: 0.014 },
    ),
  'one of twenty crashed': () =>
    gated(
      failing(0, 20),
      crashed(20, (at) => at === 0),
    ),
  'half of the cases crashed': () =>
    gated(
      failing(0, 20),
      crashed(20, (at) => at % 2),
    ),
  'all crashed in both runs': () => gated(...Array(2).fill(crashed(20, () => true))),
  'half of the cases are absent': () => gated(failing(0, 20), failing(0, 10)),
  'a scorer of one run': () =>
    gated(
      make(20, () => ({ scores: { exact: 1, style: 1 } })),
      failing(0, 20),
    ),
  'a run without cases': () => gated(failing(0, 20), []),
  'other inputs': () =>
    gated(
      failing(0, 20),
      failing(0, 20, (at) => ({ input: `new ${at}` })),
    ),
  'other keys': () => gated(keyed('a'), keyed('b')),
  'keys of some cases': () => gated(...Array(2).fill(failing(0, 20, (at) => (at ? {} : { key: 'k' })))),
  'keys of the candidate that cases share': () =>
    gated(
      keyed('a'),
      failing(0, 20, (at) => ({ key: `a${at % 10}` })),
    ),
  'one of three hundred crashed, whatever its score': () =>
    gated(
      failing(0, 300),
      crashed(300, (at) => at === 0),
      { margin: 0.05 },
    ),
  'one key of all cases': () => gated(...Array(2).fill(failing(0, 20, () => ({ key: 'k' })))),
  'one input of all cases': () => gated(...Array(2).fill(failing(0, 20, () => ({ input: 'same' })))),
  'an infinite score': () =>
    gated(
      failing(0, 20),
      make(20, (at) => ({ scores: { exact: at ? 1 : Infinity } })),
    ),
  'scores from 1 to 5': () => gated(...Array(2).fill(make(20, (at) => ({ scores: { exact: 1 + (at % 5) } })))),
  'a margin of the whole scale': () => gated(failing(0, 20), failing(20, 20), { margin: 1 }),
  'a gain of 0.05, proven': () => gated(failing(50, 100), failing(10, 100), { requireImprovement: 0.05 }),
  'a gain of 0.05, possible': () => gated(failing(10, 100), failing(4, 100), { requireImprovement: 0.05 }),
  'a gain of 0.5, impossible': () => gated(failing(10, 100), failing(5, 100), { requireImprovement: 0.5 }),
  'a slice that loses': () => gated(languages(0), languages(20), { margin: 0.5, sliceBy: 'metadata.language' }),
  'runs that differ among themselves': () => ofSeveralRuns([5, 20], [8, 22]),
  'a failed run': () => ofStatus('failed'),
  'a newer run that failed': ofLatest,
  'two suites': ofTwoSuites,
};

test('each note, reason and advice of the types has a situation, and no others are given', () => {
  const given = { Note: new Set(), Reason: new Set(), Advice: new Set() };
  for (const [name, situation] of Object.entries(SITUATIONS)) {
    const { reasons, comparison } = situation();
    assert.ok(reasons.length > 0, name);
    for (const { code, text } of comparison.notes) {
      given.Note.add(code);
      assert.ok(text.length > 0, name);
    }
    for (const { code, advice } of reasons) {
      given.Reason.add(code);
      for (const one of advice) given.Advice.add(one.code);
    }
  }
  for (const [type, codes] of Object.entries(given)) assert.deepEqual([...codes].sort(), codesOf(type), type);
});

test('what is not allowed says what to do, and a sentence says nothing twice', () => {
  for (const [name, situation] of Object.entries(SITUATIONS)) {
    const { decision, reasons } = situation();
    // What was required and is ruled out, and a loss that is there, leave nothing to do here.
    const isClear = ({ code }) => ['lossBeyondMargin', 'gainRuledOut'].includes(code);
    if (decision !== 'ALLOW')
      assert.ok(isClear(reasons[0]) || reasons[0].advice.length > 0, `${name}: ${reasons[0].text}`);
    for (const { text } of reasons) {
      assert.doesNotMatch(text, /\b(\w+) \1\b|NaN|undefined|−0[^.\d]|all 1 |\b1 (?:cases|attempts|clusters)\b/, name);
    }
  }
});
