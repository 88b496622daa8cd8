// runs into an archive and out of it, through every kind of store.

import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { cpSync, existsSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, describe, test } from 'node:test';
import { pathToFileURL } from 'node:url';
import { Archive } from '../entries/archive.js';
import { gate } from '../entries/comparison.js';
import { RunStore as PromiseRunStore } from '../entries/promises.js';
import { RunStore } from '../index.js';
import { temporaryDirectory } from './support/connections.mjs';
import { projectDirectory } from './support/reference-packages.mjs';

/** Stores of this file, closed at its end. */
const stores = [];
const opened = (path) => {
  stores.push(new RunStore(path));
  return stores.at(-1);
};
const memory = () => opened(':memory:');
after(() => {
  for (const store of stores) store.close();
});

const folder = () => join(temporaryDirectory({ after }), 'evals');

/** A run with something of everything. */
function filled(store, id, { offset = 0 } = {}) {
  const suite_id = store.getOrCreateSuite('arithmetic "ü"').id;
  const runId = store.createRun({ id, suite_id, name: 'nightly', model: 'm/1', config: { t: offset }, tags: ['a'] });
  store.saveResults(
    runId,
    Array.from({ length: 30 }, (_, idx) => ({
      idx,
      key: `k${idx}`,
      input: { q: idx },
      output: `é ${idx}`,
      latency_ms: 0.1,
      metadata: { topic: 'sums' },
      scores: [
        { scorer_name: 'exact', score: (idx + offset) % 2, reason: 'because' },
        ...(idx % 3 === 0 ? [{ scorer_name: 'judge', score: idx === 3 ? -Infinity : idx / 30 }] : []),
      ],
    })),
  );
  store.saveTrajectories(runId, [{ benchmark: 'b', idx: 0, reward: 1, turns: [{ role: 'user', content: 'hi' }] }]);
  store.finishRun(runId, 'completed', store.getRunSummary(runId));
  store.setBaseline(suite_id, runId, 'main');
  return runId;
}

/** Everything that a store has of a run. */
const everything = (store, id) => ({
  run: store.getRun(id),
  cases: [...store.iterateCases(id)],
  scores: store.getFailingCases(id, Infinity),
  trajectories: store.getTrajectories(id),
  baselines: store.listBaselines(store.getRun(id).suite_id).map(({ name, run_id }) => ({ name, run_id })),
});

test('a run that was archived, deleted and imported is unchanged', async () => {
  const store = memory();
  const runId = filled(store, 'run/1');
  const before = everything(store, runId);
  const root = folder();
  const archive = await Archive.open(root);
  const entries = await archive.writeRun({
    store,
    runId,
    delta: 0.5,
    pValue: 0.01,
    verdict: 'ALLOW',
    parentRunId: 'before',
  });
  assert.deepEqual(
    entries.map(({ run_id, metric_name, n_items, verdict }) => [run_id, metric_name, n_items, verdict]),
    [
      ['run/1::exact', 'exact', 30, 'ALLOW'],
      ['run/1::judge', 'judge', 10, 'ALLOW'],
    ],
  );
  store.deleteRun(runId);
  const imported = await (await Archive.open(pathToFileURL(root))).importRun(store, 'run/1');
  assert.equal(imported.isNew, true);
  assert.equal(imported.counts.scores, 40);
  assert.deepEqual(everything(store, runId), before);
  await assert.rejects(archive.importRun(store, 'run/1'), { code: 'ERR_RUNSTORE_CONSTRAINT' });
  assert.equal((await archive.importRun(store, 'run/1', { keepExisting: true })).isNew, false);
});

test('a program that stores runs loads one addon, and the second one only when it opens an archive', () => {
  const program = `
    const { RunStore } = require('runstore');
    const { Archive } = require('runstore/archive');
    const addons = () =>
      process.report.getReport().sharedObjects
        .map((path) => path.split(/[\\\\/]/).at(-1).split('.')[0])
        .filter((name) => name.startsWith('runstore'));
    const store = new RunStore(':memory:');
    const { id } = store.openRun({ suite: 's', name: 'n', model: 'm' });
    store.saveResults(id, [{ idx: 0, input: 1, scores: { exact: 1 } }]);
    store.finishRun(id, 'completed', store.getRunSummary(id));
    const before = addons();
    Archive.open('unused').then(() => console.log(JSON.stringify([before, addons()])));`;
  const told = execFileSync(process.execPath, ['-e', program], { cwd: projectDirectory, encoding: 'utf8' });
  const [before, afterwards] = JSON.parse(told);
  assert.deepEqual(before, ['runstore']);
  assert.deepEqual(afterwards.sort(), ['runstore', 'runstore-tools']);
});

