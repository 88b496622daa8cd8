//! For reports.

pub(in crate::arguments) const REPORT_LIST: &str = "\
JSON:
  of the store:  [{ runId, name, model, startedAt, verdict, passRate, totalCases }]
  of a folder:   [{ runId, path, bytes, changedAt, suiteName, pipelineIds, samples, elapsedSeconds, verdict, lossless,
                    error }]
  error says why a file cannot be read; the other values are null or empty then.

Examples:
  runstore report list
  runstore report list --results-dir evaluar/results";

pub(in crate::arguments) const REPORT_SHOW: &str = "\
JSON:
  The scorecard, in the shape of \"runstore check\". The scorecard of a run file is the one in the file.

Examples:
  runstore report show latest
  runstore report show latest --results-dir evaluar/results
  runstore report show evaluar/results/run_2026-05-07_14-22.json";

pub(in crate::arguments) const REPORT_EXPORT: &str = "\
JSON, with --out:
  { runs: [id], path, bytes }

Examples:
  runstore report export latest --format junit --out junit.xml
  runstore report export latest:gpt-4 latest:claude --format csv-cases -o cases.csv
  runstore report export latest --format markdown";

pub(in crate::arguments) const REPORT_ARCHIVE: &str = "\
JSON:
  { runIds, path, bytes, files: [{ name, bytes, sha256 }] }

Examples:
  runstore report archive latest --out run.zip
  runstore report archive latest:gpt-4 latest:claude --out both.zip";

pub(in crate::arguments) const REPORT_SAVE: &str = "\
JSON:
  { runId, path, bytes, verdict }

Examples:
  runstore report save latest
  runstore report save latest:gpt-4 latest:claude --results-dir results --run-id nightly-17
  jq .rollup_scorecard.verdict evaluar/results/run_*.json";

pub(in crate::arguments) const REPORT_IMPORT: &str = "\
JSON:
  [{ runId, isNew, counts: { cases, scores, trajectories, turns, results, baselines, verdicts, prompts },
     keptBaselines: [name], keptPrompts: [name] }]

Examples:
  runstore report import evaluar/results/*.json --keep-existing";

pub(in crate::arguments) const REPORT_REMOVE: &str = "\
JSON:
  { runs: [id], dryRun }

Examples:
  runstore report delete run_2026-05-07_14-22 --results-dir evaluar/results --yes
  runstore report clear --suite capitals --dry-run
  runstore report prune --keep 20 --results-dir evaluar/results --yes";

pub(in crate::arguments) const REPORT_HTML: &str = "\
JSON:
  { path, bytes, cases, omitted: [text] }
  omitted says in sentences what was left out.

Examples:
  runstore report html latest --baseline baseline -o report.html
  runstore report html 3f2a --max-cases 1000 --redact metadata,messages
  runstore report html latest --presets evals/filters.json";
