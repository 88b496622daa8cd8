// runstore/maintenance: merging stores, and saving what is readable in a damaged one.

import assert from 'node:assert/strict';
import { closeSync, existsSync, openSync, statSync, truncateSync, writeFileSync, writeSync } from 'node:fs';
import { test } from 'node:test';
import { RunStoreError } from 'runstore';
import { merge, salvage } from 'runstore/maintenance';
import { newPath, openStore } from './support/connections.mjs';
import { newCases, newRun } from './support/data.mjs';
import { openBetterSqlite3 } from './support/reference-packages.mjs';

/** Makes a closed store of one run with one case; returns its path and the id of the run. */
function shard(t, name) {
  const path = newPath(t);
  const store = openStore(t, path);
  const suite_id = store.createSuite('capitals').id;
  const runId = store.createRun({ suite_id, name, model: name });
  store.saveResults(runId, [{ idx: 0, input: name, output: 'Paris', scores: [{ scorer_name: 'exact', score: 1 }] }]);
  store.finishRun(runId, 'completed');
  store.close();
  return { path, runId };
}

test('merge makes one store of the parts of a matrix', (t) => {
  const parts = [shard(t, 'small'), shard(t, 'large')];
  const out = newPath(t);
  const report = merge(out, new Set(parts.map(({ path }) => path)));
  assert.equal(report.out, out);
  assert.deepEqual(
    report.files.map(({ path }) => path),
    parts.map(({ path }) => path),
  );
  const { tables } = report.files[1];
  assert.deepEqual(
    tables.find(({ table }) => table === 'scores'),
    { table: 'scores', added: 1, known: 0 },
  );
  const store = openStore(t, out);
  assert.equal(store.listSuites().length, 2);
  for (const { path, runId } of parts) {
    const part = openStore(t, path);
    assert.deepEqual(store.getRun(runId), part.getRun(runId));
    assert.deepEqual(store.getFailingCases(runId, Infinity), part.getFailingCases(runId, Infinity));
  }
});

test('merge with uniteSuites moves the runs of suites with the same name to one suite', (t) => {
  const parts = [shard(t, 'small'), shard(t, 'large')];
  const out = newPath(t);
  merge(
    out,
    parts.map(({ path }) => path),
    { uniteSuites: true },
  );
  const store = openStore(t, out);
  const [suite] = store.listSuites();
  assert.equal(store.listSuites().length, 1);
  assert.deepEqual(
    store.listRuns(suite.id).map(({ name }) => name),
    ['small', 'large'],
  );
});

test('merge throws when rows contradict each other, lists them, and writes nothing', (t) => {
  const { path, runId } = shard(t, 'small');
  const copy = newPath(t);
  const store = openStore(t, path);
  store.backup(copy);
  const other = openStore(t, copy);
  other.renameRun(runId, 'renamed');
  other.close();
  const out = newPath(t);
  let error;
  try {
    merge(out, [path, copy]);
  } catch (caught) {
    error = caught;
  }
  assert.ok(error instanceof RunStoreError);
  assert.equal(error.code, 'ERR_RUNSTORE_CONSTRAINT');
  assert.deepEqual(error.conflicts, {
    count: 1,
    first: [{ table: 'runs', key: runId, columns: ['name'], path: copy }],
  });
  assert.ok(
    error.message.includes(runId) && error.message.includes(copy) && error.message.includes(out),
    error.message,
  );
  assert.equal(existsSync(out), false);
});

test('merge refuses bad arguments by name', (t) => {
  const { path } = shard(t, 'small');
  const refused = (args, expected) => assert.throws(() => merge(...args), expected);
  refused([1, []], { name: 'TypeError', message: 'merge: out must be a string, not the number 1' });
  refused([newPath(t), path], { name: 'TypeError', message: 'merge: inputs must be an array of paths, not a string' });
  refused([newPath(t), [null]], { name: 'TypeError', message: 'merge: inputs[0] must be a string, not null' });
  refused([newPath(t), []], { name: 'RangeError', message: 'merge: inputs must not be empty' });
  refused([path, [path]], { code: 'ERR_RUNSTORE_INVALID_ARGUMENT', message: /both an input and the output/ });
  refused([newPath(t), [path], { uniteSuites: 'yes' }], { name: 'TypeError' });
  refused([newPath(t), [newPath(t)]], { code: 'ERR_RUNSTORE_NOT_FOUND' });
});

/** Makes a closed store of 500 cases with a score each. */
function closedStore(t) {
  const path = newPath(t);
  const store = openStore(t, path);
  const runId = newRun(store);
  store.saveCases(newCases(runId, 500, () => ({ output: 'a long answer '.repeat(20) })));
  store.saveScores(
    Array.from({ length: 500 }, (_, at) => ({ case_id: `c${at}`, scorer_name: 'exact', score: at % 2 })),
  );
  store.close();
  return { path, runId };
}

/** Overwrites a page of the cases. */
function damage(path) {
  const db = openBetterSqlite3(path, { readonly: true });
  const sql = `SELECT pageno FROM dbstat WHERE name = 'cases' AND pagetype = 'leaf' ORDER BY path LIMIT 1 OFFSET 5`;
  const { pageno } = db.prepare(sql).get();
  db.close();
  const file = openSync(path, 'r+');
  writeSync(file, Buffer.alloc(4096, 0xaa), 0, 4096, (pageno - 1) * 4096);
  closeSync(file);
}

test('salvage creates an intact store from the readable rows, and names the lost ones', (t) => {
  const { path, runId } = closedStore(t);
  damage(path);
  assert.throws(() => openStore(t, path).getCases(runId), { code: 'ERR_RUNSTORE_CORRUPT' });
  const out = newPath(t);
  const report = salvage(path, out);
  assert.deepEqual([report.path, report.out], [path, out]);
  const { rows, lost } = report.tables.find(({ name }) => name === 'cases');
  assert.ok(lost.count > 0 && lost.count < 50, JSON.stringify(report));
  assert.equal(rows + lost.count, 500);
  assert.equal(report.orphaned, lost.count);

  const store = openStore(t, out);
  const rescued = new Set(store.getCases(runId).map(({ id }) => id));
  assert.equal(rescued.size, rows);
  for (const { id } of lost.first) assert.equal(rescued.has(id), false);
  assert.equal(store.doctor().healthy, true);
});

test('salvage reads a file that lost its end', (t) => {
  const { path, runId } = closedStore(t);
  truncateSync(path, statSync(path).size / 2);
  assert.throws(() => openStore(t, path), { code: 'ERR_RUNSTORE_CORRUPT' });
  const out = newPath(t);
  salvage(path, out);
  const store = openStore(t, out);
  assert.equal(store.getRun(runId).name, 'run');
  assert.ok(store.countCases(runId) > 100);
});

test('salvage refuses a missing file, one that is not a database, and to overwrite', (t) => {
  const { path } = closedStore(t);
  const text = newPath(t);
  writeFileSync(text, 'Dear reader, this is no database. '.repeat(500));
  assert.throws(() => salvage(newPath(t), newPath(t)), { code: 'ERR_RUNSTORE_NOT_FOUND' });
  assert.throws(() => salvage(text, newPath(t)), { code: 'ERR_RUNSTORE_NOT_A_DATABASE' });
  assert.throws(() => salvage(path, text), { code: 'ERR_RUNSTORE_EXISTS', message: /^salvage: .* exists already/ });
  assert.throws(() => salvage(path), { name: 'TypeError', message: 'salvage: out must be a string, not undefined' });
});
