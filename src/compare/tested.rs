//! Estimate and test for one scorer, according to the options.

use super::estimate::{Estimate, fault};
use super::options::ComparisonOptions;
use super::paired_scores::PairedScores;
use crate::error::Result;

/// Returns the estimate and the p-value; `None` if there are too few cases.
pub(super) fn tested(
    scores: &PairedScores,
    options: &ComparisonOptions,
    lower_is_better: bool,
) -> Result<(Option<Estimate>, Option<f64>)> {
    let level = 1.0 - options.alpha;
    let tested = Estimate::tested(scores, level, lower_is_better, &options.resampling());
    Ok(tested.map_err(fault)?.unzip())
}
