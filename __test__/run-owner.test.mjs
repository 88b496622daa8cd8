// The owners of runs: processes that are alive, stopped or killed, and what happens to their runs.

import assert from 'node:assert/strict';
import { once } from 'node:events';
import { test } from 'node:test';
import { Worker } from 'node:worker_threads';
import { onEveryConnection } from './support/conformance.mjs';
import { newPath, openPromiseStore, openStore } from './support/connections.mjs';
import { newRun } from './support/data.mjs';
import { start } from './support/processes.mjs';
import { openBetterSqlite3 } from './support/reference-packages.mjs';

/** Only Linux tells a process from another of the same number. */
const isTold = process.platform === 'linux';

/** Changes a file past the store. */
function change(path, sql) {
  const db = openBetterSqlite3(path);
  db.exec(sql);
  db.close();
}

/** As a process of another machine or container would have written it. */
const elsewhere = `owner_host = 'elsewhere', owner_marks = '123 0b00t 4026531999,4026531834 0machine'`;

/** A run of another process, which works on until it is killed; `died()` resolves when it has died. */
async function othersRun(t, path) {
  const other = start(
    t,
    path,
    `const suite_id = store.createSuite('suite').id;
     const run = store.createRun({ suite_id, name: 'interrupted', model: 'm' });
     store.saveResults(run, [{ idx: 0, key: 'k0', input: 0, output: 'done' }]);
     say('run ' + run + '.');
     setInterval(() => {}, 1000);`,
  );
  await other.said('.');
  const [, id] = /run (.*)\./.exec(other.output());
  const died = async () => {
    other.child.kill('SIGKILL');
    const { signal } = await other.ended;
    assert.equal(signal, 'SIGKILL');
  };
  return { id, pid: other.child.pid, child: other.child, died };
}

