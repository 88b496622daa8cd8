// docs/tinker.md names a counterpart of each method of the EvalStore. Here both are called on the same data.

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { RunStore } from 'runstore';
import * as promises from 'runstore/promises';
import { importEvalStore } from 'runstore/tinker';
import { newPath, openPromiseStore, openStore, temporaryDirectory } from './support/connections.mjs';
import { collect } from './support/either.mjs';
import { methodsOf } from './support/methods.mjs';
import { projectDirectory } from './support/reference-packages.mjs';
import { startTinker } from './support/tinker.mjs';

const document = readFileSync(join(projectDirectory, 'docs/tinker.md'), 'utf8');
const table = document.split('## Method by method')[1].split('\n## ')[0];

/** The rows of the document: `{ method, counterpart }`. */
const rows = [...table.matchAll(/^\| `(\w+)\(.*?\)` \| `(.+?)` \|/gm)].map(([, method, counterpart]) => ({
  method,
  counterpart,
}));

const turn = (role, content) => ({ role, content, token_count: content.length, metadata: { at: 1 } });
const trajectories = [
  { idx: 4, reward: 1, turns: [turn('user', '2+2?'), turn('assistant', '4\u2028')] },
  { idx: 0, reward: 0, error: 'timeout', turns: [turn('environment', 'é')] },
  { idx: 2, reward: 0.5, error: 'late', logs: { a: [1, null] } },
  { idx: 1, reward: -1, metrics: { steps: 3 }, turns: [turn('grader', 'no')] },
].map((one) => ({
  benchmark: 'math',
  example_id: `m-${one.idx}`,
  turns: [],
  metrics: {},
  logs: {},
  error: null,
  time_seconds: 0.5,
  ...one,
}));
const result = {
  score: 0.5,
  num_examples: 4,
  num_correct: 2,
  num_errors: 1,
  num_truncated: 1,
  metrics: { algebra: 0.25 },
  time_seconds: 2,
  pass_at_k: { 1: 0.5, 2: 0.75 },
};
const created = {
  model: 'm',
  benchmarks: ['math', 'code'],
  checkpoint: { name: 'step1', path: 'tinker://1' },
  config: { seed: 3 },
};

let tinker;
before(() => {
  tinker = startTinker();
});
after(() => tinker.close());

/** What was called since a test began. */
let called;

/** A store that notes which of its methods are called. */
function noting(store) {
  return new Proxy(store, {
    get(target, name) {
      called.add(name);
      const value = Reflect.get(target, name, target);
      return typeof value === 'function' ? value.bind(target) : value;
    },
  });
}

/** An EvalStore and a store, in which the same was called so far. */
async function both(t) {
  const path = temporaryDirectory(t);
  const store = noting(openStore(t, newPath(t)));
  const suite_id = store.createSuite('tinker').id;
  const theirs = (method, args, options) => {
    called.add(method);
    return tinker.call(path, method, args, options);
  };
  return {
    path,
    store,
    theirs,
    async create(id) {
      store.createRun({ suite_id, id, name: id, ...created });
      const { name: checkpoint_name, path: checkpoint_path } = created.checkpoint;
      const options = { run_id: id, checkpoint_name, checkpoint_path, config: created.config };
      return await theirs('create_run', [created.model, created.benchmarks], options);
    },
    async fill(id) {
      store.saveTrajectories(id, trajectories);
      for (const one of trajectories) await theirs('write_trajectory', [id, 'math', one]);
      store.saveBenchmarkResult(id, { benchmark: 'math', ...result });
      await theirs('write_result', [id, { name: 'math', ...result }]);
    },
    async finalize(id) {
      const run = store.finalizeRun(id);
      await theirs('write_summary', [id, { math: { name: 'math', ...result } }]);
      return [run, await theirs('finalize_run', [id])];
    },
  };
}

/** A run of the store in the words of tinker. */
const inTheirWords = ({ id, model, checkpoint, benchmarks, config, scores }) => ({
  run_id: id,
  model_name: model,
  checkpoint_path: checkpoint.path,
  checkpoint_name: checkpoint.name,
  benchmarks,
  config,
  scores: scores ?? {},
});
const withoutTime = ({ timestamp, ...run }) => run;
const withoutRun = ({ run_id, ...row }) => row;
const byIdx = (list) => list.toSorted((a, b) => a.idx - b.idx);
const resultInTheirWords = ({ run_id, source, benchmark, ...rest }) => ({ name: benchmark, ...rest });
const filters = { correct: 'correct_only', incorrect: 'incorrect_only', error: 'errors_only' };

