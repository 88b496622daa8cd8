//! The scores of two runs, case by case: what an estimate is made of.

use crate::stats::{Clusters, Limits, RunEffects};

/// Scores of the same cases in both runs, with 0 or 1 trials a case or the means of several.
#[derive(Clone, Debug, Default)]
pub struct PairedScores {
    /// Scores of the baseline.
    pub baseline: Vec<f64>,
    /// Scores of the candidate, case by case.
    pub candidate: Vec<f64>,
    /// The cluster of each case; `None` when cases are independent.
    pub clusters: Option<Clusters>,
    /// Whether a score is the mean of several trials.
    pub is_averaged: bool,
    /// Whether a case has more trials in one run than in the other: then its scores would not look the same in both runs
    /// even if the runs were equal.
    pub is_uneven: bool,
    /// How far the runs of each side are apart, where a side has several.
    pub runs: Option<RunEffects>,
    /// The lowest and the highest score that can be, if that is known; see [`PairedScores::known_limits`].
    pub limits: Option<Limits>,
}

/// Scores within this share of their scale are the same: what floating-point sums of equal scores leave.
const SAME: f64 = 1e-9;

impl PairedScores {
    /// Returns the mean difference candidate − baseline; `None` without cases.
    pub fn delta(&self) -> Option<f64> {
        mean(&self.differences())
    }

    /// Returns candidate − baseline, case by case; 0 where they are the same but for rounding.
    pub fn differences(&self) -> Vec<f64> {
        let sides = self.baseline.iter().zip(&self.candidate);
        let rounding = SAME * self.size();
        let difference = |(baseline, candidate): (&f64, &f64)| {
            let difference = candidate - baseline;
            if difference.abs() <= rounding { 0.0 } else { difference }
        };
        sides.map(difference).collect()
    }

    /// Returns the lowest and the highest score that can be: those that were given; otherwise 0 and 1 when all scores lie
    /// between. `None` when neither is so, because nobody knows what other scores there may be.
    pub fn known_limits(&self) -> Option<Limits> {
        let seen = self.span()?;
        let within = |Limits { low, high }: Limits| Limits {
            low: low.min(seen.low),
            high: high.max(seen.high),
        };
        let is_share = seen.low >= UNIT.low && seen.high <= UNIT.high;
        self.limits.map(within).or(is_share.then_some(UNIT))
    }

    fn span(&self) -> Option<Limits> {
        self.scores().fold(None, |span: Option<Limits>, score| {
            let Limits { low, high } = span.unwrap_or(Limits { low: score, high: score });
            Some(Limits { low: low.min(score), high: high.max(score) })
        })
    }

    /// Returns how far two scores can be apart, as far as that is known or was seen.
    pub(super) fn range(&self) -> f64 {
        let Limits { low, high } = self.known_limits().or(self.span()).unwrap_or(UNIT);
        match high - low {
            range if range > 0.0 => range,
            // Of scores that are all the same, 0 is all that is known of the scale.
            _ if high != 0.0 => high.abs(),
            _ => 1.0,
        }
    }

    /// Returns between what differences can lie; `None` when nobody knows, unless they have no spread at all: that would be
    /// certainty from as little as two cases, so what was seen of the scale has to do.
    pub(super) fn limits_of(&self, differences: &[f64]) -> Option<Limits> {
        let is_constant = || differences.iter().all(|other| *other == differences[0]);
        let is_limited = self.known_limits().is_some() || is_constant();
        is_limited.then(|| Limits { low: -self.range(), high: self.range() })
    }

    fn scores(&self) -> impl Iterator<Item = f64> + '_ {
        self.baseline.iter().chain(&self.candidate).copied()
    }

    /// Returns the size of the largest score, and at least that of the scale.
    fn size(&self) -> f64 {
        let Limits { low, high } = self.known_limits().or(self.span()).unwrap_or(UNIT);
        low.abs().max(high.abs())
    }

    /// Pairs scores, without clusters.
    #[cfg(test)]
    pub(super) fn pairing(baseline: &[f64], candidate: &[f64]) -> Self {
        PairedScores {
            baseline: baseline.to_vec(),
            candidate: candidate.to_vec(),
            ..PairedScores::default()
        }
    }

    /// Returns the clusters, unless each has but one case, which is to have none.
    pub(super) fn true_clusters(&self) -> Option<&Clusters> {
        self.clusters.as_ref().filter(|clusters| clusters.sharing() > 0)
    }
}

/// The scale of pass rates and most judges.
const UNIT: Limits = Limits { low: 0.0, high: 1.0 };

/// Returns the mean; `None` of nothing.
pub(super) fn mean(values: &[f64]) -> Option<f64> {
    (!values.is_empty()).then(|| values.iter().sum::<f64>() / values.len() as f64)
}
