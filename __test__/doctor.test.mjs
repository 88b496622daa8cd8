// The doctor: which damage it finds in a store, and which it repairs.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { onEveryConnection } from './support/conformance.mjs';
import { newPath, openStore } from './support/connections.mjs';
import { newRun, scoredRun } from './support/data.mjs';
import { openBetterSqlite3 } from './support/reference-packages.mjs';

/** Changes a file past the store. */
function change(path, sql) {
  const db = openBetterSqlite3(path);
  db.pragma('foreign_keys = OFF');
  db.exec(sql);
  db.close();
}

onEveryConnection((open) => {
  test('doctor finds nothing wrong with a store in use', async (t) => {
    const store = open(t);
    await scoredRun(store, [{ exact: 1 }, { exact: 0 }]);
    const { healthy, integrity, dangling, schema, unreadable, staleRuns, fixed, advice } = await store.doctor();
    assert.deepEqual(
      { healthy, integrity, dangling, schema, unreadable, staleRuns, fixed, advice },
      {
        healthy: true,
        integrity: { count: 0, first: [] },
        dangling: { count: 0, first: [] },
        schema: { count: 0, first: [] },
        unreadable: { count: 0, first: [] },
        staleRuns: { count: 0, first: [] },
        fixed: [],
        advice: [],
      },
    );
  });

  test('doctor lists runs that their process has not written to for too long, and leaves them running', async (t) => {
    const store = open(t);
    const runId = await newRun(store, { name: 'forgotten' });
    while (Date.now() <= (await store.getRunOwner(runId)).heartbeat_at);
    assert.equal((await store.doctor()).staleRuns.count, 0);
    const report = await store.doctor({ staleAfterMs: 0, fix: true, failStaleRuns: true });
    const [{ ageMs, suiteId, ...stale }] = report.staleRuns.first;
    const run = await store.getRun(runId);
    assert.deepEqual(stale, {
      id: runId,
      name: 'forgotten',
      model: 'model',
      startedAt: run.started_at,
      lastHeartbeatAt: (await store.getRunOwner(runId)).heartbeat_at,
      cases: 0,
      reason: 'idle',
    });
    assert.ok(ageMs > 0 && suiteId === run.suite_id);
    assert.equal(run.status, 'running');
    assert.deepEqual(report.fixed, []);
    assert.deepEqual(report.advice, ['Some runs are silent although their process is alive: check these processes.']);
  });
});

test('doctor lists runs of other programs that were silent for too long, and marks them failed when it is asked to', (t) => {
  const path = newPath(t);
  const store = openStore(t, path);
  const runId = newRun(store, { name: 'given up' });
  change(path, 'UPDATE runs SET owner_pid = NULL, heartbeat_at = NULL');
  const { started_at } = store.getRun(runId);
  while (Date.now() <= started_at);
  assert.equal(store.doctor().staleRuns.count, 0);
  const [stale] = store.doctor({ staleAfterMs: 0, fix: true }).staleRuns.first;
  const { id, name, model, startedAt, lastHeartbeatAt, cases, reason } = stale;
  assert.deepEqual(
    { id, name, model, startedAt, lastHeartbeatAt, cases, reason },
    {
      id: runId,
      name: 'given up',
      model: 'model',
      startedAt: started_at,
      lastHeartbeatAt: started_at,
      cases: 0,
      reason: 'silent',
    },
  );
  assert.equal(store.getRun(runId).status, 'running');
  const { fixed, staleRuns } = store.doctor({ staleAfterMs: 0, failStaleRuns: true });
  assert.deepEqual(fixed, [{ action: 'stale runs marked as failed', count: 1 }]);
  assert.equal(staleRuns.count, 0);
  const { status, finished_at } = store.getRun(runId);
  assert.deepEqual([status, finished_at], ['failed', started_at]);
});

test('a run with a row that is not JSON can be listed again once doctor has set the value aside', (t) => {
  const path = newPath(t);
  const store = openStore(t, path);
  const runId = scoredRun(store, [{ exact: 1 }, { exact: 0 }]);
  change(path, `UPDATE cases SET input = 'Capital of France?' WHERE id = 'c1'`);
  assert.throws(() => store.getCases(runId), {
    code: 'ERR_RUNSTORE_CORRUPT',
    message: /input of case "c1" is not JSON/,
  });

  const { healthy, unreadable } = store.doctor();
  assert.equal(healthy, false);
  const [{ table, id, column }] = unreadable.first;
  assert.deepEqual({ table, id, column }, { table: 'cases', id: 'c1', column: 'input' });
  assert.throws(() => store.getCases(runId), { code: 'ERR_RUNSTORE_CORRUPT' });

  const repaired = store.doctor({ fix: true });
  assert.equal(repaired.healthy, true);
  assert.deepEqual(
    repaired.fixed.map(({ count }) => count),
    [1],
  );
  assert.deepEqual(
    store.getCases(runId).map(({ input }) => input),
    ['input', null],
  );
  assert.deepEqual(store.getRunSummary(runId).meanScores, { exact: 0.5 });
  const db = openBetterSqlite3(path, { readonly: true });
  t.after(() => db.close());
  const [kept] = db.prepare('SELECT table_name, row_id, column_name, value FROM damaged_values').all();
  assert.deepEqual(
    { ...kept },
    { table_name: 'cases', row_id: 'c1', column_name: 'input', value: 'Capital of France?' },
  );
});

