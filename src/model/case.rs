//! Cases and scores to save.

/// A case to save. JSON fields contain JSON text.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct NewCase<'a> {
    /// The caller's own id; generated if missing.
    pub id: Option<&'a str>,
    /// The run.
    pub run_id: &'a str,
    /// Position in the dataset.
    pub idx: f64,
    /// JSON.
    pub input: &'a str,
    /// The model's answer.
    pub output: Option<&'a str>,
    /// JSON.
    pub expected: Option<&'a str>,
    /// Milliseconds.
    pub latency_ms: Option<f64>,
    /// Tokens read by the model.
    pub tokens_in: Option<f64>,
    /// Tokens written by the model.
    pub tokens_out: Option<f64>,
    /// Why there is no output.
    pub error: Option<&'a str>,
    /// Rarely used fields.
    pub more: MoreOfCase<'a>,
}

/// The rarely used fields of a case.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct MoreOfCase<'a> {
    /// Name of the case, stable across runs.
    pub key: Option<&'a str>,
    /// Number of the attempt.
    pub trial: Option<f64>,
    /// Benchmark the case belongs to.
    pub benchmark: Option<&'a str>,
    /// Group of cases that are not independent.
    pub cluster: Option<&'a str>,
    /// JSON.
    pub metadata: Option<&'a str>,
    /// US dollars.
    pub cost_usd: Option<f64>,
    /// Milliseconds since the epoch.
    pub started_at: Option<f64>,
}

/// A score to save.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct NewScore<'a> {
    /// The caller's own id; generated if missing.
    pub id: Option<&'a str>,
    /// The case.
    pub case_id: &'a str,
    /// Name of the scorer.
    pub scorer_name: &'a str,
    /// The score; not NaN.
    pub score: f64,
    /// The reason.
    pub reason: Option<&'a str>,
    /// JSON.
    pub metadata: Option<&'a str>,
    /// The answer that the scorer extracted from the output.
    pub answer: Option<&'a str>,
}
