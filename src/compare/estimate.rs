//! What paired scores say of a difference: the method, the interval, the p-value.

use serde::Serialize;

use super::paired_scores::{PairedScores, mean};
use crate::error::{Code, StoreError};
use crate::stats::{
    self, Alternative, Clusters, GuardedMean, Interval, PairedCounts, PermutationMode, Resampling,
    RunComponent, RunEffects, StatsError,
};

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
    test: "mcnemar_mid_p",
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

impl Method {
    /// Returns the same with the interval widened by the bound for scores on a scale.
    fn guarded(self) -> Self {
        let interval = if self.interval == CLUSTERED.interval {
            "clustered_bounded_mean"
        } else {
            "bounded_mean"
        };
        Method { interval, ..self }
    }
}

/// What is known of the difference of two runs.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Estimate {
    /// Cases.
    pub n: usize,
    /// Clusters, when cases share any.
    pub n_clusters: Option<usize>,
    /// How many clusters of equal size say as much as these.
    pub effective_clusters: Option<f64>,
    /// Cases that share their cluster with another.
    pub clustered_cases: usize,
    /// Mean of candidate − baseline, in units of the scores.
    pub delta: f64,
    /// Its standard error; that of independent cases unless there are clusters.
    pub standard_error: f64,
    /// The degrees of freedom of the standard error.
    pub df: f64,
    /// The two-sided interval of the difference.
    pub interval: Interval,
    /// How it is known.
    pub method: Method,
    /// What differs from run to run, where a side has several; it is part of the interval.
    pub runs: Option<RunComponent>,
    /// Of 0/1 scores.
    pub(super) counts: Option<PairedCounts>,
    /// Share of the cases, or clusters, that differ, and the root of their mean square: how a rare loss would look.
    pub(super) changed: Changed,
    /// The largest possible difference.
    pub(super) range: f64,
}

/// The cases that differ.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Changed {
    pub(super) share: f64,
    pub(super) size: f64,
}

impl Estimate {
    /// Returns what the scores say, with an interval of this level, between 0 and 1; `None` when there are too few:
    /// fewer than two cases, or clusters.
    pub fn of(scores: &PairedScores, level: f64) -> Option<Self> {
        let differences = scores.differences();
        let evidence = Evidence::of(scores, &differences).ok()?;
        let clusters = scores.true_clusters();
        let test = evidence.mean.test();
        Some(Estimate {
            n: differences.len(),
            n_clusters: clusters.map(Clusters::len),
            effective_clusters: clusters.map(Clusters::effective),
            clustered_cases: clusters.map_or(0, Clusters::sharing),
            delta: test.delta,
            standard_error: test.standard_error,
            df: test.df,
            interval: evidence.interval(level).ok()?,
            method: evidence.method(scores),
            runs: evidence.runs,
            counts: evidence.counts,
            changed: Changed::of(&differences),
            range: scores.range(),
        })
    }

    /// Returns the same and the two-sided p-value of no difference, which do not contradict each other over a loss.
    ///
    /// The test asks whether anything distinguishes the runs, and is exact if nothing does; the interval allows for cases
    /// that nobody has seen, and may reach past 0 where the test says that there is a loss. It then ends at 0. A gain is
    /// not shortened so: what the interval is wanted for is that no loss hides behind it.
    pub fn tested(
        scores: &PairedScores,
        level: f64,
        lower_is_better: bool,
        resampling: &Resampling,
    ) -> Result<Option<(Self, f64)>, StatsError> {
        let Some(mut estimate) = Estimate::of(scores, level) else { return Ok(None) };
        let p_value = estimate.p_value(scores, resampling)?;
        let alpha = 1.0 - level;
        // As few as no test by signs could prove it.
        let units = estimate.effective_clusters.unwrap_or(estimate.n as f64);
        let can_prove = 2.0 * (-units).exp2() < alpha || estimate.counts.is_some();
        if p_value < alpha && can_prove {
            let Interval { low, high, .. } = &mut estimate.interval;
            match lower_is_better {
                true if estimate.delta > 0.0 => *low = low.max(0.0),
                false if estimate.delta < 0.0 => *high = high.min(0.0),
                _ => (),
            }
        }
        Ok(Some((estimate, p_value)))
    }

