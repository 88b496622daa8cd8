// What is special about runstore/promises. Its methods are covered by the conformance suite, which runs on both
// classes.

import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { getEventListeners } from 'node:events';
import { readdirSync } from 'node:fs';
import { dirname } from 'node:path';
import { test } from 'node:test';
import { Worker } from 'node:worker_threads';
import * as synchronous from 'runstore';
import { RunStore, RunStoreError } from 'runstore/promises';
import { handles, newPath, openPromiseStore, openStore } from './support/connections.mjs';
import { newCase, newCases, newRun } from './support/data.mjs';
import { collect } from './support/either.mjs';
import { methodsOf } from './support/methods.mjs';
import { openBetterSqlite3, projectDirectory } from './support/reference-packages.mjs';

const CLOSED = { name: 'RunStoreError', code: 'ERR_RUNSTORE_CLOSED' };

/** Every insert of a suite takes for ever. */
const ENDLESS = `
  CREATE VIEW endless AS WITH RECURSIVE n(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM n) SELECT x FROM n;
  CREATE TRIGGER endless_suite AFTER INSERT ON suites BEGIN SELECT count(*) FROM endless; END;`;

/** Makes a file in which `createSuite` never ends; returns its path. */
function endlessFile(t) {
  const path = newPath(t);
  new synchronous.RunStore(path).close();
  const db = openBetterSqlite3(path);
  db.exec(ENDLESS);
  db.close();
  return path;
}

/** Opens a store on this file and closes it before the directory is deleted. */
async function using(path, use) {
  const store = await RunStore.open(path, { busyTimeoutMs: 600_000 });
  try {
    return await use(store);
  } finally {
    await store.close();
  }
}

/** Counts turns of the event loop until it is stopped. */
function countTurns(t) {
  const counter = { turns: 0 };
  let handle;
  (function turn() {
    counter.turns++;
    handle = setImmediate(turn);
  })();
  t.after(() => clearImmediate(handle));
  return counter;
}

/** Aborts once the thread has had time to begin. */
function abortSoon(reason) {
  const controller = new AbortController();
  setTimeout(() => controller.abort(reason), 50);
  return controller.signal;
}

test('both classes have the same methods, but for the two ways to dispose', () => {
  const methods = methodsOf(RunStore).filter((name) => name !== 'Symbol.asyncDispose');
  assert.deepEqual(
    methods,
    methodsOf(synchronous.RunStore).filter((name) => name !== 'Symbol.dispose'),
  );
  for (const name of methods) assert.equal(RunStore.prototype[name].name, name);
});

test('every method returns a promise, also where an argument is refused', async (t) => {
  const store = openPromiseStore(t, ':memory:');
  for (const name of methodsOf(RunStore)) {
    if (name.startsWith('Symbol') || name.startsWith('iterate') || name === 'close') continue;
    const returned = store[name](Symbol('no argument of any method'));
    assert.ok(returned instanceof Promise, name);
    const outcome = await returned.then(
      () => 'done',
      (error) => error.code,
    );
    const takesNothing = ['listSuites', 'listPrompts', 'vacuum'];
    assert.equal(outcome, takesNothing.includes(name) ? 'done' : 'ERR_RUNSTORE_INVALID_ARGUMENT', name);
  }
});

test('the errors are those of runstore', () => {
  assert.equal(RunStoreError, synchronous.RunStoreError);
});

test('a bad path or option is refused by the constructor, and open rejects', async () => {
  for (const [path, options, name] of [
    [5, undefined, 'TypeError'],
    ['a\0b', undefined, 'TypeError'],
    [':memory:', { busyTimeoutMs: -1 }, 'RangeError'],
  ]) {
    const refused = { name, code: 'ERR_RUNSTORE_INVALID_ARGUMENT' };
    assert.throws(() => new RunStore(path, options), refused);
    await assert.rejects(RunStore.open(path, options), refused);
  }
});

