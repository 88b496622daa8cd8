//! Gaffke's interval of a bounded mean, for independent values and for clusters of them.

use super::exponential_sum::{Term, z_of_no_more_than_zero};
use crate::stats::check;
use crate::stats::clusters::Clusters;
use crate::stats::distribution::{normal_cdf, normal_quantile, normal_sf};
use crate::stats::error::Result;
use crate::stats::interval::{Alternative, Interval};
use crate::stats::mean::mean;
use crate::stats::root::crossing;

/// The limits of the values.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Limits {
    /// The least possible value.
    pub low: f64,
    /// The largest possible value.
    pub high: f64,
}

/// Returns the interval of the mean of independent values that cannot lie beyond the limits.
///
/// Gaffke (2005), "Three test statistics for a nonparametric one-sided hypothesis on the mean of a nonnegative
/// variable"; Learned-Miller & Thomas (2020), "A new confidence interval for the mean of a bounded random variable":
/// the values and one more at the limit get random weights, uniform among all that sum to 1, and the lower end is the
/// alpha quantile of the weighted mean; the upper end likewise, with one value at the other limit. For 0/1 values that is
/// the exact interval of Clopper & Pearson (1934), so it needs no spread: 20 of 20 give [0.832, 1]. No distribution is
/// known whose mean it misses more often than its level says. Far from the limits and with many values it nears the t
/// interval. The open end of a one-sided interval is infinite.
///
/// # Errors
/// If there are no values, a value is not finite or beyond the limits, or `level` is not in (0, 1).
pub fn bounded_mean_interval(
    values: &[f64],
    limits: Limits,
    alternative: Alternative,
    level: f64,
) -> Result<Interval> {
    check::open_unit("level", level)?;
    Ok(BoundedMean::of(values, limits)?.interval(alternative, level))
}

/// Returns the same of values in clusters, which are weighted as wholes.
///
/// One more cluster lies at the limit, as large as the cluster that a value is in on average (Σ sizes²/n): very unequal
/// clusters leave little to say.
///
/// # Errors
/// As [`bounded_mean_interval`], and if there are not as many cluster ids as values.
pub fn clustered_bounded_mean_interval(
    values: &[f64],
    clusters: &Clusters,
    limits: Limits,
    alternative: Alternative,
    level: f64,
) -> Result<Interval> {
    check::open_unit("level", level)?;
    Ok(BoundedMean::of_clusters(values, clusters, limits)?.interval(alternative, level))
}

/// The mean of bounded values: its interval, and how far the values speak against a mean.
#[derive(Clone, Debug)]
pub struct BoundedMean {
    units: Vec<Unit>,
    limits: Limits,
    mean: f64,
    /// The number of values in the unit at the limit.
    size: f64,
}

/// Independent units with the same values.
#[derive(Clone, Copy, Debug)]
struct Unit {
    sum: f64,
    size: f64,
    count: f64,
}

impl BoundedMean {
    /// Of independent values.
    ///
    /// # Errors
    /// As [`bounded_mean_interval`].
    pub fn of(values: &[f64], limits: Limits) -> Result<Self> {
        check_values(values, limits)?;
        let units = merged(values.iter().map(|value| (*value, 1.0)));
        Ok(BoundedMean { units, limits, mean: mean(values), size: 1.0 })
    }

    /// Of values in clusters.
    ///
    /// # Errors
    /// As [`clustered_bounded_mean_interval`].
    pub fn of_clusters(values: &[f64], clusters: &Clusters, limits: Limits) -> Result<Self> {
        check_values(values, limits)?;
        clusters.check("values", values.len(), 1)?;
        let sizes = clusters.sizes().map(|size| size as f64);
        let units = merged(clusters.group(values).sums().into_iter().zip(sizes));
        let size = values.len() as f64 / clusters.effective();
        Ok(BoundedMean { units, limits, mean: mean(values), size })
    }

