// openRun: the suite, the interrupted run or a new one, in one call.

import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { test } from 'node:test';
import { RunStore } from 'runstore';
import { onEveryConnection } from './support/conformance.mjs';
import { newPath } from './support/connections.mjs';
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

test('eight processes that ask for one suite at once get one, and each a run of its own', async (t) => {
  const path = newPath(t);
  const program = `
    const { RunStore } = require('runstore');
    const store = new RunStore(${JSON.stringify(path)});
    process.stdin.once('data', () => {
      const suite = store.getOrCreateSuite('shared');
      const { id, resumed } = store.openRun({ suite: 'shared', name: 'nightly', model: 'm' });
      process.stdout.write(JSON.stringify({ suite: suite.id, id, resumed }) + '\\n');
    });
    process.stdin.once('end', () => store.close());
    process.stderr.write('ready');
  `;
  const workers = Array.from({ length: 8 }, () => spawn(process.execPath, ['-e', program], { cwd: projectDirectory }));
  await Promise.all(workers.map((worker) => once(worker.stderr, 'data')));
  const answers = workers.map((worker) => once(worker.stdout, 'data'));
  for (const worker of workers) worker.stdin.write('go');
  const opened = (await Promise.all(answers)).map(([data]) => JSON.parse(data));
  for (const worker of workers) worker.stdin.end();
  assert.equal(new Set(opened.map(({ suite }) => suite)).size, 1);
  // Each of the others is alive, so none of their runs is taken over.
  assert.equal(new Set(opened.map(({ id }) => id)).size, 8);
  assert.ok(opened.every(({ resumed }) => !resumed));
  const store = new RunStore(path);
  t.after(() => store.close());
  assert.equal(store.listSuites().length, 1);
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
