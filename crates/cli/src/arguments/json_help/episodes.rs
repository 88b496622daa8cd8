//! For trajectories, imports and exports.

pub(in crate::arguments) const BENCHMARKS: &str = "\
JSON:
  [{ run_id, benchmark, score, score_completed, num_examples, num_correct, num_errors, num_truncated,
     num_completed, metrics: { NAME: number }, time_seconds: number | null, pass_at_k: { K: probability },
     source: \"saved\" | \"cases\" | \"trajectories\" }]
  The result of getBenchmarkResult() for each benchmark, by name.

Examples:
  runstore benchmarks latest";

pub(in crate::arguments) const TRAJECTORIES: &str = "\
JSON:
  { run, total, trajectories: [{ benchmark, idx, example_id, turns, token_count, reward, error, time_seconds, trial?,
    case_id? }] }
  run has the shape of \"runstore runs\"; total is the number of matching trajectories, listed or not; turns is the
  number of turns. token_count and time_seconds are null, trial and case_id absent, when they were not saved.

JSON with IDX:
  { run_id, benchmark, idx, example_id, turns: [{ role, content, token_count, metadata, … }], reward, metrics, logs,
    error, time_seconds, trial, case_id, key }
  The result of getTrajectory().

Examples:
  runstore trajectories latest --benchmark maze --outcome error
  runstore trajectories latest 17 --benchmark maze";

pub(in crate::arguments) const IMPORT_TINKER: &str = "\
JSON:
  { path,
    runs: [{ runId, status: \"imported\" | \"unchanged\", results, trajectories,
             skipped: { count, first: [{ file, line, reason }] },
             changed: { count, first: [{ file, line, reason }] } }],
    unread: { count, first: [{ run, reason }] } }
  The report of importEvalStore() in runstore/tinker.

Examples:
  runstore import tinker ~/evals --suite agents
  runstore import tinker ~/evals --run step10_20260301_100700_4462eb --strict --store agents.db";

pub(in crate::arguments) const EXPORT_TINKER: &str = "\
JSON:
  { path,
    runs: [{ runId, status: \"exported\" | \"unchanged\" | \"overwritten\", results, trajectories,
             losses: [{ what, count }] }] }
  The report of exportEvalStore() in runstore/tinker.

Examples:
  runstore export tinker ~/evals latest
  runstore export tinker ~/evals 3f2a nightly --overwrite";

pub(in crate::arguments) const IMPORT_JSONL: &str = "\
JSON:
  [{ runId, isNew, counts: { cases, scores, trajectories, turns, results, baselines, verdicts, prompts },
     keptBaselines: [name], keptPrompts: [name] }]

JSON of a line, in the names of saveResults:
  { input, id?, idx?, key?, trial?, benchmark?, cluster?, output?, expected?, error?, latency_ms?, tokens_in?,
    tokens_out?, cost_usd?, started_at?, metadata?, run_id?,
    scores?: { SCORER: number } | [{ scorer_name, score, reason?, metadata?, answer?, id? }] }

Examples:
  runstore report export latest --format jsonl --out cases.jsonl
  runstore import jsonl cases.jsonl --suite capitals --model gpt-x --store other.db";
