// Processes that are killed while they write to an archive: acknowledged runs are complete, and remaining files are found and
// removed.

import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { Archive } from '../entries/archive.js';
import { temporaryDirectory } from './support/connections.mjs';
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

/** Lets a process write until it has written once and a while has passed, and returns what it said is written. */
async function killed(root, round) {
  const child = spawn(process.execPath, ['-e', PROGRAM, root, String(round)], { cwd: projectDirectory });
  let said = '';
  child.stdout.setEncoding('utf8').on('data', (text) => {
    said += text;
  });
  const ended = once(child, 'close');
  await Promise.race([once(child.stdout, 'data'), ended]);
  setTimeout(() => child.kill('SIGKILL'), Math.random() * 120);
  const [, signal] = await ended;
  assert.equal(signal, 'SIGKILL');
  const lines = said.split('\n').slice(0, -1);
  return new Map(lines.map((line) => line.split(' ')));
}

test('after any kill, an archive is intact and has all acknowledged runs', async () => {
  const root = join(temporaryDirectory({ after }), 'evals');
  for (let round = 0; round < ROUNDS; round += 1) {
    const written = await killed(root, round);
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
