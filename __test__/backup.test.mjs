// Backups: a copy of one moment, while others write.

import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { test } from 'node:test';
import { onEveryConnection } from './support/conformance.mjs';
import { newPath, openStore, temporaryDirectory } from './support/connections.mjs';
import { newCases, newRun, scoredRun } from './support/data.mjs';

onEveryConnection((open) => {
  test('backup copies every row into a store of its own', async (t) => {
    const store = open(t);
    const runId = await scoredRun(store, [{ exact: 1 }, { exact: 0.25 }]);
    await store.createPrompt('judge', 'Is it right?');
    const target = join(temporaryDirectory(t), 'copies/nightly.db');
    assert.deepEqual(await store.backup(target), { path: target, bytes: statSync(target).size });
    const copy = openStore(t, target);
    assert.deepEqual(await copy.listSuites(), await store.listSuites());
    assert.deepEqual(await copy.getRun(runId), await store.getRun(runId));
    assert.deepEqual(await copy.getFailingCases(runId, Infinity), await store.getFailingCases(runId, Infinity));
    assert.deepEqual(await copy.listPrompts(), await store.listPrompts());
    assert.equal((await copy.doctor()).healthy, true);
  });

  test('backup replaces an older copy, but no file that is not a database', async (t) => {
    const store = open(t);
    const target = newPath(t);
    await store.backup(target);
    await newRun(store);
    await store.backup(target);
    assert.equal((await openStore(t, target).listRuns()).length, 1);
    const letter = join(temporaryDirectory(t), 'letter.txt');
    writeFileSync(letter, 'Dear reader, this is no database');
    await assert.rejects(async () => store.backup(letter), {
      code: 'ERR_RUNSTORE_EXISTS',
      message: /letter\.txt exists and is not/,
    });
    assert.equal(readFileSync(letter, 'utf8'), 'Dear reader, this is no database');
  });
});

function largeStore(t) {
  const store = openStore(t, newPath(t));
  const runId = newRun(store);
  store.saveCases(newCases(runId, 20_000, () => ({ output: 'a long answer '.repeat(30) })));
  return { store, runId };
}

test('onProgress hears of all pages, and may write to the store', (t) => {
  const { store, runId } = largeStore(t);
  const target = newPath(t);
  const heard = [];
  store.backup(target, {
    onProgress(progress) {
      heard.push(progress);
      store.saveCases([{ ...newCases(runId, 1)[0], id: `meanwhile-${heard.length}` }]);
    },
  });
  assert.ok(heard.length > 1);
  const { donePages, totalPages } = heard.at(-1);
  assert.equal(donePages, totalPages);
  assert.equal(store.countCases(runId), 20_000 + heard.length);
  assert.equal(openStore(t, target).countCases(runId), 20_000);
});

test('an exception of onProgress ends the backup, is passed on unchanged, and leaves nothing', (t) => {
  const { store } = largeStore(t);
  const target = newPath(t);
  const thrown = new Error('enough');
  const onProgress = () => {
    throw thrown;
  };
  assert.throws(
    () => store.backup(target, { onProgress }),
    (error) => error === thrown,
  );
  assert.deepEqual(readdirSync(dirname(target)), []);
  store.backup(target);
  assert.ok(existsSync(target));
});

test('backup does not replace the store itself, or a copy that is open', (t) => {
  const path = newPath(t);
  const store = openStore(t, path);
  assert.throws(() => store.backup(path), { code: 'ERR_RUNSTORE_EXISTS', message: /is the store itself/ });
  const target = newPath(t);
  store.backup(target);
  openStore(t, target).createSuite('being written');
  assert.throws(() => store.backup(target), { code: 'ERR_RUNSTORE_EXISTS', message: /is in use/ });
});

test('backup refuses bad arguments by name', (t) => {
  const store = openStore(t, ':memory:');
  assert.throws(() => store.backup(), { name: 'TypeError', message: 'backup: path must be a string, not undefined' });
  assert.throws(() => store.backup(':memory:'), { name: 'RangeError' });
  assert.throws(() => store.backup('a\0b'), { name: 'RangeError', message: /NUL/ });
  assert.throws(() => store.backup('a', { onProgress: 1 }), { name: 'TypeError', message: /options\.onProgress/ });
});
