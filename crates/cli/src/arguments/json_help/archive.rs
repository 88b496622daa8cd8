//! For archives.

pub(in crate::arguments) const ARCHIVE_PUSH: &str = "\
JSON:
  { runs: [{ run_id, model_id, task_id, metric_name, ts, path, n_items, config_hash, delta, p_value, verdict,
    parent_run_id }], unchanged: [], pruned: [], unfinished: [], dryRun }
  runs are the entries that were made, one for each scorer of a run, in the names of evalsig. unchanged, pruned and unfinished
  are ids: of runs that the archive had already, that were deleted from the store, and that are still running.

Examples:
  runstore archive push --to /mnt/evals latest
  runstore archive push --to /mnt/evals --suite support-bot --until 30d --prune";

pub(in crate::arguments) const ARCHIVE_LIST: &str = "\
JSON:
  { runs: [{ run_id, model_id, task_id, metric_name, ts, path, n_items, config_hash, delta, p_value, verdict,
    parent_run_id }] }

Examples:
  runstore archive list --to /mnt/evals --suite support-bot --since 90d
  runstore archive list --to /mnt/evals --verdict REJECT --json
  runstore archive list --to /mnt/evals --limit 0 --csv";

pub(in crate::arguments) const ARCHIVE_HISTORY: &str = "\
JSON:
  [{ run_id, model_id, task_id, metric_name, ts, path, n_items, config_hash, delta, p_value, verdict, parent_run_id,
     mean, change }]
  mean is that of the scores; change is how much it is above that of the entry before of the same suite, model and scorer, over
  the cases that each has. delta is what a gate found, over the cases of both.

Examples:
  runstore archive history --to /mnt/evals --suite support-bot --scorer exact
  runstore archive history --to /mnt/evals --since 90d --limit 0 --csv";

pub(in crate::arguments) const ARCHIVE_PULL: &str = "\
JSON:
  { runs: [] }
  runs has the shape of \"runstore report import\".

Examples:
  runstore archive pull --to /mnt/evals 01990e2a-1111-7000-8000-000000000001";

pub(in crate::arguments) const ARCHIVE_VERIFY: &str = "\
JSON:
  { runs, rows, problems: [{ path, message }], unlisted: [] }
  runs counts the entries, rows the scores that were read; unlisted are files that belong to no run.";
