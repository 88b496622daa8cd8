-- The tables of a run store, each after those that it references.
--
-- The first five are tables of @deepagents/evals, so that it can open our files: the columns up to the first blank line
-- of each, and the names of their indexes, are its own, and it adds nothing where a name exists. The others are ours.
--
-- To add a table, write it here and its indexes in indexes.sql, describe both in docs/schema.md, and increment VERSION:
-- creation, migration and the reading of old files follow this file.

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
  label TEXT,
  benchmarks TEXT,
  checkpoint_name TEXT,
  checkpoint_path TEXT,
  git TEXT,
  scores TEXT,
  benchmark_summary TEXT,
  owner_pid INTEGER,
  owner_host TEXT,
  owner_marks TEXT,
  heartbeat_at INTEGER,
  importing INTEGER,
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

-- A named baseline, with which other runs of the suite are compared; deleted with the run.
CREATE TABLE baselines (
  suite_id TEXT NOT NULL,
  name TEXT NOT NULL,
  run_id TEXT NOT NULL,
  set_at INTEGER NOT NULL,
  PRIMARY KEY (suite_id, name),
  FOREIGN KEY (suite_id) REFERENCES suites(id) ON DELETE CASCADE,
  FOREIGN KEY (run_id) REFERENCES runs(id) ON DELETE CASCADE
);

-- The thresholds of a suite, metric by metric.
CREATE TABLE thresholds (
  suite_id TEXT NOT NULL,
  metric TEXT NOT NULL,
  pass_floor REAL,
  warn_floor REAL,
  pass_ceiling REAL,
  warn_ceiling REAL,
  PRIMARY KEY (suite_id, metric),
  FOREIGN KEY (suite_id) REFERENCES suites(id) ON DELETE CASCADE
);

-- The verdict of a gate; deleted with the candidate, kept when the baseline is deleted.
CREATE TABLE verdicts (
  id TEXT PRIMARY KEY,
  suite_id TEXT NOT NULL,
  baseline_run_id TEXT NOT NULL,
  candidate_run_id TEXT NOT NULL,
  decision TEXT NOT NULL CHECK(decision IN ('ALLOW', 'REJECT', 'INCONCLUSIVE')),
  alpha REAL NOT NULL,
  scorers TEXT NOT NULL,
  created_at INTEGER NOT NULL,
  FOREIGN KEY (suite_id) REFERENCES suites(id) ON DELETE CASCADE,
  FOREIGN KEY (candidate_run_id) REFERENCES runs(id) ON DELETE CASCADE
);

-- The tags and benchmarks of runs again, with the time of each run, for finding runs by them.
CREATE TABLE run_keywords (
  run_id TEXT NOT NULL,
  kind TEXT NOT NULL CHECK(kind IN ('tag', 'benchmark')),
  keyword TEXT NOT NULL,
  started_at INTEGER NOT NULL,
  PRIMARY KEY (run_id, kind, keyword),
  FOREIGN KEY (run_id) REFERENCES runs(id) ON DELETE CASCADE
);

-- The result of a run in a benchmark.
CREATE TABLE benchmark_results (
  run_id TEXT NOT NULL,
  benchmark TEXT NOT NULL,
  score REAL NOT NULL,
  num_examples INTEGER NOT NULL,
  num_correct INTEGER NOT NULL,
  num_errors INTEGER NOT NULL,
  num_truncated INTEGER NOT NULL,
  metrics TEXT NOT NULL,
  time_seconds REAL,
  pass_at_k TEXT NOT NULL,
  PRIMARY KEY (run_id, benchmark),
  FOREIGN KEY (run_id) REFERENCES runs(id) ON DELETE CASCADE
);

-- An episode: the turns in one example of a benchmark, and their outcome. Its case belongs to the same run. It is
-- deleted with the run only, so that deleting cases needs no lookup here.
CREATE TABLE trajectories (
  id INTEGER PRIMARY KEY,
  run_id TEXT NOT NULL,
  benchmark TEXT NOT NULL,
  idx INTEGER NOT NULL,
  example_id TEXT,
  reward REAL NOT NULL,
  metrics TEXT,
  logs TEXT,
  error TEXT,
  time_seconds REAL,
  trial INTEGER,
  case_id TEXT,
  UNIQUE (run_id, benchmark, idx),
  FOREIGN KEY (run_id) REFERENCES runs(id) ON DELETE CASCADE
);

-- Long texts of turns, each stored once; those stored as bytes are compressed. Deleted with the last turn that uses
-- them.
CREATE TABLE texts (
  id INTEGER PRIMARY KEY,
  hash BLOB NOT NULL UNIQUE,
  length INTEGER NOT NULL,
  content BLOB NOT NULL
);

-- One turn, ordered by position; its content is here, or in texts, or missing. Other fields of the message (tool calls,
-- for instance) are one JSON object.
CREATE TABLE turns (
  trajectory_id INTEGER NOT NULL,
  position INTEGER NOT NULL,
  role TEXT NOT NULL CHECK(role IN ('system', 'developer', 'user', 'assistant', 'tool', 'function', 'environment', 'grader')),
  content TEXT,
  text_id INTEGER,
  is_parts INTEGER,
  token_count INTEGER,
  metadata TEXT,
  message TEXT,
  PRIMARY KEY (trajectory_id, position),
  FOREIGN KEY (trajectory_id) REFERENCES trajectories(id) ON DELETE CASCADE,
  FOREIGN KEY (text_id) REFERENCES texts(id)
);
