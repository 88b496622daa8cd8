// AbortSignals of an archive: work that has not begun is not done, and work that cannot be undone is completed.

import assert from 'node:assert/strict';
import { join } from 'node:path';
import { after, describe, test } from 'node:test';
import { Archive } from '../entries/archive.js';
import { RunStore } from '../index.js';
import { temporaryDirectory } from './support/connections.mjs';

const frame = (run_id) => ({
  run_id,
  model_id: 'm',
  task_id: 't',
  metric_name: 'x',
  items: [{ item_id: 'a', score: 1 }],
});

async function opened() {
  const archive = await Archive.open(join(temporaryDirectory({ after }), 'evals'));
  await archive.writeRun({ frame: frame('first') });
  return archive;
}

const ids = async (archive) => (await archive.listRuns()).map(({ run_id }) => run_id);

function storeWithRuns(t, names) {
  const store = new RunStore(':memory:');
  t.after(() => store.close());
  const suite_id = store.createSuite('s').id;
  for (const id of names) {
    store.createRun({ id, suite_id, name: id, model: 'm' });
    store.saveResults(id, [{ idx: 0, input: 1, scores: { exact: 1 } }]);
    store.finishRun(id, 'completed');
  }
  return store;
}

describe('an aborted signal refuses to begin, with its reason', () => {
  const reason = new Error('the user left');
  const signal = AbortSignal.abort(reason);
  for (const [what, call] of [
    ['deleteRun', (archive) => archive.deleteRun('first', { signal })],
    ['fold', (archive) => archive.fold({ signal })],
    ['close', (archive) => archive.close({ signal })],
    ['writeRun of a frame', (archive) => archive.writeRun({ frame: frame('second'), signal })],
    ['writeRun of a writer', (archive) => archive.writer().writeRun({ frame: frame('second'), signal })],
    [
      'commit',
      async (archive) => {
        const writer = archive.writer();
        await writer.writeRun({ frame: frame('second') });
        await writer.commit({ signal });
      },
    ],
    ['verify', (archive) => archive.verify({ signal })],
    ['vacuum', (archive) => archive.vacuum({ signal })],
    ['rebuildManifest', (archive) => archive.rebuildManifest({ signal })],
  ]) {
    test(what, async () => {
      const archive = await opened();
      await assert.rejects(call(archive), (error) => error === reason);
      assert.deepEqual(await ids(archive), ['first']);
    });
  }

  test('archiveRuns and writeRun of a store', async (t) => {
    const archive = await opened();
    const store = storeWithRuns(t, ['r']);
    await assert.rejects(archive.archiveRuns(store, { prune: true, signal }), (error) => error === reason);
    await assert.rejects(archive.writeRun({ store, runId: 'r', signal }), (error) => error === reason);
    assert.deepEqual([await ids(archive), store.listRuns().length], [['first'], 1]);
  });
});

test('a writer that refused to commit commits later', async () => {
  const archive = await opened();
  const writer = archive.writer();
  await writer.writeRun({ frame: frame('second') });
  await assert.rejects(writer.commit({ signal: AbortSignal.abort() }), { name: 'AbortError' });
  assert.deepEqual(
    (await writer.commit()).map(({ run_id }) => run_id),
    ['second'],
  );
});

test('archiveRuns stops between two runs, and what it had archived stays', async (t) => {
  const archive = await opened();
  const store = storeWithRuns(t, ['a', 'b', 'c']);
  const controller = new AbortController();
  const onProgress = ({ done }) => done === 2 && controller.abort();
  await assert.rejects(archive.archiveRuns(store, { prune: true, signal: controller.signal, onProgress }), {
    name: 'AbortError',
  });
  assert.deepEqual(await ids(archive), ['first', 'a::exact', 'b::exact']);
  assert.deepEqual(
    store.listRuns().map(({ id }) => id),
    ['c'],
  );
});

test('a commit that has begun is completed', async () => {
  const archive = await opened();
  const controller = new AbortController();
  const written = archive.writeRun({ frame: frame('second'), signal: controller.signal });
  controller.abort();
  assert.equal((await written)[0].run_id, 'second');
  assert.deepEqual(await ids(archive), ['first', 'second']);
});

test('signals of other kinds are refused', async () => {
  const archive = await opened();
  for (const call of [
    () => archive.deleteRun('first', { signal: 1 }),
    () => archive.fold({ signal: {} }),
    () => archive.close({ signals: undefined }),
    () => archive.writer().commit({ signal: 'x' }),
  ]) {
    await assert.rejects(call(), { code: 'ERR_RUNSTORE_INVALID_ARGUMENT', message: /options\.signal/ });
  }
  assert.deepEqual(await ids(archive), ['first']);
});

test('concurrent writes of one writer are all committed, in order', async (t) => {
  const archive = await opened();
  const store = storeWithRuns(t, ['a', 'b']);
  const writer = archive.writer();
  await Promise.all([
    writer.writeRun({ frame: frame('1') }),
    writer.writeRun({ store, runId: 'a' }),
    writer.writeRun({ frame: frame('2') }),
    writer.writeRun({ store, runId: 'b' }),
  ]);
  await writer.commit();
  assert.deepEqual(await ids(archive), ['first', '1', 'a::exact', '2', 'b::exact']);
});

test('a run of a store that could not be written does not keep the others from their commit', async (t) => {
  const archive = await opened();
  const store = storeWithRuns(t, ['a']);
  const writer = archive.writer();
  await assert.rejects(writer.writeRun({ store, runId: 'missing' }), { code: 'ERR_RUNSTORE_NOT_FOUND' });
  await writer.writeRun({ store, runId: 'a' });
  await writer.commit();
  assert.deepEqual(await ids(archive), ['first', 'a::exact']);
});
