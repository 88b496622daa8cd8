import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { test } from 'node:test';
import { RunStore } from 'runstore';
import { calls } from './support/calls.mjs';
import { onEveryConnection, onEverySynchronousConnection } from './support/conformance.mjs';
import { newPath, openStore } from './support/connections.mjs';
import { newCases, newRun } from './support/data.mjs';
import { methodsOf } from './support/methods.mjs';
import { projectDirectory } from './support/reference-packages.mjs';

test('the calls are those of every method', () => {
  const methods = methodsOf(RunStore).filter((name) => !['close', 'Symbol.dispose'].includes(name));
  assert.deepEqual(Object.keys(calls).sort(), methods);
});

onEveryConnection((open) => {
  for (const [method, args] of Object.entries(calls)) {
    test(`${method} of a closed store throws, and names itself`, async (t) => {
      const store = open(t);
      await store.close();
      await assert.rejects(async () => store[method](...args), {
        name: 'RunStoreError',
        code: 'ERR_RUNSTORE_CLOSED',
        message: new RegExp(`^${method}: `),
      });
    });
  }

  test('a closed store says so even where it would do nothing', async (t) => {
    const store = open(t);
    await store.close();
    for (const [method, ...args] of [
      ['getSuite', null],
      ['findSuiteByName', null],
      ['renameSuite', null, 'name'],
      ['deleteSuite', null],
      ['finishRun', null, 'completed'],
      ['getRun', null],
      ['getLatestCompletedRun', null],
      ['renameRun', null, 'name'],
      ['resetRun', null],
      ['deleteRun', null],
      ['saveCases', []],
      ['saveScores', []],
      ['saveResults', 'id', []],
      ['missingCases', null, []],
      ['failedCases', 'id'],
      ['getRunOwner', null],
      ['getCases', null],
      ['iterateCases', 'id'],
      ['countCases', 'id'],
      ['getFailingCases', null],
      ['getRunSummary', null],
      ['getPrompt', null],
      ['deletePrompt', null],
      ['getBaseline', null],
      ['listBaselines', 'id'],
      ['removeBaseline', null, 'main'],
      ['history', 'id'],
      ['trend', 'id', { scorer: 's' }],
    ]) {
      await assert.rejects(async () => store[method](...args), {
        code: 'ERR_RUNSTORE_CLOSED',
        message: new RegExp(`^${method}: `),
      });
    }
  });

  test('close may be called again, and does nothing then', async (t) => {
    const store = open(t);
    assert.equal(await store.close(), undefined);
    assert.equal(await store.close(), undefined);
  });

  test('path stays readable', async (t) => {
    const store = open(t);
    const { path } = store;
    await store.close();
    assert.equal(store.path, path);
  });
});

onEverySynchronousConnection((open) => {
  test('Symbol.dispose closes', (t) => {
    const store = open(t);
    assert.equal(store[Symbol.dispose](), undefined);
    assert.throws(() => store.listSuites(), { code: 'ERR_RUNSTORE_CLOSED' });
    store[Symbol.dispose]();
  });

  test('a store cannot be closed while it is saving a batch; the batch fails as a whole, the store keeps working', (t) => {
    const store = open(t);
    const runId = newRun(store);
    function* closing() {
      yield* newCases(runId, 600);
      store.close();
    }
    assert.throws(() => store.saveCases(closing()), {
      code: 'ERR_RUNSTORE_BUSY',
      message: /close: a batch is being saved/,
    });
    assert.equal(store.countCases(runId), 0);
    store.saveCases(newCases(runId, 1));
    assert.equal(store.countCases(runId), 1);
  });
});

test('closing the last store on a file leaves one file with everything', (t) => {
  const path = newPath(t);
  const store = openStore(t, path);
  const runId = newRun(store);
  store.saveCases(newCases(runId, 1000));
  assert.ok(existsSync(`${path}-wal`));
  store.close();
  assert.ok(!existsSync(`${path}-wal`) && !existsSync(`${path}-shm`));
  assert.equal(openStore(t, path).countCases(runId), 1000);
});

test('closing one of two stores on a file does not disturb the other', (t) => {
  const path = newPath(t);
  const [a, b] = [openStore(t, path), openStore(t, path)];
  const runId = newRun(a);
  a.close();
  b.saveCases(newCases(runId, 10));
  b.close();
  assert.equal(openStore(t, path).countCases(runId), 10);
});

test('a store that is not closed keeps no process alive and loses nothing', (t) => {
  const path = newPath(t);
  const program = `
    const { RunStore } = require('runstore');
    const store = new RunStore(process.argv[1]);
    store.createSuite('kept');`;
  execFileSync(process.execPath, ['-e', program, path], { cwd: projectDirectory });
  assert.equal(openStore(t, path).listSuites().length, 1);
});
