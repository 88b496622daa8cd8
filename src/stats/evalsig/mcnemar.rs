//! evalsig's McNemar test.

use crate::stats::binary::{PairedCounts, mcnemar_chi_squared, mcnemar_exact, paired_counts};
use crate::stats::check;
use crate::stats::distribution::normal_quantile;
use crate::stats::error::Result;
use crate::stats::interval::{Alternative, Interval};
use crate::stats::mean::mean;

/// The outcome of evalsig's McNemar test.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct McNemar {
    /// The difference of the pass rates, candidate − baseline.
    pub delta: f64,
    /// Wald's interval of it.
    pub interval: Interval,
    /// The p-value.
    pub p_value: f64,
    /// The table.
    pub counts: PairedCounts,
    /// `mcnemar_exact` or `mcnemar_chi2`.
    pub method: &'static str,
}

/// Returns McNemar's test as evalsig chooses it: exact for up to `exact_threshold` (25) discordant
/// cases, else asymptotic; with Wald's interval.
///
/// Not sound: Wald's interval can exclude 0 while p says otherwise, is a point without discordant
/// cases, and leaves [−1, 1]. [`tango_interval`](crate::stats::tango_interval) and
/// [`newcombe_interval`](crate::stats::newcombe_interval) do not.
///
/// # Errors
/// If the lengths differ, there are no scores, a score is neither 0 nor 1, or `level` is not in (0,
/// 1).
pub fn mcnemar_test(
    baseline: &[f64],
    candidate: &[f64],
    alternative: Alternative,
    level: f64,
    exact_threshold: u64,
) -> Result<McNemar> {
    check::open_unit("level", level)?;
    let counts = paired_counts(baseline, candidate)?;
    let (method, p_value) = if counts.discordant() <= exact_threshold {
        ("mcnemar_exact", mcnemar_exact(&counts, alternative))
    } else {
        ("mcnemar_chi2", mcnemar_chi_squared(&counts, alternative))
    };
    let delta = mean(candidate) - mean(baseline);
    Ok(McNemar {
        delta,
        interval: wald_interval(&counts, alternative, level),
        p_value,
        counts,
        method,
    })
}

/// Returns (c − b)/n ± z·√(b + c − (c − b)²/n)/n.
fn wald_interval(counts: &PairedCounts, alternative: Alternative, level: f64) -> Interval {
    let n = counts.n() as f64;
    let gain = counts.candidate_only as f64 - counts.baseline_only as f64;
    let variance = (counts.discordant() as f64 - gain * gain / n) / (n * n);
    let z = normal_quantile(alternative.critical_probability(level));
    Interval::around(alternative, level, gain / n, z * variance.max(0.0).sqrt())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn graded_scores_are_refused_instead_of_cut() {
        let error = mcnemar_test(&[1.0, 0.9], &[1.0, 0.0], Alternative::TwoSided, 0.95, 25);
        assert_eq!(error.unwrap_err().argument(), "baseline");
    }

    #[test]
    fn the_threshold_chooses_the_method() {
        let (a, b) = ([1.0, 0.0, 0.0], [0.0, 1.0, 1.0]);
        let method = |threshold| {
            mcnemar_test(&a, &b, Alternative::TwoSided, 0.95, threshold).unwrap().method
        };
        assert_eq!((method(3), method(2)), ("mcnemar_exact", "mcnemar_chi2"));
    }
}