test('doctor moves rows that refer to nothing to tables of their own', (t) => {
  const path = newPath(t);
  const store = openStore(t, path);
  const runId = scoredRun(store, [{ exact: 1 }, { exact: 0 }]);
  change(path, `DELETE FROM cases WHERE id = 'c0'`);
  assert.deepEqual(store.doctor().dangling, { count: 1, first: [{ table: 'scores', rowid: 1, parent: 'cases' }] });
  assert.equal(store.doctor({ fix: true }).healthy, true);
  assert.equal(store.countCases(runId), 1);
});

test('doctor of a read-only store only checks, and refuses to repair', (t) => {
  const path = newPath(t);
  scoredRun(openStore(t, path), [{ exact: 1 }]);
  change(path, `UPDATE runs SET config = '{'; DROP INDEX idx_cases_run_id`);
  const store = openStore(t, path, { readOnly: true });
  const { unreadable, schema } = store.doctor();
  assert.deepEqual([unreadable.count, schema.count], [1, 1]);
  assert.throws(() => store.doctor({ fix: true }), { code: 'ERR_RUNSTORE_READONLY' });
});

test('doctor refuses bad options by name', (t) => {
  const store = openStore(t, ':memory:');
  const refused = (options, name, message) => assert.throws(() => store.doctor(options), { name, message });
  refused(null, 'TypeError', 'doctor: options must be an object, not null');
  refused({ staleAfterMs: '1' }, 'TypeError', 'doctor: options.staleAfterMs must be a number, not a string');
  refused({ staleAfterMs: -1 }, 'RangeError', /^doctor: options.staleAfterMs must be a whole number from 0/);
  refused({ fix: 1 }, 'TypeError', 'doctor: options.fix must be a boolean, not the number 1');
  store.close();
  assert.throws(() => store.doctor(), { code: 'ERR_RUNSTORE_CLOSED' });
});

test('a damaged text of turns is found and set aside, and is intact after it is saved again', async (t) => {
  const path = newPath(t);
  const store = openStore(t, path);
  const runId = await newRun(store);
  const character = (at) => String.fromCharCode(97 + at);
  const texts = Array.from({ length: 5 }, (_, at) => character(at).repeat(1000 + at));
  const parts = [{ type: 'text', text: 'f'.repeat(2000) }];
  const short = [{ type: 'text', text: 'g' }];
  const contents = [...texts, parts, short];
  const episode = (idx) => ({
    benchmark: 'maze',
    idx,
    turns: contents.map((content) => ({ role: 'system', content })),
  });
  const said = async (idx) => (await store.getTrajectory(runId, 'maze', idx)).turns.map(({ content }) => content);
  await store.saveTrajectories(runId, [episode(0), episode(1)]);
  assert.equal((await store.doctor()).healthy, true);

  // No zstd, another length, another text of that length, no text at all, and nothing wrong; parts and a short part: no JSON.
  change(
    path,
    `UPDATE texts SET content = x'00010203' WHERE length = 1000;
     UPDATE texts SET length = 999 WHERE length = 1001;
     UPDATE texts SET content = (SELECT content FROM texts WHERE length = 1002), length = 1002 WHERE length = 1003;
     UPDATE texts SET content = '', hash = 'x' WHERE length = 1004;
     UPDATE texts SET content = 'no JSON', length = 7 WHERE length > 2000;
     UPDATE turns SET content = '[' WHERE content LIKE '[%' AND trajectory_id = (SELECT min(id) FROM trajectories)`,
  );
  const report = await store.doctor();
  assert.equal(report.healthy, false);
  assert.deepEqual(
    report.unreadable.first.map(({ table, column, reason }) => `${table}.${column}: ${reason}`),
    [
      'turns.content: EOF while parsing a list at line 1 column 1',
      'texts.content: a text cannot be decompressed: its length is another than was written down',
      'texts.content: a text cannot be decompressed: its length is another than was written down',
      'texts.content: it is not the text that was saved',
      'texts.content: it has no hash',
      'texts.content: it is not the text that was saved',
    ],
  );
  await assert.rejects(async () => said(1), { code: 'ERR_RUNSTORE_CORRUPT' });

  const repaired = await store.doctor({ fix: true });
  assert.deepEqual(
    [repaired.healthy, repaired.fixed],
    [true, [{ action: 'unreadable values moved to the table damaged_values', count: 6 }]],
  );
  assert.deepEqual(await said(0), ['', '', texts[2], '', '', [], []]);
  assert.deepEqual(await said(1), ['', '', texts[2], '', '', [], short]);
  await store.saveTrajectories(runId, [episode(2)]);
  assert.deepEqual(await said(2), contents);
  assert.deepEqual(await said(1), ['', '', texts[2], '', '', [], short]);

  const db = openBetterSqlite3(path);
  const kept = db.prepare(`SELECT value FROM damaged_values WHERE table_name = 'texts' AND row_id = '1'`).get();
  assert.deepEqual(kept.value, Buffer.from([0, 1, 2, 3]));
  db.close();
});
