//! Newcombe's hybrid interval of the difference of two paired pass rates.

use super::PairedCounts;
use super::wilson::wilson_limits;
use crate::stats::check;
use crate::stats::distribution::normal_quantile;
use crate::stats::error::Result;
use crate::stats::interval::{Alternative, Interval};

/// Returns the interval of delta = pass rate of the candidate − of the baseline that combines the
/// Wilson intervals of the two rates.
///
/// Newcombe (1998), "Improved confidence intervals for the difference between binomial proportions
/// based on paired data", method 10: the distances from each rate to its Wilson limits are added
/// like correlated errors, with the correlation phi of the table, corrected for continuity when it
/// is positive. Clipped to [−1, 1]; the open end of a one-sided interval is infinite.
///
/// # Errors
/// If there are no cases, or `level` is not in (0, 1).
pub fn newcombe_interval(
    counts: &PairedCounts,
    alternative: Alternative,
    level: f64,
) -> Result<Interval> {
    counts.check()?;
    check::open_unit("level", level)?;
    let z = normal_quantile(alternative.critical_probability(level));
    let phi = corrected_phi(counts);
    let baseline = Rate::new(counts.both.saturating_add(counts.baseline_only), counts.n(), z);
    let candidate = Rate::new(counts.both.saturating_add(counts.candidate_only), counts.n(), z);
    let low = counts.delta() - add_correlated(candidate.below, baseline.above, phi);
    let high = counts.delta() + add_correlated(candidate.above, baseline.below, phi);
    Ok(Interval::opened(alternative, level, low.max(-1.0), high.min(1.0)))
}

/// The distances from a pass rate to its Wilson limits.
struct Rate {
    below: f64,
    above: f64,
}

impl Rate {
    fn new(successes: u64, n: u64, z: f64) -> Self {
        let (low, high) = wilson_limits(successes, n, z);
        let rate = successes as f64 / n as f64;
        Rate { below: rate - low, above: high - rate }
    }
}

/// Returns √(x² − 2·phi·x·y + y²).
fn add_correlated(x: f64, y: f64, phi: f64) -> f64 {
    (x * x - 2.0 * phi * x * y + y * y).max(0.0).sqrt()
}

/// Returns the correlation of the table, with ad − bc lowered by n/2, but not below 0, when it is
/// positive; 0 if a margin of the table is empty.
fn corrected_phi(counts: &PairedCounts) -> f64 {
    let [a, b, c, d] = [counts.both, counts.baseline_only, counts.candidate_only, counts.neither]
        .map(|count| count as f64);
    let margins = (a + b) * (c + d) * (a + c) * (b + d);
    if margins == 0.0 {
        return 0.0;
    }
    let cross = a * d - b * c;
    let corrected = if cross > 0.0 { (cross - (a + b + c + d) / 2.0).max(0.0) } else { cross };
    corrected / margins.sqrt()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn interval(both: u64, baseline_only: u64, candidate_only: u64, neither: u64) -> (f64, f64) {
        let counts = PairedCounts { both, baseline_only, candidate_only, neither };
        let interval = newcombe_interval(&counts, Alternative::TwoSided, 0.95).unwrap();
        (interval.low, interval.high)
    }

    #[test]
    fn published_examples() {
        // Fagerland, Lydersen & Laake (2017), chapter 8: −0.1186 to −0.0046, as p1 − p2 of
        // 59/6/16/80.
        let (low, high) = interval(59, 6, 16, 80);
        assert!((low - 0.0046).abs() < 5e-5 && (high - 0.1186).abs() < 5e-5);
        // 1/1/7/12, by hand from the Wilson limits of 2/21 and 8/21: phi = 0, for 0 < ad − bc = 5 <
        // n/2.
        let (low, high) = interval(1, 1, 7, 12);
        assert!(
            (low - 0.025559124164859837).abs() < 1e-12 && (high - 0.506920226686141).abs() < 1e-12
        );
    }

    #[test]
    fn stays_within_the_range() {
        assert_eq!(interval(0, 0, 3, 0).1, 1.0);
        assert_eq!(interval(0, 3, 0, 0).0, -1.0);
        let (low, high) = interval(4, 0, 0, 0);
        assert!(low < 0.0 && high > 0.0 && low == -high);
    }
}
