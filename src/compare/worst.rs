//! The order in which scorers are named where only some can be: the worst first.

use std::cmp::Ordering;

use rustc_hash::FxHashMap;

use super::report::{Comparison, ScorerComparison, Slice};
use crate::model::Decision;

/// How bad it is for the candidate: first by the decision, then by the loss.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Badness {
    /// `None` for a warning, which does not decide.
    pub(super) decision: Option<Decision>,
    /// As a share of the scale.
    pub(super) loss: f64,
}

impl Badness {
    /// Compares for sorting the worst to the front.
    pub(super) fn before(&self, other: &Self) -> Ordering {
        self.rank().cmp(&other.rank()).then_with(|| other.loss.total_cmp(&self.loss))
    }

    fn rank(&self) -> u8 {
        match self.decision {
            Some(Decision::Reject) => 0,
            Some(Decision::Inconclusive) => 1,
            // A warning comes before the reasons to allow.
            None => 2,
            Some(Decision::Allow) => 3,
        }
    }
}

/// Returns the loss as a share of the scale, negative for a gain; below all others if it is unknown.
pub(super) fn loss(delta: Option<f64>, of: &ScorerComparison) -> f64 {
    let Some(delta) = delta else { return f64::NEG_INFINITY };
    let width = of.scale.high - of.scale.low;
    // 0 + turns −0 into 0, which sorts differently.
    let loss = 0.0 + if of.lower_is_better { delta } else { -delta };
    if width > 0.0 { loss / width } else { loss }
}

impl Comparison {
    /// Returns the scorers: significant losses first, and larger ones, as shares of their scales, before smaller ones.
    pub fn worst_first(&self) -> Vec<&ScorerComparison> {
        let mut ranked: Vec<_> = (self.scorers.iter())
            .map(|scorer| (scorer.is_significant_loss(), loss(scorer.delta, scorer), scorer))
            .collect();
        ranked.sort_by(|one, other| other.0.cmp(&one.0).then(other.1.total_cmp(&one.1)));
        ranked.into_iter().map(|(_, _, scorer)| scorer).collect()
    }

    /// Returns the slices, in the same order.
    pub fn worst_slices_first(&self) -> Vec<&Slice> {
        let scorers: FxHashMap<&str, &ScorerComparison> =
            self.scorers.iter().map(|scorer| (scorer.scorer.as_str(), scorer)).collect();
        let loss_of = |slice: &Slice| match scorers.get(slice.scorer.as_str()) {
            Some(scorer) => loss(Some(slice.delta), scorer),
            None => f64::INFINITY,
        };
        let mut ranked: Vec<_> = (self.slices.iter())
            .map(|slice| (loss_of(slice), slice))
            .map(|(loss, slice)| (slice.significant && loss > 0.0, loss, slice))
            .collect();
        ranked.sort_by(|one, other| other.0.cmp(&one.0).then(other.1.total_cmp(&one.1)));
        ranked.into_iter().map(|(_, _, slice)| slice).collect()
    }
}

impl ScorerComparison {
    /// Returns whether the candidate is worse, beyond chance.
    pub fn is_significant_loss(&self) -> bool {
        self.significant && loss(self.delta, self) > 0.0
    }
}
