//! The verdict of a scorecard, and why it is not a better one.

use serde::{Deserialize, Serialize};

/// The verdict of a scorecard.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Grade {
    /// All that is asked for is met.
    Pass,
    /// Something is between its pass and its warn limit, or cases have no score.
    Warn,
    /// Too little is known for a verdict.
    #[default]
    None,
    /// Something is beyond its limits.
    Fail,
}

named!(Grade {
    Pass = "pass",
    Warn = "warn",
    None = "none",
    Fail = "fail",
});

/// Why a scorecard does not pass.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(tag = "code", rename_all = "snake_case")]
pub enum GradeReason {
    /// The metric is below its pass floor.
    BelowFloor {
        /// The metric.
        metric: String,
        /// What it is.
        value: f64,
        /// What it should be at least.
        floor: f64,
        /// `warn` above the warn floor, else `fail`.
        verdict: Grade,
    },
    /// The metric is above its pass ceiling.
    AboveCeiling {
        /// The metric.
        metric: String,
        /// What it is.
        value: f64,
        /// What it should be at most.
        ceiling: f64,
        /// `warn` below the warn ceiling, else `fail`.
        verdict: Grade,
    },
    /// A threshold is set for a metric that was not measured.
    NotMeasured {
        /// The metric.
        metric: String,
    },
    /// Some cases have no score, and no threshold says how many may.
    NotAllScored {
        /// Cases.
        cases: u64,
        /// Those without a score.
        unscored: u64,
        /// Those with an error.
        errored: u64,
    },
    /// Nothing was scored.
    NoScores,
    /// The suite has no thresholds.
    NoThresholds,
    /// The run is still running.
    Unfinished,
    /// The run was given up.
    RunFailed,
}
