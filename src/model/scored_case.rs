//! Cases with their scores, as they are returned.

use serde::Serialize;
use serde_json::value::RawValue;

/// A case with its scores, in the documented order of keys.
#[derive(Clone, Debug, Serialize)]
pub struct ScoredCase {
    /// Unique id.
    pub id: String,
    /// The run.
    pub run_id: String,
    /// Position in the dataset.
    pub idx: f64,
    /// JSON.
    pub input: Option<Box<RawValue>>,
    /// The model's answer.
    pub output: Option<String>,
    /// JSON.
    pub expected: Option<Box<RawValue>>,
    /// Milliseconds.
    pub latency_ms: Option<f64>,
    /// Tokens read by the model.
    pub tokens_in: Option<f64>,
    /// Tokens written by the model.
    pub tokens_out: Option<f64>,
    /// Why there is no output.
    pub error: Option<String>,
    /// Name of the case, stable across runs.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub key: Option<String>,
    /// Number of the attempt.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub trial: Option<f64>,
    /// Benchmark the case belongs to.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub benchmark: Option<String>,
    /// Group of cases that are not independent.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub cluster: Option<String>,
    /// JSON.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub metadata: Option<Box<RawValue>>,
    /// US dollars.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub cost_usd: Option<f64>,
    /// Milliseconds since the epoch.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub started_at: Option<f64>,
    /// Its scores, in the order in which they were saved.
    pub scores: Vec<CaseScore>,
}

/// A score of a case.
#[derive(Clone, Debug, Serialize)]
pub struct CaseScore {
    /// Name of the scorer.
    pub scorer_name: String,
    /// The score; JSON has `null` for an infinite one.
    pub score: f64,
    /// The reason.
    pub reason: Option<String>,
    /// JSON.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub metadata: Option<Box<RawValue>>,
    /// The answer that the scorer extracted from the output.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub answer: Option<String>,
}