test('a store of promises is archived and filled in the same way', async (t) => {
  const path = join(temporaryDirectory({ after }), 'store.db');
  const sync = new RunStore(path);
  const runId = filled(sync, 'p');
  const before = everything(sync, runId);
  sync.close();
  const archive = await Archive.open(folder());
  const store = await PromiseRunStore.open(path);
  t.after(() => store.close());
  assert.deepEqual((await archive.archiveRuns(store)).unchanged, []);
  const again = await archive.archiveRuns(store);
  assert.deepEqual([again.runs, again.unchanged], [[], ['p']]);
  const other = join(temporaryDirectory({ after }), 'other.db');
  const filling = await PromiseRunStore.open(other);
  await archive.importRun(filling, 'p');
  await filling.close();
  const read = opened(other);
  assert.deepEqual(everything(read, runId), before);
});

test('scores are loaded at once or one by one, including infinities', async () => {
  const store = memory();
  filled(store, 'one');
  const archive = await Archive.open(folder());
  await archive.writeRun({ store, runId: 'one' });
  const frame = await archive.loadRun('one::judge');
  assert.deepEqual(Object.keys(frame), ['run_id', 'model_id', 'task_id', 'metric_name', 'config_hash', 'items']);
  assert.equal(frame.task_id, 'arithmetic "ü"');
  assert.deepEqual(frame.items[1], {
    item_id: 'k3',
    score: -Infinity,
    cluster_id: null,
    epoch: 0,
    metadata: {
      idx: 3,
      case_id: [...store.iterateCases('one')][3].id,
      latency_ms: 0.1,
      metadata: { topic: 'sums' },
    },
  });
  const one = [];
  for await (const item of archive.iterateRun('one::judge')) one.push(item);
  assert.deepEqual(one, frame.items);
  await assert.rejects(archive.loadRun('one'), { code: 'ERR_RUNSTORE_AMBIGUOUS' });
  await assert.rejects(archive.loadRun('two'), { code: 'ERR_RUNSTORE_NOT_FOUND', operation: 'loadRun' });
});

test('a writer commits many runs at once, and none without its commit', async () => {
  const store = memory();
  for (const id of ['r1', 'r2', 'r3']) filled(store, id);
  const root = folder();
  const archive = await Archive.open(root);
  const givenUp = archive.writer();
  await givenUp.writeRun({ store, runId: 'r1' });
  await givenUp[Symbol.asyncDispose]();
  assert.deepEqual(await archive.listRuns(), []);
  const writer = archive.writer();
  for (const runId of ['r1', 'r2', 'r3']) await writer.writeRun({ store, runId });
  assert.equal((await writer.commit()).length, 6);
  assert.deepEqual(readdirSync(join(root, 'default/_delta_log')), ['00000000000000000000.json']);
  assert.deepEqual((await archive.verify()).problems, []);
  const failing = archive.writer();
  await assert.rejects(failing.writeRun({ store, runId: 'missing' }), { code: 'ERR_RUNSTORE_NOT_FOUND' });
  failing.abort();
});

test('a writer commits scores that come from no store beside runs of one', async () => {
  const store = memory();
  filled(store, 'r');
  const archive = await Archive.open(folder());
  const writer = archive.writer();
  const frame = { run_id: 'f', model_id: 'm', task_id: 't', metric_name: 'x', items: [{ item_id: 'a', score: 1 }] };
  await writer.writeRun({ frame, ts: 5, verdict: 'ALLOW' });
  await writer.writeRun({ store, runId: 'r' });
  await assert.rejects(writer.writeRun({ frame: { ...frame, items: [] } }), /at least one item/);
  const entries = await writer.commit();
  assert.deepEqual(
    entries.map(({ run_id, verdict }) => [run_id, verdict]),
    [
      ['f', 'ALLOW'],
      ['r::exact', null],
      ['r::judge', null],
    ],
  );
  assert.deepEqual(await archive.listRuns(), entries);
});

