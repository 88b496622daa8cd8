//! What a scorecard says: what was measured, what is asked for, and what follows.

use std::collections::BTreeMap;

use serde::{Serialize, Serializer};

use super::grade::{Grade, GradeReason};
use super::words;
use crate::model::Thresholds;

/// Numbers by the name of what they measure; all of them are finite.
pub type Metrics = BTreeMap<String, f64>;

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