onEveryConnection((open) => {
  test('the process that makes, resets or resumes a run is its owner', async (t) => {
    const store = open(t);
    const before = Date.now();
    const runId = await newRun(store);
    const owner = await store.getRunOwner(runId);
    const { host, heartbeat_at, ...told } = owner;
    assert.deepEqual(told, { run_id: runId, pid: process.pid, alive: true });
    assert.equal(typeof host, 'string');
    assert.ok(heartbeat_at >= before && heartbeat_at <= Date.now(), `${heartbeat_at}`);
    assert.deepEqual(Object.keys(owner), ['run_id', 'pid', 'host', 'heartbeat_at', 'alive']);
    await store.resetRun(runId);
    await store.resumeRun(runId);
    assert.equal((await store.getRunOwner(runId)).pid, process.pid);
    assert.equal(await store.getRunOwner('no such run'), undefined);
    assert.equal(await store.getRunOwner(null), undefined);
  });

  test('a run shows no more than it did', async (t) => {
    const store = open(t);
    const keys = ['id', 'suite_id', 'name', 'model', 'config', 'started_at', 'finished_at', 'status', 'summary'];
    const runId = await newRun(store);
    await store.resumeRun(runId);
    assert.deepEqual(Object.keys(await store.getRun(runId)), keys);
    assert.deepEqual(Object.keys((await store.listRuns())[0]), keys);
    assert.deepEqual(Object.keys((await store.queryRuns()).runs[0]), keys);
  });

  test('resumeRun sets a run that has ended back to running, and keeps what it has', async (t) => {
    const store = open(t);
    const runId = await newRun(store, { tags: ['nightly'] });
    await store.saveResults(runId, [{ idx: 0, key: 'k0', input: 0, scores: [{ scorer_name: 's', score: 1 }] }]);
    const before = await store.getRun(runId);
    for (const status of ['failed', 'completed']) {
      await store.finishRun(runId, status, await store.getRunSummary(runId));
      assert.equal(await store.resumeRun(runId), undefined);
      assert.deepEqual(await store.getRun(runId), before);
    }
    assert.deepEqual(await store.missingCases(runId, ['k0', 'k1']), ['k1']);
    assert.deepEqual((await store.getRunSummary(runId)).meanScores, { s: 1 });
    await store.saveBenchmarkResult(runId, { benchmark: 'b', score: 1, num_examples: 1, num_correct: 1 });
    await store.finalizeRun(runId);
    await store.resumeRun(runId, null);
    assert.equal((await store.getRun(runId)).scores, undefined);
    assert.equal((await store.getBenchmarkResult(runId, 'b')).score, 1);
  });

  test('a run that is not there cannot be resumed', async (t) => {
    const store = open(t);
    await assert.rejects(async () => store.resumeRun('nowhere'), {
      code: 'ERR_RUNSTORE_NOT_FOUND',
      message: /resumeRun: there is no run with id "nowhere"/,
    });
  });

  test('recoverRuns never changes runs of a live process, however old their heartbeat is', async (t) => {
    const store = open(t);
    const runId = await newRun(store);
    while (Date.now() <= (await store.getRun(runId)).started_at);
    const report = await store.recoverRuns({ olderThanMs: 0 });
    assert.deepEqual(report, { runs: [], dryRun: false, alive: 1, unknown: 0 });
    assert.equal((await store.getRun(runId)).status, 'running');
    assert.equal((await store.doctor({ staleAfterMs: 0, fix: true, failStaleRuns: true })).fixed.length, 0);
    assert.equal((await store.getRun(runId)).status, 'running');
  });

  for (const [method, args, name, message] of [
    ['recoverRuns', [{ olderThanMs: -1 }], 'RangeError', /options\.olderThanMs must be a whole number from 0/],
    ['recoverRuns', [{ olderThanMs: '1' }], 'TypeError', /options\.olderThanMs must be a number, not a string/],
    ['recoverRuns', [{ suiteId: 1 }], 'TypeError', /options\.suiteId must be a string/],
    ['recoverRuns', [{ dryRun: 1 }], 'TypeError', /options\.dryRun must be a boolean/],
    ['recoverRuns', [{ olderThan: 1 }], 'TypeError', /options\.olderThan is not an option; did you mean olderThanMs\?/],
    ['recoverRuns', [5], 'TypeError', 'recoverRuns: options must be an object, not the number 5'],
    ['resumeRun', ['r', { olderThanMs: 0.5 }], 'RangeError', /options\.olderThanMs must be a whole number from 0/],
    ['resumeRun', ['r', { force: true }], 'TypeError', /options\.force is not an option; there are olderThanMs/],
  ]) {
    test(`${method} refuses ${JSON.stringify(args)}`, async (t) => {
      await assert.rejects(async () => open(t)[method](...args), {
        name,
        code: 'ERR_RUNSTORE_INVALID_ARGUMENT',
        message,
      });
    });
  }
});

