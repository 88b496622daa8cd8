//! The text below the help of each command: examples, and the shape of its JSON.

pub(crate) const EXIT_CODES: &str = "\
Exit codes:
   0  done; gate: ALLOW; check: pass, or warn
   1  gate: REJECT; check: fail
   2  gate: INCONCLUSIVE; check --warn-as-failure: warn
  64  wrong usage
  65  the content of the store does not allow it
  66  no such file, suite, run or prompt
  70  a bug in runstore
  74  the operating system or another process prevents it";

pub(super) const SUITES: &str = "\
JSON:
  [{ id, name, created_at }]";

pub(super) const SUITES_RENAME: &str = "\
JSON:
  { id, name, created_at }

Examples:
  runstore suites rename capitals 'capitals v2'";

pub(super) const SUITES_DELETE: &str = "\
JSON:
  { dry_run, suite: { id, name, created_at }, runs }
  runs is the number of its runs.

Examples:
  runstore suites delete scratch --dry-run
  runstore suites delete scratch --yes";

pub(super) const RUNS_RENAME: &str = "\
JSON:
  The run, in the shape of \"runstore runs\".

Examples:
  runstore runs rename latest 'after the fix'";

pub(super) const RUNS_TAG: &str = "\
JSON:
  The run, in the shape of \"runstore runs\".

Examples:
  runstore runs tag latest --add nightly --add gpu
  runstore runs tag 3f2a --remove flaky";

pub(super) const RUNS_DELETE: &str = "\
JSON:
  { dry_run, runs: [run], baselines: [{ name, run_id }] }
  run has the shape of \"runstore runs\"; baselines are those that go with the runs.

Examples:
  runstore runs delete 3f2a 'first try' --dry-run
  runstore runs delete 3f2a --yes";

pub(super) const SUITES_UNITE: &str = "\
JSON:
  { suite: { id, name, created_at }, removed: [id], runs }

Examples:
  runstore suites unite capitals";

pub(super) const RUNS: &str = "\
JSON:
  [{ id, suite_id, name, model, config, started_at, finished_at, status, summary, tags?, metadata?,
     label?, benchmarks?, checkpoint?: { name, path }, git?: { commit, branch, dirty }, scores? }]

Examples:
  runstore runs --suite capitals --model gpt-x --limit 5
  runstore runs --tag nightly --checkpoint step-300 --benchmark maze
  runstore runs --status failed --json";

pub(super) const SHOW: &str = "\
JSON:
  { run, suite, threshold, errored, unscored, cost_usd,
    summary: { totalCases, passCount, failCount, meanScores: { SCORER: mean },
               totalLatencyMs, totalTokensIn, totalTokensOut },
    report: { totalCases, passCount, failCount, meanScores, totalLatencyMs, totalTokensIn, totalTokensOut, unscoredCount,
              erroredCount, exampleCount, mostTrials, passAtK: { K: probability }, latencyP50Ms, latencyP95Ms,
              totalCostUsd, benchmarks, tags } }
  run and suite have the shapes of \"runstore runs\" and \"runstore suites\"; errored and unscored count attempts; cost_usd
  is null when no case has a cost, threshold when cases pass by the thresholds of the suite. summary is what getRunSummary() returns, with means over all scores and 0 for totals
  that no case has; report is what getRunReport() returns, with means over cases and null for such totals, for the run and
  for each of its benchmarks and tags. Several runs, and those of the models of a suite, are an array of such objects.

Examples:
  runstore show latest
  runstore show 3f2a --threshold 0.8
  runstore show --suite capitals
  runstore show latest:gpt-4 latest:claude";

pub(super) const CASES: &str = "\
JSON:
  { run, total, cases: [{ id, run_id, idx, input, output, expected, latency_ms, tokens_in, tokens_out, error,
                          key?, trial?, benchmark?, cluster?, metadata?, cost_usd?, started_at?,
                          scores: [{ scorer_name, score, reason, metadata?, answer? }] }] }
  run has the shape of \"runstore runs\"; total is the number of matching cases, listed or not.
  With --annotate: { run, case, annotation: { caseId, name, score, note, at, earlier: [{ score, note, at }] } }

Examples:
  runstore cases latest --failed
  runstore cases latest --key peru --annotate fail --by ada --note 'It is Lima.'
  runstore cases latest --search 'rate limit' --metadata language=fr --tag hard
  runstore cases baseline --failed --scorer exact --threshold 1 --full
  runstore cases latest --errored --unscored --limit 0 --json";

