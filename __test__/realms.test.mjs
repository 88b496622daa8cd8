// Several copies of the package, and several realms, in one process: Jest runs each test file in a realm of its own, and
// a second copy comes from a second node_modules.

import assert from 'node:assert/strict';
import { createRequire } from 'node:module';
import { test } from 'node:test';
import { RunStore, RunStoreError } from 'runstore';
import { compare } from 'runstore/comparison';
import * as statistics from 'runstore/statistics';
import { newPath, openStore } from './support/connections.mjs';
import { loadInOwnRealm } from './support/realms.mjs';

const require = createRequire(import.meta.url);
const entry = (name) => loadInOwnRealm(require.resolve(name));

/** Fails unless all objects in a value have the prototypes of the realm. */
function assertOfRealm(run, value, place) {
  if (typeof value !== 'object' || value === null) return;
  const prototypes = run('[Object.prototype, Array.prototype, Float64Array.prototype]');
  assert.ok(prototypes.includes(Object.getPrototypeOf(value)), place);
  for (const [key, one] of Object.entries(value)) assertOfRealm(run, one, `${place}.${key}`);
}

function causeOf(action) {
  try {
    action();
  } catch (error) {
    return error;
  }
  throw new Error('nothing was thrown');
}

test('an error of another copy, or of another realm, is a RunStoreError', (t) => {
  const { exports: copy } = entry('runstore');
  assert.notEqual(copy.RunStoreError, RunStoreError);
  const other = new copy.RunStore(':memory:');
  t.after(() => other.close());
  const store = openStore(t, ':memory:');
  for (const [thrown, Class] of [
    [causeOf(() => other.createRun({ suite_id: 'none', name: 'a', model: 'm' })), RunStoreError],
    [causeOf(() => other.createSuite(5)), RunStoreError],
    [causeOf(() => store.createSuite(5)), copy.RunStoreError],
  ]) {
    assert.ok(thrown instanceof Class);
  }
  for (const value of [new Error('mine'), new TypeError('mine'), { code: 'ERR_RUNSTORE_BUSY' }, null, undefined, 5]) {
    assert.ok(!(value instanceof RunStoreError));
  }
});

test('functions that take a store accept one of another copy of the package, and refuse other objects', (t) => {
  const { exports: copy } = entry('runstore');
  const store = new copy.RunStore(':memory:');
  t.after(() => store.close());
  const suite = store.createSuite('s');
  const ids = [1, 0].map((score) => {
    const run = store.createRun({ suite_id: suite.id, name: 'n', model: 'm' });
    store.saveResults(run, [{ idx: 0, input: 'a', scores: [{ scorer_name: 'exact', score }] }]);
    return run;
  });
  assert.equal(compare(store, ...ids).scorers[0].delta, -1);
  for (const value of [{}, null, 'store', RunStore, RunStore.prototype, Object.create(RunStore.prototype)]) {
    assert.throws(() => compare(value, ...ids), { name: 'TypeError', code: 'ERR_RUNSTORE_INVALID_ARGUMENT' });
  }
});

test('dates and arrays of another realm are dates and arrays', (t) => {
  const { run: evaluate } = entry('runstore');
  const store = openStore(t, ':memory:');
  const suite = store.createSuite('s').id;
  const startedAt = evaluate('new Date(1000)');
  const id = store.createRun({ suite_id: suite, name: 'n', model: 'm', startedAt, tags: evaluate('["a"]') });
  assert.equal(store.getRun(id).started_at, 1000);
  assert.deepEqual(store.getRun(id).tags, ['a']);
  const until = evaluate('new Date(2000)');
  assert.deepEqual(
    store.queryRuns({ until }).runs.map((one) => one.id),
    [id],
  );
  store.saveResults(id, evaluate('[{ idx: 0, input: [1], scores: [{ scorer_name: "exact", score: 1 }] }]'));
  assert.deepEqual(store.missingCases(id, evaluate('[0, 1]')), [1]);
  assert.deepEqual(statistics.holm(evaluate('[0.01, 0.02]')), statistics.holm([0.01, 0.02]));
  assert.deepEqual(statistics.bonferroni(evaluate('Float64Array.of(0.01)')), statistics.bonferroni([0.01]));
});

