// Pruning and vacuum: which runs are deleted, which stay, and the size of the file.

import assert from 'node:assert/strict';
import { statSync } from 'node:fs';
import { test } from 'node:test';
import { onEveryConnection } from './support/conformance.mjs';
import { newPath, openStore } from './support/connections.mjs';
import { newCases, nextMillisecond } from './support/data.mjs';

/** Makes finished runs `r0`, `r1`, …, oldest first, each with cases of some size. */
async function finishedRuns(store, count) {
  const suite_id = (await store.createSuite('suite')).id;
  for (let at = 0; at < count; at++) {
    const id = await store.createRun({ suite_id, name: `run ${at}`, model: 'model', id: `r${at}` });
    const output = 'a long answer '.repeat(50);
    await store.saveCases(newCases(id, 100, (idx) => ({ id: `${id}-${idx}`, output })));
    await store.finishRun(id, 'completed');
    nextMillisecond();
  }
  return suite_id;
}

const ids = ({ runs }) => runs.map(({ id }) => id);

onEveryConnection((open) => {
  test('prune deletes all but the newest runs of a suite, and a dry run only says which', async (t) => {
    const store = open(t);
    const suiteId = await finishedRuns(store, 4);
    const running = await store.createRun({ suite_id: suiteId, name: 'now', model: 'model' });
    const dry = await store.prune({ keep: 2, dryRun: true });
    assert.deepEqual([ids(dry), dry.dryRun, dry.bytesAfter], [['r0', 'r1'], true, null]);
    assert.equal((await store.listRuns()).length, 5);
    const { runs, bytesBefore, bytesAfter } = await store.prune({ keep: 2 });
    assert.deepEqual(runs, dry.runs);
    const { id, name, model, cases } = runs[0];
    assert.deepEqual(
      { id, suiteId: runs[0].suiteId, name, model, cases },
      { id: 'r0', suiteId, name: 'run 0', model: 'model', cases: 100 },
    );
    assert.ok(bytesAfter < bytesBefore, `${bytesBefore} → ${bytesAfter}`);
    assert.deepEqual(
      (await store.listRuns()).map((run) => run.id),
      ['r2', 'r3', running],
    );
    assert.deepEqual(await store.getCases('r0'), []);
    assert.equal(await store.countCases('r2'), 100);
  });

  test('prune by age leaves younger runs, and by size the youngest that fit', async (t) => {
    const store = open(t);
    await finishedRuns(store, 4);
    assert.deepEqual(ids(await store.prune({ olderThanMs: 60_000 })), []);
    const { bytesBefore } = await store.vacuum();
    const dry = await store.prune({ maxBytes: Math.floor(bytesBefore * 0.7), dryRun: true });
    assert.ok(dry.bytesAfter <= bytesBefore * 0.7);
    assert.equal((await store.listRuns()).length, 4);
    assert.deepEqual(ids(await store.prune({ maxBytes: Math.floor(bytesBefore * 0.7) })), ids(dry));
    assert.equal((await store.listRuns()).at(-1).id, 'r3');
    while (Date.now() <= (await store.getRun('r3')).started_at + 1);
    assert.equal(ids(await store.prune({ olderThanMs: 1 })).at(-1), 'r3');
    assert.deepEqual(await store.listRuns(), []);
  });

  test('vacuum gives free space back', async (t) => {
    const store = open(t);
    await finishedRuns(store, 4);
    for (const id of ['r0', 'r1', 'r2']) await store.deleteRun(id);
    const { bytesBefore, bytesAfter } = await store.vacuum();
    assert.ok(bytesAfter < bytesBefore * 0.7, `${bytesBefore} → ${bytesAfter}`);
    assert.equal((await store.doctor()).space.freeBytes, 0);
    assert.equal(await store.countCases('r3'), 100);
  });
});

test('prune and vacuum report the size that the file has', async (t) => {
  const path = newPath(t);
  const store = openStore(t, path);
  await finishedRuns(store, 4);
  const { bytesAfter } = store.prune({ keep: 1 });
  assert.equal(statSync(path).size, bytesAfter);
  assert.equal(store.vacuum().bytesBefore, bytesAfter);
});

test('prune never deletes a baseline', async (t) => {
  const store = openStore(t, ':memory:');
  const suiteId = await finishedRuns(store, 3);
  store.setBaseline(suiteId, 'r0');
  const report = store.prune({ keep: 0 });
  assert.deepEqual([ids(report), report.baselines], [['r1', 'r2'], 1]);
  assert.equal(store.getBaseline(suiteId).run_id, 'r0');
});

test('prune of one suite leaves the others alone', async (t) => {
  const store = openStore(t, ':memory:');
  await finishedRuns(store, 2);
  const suite_id = store.createSuite('other').id;
  const other = store.createRun({ suite_id, name: 'run', model: 'model' });
  store.finishRun(other, 'failed');
  assert.deepEqual(ids(store.prune({ keep: 0, suiteId: suite_id })), [other]);
  assert.equal(store.listRuns().length, 2);
});

test('prune asks for something to go by, and refuses bad options by name', async (t) => {
  const store = openStore(t, ':memory:');
  await finishedRuns(store, 1);
  const refused = (options, name, message) => assert.throws(() => store.prune(options), { name, message });
  refused({}, 'RangeError', /at least one of options\.keep, options\.olderThanMs and options\.maxBytes/);
  refused({ dryRun: true }, 'RangeError', /at least one of/);
  refused(undefined, 'TypeError', 'prune: options must be an object, not undefined');
  refused({ keep: -1 }, 'RangeError', /options\.keep must be a whole number/);
  refused({ olderThanMs: '30d' }, 'TypeError', /options\.olderThanMs must be a number/);
  refused({ keep: 1, suiteId: 7 }, 'TypeError', /options\.suiteId must be a string/);
  assert.equal(store.listRuns().length, 1);
});
