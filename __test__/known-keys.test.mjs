// Nothing that a caller gives is silently ignored: keys that an operation does not know, and values that JSON would change.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { RunStore } from 'runstore';
import { compare, compareRuns, gate } from 'runstore/comparison';
import { merge } from 'runstore/maintenance';
import { RunStore as AsyncRunStore } from 'runstore/promises';
import * as statistics from 'runstore/statistics';
import { exportEvalStore, importEvalStore } from 'runstore/tinker';
import { newPath, openStore } from './support/connections.mjs';
import { newCase, newRun } from './support/data.mjs';

const invalid = (message) => ({ name: 'TypeError', code: 'ERR_RUNSTORE_INVALID_ARGUMENT', message });

/** Each function with options: the call, and an option with the slip that is made of it. */
const withOptions = (store) => [
  ['new RunStore', (options) => new RunStore(':memory:', options), 'readonly', 'readOnly'],
  ['prune', (options) => store.prune({ keep: 8, ...options }), 'dryrun', 'dryRun'],
  ['doctor', (options) => store.doctor(options), 'Fix', 'fix'],
  ['backup', (options) => store.backup('copy.db', options), 'on_progress', 'onProgress'],
  ['recoverRuns', (options) => store.recoverRuns(options), 'dry_run', 'dryRun'],
  ['iterateCases', (options) => store.iterateCases('r', options), 'batchsize', 'batchSize'],
  ['iterateTrajectories', (options) => store.iterateTrajectories('r', options), 'batchsize', 'batchSize'],
  ['getTrajectories', (options) => store.getTrajectories('r', options), 'outcom', 'outcome'],
  ['saveResults', (options) => store.saveResults('r', [], options), 'onconflict', 'onConflict'],
  ['saveTrajectories', (options) => store.saveTrajectories('r', [], options), 'onConflicts', 'onConflict'],
  ['resumeRun', (options) => store.resumeRun('r', options), 'olderThanMS', 'olderThanMs'],
  ['finalizeRun', (options) => store.finalizeRun('r', options), 'treshold', 'threshold'],
  ['queryRuns', (options) => store.queryRuns(options), 'tags', 'tag'],
  ['updateRun', (options) => store.updateRun('r', options), 'tag', 'tags'],
  ['listVerdicts', (options) => store.listVerdicts(options), 'runid', 'runId'],
  ['history', (options) => store.history('s', options), 'scorers', 'scorer'],
  ['trend', (options) => store.trend('s', { scorer: 'exact', ...options }), 'lasst', 'last'],
  ['compare', (options) => compare(store, 'a', 'b', options), 'aplha', 'alpha'],
  ['compare: options.reducer', (reducer) => compare(store, 'a', 'b', { reducer }), 'atleast', 'atLeast'],
  ['gate', (options) => gate(store, 'a', 'b', options), 'mincoverage', 'minCoverage'],
  ['compareRuns', (options) => compareRuns(store, 'a', 'b', options), 'tolerence', 'tolerance'],
  ['merge', (options) => merge('a.db', ['b.db'], options), 'unitesuites', 'uniteSuites'],
  ['importEvalStore', (options) => importEvalStore(store, 'x', options), 'utcoffset', 'utcOffset'],
  ['exportEvalStore', (options) => exportEvalStore(store, [], 'x', options), 'overwritte', 'overwrite'],
  ['pairedTTest', (options) => statistics.pairedTTest([1, 2], [2, 4], options), 'Level', 'level'],
  ['pairedBootstrap', (options) => statistics.pairedBootstrap([1, 2], [2, 4], options), 'resample', 'resamples'],
  ['requiredN', (options) => statistics.requiredN(0.1, 0.2, options), 'one_sided', 'oneSided'],
  ['sequentialGate', (options) => statistics.sequentialGate([0.1], options), 'margn', 'margin'],
  ['evalsig.compare', (options) => statistics.evalsig.compare([], [], options), 'cluter', 'cluster'],
];

test('every function refuses an option that it does not have, and says which may be meant', (t) => {
  const store = openStore(t, ':memory:');
  for (const [name, call, slip, meant] of withOptions(store)) {
    assert.throws(
      () => call({ [slip]: 1 }),
      invalid(new RegExp(`\\.${slip} is not an option; did you mean ${meant}\\?$`)),
      name,
    );
    assert.throws(() => call({ qqqqqqqq: 1 }), invalid(/\.qqqqqqqq is not an option; there are \w+/), name);
  }
});

test('promises refuse them in the same words', async (t) => {
  const store = await AsyncRunStore.open(newPath(t));
  t.after(() => store.close());
  await assert.rejects(store.prune({ keep: 1, dryrun: true }), invalid(/did you mean dryRun\?/));
  assert.throws(() => new AsyncRunStore(':memory:', { busyTimeout: 5 }), invalid(/did you mean busyTimeoutMs\?/));
});