    /// Returns the two-sided p-value of no difference.
    ///
    /// Flipping signs asks whether anything distinguishes the runs. Unequal numbers of trials do, and so does that no two
    /// runs are alike, where several show it: there the p-value is no less than that of the interval.
    fn p_value(&self, scores: &PairedScores, resampling: &Resampling) -> Result<f64, StatsError> {
        let differences = scores.differences();
        let none = vec![0.0; differences.len()];
        let mode = PermutationMode::Auto;
        let test = match (&self.counts, scores.true_clusters()) {
            (Some(counts), _) => return Ok(stats::mcnemar_mid_p(counts, TWO_SIDED)),
            (None, Some(clusters)) => stats::clustered_permutation_test(
                &none,
                &differences,
                clusters,
                TWO_SIDED,
                mode,
                resampling,
            ),
            (None, None) => {
                stats::paired_permutation_test(&none, &differences, TWO_SIDED, mode, resampling)
            }
        };
        let p_value = test?.p_value;
        if !scores.is_uneven && self.runs.is_none() {
            return Ok(p_value);
        }
        Ok(Evidence::of(scores, &differences)?.p_of_no_difference().max(p_value))
    }

    /// Returns the one-sided p-value of a loss of at least `margin`, against a smaller one or none (Schuirmann 1987): at most
    /// alpha/2 where the interval of level 1 − alpha rules such a loss out.
    pub fn p_of_loss(scores: &PairedScores, margin: f64, lower_is_better: bool) -> Option<f64> {
        let differences = scores.differences();
        let evidence = Evidence::of(scores, &differences).ok()?;
        let (bound, alternative) = match lower_is_better {
            true => (margin, Alternative::Less),
            false => (-margin, Alternative::Greater),
        };
        match (&evidence.counts, lower_is_better) {
            // Pass rates are never so far apart.
            (Some(_), _) if margin >= 1.0 => Some(0.0),
            (Some(counts), _) => stats::tango_p_value(counts, bound, alternative).ok(),
            (None, true) => Some(evidence.p_below(bound)),
            (None, false) => Some(evidence.p_above(bound)),
        }
    }
}

impl Changed {
    fn of(differences: &[f64]) -> Self {
        let changed: Vec<f64> = differences.iter().filter(|d| **d != 0.0).map(|d| d * d).collect();
        Changed {
            share: changed.len() as f64 / differences.len() as f64,
            size: mean(&changed).unwrap_or(0.0).sqrt(),
        }
    }
}

/// What an interval and a one-sided p-value of the difference are read from.
struct Evidence {
    counts: Option<PairedCounts>,
    mean: GuardedMean,
    runs: Option<RunComponent>,
}

impl Evidence {
    fn of(scores: &PairedScores, differences: &[f64]) -> Result<Self, StatsError> {
        let clusters = scores.true_clusters();
        let is_plain = clusters.is_none() && !scores.is_averaged;
        let counts = stats::paired_counts(&scores.baseline, &scores.candidate);
        Ok(Evidence {
            counts: counts.ok().filter(|_| is_plain),
            mean: GuardedMean::of(differences, clusters, scores.limits_of(differences))?,
            runs: scores.runs.as_ref().and_then(RunEffects::component),
        })
    }

    fn method(&self, scores: &PairedScores) -> Method {
        let method = match (scores.true_clusters(), &self.counts) {
            (Some(_), _) => CLUSTERED,
            (None, Some(_)) => return BINARY,
            (None, None) if scores.is_averaged => AVERAGED,
            (None, None) => GRADED,
        };
        if self.mean.is_guarded() { method.guarded() } else { method }
    }

    fn interval(&self, level: f64) -> Result<Interval, StatsError> {
        match &self.counts {
            Some(counts) => stats::tango_interval(counts, TWO_SIDED, level),
            None => Ok(self.interval_of_mean(level)),
        }
    }

    fn interval_of_mean(&self, level: f64) -> Interval {
        let interval = self.mean.interval(level);
        self.runs.map_or(interval, |runs| runs.widen(interval, self.mean.test().delta))
    }

    /// Returns the p-value of a mean of at most `bound`.
    fn p_above(&self, bound: f64) -> f64 {
        match self.runs {
            None => self.mean.p_above(bound),
            Some(_) => {
                let delta = self.mean.test().delta;
                stats::run_effects::p_above(bound, delta, |level| self.interval_of_mean(level))
            }
        }
    }

    /// Returns the p-value of a mean of at least `bound`.
    fn p_below(&self, bound: f64) -> f64 {
        if self.runs.is_some() { 1.0 - self.p_above(bound) } else { self.mean.p_below(bound) }
    }

