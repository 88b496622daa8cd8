// What a run is made for, what it is made with, and how it changes.

import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { onEveryConnection } from './support/conformance.mjs';
import { newPath, openStore, temporaryDirectory } from './support/connections.mjs';
import { newCase, newRun, nextMillisecond } from './support/data.mjs';

const startedAt = Date.UTC(2026, 0, 31, 23, 59, 58, 7);

onEveryConnection((open) => {
  test('createRun keeps benchmarks, checkpoint, git and startedAt', (t) => {
    const store = open(t);
    const git = { commit: 'abc', branch: 'main', dirty: false };
    const checkpoint = { name: 'step-100', path: 'tinker://a/b' };
    const id = newRun(store, { benchmarks: ['mmlu', 'gsm8k'], checkpoint, git, startedAt, tags: ['a'] });
    const run = store.getRun(id);
    assert.equal(run.label, `step-100_20260131_235958_${id.slice(0, 6)}`);
    assert.deepEqual(run.benchmarks, ['mmlu', 'gsm8k']);
    assert.deepEqual(run.checkpoint, checkpoint);
    assert.deepEqual(run.git, git);
    assert.equal(run.started_at, startedAt);
    assert.deepEqual(Object.keys(run).slice(9), ['tags', 'label', 'benchmarks', 'checkpoint', 'git']);
    assert.deepEqual(store.listRuns()[0], run);
  });

  test('a label is made where there are benchmarks or a checkpoint, and may be given', (t) => {
    const store = open(t);
    const labelOf = (run) => store.getRun(newRun(store, run)).label;
    assert.match(labelOf({ benchmarks: [] }), /^base_\d{8}_\d{6}_[0-9a-f]{6}$/);
    assert.match(labelOf({ checkpoint: { path: '/a' } }), /^base_/);
    assert.match(labelOf({ id: 'nightly', checkpoint: { name: 'c' } }), /^c_\d{8}_\d{6}_[0-9a-f]{6}$/);
    assert.equal(labelOf({ label: 'mine', benchmarks: ['b'] }), 'mine');
    assert.equal(labelOf({ git: { commit: 'abc' }, startedAt }), undefined);
  });

  test('a run without any of these has the documented keys alone', (t) => {
    const store = open(t);
    const keys = ['id', 'suite_id', 'name', 'model', 'config', 'started_at', 'finished_at', 'status', 'summary'];
    const nothing = { label: null, benchmarks: undefined, checkpoint: null, git: null, startedAt: undefined };
    assert.deepEqual(Object.keys(store.getRun(newRun(store, nothing))), keys);
    assert.deepEqual(Object.keys(store.getRun(newRun(store, { git: false }))), keys);
  });

  test('startedAt takes a Date, and the runs are listed by it', (t) => {
    const store = open(t);
    newRun(store, { name: 'now' });
    newRun(store, { name: 'then', startedAt: new Date(startedAt) });
    assert.deepEqual(
      store.listRuns().map(({ name }) => name),
      ['then', 'now'],
    );
  });

  test('benchmarks are named once', (t) => {
    const store = open(t);
    assert.throws(() => newRun(store, { benchmarks: ['a', 'b', 'a'] }), {
      name: 'RangeError',
      message: /^createRun: run\.benchmarks has "a" twice/,
    });
  });

  test('a run that is refused leaves no tags behind', (t) => {
    const store = open(t);
    const id = newRun(store, { id: 'one', tags: ['a'] });
    assert.throws(() => newRun(store, { id, tags: ['b'] }), { code: 'ERR_RUNSTORE_CONSTRAINT' });
    assert.deepEqual(store.queryRuns({ tag: 'b' }).runs, []);
  });

  test('updateRun changes what is given and leaves the rest', (t) => {
    const store = open(t);
    const id = newRun(store, { tags: ['a'], metadata: { a: 1 }, checkpoint: { name: 'c' }, config: { b: 1 } });
    const before = store.getRun(id);
    assert.equal(store.updateRun(id, {}), undefined);
    assert.deepEqual(store.getRun(id), before);
    store.updateRun(id, { tags: ['b', 'c'], checkpoint: { path: '/p' }, git: { commit: 'd' }, benchmarks: ['x'] });
    assert.deepEqual(store.getRun(id), {
      ...before,
      tags: ['b', 'c'],
      checkpoint: { name: null, path: '/p' },
      git: { commit: 'd', branch: null, dirty: null },
      benchmarks: ['x'],
    });
    store.updateRun(id, { tags: null, metadata: null, checkpoint: null, git: null, benchmarks: null, label: null });
    const { tags, metadata, checkpoint, label, ...documented } = before;
    assert.deepEqual(store.getRun(id), documented);
  });

  test('updateRun takes metadata as JSON has it', (t) => {
    const store = open(t);
    const id = newRun(store);
    store.updateRun(id, {
      metadata: { '\u2028': [1e21, 0.1, null, '\ud83d\ude00'], when: new Date(0), no: undefined },
    });
    assert.deepEqual(store.getRun(id).metadata, {
      '\u2028': [1e21, 0.1, null, '\ud83d\ude00'],
      when: '1970-01-01T00:00:00.000Z',
    });
  });

  test('updateRun refuses a run that is not there, and what it cannot change', (t) => {
    const store = open(t);
    assert.throws(() => store.updateRun('no such run', { tags: [] }), {
      code: 'ERR_RUNSTORE_NOT_FOUND',
      message: /^updateRun: there is no run with id "no such run"/,
    });
    const id = newRun(store);
    assert.throws(() => store.updateRun(id, { name: 'n' }), {
      name: 'TypeError',
      message: /^updateRun: changes\.name is not an option; there are tags, metadata, /,
    });
    assert.throws(() => store.updateRun(id, { tags: ['a', 1] }), /changes\.tags\[1\] must be a string/);
    assert.throws(() => store.updateRun(id), /updateRun: changes must be an object, not undefined/);
  });

  test('resetRun keeps what the run is made for and with', (t) => {
    const store = open(t);
    const id = newRun(store, { benchmarks: ['b'], checkpoint: { name: 'c' }, startedAt, tags: ['a'] });
    store.saveResults(id, [newCase(undefined, { benchmark: 'b' })]);
    store.saveBenchmarkResult(id, { benchmark: 'b', score: 1, num_examples: 1, num_correct: 1 });
    const { label } = store.getRun(id);
    store.finalizeRun(id);
    nextMillisecond();
    store.resetRun(id);
    const run = store.getRun(id);
    assert.deepEqual([run.label, run.benchmarks, run.checkpoint.name], [label, ['b'], 'c']);
    assert.ok(!('scores' in run) && run.summary === null);
    assert.deepEqual(store.listBenchmarks(id), []);
    assert.equal(store.readSummary(id), undefined);
    assert.deepEqual(
      store.queryRuns({ tag: 'a', since: startedAt + 1 }).runs.map((one) => one.id),
      [id],
    );
  });
});