test('what a store returns is made of objects of the realm that it was loaded in', (t) => {
  const { exports, run: evaluate } = entry('runstore');
  const store = new exports.RunStore(newPath(t));
  t.after(() => store.close());
  const suite = store.createSuite('s');
  const run = store.createRun({ suite_id: suite.id, name: 'n', model: 'm', metadata: { a: [1] } });
  const ids = store.saveResults(run, [{ idx: 0, input: { a: 1 }, scores: [{ scorer_name: 'exact', score: 0 }] }]);
  const returned = {
    suite,
    ids,
    missing: store.missingCases(run, [0, 1]),
    missingKeys: store.missingCases(run, ['a']),
    run: store.getRun(run),
    opened: store.openRun({ suite: 's', name: 'n', model: 'm' }),
    runs: store.queryRuns(),
    cases: store.getCases(run),
    failing: store.getFailingCases(run),
    summary: store.getRunSummary(run),
    report: store.getRunReport(run),
    doctor: store.doctor(),
    prune: store.prune({ keep: 5 }),
  };
  for (const [name, value] of Object.entries(returned)) {
    assert.equal(typeof value, 'object', name);
    assertOfRealm(evaluate, value, name);
  }
});

/** Arguments with which each function of the statistics returns something. */
const samples = [{ n: 4, passed: 2 }];
const counts = { both: 3, baselineOnly: 1, candidateOnly: 2, neither: 4 };
const [before, after, clusters] = [
  [0, 1, 1, 0],
  [1, 1, 0, 0],
  ['a', 'a', 'b', 'b'],
];
const items = before.map((score, at) => ({ itemId: `${at}`, score, clusterId: clusters[at] }));
const given = {
  bootstrapMean: [before],
  meanInterval: [before],
  boundedMeanInterval: [before, [0, 1]],
  clusteredBoundedMeanInterval: [before, clusters, [0, 1]],
  tangoPValue: [counts, 0.1],
  mcnemarPower: [100, 0.2, 0.1],
  mcnemarRequiredN: [0.1, 0.2],
  wilsonInterval: [3, 4],
  bonferroni: [[0.01, 0.2]],
  holm: [[0.01, 0.2]],
  benjaminiHochberg: [[0.01, 0.2]],
  minimumDetectableEffect: [1, 10],
  mde: [1, 10],
  requiredN: [0.5, 1],
  powerForDelta: [0.5, 1, 10],
  confidenceSequence: [before],
  sequentialGate: [before],
  passAtK: [samples[0], 2],
  passAllK: [samples[0], 2],
  meanPassAtK: [samples, 2],
  meanPassAllK: [samples, 2],
  samplesFromRewards: [before],
  chooseKValues: [8],
  krippendorffsAlpha: [[before, after]],
  predictionPoweredMean: [before, after, before],
  compare: [items, items],
  gate: [items, items, 0.1],
};

function argumentsOf(name) {
  if (given[name]) return given[name];
  if (/^mcnemar(?!Test)|^tango|^newcombe/.test(name)) return [counts];
  if (/^clusteredMean|^clusteredStandard|^estimateIcc/.test(name)) return [before, clusters];
  return [before, after, ...(/^cluster/.test(name) ? [clusters] : [])];
}

test('what runstore/statistics returns is made of objects of the realm that it was loaded in, with the same values', () => {
  const { exports, run: evaluate } = entry('runstore/statistics');
  const namespaces = [
    [exports, statistics],
    [exports.evalsig, statistics.evalsig],
  ];
  for (const [functions, expected] of namespaces) {
    for (const [name, call] of Object.entries(functions)) {
      if (typeof call !== 'function') continue;
      const returned = call(...argumentsOf(name));
      assertOfRealm(evaluate, returned, name);
      assert.deepEqual(JSON.stringify(returned), JSON.stringify(expected[name](...argumentsOf(name))), name);
    }
  }
});