if (isTold) {
  test('a run of a process that was killed is recognised and marked, as of its last heartbeat', async (t) => {
    const path = newPath(t);
    const { id, pid, died } = await othersRun(t, path);
    const store = openStore(t, path);
    assert.equal(store.getRunOwner(id).pid, pid);
    assert.equal(store.getRunOwner(id).alive, true);
    assert.deepEqual(store.recoverRuns({ olderThanMs: 0 }), { runs: [], dryRun: false, alive: 1, unknown: 0 });

    await died();
    const { heartbeat_at, alive, host } = store.getRunOwner(id);
    assert.equal(alive, false);
    const { suite_id, started_at } = store.getRun(id);
    const expected = {
      id,
      suiteId: suite_id,
      name: 'interrupted',
      model: 'm',
      startedAt: started_at,
      finishedAt: Math.max(heartbeat_at, started_at),
      cases: 1,
      reason: 'gone',
      pid,
      host,
    };
    const nothingElse = { alive: 0, unknown: 0 };
    assert.deepEqual(store.recoverRuns({ dryRun: true }), { runs: [expected], dryRun: true, ...nothingElse });
    assert.equal(store.getRun(id).status, 'running');
    const other = store.createSuite('another').id;
    assert.equal(store.recoverRuns({ suiteId: other }).runs.length, 0);
    const [stale] = store.doctor().staleRuns.first;
    assert.deepEqual([stale.id, stale.reason, stale.lastHeartbeatAt], [id, 'gone', expected.finishedAt]);

    assert.deepEqual(store.recoverRuns(), { runs: [expected], dryRun: false, ...nothingElse });
    const run = store.getRun(id);
    assert.deepEqual([run.status, run.finished_at], ['failed', expected.finishedAt]);
    assert.deepEqual(store.recoverRuns(), { runs: [], dryRun: false, ...nothingElse });
    assert.deepEqual(store.getRun(id), run);
    assert.equal(store.countCases(id), 1);
  });

  test('a process that is stopped lives', async (t) => {
    const path = newPath(t);
    const { id, child, died } = await othersRun(t, path);
    child.kill('SIGSTOP');
    const store = openStore(t, path);
    assert.equal(store.recoverRuns({ olderThanMs: 0 }).alive, 1);
    assert.throws(() => store.resumeRun(id, { olderThanMs: 0 }), { code: 'ERR_RUNSTORE_BUSY' });
    await died();
    assert.equal(store.recoverRuns().runs.length, 1);
  });

  test('a run is resumed when its process has died, and not while it lives', async (t) => {
    const path = newPath(t);
    const { id, pid, died } = await othersRun(t, path);
    const store = openPromiseStore(t, path);
    await assert.rejects(store.resumeRun(id, { olderThanMs: 0 }), {
      code: 'ERR_RUNSTORE_BUSY',
      message: new RegExp(`resumeRun: process ${pid} on ".+" is working on run "${id}"`),
    });
    await died();
    await store.resumeRun(id);
    assert.equal((await store.getRunOwner(id)).pid, process.pid);
    assert.deepEqual(await store.missingCases(id, ['k0', 'k1']), ['k1']);
    assert.equal((await store.recoverRuns()).alive, 1);
  });

  test('of several processes that resume a run at once, one gets it', async (t) => {
    const path = newPath(t);
    const { id, died } = await othersRun(t, path);
    await died();
    const program = `
      try { store.resumeRun('${id}'); say('got it.'); } catch (error) { say(error.code + '.'); }
      setInterval(() => {}, 1000);`;
    const others = Array.from({ length: 4 }, () => start(t, path, program));
    await Promise.all(others.map((other) => other.said('.')));
    const said = others.map((other) => other.output().trim());
    assert.deepEqual(said.sort(), [...Array(3).fill('ERR_RUNSTORE_BUSY.'), 'got it.']);
    const winner = others.find((other) => other.output().includes('got it'));
    assert.equal(openStore(t, path).getRunOwner(id).pid, winner.child.pid);
  });

  test('the doctor marks runs failed whose process has died, and no others, when it repairs', async (t) => {
    const path = newPath(t);
    const { id, died } = await othersRun(t, path);
    await died();
    const store = openStore(t, path);
    const mine = newRun(store);
    const foreign = newRun(store);
    change(path, `UPDATE runs SET ${elsewhere} WHERE id = '${foreign}'`);
    assert.deepEqual(store.doctor({ staleAfterMs: 0 }).advice.filter((words) => /fail/.test(words)).length > 0, true);
    const { fixed, healthy } = store.doctor({ fix: true });
    assert.deepEqual(fixed, [{ action: 'stale runs marked as failed', count: 1 }]);
    assert.equal(healthy, true);
    assert.deepEqual(
      [id, mine, foreign].map((run) => store.getRun(run).status),
      ['failed', 'running', 'running'],
    );
  });

  test('who writes to a run whose owner has died becomes its owner', async (t) => {
    const path = newPath(t);
    const { id, pid, died } = await othersRun(t, path);
    const store = openStore(t, path);
    store.saveResults(id, [{ idx: 1, input: 1 }]);
    assert.equal(store.getRunOwner(id).pid, pid);
    await died();
    openStore(t, path).saveResults(id, [{ idx: 2, input: 2 }]);
    assert.equal(store.getRunOwner(id).pid, process.pid);
    assert.equal(store.recoverRuns().alive, 1);
  });

  test('a number that was given to another process is not taken for the owner', (t) => {
    const path = newPath(t);
    const store = openStore(t, path);
    const runId = newRun(store);
    change(path, `UPDATE runs SET owner_marks = '1 ' || substr(owner_marks, instr(owner_marks, ' ') + 1)`);
    assert.equal(store.getRunOwner(runId).alive, false);
    assert.equal(store.recoverRuns().runs[0].reason, 'gone');
  });
}

