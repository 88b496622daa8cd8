// Every options object of every public function, found in the types, so that none is forgotten.

import assert from 'node:assert/strict';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { RunStore } from 'runstore';
import { Archive } from 'runstore/archive';
import { calibrate, compare, compareRuns, gate, judgeAgreement } from 'runstore/comparison';
import { merge } from 'runstore/maintenance';
import { RunStore as AsyncRunStore } from 'runstore/promises';
import * as report from 'runstore/report';
import * as allStatistics from 'runstore/statistics';
import { exportEvalStore, importEvalStore } from 'runstore/tinker';
import { calls } from './support/calls.mjs';
import { newPath, openStore, temporaryDirectory } from './support/connections.mjs';
import { isFirstNode } from './support/first-node.mjs';

const statistics = { ...allStatistics };
const unknown = { qqqqqqqq: 1 };
const refused = {
  name: 'TypeError',
  code: 'ERR_RUNSTORE_INVALID_ARGUMENT',
  message: /\.qqqqqqqq is not (an option|known|a field)/,
};

/** Methods of a store, whose options are required, or lists of options. */
const ofStore = (store) => ({
  openRun: () => store.openRun({ suite: 's', name: 'n', model: 'm', ...unknown }),
  setThresholds: () => store.setThresholds('s', { exact: { passFloor: 1, ...unknown } }),
  trend: () => store.trend('s', { scorer: 'a', ...unknown }),
});

const ofArchive = (archive, store) => ({
  'new Archive': () => Archive.open('archive', unknown),
  'ArchiveWriter.commit': () => archive.writer().commit(unknown),
  archiveRuns: () => archive.archiveRuns(store, unknown),
  close: () => archive.close(unknown),
  deleteRun: () => archive.deleteRun('r', unknown),
  fold: () => archive.fold(unknown),
  importRun: () => archive.importRun(store, 'r', unknown),
  iterateRun: () => archive.iterateRun('r', unknown).next(),
  listRuns: () => archive.listRuns(unknown),
  loadRun: () => archive.loadRun('r', unknown),
  open: () => Archive.open('archive', unknown),
  queryRuns: () => archive.queryRuns(unknown),
  rebuildManifest: () => archive.rebuildManifest(unknown),
  vacuum: () => archive.vacuum(unknown),
  verify: () => archive.verify(unknown),
  writeRun: () => archive.writeRun({ store, runId: 'r', ...unknown }),
});

const ofReports = (store) => ({
  archiveRun: () => report.archiveRun(store, 'r', 'run.zip', unknown),
  exportRun: () => report.exportRun(store, 'r', { format: 'csv', ...unknown }),
  htmlReport: () => report.htmlReport(store, 'r', unknown),
  importRunFile: () => report.importRunFile(store, 'run.json', unknown),
  pruneRunFiles: () => report.pruneRunFiles({ keep: 1, ...unknown }),
  saveAnnotations: () => report.saveAnnotations(store, [{ caseId: 'a', name: 'b', pass: true, ...unknown }]),
  startViewer: () => report.startViewer(store, unknown),
  writeRunFile: () => report.writeRunFile(store, ['r'], unknown),
});

const others = (store) => ({
  calibrate: () => calibrate(store, 's', unknown),
  compare: () => compare(store, 'a', 'b', unknown),
  compareRuns: () => compareRuns(store, 'a', 'b', unknown),
  exportEvalStore: () => exportEvalStore(store, [], 'x', unknown),
  gate: () => gate(store, 'a', 'b', unknown),
  importEvalStore: () => importEvalStore(store, 'x', unknown),
  judgeAgreement: () => judgeAgreement(store, 'r', { judge: 'a', human: 'b', ...unknown }),
  merge: () => merge('a.db', ['b.db'], unknown),
});

