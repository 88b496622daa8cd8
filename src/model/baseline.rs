//! Baselines.

use super::Run;

/// A named run that the other runs of its suite are compared with.
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