test('items may have some fields and lack others', async () => {
  const archive = await Archive.open(folder());
  const items = [
    { item_id: 'plain', score: 0.5 },
    { item_id: 'é "\\" 東京', score: -Infinity, metadata: { cut: '\ud83d', deep: [{ null: null }] } },
    { item_id: 'clustered', score: 1, cluster_id: 'c', epoch: 3 },
    { item_id: 'unset', score: NaN, cluster_id: null, epoch: undefined, metadata: null },
  ];
  const writer = archive.writer();
  const frame = (run_id, some) => ({ run_id, model_id: 'm', task_id: 't', metric_name: 'x', items: some });
  await writer.writeRun({ frame: frame('all', items) });
  for (const [at, item] of items.entries()) await writer.writeRun({ frame: frame(`one ${at}`, [item]) });
  await writer.commit();
  const whole = items.map(({ item_id, score, cluster_id, epoch, metadata }) => ({
    ...{ item_id, score, cluster_id: cluster_id ?? null, epoch: epoch ?? 0, metadata: metadata ?? {} },
  }));
  assert.deepEqual((await archive.loadRun('all')).items, whole);
  for (const at of items.keys()) assert.deepEqual((await archive.loadRun(`one ${at}`)).items, [whole[at]]);
});

test('a writer keeps the order of runs that are encoded at the same time, and leaves no files when it is aborted', async () => {
  const archive = await Archive.open(folder());
  const names = Array.from({ length: 12 }, (_, at) => `r${at}`);
  // The first ones take longest.
  const frame = (run_id, at) => ({
    ...{ run_id, model_id: 'm', task_id: 't', metric_name: 'x' },
    items: Array.from({ length: 10 + (12 - at) * 500 }, (_, item) => ({ item_id: `${item}`, score: 1 })),
  });
  const writer = archive.writer();
  await Promise.all(names.map((name, at) => writer.writeRun({ frame: frame(name, at) })));
  await writer.commit();
  assert.deepEqual(
    (await archive.listRuns()).map(({ run_id }) => run_id),
    names,
  );
  const aborted = archive.writer();
  for (const [at, name] of names.entries()) await aborted.writeRun({ frame: frame(`${name}b`, at) });
  aborted.abort();
  for (const ended of [aborted, writer]) {
    await assert.rejects(ended.commit(), { code: 'ERR_RUNSTORE_CLOSED', message: /completed or aborted before/ });
  }
  assert.deepEqual((await archive.verify()).unlisted, []);
});

test('verify reports its progress, and stops when its callback throws or its signal aborts', async () => {
  const store = memory();
  filled(store, 'r');
  const archive = await Archive.open(folder());
  await archive.writeRun({ store, runId: 'r' });
  const told = [];
  assert.deepEqual((await archive.verify({ onProgress: (one) => told.push(one) })).problems, []);
  assert.deepEqual(told, [
    { done: 1, total: 2 },
    { done: 2, total: 2 },
  ]);
  await assert.rejects(archive.verify({ signal: AbortSignal.abort() }), { name: 'AbortError' });
  const stop = () => {
    throw new Error('enough');
  };
  await assert.rejects(archive.verify({ onProgress: stop }), /enough/);
});

test('finished runs move into the archive, and baselines stay in the store', async () => {
  const store = memory();
  for (const id of ['old', 'new']) filled(store, id);
  const suite_id = store.getRun('old').suite_id;
  store.createRun({ id: 'running', suite_id, name: 'n', model: 'm' });
  store.recordVerdict(gate(store, 'new', 'old', { margin: 0.5 }));
  const [said] = store.listVerdicts({ runId: 'old' });
  const archive = await Archive.open(folder());
  const told = [];
  const moved = await archive.archiveRuns(store, { suite: suite_id, prune: true, onProgress: (one) => told.push(one) });
  assert.deepEqual(moved.pruned, ['old']);
  const decided = moved.runs.map(({ run_id, verdict, delta, p_value, parent_run_id }) => ({
    ...{ run_id, verdict, delta, p_value, parent_run_id },
  }));
  // Each entry has what the gate said of its scorer.
  const wanted = said.scorers.map(({ scorer_name, decision, delta, p_value }) => ({
    ...{ run_id: `old::${scorer_name}`, verdict: decision, delta, p_value, parent_run_id: `new::${scorer_name}` },
  }));
  assert.deepEqual(
    decided.slice(0, 2),
    wanted.sort((one, other) => (one.run_id < other.run_id ? -1 : 1)),
  );
  assert.deepEqual(told, [
    { done: 1, total: 2 },
    { done: 2, total: 2 },
  ]);
  assert.deepEqual(
    store
      .listRuns()
      .map(({ id }) => id)
      .sort(),
    ['new', 'running'],
  );
  await assert.rejects(
    archive.archiveRuns(store, {
      onProgress: () => {
        throw new Error('enough');
      },
    }),
    /enough/,
  );
});

