//! Directions of a test, and intervals.

/// The alternative hypothesis about delta = candidate − baseline. The null hypothesis is delta = 0.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Alternative {
    /// delta ≠ 0. Intervals are closed on both sides.
    #[default]
    TwoSided,
    /// delta > 0. Intervals are open above: high = +∞.
    Greater,
    /// delta < 0. Intervals are open below: low = −∞.
    Less,
}

named!(Alternative { TwoSided = "two-sided", Greater = "greater", Less = "less" });

impl Alternative {
    /// Returns the probability that the quantile of a critical value belongs to: (1 + level)/2, or
    /// level if one-sided.
    pub(super) fn critical_probability(self, level: f64) -> f64 {
        match self {
            Alternative::TwoSided => (1.0 + level) / 2.0,
            Alternative::Greater | Alternative::Less => level,
        }
    }

    /// Returns the two probabilities whose quantiles bound an interval; 0 and 1 stand for an open
    /// end.
    pub(super) fn interval_probabilities(self, level: f64) -> (f64, f64) {
        match self {
            Alternative::TwoSided => {
                let below = (1.0 - level) / 2.0;
                (below, 1.0 - below)
            }
            Alternative::Greater => (1.0 - level, 1.0),
            Alternative::Less => (0.0, level),
        }
    }
}

/// A confidence interval, in the unit of what it is about. An open end is −∞ or +∞ (JSON: null).
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Interval {
    /// The lower end, or −∞.
    pub low: f64,
    /// The upper end, or +∞.
    pub high: f64,
    /// The confidence level, between 0 and 1.
    pub level: f64,
}

impl Interval {
    /// Returns the interval from `low` to `high`, with the end opened that `alternative` does not
    /// bound.
    pub(super) fn opened(alternative: Alternative, level: f64, low: f64, high: f64) -> Self {
        match alternative {
            Alternative::TwoSided => Interval { low, high, level },
            Alternative::Greater => Interval { low, high: f64::INFINITY, level },
            Alternative::Less => Interval { low: f64::NEG_INFINITY, high, level },
        }
    }

    /// Returns center ± reach, with the end opened that `alternative` does not bound.
    pub(super) fn around(alternative: Alternative, level: f64, center: f64, reach: f64) -> Self {
        Interval::opened(alternative, level, center - reach, center + reach)
    }

    /// Returns the interval that holds this one and another of its level.
    pub fn joined(self, other: Interval) -> Self {
        let Interval { low, high, level } = self;
        Interval { low: low.min(other.low), high: high.max(other.high), level }
    }

    /// Returns whether the value lies in the interval, ends included.
    pub fn contains(&self, value: f64) -> bool {
        self.low <= value && value <= self.high
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_read_back() {
        for alternative in [Alternative::TwoSided, Alternative::Greater, Alternative::Less] {
            assert_eq!(Alternative::of_name(alternative.name()), Some(alternative));
        }
        assert_eq!(Alternative::of_name("both"), None);
    }

    #[test]
    fn one_sided_intervals_are_open_at_one_end() {
        let above = Interval::around(Alternative::Greater, 0.9, 1.0, 0.5);
        assert_eq!((above.low, above.high), (0.5, f64::INFINITY));
        let below = Interval::around(Alternative::Less, 0.9, 1.0, 0.5);
        assert_eq!((below.low, below.high), (f64::NEG_INFINITY, 1.5));
        assert!(below.contains(-1e300) && !below.contains(1.6));
    }
}
