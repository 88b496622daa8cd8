//! The scores of two runs, case by case, as the input of an estimate.

use crate::stats::{Clusters, Limits, RunEffects};

/// Scores of the same cases in both runs: 0 or 1, or means of several trials.
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
    /// Whether a case has more trials in one run than in the other: then the distribution of its scores differs even
    /// between equal runs.
    pub is_uneven: bool,
    /// The differences between the runs of each side, if a side has several.
    pub runs: Option<RunEffects>,
    /// The lowest and the highest possible score, if known; see [`PairedScores::known_limits`].
    pub limits: Option<Limits>,
}

/// Scores within this share of their scale are equal: floating-point sums of equal scores may differ as much.
const SAME: f64 = 1e-9;

impl PairedScores {
    /// Returns the mean difference candidate − baseline; `None` without cases.
    pub fn delta(&self) -> Option<f64> {
        mean(&self.differences())
    }

    /// Returns candidate − baseline, case by case; 0 if they only differ by rounding.
    pub fn differences(&self) -> Vec<f64> {
        let sides = self.baseline.iter().zip(&self.candidate);
        let rounding = SAME * self.size();
        let difference = |(baseline, candidate): (&f64, &f64)| {
            let difference = candidate - baseline;
            if difference.abs() <= rounding { 0.0 } else { difference }
        };
        sides.map(difference).collect()
    }

    /// Returns the lowest and the highest possible score: the given limits; otherwise 0 and 1 if all scores lie
    /// between. `None` if the scale is unknown.
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

    /// Returns the largest possible difference of two scores, as far as it is known or was observed.
    pub(super) fn range(&self) -> f64 {
        let Limits { low, high } = self.known_limits().or(self.span()).unwrap_or(UNIT);
        match high - low {
            range if range > 0.0 => range,
            // If all scores are equal, the distance to 0 is the only information about the scale.
            _ if high != 0.0 => high.abs(),
            _ => 1.0,
        }
    }

    /// Returns the limits of the differences; `None` if they are unknown. If the differences have no spread at all, the
    /// observed scale is used instead, because two cases would otherwise give certainty.
    pub(super) fn limits_of(&self, differences: &[f64]) -> Option<Limits> {
        let is_constant = || differences.iter().all(|other| *other == differences[0]);
        let is_limited = self.known_limits().is_some() || is_constant();
        is_limited.then(|| Limits { low: -self.range(), high: self.range() })
    }

    fn scores(&self) -> impl Iterator<Item = f64> + '_ {
        self.baseline.iter().chain(&self.candidate).copied()
    }

    /// Returns the size of the largest score, at least that of the scale.
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

    /// Returns the clusters; `None` if each has only one case.
    pub(super) fn true_clusters(&self) -> Option<&Clusters> {
        self.clusters.as_ref().filter(|clusters| clusters.sharing() > 0)
    }
}

/// The scale of pass rates and of most judges.
const UNIT: Limits = Limits { low: 0.0, high: 1.0 };

/// Returns the mean; `None` of nothing.
pub(super) fn mean(values: &[f64]) -> Option<f64> {
    (!values.is_empty()).then(|| values.iter().sum::<f64>() / values.len() as f64)
}
