-- The tables of a run store, schema 1.
--
-- The columns down to the first blank line of each table, and the names of the indexes, are those of
-- @deepagents/evals, so that it opens our files; it adds nothing where a name exists.

CREATE TABLE suites (
  id TEXT PRIMARY KEY,
  name TEXT NOT NULL,
  created_at INTEGER NOT NULL DEFAULT (unixepoch() * 1000)
);

CREATE TABLE runs (
  id TEXT PRIMARY KEY,
  suite_id TEXT NOT NULL,
  name TEXT NOT NULL,
  model TEXT NOT NULL,
  config TEXT,
  started_at INTEGER NOT NULL,
  finished_at INTEGER,
  status TEXT NOT NULL DEFAULT 'running' CHECK(status IN ('running', 'completed', 'failed')),
  summary TEXT,

  tags TEXT,
  metadata TEXT,
  FOREIGN KEY (suite_id) REFERENCES suites(id) ON DELETE CASCADE
);

CREATE TABLE cases (
  id TEXT PRIMARY KEY,
  run_id TEXT NOT NULL,
  idx INTEGER NOT NULL,
  input TEXT NOT NULL,
  output TEXT,
  expected TEXT,
  latency_ms INTEGER,
  tokens_in INTEGER,
  tokens_out INTEGER,
  error TEXT,

  key TEXT,
  trial INTEGER,
  benchmark TEXT,
  cluster TEXT,
  metadata TEXT,
  cost_usd REAL,
  started_at INTEGER,
  FOREIGN KEY (run_id) REFERENCES runs(id) ON DELETE CASCADE
);

CREATE TABLE scores (
  id TEXT PRIMARY KEY,
  case_id TEXT NOT NULL,
  scorer_name TEXT NOT NULL,
  score REAL NOT NULL,
  reason TEXT,

  metadata TEXT,
  answer TEXT,
  FOREIGN KEY (case_id) REFERENCES cases(id) ON DELETE CASCADE
);

CREATE TABLE prompts (
  id TEXT PRIMARY KEY,
  name TEXT NOT NULL,
  version INTEGER NOT NULL,
  content TEXT NOT NULL,
  created_at INTEGER NOT NULL DEFAULT (unixepoch() * 1000),
  UNIQUE(name, version)
);