for (const handle of handles) {
  test(`a handle of ${handle.name} is refused: it belongs to its thread`, (t) => {
    assert.throws(() => new RunStore(handle.open(t)), {
      name: 'TypeError',
      code: 'ERR_RUNSTORE_INVALID_ARGUMENT',
      message: /^path must be a string, not .*a handle belongs to its thread/,
    });
  });
}

test('if opening fails, open and each operation reject; closing does not', async (t) => {
  const path = newPath(t);
  const refused = { code: 'ERR_RUNSTORE_NOT_FOUND', message: new RegExp(`^open: ${path}`) };
  await assert.rejects(RunStore.open(path, { readOnly: true }), refused);
  const store = new RunStore(path, { readOnly: true });
  await assert.rejects(store.listSuites(), refused);
  await assert.rejects(store.getCases('run'), refused);
  await assert.rejects(store.saveCases([newCase('run')]), refused);
  assert.equal(store.path, path);
  await store.close();
});

test('operations take effect in the order in which they were called', async (t) => {
  const store = openPromiseStore(t);
  const run = await newRun(store);
  const answers = await Promise.all([
    store.countCases(run),
    store.saveCases(newCases(run, 3000)),
    store.countCases(run),
    store.getCases(run),
    store.resetRun(run),
    store.countCases(run),
    store.saveResults(run, [{ idx: 0, input: 1, scores: [{ scorer_name: 's', score: 1 }] }]),
    store.getRunSummary(run),
    store.deleteRun(run),
    store.getRun(run),
  ]);
  const [before, , saved, cases, , emptied, ids, summary, , gone] = answers;
  assert.deepEqual([before, saved, cases.length, emptied, ids.length], [0, 3000, 3000, 0, 1]);
  assert.equal(summary.totalCases, 1);
  assert.equal(gone, undefined);
});

test('an operation that fails does not hold up those behind it', async (t) => {
  const store = openPromiseStore(t, ':memory:');
  const run = await newRun(store);
  const [failed, made] = await Promise.allSettled([
    store.saveCases([...newCases(run, 700), newCase('nowhere')]),
    store.saveCases(newCases(run, 2)),
  ]);
  assert.equal(failed.reason.code, 'ERR_RUNSTORE_CONSTRAINT');
  assert.equal(made.status, 'fulfilled');
  assert.equal(await store.countCases(run), 2);
});

test('a batch saved by a toJSON of another comes after it', async (t) => {
  const store = openPromiseStore(t, ':memory:');
  const run = await newRun(store);
  let inner;
  const input = {
    toJSON() {
      inner ??= store.saveCases([newCase(run, { id: 'c0' })]);
      return 'outer';
    },
  };
  await store.saveCases(newCases(run, 700, () => ({ input })));
  await assert.rejects(inner, { code: 'ERR_RUNSTORE_CONSTRAINT', message: /a case with id "c0" already/ });
  assert.equal(await store.countCases(run), 700);
});

test('two stores on one file wait for each other', async (t) => {
  const a = openPromiseStore(t);
  const b = openPromiseStore(t, a.path);
  const run = await newRun(a);
  const cases = (name) => newCases(run, 3000, (idx) => ({ id: `${name}${idx}` }));
  await Promise.all([a.saveCases(cases('a')), b.saveCases(cases('b')), a.saveCases(cases('c'))]);
  assert.equal(await b.countCases(run), 9000);
});

test('the event loop turns for every chunk that is packed', async (t) => {
  const store = openPromiseStore(t);
  const run = await newRun(store);
  const counter = countTurns(t);
  const rowsOfTurn = new Map();
  function* cases() {
    for (const one of newCases(run, 5000)) {
      rowsOfTurn.set(counter.turns, (rowsOfTurn.get(counter.turns) ?? 0) + 1);
      yield one;
    }
  }
  await store.saveCases(cases());
  assert.ok(Math.max(...rowsOfTurn.values()) <= 513, `${Math.max(...rowsOfTurn.values())} rows in one turn`);
});

