//! Reports of a run.

use std::collections::BTreeMap;

/// The figures of some cases.
#[derive(Clone, Debug, Default, PartialEq, serde::Serialize)]
#[serde(rename_all = "camelCase")]
pub struct CaseReport {
    /// Number of cases; each attempt at an example counts.
    pub total_cases: u64,
    /// Cases whose lowest score is at least the threshold.
    pub pass_count: u64,
    /// Cases whose lowest score is below the threshold.
    pub fail_count: u64,
    /// Mean score by scorer, over the cases that it scored; `None` when infinities cancel.
    pub mean_scores: BTreeMap<String, Option<f64>>,
    /// Milliseconds, over the cases that have a latency; `None` without any.
    pub total_latency_ms: Option<f64>,
    /// Tokens read, over the cases that have a count; `None` without any.
    pub total_tokens_in: Option<f64>,
    /// Tokens written, likewise.
    pub total_tokens_out: Option<f64>,
    /// Cases without a score.
    pub unscored_count: u64,
    /// Cases with an error.
    pub errored_count: u64,
    /// Number of examples: cases of one benchmark with the same key, or the same idx, are attempts at one example.
    pub example_count: u64,
    /// The largest number of attempts at an example.
    pub most_trials: u64,
    /// Probability that at least one of k attempts at an example passes, by k. Cases without a score count as not
    /// passed.
    pub pass_at_k: BTreeMap<u64, f64>,
    /// Number of examples with at least k attempts, over which pass@k is the mean, by k.
    pub pass_at_k_cases: BTreeMap<u64, u64>,
    /// Milliseconds, over the cases that have a latency; `None` without any.
    pub latency_p50_ms: Option<f64>,
    /// Likewise.
    pub latency_p95_ms: Option<f64>,
    /// US dollars, over the cases that have a cost; `None` without any.
    pub total_cost_usd: Option<f64>,
}

/// The figures of a run.
#[derive(Clone, Debug, Default, PartialEq, serde::Serialize)]
pub struct RunReport {
    /// Over all cases.
    #[serde(flatten)]
    pub all: CaseReport,
    /// By benchmark.
    pub benchmarks: BTreeMap<String, CaseReport>,
    /// By tag: the texts in `tags` of the metadata of cases.
    pub tags: BTreeMap<String, CaseReport>,
}
