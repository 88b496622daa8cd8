//! The content of a scorecard: metrics, thresholds, and the verdict.

use std::collections::BTreeMap;

use serde::{Serialize, Serializer};

use super::grade::{Grade, GradeReason};
use super::words;
use crate::model::Thresholds;

/// Values by the name of the metric; all of them are finite.
pub type Metrics = BTreeMap<String, f64>;

/// Metrics, thresholds, and the verdict.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct Scorecard {
    /// The measured metrics.
    pub metrics: Metrics,
    /// The thresholds.
    pub thresholds: Thresholds,
    /// The verdict.
    pub verdict: Grade,
    /// Why the verdict is not `pass`. In JSON, each reason has its sentence as `text`.
    #[serde(serialize_with = "worded")]
    pub reasons: Vec<GradeReason>,
}

/// The scorecard of one case.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct SampleScorecard {
    /// Identifies the case: benchmark, key or idx, and trial; the same in other runs of the suite.
    pub sample_id: String,
    /// Id of the case.
    pub case_id: String,
    /// Its scores and costs, and the thresholds of its scorers.
    #[serde(flatten)]
    pub card: Scorecard,
    /// The error.
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
    /// The grade of all cases.
    #[serde(flatten)]
    pub card: Scorecard,
    /// The cards of the cases, by idx, if they are kept.
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
