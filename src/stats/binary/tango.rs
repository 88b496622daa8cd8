//! Tango's score interval of the difference of two paired pass rates.

use super::PairedCounts;
use crate::stats::check;
use crate::stats::distribution::{normal_cdf, normal_quantile, normal_sf};
use crate::stats::error::Result;
use crate::stats::interval::{Alternative, Interval};

/// Returns the score interval of delta = pass rate of the candidate − of the baseline.
///
/// Tango (1998), "Equivalence test and confidence interval for the difference in proportions for
/// the paired-sample design": all delta that the score test (c − b − n·delta)/√(n(2q + delta(1 −
/// delta))) does not reject, where b are the regressions, c the improvements, and q the likeliest
/// share of regressions given delta. It agrees with the uncorrected McNemar test about delta = 0,
/// never leaves [−1, 1], and keeps its level in small samples, where Wald's does not. The open end
/// of a one-sided interval is infinite.
///
/// # Errors
/// If there are no cases, or `level` is not in (0, 1).
pub fn tango_interval(
    counts: &PairedCounts,
    alternative: Alternative,
    level: f64,
) -> Result<Interval> {
    counts.check()?;
    check::open_unit("level", level)?;
    let z = normal_quantile(alternative.critical_probability(level));
    let (low, high) = (-upper_limit(counts.swapped(), z), upper_limit(*counts, z));
    Ok(Interval::opened(alternative, level, low, high))
}

/// Returns the p-value of Tango's score test that the difference is `bound`: against its being above it
/// ([`Alternative::Greater`]: with −margin for the bound the test of non-inferiority that the article is about), below
/// it, or either.
///
/// The interval of [`tango_interval`] holds the bounds that are not rejected.
///
/// # Errors
/// If there are no cases, or `bound` is not in (−1, 1).
pub fn tango_p_value(counts: &PairedCounts, bound: f64, alternative: Alternative) -> Result<f64> {
    counts.check()?;
    check::within("bound", bound, "between -1 and 1, both excluded", bound.abs() < 1.0)?;
    // The likeliest shares are found for a bound of either sign by exchanging the runs.
    let z = if bound > 0.0 { score(*counts, bound) } else { -score(counts.swapped(), -bound) };
    Ok(match alternative {
        Alternative::Greater => normal_sf(z),
        Alternative::Less => normal_cdf(z),
        Alternative::TwoSided => 2.0 * normal_sf(z.abs()),
    })
}

/// Returns the largest delta whose score is at least −z, by bisection: the score falls as delta
/// grows.
fn upper_limit(counts: PairedCounts, z: f64) -> f64 {
    let (mut inside, mut outside) = (counts.delta(), 1.0);
    loop {
        let middle = 0.5 * (inside + outside);
        if middle <= inside || middle >= outside {
            return outside;
        }
        if score(counts, middle) >= -z {
            inside = middle;
        } else {
            outside = middle;
        }
    }
}

