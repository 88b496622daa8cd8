//! Computes a p-value and an interval from a list of resampled statistics.

use crate::stats::interval::{Alternative, Interval};
use crate::stats::quantile::quantile;

/// Statistics within this share of the typical size of their terms count as equal. Sums of decimal
/// scores that are equal on paper differ by rounding, 1e-16 a term; no effect is as small as 1e-10.
const TIE: f64 = 1e-10;

/// When a resampled statistic counts as at least as extreme as the observed one.
#[derive(Clone, Copy, Debug)]
pub(in crate::stats) struct Tail {
    alternative: Alternative,
    observed: f64,
    tolerance: f64,
}

impl Tail {
    /// Returns the tail by plain comparison, as evalsig counts it: ties are decided by rounding.
    pub(in crate::stats) fn exact(alternative: Alternative, observed: f64) -> Self {
        Tail { alternative, observed, tolerance: 0.0 }
    }

    /// Returns the tail with ties counted as ties. `scale` is the typical size of the terms: for a
    /// sum the sum of their absolute values, for a mean the mean of them.
    pub(in crate::stats) fn tolerant(alternative: Alternative, observed: f64, scale: f64) -> Self {
        Tail { alternative, observed, tolerance: TIE * scale }
    }

    /// Returns the least sum that is extreme, for a distribution that is symmetric about 0, and how
    /// often to count it.
    pub(in crate::stats) fn symmetric_threshold(&self) -> (f64, f64) {
        match self.alternative {
            Alternative::TwoSided => (self.observed.abs() - self.tolerance, 2.0),
            Alternative::Greater => (self.observed - self.tolerance, 1.0),
            Alternative::Less => (-self.observed - self.tolerance, 1.0),
        }
    }

    fn holds(&self, statistic: f64) -> bool {
        match self.alternative {
            Alternative::TwoSided => statistic.abs() >= self.observed.abs() - self.tolerance,
            Alternative::Greater => statistic >= self.observed - self.tolerance,
            Alternative::Less => statistic <= self.observed + self.tolerance,
        }
    }

    /// Returns how many of the statistics are at least as extreme as the observed one.
    pub(in crate::stats) fn hits(&self, statistics: impl Iterator<Item = f64>) -> usize {
        statistics.filter(|statistic| self.holds(*statistic)).count()
    }

    /// Returns (hits + 1)/(statistics + 1), the p-value that counts the observed statistic as one
    /// of them.
    ///
    /// Davison & Hinkley (1997), Bootstrap Methods and their Application, 4.2.5: never 0, and valid
    /// at any number.
    pub(in crate::stats) fn p_value(&self, statistics: impl ExactSizeIterator<Item = f64>) -> f64 {
        let among = statistics.len() + 1;
        (self.hits(statistics) + 1) as f64 / among as f64
    }
}

/// Returns the interval between the quantiles of resampled means that belong to the level.
pub(in crate::stats) fn percentile_interval(
    alternative: Alternative,
    level: f64,
    mut means: Vec<f64>,
) -> Interval {
    means.sort_unstable_by(f64::total_cmp);
    let (low, high) = alternative.interval_probabilities(level);
    Interval::opened(alternative, level, quantile(&means, low), quantile(&means, high))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ties_count_although_rounding_separates_them() {
        let observed = 0.1 + 0.2;
        let resampled = [0.3, -0.3, 0.1];
        let exact = Tail::exact(Alternative::TwoSided, observed);
        assert_eq!(exact.hits(resampled.into_iter()), 0);
        let tolerant = Tail::tolerant(Alternative::TwoSided, observed, 0.3);
        assert_eq!(tolerant.hits(resampled.into_iter()), 2);
        assert_eq!(tolerant.p_value(resampled.into_iter()), 0.75);
    }

    #[test]
    fn one_sided_tails_look_one_way() {
        let resampled = || [-2.0, -1.0, 0.0, 1.0, 2.0].into_iter();
        assert_eq!(Tail::exact(Alternative::Greater, 1.0).hits(resampled()), 2);
        assert_eq!(Tail::exact(Alternative::Less, 1.0).hits(resampled()), 4);
    }

    #[test]
    fn percentiles_bound_the_interval() {
        let means: Vec<f64> = (0..=100).rev().map(f64::from).collect();
        let interval = percentile_interval(Alternative::TwoSided, 0.9, means.clone());
        assert!((interval.low - 5.0).abs() < 1e-12 && (interval.high - 95.0).abs() < 1e-12);
        let interval = percentile_interval(Alternative::Less, 0.9, means);
        assert_eq!((interval.low, interval.high), (f64::NEG_INFINITY, 90.0));
    }
}