    /// Returns the two-sided p-value of a mean of 0, whatever else may distinguish the runs.
    fn p_of_no_difference(&self) -> f64 {
        (2.0 * self.p_above(0.0).min(self.p_below(0.0))).min(1.0)
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

    #[test]
    fn binary_scores_are_tested_by_mcnemar_and_graded_ones_by_flipping_signs() {
        let method = |scores: &PairedScores| Estimate::of(scores, 0.95).unwrap().method;
        let binary = PairedScores::pairing(&[0.0, 1.0, 1.0], &[1.0, 1.0, 0.0]);
        assert_eq!(method(&binary), BINARY);
        let averaged = PairedScores { is_averaged: true, ..binary.clone() };
        assert_eq!(method(&averaged), AVERAGED.guarded());
        let clusters = Some(Clusters::from_names(&[0, 1, 1]));
        assert_eq!(method(&PairedScores { clusters, ..binary }), CLUSTERED.guarded());
        assert_eq!(
            method(&PairedScores::pairing(&[0.5, 1.0, 0.0], &[1.0, 1.0, 0.0])),
            GRADED.guarded()
        );
        // A score beyond 1: nobody knows what other scores there may be.
        assert_eq!(method(&PairedScores::pairing(&[0.5, 2.0, 0.0], &[1.0, 1.0, 0.0])), GRADED);
    }

    #[test]
    fn one_case_or_one_cluster_says_nothing_of_the_spread() {
        assert_eq!(Estimate::of(&PairedScores::pairing(&[0.5], &[1.0]), 0.95), None);
        let one = PairedScores {
            clusters: Some(Clusters::from_names(&[7, 7])),
            ..PairedScores::pairing(&[0.0, 1.0], &[1.0, 1.0])
        };
        assert_eq!(Estimate::of(&one, 0.95), None);
    }

    #[test]
    fn the_interval_widens_with_the_level_and_holds_the_difference() {
        let scores = PairedScores::pairing(&[0.1, 0.5, 0.3, 0.9], &[0.2, 0.4, 0.7, 0.9]);
        let [narrow, wide] = [0.5, 0.99].map(|level| Estimate::of(&scores, level).unwrap());
        assert!(
            wide.interval.low < narrow.interval.low && narrow.interval.high < wide.interval.high
        );
        assert!(narrow.interval.contains(narrow.delta));
    }

    #[test]
    fn rounding_is_no_difference() {
        // 0.1 + 0.2 + 0.3 and 0.3 + 0.2 + 0.1, thirded.
        let (one, other) = ((0.1 + 0.2 + 0.3) / 3.0, (0.3 + 0.2 + 0.1) / 3.0);
        assert_ne!(one, other);
        let scores = PairedScores::pairing(&[one; 20], &[other; 20]);
        assert_eq!(scores.delta(), Some(0.0));
        let estimate = Estimate::of(&scores, 0.95).unwrap();
        assert_eq!(estimate.p_value(&scores, &Resampling::default()), Ok(1.0));
        assert!(estimate.interval.low < 0.0 && estimate.interval.high > 0.0);
    }

    #[test]
    fn equal_differences_are_not_certain() {
        let estimate =
            Estimate::of(&PairedScores::pairing(&[0.5, 0.5], &[0.75, 0.75]), 0.95).unwrap();
        assert!(estimate.interval.low < -0.02, "{:?}", estimate.interval);
    }

    #[test]
    fn unequal_numbers_of_trials_are_not_exchangeable() {
        // Nine of ten one-trial passes beside five-trial means: flipping signs says p = 0.002, but one more failure of the
        // baseline would have made up for all.
        let uneven = PairedScores {
            is_averaged: true,
            is_uneven: true,
            ..PairedScores::pairing(&[1.0; 10], &[0.8, 0.8, 0.8, 0.8, 0.8, 0.6, 0.8, 0.8, 0.8, 0.8])
        };
        let p = |scores: &PairedScores| {
            let estimate = Estimate::of(scores, 0.95).unwrap();
            estimate.p_value(scores, &Resampling::default()).unwrap()
        };
        assert!(p(&uneven) > 0.05, "{}", p(&uneven));
        assert!(p(&PairedScores { is_uneven: false, ..uneven }) < 0.01);
    }

    #[test]
    fn a_cluster_of_one_is_none() {
        let alone = PairedScores {
            clusters: Some(Clusters::from_names(&[1, 2, 3])),
            ..PairedScores::pairing(&[0.0, 1.0, 1.0], &[1.0, 1.0, 0.0])
        };
        let estimate = Estimate::of(&alone, 0.95).unwrap();
        assert_eq!((estimate.method, estimate.n_clusters), (BINARY, None));
    }

    #[test]
    fn half_of_the_cases_in_one_cluster_decide_nothing() {
        let names: Vec<usize> = (0..100usize).map(|at| at.saturating_sub(49)).collect();
        let clustered = PairedScores {
            clusters: Some(Clusters::from_names(&names)),
            ..PairedScores::pairing(&[0.9; 100], &[0.4; 100])
        };
        let estimate = Estimate::of(&clustered, 0.95).unwrap();
        assert!(estimate.effective_clusters.unwrap() < 4.0);
        assert!(estimate.interval.high > 0.0, "{:?}", estimate.interval);
    }
}
