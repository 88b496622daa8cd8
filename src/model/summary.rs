//! Summaries.

/// Counts, means and totals of a run.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct RunSummary {
    /// Number of cases.
    pub total_cases: u64,
    /// Cases whose lowest score is at least the threshold.
    pub pass_count: u64,
    /// Cases whose lowest score is below the threshold. Cases without a score are in neither count.
    pub fail_count: u64,
    /// Mean score by scorer, ordered by the bytes of the names; `None` when infinities cancel.
    pub mean_scores: Vec<(String, Option<f64>)>,
    /// Milliseconds.
    pub total_latency_ms: f64,
    /// Tokens read.
    pub total_tokens_in: f64,
    /// Tokens written.
    pub total_tokens_out: f64,
}
