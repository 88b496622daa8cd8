// openRun: the suite, the interrupted run or a new one, in one call.

import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { test } from 'node:test';
import { RunStore } from 'runstore';
import { onEveryConnection } from './support/conformance.mjs';
import { newPath } from './support/connections.mjs';
import { start } from './support/processes.mjs';
import { projectDirectory } from './support/reference-packages.mjs';

const nightly = { suite: 'capitals', name: 'nightly', model: 'gpt-x' };

onEveryConnection((open) => {
  test('starts a run of a suite that it makes, with everything that createRun takes', async (t) => {
    const store = open(t);
    const opened = await store.openRun({ ...nightly, config: { seed: 1 }, tags: ['a'], label: 'first', id: 'r' });
    const suite = await store.findSuiteByName('capitals');
    assert.deepEqual(opened, { id: 'r', suite_id: suite.id, resumed: false });
    const { status, config, tags, label, suite_id } = await store.getRun('r');
    assert.deepEqual(
      { status, config, tags, label, suite_id },
      { status: 'running', config: { seed: 1 }, tags: ['a'], label: 'first', suite_id: suite.id },
    );
  });

  test('resumes the latest run of its suite, name and model that was not completed', async (t) => {
    const store = open(t);
    const { id } = await store.openRun(nightly);
    await store.saveResults(id, [{ idx: 0, key: 'fr', input: 'France' }]);
    await store.finishRun(id, 'failed');
    for (const other of [{ suite: 'rivers' }, { name: 'weekly' }, { model: 'gpt-y' }]) {
      assert.equal((await store.openRun({ ...nightly, ...other })).resumed, false);
    }
    const again = await store.openRun(nightly);
    assert.deepEqual([again.id, again.resumed], [id, true]);
    assert.equal((await store.getRun(id)).status, 'running');
    assert.equal(await store.countCases(id), 1);
  });

  test('leaves a run that was interrupted before a completed one alone', async (t) => {
    const store = open(t);
    const first = await store.openRun(nightly);
    await store.finishRun(first.id, 'failed');
    const second = await store.openRun({ ...nightly, resume: false });
    assert.notEqual(second.id, first.id);
    await store.finishRun(second.id, 'completed');
    const third = await store.openRun(nightly);
    assert.equal(third.resumed, false);
    assert.equal((await store.getRun(first.id)).status, 'failed');
  });

  test('resumes the run whose id is given, if the suite has it', async (t) => {
    const store = open(t);
    const { id } = await store.openRun(nightly);
    await store.finishRun(id, 'completed');
    assert.deepEqual(await store.openRun({ ...nightly, resume: id }), {
      id,
      suite_id: (await store.getRun(id)).suite_id,
      resumed: true,
    });
    const wrong = [
      { ...nightly, resume: 'nowhere' },
      { ...nightly, suite: 'rivers', resume: id },
    ];
    for (const run of wrong) {
      await assert.rejects(async () => store.openRun(run), {
        code: 'ERR_RUNSTORE_NOT_FOUND',
        message: /openRun: the suite has no run with id/,
      });
    }
    assert.equal((await store.listRuns()).length, 1);
  });

  test('refuses arguments by name, and makes nothing', async (t) => {
    const store = open(t);
    const wrong = [
      [{ ...nightly, suite: 1 }, /openRun: run\.suite/],
      [{ ...nightly, name: undefined }, /openRun: run\.name/],
      [{ ...nightly, resume: true }, /openRun: run\.resume must be 'latest', the id of a run or false, not a boolean/],
      [{ ...nightly, resume: '' }, /openRun: run\.resume/],
      [{ ...nightly, tags: 'x' }, /openRun: run\.tags/],
    ];
    for (const [run, message] of wrong)
      await assert.rejects(async () => store.openRun(run), { code: 'ERR_RUNSTORE_INVALID_ARGUMENT', message });
    assert.deepEqual(await store.listSuites(), []);
  });
});

