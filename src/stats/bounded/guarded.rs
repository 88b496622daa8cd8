//! The t interval of a mean, widened if the true spread may be larger than the observed one.

use super::interval::{BoundedMean, Limits};
use crate::stats::clustered::clustered_mean_interval;
use crate::stats::clusters::Clusters;
use crate::stats::error::Result;
use crate::stats::interval::{Alternative, Interval};
use crate::stats::mean::mean;
use crate::stats::paired::{TTest, TestedMean, paired_t_test};

/// From this skewness of the mean on, an end of the t interval misses more than 1 in 100 of the truths that it should hold:
/// 0.084 times the skewness (the Edgeworth expansion of Student's t, Hall 1992, at a level of 0.95).
const TOO_SKEWED: f64 = 0.12;

/// The mean of values, in clusters or not, with Student's t interval.
///
/// t takes the spread of the values for all that there is, which it need not be where it is small: of twenty answers
/// without a catastrophe it says that there are none. An end of the interval is therefore that of [`BoundedMean`], where
/// that is farther, if the values and one more at the limit on that side are too skewed for t. Many values, or few with a
/// spread that makes one more at the limit nothing special, keep the textbook interval; so do values without limits.
#[derive(Clone, Debug)]
pub struct GuardedMean {
    test: TTest,
    low: Option<BoundedMean>,
    high: Option<BoundedMean>,
}

impl GuardedMean {
    /// Of at least two finite values within the limits, where they have any.
    ///
    /// # Errors
    /// If there are fewer than two values, or clusters, or a value is not finite or beyond the limits.
    pub fn of(values: &[f64], clusters: Option<&Clusters>, limits: Option<Limits>) -> Result<Self> {
        let two_sided = Alternative::TwoSided;
        // The level has no part in what is kept.
        let test = match clusters {
            Some(clusters) => clustered_mean_interval(values, clusters, two_sided, 0.5),
            None => paired_t_test(&vec![0.0; values.len()], values, two_sided, 0.5),
        }?;
        let Some(limits) = limits else { return Ok(GuardedMean { test, low: None, high: None }) };
        let bounded = match clusters {
            Some(clusters) => BoundedMean::of_clusters(values, clusters, limits),
            None => BoundedMean::of(values, limits),
        }?;
        let deviations = Deviations::of(values, clusters);
        let center = mean(values);
        let guard = |limit: f64| {
            (deviations.skewness_towards(limit - center) > TOO_SKEWED).then(|| bounded.clone())
        };
        Ok(GuardedMean { test, low: guard(limits.low), high: guard(limits.high) })
    }

    /// Returns the t test of the mean against 0; the interval in it has no meaning.
    pub fn test(&self) -> &TTest {
        &self.test
    }

    /// Whether an end of the interval may be that of the bound.
    pub fn is_guarded(&self) -> bool {
        self.low.is_some() || self.high.is_some()
    }

    /// Returns the two-sided interval of the mean.
    pub fn interval(&self, level: f64) -> Interval {
        let two_sided = Alternative::TwoSided;
        let t = self.tested(0.0).test(two_sided, level).interval;
        let bound = |guard: &Option<BoundedMean>| {
            guard.as_ref().map(|guard| guard.interval(two_sided, level))
        };
        let low = bound(&self.low).map_or(t.low, |guard| guard.low.min(t.low));
        let high = bound(&self.high).map_or(t.high, |guard| guard.high.max(t.high));
        Interval { low, high, level }
    }

    /// Returns the p-value of "the mean is at most `bound`", against "it is above": alpha/2 if the interval of level 1 −
    /// alpha begins there.
    pub fn p_above(&self, bound: f64) -> f64 {
        let t = self.tested(bound).test(Alternative::Greater, 0.5).p_value;
        self.low.as_ref().map_or(t, |guard| guard.p_above(bound).max(t))
    }

    /// Returns the p-value of "the mean is at least `bound`", against "it is below".
    pub fn p_below(&self, bound: f64) -> f64 {
        let t = self.tested(bound).test(Alternative::Less, 0.5).p_value;
        self.high.as_ref().map_or(t, |guard| guard.p_below(bound).max(t))
    }

    fn tested(&self, bound: f64) -> TestedMean {
        let TTest { delta, standard_error, df, .. } = self.test;
        TestedMean { delta: delta - bound, standard_error, df }
    }
}

/// What independent units, values or whole clusters, add to the spread of the mean.
struct Deviations {
    squares: f64,
    cubes: f64,
    /// Values in the unit that a value is in on average.
    size: f64,
}

