//! Thresholds for the metrics of a run.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

/// Thresholds by metric.
pub type Thresholds = BTreeMap<String, Threshold>;

/// The limits of a metric: within the pass limits it passes, within the warn limits it warns, and beyond them it fails.
/// A missing warn limit equals the pass limit.
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

/// Thresholds in a format that neither names nor omits fields.
pub(super) mod packed {
    use serde::{Deserialize, Deserializer, Serializer};

    use super::{Threshold, Thresholds};

    type Limits = [Option<f64>; 4];

    pub fn serialize<S: Serializer>(
        thresholds: &Thresholds,
        serializer: S,
    ) -> Result<S::Ok, S::Error> {
        let limits = |threshold: &Threshold| -> Limits {
            let Threshold { pass_floor, warn_floor, pass_ceiling, warn_ceiling } = *threshold;
            [pass_floor, warn_floor, pass_ceiling, warn_ceiling]
        };
        serializer.collect_seq(thresholds.iter().map(|(metric, one)| (metric, limits(one))))
    }

    pub fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Thresholds, D::Error> {
        let thresholds = Vec::<(String, Limits)>::deserialize(deserializer)?;
        let named = |(metric, limits): (String, Limits)| {
            let [pass_floor, warn_floor, pass_ceiling, warn_ceiling] = limits;
            (metric, Threshold { pass_floor, warn_floor, pass_ceiling, warn_ceiling })
        };
        Ok(thresholds.into_iter().map(named).collect())
    }
}