    /// Returns the interval of the mean; the end that `alternative` leaves open is infinite.
    pub fn interval(&self, alternative: Alternative, level: f64) -> Interval {
        let z = normal_quantile(alternative.critical_probability(level));
        let Limits { low, high } = self.limits;
        let lower = crossing(low, self.mean, |bound| self.z_up_to(bound, low) + z);
        let upper = crossing(self.mean, high, |bound| self.z_up_to(bound, high) - z);
        Interval::opened(alternative, level, lower, upper)
    }

    /// Returns the p-value of "the mean is at most `bound`", against "it is above": the smallest alpha whose one-sided
    /// interval lies above the bound.
    pub fn p_above(&self, bound: f64) -> f64 {
        if bound < self.limits.low { 0.0 } else { normal_cdf(self.z_up_to(bound, self.limits.low)) }
    }

    /// Returns the p-value of "the mean is at least `bound`", against "it is below".
    pub fn p_below(&self, bound: f64) -> f64 {
        if bound > self.limits.high {
            0.0
        } else {
            normal_sf(self.z_up_to(bound, self.limits.high))
        }
    }

    /// Returns z with Φ(z) the probability that the weighted mean, with one unit more at `limit`, is at most `bound`.
    fn z_up_to(&self, bound: f64, limit: f64) -> f64 {
        let units = self
            .units
            .iter()
            .map(|unit| Term { weight: unit.sum - unit.size * bound, count: unit.count });
        let at_limit = Term { weight: self.size * (limit - bound), count: 1.0 };
        z_of_no_more_than_zero(&units.chain([at_limit]).collect::<Vec<_>>())
    }
}

/// Returns the units of these sums and sizes, equal ones as one: scores have few different values.
fn merged(units: impl Iterator<Item = (f64, f64)>) -> Vec<Unit> {
    let mut sorted: Vec<(f64, f64)> = units.collect();
    sorted.sort_unstable_by(|a, b| a.0.total_cmp(&b.0).then(a.1.total_cmp(&b.1)));
    let mut merged: Vec<Unit> = vec![];
    for (sum, size) in sorted {
        match merged.last_mut() {
            Some(last) if last.sum == sum && last.size == size => last.count += 1.0,
            _ => merged.push(Unit { sum, size, count: 1.0 }),
        }
    }
    merged
}

