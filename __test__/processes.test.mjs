// Several processes on one file at once: they wait for each other, and no row is lost or saved twice.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { newPath, openStore } from './support/connections.mjs';
import { newCase, newRun } from './support/data.mjs';
import { count, TIMES, tell } from './support/figures.mjs';
import { start } from './support/processes.mjs';

async function allSucceed(processes) {
  for (const { ended } of processes) {
    const { code, errors } = await ended;
    assert.equal(code, 0, errors);
  }
}

test('many processes open a new path at once', async (t) => {
  const path = newPath(t);
  await allSucceed(Array.from({ length: 8 }, () => start(t, path, `store.createSuite('mine');`)));
  assert.equal(openStore(t, path).listSuites().length, 8);
});

test('versions of a prompt that several processes create have no gaps and no duplicates', async (t) => {
  const path = newPath(t);
  const made = 50 * TIMES;
  const program = `for (let made = 0; made < ${made}; made++) store.createPrompt('judge', String(process.pid));`;
  await allSucceed(Array.from({ length: 4 }, () => start(t, path, program)));
  const versions = openStore(t, path)
    .listPrompts()
    .map(({ version }) => version);
  assert.deepEqual(
    versions,
    Array.from({ length: 4 * made }, (_, at) => 4 * made - at),
  );
  tell(t, `${count(4 * made, 'versions')} of 4 processes`);
});

test('batches of several writers are all kept, none in part', async (t) => {
  const path = newPath(t);
  const runId = newRun(openStore(t, path));
  const program = `
    const test = { run_id: ${JSON.stringify(runId)}, idx: 0, input: 1, output: null, latency_ms: 1, tokens_in: 1, tokens_out: 1 };
    for (let batch = 0; batch < 10; batch++) store.saveCases(Array(600).fill(test));`;
  await allSucceed(Array.from({ length: 4 }, () => start(t, path, program)));
  assert.equal(openStore(t, path).countCases(runId), 4 * 10 * 600);
});

/** Saves cases; the last one only when the process is asked to. */
const slowBatch = (runId) => `
  function* cases() {
    for (let idx = 0; idx < 1000; idx++) {
      yield { run_id: ${JSON.stringify(runId)}, idx, input: 1, output: null, latency_ms: 1, tokens_in: 1, tokens_out: 1 };
    }
    say('in the middle');
    require('node:fs').readSync(0, Buffer.alloc(1));
  }
  store.saveCases(cases());`;

test('while a batch is being saved, readers see the state before it, and a writer waits for its end', async (t) => {
  const path = newPath(t);
  const store = openStore(t, path);
  const runId = newRun(store);
  const saving = start(t, path, slowBatch(runId));
  await saving.said('in the middle');

  assert.equal(store.countCases(runId), 0);
  assert.throws(() => openStore(t, path, { busyTimeoutMs: 1 }).createSuite('impatient'), { code: 'ERR_RUNSTORE_BUSY' });
  const waiting = start(t, path, `say('waiting'); store.createSuite('patient'); say('done');`);
  await waiting.said('waiting');
  saving.child.stdin.write('x');

  await allSucceed([saving, waiting]);
  assert.equal(store.countCases(runId), 1000);
  assert.notEqual(store.findSuiteByName('patient'), undefined);
});

test('a process that is killed in the middle of a batch leaves nothing of it, and what it had acknowledged', async (t) => {
  const path = newPath(t);
  const store = openStore(t, path);
  const runId = newRun(store);
  const saving = start(
    t,
    path,
    `store.saveCases([${JSON.stringify(newCase(runId, { id: 'acknowledged' }))}]); ${slowBatch(runId)}`,
  );
  await saving.said('in the middle');
  saving.child.kill('SIGKILL');
  assert.equal((await saving.ended).signal, 'SIGKILL');
  assert.deepEqual(
    store.getCases(runId).map(({ id }) => id),
    ['acknowledged'],
  );
  store.saveCases([newCase(runId)]);
  assert.equal(openStore(t, path).countCases(runId), 2);
});
