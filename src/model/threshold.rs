//! What is asked of the metrics of a run.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

/// What is asked for, by the name of the metric.
pub type Thresholds = BTreeMap<String, Threshold>;

/// What is asked of a metric: within the pass limits it passes, within the warn limits it warns, and beyond them it fails.
/// A warn limit that is missing is where the pass limit is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Threshold {
    /// Passes at this value and above.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub pass_floor: Option<f64>,
    /// Warns at this value and above.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub warn_floor: Option<f64>,
    /// Passes at this value and below.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub pass_ceiling: Option<f64>,
    /// Warns at this value and below.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub warn_ceiling: Option<f64>,
}