/** A process with two worker threads. They answer with what they opened when they are told to go, and then stay alive. */
const eightTimesTwo = (path) => `
  const { Worker, isMainThread, parentPort } = require('node:worker_threads');
  const { once } = require('node:events');
  const { RunStore } = require('runstore');

  function openRuns() {
    const store = new RunStore(${JSON.stringify(path)});
    parentPort.once('message', () => {
      const suite = store.getOrCreateSuite('new').id;
      const [interrupted, live, fresh] = ['interrupted', 'live', 'fresh'].map((name) =>
        store.openRun({ suite: 'shared', name, model: 'm' }));
      parentPort.postMessage({ suite, interrupted, live, fresh });
      parentPort.once('message', () => store.close());
    });
    parentPort.postMessage('ready');
  }

  async function startThreads() {
    const workers = [0, 1].map(() => new Worker(process.argv[1], { eval: true, argv: [process.argv[1]] }));
    const answers = () => Promise.all(workers.map(async (worker) => (await once(worker, 'message'))[0]));
    const tell = (text) => workers.forEach((worker) => worker.postMessage(text));
    await answers();
    process.stderr.write('ready');
    await once(process.stdin, 'data');
    tell('go');
    process.stdout.write(JSON.stringify(await answers()) + '\\n');
    await once(process.stdin, 'end');
    tell('close');
  }

  isMainThread ? startThreads() : openRuns();
`;

/** A run of a process that dies at once, or with the test. */
async function runOfAnother(t, path, name, isKilled) {
  const program = `const run = store.openRun({ suite: 'shared', name: '${name}', model: 'm' });
    say('run ' + run.id + '.');
    setInterval(() => {}, 1000);`;
  const other = start(t, path, program);
  await other.said('.');
  if (isKilled) {
    other.child.kill('SIGKILL');
    await other.ended;
  }
  return /run (.*)\./.exec(other.output())[1];
}

test('of eight processes with two threads each, all get one suite, and one the run of a killed process', async (t) => {
  const path = newPath(t);
  const interrupted = await runOfAnother(t, path, 'interrupted', true);
  await runOfAnother(t, path, 'live', false);
  const program = eightTimesTwo(path);
  const processes = Array.from({ length: 8 }, () =>
    spawn(process.execPath, ['-e', program, program], { cwd: projectDirectory }),
  );
  await Promise.all(processes.map((one) => once(one.stderr, 'data')));
  const answers = processes.map((one) => once(one.stdout, 'data'));
  for (const one of processes) one.stdin.write('go');
  const opened = (await Promise.all(answers)).flatMap(([data]) => JSON.parse(data));
  for (const one of processes) one.stdin.end();
  assert.equal(opened.length, 16);
  assert.equal(new Set(opened.map(({ suite }) => suite)).size, 1);
  const resumed = (name) => opened.map((one) => one[name]).filter((run) => run.resumed);
  assert.deepEqual(
    resumed('interrupted').map(({ id }) => id),
    [interrupted],
  );
  // Each of the others is alive, so none of their runs is taken over.
  assert.deepEqual([...resumed('live'), ...resumed('fresh')], []);
  assert.equal(new Set(opened.flatMap((one) => [one.interrupted, one.live, one.fresh].map(({ id }) => id))).size, 48);
  const store = new RunStore(path);
  t.after(() => store.close());
  assert.deepEqual(
    store
      .listSuites()
      .map(({ name }) => name)
      .sort(),
    ['new', 'shared'],
  );
});

test('without a path, RUNSTORE_DB says which file is opened, as for the command', async (t) => {
  const path = newPath(t);
  const program = `const { RunStore } = require('runstore'); console.log(new RunStore()); process.exit(0);`;
  const child = spawn(process.execPath, ['-e', program], {
    cwd: projectDirectory,
    env: { ...process.env, RUNSTORE_DB: path },
  });
  const [shown] = await once(child.stdout, 'data');
  assert.equal(String(shown).trim(), `RunStore { path: ${JSON.stringify(path)}, open }`);
});