/// Returns the score statistic of `delta`, which is standard normal if `delta` is the true
/// difference.
fn score(counts: PairedCounts, delta: f64) -> f64 {
    let (b, c, n) = (counts.baseline_only as f64, counts.candidate_only as f64, counts.n() as f64);
    // The positive root of 2n·q² − (b + c − (2n + b − c)·delta)·q − b·delta(1 − delta) = 0.
    let linear = b + c - (2.0 * n + b - c) * delta;
    let root = (linear * linear + 8.0 * n * b * delta * (1.0 - delta)).max(0.0).sqrt();
    let q = (linear + root) / (4.0 * n);
    let variance = n * (2.0 * q + delta * (1.0 - delta));
    (c - b - n * delta) / variance.max(f64::MIN_POSITIVE).sqrt()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn interval(both: u64, baseline_only: u64, candidate_only: u64, neither: u64) -> Interval {
        let counts = PairedCounts { both, baseline_only, candidate_only, neither };
        tango_interval(&counts, Alternative::TwoSided, 0.95).unwrap()
    }

    fn assert_interval(interval: Interval, low: f64, high: f64, tolerance: f64) {
        assert!((interval.low - low).abs() < tolerance, "{interval:?}");
        assert!((interval.high - high).abs() < tolerance, "{interval:?}");
    }

    #[test]
    fn published_examples() {
        // Fagerland, Lydersen & Laake (2014), Table V: −0.517 to −0.026, as p1 − p2 of 1/1/7/12.
        assert_interval(interval(1, 1, 7, 12), 0.026, 0.517, 5e-4);
        // Fagerland, Lydersen & Laake (2017), chapter 8: −0.1240 to −0.0054 of 59/6/16/80.
        assert_interval(interval(59, 6, 16, 80), 0.0054, 0.1240, 5e-5);
    }

    #[test]
    fn agrees_with_a_numerical_inversion() {
        // mpmath, 30 digits: q by maximising the likelihood numerically, the limits by bisection of
        // the score.
        assert_interval(interval(1, 1, 7, 12), 0.026003032480868535, 0.5172322764213774, 1e-12);
        assert_interval(interval(3, 40, 20, 97), -0.2180642441668248, -0.030864533133086722, 1e-12);
        assert_interval(interval(9, 1, 5, 5), -0.04912859359513183, 0.43690826339351335, 1e-12);
        assert_interval(interval(0, 0, 5, 5), 0.08370080020566611, 0.7634069094874361, 1e-12);
        assert_interval(interval(90, 2, 30, 78), 0.09213988729960382, 0.19762106297412307, 1e-12);
    }

    #[test]
    fn without_discordant_cases_the_limits_have_a_closed_form() {
        // z²/(n + z²) with z = 1.959964.
        let limit = 3.841458820694124 / (20.0 + 3.841458820694124);
        assert_interval(interval(12, 0, 0, 8), -limit, limit, 1e-12);
    }

    #[test]
    fn the_ends_of_the_range_are_reached() {
        assert_eq!(interval(0, 0, 6, 0).high, 1.0);
        assert_eq!(interval(0, 6, 0, 0).low, -1.0);
    }

    #[test]
    fn no_cases_are_refused() {
        let none = PairedCounts::default();
        let error = tango_interval(&none, Alternative::TwoSided, 0.95).unwrap_err();
        assert_eq!(error.argument(), "counts");
    }

    #[test]
    fn the_p_value_is_alpha_at_the_ends_of_the_interval() {
        let counts = PairedCounts { both: 90, baseline_only: 2, candidate_only: 30, neither: 78 };
        let interval = tango_interval(&counts, Alternative::TwoSided, 0.95).unwrap();
        let p = |bound, alternative| tango_p_value(&counts, bound, alternative).unwrap();
        assert!((p(interval.low, Alternative::Greater) - 0.025).abs() < 1e-9);
        assert!((p(interval.high, Alternative::Less) - 0.025).abs() < 1e-9);
        let swapped = counts.swapped();
        let mirrored = tango_p_value(&swapped, -interval.low, Alternative::Less).unwrap();
        assert!((mirrored - 0.025).abs() < 1e-9);
        // McNemar's uncorrected statistic: 28²/32.
        assert!((p(0.0, Alternative::TwoSided) - 7.430_983e-7).abs() < 1e-9);
    }

    proptest! {
        #[test]
        fn mirrors_when_the_runs_are_swapped_and_holds_delta(
            both in 0u64..50, b in 0u64..50, c in 0u64..50, neither in 1u64..50,
        ) {
            let straight = interval(both, b, c, neither);
            let mirrored = interval(both, c, b, neither);
            prop_assert_eq!(straight.low, -mirrored.high);
            prop_assert!(straight.contains((c as f64 - b as f64) / (both + b + c + neither) as f64));
            prop_assert!(straight.low >= -1.0 && straight.high <= 1.0);
        }

        #[test]
        fn excludes_0_exactly_when_mcnemars_score_does(both in 0u64..50, b in 0u64..50, c in 0u64..50) {
            let z = (c as f64 - b as f64) / ((b + c) as f64).sqrt();
            prop_assume!((z.abs() - 1.959963984540054).abs() > 1e-9);
            let interval = interval(both, b, c, 1);
            prop_assert_eq!(interval.contains(0.0), z.is_nan() || z.abs() < 1.959963984540054);
        }
    }
}