pub(super) const BENCHMARKS: &str = "\
JSON:
  [{ run_id, benchmark, score, score_completed, num_examples, num_correct, num_errors, num_truncated,
     num_completed, metrics: { NAME: number }, time_seconds: number | null, pass_at_k: { K: probability },
     source: \"saved\" | \"cases\" | \"trajectories\" }]
  The result of getBenchmarkResult() for each benchmark, by name.

Examples:
  runstore benchmarks latest";

pub(super) const TRAJECTORIES: &str = "\
JSON:
  { run, total, trajectories: [{ benchmark, idx, example_id, turns, token_count, reward, error, time_seconds, trial?,
    case_id? }] }
  run has the shape of \"runstore runs\"; total is the number of matching trajectories, listed or not; turns is their
  number. token_count and time_seconds are null when they were not saved, trial and case_id are absent then.

JSON with IDX:
  { run_id, benchmark, idx, example_id, turns: [{ role, content, token_count, metadata, … }], reward, metrics, logs,
    error, time_seconds, trial, case_id, key }
  The result of getTrajectory().

Examples:
  runstore trajectories latest --benchmark maze --outcome error
  runstore trajectories latest 17 --benchmark maze";

pub(super) const IMPORT_TINKER: &str = "\
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

pub(super) const EXPORT_TINKER: &str = "\
JSON:
  { path,
    runs: [{ runId, status: \"exported\" | \"unchanged\" | \"overwritten\", results, trajectories,
             losses: [{ what, count }] }] }
  The report of exportEvalStore() in runstore/tinker.

Examples:
  runstore export tinker ~/evals latest
  runstore export tinker ~/evals 3f2a nightly --overwrite";

pub(super) const PROMPTS: &str = "\
JSON:
  [{ id, name, version, content, created_at }]
  By name, then newest version first; with --version only that version.";

pub(super) const JUDGES: &str = "\
JSON:
  { runId, human, judge, n, onlyHuman, onlyJudge, level, threshold,
    agreement, kappa, weightedKappa, alpha, bias: { estimate, low, high } | null,
    confusion: { categories: [number], counts: [[number]] } | null,
    humanMean: { humanOnly, withJudge, lambda } | null }
  What judgeAgreement() in runstore/comparison returns.

Examples:
  runstore judges latest --judge gpt-4-judge --human human:ada --threshold 0.5";

pub(super) const MDE: &str = "\
JSON:
  { alpha, power, spreads: [{ scorer, source, sd, n,
                              effects: [{ cases, mde }],
                              drop: { size, cases } | null }] }
  source is \"given\", \"run\" or \"differences\"; scorer is null with --sd; sd is the standard deviation of the
  differences, n the number of cases behind it (null with --sd).

Examples:
  runstore mde latest --scorer exact
  runstore mde --sd 0.4 --drop 0.02";

pub(super) const COMPLETIONS: &str = "\
Examples:
  runstore completions bash > ~/.local/share/bash-completion/completions/runstore
  runstore completions zsh > ~/.zfunc/_runstore";

pub(super) const COMPARE: &str = "\
JSON:
  { baseline, candidate: { id, name, model, suiteId, status, startedAt, cases }, baselineRuns: [],
    candidateRuns: [], alpha, reducer, missing, pairing: { by, reason },
    coverage: { both, onlyBaseline, onlyCandidate, errored, erroredTrials, unscored, trials },
    scorers: [{ scorer, lowerIsBetter, n, clusters, effectiveClusters,
                runToRun: { sd, df } | null, scoredOnly, missing: { cases, trials, errored, infinite, absent },
                scale: [low, high], baselineMean, candidateMean, delta,
                interval: { low, high } | null, pValue, pAdjusted, significant,
                method: { test, interval, reason } | null, effectSize: { value, magnitude } | null,
                minimumDetectableEffect, improved, regressed, unchanged, worstCase, bestCase:
                { delta, interval, pValue, pAdjusted } | null, equalScores, equalOutputs }],
    usage: { latencyMs, tokensIn, tokensOut, costUsd: { baseline, candidate: { n, total, mean, p50, p95 },
                                                        n, delta, interval } },
    diffs: [{ idx, key?, baselineCaseId, candidateCaseId, regression,
              scores: [{ scorer, baseline, candidate, delta }], input?, expected?, baselineOutput?,
              candidateOutput?, baselineError?, candidateError? }],
    changedCases, slices: [{ value, scorer, n, baselineMean, candidateMean, delta, interval, pValue,
                             pAdjusted, significant }],
    notes: [{ code, text, scorer?, cases?, reducer?, run?, role?, both?, of?, byKey?, counted?, baseline?,
              candidate?, scores?, with?, without?, outputsStored?, scale?, margin? }] }
  The report of compare() in runstore/comparison. errored, erroredTrials, unscored, trials, scoredOnly and missing are
  { baseline, candidate }. The texts of cases are present with --texts.

Examples:
  runstore compare baseline latest
  runstore compare first second --scorer exact --slice-by metadata.language
  runstore compare latest:gpt-4 latest:claude --texts --limit 3";

pub(super) const GATE: &str = "\
JSON:
  { decision: \"ALLOW\" | \"REJECT\" | \"INCONCLUSIVE\", alpha,
    reasons: [{ scorer, code, text, gain?: { mean, low, high, level }, margin?, certain?, established?, worst?,
                scored?, of?, required?, baseline?, candidate?, cases?, clusters?, role?, run?, value?, decides?,
                errored?, advice: [{ code, total?, more?, assuming?, have?, need?, clusters?, attempts?,
                                     errored?, cases?, scale?, margin? }] }],
    scorers: [{ scorer, decision, reason, margin, requiredImprovement, lowerIsBetter, n, delta, interval,
                pValue, pAdjusted, pLossBeyondMargin, method, casesNeeded }],
    comparison }
  The report of gate() in runstore/comparison; comparison is the JSON of \"runstore compare\".

Exit code:
  0 for ALLOW, 1 for REJECT, 2 for INCONCLUSIVE; above 2, there is no verdict

Examples:
  runstore gate baseline latest --margin 0.03
  runstore gate baseline latest --margin exact=0.01 --margin tone=0.1 --record --github
  runstore gate baseline latest --require-improvement exact=0.02 --format markdown";

pub(super) const CHECK: &str = "\
JSON:
  { runId, suiteId, model, metrics: { METRIC: number },
    thresholds: { METRIC: { passFloor?, warnFloor?, passCeiling?, warnCeiling? } },
    verdict: \"pass\" | \"warn\" | \"fail\" | \"none\",
    reasons: [{ code, metric?, value?, floor?, ceiling?, verdict?, cases?, unscored?, errored?, text }] }
  The scorecard of getScorecard() of the store, without those of the cases.

Exit code:
  0 for pass, 1 for fail; 0 for warn, or 2 with --warn-as-failure; 65 without a verdict

Examples:
  runstore check latest
  runstore check latest --suite capitals --warn-as-failure --github";

pub(super) const HISTORY: &str = "\
JSON:
  [{ run_id, name, model, started_at, finished_at, status, scorer_name, n, mean, low, high, level,
     delta_previous: { delta, low, high, n } | null, delta_baseline: { delta, low, high, n } | null,
     delta_first: { delta, low, high, n } | null, is_baseline, unscored, errored }]
  The rows of history() of the store: a row for each run and scorer, oldest run first.

Examples:
  runstore history --scorer exact --since 30d
  runstore history --suite capitals --model gpt-4 --limit 10";

pub(super) const TREND: &str = "\
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

pub(super) const CALIBRATE: &str = "\
JSON:
  { suiteId, model, alpha, runs: [{ id, name, model, suiteId, status, startedAt, cases }],
    scorers: [{ scorer, cases, mean, runMeans: [], sd, sdOfAnswers, pDrift, expectedDifference,
                smallestDifference }] }
  The result of calibrate(). sd is the standard deviation of the means of runs.

Examples:
  runstore calibrate --suite capitals --model gpt-4
  runstore calibrate 1a2b3c4 5d6e7f8 9a0b1c2";

pub(super) const BASELINE_SET: &str = "\
JSON:
  { suite_id, name, run_id, set_at, age_ms, run }
  run has the shape of \"runstore runs\".

Examples:
  runstore baseline set latest
  runstore baseline set 3f2a --name release";

pub(super) const BASELINE_SHOW: &str = "\
JSON:
  { suite_id, name, run_id, set_at, age_ms, run }
  run has the shape of \"runstore runs\".";

pub(super) const BASELINE_LIST: &str = "\
JSON:
  [{ suite_id, name, run_id, set_at, age_ms, run }]
  run has the shape of \"runstore runs\".";

pub(super) const BASELINE_RM: &str = "\
JSON:
  { suite_id, name, removed }
  removed is true; if there is no such baseline, the command exits with 66.";

pub(super) const THRESHOLDS_SHOW: &str = "\
JSON:
  { suite: { id, name, created_at }, thresholds: { METRIC: { passFloor?, warnFloor?, passCeiling?, warnCeiling? } } }";

pub(super) const THRESHOLDS_SET: &str = "\
JSON:
  The thresholds afterwards, in the shape of \"runstore thresholds show\".

Examples:
  runstore thresholds set accuracy --pass-floor 0.8 --warn-floor 0.6
  runstore thresholds set cost_usd --pass-ceiling 2 --suite capitals
  runstore thresholds set errored --pass-ceiling 0";

pub(super) const THRESHOLDS_RM: &str = "\
JSON:
  The thresholds afterwards, in the shape of \"runstore thresholds show\".

Examples:
  runstore thresholds rm cost_usd";

pub(super) const THRESHOLDS_CLEAR: &str = "\
JSON:
  The suite without thresholds, in the shape of \"runstore thresholds show\".";

pub(super) const IMPORT_JSONL: &str = "\
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

pub(super) const VERDICTS: &str = "\
JSON:
  [{ id, suite_id, baseline_run_id, candidate_run_id, decision, alpha,
     scorers: [{ scorer_name, decision, delta, low, high, p_value, method, margin, n }], created_at }]

Examples:
  runstore verdicts --run latest
  runstore verdicts --suite capitals --limit 5 --json";

pub(super) const DOCTOR: &str = "\
JSON:
  { healthy,
    integrity: { count, first: [] }, schema: { count, first: [] },
    dangling: { count, first: [{ table, rowid, parent }] },
    unreadable: { count, first: [{ table, id, rowid, column, reason }] },
    staleRuns: { count, first: [{ id, suiteId, name, model, startedAt, ageMs, lastHeartbeatAt, cases,
                                  reason: \"gone\" | \"rebooted\" | \"silent\" | \"idle\" }] },
    space: { fileBytes, walBytes, freeBytes },
    fixed: [{ action, count }], advice: [] }
  The report of doctor(); with --fix, the findings that remain. integrity, schema and advice contain sentences; first has
  the first 1,000 findings of each kind. Stale runs and free space do not make a store unhealthy.

JSON with --salvage:
  { path, out,
    tables: [{ name, rows, refused: { count, first: [] }, unreadable: [{ first, last }],
               lost: { count, first: [{ rowid, id }] } }],
    setAside, orphaned, problems: [] }
  The report of salvage() in runstore/maintenance. unreadable contains ranges of rowids; lost contains rows that an index
  still mentions.

Examples:
  runstore doctor
  runstore doctor --fix
  runstore doctor --stale 12h --fail-stale-runs
  runstore doctor --salvage rescued.db";

pub(super) const REPORT_LIST: &str = "\
JSON:
  of the store:  [{ runId, name, model, startedAt, verdict, passRate, totalCases }]
  of a folder:   [{ runId, path, bytes, changedAt, suiteName, pipelineIds, samples, elapsedSeconds, verdict, lossless,
                    error }]
  error says why a file cannot be read; the other values are null or empty then.

Examples:
  runstore report list
  runstore report list --results-dir evaluar/results";

pub(super) const REPORT_SHOW: &str = "\
JSON:
  The scorecard, as \"runstore check\" has it. That of a run file is what the file says.

Examples:
  runstore report show latest
  runstore report show latest --results-dir evaluar/results
  runstore report show evaluar/results/run_2026-05-07_14-22.json";

pub(super) const REPORT_EXPORT: &str = "\
JSON, with --out:
  { runs: [id], path, bytes }

Examples:
  runstore report export latest --format junit --out junit.xml
  runstore report export latest:gpt-4 latest:claude --format csv-cases -o cases.csv
  runstore report export latest --format markdown";

pub(super) const REPORT_ARCHIVE: &str = "\
JSON:
  { runIds, path, bytes, files: [{ name, bytes, sha256 }] }

Examples:
  runstore report archive latest --out run.zip
  runstore report archive latest:gpt-4 latest:claude --out both.zip";

pub(super) const REPORT_SAVE: &str = "\
JSON:
  { runId, path, bytes, verdict }

Examples:
  runstore report save latest
  runstore report save latest:gpt-4 latest:claude --results-dir results --run-id nightly-17
  jq .rollup_scorecard.verdict evaluar/results/run_*.json";

pub(super) const REPORT_IMPORT: &str = "\
JSON:
  [{ runId, isNew, counts: { cases, scores, trajectories, turns, results, baselines, verdicts, prompts },
     keptBaselines: [name], keptPrompts: [name] }]

Examples:
  runstore report import evaluar/results/*.json --keep-existing";

pub(super) const REPORT_REMOVE: &str = "\
JSON:
  { runs: [id], dryRun }

Examples:
  runstore report delete run_2026-05-07_14-22 --results-dir evaluar/results --yes
  runstore report clear --suite capitals --dry-run
  runstore report prune --keep 20 --results-dir evaluar/results --yes";

pub(super) const REPORT_HTML: &str = "\
JSON:
  { path, bytes, cases, omitted: [text] }
  omitted says in sentences what was left out.

Examples:
  runstore report html latest --baseline baseline -o report.html
  runstore report html 3f2a --max-cases 1000 --redact metadata,messages
  runstore report html latest --presets evals/filters.json";

pub(super) const VIEW: &str = "\
Examples:
  runstore view --open
  runstore view --store nightly.db --port 8080
  runstore view --presets evals/filters.json
  runstore view --archive /mnt/evals --project nightly
  runstore view --results-dir evaluar/results";

pub(super) const BACKUP: &str = "\
JSON:
  { path, bytes }

Examples:
  runstore backup backups/store.db";

pub(super) const MERGE: &str = "\
JSON:
  { out, written, files: [{ path, tables: [{ table, added, known }] }],
    conflicts: { count, first: [{ table, key, columns: [], path }] } }
  added is the number of new rows, known the number of rows that existed already with the same content. The first 1,000
  conflicts are listed.

Examples:
  runstore merge all.db shard-1.db shard-2.db
  runstore merge .evals/store.db shard-1.db shard-2.db --unite-suites";

pub(super) const PRUNE: &str = "\
JSON:
  { runs: [{ id, suiteId, name, model, startedAt, cases }], dryRun, baselines, bytesBefore, bytesAfter }
  runs are the deleted runs (with --dry-run: those that would be), oldest first; baselines is the number of runs that were
  kept because they are baselines. bytesAfter is null in a dry run without --max-size.

Examples:
  runstore prune --keep 50
  runstore prune --older-than 30d --keep 10 --suite capitals --dry-run
  runstore prune --max-size 1GB";

pub(super) const RECOVER: &str = "\
JSON:
  { runs: [{ id, suiteId, name, model, startedAt, finishedAt, cases, reason: \"gone\" | \"rebooted\" | \"silent\",
             pid, host }],
    dryRun, alive, unknown }
  runs are those that were marked as failed (with --dry-run: that would be), oldest first; finishedAt is the time of their
  last heartbeat. pid and host are null when the process is unknown. alive and unknown are the numbers of running runs that
  were left alone, because their process is alive or because that is unknown.

Examples:
  runstore recover --dry-run
  runstore recover --older-than 2h --suite capitals";

pub(super) const VACUUM: &str = "\
JSON:
  { bytesBefore, bytesAfter }

Examples:
  runstore vacuum";

pub(super) const ARCHIVE_PUSH: &str = "\
JSON:
  { runs: [{ run_id, model_id, task_id, metric_name, ts, path, n_items, config_hash, delta, p_value, verdict,
    parent_run_id }], unchanged: [], pruned: [], unfinished: [], dryRun }
  runs are the entries that were made, one for each scorer of a run, in the names of evalsig. unchanged, pruned and unfinished
  are ids: of runs that the archive had already, that were deleted from the store, and that are still running.

Examples:
  runstore archive push --to /mnt/evals latest
  runstore archive push --to /mnt/evals --suite support-bot --until 30d --prune";

pub(super) const ARCHIVE_LIST: &str = "\
JSON:
  { runs: [{ run_id, model_id, task_id, metric_name, ts, path, n_items, config_hash, delta, p_value, verdict,
    parent_run_id }] }

Examples:
  runstore archive list --to /mnt/evals --suite support-bot --since 90d
  runstore archive list --to /mnt/evals --verdict REJECT --json
  runstore archive list --to /mnt/evals --limit 0 --csv";

pub(super) const ARCHIVE_HISTORY: &str = "\
JSON:
  [{ run_id, model_id, task_id, metric_name, ts, path, n_items, config_hash, delta, p_value, verdict, parent_run_id,
     mean, change }]
  mean is that of the scores; change is how much it is above that of the entry before of the same suite, model and scorer, over
  the cases that each has. delta is what a gate found, over the cases of both.

Examples:
  runstore archive history --to /mnt/evals --suite support-bot --scorer exact
  runstore archive history --to /mnt/evals --since 90d --limit 0 --csv";

pub(super) const ARCHIVE_PULL: &str = "\
JSON:
  { runs: [{ runId, isNew, counts: {}, keptBaselines: [], keptPrompts: [] }] }

Examples:
  runstore archive pull --to /mnt/evals 01990e2a-1111-7000-8000-000000000001";

pub(super) const ARCHIVE_VERIFY: &str = "\
JSON:
  { runs, rows, problems: [{ path, message }], unlisted: [] }
  runs counts the entries, rows the scores that were read; unlisted are files that belong to no run.";