fn check_values(values: &[f64], limits: Limits) -> Result<()> {
    check::sample("values", values, 1)?;
    let Limits { low, high } = limits;
    check::finite("limits", &[low, high])?;
    check::within("limits", high, "above the lower one", low < high)?;
    match values.iter().find(|value| **value < low || **value > high) {
        Some(value) => check::within("values", *value, "within the limits", false),
        None => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::stats::paired::one_sample_t_test;
    use proptest::prelude::*;

    const UNIT: Limits = Limits { low: 0.0, high: 1.0 };

    fn interval(values: &[f64], limits: Limits) -> Interval {
        bounded_mean_interval(values, limits, Alternative::TwoSided, 0.95).unwrap()
    }

    #[test]
    fn of_0_and_1_it_is_clopper_and_pearsons() {
        // scipy 1.17.1: beta.ppf(0.025, k, n - k + 1), beta.ppf(0.975, k + 1, n - k).
        for (passed, n, low, high) in [
            (20, 20, 0.8315665, 1.0),
            (19, 20, 0.7512672, 0.9987349),
            (0, 10, 0.0, 0.3084971),
            (3, 10, 0.0667395, 0.6524529),
            (50, 100, 0.3983211, 0.6016789),
        ] {
            let values: Vec<f64> = (0..n).map(|at| f64::from(u8::from(at < passed))).collect();
            let Interval { low: lower, high: upper, .. } = interval(&values, UNIT);
            assert!((lower - low).abs() < 2e-3, "{passed} of {n}: {lower} instead of {low}");
            assert!((upper - high).abs() < 2e-3, "{passed} of {n}: {upper} instead of {high}");
        }
    }

    #[test]
    fn graded_values_give_the_quantile_of_random_weights() {
        // NumPy 2.4.6, default_rng(0): the 0.025 quantile of 4,000,000 Dirichlet(1, …, 1) weighted means with a 0 added.
        let values = [0.9, 0.4, 0.7, 1.0, 0.85];
        assert!((interval(&values, UNIT).low - 0.351_275).abs() < 3e-3);
    }

    #[test]
    fn values_without_spread_are_not_certain() {
        let two = interval(&[0.25, 0.25], Limits { low: -1.0, high: 1.0 });
        assert!(two.low < -0.5 && two.high > 0.6, "{two:?}");
    }

    #[test]
    fn many_values_far_from_the_limits_give_nearly_the_t_interval() {
        let values: Vec<f64> =
            (0..4000).map(|at| 0.5 + 0.1 * f64::from(at % 7 - 3) / 3.0).collect();
        let bounded = interval(&values, UNIT);
        let t = one_sample_t_test(&values, Alternative::TwoSided, 0.95).interval;
        assert!((bounded.low - t.low).abs() < 2e-4 && (bounded.high - t.high).abs() < 2e-4);
    }

    #[test]
    fn clusters_of_one_are_independent_values() {
        let values = [0.9, 0.4, 0.7, 1.0, 0.85];
        let clusters = Clusters::from_names(&[1, 2, 3, 4, 5]);
        let clustered =
            clustered_bounded_mean_interval(&values, &clusters, UNIT, Alternative::TwoSided, 0.95);
        assert_eq!(clustered.unwrap(), interval(&values, UNIT));
    }

    #[test]
    fn members_of_a_cluster_count_once() {
        let clusters = Clusters::from_names(&[1, 1, 2, 2, 3, 3]);
        let doubled = [0.9, 0.9, 0.4, 0.4, 0.7, 0.7];
        let clustered =
            clustered_bounded_mean_interval(&doubled, &clusters, UNIT, Alternative::TwoSided, 0.95);
        let once = interval(&[0.9, 0.4, 0.7], UNIT);
        assert!((clustered.unwrap().low - once.low).abs() < 1e-9);
    }

    #[test]
    fn the_p_value_is_alpha_at_the_end_of_the_interval() {
        let mean = BoundedMean::of(&[0.9, 0.4, 0.7, 1.0, 0.85], UNIT).unwrap();
        let Interval { low, high, .. } = mean.interval(Alternative::TwoSided, 0.95);
        assert!((mean.p_above(low) - 0.025).abs() < 1e-6);
        assert!((mean.p_below(high) - 0.025).abs() < 1e-6);
        assert_eq!(mean.p_above(-0.1), 0.0);
    }

    #[test]
    fn refuses_limits_that_exclude_a_value() {
        let name = |values: &[f64], limits| {
            let result = bounded_mean_interval(values, limits, Alternative::TwoSided, 0.95);
            result.unwrap_err().argument()
        };
        assert_eq!(name(&[1.5], UNIT), "values");
        assert_eq!(name(&[0.5], Limits { low: 1.0, high: 1.0 }), "limits");
        assert_eq!(name(&[], UNIT), "values");
    }

    proptest! {
        #[test]
        fn mirrors_with_the_values_and_holds_their_mean(
            values in prop::collection::vec(0.0..1.0f64, 1..40),
        ) {
            let mirrored: Vec<f64> = values.iter().map(|value| 1.0 - value).collect();
            let (one, other) = (interval(&values, UNIT), interval(&mirrored, UNIT));
            prop_assert!((one.low - (1.0 - other.high)).abs() < 1e-8);
            prop_assert!(one.contains(mean(&values)));
            prop_assert!(0.0 <= one.low && one.high <= 1.0);
        }

        #[test]
        fn a_better_value_never_lowers_an_end(
            values in prop::collection::vec(0.0..0.9f64, 2..20), at in 0usize..2,
        ) {
            let mut better = values.clone();
            better[at] += 0.1;
            prop_assert!(interval(&better, UNIT).low >= interval(&values, UNIT).low - 1e-8);
        }
    }
}