test('queries compare moments', async () => {
  const archive = await Archive.open(folder(), { project: 'team/a' });
  const frame = (run_id) => ({
    run_id,
    model_id: 'm',
    task_id: 't',
    metric_name: 'x',
    items: [{ item_id: 'a', score: NaN }],
  });
  for (const [id, ts] of [
    ['late', new Date('2026-03-01')],
    ['early', Date.UTC(2026, 0, 1)],
  ]) {
    const [entry] = await archive.writeRun({ frame: frame(id), ts });
    assert.equal(entry.run_id, id);
  }
  const ids = async (query) => (await archive.queryRuns(query)).map(({ run_id }) => run_id);
  assert.deepEqual(await ids(), ['late', 'early']);
  assert.deepEqual(await ids({ since: new Date('2026-02-01') }), ['late']);
  assert.deepEqual(await ids({ until: new Date('2026-02-01'), modelId: 'm' }), ['early']);
  assert.deepEqual(await ids({ newestFirst: true, limit: 1 }), ['late']);
  assert.deepEqual(await ids({ newestFirst: true, cursor: 'late' }), ['early']);
  assert.equal((await archive.loadRun('early')).items[0].score, NaN);
});

describe('invalid arguments are refused by name, and change nothing', () => {
  const frame = { run_id: 'a', model_id: 'm', task_id: 't', metric_name: 'x', items: [{ item_id: 'a', score: 1 }] };
  for (const [what, call, name] of [
    ['a URL of another kind', () => Archive.open('http://bucket'), 'Archive.open: url'],
    ['a bucket without a name', () => Archive.open('s3:///a'), 's3:///a'],
    ['credentials that are no texts', () => Archive.open('a', { credentials: { A: 1 } }), 'credentials.A'],
    ['a timeout of none', () => Archive.open('a', { timeoutMs: 0 }), 'timeoutMs'],
    ['no folder', () => Archive.open(''), 'Archive.open: url'],
    ['an unknown option', () => Archive.open('a', { projekt: 'x' }), 'projekt'],
    [
      'a project that leads elsewhere',
      () => Archive.open('a', { project: '../b' }),
      'the project is the name of a folder',
    ],
    ['a frame without items', (a) => a.writeRun({ frame: { ...frame, items: [] } }), 'at least one item'],
    [
      'an item without a score',
      (a) => a.writeRun({ frame: { ...frame, items: [{ item_id: 'a' }] } }),
      'items[0].score',
    ],
    [
      'an unknown key of an item',
      (a) => a.writeRun({ frame: { ...frame, items: [{ item_id: 'a', score: 1, scores: 2 }] } }),
      'items[0].scores',
    ],
    ['a time of no kind', (a) => a.writeRun({ frame, ts: 'now' }), 'run.ts'],
    ['a p-value above 1', (a) => a.writeRun({ frame, pValue: 2 }), 'run.pValue'],
    ['no store', (a) => a.writeRun({ store: {}, runId: 'x' }), 'run.store'],
    ['a limit of none', (a) => a.queryRuns({ limit: 0 }), 'query.limit'],
    ['a cursor of nothing', (a) => a.queryRuns({ cursor: 'x' }), 'query.cursor'],
    ['an unknown run', (a) => a.deleteRun('x'), 'there is no run "x"'],
  ]) {
    test(what, async () => {
      const root = folder();
      const archive = await Archive.open(root);
      await assert.rejects(
        async () => call(archive),
        (error) => {
          assert.ok(error.message.includes(name), error.message);
          assert.match(error.code, /^ERR_(RUNSTORE|INVALID)/);
          return true;
        },
      );
      assert.deepEqual(existsSync(join(root, 'default/_delta_log')), false);
    });
  }
});

test('a signal ends the writing of a run, which is then not there', async () => {
  const store = memory();
  filled(store, 'r');
  const archive = await Archive.open(folder());
  await assert.rejects(archive.writeRun({ store, runId: 'r', signal: AbortSignal.abort() }), { name: 'AbortError' });
  assert.deepEqual(await archive.listRuns(), []);
});

