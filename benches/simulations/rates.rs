//! How often a gate is right and wrong of one kind of suite.

use runstore::compare::ScorerVerdict;
use serde::Serialize;

/// Shares from 0 to 1; `None` where there is nothing to count, because scores cannot lose so much.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Rates {
    pub name: String,
    pub n: usize,
    /// In units of the scores.
    pub margin: f64,
    pub pairs: usize,
    /// A loss as large as the margin, allowed: nominal at most alpha/2.
    pub false_allow: Option<f64>,
    /// No difference, and a margin of 0: rejected, nominal at most alpha/2.
    pub false_reject: Option<f64>,
    /// Intervals that hold the true difference, the worse of no difference and a loss; nominal at least 1 − alpha.
    pub coverage: Option<f64>,
    /// No difference, allowed.
    pub allowed_same: Option<f64>,
    /// A loss of twice the margin, rejected.
    pub rejected_loss: Option<f64>,
    /// A loss as large as the margin, rejected. Nothing is promised of it.
    pub rejected_at_margin: Option<f64>,
}

/// Alpha; either side has half of it.
const ALPHA: f64 = 0.05;

impl Rates {
    /// Whether a rate is worse than promised by more than three Monte Carlo errors.
    pub fn is_off(&self) -> bool {
        let error = |share: f64| (share * (1.0 - share) / self.pairs as f64).sqrt();
        let half = ALPHA / 2.0;
        let is_more = |rate: Option<f64>| rate.is_some_and(|rate| rate > half + 3.0 * error(half));
        let least = 1.0 - ALPHA - 3.0 * error(ALPHA);
        is_more(self.false_allow)
            || is_more(self.false_reject)
            || self.coverage.is_some_and(|coverage| coverage < least)
    }
}

/// Whether the interval of a verdict holds the truth. Where nothing is said, nothing is wrong.
pub fn holds(verdict: &ScorerVerdict, truth: f64) -> bool {
    verdict.interval.is_none_or(|ends| ends.low <= truth + 1e-9 && truth - 1e-9 <= ends.high)
}

/// Returns the share of what is so; `None` of nothing.
pub fn share(are: impl Iterator<Item = bool>) -> Option<f64> {
    let (wanted, all) =
        are.fold((0_u32, 0_u32), |(wanted, all), is_so| (wanted + u32::from(is_so), all + 1));
    (all > 0).then(|| f64::from(wanted) / f64::from(all))
}
