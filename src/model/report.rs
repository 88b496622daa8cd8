//! Reports of a run.

use std::collections::BTreeMap;

/// What is known of some cases.
#[derive(Clone, Debug, Default, PartialEq, serde::Serialize)]
#[serde(rename_all = "camelCase")]
pub struct CaseReport {
    /// All of them; each attempt at an example is a case.
    pub total_cases: u64,
    /// Those whose lowest score is at least the threshold.
    pub pass_count: u64,
    /// Those whose lowest score is below it.
    pub fail_count: u64,
    /// Mean score by scorer, over the cases that it scored; `None` where infinities cancel.
    pub mean_scores: BTreeMap<String, Option<f64>>,
    /// Milliseconds, over the cases that have a latency; `None` without any.
    pub total_latency_ms: Option<f64>,
    /// Tokens read, over the cases that have a count; `None` without any.
    pub total_tokens_in: Option<f64>,
    /// Tokens written, likewise.
    pub total_tokens_out: Option<f64>,
    /// Those without a score.
    pub unscored_count: u64,
    /// Those with an error.
    pub errored_count: u64,
    /// How many examples there are: cases of one benchmark with one key, or one idx, are attempts at the same.
    pub example_count: u64,
    /// Attempts at the example that was tried most often.
    pub most_trials: u64,
    /// Probability that at least one of k attempts at an example passes, by k. Cases without a score did not pass.
    pub pass_at_k: BTreeMap<u64, f64>,
    /// Milliseconds, over the cases that have a latency; `None` without any.
    pub latency_p50_ms: Option<f64>,
    /// Likewise.
    pub latency_p95_ms: Option<f64>,
    /// US dollars, over the cases that have a cost; `None` without any.
    pub total_cost_usd: Option<f64>,
}

/// What is known of a run.
#[derive(Clone, Debug, Default, PartialEq, serde::Serialize)]
pub struct RunReport {
    /// Over all of its cases.
    #[serde(flatten)]
    pub all: CaseReport,
    /// Over those of each benchmark.
    pub benchmarks: BTreeMap<String, CaseReport>,
    /// Over those with each tag: the texts in `tags` of their metadata.
    pub tags: BTreeMap<String, CaseReport>,
}
