//! Estimates a difference from paired scores: the method, the interval, the p-value.

use super::method::{AVERAGED, BINARY, BINARY_ONE_SIDED, CLUSTERED, GRADED, Method};
use super::paired_scores::{PairedScores, mean};
use crate::error::{Code, StoreError};
use crate::stats::{
    self, Alternative, Clusters, GuardedMean, Interval, PairedCounts, PermutationMode, Resampling,
    RunComponent, RunEffects, StatsError,
};

/// The estimated difference of two runs.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Estimate {
    /// Number of cases.
    pub n: usize,
    /// Number of clusters, if cases share any.
    pub n_clusters: Option<usize>,
    /// The number of equally large clusters with the same information.
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
    /// The method.
    pub method: Method,
    /// The difference between runs of one side, if a side has several; it is part of the interval.
    pub runs: Option<RunComponent>,
    /// For 0/1 scores.
    pub(super) counts: Option<PairedCounts>,
    /// Share of the cases, or clusters, that differ, and the root mean square of their differences: the size of a rare
    /// loss.
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
    /// Returns the estimate with an interval of this level, between 0 and 1; `None` with fewer than two cases or
    /// clusters.
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

    /// Returns the estimate and the two-sided p-value of no difference, made consistent about a loss.
    ///
    /// The test asks whether anything distinguishes the runs, and is exact if nothing does. The interval allows for
    /// unseen cases, and may extend past 0 although the test shows a loss; then it is cut at 0. For a gain it is not
    /// cut, because the interval must show that no loss is possible. If the test shows no difference, the interval is
    /// extended to 0.
    pub fn tested(
        scores: &PairedScores,
        level: f64,
        lower_is_better: bool,
        resampling: &Resampling,
    ) -> Result<Option<(Self, f64)>, StatsError> {
        let Some(mut estimate) = Estimate::of(scores, level) else { return Ok(None) };
        let p_value = estimate.p_value(scores, resampling)?;
        let alpha = 1.0 - level;
        // With this few, no sign test can be significant.
        let units = estimate.effective_clusters.unwrap_or(estimate.n as f64);
        let can_prove = 2.0 * (-units).exp2() < alpha || estimate.counts.is_some();
        let Interval { low, high, .. } = &mut estimate.interval;
        if p_value >= alpha {
            (*low, *high) = (low.min(0.0), high.max(0.0));
        } else if can_prove {
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
    /// A sign-flip test asks whether anything distinguishes the runs. Unequal numbers of trials do, and so do
    /// differences between runs of one side: then the p-value is at least that of the interval.
    fn p_value(&self, scores: &PairedScores, resampling: &Resampling) -> Result<f64, StatsError> {
        let differences = scores.differences();
        let none = vec![0.0; differences.len()];
        let mode = PermutationMode::Auto;
        let test = match (&self.counts, scores.true_clusters()) {
            (Some(counts), _) => return Ok(stats::mcnemar_careful(counts)),
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

    /// Returns the one-sided p-value of a loss of at least `margin`, against a smaller one or none (Schuirmann 1987):
    /// at most alpha/2 if the interval of level 1 − alpha rules out such a loss.
    pub fn p_of_loss(scores: &PairedScores, margin: f64, lower_is_better: bool) -> Option<f64> {
        let differences = scores.differences();
        let evidence = Evidence::of(scores, &differences).ok()?;
        let (bound, alternative) = match lower_is_better {
            true => (margin, Alternative::Less),
            false => (-margin, Alternative::Greater),
        };
        match (&evidence.counts, lower_is_better) {
            // Pass rates cannot differ this much.
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

/// The distribution from which an interval and a one-sided p-value are computed.
struct Evidence {
    /// For 0/1 scores of independent cases.
    counts: Option<PairedCounts>,
    /// For 0/1 scores in clusters. Treating them as independent bounds their information from above; with few cases, t
    /// overestimates it.
    clustered_counts: Option<PairedCounts>,
    mean: GuardedMean,
    runs: Option<RunComponent>,
}

impl Evidence {
    fn of(scores: &PairedScores, differences: &[f64]) -> Result<Self, StatsError> {
        let clusters = scores.true_clusters();
        let counts = stats::paired_counts(&scores.baseline, &scores.candidate);
        let counts = counts.ok().filter(|_| !scores.is_averaged);
        Ok(Evidence {
            counts: counts.filter(|_| clusters.is_none()),
            clustered_counts: counts.filter(|_| clusters.is_some()),
            mean: GuardedMean::of(differences, clusters, scores.limits_of(differences))?,
            runs: scores.runs.as_ref().and_then(RunEffects::component),
        })
    }

    fn method(&self, scores: &PairedScores) -> Method {
        let method = match (scores.true_clusters(), &self.counts) {
            (Some(_), _) => CLUSTERED,
            (None, Some(counts)) if stats::is_one_sided(counts) => return BINARY_ONE_SIDED,
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
        let Interval { low, high, .. } = self.mean.interval(level);
        let tango = |counts| stats::tango_interval(counts, TWO_SIDED, level).ok();
        let wider = self.clustered_counts.as_ref().and_then(tango);
        let (low, high) =
            wider.map_or((low, high), |tango| (low.min(tango.low), high.max(tango.high)));
        let interval = Interval { low, high, level };
        self.runs.map_or(interval, |runs| runs.widen(interval, self.mean.test().delta))
    }

    /// Returns the p-value of 0/1 scores in clusters as if they were independent; 0 for other scores.
    fn p_of_counts(&self, bound: f64, alternative: Alternative) -> f64 {
        let tango = |counts| stats::tango_p_value(counts, bound, alternative).ok();
        self.clustered_counts.as_ref().and_then(tango).unwrap_or(0.0)
    }

    /// Returns the p-value of a mean of at most `bound`.
    fn p_above(&self, bound: f64) -> f64 {
        match self.runs {
            None => self.mean.p_above(bound).max(self.p_of_counts(bound, Alternative::Greater)),
            Some(_) => {
                let delta = self.mean.test().delta;
                stats::run_effects::p_above(bound, delta, |level| self.interval_of_mean(level))
            }
        }
    }

    /// Returns the p-value of a mean of at least `bound`.
    fn p_below(&self, bound: f64) -> f64 {
        match self.runs {
            None => self.mean.p_below(bound).max(self.p_of_counts(bound, Alternative::Less)),
            Some(_) => 1.0 - self.p_above(bound),
        }
    }

    /// Returns the two-sided p-value of a mean of 0, even if something else distinguishes the runs.
    fn p_of_no_difference(&self) -> f64 {
        (2.0 * self.p_above(0.0).min(self.p_below(0.0))).min(1.0)
    }
}

const TWO_SIDED: Alternative = Alternative::TwoSided;

/// Arguments were checked before, so an error of a statistic is a bug.
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
        // With a score beyond 1, the scale is unknown.
        assert_eq!(method(&PairedScores::pairing(&[0.5, 2.0, 0.0], &[1.0, 1.0, 0.0])), GRADED);
    }

    #[test]
    fn one_case_or_one_cluster_gives_no_estimate() {
        assert_eq!(Estimate::of(&PairedScores::pairing(&[0.5], &[1.0]), 0.95), None);
        let one = PairedScores {
            clusters: Some(Clusters::from_names(&[7, 7])),
            ..PairedScores::pairing(&[0.0, 1.0], &[1.0, 1.0])
        };
        assert_eq!(Estimate::of(&one, 0.95), None);
    }

    #[test]
    fn the_interval_widens_with_the_level_and_contains_the_difference() {
        let scores = PairedScores::pairing(&[0.1, 0.5, 0.3, 0.9], &[0.2, 0.4, 0.7, 0.9]);
        let [narrow, wide] = [0.5, 0.99].map(|level| Estimate::of(&scores, level).unwrap());
        assert!(
            wide.interval.low < narrow.interval.low && narrow.interval.high < wide.interval.high
        );
        assert!(narrow.interval.contains(narrow.delta));
    }

    #[test]
    fn rounding_errors_are_not_a_difference() {
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
    fn an_interval_reaches_0_unless_the_test_shows_a_difference() {
        // Four of sixty lose a point: by signs p = 1/8.
        let mut worse = vec![3.0; 60];
        worse[..4].fill(2.0);
        let scores = PairedScores::pairing(&[3.0; 60], &worse);
        let (estimate, p) =
            Estimate::tested(&scores, 0.95, false, &Resampling::default()).unwrap().unwrap();
        assert_eq!((p, estimate.interval.high), (0.125, 0.0));
    }

    #[test]
    fn five_losses_in_five_cases_are_not_significant() {
        let scores = PairedScores::pairing(&[1.0; 5], &[0.0; 5]);
        let (estimate, p) =
            Estimate::tested(&scores, 0.95, false, &Resampling::default()).unwrap().unwrap();
        assert_eq!((p, estimate.interval.high), (0.0625, 0.0));
        assert_eq!(estimate.method, BINARY_ONE_SIDED);
    }

    #[test]
    fn equal_differences_have_an_interval() {
        let estimate =
            Estimate::of(&PairedScores::pairing(&[0.5, 0.5], &[0.75, 0.75]), 0.95).unwrap();
        assert!(estimate.interval.low < -0.02, "{:?}", estimate.interval);
    }

    #[test]
    fn unequal_numbers_of_trials_are_not_exchangeable() {
        // Nine of ten one-trial passes beside five-trial means: the sign-flip test gives p = 0.002, but one more
        // failure of the baseline would have made up for all.
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
    fn clusters_of_one_case_count_as_independent_cases() {
        let alone = PairedScores {
            clusters: Some(Clusters::from_names(&[1, 2, 3])),
            ..PairedScores::pairing(&[0.0, 1.0, 1.0], &[1.0, 1.0, 0.0])
        };
        let estimate = Estimate::of(&alone, 0.95).unwrap();
        assert_eq!((estimate.method, estimate.n_clusters), (BINARY, None));
    }

    #[test]
    fn one_clustered_pair_does_not_narrow_the_interval_of_binary_scores() {
        // Three of twenty got better: t gives −0.02, as if no case could be lost.
        let mut baseline = vec![1.0; 20];
        baseline[..3].fill(0.0);
        let alone = PairedScores::pairing(&baseline, &[1.0; 20]);
        let names: Vec<usize> = (0..20usize).map(|at| at.max(1)).collect();
        let clusters = Some(Clusters::from_names(&names));
        let clustered = PairedScores { clusters, ..alone.clone() };
        let [alone, clustered] =
            [alone, clustered].map(|scores| Estimate::of(&scores, 0.95).unwrap().interval);
        assert!(clustered.low <= alone.low && clustered.high >= alone.high, "{clustered:?}");
    }

    #[test]
    fn half_of_the_cases_in_one_cluster_are_inconclusive() {
        let names: Vec<usize> = (0..100usize).map(|at| at.saturating_sub(49)).collect();
        let clustered = PairedScores {
            clusters: Some(Clusters::from_names(&names)),
            ..PairedScores::pairing(&[0.9; 100], &[0.4; 100])
        };
        let estimate = Estimate::of(&clustered, 0.95).unwrap();
        assert!(estimate.effective_clusters.unwrap() < 4.0);
        assert!(estimate.interval.high > 0.0, "{:?}", estimate.interval);
        // Signs of 51 clusters show that something differs, but not of which size: half of it is one observation.
        let (tested, p) =
            Estimate::tested(&clustered, 0.95, false, &Resampling::default()).unwrap().unwrap();
        assert!(p < 0.05 && tested.interval.high > 0.0, "{p} {:?}", tested.interval);
    }
}
