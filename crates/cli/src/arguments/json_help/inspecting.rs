//! For commands that show the content of a store.

pub(in crate::arguments) const SUITES: &str = "\
JSON:
  [{ id, name, created_at }]";

pub(in crate::arguments) const RUNS: &str = "\
JSON:
  [{ id, suite_id, name, model, config, started_at, finished_at, status, summary, tags?, metadata?,
     label?, benchmarks?, checkpoint?: { name, path }, git?: { commit, branch, dirty }, scores? }]

Examples:
  runstore runs --suite capitals --model gpt-x --limit 5
  runstore runs --tag nightly --checkpoint step-300 --benchmark maze
  runstore runs --status failed --json";

pub(in crate::arguments) const SHOW: &str = "\
JSON:
  { run, suite, owner?: { run_id, pid, host, heartbeat_at, alive }, threshold, errored, unscored, cost_usd,
    summary: { totalCases, passCount, failCount, meanScores: { SCORER: mean },
               totalLatencyMs, totalTokensIn, totalTokensOut },
    report: { totalCases, passCount, failCount, meanScores, totalLatencyMs, totalTokensIn, totalTokensOut, unscoredCount,
              erroredCount, exampleCount, mostTrials, passAtK: { K: probability }, passAtKCases: { K: cases },
              latencyP50Ms, latencyP95Ms, totalCostUsd, benchmarks, tags } }
  run and suite have the shapes of \"runstore runs\" and \"runstore suites\"; owner is the process of a run that is
  running: alive is false when it has ended, and null when this cannot be determined; errored and unscored count attempts; cost_usd
  is null when no case has a cost; threshold is null when cases pass by the thresholds of the suite. summary is what
  getRunSummary() returns, with means over all scores and 0 for totals that no case has; report is what getRunReport()
  returns, with means over cases and null for such totals, for the run and for each of its benchmarks and tags. Several
  runs, and those of the models of a suite, are an array of such objects.

Examples:
  runstore show latest
  runstore show 3f2a --threshold 0.8
  runstore show --suite capitals
  runstore show latest:gpt-4 latest:claude";

pub(in crate::arguments) const CASES: &str = "\
JSON:
  { run, total, cases: [{ id, run_id, idx, input, output, expected, latency_ms, tokens_in, tokens_out, error,
                          key?, trial?, benchmark?, cluster?, metadata?, cost_usd?, started_at?,
                          scores: [{ scorer_name, score, reason, metadata?, answer? }] }] }
  run has the shape of \"runstore runs\"; total is the number of matching attempts, listed or not.
  With --annotate: { run, case, annotation: { caseId, name, score, note, at, earlier: [{ score, note, at }] } }

Examples:
  runstore cases latest --failed
  runstore cases latest --key peru --annotate fail --by ada --note 'It is Lima.'
  runstore cases latest --search 'rate limit' --metadata language=fr --tag hard
  runstore cases baseline --failed --scorer exact --threshold 1 --full
  runstore cases latest --errored --unscored --limit 0 --json";

pub(in crate::arguments) const PROMPTS: &str = "\
JSON:
  [{ id, name, version, content, created_at }]
  By name, then newest version first; with --version only that version.";

pub(in crate::arguments) const JUDGES: &str = "\
JSON:
  { runId, human, judge, n, onlyHuman, onlyJudge, level, threshold,
    agreement, kappa, weightedKappa, alpha, bias: { estimate, low, high } | null,
    confusion: { categories: [number], counts: [[number]] } | null,
    humanMean: { humanOnly, withJudge, lambda } | null }
  What judgeAgreement() in runstore/comparison returns.

Examples:
  runstore judges latest --judge gpt-4-judge --human human:ada --threshold 0.5";

pub(in crate::arguments) const MDE: &str = "\
JSON:
  { alpha, power, spreads: [{ scorer, source, sd, n,
                              effects: [{ cases, mde }],
                              drop: { size, cases } | null }] }
  source is \"given\", \"run\" or \"differences\"; scorer is null with --sd; sd is the standard deviation of the
  differences, n the number of cases behind it (null with --sd).

Examples:
  runstore mde latest --scorer exact
  runstore mde --sd 0.4 --drop 0.02";

pub(in crate::arguments) const COMPLETIONS: &str = "\
Examples:
  runstore completions bash > ~/.local/share/bash-completion/completions/runstore
  runstore completions zsh > ~/.zfunc/_runstore";
