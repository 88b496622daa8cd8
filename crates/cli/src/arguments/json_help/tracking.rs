//! For baselines, history and verdicts.

pub(in crate::arguments) const HISTORY: &str = "\
JSON:
  [{ run_id, name, model, started_at, finished_at, status, scorer_name, n, mean, low, high, level,
     delta_previous: { delta, low, high, n } | null, delta_baseline: { delta, low, high, n } | null,
     delta_first: { delta, low, high, n } | null, is_baseline, unscored, errored }]
  The rows of history() of the store: a row for each run and scorer, oldest run first.

Examples:
  runstore history --scorer exact --since 30d
  runstore history --suite capitals --model gpt-4 --limit 10";

pub(in crate::arguments) const TREND: &str = "\
JSON:
  [{ scorer_name, n_runs, n_apart, anchor_run_id, slope, low, high, level, p_value, first_mean, last_mean,
     direction: \"rising\" | \"falling\" | \"flat\" | null,
     cusum: { sd, rising, falling, limit, direction, run_id } | null,
     runs: [{ run_id, started_at, mean, delta_anchor: { delta, low, high, n } | null }] }]
  The result of trend() for each scorer, by name. slope is the change from one run to the next; it and the figures based
  on it are null with fewer than 3 runs.

Examples:
  runstore trend --scorer exact
  runstore trend --suite capitals --last 8 --json";

pub(in crate::arguments) const CALIBRATE: &str = "\
JSON:
  { suiteId, model, alpha, runs: [{ id, name, model, suiteId, status, startedAt, cases }],
    scorers: [{ scorer, cases, mean, runMeans: [], sd, sdOfAnswers, pDrift, expectedDifference,
                smallestDifference }] }
  The result of calibrate(). sd is the standard deviation of the means of runs.

Examples:
  runstore calibrate --suite capitals --model gpt-4
  runstore calibrate 1a2b3c4 5d6e7f8 9a0b1c2";

pub(in crate::arguments) const BASELINE_SET: &str = "\
JSON:
  { suite_id, name, run_id, set_at, age_ms, run }
  run has the shape of \"runstore runs\".

Examples:
  runstore baseline set latest
  runstore baseline set 3f2a --name release";

pub(in crate::arguments) const BASELINE_SHOW: &str = "\
JSON:
  { suite_id, name, run_id, set_at, age_ms, run }
  run has the shape of \"runstore runs\".";

pub(in crate::arguments) const BASELINE_LIST: &str = "\
JSON:
  [{ suite_id, name, run_id, set_at, age_ms, run }]
  run has the shape of \"runstore runs\".";

pub(in crate::arguments) const BASELINE_RM: &str = "\
JSON:
  { suite_id, name, removed }
  removed is true; if there is no such baseline, the command exits with 66.";

pub(in crate::arguments) const VERDICTS: &str = "\
JSON:
  [{ id, suite_id, baseline_run_id, candidate_run_id, decision, alpha,
     scorers: [{ scorer_name, decision, delta, low, high, p_value, method, margin, n }], created_at }]

Examples:
  runstore verdicts --run latest
  runstore verdicts --suite capitals --limit 5 --json";
