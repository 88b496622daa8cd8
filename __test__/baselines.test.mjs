import assert from 'node:assert/strict';
import { test } from 'node:test';
import { onEveryConnection } from './support/conformance.mjs';
import { newPath, openStore } from './support/connections.mjs';
import { newRun } from './support/data.mjs';

const runsOf = (store, suiteId) => store.listBaselines(suiteId).map(({ name, run_id }) => [name, run_id]);

/** A store with a suite and two runs in it. */
function withRuns(store) {
  const suiteId = store.createSuite('suite').id;
  const [first, second] = ['first', 'second'].map((name) => newRun(store, { suite_id: suiteId, name }));
  return { suiteId, first, second };
}

onEveryConnection((open) => {
  test('a suite has no baseline until one is set', (t) => {
    const store = open(t);
    const { suiteId } = withRuns(store);
    assert.equal(store.getBaseline(suiteId), undefined);
    assert.equal(store.getBaseline('no such suite'), undefined);
    assert.equal(store.getBaseline(null), undefined);
    assert.deepEqual(store.listBaselines(suiteId), []);
    assert.deepEqual(store.listBaselines(null), []);
  });

  test('getBaseline returns the row with its run and its age', (t) => {
    const store = open(t);
    const { suiteId, first } = withRuns(store);
    const before = Date.now();
    assert.equal(store.setBaseline(suiteId, first), undefined);
    const after = Date.now();
    const { set_at, age_ms, ...baseline } = store.getBaseline(suiteId);
    assert.deepEqual(baseline, { suite_id: suiteId, name: 'main', run_id: first, run: store.getRun(first) });
    assert.deepEqual(Object.keys(store.getBaseline(suiteId)), [
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

  test('setBaseline takes the place of the one of the same name, and of no other', (t) => {
    const store = open(t);
    const { suiteId, first, second } = withRuns(store);
    const other = withRuns(store);
    store.setBaseline(suiteId, first);
    store.setBaseline(suiteId, first, 'release');
    store.setBaseline(other.suiteId, other.first);
    store.setBaseline(suiteId, second, 'main');
    assert.deepEqual(runsOf(store, suiteId), [
      ['main', second],
      ['release', first],
    ]);
    assert.deepEqual(runsOf(store, other.suiteId), [['main', other.first]]);
    assert.equal(store.getBaseline(suiteId, 'release').run.name, 'first');
    assert.equal(store.getBaseline(suiteId, 'Main'), undefined);
  });

  test('setBaseline refuses what the suite does not have, by name', (t) => {
    const store = open(t);
    const { suiteId, first } = withRuns(store);
    const other = withRuns(store);
    for (const [suite, run, message] of [
      ['no such suite', first, /^setBaseline: there is no suite with id "no such suite"/],
      [suiteId, 'no such run', /^setBaseline: there is no run with id "no such run"/],
      [suiteId, other.first, /^setBaseline: run ".*" belongs to suite ".*", not to ".*"/],
    ]) {
      assert.throws(() => store.setBaseline(suite, run), { code: 'ERR_RUNSTORE_CONSTRAINT', message });
    }
    assert.throws(() => store.setBaseline(suiteId, first, ''), {
      name: 'RangeError',
      message: /name must not be empty/,
    });
    assert.deepEqual(store.listBaselines(suiteId), []);
  });

  test('a baseline goes with its run, and with its suite', (t) => {
    const store = open(t);
    const { suiteId, first, second } = withRuns(store);
    store.setBaseline(suiteId, first);
    store.setBaseline(suiteId, second, 'release');
    store.resetRun(second);
    store.deleteRun(first);
    assert.deepEqual(runsOf(store, suiteId), [['release', second]]);
    store.deleteSuite(suiteId);
    assert.deepEqual(runsOf(store, suiteId), []);
  });

  test('removeBaseline returns whether there was one, and leaves the run', (t) => {
    const store = open(t);
    const { suiteId, first } = withRuns(store);
    store.setBaseline(suiteId, first);
    assert.equal(store.removeBaseline(suiteId, 'release'), false);
    assert.equal(store.removeBaseline(null, 'main'), false);
    assert.equal(store.removeBaseline(suiteId, 'main'), true);
    assert.equal(store.removeBaseline(suiteId, 'main'), false);
    assert.equal(store.getRun(first).name, 'first');
  });

  test('names may be any text', (t) => {
    const store = open(t);
    const { suiteId, first } = withRuns(store);
    for (const name of ['日本', "'; DROP TABLE baselines; --", 'a\0b', ' ']) {
      store.setBaseline(suiteId, first, name);
      assert.equal(store.getBaseline(suiteId, name).name, name);
    }
    assert.equal(store.listBaselines(suiteId).length, 4);
  });
});

test('a store that cannot be written says so', (t) => {
  const path = newPath(t);
  const writer = openStore(t, path);
  const { suiteId, first } = withRuns(writer);
  writer.setBaseline(suiteId, first);
  const reader = openStore(t, path, { readOnly: true });
  assert.equal(reader.getBaseline(suiteId).run_id, first);
  assert.throws(() => reader.setBaseline(suiteId, first), { code: 'ERR_RUNSTORE_READONLY' });
  assert.throws(() => reader.removeBaseline(suiteId, 'main'), { code: 'ERR_RUNSTORE_READONLY' });
});
