import assert from 'node:assert/strict';
import { test } from 'node:test';
import { onEveryConnection } from './support/conformance.mjs';
import { newPath, openStore } from './support/connections.mjs';
import { newRun } from './support/data.mjs';

const runsOf = async (store, suiteId) => (await store.listBaselines(suiteId)).map(({ name, run_id }) => [name, run_id]);

/** A store with a suite and two runs in it. */
async function withRuns(store) {
  const suiteId = (await store.createSuite('suite')).id;
  const [first, second] = await Promise.all(
    ['first', 'second'].map((name) => newRun(store, { suite_id: suiteId, name })),
  );
  return { suiteId, first, second };
}

onEveryConnection((open) => {
  test('a suite has no baseline until one is set', async (t) => {
    const store = open(t);
    const { suiteId } = await withRuns(store);
    assert.equal(await store.getBaseline(suiteId), undefined);
    assert.equal(await store.getBaseline('no such suite'), undefined);
    assert.equal(await store.getBaseline(null), undefined);
    assert.deepEqual(await store.listBaselines(suiteId), []);
  });

  test('getBaseline returns the row with its run and its age', async (t) => {
    const store = open(t);
    const { suiteId, first } = await withRuns(store);
    const before = Date.now();
    assert.equal(await store.setBaseline(suiteId, first), undefined);
    const after = Date.now();
    const { set_at, age_ms, ...baseline } = await store.getBaseline(suiteId);
    assert.deepEqual(baseline, { suite_id: suiteId, name: 'main', run_id: first, run: await store.getRun(first) });
    assert.deepEqual(Object.keys(await store.getBaseline(suiteId)), [
      'suite_id',
      'name',
      'run_id',
      'set_at',
      'age_ms',
      'run',
    ]);
    assert.ok(set_at >= before && set_at <= after);
    assert.ok(age_ms >= 0 && age_ms <= Date.now() - set_at);
  });

  test('setBaseline replaces the baseline with the same name, and no other', async (t) => {
    const store = open(t);
    const { suiteId, first, second } = await withRuns(store);
    const other = await withRuns(store);
    await store.setBaseline(suiteId, first);
    await store.setBaseline(suiteId, first, 'release');
    await store.setBaseline(other.suiteId, other.first);
    await store.setBaseline(suiteId, second, 'main');
    assert.deepEqual(await runsOf(store, suiteId), [
      ['main', second],
      ['release', first],
    ]);
    assert.deepEqual(await runsOf(store, other.suiteId), [['main', other.first]]);
    assert.equal((await store.getBaseline(suiteId, 'release')).run.name, 'first');
    assert.equal(await store.getBaseline(suiteId, 'Main'), undefined);
  });

  test('setBaseline refuses a run of another suite, and an unknown suite, by name', async (t) => {
    const store = open(t);
    const { suiteId, first } = await withRuns(store);
    const other = await withRuns(store);
    for (const [suite, run, message] of [
      ['no such suite', first, /^setBaseline: there is no suite with id "no such suite"/],
      [suiteId, 'no such run', /^setBaseline: there is no run with id "no such run"/],
      [suiteId, other.first, /^setBaseline: run ".*" belongs to suite ".*", not to ".*"/],
    ]) {
      await assert.rejects(async () => store.setBaseline(suite, run), { code: 'ERR_RUNSTORE_CONSTRAINT', message });
    }
    await assert.rejects(async () => store.setBaseline(suiteId, first, ''), {
      name: 'RangeError',
      message: /name must not be empty/,
    });
    assert.deepEqual(await store.listBaselines(suiteId), []);
  });

  test('a baseline is deleted with its run and with its suite', async (t) => {
    const store = open(t);
    const { suiteId, first, second } = await withRuns(store);
    await store.setBaseline(suiteId, first);
    await store.setBaseline(suiteId, second, 'release');
    await store.resetRun(second);
    await store.deleteRun(first);
    assert.deepEqual(await runsOf(store, suiteId), [['release', second]]);
    await store.deleteSuite(suiteId);
    assert.equal(await store.getBaseline(suiteId, 'release'), undefined);
  });

  test('removeBaseline returns whether there was one, and leaves the run', async (t) => {
    const store = open(t);
    const { suiteId, first } = await withRuns(store);
    await store.setBaseline(suiteId, first);
    assert.equal(await store.removeBaseline(suiteId, 'release'), false);
    assert.equal(await store.removeBaseline(null, 'main'), false);
    assert.equal(await store.removeBaseline(suiteId, 'main'), true);
    assert.equal(await store.removeBaseline(suiteId, 'main'), false);
    assert.equal((await store.getRun(first)).name, 'first');
  });

  test('names may be any text', async (t) => {
    const store = open(t);
    const { suiteId, first } = await withRuns(store);
    for (const name of ['日本', "'; DROP TABLE baselines; --", 'a\0b', ' ']) {
      await store.setBaseline(suiteId, first, name);
      assert.equal((await store.getBaseline(suiteId, name)).name, name);
    }
    assert.equal((await store.listBaselines(suiteId)).length, 4);
  });
});

test('a read-only store refuses writes', async (t) => {
  const path = newPath(t);
  const writer = openStore(t, path);
  const { suiteId, first } = await withRuns(writer);
  writer.setBaseline(suiteId, first);
  const reader = openStore(t, path, { readOnly: true });
  assert.equal(reader.getBaseline(suiteId).run_id, first);
  assert.throws(() => reader.setBaseline(suiteId, first), { code: 'ERR_RUNSTORE_READONLY' });
  assert.throws(() => reader.removeBaseline(suiteId, 'main'), { code: 'ERR_RUNSTORE_READONLY' });
});