function repository(t) {
  const directory = temporaryDirectory(t);
  const environment = Object.fromEntries(Object.entries(process.env).filter(([name]) => !name.startsWith('GIT_')));
  const env = { ...environment, GIT_CONFIG_NOSYSTEM: '1', HOME: directory };
  const git = (...args) =>
    execFileSync('git', ['-c', 'user.name=n', '-c', 'user.email=e', ...args], {
      cwd: directory,
      env,
      encoding: 'utf8',
    });
  git('init', '-q', '-b', 'feature/x');
  writeFileSync(join(directory, 'file'), 'one');
  git('add', 'file');
  git('commit', '-q', '-m', 'first');
  return { directory, git };
}

/** What a run made in a directory has for git. */
function stateIn(t, directory) {
  const before = process.cwd();
  process.chdir(directory);
  try {
    const store = openStore(t, newPath(t));
    return store.getRun(newRun(store, { git: true })).git;
  } finally {
    process.chdir(before);
  }
}

test('git: true reads commit, branch and changes of the working tree', (t) => {
  const { directory, git } = repository(t);
  const commit = git('rev-parse', 'HEAD').trim();
  assert.deepEqual(stateIn(t, directory), { commit, branch: 'feature/x', dirty: false });
  writeFileSync(join(directory, 'untracked'), '');
  assert.equal(stateIn(t, directory).dirty, false);
  writeFileSync(join(directory, 'file'), 'two');
  assert.equal(stateIn(t, directory).dirty, true);
  git('pack-refs', '--all');
  assert.equal(stateIn(t, directory).commit, commit);
  git('checkout', '-q', '--detach');
  assert.deepEqual(stateIn(t, directory), { commit, branch: null, dirty: true });
});

test('git: true in a linked worktree, and outside of any', (t) => {
  const { directory, git } = repository(t);
  const commit = git('rev-parse', 'HEAD').trim();
  const linked = join(temporaryDirectory(t), 'linked');
  git('worktree', 'add', '-q', '-b', 'side', linked);
  assert.deepEqual(stateIn(t, linked), { commit, branch: 'side', dirty: false });
  assert.equal(stateIn(t, temporaryDirectory(t)), undefined);
  assert.equal(stateIn(t, join(directory, '.git')).branch, 'feature/x');
});