/** What is done with each method and its counterpart. */
const pairs = {
  async create_run(t) {
    const { store, theirs, create } = await both(t);
    assert.equal(await create('run'), 'run');
    assert.deepEqual(inTheirWords(store.getRun('run')), withoutTime(await theirs('read_run', ['run'])));
    // The ids that tinker makes have the form of our labels.
    const form = /^(step1|base)_\d{8}_\d{6}_[0-9a-f]{6}$/;
    const { checkpoint } = created;
    const id = await theirs('create_run', ['m', []], { checkpoint_name: checkpoint.name });
    assert.match(id, form);
    const made = store.createRun({ suite_id: store.listSuites()[0].id, name: 'n', model: 'm', checkpoint });
    assert.match(store.getRun(made).label, form);
    assert.throws(() => store.createRun({ suite_id: store.listSuites()[0].id, id: 'run', name: 'n', model: 'm' }), {
      code: 'ERR_RUNSTORE_CONSTRAINT',
    });
  },
  async finalize_run(t) {
    const { create, fill, finalize } = await both(t);
    await create('run');
    await fill('run');
    for (let time = 0; time < 2; time++) {
      const [ours, theirs] = await finalize('run');
      assert.deepEqual(theirs.scores, { math: 0.5 });
      assert.deepEqual(inTheirWords(ours), withoutTime(theirs));
      assert.equal(ours.status, 'completed');
    }
  },
  async list_runs(t) {
    const { store, theirs, create } = await both(t);
    // In this order they are newest first by name as well.
    for (const id of ['a', 'b', 'c']) await create(id);
    const { runs } = store.queryRuns({ limit: 10 });
    assert.deepEqual(runs.map(inTheirWords), (await theirs('list_runs')).map(withoutTime));
  },
  async read_run(t) {
    const { store, theirs, create, path } = await both(t);
    await create('run');
    const read = await theirs('read_run', ['run']);
    assert.deepEqual(inTheirWords(store.getRun('run')), withoutTime(read));
    const copy = openStore(t, newPath(t));
    importEvalStore(copy, path);
    assert.equal(copy.getRun('run').started_at, Math.floor(Date.parse(`${read.timestamp}Z`)));
    assert.equal(store.getRun('gone'), undefined);
    await assert.rejects(theirs('read_run', ['gone']), { name: 'FileNotFoundError' });
  },
  async delete_run(t) {
    const { store, theirs, create, fill } = await both(t);
    await create('run');
    await create('other');
    await fill('run');
    for (const id of ['run', 'run', 'gone']) {
      store.deleteRun(id);
      await theirs('delete_run', [id]);
      assert.deepEqual(store.queryRuns().runs.map(inTheirWords), (await theirs('list_runs')).map(withoutTime));
    }
    // Theirs reads an unknown run as one without trajectories.
    assert.deepEqual(await theirs('read_trajectories', ['run', 'math']), []);
    assert.throws(() => [...store.iterateTrajectories('run')], { code: 'ERR_RUNSTORE_NOT_FOUND' });
  },
  async write_result(t) {
    const { store, theirs, create, fill } = await both(t);
    await create('run');
    await fill('run');
    const better = { ...result, score: 0.75, num_correct: 3, num_errors: 4, pass_at_k: {} };
    store.saveBenchmarkResult('run', { benchmark: 'math', ...better });
    await theirs('write_result', ['run', { name: 'math', ...better }]);
    assert.deepEqual(
      resultInTheirWords(store.getBenchmarkResult('run', 'math')),
      await theirs('read_result', ['run', 'math']),
    );
  },
  async read_result(t) {
    const { store, theirs, create, fill } = await both(t);
    await create('run');
    await fill('run');
    const read = await theirs('read_result', ['run', 'math']);
    assert.deepEqual([read.num_completed, read.score_completed], [2, 1]);
    assert.deepEqual(resultInTheirWords(store.getBenchmarkResult('run', 'math')), read);
    assert.deepEqual(
      [store.getBenchmarkResult('run', 'code'), await theirs('read_result', ['run', 'code'])],
      [undefined, null],
    );
  },
  async list_benchmarks(t) {
    const { store, theirs, create, fill } = await both(t);
    await create('run');
    assert.deepEqual(store.listBenchmarks('run'), await theirs('list_benchmarks', ['run']));
    await fill('run');
    store.saveBenchmarkResult('run', { benchmark: 'code', ...result });
    await theirs('write_result', ['run', { name: 'code', ...result }]);
    assert.deepEqual(store.listBenchmarks('run'), ['code', 'math']);
    assert.deepEqual(await theirs('list_benchmarks', ['run']), ['code', 'math']);
  },
  write_summary: summaries,
  read_summary: summaries,
  async write_trajectory(t) {
    const { store, theirs, create } = await both(t);
    await create('run');
    for (const one of trajectories) {
      store.saveTrajectories('run', [one]);
      await theirs('write_trajectory', ['run', 'math', one]);
      const ours = [...store.iterateTrajectories('run')].map(withoutRun);
      assert.deepEqual(ours, byIdx(await theirs('read_trajectories', ['run', 'math'])));
    }
    assert.throws(() => store.saveTrajectories('run', [trajectories[0]]), { code: 'ERR_RUNSTORE_CONSTRAINT' });
  },
  async read_trajectories(t) {
    const { store, theirs, create, fill } = await both(t);
    await create('run');
    await fill('run');
    for (const [outcome, filter] of Object.entries(filters)) {
      const read = byIdx(await theirs('read_trajectories', ['run', 'math'], { [filter]: true }));
      assert.ok(read.length > 0 && read.length < trajectories.length, filter);
      assert.deepEqual([...store.iterateTrajectories('run', { benchmark: 'math', outcome })].map(withoutRun), read);
      assert.deepEqual(store.getTrajectories('run', { benchmark: 'math', outcome }).trajectories.map(withoutRun), read);
    }
    assert.deepEqual(
      [...store.iterateTrajectories('run', { benchmark: 'code' })],
      await theirs('read_trajectories', ['run', 'code']),
    );
  },
  async read_single_trajectory(t) {
    const { store, theirs, create, fill } = await both(t);
    await create('run');
    await fill('run');
    for (const { idx } of trajectories) {
      const read = await theirs('read_single_trajectory', ['run', 'math', idx]);
      assert.deepEqual(withoutRun(store.getTrajectory('run', 'math', idx)), read);
    }
    assert.equal(store.getTrajectory('run', 'math', 9), undefined);
    assert.equal(await theirs('read_single_trajectory', ['run', 'math', 9]), null);
  },
  async run_dir(t) {
    const { path, store, theirs, create } = await both(t);
    await create('run');
    // The location of the data: a directory there, a file here. Both lead to the run.
    const folder = await theirs('run_dir', ['run']);
    assert.equal(folder, join(path, 'runs', 'run'));
    const metadata = JSON.parse(readFileSync(join(folder, 'metadata.json'), 'utf8'));
    assert.deepEqual(inTheirWords(openStore(t, store.path).getRun('run')), withoutTime(metadata));
  },
  async url(t) {
    const { path, store, theirs } = await both(t);
    assert.equal(fileURLToPath(await theirs('url', [])), path);
    assert.equal(fileURLToPath(pathToFileURL(store.path)), store.path);
  },
  async alist_runs(t) {
    const { theirs, create, ours } = await inPromises(t);
    await create('run');
    const { runs } = await ours().queryRuns();
    assert.deepEqual(runs.map(inTheirWords), (await theirs('alist_runs')).map(withoutTime));
  },
  async aread_trajectories(t) {
    const { theirs, create, fill, ours } = await inPromises(t);
    await create('run');
    await fill('run');
    for (const [outcome, filter] of Object.entries(filters)) {
      const read = byIdx(await theirs('aread_trajectories', ['run', 'math'], { [filter]: true }));
      assert.deepEqual(
        (await collect(ours().iterateTrajectories('run', { benchmark: 'math', outcome }))).map(withoutRun),
        read,
      );
    }
  },
  async aread_result(t) {
    const { theirs, create, fill, ours } = await inPromises(t);
    await create('run');
    await fill('run');
    assert.deepEqual(
      resultInTheirWords(await ours().getBenchmarkResult('run', 'math')),
      await theirs('aread_result', ['run', 'math']),
    );
  },
};