test('a misspelt field of a row is refused, one of the caller own is not', (t) => {
  const store = openStore(t, ':memory:');
  const run = newRun(store);
  const suite_id = store.createSuite('s').id;
  const fields = { suite_id, name: 'n', model: 'm' };
  assert.throws(
    () => store.createRun({ ...fields, tag: ['a'] }),
    invalid(/run\.tag is not known; did you mean tags\?/),
  );
  assert.throws(() => store.createRun({ ...fields, started_at: 5 }), invalid(/did you mean startedAt\?/));
  assert.equal(typeof store.createRun({ ...fields, note: 'of the caller' }), 'string');

  const refused = (slip, meant) =>
    assert.throws(
      () => store.saveCases([{ ...newCase(run), ...slip }]),
      invalid(new RegExp(`cases\\[0\\]\\.${Object.keys(slip)[0]} is not known; did you mean ${meant}\\?`)),
    );
  refused({ costUsd: 1 }, 'cost_usd');
  refused({ metdata: {} }, 'metadata');
  store.saveCases([{ ...newCase(run), errors: [], inputs: 1, note: 'x' }]);
  // What is set under its own name is not lost.
  store.saveCases([{ ...newCase(run, 1), cost_usd: 1, costUsd: 1 }]);
  assert.equal(store.countCases(run), 2);
  const results = [{ idx: 0, input: 1, scores: [{ scorer_name: 'a', score: 1, Reason: 'r' }] }];
  assert.throws(() => store.saveResults(run, results), invalid(/results\[0\]\.scores\[0\]\.Reason is not known/));
  // What is saved with a result under another name; rows of the reference may have such fields.
  for (const [slip, meant] of [
    [{ cost: 1 }, 'cost_usd'],
    [{ latency: 1 }, 'latency_ms'],
    [{ tokens: 1 }, 'tokens_out'],
    [{ tags: ['a'] }, 'metadata'],
  ]) {
    const [name] = Object.keys(slip);
    assert.throws(
      () => store.saveResults(run, [{ idx: 0, input: 1, ...slip }]),
      invalid(new RegExp(`results\\[0\\]\\.${name} is not known; did you mean ${meant}\\?`)),
    );
    store.saveResults(run, [{ idx: 0, input: 1, ...slip, [meant]: name === 'tags' ? { tags: ['a'] } : 1 }]);
  }
  const turns = [{ role: 'user', content: 'x', tokenCount: 1 }];
  assert.throws(() => store.appendTurns(run, 'b', 0, turns), invalid(/turns\[0\]\.tokenCount is not known/));
  const outcome = { timeSeconds: 1 };
  assert.throws(() => store.appendTurns(run, 'b', 0, [], outcome), invalid(/outcome\.timeSeconds is not known/));
  assert.equal(store.countCases(run), 6);
});

test('values that are not JSON are refused by operation and row, with the error of JSON.stringify as the cause', (t) => {
  const store = openStore(t, ':memory:');
  const run = newRun(store);
  const circle = {};
  circle.self = { deeper: circle };
  for (const [input, says] of [
    [{ n: 5n }, 'a BigInt'],
    [circle, 'an object that contains itself'],
  ]) {
    const error = invalid(`saveCases: cases[1].input cannot be written as JSON: it has ${says}`);
    assert.throws(() => store.saveCases([newCase(run), { ...newCase(run, 1), input }]), error);
    assert.throws(() => store.updateRun(run, { metadata: input }), /^TypeError: updateRun: changes\.metadata cannot/);
  }
  const own = new TypeError('Do not know how to serialize a BigInt');
  const throwing = {
    toJSON() {
      throw own;
    },
  };
  assert.throws(
    () => store.saveCases([{ ...newCase(run), input: throwing }]),
    (error) => error === own,
  );
  assert.equal(store.countCases(run), 0);
});

test('a metric that is not finite is refused by name', (t) => {
  const store = openStore(t, ':memory:');
  const run = newRun(store);
  for (const loss of [Infinity, -Infinity, NaN]) {
    assert.throws(() => store.saveTrajectories(run, [{ benchmark: 'b', idx: 0, metrics: { loss } }]), {
      name: 'RangeError',
      message: `saveTrajectories: trajectories[0].metrics.loss must be a finite number, not ${loss}`,
    });
  }
  // Where the type says number, and it can be given back, it is kept.
  store.saveTrajectories(run, [{ benchmark: 'b', idx: 0, reward: Infinity }]);
  assert.equal(store.getTrajectory(run, 'b', 0).reward, Infinity);
});
