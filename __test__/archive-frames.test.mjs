// Scores that come from no store: of a wrong shape, written in part, given up, or committed in part.

import assert from 'node:assert/strict';
import { existsSync, readdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { Archive } from '../entries/archive.js';
import { temporaryDirectory } from './support/connections.mjs';

const fields = (run_id) => ({ run_id, model_id: 'm', task_id: 't', metric_name: 'x' });
const items = (count) => Array.from({ length: count }, (_, at) => ({ item_id: `${at}`, score: 1 }));
const frame = (run_id, count = 1) => ({ ...fields(run_id), items: items(count) });

async function opened(t) {
  const root = join(temporaryDirectory(t), 'evals');
  return { archive: await Archive.open(root), project: join(root, 'default') };
}

const ids = async (archive) => (await archive.listRuns()).map(({ run_id }) => run_id);

/** The files of runs below a folder, also temporary ones. */
const files = (project) =>
  existsSync(project)
    ? readdirSync(project, { recursive: true }).filter((name) => /\.parquet$|\.runstore-/.test(name))
    : [];

describe('a frame of a wrong shape is refused by name, and leaves no file', () => {
  const own = new Error('the disk with the results is gone');
  function* interrupted() {
    yield* items(3_000);
    throw own;
  }
  const after = (item) => ({ ...fields('f'), items: [...items(3_000), item] });
  for (const [what, wrong, name] of [
    ['no items', fields('f'), 'run.frame.items'],
    ['items that are no list', { ...fields('f'), items: { 0: { item_id: 'a', score: 1 } } }, 'run.frame.items'],
    ['an empty list', { ...fields('f'), items: [] }, 'at least one item'],
    ['an iterable that ends at once', { ...fields('f'), items: new Set() }, 'at least one item'],
    ['an item that is none, after others', after(null), 'items[3000]'],
    ['a list as an item', after(['a', 1]), 'items[3000]'],
    ['an item without an id', after({ score: 1 }), 'items[3000].item_id'],
    ['an id that is a number', after({ item_id: 7, score: 1 }), 'items[3000].item_id'],
    ['a score that is a text', after({ item_id: 'a', score: '1' }), 'items[3000].score'],
    ['a score that is null', after({ item_id: 'a', score: null }), 'items[3000].score'],
    ['an epoch that is no whole number', after({ item_id: 'a', score: 1, epoch: 0.5 }), 'items[3000].epoch'],
    ['an epoch that has no column', after({ item_id: 'a', score: 1, epoch: 2 ** 31 }), 'items[3000].epoch'],
    ['a cluster that is a number', after({ item_id: 'a', score: 1, cluster_id: 1 }), 'items[3000].cluster_id'],
    ['metadata that is a list', after({ item_id: 'a', score: 1, metadata: [1] }), 'items[3000].metadata'],
    ['metadata with a BigInt', after({ item_id: 'a', score: 1, metadata: { n: 1n } }), 'items[3000].metadata'],
    ['columns instead of rows', { ...fields('f'), items: [{ item_id: ['a', 'b'], score: [0, 1] }] }, 'items[0]'],
    ['a missing scorer', { ...frame('f'), metric_name: undefined }, 'metric_name'],
    ['a field that there is not', { ...frame('f'), rows: [] }, 'rows'],
    ['an iterable that throws', { ...fields('f'), items: interrupted() }, own],
  ]) {
    test(what, async (t) => {
      const { archive, project } = await opened(t);
      const refused = (error) => {
        if (name === own) return error === own;
        assert.match(error.code, /^ERR_RUNSTORE_/);
        assert.ok(error.message.includes(name), error.message);
        return true;
      };
      await assert.rejects(async () => archive.writeRun({ frame: wrong }), refused);
      const writer = archive.writer();
      await writer.writeRun({ frame: frame('before') });
      const again = name === own ? { ...fields('f'), items: interrupted() } : wrong;
      await assert.rejects(async () => writer.writeRun({ frame: again }), refused);
      await writer.writeRun({ frame: frame('after') });
      assert.deepEqual(await ids(archive), []);
      await writer.commit();
      assert.deepEqual(await ids(archive), ['before', 'after']);
      assert.equal(files(project).length, 2);
      assert.deepEqual((await archive.verify()).unlisted, []);
    });
  }
});

describe('frames that were written and given up are in no entry, and leave no file', () => {
  for (const [what, giveUp] of [
    ['by the end of their scope', (writer) => writer[Symbol.asyncDispose]()],
    [
      'by a commit that refuses, after the writer was aborted',
      (writer) => {
        writer.abort();
        return assert.rejects(writer.commit(), { code: 'ERR_RUNSTORE_CLOSED' });
      },
    ],
  ]) {
    test(what, async (t) => {
      const { archive, project } = await opened(t);
      await archive.writeRun({ frame: frame('kept') });
      const writer = archive.writer();
      for (let at = 0; at < 8; at += 1) await writer.writeRun({ frame: frame(`f${at}`, 2_000) });
      assert.ok(files(project).length > 1, 'they are written before the commit');
      await giveUp(writer);
      const { problems, unlisted, runs } = await archive.verify();
      assert.deepEqual([problems, unlisted, runs], [[], [], 1]);
      assert.equal(files(project).length, 1);
    });
  }
});

/** Writes a run of January 1970 and one of February to a writer, until both have their files. */
async function halfWritable(t) {
  const { archive, project } = await opened(t);
  await archive.writeRun({ frame: frame('before'), ts: Date.UTC(1969, 0, 2) });
  const writer = archive.writer();
  for (const [name, month] of [
    ['january', 0],
    ['february', 1],
  ]) {
    await writer.writeRun({ frame: frame(name), ts: Date.UTC(1970, month, 2) });
  }
  const february = join(project, 'year=1970/month=02');
  while (files(february).length === 0) await new Promise((resolve) => setTimeout(resolve, 5));
  return { archive, project, writer, february };
}

test('a commit whose files cannot all be named archives nothing; verify lists those that were, and vacuum removes them', async (t) => {
  const { archive, project, writer, february } = await halfWritable(t);
  renameSync(february, join(project, '..', 'moved'));
  writeFileSync(february, 'a file');
  await assert.rejects(writer.commit(), (error) => {
    assert.equal(error.code, 'ERR_RUNSTORE_IO');
    assert.ok(error.message.includes(february), error.message);
    return true;
  });
  await assert.rejects(writer.commit(), { code: 'ERR_RUNSTORE_CLOSED' });
  assert.deepEqual(await ids(archive), ['before']);
  rmSync(february);

  const { problems, unlisted, runs } = await archive.verify();
  assert.deepEqual([problems, runs], [[], 1]);
  assert.equal(unlisted.length, 1, `${unlisted}`);
  assert.match(unlisted[0], /^year=1970\/month=01\/run_id=january\.[0-9a-f]{12}\.parquet$/);
  assert.deepEqual(await archive.vacuum(), [], 'it is younger than the grace period');
  assert.deepEqual(await archive.vacuum({ graceMs: 0 }), unlisted);
  assert.deepEqual(await archive.verify(), { problems: [], unlisted: [], runs: 1, rows: 1 });
});

test('what a failed commit has left behind is adopted by rebuildManifest', async (t) => {
  const { archive, project, writer, february } = await halfWritable(t);
  renameSync(february, join(project, '..', 'moved'));
  writeFileSync(february, 'a file');
  await assert.rejects(writer.commit(), { code: 'ERR_RUNSTORE_IO' });
  rmSync(february);
  await archive.rebuildManifest();
  assert.deepEqual(await ids(archive), ['before', 'january']);
  assert.deepEqual(await archive.verify(), { problems: [], unlisted: [], runs: 2, rows: 2 });
});

test('a frame that cannot be written fails at the latest in the commit, which then archives nothing', async (t) => {
  const { archive, project } = await opened(t);
  await archive.writeRun({ frame: frame('before'), ts: 0 });
  writeFileSync(join(project, 'year=1980'), 'a file');
  const writer = archive.writer();
  await writer.writeRun({ frame: frame('one'), ts: 0 });
  await assert.rejects(
    async () => {
      await writer.writeRun({ frame: frame('two'), ts: Date.UTC(1980, 5) });
      await writer.writeRun({ frame: frame('three'), ts: 0 });
      await writer.commit();
    },
    (error) => {
      assert.equal(error.code, 'ERR_RUNSTORE_IO');
      assert.ok(error.message.includes('year=1980'), error.message);
      return true;
    },
  );
  writer.abort();
  assert.deepEqual(await ids(archive), ['before']);
  assert.deepEqual((await archive.verify()).unlisted, []);
  assert.equal(files(project).length, 1);
});
