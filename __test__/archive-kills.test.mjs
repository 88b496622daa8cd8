// Processes that are killed while they write to an archive: acknowledged runs are complete, and remaining files are found and
// removed.

import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { Archive } from '../entries/archive.js';
import { RunStore } from '../index.js';
import { temporaryDirectory } from './support/connections.mjs';
import { everything } from './support/everything.mjs';
import { projectDirectory } from './support/reference-packages.mjs';
import { isShort } from './support/scope.mjs';

const ROUNDS = isShort ? 3 : 12;

const PROGRAM = `
  const { RunStore } = require('runstore');
  const { Archive } = require('runstore/archive');
  const [root, round] = process.argv.slice(1);
  (async () => {
    const store = new RunStore(':memory:');
    const suite_id = store.createSuite('s').id;
    const archive = await Archive.open(root);
    for (let at = 0; ; at += 1) {
      const runId = store.createRun({ id: round + '-' + at % 7, suite_id, name: 'n', model: 'm' });
      const scores = { exact: 1, judge: at };
      store.saveResults(runId, Array.from({ length: 50 }, (_, idx) => ({ idx, input: idx, scores })));
      store.finishRun(runId, 'completed');
      await archive.writeRun({ store, runId });
      require('node:fs').writeSync(1, runId + ' ' + at + '\\n');
      store.deleteRun(runId);
    }
  })();`;

/** Moves the runs of a store into an archive, and says each. */
const MOVING = `
  const { RunStore } = require('runstore');
  const { Archive } = require('runstore/archive');
  const [root, path] = process.argv.slice(1);
  (async () => {
    const archive = await Archive.open(root);
    const onProgress = () => require('node:fs').writeSync(1, 'moved\\n');
    await archive.archiveRuns(new RunStore(path), { prune: true, onProgress });
    setInterval(() => {}, 1000);
  })();`;

/** Writes the files of scores that come from no store, and does not commit them. */
const STAGING = `
  const { Archive } = require('runstore/archive');
  (async () => {
    const writer = (await Archive.open(process.argv[1])).writer();
    const items = Array.from({ length: 2000 }, (_, at) => ({ item_id: String(at), score: 1 }));
    for (let at = 0; at < 10; at += 1) {
      await writer.writeRun({ frame: { run_id: 'f' + at, model_id: 'm', task_id: 't', metric_name: 'x', items } });
    }
    require('node:fs').writeSync(1, 'written\\n');
    setInterval(() => writer, 1000);
  })();`;

/** Lets a process write until it has written once and a while has passed, and returns what it said is written. */
async function killed(program, ...args) {
  const child = spawn(process.execPath, ['-e', program, ...args], { cwd: projectDirectory });
  let said = '';
  child.stdout.setEncoding('utf8').on('data', (text) => {
    said += text;
  });
  const ended = once(child, 'close');
  await Promise.race([once(child.stdout, 'data'), ended]);
  setTimeout(() => child.kill('SIGKILL'), Math.random() * 120);
  const [, signal] = await ended;
  assert.equal(signal, 'SIGKILL');
  return said.split('\n').slice(0, -1);
}

test('after any kill, an archive is intact and has all acknowledged runs', async () => {
  const root = join(temporaryDirectory({ after }), 'evals');
  for (let round = 0; round < ROUNDS; round += 1) {
    const lines = await killed(PROGRAM, root, String(round));
    const written = new Map(lines.map((line) => line.split(' ')));
    assert.ok(written.size > 0);
    const archive = await Archive.open(root);
    const { problems, unlisted } = await archive.verify();
    assert.deepEqual(problems, []);
    for (const [runId, at] of written) {
      const { items } = await archive.loadRun(`${runId}::judge`);
      assert.equal(items.length, 50);
      // The next one of that name may have been written without a word of it.
      assert.ok(items[0].score >= Number(at), `${runId}: ${items[0].score} instead of ${at}`);
    }
    if (round % 3 === 1) await archive.rebuildManifest();
    else await archive.fold();
    assert.deepEqual((await archive.verify()).problems, []);
    if (round % 3 === 2) {
      const removed = await archive.vacuum({ graceMs: 0 });
      assert.ok(removed.length >= unlisted.length, `${removed.length} of ${unlisted.length} were removed`);
      assert.deepEqual((await archive.verify()).unlisted, []);
    }
    await archive.close();
  }
});

test('after any kill, a run that is moved into an archive is whole in the store or in the archive', async () => {
  for (let round = 0; round < ROUNDS; round += 1) {
    const folder = temporaryDirectory({ after });
    const [root, path] = [join(folder, 'evals'), join(folder, 'store.db')];
    const store = new RunStore(path);
    const suite_id = store.createSuite('s').id;
    const names = Array.from({ length: 12 }, (_, at) => `run-${String(at).padStart(2, '0')}`);
    for (const id of names) {
      store.createRun({ id, suite_id, name: id, model: 'm' });
      const scores = { exact: 1, judge: 0.5 };
      store.saveResults(
        id,
        Array.from({ length: 50 }, (_, idx) => ({ idx, input: idx, scores })),
      );
      store.finishRun(id, 'completed');
    }
    const all = () => names.map((id) => everything(store, { id, suite_id }));
    const before = all();
    const moved = await killed(MOVING, root, path);
    const left = store.listRuns().map(({ id }) => id);
    assert.ok(left.length <= names.length - moved.length, `${left.length} of ${names.length} after ${moved.length}`);
    const archive = await Archive.open(root);
    assert.deepEqual((await archive.verify()).problems, []);
    for (const id of names) if (!left.includes(id)) await archive.importRun(store, id);
    assert.deepEqual(all(), before);
    assert.deepEqual((await archive.archiveRuns(store, { prune: true })).pruned.sort(), names);
    store.close();
  }
});

test('files that a killed process has not committed are named, kept while they are young, and removed', async () => {
  const root = join(temporaryDirectory({ after }), 'evals');
  await (await Archive.open(root)).writeRun({
    frame: { run_id: 'before', model_id: 'm', task_id: 't', metric_name: 'x', items: [{ item_id: 'a', score: 1 }] },
  });
  await killed(STAGING, root);
  const archive = await Archive.open(root);
  const { problems, unlisted, runs } = await archive.verify();
  assert.deepEqual([problems, runs], [[], 1]);
  assert.ok(unlisted.length >= 6, `${unlisted}`);
  assert.deepEqual(await archive.vacuum(), []);
  await archive.rebuildManifest();
  assert.equal((await archive.listRuns()).length, 1, 'a file without its name is not adopted');
  assert.deepEqual(await archive.vacuum({ graceMs: 0 }), unlisted);
  assert.deepEqual(await archive.verify(), { problems: [], unlisted: [], runs: 1, rows: 1 });
});
