// Many writers on one file, processes and worker threads: no error reaches a caller, and no row is lost or doubled.

import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { test } from 'node:test';
import { Worker } from 'node:worker_threads';
import { newPath, openStore } from './support/connections.mjs';
import { count, TIMES, tell } from './support/figures.mjs';
import { projectDirectory } from './support/reference-packages.mjs';

const WRITERS = 8;
const ROUNDS = 12 * TIMES;
const BATCH = 25;

/** What a writer does; `store` and `me`, its number, are there. All of it is asked for later, by name. */
const write = `
  const suite_id = store.createSuite('writer ' + me).id;
  for (let round = 0; round < ${ROUNDS}; round++) {
    const run = store.createRun({ suite_id, name: 'run', model: 'model', id: me + '-' + round });
    const ids = Array.from({ length: ${BATCH} }, (_, idx) => run + '-' + idx);
    const texts = { run_id: run, input: me, output: 'answer '.repeat(20), latency_ms: 1, tokens_in: 1, tokens_out: 1 };
    store.saveCases(ids.map((id, idx) => ({ ...texts, id, idx })));
    store.saveScores(ids.map((case_id) => ({ case_id, scorer_name: 'exact', score: 1 })));
    store.saveResults(run, ids.map((id, idx) => ({ id: id + '-more', idx, input: 1, scores: [{ scorer_name: 'exact', score: 0 }] })));
    store.createPrompt('judge', me + ' in round ' + round);
    store.finishRun(run, 'completed');
  }`;

/** What a reader does until the writers are done: every batch that it sees is whole. */
const read = `
  let seen = 0;
  while (seen < ${WRITERS * ROUNDS}) {
    const runs = store.listRuns();
    seen = runs.filter(({ status }) => status === 'completed').length;
    for (const { id, status } of runs.slice(-5)) {
      const cases = store.countCases(id);
      if (cases % ${BATCH} !== 0) throw new Error(id + ' has ' + cases + ' cases');
      const { passCount, failCount } = store.getRunSummary(id);
      if (passCount % ${BATCH} !== 0 || failCount % ${BATCH} !== 0) throw new Error(id + ' is scored in part');
      if (status === 'completed' && cases !== ${2 * BATCH}) throw new Error(id + ' is not whole');
    }
    store.listPrompts();
  }`;

const open = (path, me) => `
  const { RunStore } = require('runstore');
  const store = new RunStore(${JSON.stringify(path)}, { busyTimeoutMs: 60_000 });
  const me = '${me}';`;

/** Runs a program in a process and returns what it says of its failure, '' when it succeeds. */
async function inProcess(t, source) {
  const child = spawn(process.execPath, ['-e', source], { cwd: projectDirectory, stdio: ['ignore', 'ignore', 'pipe'] });
  t.after(() => child.kill('SIGKILL'));
  let errors = '';
  child.stderr.setEncoding('utf8').on('data', (text) => {
    errors += text;
  });
  const [code, signal] = await once(child, 'close');
  return code === 0 ? '' : `${code ?? signal}: ${errors}`;
}

/** The same in a thread of this process. */
async function inThread(t, source) {
  const program = source.replace(`require('runstore')`, `require(${JSON.stringify(`${projectDirectory}index.js`)})`);
  const worker = new Worker(`${program}; store.close();`, { eval: true });
  t.after(() => worker.terminate());
  return Promise.race([
    once(worker, 'error').then(([error]) => error.stack),
    once(worker, 'exit').then(([code]) => (code === 0 ? '' : String(code))),
  ]);
}

function assertWhole(t, path) {
  const store = openStore(t, path);
  const ids = (of) => store.getCases(of).map(({ id }) => id);
  for (let me = 0; me < WRITERS; me++) {
    for (let round = 0; round < ROUNDS; round++) {
      const run = `${me}-${round}`;
      assert.equal(store.getRun(run)?.status, 'completed', run);
      const expected = Array.from({ length: BATCH }, (_, idx) => [`${run}-${idx}`, `${run}-${idx}-more`]).flat();
      assert.deepEqual(ids(run), expected);
      const { totalCases, passCount, failCount, meanScores } = store.getRunSummary(run);
      assert.deepEqual([totalCases, passCount, failCount], [2 * BATCH, BATCH, BATCH]);
      assert.deepEqual(meanScores, { exact: 0.5 });
    }
  }
  assert.equal(store.listRuns().length, WRITERS * ROUNDS);
  assert.equal(store.listSuites().length, WRITERS);
  const prompts = store.listPrompts();
  const made = WRITERS * ROUNDS;
  assert.deepEqual(
    prompts.map(({ version }) => version),
    Array.from({ length: made }, (_, at) => made - at),
  );
  assert.equal(new Set(prompts.map(({ content }) => content)).size, made);
  assert.equal(store.doctor().healthy, true);
}

for (const [where, run] of [
  ['processes', inProcess],
  ['worker threads', inThread],
]) {
  test(`${WRITERS} ${where} open a path that does not exist and write to it, while others read`, async (t) => {
    const path = newPath(t);
    const writers = Array.from({ length: WRITERS }, (_, me) => run(t, open(path, me) + write));
    const readers = [0, 1].map((me) => run(t, open(path, `reader ${me}`) + read));
    // Readers wait for what the writers do, which they would do for ever if one of those had failed.
    for (const ended of [writers, readers]) {
      assert.deepEqual((await Promise.all(ended)).filter(Boolean), []);
    }
    assertWhole(t, path);
    const rows = count(WRITERS * ROUNDS * 4 * BATCH, 'cases and scores');
    tell(t, `${count(WRITERS * ROUNDS, 'runs')}, ${rows}, none lost or doubled`);
  });
}
