//! What paired scores say of a difference: the method, the interval, the p-value.

use serde::Serialize;

use crate::error::{Code, StoreError};
use crate::stats::{
    self, Alternative, Clusters, ErrorRates, Interval, PairedCounts, PermutationMode, Resampling,
    StatsError,
};

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
}

impl PairedScores {
    /// Returns the mean difference candidate − baseline; `None` without cases.
    pub fn delta(&self) -> Option<f64> {
        let sides = self.baseline.iter().zip(&self.candidate);
        let differences: Vec<f64> =
            sides.map(|(baseline, candidate)| candidate - baseline).collect();
        mean(&differences)
    }
}

/// Returns the mean; `None` of nothing.
pub(super) fn mean(values: &[f64]) -> Option<f64> {
    (!values.is_empty()).then(|| values.iter().sum::<f64>() / values.len() as f64)
}

/// Which test and interval were used, and why.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Method {
    /// Where the p-value comes from.
    pub test: &'static str,
    /// Where the interval comes from.
    pub interval: &'static str,
    /// Why these.
    pub reason: &'static str,
}

/// 0/1 scores of independent cases.
const BINARY: Method = Method {
    test: "mcnemar_exact",
    interval: "tango",
    reason: "all scores are 0 or 1: only the cases that changed sides carry information",
};
const GRADED: Method = Method {
    test: "sign_flip_permutation",
    interval: "paired_t",
    reason: "scores are graded: the differences, case by case, are what is tested",
};
const AVERAGED: Method = Method {
    reason: "scores are means of several trials of a case, so they are treated as graded",
    ..GRADED
};
const CLUSTERED: Method = Method {
    test: "clustered_sign_flip_permutation",
    interval: "clustered_t",
    reason: "cases come in clusters that move together, so the clusters are what is independent",
};

/// What is known of the difference of two runs.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Estimate {
    /// Cases.
    pub n: usize,
    /// Clusters, when there are any.
    pub n_clusters: Option<usize>,
    /// Mean of candidate − baseline, in units of the scores.
    pub delta: f64,
    /// Its standard error; that of independent cases unless there are clusters.
    pub standard_error: f64,
    /// The two-sided interval of the difference.
    pub interval: Interval,
    /// How it is known.
    pub method: Method,
    /// Of 0/1 scores.
    counts: Option<PairedCounts>,
}

impl Estimate {
    /// Returns what the scores say, with an interval of this level, between 0 and 1; `None` when there are too few:
    /// fewer than two cases, or clusters.
    pub fn of(scores: &PairedScores, level: f64) -> Option<Self> {
        let (baseline, candidate) = (&scores.baseline, &scores.candidate);
        let clusters = scores.clusters.as_ref();
        let test = match clusters {
            Some(clusters) => {
                stats::clustered_t_test(baseline, candidate, clusters, TWO_SIDED, level)
            }
            None => stats::paired_t_test(baseline, candidate, TWO_SIDED, level),
        }
        .ok()?;
        let is_plain = clusters.is_none() && !scores.is_averaged;
        let counts = if is_plain { stats::paired_counts(baseline, candidate).ok() } else { None };
        let interval = match &counts {
            Some(counts) => stats::tango_interval(counts, TWO_SIDED, level).ok()?,
            None => test.interval,
        };
        let method = match (clusters, &counts) {
            (Some(_), _) => CLUSTERED,
            (None, Some(_)) => BINARY,
            (None, None) if scores.is_averaged => AVERAGED,
            (None, None) => GRADED,
        };
        Some(Estimate {
            n: baseline.len(),
            n_clusters: clusters.map(Clusters::len),
            delta: test.delta,
            standard_error: test.standard_error,
            interval,
            method,
            counts,
        })
    }

    /// Returns the two-sided p-value of no difference.
    pub fn p_value(
        &self,
        scores: &PairedScores,
        resampling: &Resampling,
    ) -> Result<f64, StatsError> {
        let (baseline, candidate) = (&scores.baseline, &scores.candidate);
        let mode = PermutationMode::Auto;
        let test = match (&self.counts, &scores.clusters) {
            (Some(counts), _) => return Ok(stats::mcnemar_exact(counts, TWO_SIDED)),
            (None, Some(clusters)) => stats::clustered_permutation_test(
                baseline, candidate, clusters, TWO_SIDED, mode, resampling,
            ),
            (None, None) => {
                stats::paired_permutation_test(baseline, candidate, TWO_SIDED, mode, resampling)
            }
        };
        test.map(|test| test.p_value)
    }

