// What a run is meant to evaluate, what it is created with, and how it changes.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { onEveryConnection } from './support/conformance.mjs';
import { newCase, newRun, nextMillisecond } from './support/data.mjs';

const startedAt = Date.UTC(2026, 0, 31, 23, 59, 58, 7);

onEveryConnection((open) => {
  test('createRun keeps benchmarks, checkpoint, git and startedAt', async (t) => {
    const store = open(t);
    const git = { commit: 'abc', branch: 'main', dirty: false };
    const checkpoint = { name: 'step-100', path: 'tinker://a/b' };
    const id = await newRun(store, { benchmarks: ['mmlu', 'gsm8k'], checkpoint, git, startedAt, tags: ['a'] });
    const run = await store.getRun(id);
    assert.equal(run.label, `step-100_20260131_235958_${id.slice(0, 6)}`);
    assert.deepEqual(run.benchmarks, ['mmlu', 'gsm8k']);
    assert.deepEqual(run.checkpoint, checkpoint);
    assert.deepEqual(run.git, git);
    assert.equal(run.started_at, startedAt);
    assert.deepEqual(Object.keys(run).slice(9), ['tags', 'label', 'benchmarks', 'checkpoint', 'git']);
    assert.deepEqual((await store.listRuns())[0], run);
  });

  test('a label is made where there are benchmarks or a checkpoint, and may be given', async (t) => {
    const store = open(t);
    const labelOf = async (run) => (await store.getRun(await newRun(store, run))).label;
    assert.match(await labelOf({ benchmarks: [] }), /^base_\d{8}_\d{6}_[0-9a-f]{6}$/);
    assert.match(await labelOf({ checkpoint: { path: '/a' } }), /^base_/);
    assert.match(await labelOf({ id: 'nightly', checkpoint: { name: 'c' } }), /^c_\d{8}_\d{6}_[0-9a-f]{6}$/);
    assert.equal(await labelOf({ label: 'mine', benchmarks: ['b'] }), 'mine');
    assert.equal(await labelOf({ git: { commit: 'abc' }, startedAt }), undefined);
  });

  test('a run without any of these has the documented keys alone', async (t) => {
    const store = open(t);
    const keys = ['id', 'suite_id', 'name', 'model', 'config', 'started_at', 'finished_at', 'status', 'summary'];
    const nothing = { label: null, benchmarks: undefined, checkpoint: null, git: null, startedAt: undefined };
    assert.deepEqual(Object.keys(await store.getRun(await newRun(store, nothing))), keys);
    assert.deepEqual(Object.keys(await store.getRun(await newRun(store, { git: false }))), keys);
  });

  test('startedAt takes a Date, and the runs are listed by it', async (t) => {
    const store = open(t);
    await newRun(store, { name: 'now' });
    await newRun(store, { name: 'then', startedAt: new Date(startedAt) });
    assert.deepEqual(
      (await store.listRuns()).map(({ name }) => name),
      ['then', 'now'],
    );
  });

  test('benchmarks are named once', async (t) => {
    const store = open(t);
    await assert.rejects(async () => newRun(store, { benchmarks: ['a', 'b', 'a'] }), {
      name: 'RangeError',
      message: /^createRun: run\.benchmarks has "a" twice/,
    });
  });

  test('a run that is refused leaves no tags behind', async (t) => {
    const store = open(t);
    const id = await newRun(store, { id: 'one', tags: ['a'] });
    await assert.rejects(async () => newRun(store, { id, tags: ['b'] }), { code: 'ERR_RUNSTORE_CONSTRAINT' });
    assert.deepEqual((await store.queryRuns({ tag: 'b' })).runs, []);
  });

  test('updateRun changes what is given and leaves the rest', async (t) => {
    const store = open(t);
    const id = await newRun(store, { tags: ['a'], metadata: { a: 1 }, checkpoint: { name: 'c' }, config: { b: 1 } });
    const before = await store.getRun(id);
    assert.equal(await store.updateRun(id, {}), undefined);
    assert.deepEqual(await store.getRun(id), before);
    await store.updateRun(id, {
      tags: ['b', 'c'],
      checkpoint: { path: '/p' },
      git: { commit: 'd' },
      benchmarks: ['x'],
    });
    assert.deepEqual(await store.getRun(id), {
      ...before,
      tags: ['b', 'c'],
      checkpoint: { name: null, path: '/p' },
      git: { commit: 'd', branch: null, dirty: null },
      benchmarks: ['x'],
    });
    await store.updateRun(id, {
      tags: null,
      metadata: null,
      checkpoint: null,
      git: null,
      benchmarks: null,
      label: null,
    });
    const { tags, metadata, checkpoint, label, ...documented } = before;
    assert.deepEqual(await store.getRun(id), documented);
  });

  test('updateRun takes metadata as JSON has it', async (t) => {
    const store = open(t);
    const id = await newRun(store);
    await store.updateRun(id, {
      metadata: { '\u2028': [1e21, 0.1, null, '\ud83d\ude00'], when: new Date(0), no: undefined },
    });
    assert.deepEqual((await store.getRun(id)).metadata, {
      '\u2028': [1e21, 0.1, null, '\ud83d\ude00'],
      when: '1970-01-01T00:00:00.000Z',
    });
  });

  test('updateRun refuses a run that is not there, and what it cannot change', async (t) => {
    const store = open(t);
    await assert.rejects(async () => store.updateRun('no such run', { tags: [] }), {
      code: 'ERR_RUNSTORE_NOT_FOUND',
      message: /^updateRun: there is no run with id "no such run"/,
    });
    const id = await newRun(store);
    await assert.rejects(async () => store.updateRun(id, { name: 'n' }), {
      name: 'TypeError',
      message: /^updateRun: changes\.name is not an option; there are tags, metadata, /,
    });
    await assert.rejects(async () => store.updateRun(id, { tags: ['a', 1] }), /changes\.tags\[1\] must be a string/);
    await assert.rejects(async () => store.updateRun(id), /updateRun: changes must be an object, not undefined/);
  });

  test('resetRun keeps what the run is made for and with', async (t) => {
    const store = open(t);
    const id = await newRun(store, { benchmarks: ['b'], checkpoint: { name: 'c' }, startedAt, tags: ['a'] });
    await store.saveResults(id, [newCase(undefined, { benchmark: 'b' })]);
    await store.saveBenchmarkResult(id, { benchmark: 'b', score: 1, num_examples: 1, num_correct: 1 });
    const { label } = await store.getRun(id);
    await store.finalizeRun(id);
    nextMillisecond();
    await store.resetRun(id);
    const run = await store.getRun(id);
    assert.deepEqual([run.label, run.benchmarks, run.checkpoint.name], [label, ['b'], 'c']);
    assert.ok(!('scores' in run) && run.summary === null);
    assert.deepEqual(await store.listBenchmarks(id), []);
    assert.equal(await store.readSummary(id), undefined);
    assert.deepEqual(
      (await store.queryRuns({ tag: 'a', since: startedAt + 1 })).runs.map((one) => one.id),
      [id],
    );
  });
});
