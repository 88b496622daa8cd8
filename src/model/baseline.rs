//! Baselines.

use super::Run;

/// The run that others of its suite are compared with, under a name.
#[derive(Clone, Debug, serde::Serialize)]
pub struct Baseline {
    /// The suite.
    pub suite_id: String,
    /// Name, unique in the suite.
    pub name: String,
    /// Id of the run.
    pub run_id: String,
    /// When it was made the baseline, in milliseconds since the epoch.
    pub set_at: i64,
    /// Milliseconds since then.
    pub age_ms: i64,
    /// The run itself.
    pub run: Run,
}