    /// Returns the smallest difference that as many cases show with this power, in units of the scores:
    /// (z(1 − alpha/2) + z(power)) · standard error. `None` when no case differs, which tells nothing of the spread.
    pub fn minimum_detectable_effect(&self, alpha: f64, power: f64) -> Option<f64> {
        // With n = 2 and sd = √2 times the standard error, sd/√n is the standard error again.
        let sd = self.standard_error * std::f64::consts::SQRT_2;
        let rates = ErrorRates { alpha, power, one_sided: false };
        let effect = stats::minimum_detectable_effect(sd, 2, &rates, None).ok()?.mde;
        (effect > 0.0).then_some(effect)
    }

    /// Returns how many cases show a difference of `target` with this power, at least as many as there are.
    pub fn cases_needed(&self, target: f64, alpha: f64, power: f64) -> Option<f64> {
        let effect = self.minimum_detectable_effect(alpha, power)?;
        let needed = (self.n as f64 * (effect / target).powi(2)).ceil();
        needed.is_finite().then_some(needed)
    }
}

const TWO_SIDED: Alternative = Alternative::TwoSided;

/// A statistic that was refused although its arguments had been checked is a fault of ours.
pub(super) fn fault(error: StatsError) -> StoreError {
    StoreError::new(Code::Internal, error.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn scores(baseline: &[f64], candidate: &[f64]) -> PairedScores {
        PairedScores {
            baseline: baseline.to_vec(),
            candidate: candidate.to_vec(),
            ..PairedScores::default()
        }
    }

    #[test]
    fn binary_scores_are_tested_by_mcnemar_and_graded_ones_by_flipping_signs() {
        let method = |scores: &PairedScores| Estimate::of(scores, 0.95).unwrap().method;
        let binary = scores(&[0.0, 1.0, 1.0], &[1.0, 1.0, 0.0]);
        assert_eq!(method(&binary), BINARY);
        assert_eq!(method(&PairedScores { is_averaged: true, ..binary.clone() }), AVERAGED);
        assert_eq!(
            method(&PairedScores { clusters: Some(Clusters::from_names(&[0, 1, 1])), ..binary }),
            CLUSTERED
        );
        assert_eq!(method(&scores(&[0.5, 1.0, 0.0], &[1.0, 1.0, 0.0])), GRADED);
    }

    #[test]
    fn one_case_or_one_cluster_says_nothing_of_the_spread() {
        assert_eq!(Estimate::of(&scores(&[0.5], &[1.0]), 0.95), None);
        let one = PairedScores {
            clusters: Some(Clusters::from_names(&[7, 7])),
            ..scores(&[0.0, 1.0], &[1.0, 1.0])
        };
        assert_eq!(Estimate::of(&one, 0.95), None);
    }

    #[test]
    fn the_interval_widens_with_the_level_and_holds_the_difference() {
        let scores = scores(&[0.1, 0.5, 0.3, 0.9], &[0.2, 0.4, 0.7, 0.9]);
        let [narrow, wide] = [0.5, 0.99].map(|level| Estimate::of(&scores, level).unwrap());
        assert!(
            wide.interval.low < narrow.interval.low && narrow.interval.high < wide.interval.high
        );
        assert!(narrow.interval.contains(narrow.delta));
    }

    #[test]
    fn four_times_the_cases_show_half_the_effect() {
        let scores = scores(&[0.1, 0.5, 0.3, 0.9], &[0.2, 0.4, 0.7, 0.9]);
        let estimate = Estimate::of(&scores, 0.95).unwrap();
        let effect = estimate.minimum_detectable_effect(0.05, 0.8).unwrap();
        // (1.959964 + 0.841621) times the standard error of 0.1, −0.1, 0.4 and 0: 0.108012.
        assert!((effect - 2.801_585 * 0.108_012).abs() < 1e-5, "{effect}");
        assert_eq!(estimate.cases_needed(effect / 2.0, 0.05, 0.8), Some(16.0));
    }
}
