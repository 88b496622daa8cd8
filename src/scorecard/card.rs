//! What a scorecard says: what was measured, what is asked for, and what follows.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize, Serializer};

use super::words;
use crate::model::Thresholds;

/// Numbers by the name of what they measure; all of them are finite.
pub type Metrics = BTreeMap<String, f64>;

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

impl Grade {
    /// Returns `pass`, `warn`, `none` or `fail`.
    pub fn name(self) -> &'static str {
        match self {
            Grade::Pass => "pass",
            Grade::Warn => "warn",
            Grade::None => "none",
            Grade::Fail => "fail",
        }
    }
}

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

/// What was measured, what is asked for, and what follows.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct Scorecard {
    /// What was measured.
    pub metrics: Metrics,
    /// What is asked for.
    pub thresholds: Thresholds,
    /// What follows.
    pub verdict: Grade,
    /// Why it is not `pass`. As JSON each has its sentence beside it, as `text`.
    #[serde(serialize_with = "worded")]
    pub reasons: Vec<GradeReason>,
}

/// The scorecard of one case.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct SampleScorecard {
    /// Names the case: benchmark, key or idx, and trial; the same in other runs of the suite.
    pub sample_id: String,
    /// Id of the case.
    pub case_id: String,
    /// Its scores and costs, and the thresholds of its scorers.
    #[serde(flatten)]
    pub card: Scorecard,
    /// What went wrong.
    pub errors: Vec<String>,
}

/// The scorecard of a run.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct RunScorecard {
    /// The run.
    pub run_id: String,
    /// Its suite.
    pub suite_id: String,
    /// Its model.
    pub model: String,
    /// Of all cases.
    #[serde(flatten)]
    pub card: Scorecard,
    /// Of each case, by idx, where they are kept.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub samples: Option<Vec<SampleScorecard>>,
}

fn worded<S: Serializer>(reasons: &[GradeReason], serializer: S) -> Result<S::Ok, S::Error> {
    #[derive(Serialize)]
    struct Worded<'r> {
        #[serde(flatten)]
        reason: &'r GradeReason,
        text: String,
    }
    let worded = |reason| Worded { reason, text: words::reason(reason) };
    serializer.collect_seq(reasons.iter().map(worded))
}