test('the event loop turns for every chunk that is read', async (t) => {
  const store = openPromiseStore(t);
  const run = await newRun(store);
  const scores = [{ scorer_name: 's', score: 0 }];
  await store.saveResults(
    run,
    Array.from({ length: 5000 }, (_, idx) => ({ idx, input: idx, scores })),
  );
  for (const read of ['getCases', 'getFailingCases']) {
    const counter = countTurns(t);
    assert.equal((await store[read](run)).length, 5000);
    assert.ok(counter.turns >= 9, `${read}: ${counter.turns} turns`);
  }
});

test('a signal that has aborted refuses the operation, and nothing is done', async (t) => {
  const store = openPromiseStore(t, ':memory:');
  const reason = new Error('enough');
  const signal = AbortSignal.abort(reason);
  await assert.rejects(store.createSuite('a', { signal }), (error) => error === reason);
  await assert.rejects(collect(store.iterateCases('run', { signal })), (error) => error === reason);
  assert.deepEqual(await store.listSuites(), []);
});

test('an operation that waits for its turn rejects when the signal aborts, and is not done', async (t) => {
  const store = openPromiseStore(t, ':memory:');
  const run = await newRun(store);
  const controller = new AbortController();
  let settled = false;
  const before = store.saveCases(newCases(run, 5000)).then(() => {
    settled = true;
  });
  const waiting = store.createSuite('not made', { signal: controller.signal });
  const behind = store.createSuite('made');
  controller.abort('enough');
  await assert.rejects(waiting, (error) => error === 'enough');
  assert.equal(settled, false);
  await before;
  assert.equal((await behind).name, 'made');
  assert.deepEqual(
    (await store.listSuites()).map(({ name }) => name),
    ['made', 'suite'],
  );
});

test('a statement that would run forever is interrupted and rolled back', { timeout: 60_000 }, async (t) => {
  const path = endlessFile(t);
  await using(path, async (store) => {
    const reason = new Error('enough');
    await assert.rejects(store.createSuite('endless', { signal: abortSoon(reason) }), (error) => error === reason);
    assert.deepEqual(await store.listSuites(), []);
    assert.equal((await store.createPrompt('judge', 'content')).version, 1);
  });
});

test('a wait for others ends when the signal aborts', { timeout: 60_000 }, async (t) => {
  const path = newPath(t);
  new synchronous.RunStore(path).close();
  const db = openBetterSqlite3(path);
  db.exec('BEGIN IMMEDIATE');
  await using(path, async (store) => {
    const reason = new Error('enough');
    await assert.rejects(store.createSuite('a', { signal: abortSoon(reason) }), (error) => error === reason);
    db.exec('ROLLBACK');
    assert.equal((await store.createSuite('b')).name, 'b');
  });
  db.close();
});

test('saving ends when the signal aborts: nothing of the batch is left, and the iterator is ended', async (t) => {
  const store = openPromiseStore(t);
  const run = await newRun(store);
  const controller = new AbortController();
  let ended = false;
  function* cases() {
    try {
      for (const one of newCases(run, 10_000)) {
        if (one.idx === 2000) controller.abort();
        yield one;
      }
    } finally {
      ended = true;
    }
  }
  const { signal } = controller;
  await assert.rejects(store.saveCases(cases(), { signal }), { name: 'AbortError' });
  assert.equal(ended, true);
  assert.equal(await store.countCases(run), 0);
  await store.saveCases(newCases(run, 1000));
  const reader = openStore(t, store.path);
  assert.equal(reader.countCases(run), 1000);
  reader.close();
});

test('reading ends when the signal aborts, and the next reading is whole', async (t) => {
  const store = openPromiseStore(t);
  const run = await newRun(store);
  await store.saveCases(newCases(run, 20_000));
  const controller = new AbortController();
  const reading = store.getCases(run, { signal: controller.signal });
  setImmediate(() => controller.abort('enough'));
  await assert.rejects(reading, (error) => error === 'enough');
  assert.equal((await store.getCases(run)).length, 20_000);
});