test('of runs from elsewhere and of other programs, only those are marked that were silent for too long', (t) => {
  const path = newPath(t);
  const store = openStore(t, path);
  const ago = 60_000;
  const sign = Date.now() - ago;
  const [far, old, fresh] = ['far', 'old', 'fresh'].map((id) => newRun(store, { id }));
  store.saveResults(old, [{ idx: 0, input: 0, started_at: sign - 1 }]);
  const nobody = 'owner_pid = NULL, owner_host = NULL, owner_marks = NULL, heartbeat_at = NULL';
  change(
    path,
    `UPDATE runs SET started_at = ${sign - 5000};
     UPDATE runs SET ${elsewhere}, heartbeat_at = ${sign} WHERE id = 'far';
     UPDATE runs SET ${nobody} WHERE id = 'old';
     UPDATE runs SET ${elsewhere} WHERE id = 'fresh';`,
  );
  assert.equal(store.getRunOwner(far).alive, null);
  assert.equal(store.getRunOwner(old), undefined);
  assert.deepEqual(store.recoverRuns(), { runs: [], dryRun: false, alive: 0, unknown: 3 });
  assert.deepEqual(store.recoverRuns({ olderThanMs: 2 * ago }).runs, []);
  assert.deepEqual(
    store.doctor({ staleAfterMs: ago / 2 }).staleRuns.first.map(({ id, reason }) => [id, reason]),
    [
      [far, 'silent'],
      [old, 'silent'],
    ],
  );
  const { runs, unknown } = store.recoverRuns({ olderThanMs: ago / 2 });
  assert.deepEqual(
    runs.map(({ id, reason, finishedAt, pid, host }) => ({ id, reason, finishedAt, pid, host })),
    [
      { id: far, reason: 'silent', finishedAt: sign, pid: process.pid, host: 'elsewhere' },
      { id: old, reason: 'silent', finishedAt: sign - 1, pid: null, host: null },
    ],
  );
  assert.equal(unknown, 1);
  assert.deepEqual(
    [far, old, fresh].map((id) => store.getRun(id).status),
    ['failed', 'failed', 'running'],
  );
  assert.equal(store.getRun(far).finished_at, sign);
});

test('a run of elsewhere is resumed only when the caller says after how long', (t) => {
  const path = newPath(t);
  const store = openStore(t, path);
  const runId = newRun(store);
  change(path, `UPDATE runs SET ${elsewhere}, heartbeat_at = ${Date.now() - 60_000}`);
  const refused = {
    code: 'ERR_RUNSTORE_BUSY',
    message: /on "elsewhere" may be working on run .* 6\d s ago; options\.olderThanMs says/,
  };
  assert.throws(() => store.resumeRun(runId), refused);
  assert.throws(() => store.resumeRun(runId, { olderThanMs: 600_000 }), refused);
  store.resumeRun(runId, { olderThanMs: 30_000 });
  assert.equal(store.getRunOwner(runId).pid, process.pid);
  // A run that has ended has no owner.
  store.finishRun(runId, 'failed');
  change(path, `UPDATE runs SET ${elsewhere}`);
  store.resumeRun(runId);
  assert.equal(store.getRun(runId).status, 'running');
});

test('so is a run of a program that does not name its process', (t) => {
  const path = newPath(t);
  const store = openStore(t, path);
  const runId = newRun(store);
  change(path, 'UPDATE runs SET owner_pid = NULL, owner_host = NULL, owner_marks = NULL, heartbeat_at = NULL');
  assert.throws(() => store.resumeRun(runId), {
    code: 'ERR_RUNSTORE_BUSY',
    message: /another program may be working on run/,
  });
  store.resumeRun(runId, { olderThanMs: 0 });
  assert.equal(store.getRunOwner(runId).pid, process.pid);
});