async function summaries(t) {
  const { store, theirs, create, fill, finalize } = await both(t);
  await create('run');
  await fill('run');
  assert.deepEqual([store.readSummary('run'), await theirs('read_summary', ['run'])], [undefined, null]);
  await finalize('run');
  const read = await theirs('read_summary', ['run']);
  assert.deepEqual(read, { math: { score: 0.5, num_examples: 4, num_correct: 2, num_errors: 1 } });
  assert.deepEqual(store.readSummary('run'), read);
}

async function inPromises(t) {
  const made = await both(t);
  return { ...made, ours: () => noting(openPromiseStore(t, made.store.path)) };
}

describe('each method of the EvalStore and its counterpart', () => {
  for (const { method, counterpart } of rows) {
    test(`${method}: ${counterpart}`, async (t) => {
      const [entry, name] = counterpart.startsWith('promises.') ? counterpart.split('.') : ['runstore', counterpart];
      const names = methodsOf(entry === 'promises' ? promises.RunStore : RunStore);
      assert.ok(name === 'path' || names.includes(name), `there is no ${counterpart}`);
      called = new Set();
      await pairs[method](t);
      assert.deepEqual([called.has(method), called.has(name)], [true, true]);
    });
  }
});

test('the document names every public method, and each once', async () => {
  const named = rows.map(({ method }) => method);
  assert.deepEqual(named.toSorted(), await tinker.methods());
  assert.deepEqual(Object.keys(pairs).toSorted(), named.toSorted());
});