impl Deviations {
    fn of(values: &[f64], clusters: Option<&Clusters>) -> Self {
        let center = mean(values);
        let own: Vec<f64> = values.iter().map(|value| value - center).collect();
        let (units, size) = match clusters {
            Some(clusters) => {
                (clusters.group(&own).sums(), values.len() as f64 / clusters.effective())
            }
            None => (own, 1.0),
        };
        let squares = units.iter().map(|unit| unit * unit).sum();
        let cubes = units.iter().map(|unit| unit * unit * unit).sum();
        Deviations { squares, cubes, size }
    }

    /// Returns how far the mean is skewed to the side of one more unit, which lies this far from it.
    fn skewness_towards(&self, distance: f64) -> f64 {
        let unseen = self.size * distance;
        let squares = self.squares + unseen * unseen;
        let cubes = self.cubes + unseen.powi(3);
        // Without any spread and at a limit, no value can lie beyond.
        if squares == 0.0 { 0.0 } else { cubes * distance.signum() / squares.powf(1.5) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const UNIT: Option<Limits> = Some(Limits { low: 0.0, high: 1.0 });
    const DIFFERENCES: Option<Limits> = Some(Limits { low: -1.0, high: 1.0 });

    fn guarded(values: &[f64], limits: Option<Limits>) -> GuardedMean {
        GuardedMean::of(values, None, limits).unwrap()
    }

    #[test]
    fn values_without_limits_keep_the_t_interval() {
        // R: t.test(extra ~ group, data = sleep, paired = TRUE): 0.7001142 to 2.4598858.
        let gained = [1.2, 2.4, 1.3, 1.3, 0.0, 1.0, 1.8, 0.8, 4.6, 1.4];
        let interval = guarded(&gained, None).interval(0.95);
        assert!(
            (interval.low - 0.7001142).abs() < 5e-8 && (interval.high - 2.4598858).abs() < 5e-8
        );
    }

    #[test]
    fn many_values_with_spread_keep_it_too() {
        let values: Vec<f64> = (0..200).map(|at| 0.3 * f64::from(at % 5 - 2) / 2.0).collect();
        let guarded = guarded(&values, DIFFERENCES);
        assert!(!guarded.is_guarded());
        // sd 0.2126670 (of −0.3, −0.15, 0, 0.15, 0.3, forty times each), t 1.971957 with 199 degrees of freedom.
        assert!((guarded.interval(0.95).high - 0.029_654).abs() < 2e-6);
    }

    #[test]
    fn an_end_without_observed_values_is_the_bound() {
        // 20 of 20: Clopper & Pearson (1934), 0.025^(1/20).
        let interval = guarded(&[1.0; 20], UNIT).interval(0.95);
        assert!((interval.low - 0.831_566_5).abs() < 2e-3, "{interval:?}");
        assert_eq!(interval.high, 1.0);
    }

    #[test]
    fn rare_losses_widen_the_side_of_the_losses() {
        // Seven of 200 lost everything, all others nothing.
        let values: Vec<f64> = (0..200).map(|at| if at < 7 { -1.0 } else { 0.0 }).collect();
        let interval = guarded(&values, DIFFERENCES).interval(0.95);
        // Clopper & Pearson of 7 of 200, scipy 1.17.1: 0.0141929 to 0.0707642.
        assert!((interval.low + 0.070_764_2).abs() < 1e-3, "{interval:?}");
    }

    #[test]
    fn a_p_value_is_half_of_alpha_where_the_interval_ends() {
        for values in [vec![0.2; 9], vec![-0.4, 0.1, 0.3, -0.1, 0.2, 0.6]] {
            let guarded = guarded(&values, DIFFERENCES);
            let interval = guarded.interval(0.9);
            assert!((guarded.p_above(interval.low) - 0.05).abs() < 1e-6);
            assert!((guarded.p_below(interval.high) - 0.05).abs() < 1e-6);
        }
    }

    #[test]
    fn clusters_count_as_wholes() {
        let values = [0.1, 0.1, 0.1, 0.1, -0.2, -0.2, 0.3, 0.3];
        let clusters = Clusters::from_names(&[1, 1, 2, 2, 3, 3, 4, 4]);
        let wholes = GuardedMean::of(&values, Some(&clusters), DIFFERENCES).unwrap().interval(0.95);
        let once = guarded(&[0.1, 0.1, -0.2, 0.3], DIFFERENCES).interval(0.95);
        assert!((wholes.low - once.low).abs() < 1e-9 && (wholes.high - once.high).abs() < 1e-9);
    }
}
