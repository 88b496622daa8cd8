//! The verdict of a scorecard, and the reasons for it.

use serde::{Deserialize, Serialize};

/// The verdict of a scorecard.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Grade {
    /// All thresholds are met.
    Pass,
    /// A metric is between its pass and its warn limit, or cases have no score.
    Warn,
    /// There is too little data for a verdict.
    #[default]
    None,
    /// A metric is beyond its limits.
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
        /// Its value.
        value: f64,
        /// Its pass floor.
        floor: f64,
        /// `warn` above the warn floor, else `fail`.
        verdict: Grade,
    },
    /// The metric is above its pass ceiling.
    AboveCeiling {
        /// The metric.
        metric: String,
        /// Its value.
        value: f64,
        /// Its pass ceiling.
        ceiling: f64,
        /// `warn` below the warn ceiling, else `fail`.
        verdict: Grade,
    },
    /// A threshold is set for a metric that was not measured.
    NotMeasured {
        /// The metric.
        metric: String,
    },
    /// Some cases have no score, and no threshold limits how many.
    NotAllScored {
        /// Number of cases.
        cases: u64,
        /// Number of cases without a score.
        unscored: u64,
        /// Number of cases with an error.
        errored: u64,
    },
    /// Nothing was scored.
    NoScores,
    /// The suite has no thresholds.
    NoThresholds,
    /// The run is still running.
    Unfinished,
    /// The run failed.
    RunFailed,
    /// In a file of several runs, some of them failed.
    SomeRunsFailed {
        /// Keys of their pipelines.
        pipelines: Vec<String>,
    },
}
