// Runs that are moved into an archive: none leaves the store before the archive has returned all of it, unchanged.

import assert from 'node:assert/strict';
import { copyFileSync, readdirSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { Archive } from '../entries/archive.js';
import { handles, openPromiseStore, openStore, temporaryDirectory } from './support/connections.mjs';
import { everything } from './support/everything.mjs';

const KINDS = {
  RunStore: (t, path) => openStore(t, path),
  'RunStore of promises': (t, path) => openPromiseStore(t, path),
  ...Object.fromEntries(
    handles.map((handle) => [
      `RunStore on a handle of ${handle.name}`,
      (t, path) => openStore(t, handle.open(t, path)),
    ]),
  ),
};

/** Opens a store with a finished run, an empty archive, and another store on the same file. */
async function opened(t, kind) {
  const folder = temporaryDirectory(t);
  const path = join(folder, 'store.db');
  const other = openStore(t, path);
  const { id, suite_id } = other.openRun({ suite: 'sums', name: 'nightly', model: 'm' });
  const scores = { exact: 0.5, judge: 0.5 };
  other.saveResults(
    id,
    Array.from({ length: 5 }, (_, idx) => ({ idx, input: idx, output: `${idx}`, scores })),
  );
  other.finishRun(id, 'completed');
  const store = KINDS[kind](t, path);
  const root = join(folder, 'evals');
  return { store, other, id, suite_id, archive: await Archive.open(root), root, project: join(root, 'default') };
}

/** Calls `meanwhile` when a run was pushed, before it is read back. */
function afterPush(store, meanwhile) {
  const { listBaselines } = store;
  store.listBaselines = async (...args) => {
    delete store.listBaselines;
    await meanwhile();
    return listBaselines.apply(store, args);
  };
}

/** Calls `meanwhile` when a run was read back, before it is deleted. */
function beforeDeletion(store, meanwhile) {
  const connection = store[Symbol.for('runstore.connection.1')];
  const { ask } = connection;
  connection.ask = (build, method, ...more) => {
    if (method === 'deleteEqualRun') {
      meanwhile();
      delete connection.ask;
    }
    return ask.call(connection, build, method, ...more);
  };
}

const files = (project, isMeant) =>
  readdirSync(project, { recursive: true })
    .filter((name) => isMeant(name))
    .map((name) => join(project, name))
    .sort();
const parquet = (project) => files(project, (name) => name.endsWith('.parquet'));
const rows = (project) => files(project, (name) => name.endsWith('.cbor.zst'));
const cut = (path) => truncateSync(path, readFileSync(path).length - 20);

for (const kind of Object.keys(KINDS)) {
  describe(`archiveRuns with prune, of a ${kind}`, () => {
    for (const [what, damage] of [
      ['a Parquet file is cut', (project) => cut(parquet(project)[1])],
      ['a Parquet file is missing', (project) => rmSync(parquet(project)[0])],
      ['a Parquet file is that of another scorer', (project) => copyFileSync(parquet(project)[0], parquet(project)[1])],
      ['the rows of the run are cut', (project) => cut(rows(project)[0])],
      ['the rows of the run are something else', (project) => writeFileSync(rows(project)[0], 'x')],
    ]) {
      test(`keeps the run if ${what} after it was pushed, and pushes it again when it is called again`, async (t) => {
        const { store, other, id, suite_id, archive, project } = await opened(t, kind);
        const before = everything(other, { id, suite_id });
        afterPush(store, () => damage(project));
        await assert.rejects(archive.archiveRuns(store, { prune: true }), {
          code: 'ERR_RUNSTORE_CORRUPT',
          operation: 'archiveRuns',
          message: new RegExp(`run "${id}" in the archive differs .*; it was not deleted`),
        });
        assert.deepEqual(everything(other, { id, suite_id }), before);

        const again = await archive.archiveRuns(store, { prune: true });
        assert.deepEqual([again.runs.length, again.unchanged, again.pruned], [2, [], [id]]);
        assert.deepEqual(other.listRuns(), []);
        assert.deepEqual((await archive.verify()).problems, []);
        await archive.importRun(store, id);
        assert.deepEqual(everything(other, { id, suite_id }), before);
      });
    }

    const late = (store, id) =>
      store.saveScores([{ case_id: store.getCases(id)[0].id, scorer_name: 'late', score: 1 }]);
    const changed = {
      code: 'ERR_RUNSTORE_BUSY',
      operation: 'archiveRuns',
      message: /changed while .*; it was not deleted/,
    };
    const differs = {
      code: 'ERR_RUNSTORE_CORRUPT',
      operation: 'archiveRuns',
      message: /differs .*; it was not deleted/,
    };
    for (const [moment, at, refused] of [
      ['it was pushed', afterPush, differs],
      ['it was read back', beforeDeletion, changed],
    ]) {
      for (const [what, change] of [
        ['a score is added', late],
        ['the run is resumed', (one, id) => one.resumeRun(id)],
        ['the run is renamed', (one, id) => one.renameRun(id, 'other')],
      ]) {
        test(`keeps the run if ${what} after ${moment}`, async (t) => {
          const { store, other, id, suite_id, archive } = await opened(t, kind);
          let before;
          at(store, () => {
            change(other, id);
            before = everything(other, { id, suite_id });
          });
          await assert.rejects(archive.archiveRuns(store, { prune: true }), refused);
          assert.deepEqual(everything(other, { id, suite_id }), before);
        });
      }
    }

    test('keeps the run if another process deletes it from the archive after it was pushed', async (t) => {
      const { store, other, id, archive, root } = await opened(t, kind);
      afterPush(store, async () => (await Archive.open(root)).deleteRun(id));
      await assert.rejects(archive.archiveRuns(store, { prune: true }), differs);
      assert.equal(other.getRun(id).status, 'completed');
    });

    test('keeps the runs after one that could not be deleted, and deletes those before it', async (t) => {
      const { store, other, id, suite_id, archive, project } = await opened(t, kind);
      const names = ['second', 'third'];
      for (const name of names) {
        other.createRun({ id: name, suite_id, name, model: 'm' });
        other.finishRun(name, 'completed');
      }
      const onProgress = () => afterPush(store, () => cut(rows(project).find((path) => path.includes('second'))));
      await assert.rejects(archive.archiveRuns(store, { prune: true, onProgress }), differs);
      assert.deepEqual(
        other
          .listRuns()
          .map((run) => run.id)
          .sort(),
        names,
        `not ${id}`,
      );
    });

    test('reports an unchanged run with a damaged file as new, because it is pushed again', async (t) => {
      const { store, archive, project, id } = await opened(t, kind);
      await archive.archiveRuns(store);
      cut(parquet(project)[0]);
      assert.equal((await archive.verify()).problems.length, 1);
      assert.deepEqual((await archive.archiveRuns(store)).unchanged, []);
      assert.deepEqual((await archive.verify()).problems, []);
      assert.deepEqual((await archive.archiveRuns(store)).unchanged, [id]);
    });
  });
}
