// Old files, and assertions about them after a migration.

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { handles, newPath } from './connections.mjs';
import { projectDirectory } from './reference-packages.mjs';

const fixture = (name) => readFileSync(join(projectDirectory, 'tests/fixtures', name), 'utf8');
export const reference = fixture('reference-0.29.1.sql');
export const rows = fixture('reference-rows.sql');

function replaceOnce(text, from, to) {
  assert.equal(text.split(from).length, 2, `${from} is not once in the text`);
  return text.replace(from, to);
}

export const setNull = replaceOnce(
  replaceOnce(reference, 'suite_id TEXT NOT NULL', 'suite_id TEXT'),
  'REFERENCES suites(id) ON DELETE CASCADE',
  'REFERENCES suites(id) ON DELETE SET NULL',
);
const noReference = replaceOnce(reference, ',\n  FOREIGN KEY (suite_id) REFERENCES suites(id) ON DELETE CASCADE', '');
const noVersions = reference
  .replace(
    /CREATE TABLE prompts \([^;]*;/,
    () =>
      `CREATE TABLE prompts (id TEXT PRIMARY KEY, name TEXT NOT NULL, content TEXT NOT NULL,
      created_at INTEGER NOT NULL DEFAULT (unixepoch() * 1000));`,
  )
  .replace(/CREATE INDEX idx_prompts_name_version[^;]*;/, '');
const prompts = `INSERT INTO prompts (id, name, content, created_at) VALUES
  ('new', 'judge', 'two', 2000), ('old', 'judge', 'one', 1000);`;

/** The SQL of files of every old kind, with rows. The first two need no rebuilt tables. */
export const shapes = {
  'the newest reference': [reference, rows],
  'the first schema of ours': [fixture('runstore-1.sql'), rows],
  'ON DELETE SET NULL': [setNull, rows],
  'no foreign key': [noReference, rows],
  'prompts without versions': [noVersions, rows, prompts],
};
/** The library that creates and reads files without a store. */
export const handle = handles[0];

/** Creates an old file with that library; returns its path. */
export function oldFile(t, scripts) {
  const path = newPath(t);
  const db = handle.open(t, path);
  db.exec('PRAGMA journal_mode = WAL; PRAGMA foreign_keys = OFF');
  for (const script of scripts) db.exec(script);
  db.close();
  return path;
}

/** Asserts that the rows are those in the SQL of the fixture. The run with a BLOB as output is tested in Rust. */
export function assertRows(store) {
  assert.deepEqual(
    store
      .listSuites()
      .map(({ id }) => id)
      .sort(),
    ['suite-a', 'suite-b'],
  );
  assert.deepEqual(store.getRun('run-1'), {
    id: 'run-1',
    suite_id: 'suite-a',
    name: 'first',
    model: 'small',
    config: { temperature: 0 },
    started_at: 1700000001000,
    finished_at: 1700000002000,
    status: 'completed',
    summary: { totalCases: 3 },
  });
  assert.deepEqual(
    store.listRuns().map(({ id }) => id),
    ['run-3', 'run-1', 'run-2'],
  );
  const nothing = { latency_ms: null, tokens_in: null, tokens_out: null };
  assert.deepEqual(store.getCases('run-1'), [
    {
      id: 'case-1',
      run_id: 'run-1',
      idx: 0,
      input: 'France',
      output: 'Paris',
      expected: 'Paris',
      latency_ms: 120,
      tokens_in: 10,
      tokens_out: 2,
      error: null,
    },
    {
      id: 'case-2',
      run_id: 'run-1',
      idx: 1,
      input: { country: '日本' },
      output: '東京',
      expected: null,
      latency_ms: 80.25,
      tokens_in: 11,
      tokens_out: 3,
      error: null,
    },
    {
      id: 'case-3',
      run_id: 'run-1',
      idx: 2,
      input: null,
      output: null,
      expected: null,
      ...nothing,
      error: 'timed out',
    },
  ]);
  assert.deepEqual(
    store.getFailingCases('run-1', Infinity).map(({ id, scores }) => [id, scores]),
    [
      [
        'case-1',
        [
          { scorer_name: 'exact', score: 1, reason: 'same text' },
          { scorer_name: 'length', score: 0.25, reason: null },
        ],
      ],
      ['case-2', [{ scorer_name: 'exact', score: 0, reason: '' }]],
    ],
  );
  const { totalCases, passCount, failCount, totalLatencyMs } = store.getRunSummary('run-1', 0.5);
  assert.deepEqual(
    { totalCases, passCount, failCount, totalLatencyMs },
    { totalCases: 3, passCount: 0, failCount: 2, totalLatencyMs: 200.25 },
  );
}

/** Asserts that a whole run can be saved and deleted, by our store or by the reference. */
export function assertUsable(store) {
  const suite = store.createSuite('after');
  const runId = store.createRun({ suite_id: suite.id, name: 'n', model: 'm' });
  const id = crypto.randomUUID();
  const measures = { latency_ms: 1, tokens_in: 2, tokens_out: 3 };
  store.saveCases([{ id, run_id: runId, idx: 0, input: { a: 1 }, output: 'o', expected: [2], ...measures }]);
  store.saveScores([{ id: crypto.randomUUID(), case_id: id, scorer_name: 's', score: 0.25 }]);
  store.finishRun(runId, 'completed', store.getRunSummary(runId));
  assert.equal(store.getRun(runId).summary.failCount, 1);
  assert.deepEqual(store.getFailingCases(runId)[0].scores, [{ scorer_name: 's', score: 0.25, reason: null }]);
  assert.equal(store.getLatestCompletedRun(suite.id).id, runId);
  const { version } = store.createPrompt('judge', 'x');
  assert.equal(store.createPrompt('judge', 'y').version, version + 1);
  store.deleteSuite(suite.id);
  assert.deepEqual(store.getCases(runId), []);
  for (const prompt of store.listPrompts()) if (['x', 'y'].includes(prompt.content)) store.deletePrompt(prompt.id);
}

export function content(db) {
  const all = (sql) =>
    db
      .prepare(sql)
      .all()
      .map((row) => ({ ...row }));
  return {
    schema: all('SELECT type, name, sql FROM sqlite_master ORDER BY rowid'),
    suites: all('SELECT * FROM suites'),
    runs: all('SELECT * FROM runs'),
    scores: all('SELECT * FROM scores'),
    cases: all("SELECT * FROM cases WHERE id <> 'case-5'"),
    prompts: all('SELECT * FROM prompts'),
  };
}

export const pragma = (db, name) => Object.values(db.prepare(`PRAGMA ${name}`).get())[0];
export const isWhole = (db) => {
  assert.equal(pragma(db, 'integrity_check'), 'ok');
  assert.deepEqual(db.prepare('PRAGMA foreign_key_check').all(), []);
};
export const count = (db, table) => db.prepare(`SELECT count(*) AS count FROM ${table}`).get().count;