/** Sound arguments of the statistics, by the names of their parameters. */
const SOUND = {
  baseline: [1, 2, 4],
  bound: 0,
  candidate: [1, 3, 4],
  clusterIds: ['a', 'b', 'c'],
  counts: { both: 1, baselineOnly: 2, candidateOnly: 3, neither: 4 },
  delta: 0.1,
  differences: [1, 2, 4],
  discordance: 0.3,
  labels: [1, 0, 1],
  limits: [0, 5],
  minDelta: 0.1,
  n: 10,
  one: [1, 2, 3],
  options: unknown,
  other: [1, 2, 3],
  pValues: [0.1, 0.2],
  predictions: [1, 0, 1],
  ratings: [
    [1, 2, 3],
    [1, 2, 3],
  ],
  sd: 1,
  successes: 3,
  targetDelta: 0.1,
  unlabeled: [1, 0, 1],
  values: [1, 2, 4],
  x: [1, 2, 4],
  y: [1, 2, 3],
};

/** What evalsig's functions on whole runs take in place of numbers. */
const OF_RUNS = { baseline: [{ itemId: 'a', score: 1 }], candidate: [{ itemId: 'a', score: 1 }] };

if (isFirstNode) {
  const { isOptions, parameters } = await import('./support/public-functions.mjs');
  const all = parameters();
  const withOptions = (entry) => [
    ...new Set(all.filter((one) => one.entry === entry && isOptions(one.type)).map(({ name }) => name)),
  ];
  /** Names of what a table of calls has to have: without those of errors, and without the class. */
  const wanted = (entry) =>
    withOptions(entry)
      .filter((name) => name !== 'new RunStoreError')
      .map((name) => name.replace(/^(RunStore|Archive)\./, ''));

  const each = async (given, entry) => {
    const left = wanted(entry).filter((name) => !(name in given));
    assert.deepEqual(left, [], `no call of ${entry}`);
    for (const [name, call] of Object.entries(given)) await assert.rejects(async () => call(), refused, name);
  };

  /** Calls of the methods of a store that have options, by name, with one that does not exist. */
  const methodsWithOptions = (store, entry) => {
    const options = all.filter((one) => one.entry === entry && one.name.startsWith('RunStore.') && isOptions(one.type));
    const made = options.map(({ name, at }) => [name.replace('RunStore.', ''), at]).filter(([name]) => name in calls);
    return Object.fromEntries(made.map(([name, at]) => [name, () => store[name](...argumentsWith(calls[name], at))]));
  };

  function argumentsWith(args, at) {
    const before = Array.from({ length: at }, (_, place) => args[place]);
    return [...before, { ...args[at], ...unknown }];
  }

  describe('an option that does not exist is refused', () => {
    test('by a store', async (t) => {
      const store = openStore(t, newPath(t));
      const made = { 'new RunStore': () => new RunStore(':memory:', unknown) };
      await each({ ...methodsWithOptions(store, 'index.d.ts'), ...ofStore(store), ...made }, 'index.d.ts');
    });

    test('by a store that returns promises', async (t) => {
      const store = await AsyncRunStore.open(newPath(t));
      t.after(() => store.close());
      const open = () => AsyncRunStore.open(':memory:', unknown);
      const made = { open, 'new RunStore': () => new AsyncRunStore(':memory:', unknown) };
      const entry = 'entries/promises.d.ts';
      await each({ ...methodsWithOptions(store, entry), ...ofStore(store), ...made }, entry);
      assert.equal((await Promise.all(['a', 'b'].map(store.getRun, store))).length, 2);
    });

    test('by an archive', async (t) => {
      const archive = await Archive.open(join(temporaryDirectory(t), 'archive'));
      t.after(() => archive.close());
      await each(ofArchive(archive, openStore(t, ':memory:')), 'entries/archive.d.ts');
    });

    test('by reports, comparisons, maintenance and exchange', async (t) => {
      const store = openStore(t, newPath(t));
      await each(ofReports(store), 'entries/report.d.ts');
      for (const entry of ['comparison', 'maintenance', 'tinker']) await each(others(store), `entries/${entry}.d.ts`);
    });

    for (const name of withOptions('entries/statistics.d.ts')) {
      test(`by ${name}`, () => {
        const own = all.filter((one) => one.entry === 'entries/statistics.d.ts' && one.name === name);
        const takesRuns = ['evalsig.compare', 'evalsig.gate'].includes(name);
        const args = own.map(({ parameter }) => (takesRuns && OF_RUNS[parameter]) || SOUND[parameter]);
        const [call, holder] = name.split('.').reverse();
        const functions = holder === undefined ? statistics : statistics[holder];
        assert.throws(() => functions[call](...args), refused);
      });
    }
  });
}
