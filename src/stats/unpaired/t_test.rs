//! Welch's t test.

use super::check_runs;
use crate::stats::check;
use crate::stats::error::Result;
use crate::stats::interval::Alternative;
use crate::stats::mean::{mean, sample_variance};
use crate::stats::paired::{TTest, TestedMean};

/// Returns Welch's t test of mean(candidate) − mean(baseline), for independent runs of unequal
/// variance.
///
/// Welch (1947), with the degrees of freedom of Satterthwaite (1946): (v + w)²/(v²/(n − 1) + w²/(m
/// − 1)), v and w being the variances of the two means.
///
/// # Errors
/// If a run has fewer than 2 values, a value is not finite, or `level` is not in (0, 1).
pub fn unpaired_t_test(
    baseline: &[f64],
    candidate: &[f64],
    alternative: Alternative,
    level: f64,
) -> Result<TTest> {
    check::open_unit("level", level)?;
    check_runs(baseline, candidate)?;
    let variance = |run: &[f64]| sample_variance(run) / run.len() as f64;
    let (v, w) = (variance(baseline), variance(candidate));
    let df = satterthwaite(v, w, (baseline.len() - 1) as f64, (candidate.len() - 1) as f64);
    let delta = mean(candidate) - mean(baseline);
    Ok(TestedMean { delta, standard_error: (v + w).sqrt(), df }.test(alternative, level))
}

/// Returns the degrees of freedom of a sum of two variances; those of both if there is no variance.
fn satterthwaite(v: f64, w: f64, v_df: f64, w_df: f64) -> f64 {
    if v + w == 0.0 {
        return v_df + w_df;
    }
    let share = v / (v + w);
    1.0 / (share * share / v_df + (1.0 - share).powi(2) / w_df)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_sleep_data_give_the_published_result() {
        // R: t.test(extra ~ group, data = sleep): t = -1.8608, df = 17.776, p = 0.07939,
        // 95 percent confidence interval −3.3654832 to 0.2054832, as group 1 − group 2.
        let first = [0.7, -1.6, -0.2, -1.2, -0.1, 3.4, 3.7, 0.8, 0.0, 2.0];
        let second = [1.9, 0.8, 1.1, 0.1, -0.1, 4.4, 5.5, 1.6, 4.6, 3.4];
        let test = unpaired_t_test(&first, &second, Alternative::TwoSided, 0.95).unwrap();
        assert!((test.t - 1.8608).abs() < 5e-5);
        assert!((test.df - 17.776).abs() < 5e-4);
        assert!((test.p_value - 0.07939).abs() < 5e-6);
        assert!((test.interval.low + 0.2054832).abs() < 5e-8);
        assert!((test.interval.high - 3.3654832).abs() < 5e-8);
    }

    #[test]
    fn constant_runs_have_no_spread() {
        let test =
            unpaired_t_test(&[1.0, 1.0], &[1.0, 1.0, 1.0], Alternative::TwoSided, 0.95).unwrap();
        assert_eq!((test.p_value, test.interval.low, test.interval.high), (1.0, 0.0, 0.0));
        let test = unpaired_t_test(&[1.0, 1.0], &[2.0, 2.0], Alternative::Less, 0.95).unwrap();
        assert_eq!((test.p_value, test.interval.high), (1.0, 1.0));
    }

    #[test]
    fn single_values_are_refused() {
        let error = unpaired_t_test(&[1.0, 2.0], &[1.0], Alternative::TwoSided, 0.95).unwrap_err();
        assert_eq!(error.argument(), "candidate");
    }
}
