// An import of an EvalStore while others write to the store, or to its files; and its progress.

import assert from 'node:assert/strict';
import { appendFileSync } from 'node:fs';
import { test } from 'node:test';
import { RunStore as LaterStore } from 'runstore/promises';
import { exportEvalStore, importEvalStore } from 'runstore/tinker';
import { newPath, openStore, temporaryDirectory } from './support/connections.mjs';
import { evalStore, line, useTinker } from './support/evals.mjs';
import { start } from './support/processes.mjs';

useTinker();

const LINES = 2000;

/** An EvalStore with one run of many lines; returns the path of the store and of the file with the lines. */
async function longStore(t) {
  const path = temporaryDirectory(t);
  const turns = [{ role: 'user', content: 'x'.repeat(400) }];
  const lines = Array.from({ length: LINES }, (_, idx) => line(idx, { turns }));
  return { path, file: await evalStore(path, `${lines.join('\n')}\n`) };
}

test('beside an import, others write at any time, without waiting', async (t) => {
  const { path } = await longStore(t);
  const db = newPath(t);
  const store = openStore(t, db);
  const other = openStore(t, db, { busyTimeoutMs: 0 });
  let made = 0;
  const seen = new Set();
  const onProgress = () => {
    other.createSuite(`suite ${made++}`);
    const run = other.getRun('run');
    seen.add(`${run.status} ${run.importing ?? false}`);
    assert.equal(other.getLatestCompletedRun(run.suite_id)?.id, undefined);
  };
  const { runs } = importEvalStore(store, path, { onProgress });
  assert.equal(runs[0].trajectories, LINES);
  assert.ok(made > 3, `${made} suites`);
  assert.deepEqual([...seen], ['running true']);
  assert.equal(other.getRun('run').importing, undefined);
});

test('the progress of an import counts bytes, that of an export trajectories', async (t) => {
  const { path } = await longStore(t);
  for (const open of [() => openStore(t, newPath(t)), () => new LaterStore(':memory:')]) {
    const store = await open();
    const told = [];
    const onProgress = (progress) => told.push(progress);
    await importEvalStore(store, path, { onProgress });
    const ascending = told.every(({ done }, at) => at === 0 || done >= told[at - 1].done);
    assert.ok(told.length > 3 && ascending, JSON.stringify(told));
    assert.equal(told.at(-1).done, told.at(-1).total);
    told.length = 0;
    await exportEvalStore(store, ['run'], temporaryDirectory(t), { onProgress });
    assert.deepEqual(told.at(-1), { done: LINES, total: LINES });
    await store.close();
  }
});

test('what onProgress throws ends the import, comes out as it is, and nothing is left of the run', async (t) => {
  const { path } = await longStore(t);
  for (const open of [() => openStore(t, newPath(t)), () => new LaterStore(':memory:')]) {
    const store = await open();
    const mine = new Error('enough');
    const onProgress = ({ done, total }) => {
      if (done * 2 > total) throw mine;
    };
    await assert.rejects(async () => importEvalStore(store, path, { onProgress }), mine);
    assert.deepEqual(await store.listRuns(), []);
    assert.deepEqual(await store.listSuites(), []);
    await store.close();
  }
});

test('files that change while they are read are an error, and nothing is left of the run', async (t) => {
  const { path, file } = await longStore(t);
  const store = openStore(t, newPath(t));
  let appended = false;
  const onProgress = () => {
    if (!appended) appendFileSync(file, `${line(LINES)}\n`);
    appended = true;
  };
  assert.throws(() => importEvalStore(store, path, { onProgress }), {
    code: 'ERR_RUNSTORE_BUSY',
    message: /trajectories\.jsonl was changed while it was read/,
  });
  assert.deepEqual(store.listRuns(), []);
  assert.equal(importEvalStore(store, path).runs[0].trajectories, LINES + 1);
});

test('onProgress has to be a function', (t) => {
  const store = openStore(t, newPath(t));
  const expected = { name: 'TypeError', message: /options\.onProgress must be a function, not the number 3/ };
  assert.throws(() => importEvalStore(store, '.', { onProgress: 3 }), expected);
  assert.throws(() => exportEvalStore(store, [], '.', { onProgress: 3 }), expected);
});

test('another process makes suites at any time while fifty megabytes are imported', async (t) => {
  const path = temporaryDirectory(t);
  const turns = [{ role: 'user', content: 'x'.repeat(5000) }];
  await evalStore(path, Array.from({ length: 10_000 }, (_, idx) => `${line(idx, { turns })}\n`).join(''));
  const db = newPath(t);
  const store = openStore(t, db);
  // It does not wait for a lock: during one of the short transactions, it fails at once.
  const other = start(
    t,
    db,
    `
    const impatient = new RunStore(process.argv[1], { busyTimeoutMs: 0 });
    let [made, busy] = [0, 0];
    const timer = setInterval(() => {
      try {
        impatient.createSuite('suite');
        made++;
      } catch (error) {
        if (error.code !== 'ERR_RUNSTORE_BUSY') throw error;
        busy++;
      }
    }, 5);
    process.stdin.on('end', () => {
      clearInterval(timer);
      say(JSON.stringify({ made, busy }));
    }).resume();
    say('ready');`,
  );
  await other.said('ready');
  assert.equal(importEvalStore(store, path).runs[0].trajectories, 10_000);
  other.child.stdin.end();
  const { output, errors } = await other.ended;
  assert.equal(errors, '');
  const { made, busy } = JSON.parse(output.split('\n')[1]);
  assert.ok(made > busy, `made ${made}, busy ${busy}`);
});
