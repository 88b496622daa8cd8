-- The tables of a run store, each after those that it refers to.
--
-- The first five are tables of @deepagents/evals, so that it opens our files: the columns down to the first blank line
-- of each, and the names of their indexes, are its own, and it adds nothing where a name exists. The others are ours.
--
-- A new table is written here, its indexes in indexes.sql, both described in docs/schema.md, and VERSION counted on:
-- everything else (making, migrating, reading old files) goes by what stands here.

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

-- The run that others of its suite are compared with, by name; it goes with the run.
CREATE TABLE baselines (
  suite_id TEXT NOT NULL,
  name TEXT NOT NULL,
  run_id TEXT NOT NULL,
  set_at INTEGER NOT NULL,
  PRIMARY KEY (suite_id, name),
  FOREIGN KEY (suite_id) REFERENCES suites(id) ON DELETE CASCADE,
  FOREIGN KEY (run_id) REFERENCES runs(id) ON DELETE CASCADE
);

-- What a suite asks of the runs, metric by metric.
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

-- What a gate decided; it goes with the candidate, and stays when the baseline is deleted.
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

-- The tags and benchmarks of runs once more, for finding runs by them, each with the time of its run.
CREATE TABLE run_keywords (
  run_id TEXT NOT NULL,
  kind TEXT NOT NULL CHECK(kind IN ('tag', 'benchmark')),
  keyword TEXT NOT NULL,
  started_at INTEGER NOT NULL,
  PRIMARY KEY (run_id, kind, keyword),
  FOREIGN KEY (run_id) REFERENCES runs(id) ON DELETE CASCADE
);

-- What a run achieved in a benchmark.
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

-- An episode: what was said and done in one example of a benchmark, and what came of it. Its case is one of the same run,
-- which goes with the run only, so that nothing has to be looked up where cases are deleted.
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

-- Long texts of turns, each once; those that are no text but bytes are compressed. They go with the last turn of theirs.
CREATE TABLE texts (
  id INTEGER PRIMARY KEY,
  hash BLOB NOT NULL UNIQUE,
  length INTEGER NOT NULL,
  content BLOB NOT NULL
);

-- What one side said, in the order of position; its content is here, or in texts, or there is none. What else the message
-- has (tool calls, for instance) is one JSON object.
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
