//! Wilson's interval of a pass rate.

use crate::stats::check;
use crate::stats::distribution::normal_quantile;
use crate::stats::error::Result;
use crate::stats::interval::{Alternative, Interval};

/// Returns the two-sided score interval of a pass rate from `successes` of `n` independent cases.
///
/// Wilson (1927): (p + z²/2n ± z√(p(1 − p)/n + z²/4n²))/(1 + z²/n), with p = successes/n. Inside
/// [0, 1], and near its level even for few cases and rates near 0 or 1 (Brown, Cai & DasGupta
/// 2001).
///
/// # Errors
/// If `n` is 0, `successes` exceeds `n`, or `level` is not in (0, 1).
pub fn wilson_interval(successes: u64, n: u64, level: f64) -> Result<Interval> {
    check::within("n", n as f64, "at least 1", n > 0)?;
    check::within("successes", successes as f64, "at most n", successes <= n)?;
    check::open_unit("level", level)?;
    let z = normal_quantile(Alternative::TwoSided.critical_probability(level));
    let (low, high) = wilson_limits(successes, n, z);
    Ok(Interval { low, high, level })
}

/// Returns the limits at the critical value `z`. No successes give exactly 0, no failures exactly
/// 1.
pub(super) fn wilson_limits(successes: u64, n: u64, z: f64) -> (f64, f64) {
    let (size, rate) = (n as f64, successes as f64 / n as f64);
    let shrink = 1.0 + z * z / size;
    let center = (rate + z * z / (2.0 * size)) / shrink;
    let reach = z * (rate * (1.0 - rate) / size + z * z / (4.0 * size * size)).sqrt() / shrink;
    let low = if successes == 0 { 0.0 } else { center - reach };
    let high = if successes == n { 1.0 } else { center + reach };
    (low, high)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn published_examples() {
        // Newcombe (1998), "Two-sided confidence intervals for the single proportion", Table I,
        // method 3.
        for (successes, n, low, high) in [
            (81, 263, 0.2553, 0.3662),
            (15, 148, 0.0624, 0.1605),
            (0, 20, 0.0, 0.1611),
            (1, 29, 0.0061, 0.1718),
        ] {
            let interval = wilson_interval(successes, n, 0.95).unwrap();
            assert!((interval.low - low).abs() < 5e-5, "{interval:?}");
            assert!((interval.high - high).abs() < 5e-5, "{interval:?}");
        }
    }

    #[test]
    fn impossible_counts_are_refused_by_name() {
        assert_eq!(wilson_interval(0, 0, 0.95).unwrap_err().argument(), "n");
        assert_eq!(wilson_interval(5, 4, 0.95).unwrap_err().argument(), "successes");
        assert_eq!(wilson_interval(1, 4, f64::NAN).unwrap_err().argument(), "level");
    }
}
