//! For commands that change suites and runs.

pub(in crate::arguments) const SUITES_RENAME: &str = "\
JSON:
  { id, name, created_at }

Examples:
  runstore suites rename capitals 'capitals v2'";

pub(in crate::arguments) const SUITES_DELETE: &str = "\
JSON:
  { dry_run, suite: { id, name, created_at }, runs }
  runs is the number of its runs.

Examples:
  runstore suites delete scratch --dry-run
  runstore suites delete scratch --yes";

pub(in crate::arguments) const RUNS_RENAME: &str = "\
JSON:
  The run, in the shape of \"runstore runs\".

Examples:
  runstore runs rename latest 'after the fix'";

pub(in crate::arguments) const RUNS_TAG: &str = "\
JSON:
  The run, in the shape of \"runstore runs\".

Examples:
  runstore runs tag latest --add nightly --add gpu
  runstore runs tag 3f2a --remove flaky";

pub(in crate::arguments) const RUNS_DELETE: &str = "\
JSON:
  { dry_run, runs: [run], baselines: [{ name, run_id }] }
  run has the shape of \"runstore runs\"; baselines are those that are deleted with the runs.

Examples:
  runstore runs delete 3f2a 'first try' --dry-run
  runstore runs delete 3f2a --yes";

pub(in crate::arguments) const SUITES_UNITE: &str = "\
JSON:
  { suite: { id, name, created_at }, removed: [id], runs }

Examples:
  runstore suites unite capitals";
