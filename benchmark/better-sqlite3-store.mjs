/**
 * The store as a careful engineer would write it by hand on better-sqlite3: the documented tables, WAL, every statement
 * prepared once, every batch in a transaction, sums made by SQL. Only the operations that are measured.
 */

import { randomUUID } from 'node:crypto';

const SCHEMA = `
  PRAGMA journal_mode = WAL;
  PRAGMA synchronous = NORMAL;
  PRAGMA foreign_keys = ON;
  CREATE TABLE IF NOT EXISTS suites (
    id TEXT PRIMARY KEY, name TEXT NOT NULL, created_at INTEGER NOT NULL
  );
  CREATE TABLE IF NOT EXISTS runs (
    id TEXT PRIMARY KEY,
    suite_id TEXT NOT NULL REFERENCES suites(id) ON DELETE CASCADE,
    name TEXT NOT NULL, model TEXT NOT NULL, config TEXT,
    started_at INTEGER NOT NULL, finished_at INTEGER,
    status TEXT NOT NULL DEFAULT 'running' CHECK (status IN ('running', 'completed', 'failed')),
    summary TEXT
  );
  CREATE INDEX IF NOT EXISTS idx_runs_suite_id ON runs(suite_id);
  CREATE INDEX IF NOT EXISTS idx_runs_started_at ON runs(started_at);
  CREATE TABLE IF NOT EXISTS cases (
    id TEXT PRIMARY KEY,
    run_id TEXT NOT NULL REFERENCES runs(id) ON DELETE CASCADE,
    idx INTEGER NOT NULL, input TEXT NOT NULL, output TEXT, expected TEXT,
    latency_ms INTEGER, tokens_in INTEGER, tokens_out INTEGER, error TEXT
  );
  CREATE INDEX IF NOT EXISTS idx_cases_run_id ON cases(run_id);
  CREATE TABLE IF NOT EXISTS scores (
    id TEXT PRIMARY KEY,
    case_id TEXT NOT NULL REFERENCES cases(id) ON DELETE CASCADE,
    scorer_name TEXT NOT NULL, score REAL NOT NULL, reason TEXT
  );
  CREATE INDEX IF NOT EXISTS idx_scores_case_id ON scores(case_id);
`;

const STATEMENTS = {
  insertSuite: 'INSERT INTO suites (id, name, created_at) VALUES (?, ?, ?)',
  listSuites: 'SELECT id, name, created_at FROM suites ORDER BY created_at DESC',
  insertRun: 'INSERT INTO runs (id, suite_id, name, model, config, started_at) VALUES (?, ?, ?, ?, ?, ?)',
  finishRun: 'UPDATE runs SET finished_at = ?, status = ?, summary = ? WHERE id = ?',
  getRun: 'SELECT * FROM runs WHERE id = ?',
  insertCase: 'INSERT INTO cases VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)',
  insertScore: 'INSERT INTO scores VALUES (?, ?, ?, ?, ?)',
  getCases: 'SELECT * FROM cases WHERE run_id = ? ORDER BY idx',
  getFailingCases: `SELECT c.*, s.scorer_name, s.score, s.reason
    FROM cases c JOIN scores s ON s.case_id = c.id WHERE c.run_id = ? AND s.score < ? ORDER BY c.idx`,
  totals: `SELECT count(*) AS totalCases, coalesce(sum(latency_ms), 0) AS totalLatencyMs,
    coalesce(sum(tokens_in), 0) AS totalTokensIn, coalesce(sum(tokens_out), 0) AS totalTokensOut
    FROM cases WHERE run_id = ?`,
  means: `SELECT s.scorer_name, avg(s.score) AS mean
    FROM scores s JOIN cases c ON c.id = s.case_id WHERE c.run_id = ? GROUP BY s.scorer_name`,
  passed: `SELECT count(*) AS scored, coalesce(sum(lowest >= ?), 0) AS passed FROM (
    SELECT min(s.score) AS lowest FROM cases c JOIN scores s ON s.case_id = c.id WHERE c.run_id = ? GROUP BY c.id)`,
};

const orNull = (value) => (value == null ? null : JSON.stringify(value));
const parsed = (value) => (value ? JSON.parse(value) : null);

const toCase = (row) => ({
  id: row.id,
  run_id: row.run_id,
  idx: row.idx,
  input: JSON.parse(row.input),
  output: row.output,
  expected: parsed(row.expected),
  latency_ms: row.latency_ms,
  tokens_in: row.tokens_in,
  tokens_out: row.tokens_out,
  error: row.error,
});

export class BetterSqlite3Store {
  #db;
  #sql = {};
  #saveCases;
  #saveScores;

  constructor(db) {
    this.#db = db;
    db.exec(SCHEMA);
    for (const [name, sql] of Object.entries(STATEMENTS)) this.#sql[name] = db.prepare(sql);
    this.#saveCases = db.transaction((cases) => this.#insertCases(cases));
    this.#saveScores = db.transaction((scores) => this.#insertScores(scores));
  }

  #insertCases(cases) {
    const { insertCase } = this.#sql;
    for (const c of cases) {
      insertCase.run(
        c.id,
        c.run_id,
        c.idx,
        JSON.stringify(c.input),
        c.output,
        orNull(c.expected),
        c.latency_ms,
        c.tokens_in,
        c.tokens_out,
        c.error ?? null,
      );
    }
  }

  #insertScores(scores) {
    const { insertScore } = this.#sql;
    for (const s of scores) insertScore.run(s.id, s.case_id, s.scorer_name, s.score, s.reason ?? null);
  }

  createSuite(name) {
    const suite = { id: randomUUID(), name, created_at: Date.now() };
    this.#sql.insertSuite.run(suite.id, suite.name, suite.created_at);
    return suite;
  }

  listSuites() {
    return this.#sql.listSuites.all();
  }

  createRun(run) {
    const id = randomUUID();
    this.#sql.insertRun.run(id, run.suite_id, run.name, run.model, orNull(run.config), Date.now());
    return id;
  }

  finishRun(id, status, summary) {
    this.#sql.finishRun.run(Date.now(), status, orNull(summary), id);
  }

  getRun(id) {
    const row = this.#sql.getRun.get(id);
    return row && { ...row, config: parsed(row.config), summary: parsed(row.summary) };
  }

  saveCases(cases) {
    this.#saveCases.immediate(cases);
  }

  saveScores(scores) {
    this.#saveScores.immediate(scores);
  }

  getCases(runId) {
    return this.#sql.getCases.all(runId).map(toCase);
  }

  getFailingCases(runId, threshold = 0.5) {
    const cases = new Map();
    for (const row of this.#sql.getFailingCases.all(runId, threshold)) {
      let found = cases.get(row.id);
      if (!found) cases.set(row.id, (found = { ...toCase(row), scores: [] }));
      found.scores.push({ scorer_name: row.scorer_name, score: row.score, reason: row.reason });
    }
    return [...cases.values()];
  }

  getRunSummary(runId, threshold = 0.5) {
    const { totalCases, ...totals } = this.#sql.totals.get(runId);
    const { scored, passed } = this.#sql.passed.get(threshold, runId);
    const means = this.#sql.means.all(runId).map((row) => [row.scorer_name, row.mean]);
    const meanScores = Object.fromEntries(means);
    return { totalCases, passCount: passed, failCount: scored - passed, meanScores, ...totals };
  }

  close() {
    this.#db.close();
  }
}