test('a backup tells of its progress, and leaves nothing when it is ended', async (t) => {
  const store = openPromiseStore(t);
  const run = await newRun(store);
  await store.saveCases(newCases(run, 20_000, () => ({ output: 'a long answer '.repeat(30) })));
  const target = newPath(t);
  const heard = [];
  const { path } = await store.backup(target, { onProgress: (progress) => heard.push(progress) });
  assert.equal(path, target);
  assert.ok(heard.length > 1);
  assert.equal(heard.at(-1).donePages, heard.at(-1).totalPages);
  assert.equal(openStore(t, target).countCases(run), 20_000);

  const controller = new AbortController();
  const onProgress = () => controller.abort('enough');
  const other = newPath(t);
  await assert.rejects(store.backup(other, { onProgress, signal: controller.signal }), (error) => error === 'enough');
  const thrown = new Error('thrown');
  const throwing = () => {
    throw thrown;
  };
  await assert.rejects(store.backup(other, { onProgress: throwing }), (error) => error === thrown);
  assert.equal(await store.countCases(run), 20_000);
  assert.deepEqual(readdirSync(dirname(other)), []);
});

test('an operation that is done lets go of the signal', async (t) => {
  const store = openPromiseStore(t, ':memory:');
  const { signal } = new AbortController();
  const run = await newRun(store);
  await Promise.all([store.saveCases(newCases(run, 1000), { signal }), store.getCases(run, { signal })]);
  await collect(store.iterateCases(run, { signal }));
  assert.deepEqual(getEventListeners(signal, 'abort'), []);
});

test('the signal may stand among the options of a method', async (t) => {
  const store = openPromiseStore(t, ':memory:');
  const suite = await store.createSuite('suite');
  const { signal } = new AbortController();
  assert.deepEqual(await store.history(suite.id, { scorer: 'exact', signal }), []);
  assert.deepEqual(await store.history(suite.id, { scorer: 'exact' }, { signal }), []);
  assert.deepEqual(await store.listSuites({ signal: undefined }), [suite]);
});

test('data with a field called signal stay the object that they are', async (t) => {
  const store = openPromiseStore(t);
  const suite = await store.createSuite('a');
  /** What the caller's own classes may do: fields that are getters, and hidden behind a private name. */
  class Run {
    #name = 'of a getter';
    signal = new AbortController().signal;
    suite_id = suite.id;
    model = 'm';
    get name() {
      return this.#name;
    }
  }
  const run = await store.createRun(new Run());
  assert.equal((await store.getRun(run)).name, 'of a getter');
  const results = {
    signal: AbortSignal.abort(),
    *[Symbol.iterator]() {
      yield { idx: 0, input: 'a' };
    },
  };
  assert.equal((await store.saveResults(run, results)).length, 1);
  assert.deepEqual(
    await store.missingCases(run, {
      signal: 1,
      *[Symbol.iterator]() {
        yield 1;
      },
    }),
    [1],
  );
  await store.finishRun(run, 'completed', { signal: 'strong' });
  assert.deepEqual((await store.getRun(run)).summary, { signal: 'strong' });
  const options = Object.defineProperty({ signal: AbortSignal.abort('enough') }, 'keep', {
    get: () => 5,
    enumerable: true,
  });
  await assert.rejects(store.prune(options), (error) => error === 'enough');
  assert.equal((await store.prune({ keep: 5, signal: new AbortController().signal })).runs.length, 0);
});

test('anything but a signal is refused by name', async (t) => {
  const store = openPromiseStore(t, ':memory:');
  for (const signal of [null, 5, {}, 'abort']) {
    await assert.rejects(store.listSuites({ signal }), {
      name: 'TypeError',
      code: 'ERR_RUNSTORE_INVALID_ARGUMENT',
      message: /^listSuites: options\.signal must be an AbortSignal, not /,
    });
  }
});