test('times that are not over yet, and that make no sense, do not end a run in the future or before its start', (t) => {
  const path = newPath(t);
  const store = openStore(t, path);
  const ids = ['future', 'backwards', 'nonsense'].map((id) => newRun(store, { id }));
  const now = Date.now();
  change(
    path,
    `UPDATE runs SET owner_marks = '1 ' || substr(owner_marks, instr(owner_marks, ' ') + 1);
     UPDATE runs SET owner_pid = NULL WHERE ${isTold ? 0 : 1};
     UPDATE runs SET started_at = ${now + 1e9}, heartbeat_at = ${now + 2e9} WHERE id = 'future';
     UPDATE runs SET heartbeat_at = 5 WHERE id = 'backwards';
     UPDATE runs SET heartbeat_at = 'never', owner_marks = x'ff00', owner_host = 7 WHERE id = 'nonsense';`,
  );
  const backwards = store.getRun('backwards').started_at;
  while (Date.now() <= backwards);
  const { runs } = store.recoverRuns({ olderThanMs: 0 });
  const ends = Object.fromEntries(runs.map(({ id, finishedAt }) => [id, finishedAt]));
  assert.equal(ends.backwards, backwards);
  if (isTold) assert.ok(ends.future >= now && ends.future <= Date.now(), `${ends.future}`);
  assert.ok(ids.every((id) => store.getRun(id) !== undefined));
});

test('scores keep the heartbeat of each run that they are of', async (t) => {
  const path = newPath(t);
  const first = openStore(t, path);
  const runs = [0, 1, 2, 3].map(() => newRun(first));
  const cases = runs.map((run) => first.saveResults(run, [{ idx: 0, input: 0 }])[0]);
  first.close();
  change(path, 'UPDATE runs SET heartbeat_at = 1');
  const score = (at) => ({ case_id: cases[at], scorer_name: 'exact', score: 1 });
  const store = openStore(t, path);
  const before = Date.now();
  store.saveScores([score(0)]);
  store.saveScores([score(1)]);
  store.saveScores([score(0), score(2), score(2)]);
  const heartbeats = runs.map((run) => store.getRunOwner(run).heartbeat_at >= before);
  assert.deepEqual(heartbeats, [true, true, true, false]);
});

test('an open store of this process is not robbed of its run by another', (t) => {
  const path = newPath(t);
  const [one, other] = [openStore(t, path), openStore(t, path)];
  const run = newRun(one);
  one.resumeRun(run);
  const busy = {
    code: 'ERR_RUNSTORE_BUSY',
    message:
      /another open store of this process may be working on run .* last heartbeat was \d+ s ago; options\.olderThanMs/,
  };
  assert.throws(() => other.resumeRun(run), busy);
  assert.equal(other.getRunOwner(run).pid, process.pid);
  other.resumeRun(run, { olderThanMs: 0 });
  assert.throws(() => one.resumeRun(run), busy);
  other.close();
  one.resumeRun(run);
});

test('of worker threads that resume one run, one gets it', async (t) => {
  const path = newPath(t);
  const store = openStore(t, path);
  const run = newRun(store);
  store.finishRun(run, 'failed');
  const code = `
    const { parentPort, workerData } = require('node:worker_threads');
    const { RunStore } = require('runstore');
    const store = new RunStore(workerData.path);
    try {
      store.resumeRun(workerData.run);
      parentPort.postMessage('resumed');
    } catch (error) {
      parentPort.postMessage(error.code);
    }
    parentPort.once('message', () => store.close());`;
  const workers = Array.from({ length: 4 }, () => new Worker(code, { eval: true, workerData: { path, run } }));
  const said = await Promise.all(workers.map(async (worker) => (await once(worker, 'message'))[0]));
  const busy = 'ERR_RUNSTORE_BUSY';
  assert.deepEqual(said.sort(), [busy, busy, busy, 'resumed']);
  await Promise.all(
    workers.map((worker) => {
      worker.postMessage('end');
      return once(worker, 'exit');
    }),
  );
  store.resumeRun(run);
});
