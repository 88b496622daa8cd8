//! For comparisons.

pub(in crate::arguments) const COMPARE: &str = "\
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

pub(in crate::arguments) const GATE: &str = "\
JSON:
  { decision: \"ALLOW\" | \"REJECT\" | \"INCONCLUSIVE\", alpha,
    reasons: [{ scorer, code, text, gain?: { mean, low, high, level }, margin?, certain?, established?, worst?,
                scored?, of?, required?, baseline?, candidate?, cases?, clusters?, role?, run?, value?, decides?,
                errored?, advice: [{ code, total?, more?, assuming?, totalAsSeen?, have?, need?, clusters?,
                                     attempts?, errored?, cases?, scale?, margin?, gain?, baseline?,
                                     candidate?, alpha?, usual? }] }],
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

pub(in crate::arguments) const CHECK: &str = "\
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