test('close waits for earlier calls; later calls reject', async (t) => {
  const store = openPromiseStore(t);
  const run = await newRun(store);
  const saved = store.saveCases(newCases(run, 3000));
  const closed = store.close();
  await assert.rejects(store.countCases(run), { ...CLOSED, message: 'countCases: the store is closed' });
  await assert.rejects(store.saveCases([]), { ...CLOSED, message: 'saveCases: the store is closed' });
  assert.equal(await saved, undefined);
  assert.equal(await closed, undefined);
  assert.equal(store.close(), closed);
  assert.equal(openStore(t, store.path).countCases(run), 3000);
});

test('Symbol.asyncDispose closes', async (t) => {
  const store = openPromiseStore(t, ':memory:');
  await store[Symbol.asyncDispose]();
  await assert.rejects(store.listSuites(), CLOSED);
});

test('a loop over cases ends with an error when the store is closed', async (t) => {
  const store = openPromiseStore(t, ':memory:');
  const run = await newRun(store);
  await store.saveCases(newCases(run, 4));
  const seen = [];
  await assert.rejects(async () => {
    for await (const { id } of store.iterateCases(run, { batchSize: 2 })) {
      seen.push(id);
      store.close();
    }
  }, CLOSED);
  assert.deepEqual(seen, ['c0', 'c1']);
});

test('a case whose JSON is damaged is named, and the next reading goes on', async (t) => {
  const store = openPromiseStore(t);
  const run = await newRun(store);
  await store.saveCases(newCases(run, 2000));
  const db = openBetterSqlite3(store.path);
  db.prepare("UPDATE cases SET input = '{' WHERE id = 'c700'").run();
  db.close();
  await assert.rejects(store.getCases(run), {
    code: 'ERR_RUNSTORE_CORRUPT',
    message: /getCases: input of case "c700"/,
  });
  assert.equal(await store.countCases(run), 2000);
});

/** Runs a program in a process of its own; returns what it printed. */
function run(program, ...args) {
  const options = { cwd: projectDirectory, encoding: 'utf8', timeout: 60_000 };
  return execFileSync(process.execPath, ['-e', program, ...args], options);
}

test('a store that is not used keeps no process alive', (t) => {
  const path = newPath(t);
  const program = `
    const { RunStore } = require('runstore/promises');
    const store = new RunStore(process.argv[1]);
    store.createSuite('kept').then(() => console.log('made'));`;
  assert.equal(run(program, path), 'made\n');
  assert.equal(openStore(t, path).listSuites().length, 1);
});

test('operations that are pending keep the process alive', (t) => {
  const program = `
    const { RunStore } = require('runstore/promises');
    const store = new RunStore(process.argv[1]);
    store.createSuite('suite')
      .then(({ id }) => store.createRun({ suite_id: id, name: 'n', model: 'm' }))
      .then((run_id) => {
        const row = { run_id, input: 1, output: '', latency_ms: 1, tokens_in: 1, tokens_out: 1 };
        store.saveCases(Array.from({ length: 5000 }, (_, idx) => ({ ...row, idx })));
        store.countCases(run_id).then(console.log);
      });`;
  assert.equal(run(program, newPath(t)), '5000\n');
});

test('a worker can be terminated in the middle of an operation', { timeout: 60_000 }, async (t) => {
  const program = `
    const { parentPort, workerData } = require('node:worker_threads');
    const { RunStore } = require('runstore/promises');
    const store = new RunStore(workerData);
    store.listSuites().then(() => {
      store.createSuite('endless');
      setTimeout(() => parentPort.postMessage('busy'), 50);
    });`;
  const path = endlessFile(t);
  const worker = new Worker(program, { eval: true, workerData: path });
  await new Promise((resolve, reject) => worker.once('message', resolve).once('error', reject));
  await worker.terminate();
  const store = openStore(t, path, { busyTimeoutMs: 30_000 });
  assert.equal(store.createPrompt('judge', 'content').version, 1);
});
