//! Runs.

use serde_json::value::RawValue;

/// One run of a suite with one model.
#[derive(Clone, Debug, serde::Serialize)]
pub struct Run {
    /// Unique id.
    pub id: String,
    /// The suite.
    pub suite_id: String,
    /// Name; need not be unique.
    pub name: String,
    /// Name of the model.
    pub model: String,
    /// JSON.
    pub config: Option<Box<RawValue>>,
    /// Milliseconds since the epoch.
    pub started_at: f64,
    /// Milliseconds since the epoch; `None` while running.
    pub finished_at: Option<f64>,
    /// `running`, `completed` or `failed`.
    pub status: String,
    /// JSON.
    pub summary: Option<Box<RawValue>>,
    /// JSON, an array of strings.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub tags: Option<Box<RawValue>>,
    /// JSON.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub metadata: Option<Box<RawValue>>,
}

/// A run to be made.
#[derive(Clone, Copy, Debug, Default)]
pub struct NewRun<'a> {
    /// The caller's own id; one is made when it is missing.
    pub id: Option<&'a str>,
    /// The suite.
    pub suite_id: &'a str,
    /// Name; need not be unique.
    pub name: &'a str,
    /// Name of the model.
    pub model: &'a str,
    /// JSON text.
    pub config: Option<&'a str>,
    /// JSON text of an array of strings.
    pub tags: Option<&'a str>,
    /// JSON text.
    pub metadata: Option<&'a str>,
}

/// How a run ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RunStatus {
    /// All of it was done.
    Completed,
    /// It was given up.
    Failed,
}

impl RunStatus {
    /// Returns the status as it is stored.
    pub fn name(self) -> &'static str {
        match self {
            RunStatus::Completed => "completed",
            RunStatus::Failed => "failed",
        }
    }
}
