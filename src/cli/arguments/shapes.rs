//! What stands below the help of each command: examples, and the shape of its JSON.

pub(super) const EXIT_CODES: &str = "\
Exit codes:
   0  done; gate: ALLOW
   1  gate: REJECT
   2  gate: INCONCLUSIVE
  64  wrong usage
  65  what is in the store does not allow it
  66  there is no such file, suite, run or prompt
  70  a fault of runstore
  74  the operating system or another process is in the way";

pub(super) const SUITES: &str = "\
JSON:
  [{ id, name, created_at }]";

pub(super) const RUNS: &str = "\
JSON:
  [{ id, suite_id, name, model, config, started_at, finished_at, status, summary, tags?, metadata? }]

Examples:
  runstore runs --suite capitals --model gpt-x --limit 5
  runstore runs --status failed --json";

pub(super) const SHOW: &str = "\
JSON:
  { run, suite, threshold, errored, unscored, cost_usd,
    summary: { totalCases, passCount, failCount, meanScores: { SCORER: mean },
               totalLatencyMs, totalTokensIn, totalTokensOut } }
  run and suite are as \"runstore runs\" and \"runstore suites\" have them; errored and unscored count cases; cost_usd is
  null when no case has a cost.

Examples:
  runstore show latest
  runstore show 3f2a --threshold 0.8";

pub(super) const CASES: &str = "\
JSON:
  { run, total, cases: [{ id, run_id, idx, input, output, expected, latency_ms, tokens_in, tokens_out, error,
                          key?, trial?, benchmark?, cluster?, metadata?, cost_usd?, started_at?,
                          scores: [{ scorer_name, score, reason, metadata?, answer? }] }] }
  run is as \"runstore runs\" has it; total counts the cases that are asked for, listed or not.

Examples:
  runstore cases latest --failed
  runstore cases baseline --failed --scorer exact --threshold 1 --full
  runstore cases latest --errored --unscored --limit 0 --json";

pub(super) const PROMPTS: &str = "\
JSON:
  [{ id, name, version, content, created_at }]
  By name, and of one name the newest version first; with --version only that one.";

pub(super) const MDE: &str = "\
JSON:
  { alpha, power, spreads: [{ scorer, source, sd, n,
                              effects: [{ cases, mde }],
                              drop: { size, cases } | null }] }
  source is \"given\", \"run\" or \"differences\"; scorer is null with --sd; sd is that of the differences, n the cases that
  it comes from (null with --sd).

Examples:
  runstore mde latest --scorer exact
  runstore mde --sd 0.4 --drop 0.02";

pub(super) const COMPLETIONS: &str = "\
Examples:
  runstore completions bash > ~/.local/share/bash-completion/completions/runstore
  runstore completions zsh > ~/.zfunc/_runstore";