test('importRun imports the scores of a run that evalsig wrote into the suite of that name', async (t) => {
  const root = folder();
  const fixture = join(projectDirectory, 'crates/archive/tests/fixtures/evalsig/odd-values');
  cpSync(fixture, join(root, 'default'), { recursive: true });
  const archive = await Archive.open(root);
  const path = join(temporaryDirectory({ after }), 'store.db');
  const store = await PromiseRunStore.open(path);
  t.after(() => store.close());
  const suite = await store.createSuite('t');
  const told = [];
  const imported = await archive.importRun(store, 'odd', { onProgress: (one) => told.push(one) });
  assert.deepEqual([imported.runId, imported.isNew, imported.counts.scores], ['odd', true, 4]);
  assert.deepEqual(told.at(-1), { done: 5, total: 5 });
  const run = await store.getRun('odd');
  assert.deepEqual([run.suite_id, run.name, run.model, run.status], [suite.id, 'odd', 'm', 'completed']);
  const cases = await store.getCases('odd');
  assert.deepEqual(
    cases.map(({ key, input }) => [key, input]),
    [...['nan', 'inf', '-0', 'tenth'].map((key) => [key, key]), [undefined, '']],
  );
  await assert.rejects(archive.importRun(store, 'odd'), { code: 'ERR_RUNSTORE_CONSTRAINT' });
});

test('listing, loading, vacuum and rebuildManifest stop at an aborted signal, and vacuum reports progress', async () => {
  const store = memory();
  filled(store, 'r');
  const archive = await Archive.open(folder());
  for (let at = 0; at < 2; at += 1) {
    await archive.writeRun({ store, runId: 'r' });
    await archive.deleteRun('r');
  }
  const signal = AbortSignal.abort();
  for (const call of [
    () => archive.listRuns({ signal }),
    () => archive.queryRuns({ signal }),
    () => archive.loadRun('r', { signal }),
    () => archive.iterateRun('r', { signal }).next(),
    () => archive.vacuum({ graceMs: 0, signal }),
    () => archive.rebuildManifest({ signal }),
  ]) {
    await assert.rejects(call(), { name: 'AbortError' });
  }
  const told = [];
  const first = new AbortController();
  const onProgress = (one) => {
    told.push(one);
    first.abort();
  };
  await assert.rejects(archive.vacuum({ graceMs: 0, signal: first.signal, onProgress }), { name: 'AbortError' });
  assert.deepEqual(told, [{ done: 1, total: 6 }]);
  assert.equal((await archive.vacuum({ graceMs: 0, dryRun: true })).length, 4);
  const all = [];
  assert.equal((await archive.vacuum({ graceMs: 0, onProgress: (one) => all.push(one) })).length, 4);
  assert.deepEqual(all.at(-1), { done: 4, total: 4 });
});

test('a stopped import leaves nothing of the run', async () => {
  const store = memory();
  filled(store, 'r');
  const archive = await Archive.open(folder());
  await archive.writeRun({ store, runId: 'r' });
  const other = memory();
  const stop = () => {
    throw new Error('enough');
  };
  await assert.rejects(archive.importRun(other, 'r', { onProgress: stop }), /enough/);
  await assert.rejects(archive.importRun(other, 'r', { signal: AbortSignal.abort() }), { name: 'AbortError' });
  assert.deepEqual([other.listRuns(), other.listSuites()], [[], []]);
  const told = [];
  await archive.importRun(other, 'r', { onProgress: (one) => told.push(one) });
  assert.ok(told.every(({ done, total }) => done <= total));
  assert.equal(told.at(-1).done, told.at(-1).total);
});

test('a damaged manifest is refused, and rebuilt on request', async () => {
  const store = memory();
  filled(store, 'r');
  const root = folder();
  const archive = await Archive.open(root);
  await archive.writeRun({ store, runId: 'r' });
  const manifest = join(root, 'default/manifest.json');
  writeFileSync(manifest, '{');
  await assert.rejects(archive.fold(), {
    code: 'ERR_RUNSTORE_CORRUPT',
    message: /archive\.rebuildManifest\(\) replaces it/,
  });
  await archive.rebuildManifest();
  assert.equal((await archive.listRuns()).length, 2);
  await archive.deleteRun('r');
  assert.equal((await archive.vacuum({ dryRun: true })).length, 0);
  assert.equal((await archive.vacuum({ graceMs: 0 })).length, 3);
  rmSync(root, { recursive: true });
});
