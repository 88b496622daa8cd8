//! The paired t test, and the t interval that other tests share.

use crate::stats::check;
use crate::stats::distribution::{t_cdf, t_quantile, t_sf};
use crate::stats::error::Result;
use crate::stats::interval::{Alternative, Interval};
use crate::stats::mean::{differences, mean, sample_sd};

/// A t test of a mean or a difference of means against 0.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct TTest {
    /// The mean, or the difference candidate − baseline, in units of the scores.
    pub delta: f64,
    /// The standard error of `delta`, in units of the scores.
    pub standard_error: f64,
    /// delta/standard_error; ±∞ if only the standard error is 0, and 0 if both are.
    pub t: f64,
    /// Degrees of freedom.
    pub df: f64,
    /// The p-value, from 0 to 1.
    pub p_value: f64,
    /// The interval of `delta`.
    pub interval: Interval,
}

/// An estimate with a standard error that follows Student's t with `df` degrees of freedom.
pub(in crate::stats) struct TestedMean {
    pub(in crate::stats) delta: f64,
    pub(in crate::stats) standard_error: f64,
    pub(in crate::stats) df: f64,
}

impl TestedMean {
    /// Returns the test against 0 and the interval delta ± t·standard_error.
    ///
    /// Without any spread the interval is the point delta, and p is 0 or 1 by the direction of
    /// delta (1 if it is 0).
    pub(in crate::stats) fn test(self, alternative: Alternative, level: f64) -> TTest {
        let TestedMean { delta, standard_error, df } = self;
        let spread = standard_error > 0.0;
        let t = if delta == 0.0 { 0.0 } else { delta / standard_error };
        let critical =
            if spread { t_quantile(alternative.critical_probability(level), df) } else { 0.0 };
        let p_value =
            if spread { p_of_t(t, df, alternative) } else { p_without_spread(delta, alternative) };
        let interval = Interval::around(alternative, level, delta, critical * standard_error);
        TTest { delta, standard_error, t, df, p_value, interval }
    }
}

fn p_of_t(t: f64, df: f64, alternative: Alternative) -> f64 {
    match alternative {
        Alternative::TwoSided => 2.0 * t_sf(t.abs(), df),
        Alternative::Greater => t_sf(t, df),
        Alternative::Less => t_cdf(t, df),
    }
}

fn p_without_spread(delta: f64, alternative: Alternative) -> f64 {
    let supported = match alternative {
        Alternative::TwoSided => delta != 0.0,
        Alternative::Greater => delta > 0.0,
        Alternative::Less => delta < 0.0,
    };
    if supported { 0.0 } else { 1.0 }
}

/// Returns the t test of candidate − baseline: t = mean/(sd/√n) with n − 1 degrees of freedom
/// (Student 1908).
///
/// Assumes that the differences are independent, and nearly normal or many. If all differences are
/// equal the interval is a point and p is 0 or 1, however few they are: prefer
/// [`paired_permutation_test`](super::paired_permutation_test) there.
///
/// # Errors
/// If the lengths differ, there are fewer than 2 pairs, a score is not finite, or `level` is not in
/// (0, 1).
pub fn paired_t_test(
    baseline: &[f64],
    candidate: &[f64],
    alternative: Alternative,
    level: f64,
) -> Result<TTest> {
    check::open_unit("level", level)?;
    let differences = differences(baseline, candidate, 2)?;
    Ok(one_sample_t_test(&differences, alternative, level))
}

/// Returns the t test of the mean of at least two finite values against 0.
pub(in crate::stats) fn one_sample_t_test(
    values: &[f64],
    alternative: Alternative,
    level: f64,
) -> TTest {
    let n = values.len() as f64;
    let standard_error = sample_sd(values) / n.sqrt();
    TestedMean { delta: mean(values), standard_error, df: n - 1.0 }.test(alternative, level)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Student (1908), Table I of Cushny & Peebles: hours of sleep gained with two drugs by ten
    /// patients.
    const DEXTRO: [f64; 10] = [0.7, -1.6, -0.2, -1.2, -0.1, 3.4, 3.7, 0.8, 0.0, 2.0];
    const LAEVO: [f64; 10] = [1.9, 0.8, 1.1, 0.1, -0.1, 4.4, 5.5, 1.6, 4.6, 3.4];

    #[test]
    fn the_sleep_data_give_the_published_result() {
        // R: t.test(extra ~ group, data = sleep, paired = TRUE): t = 4.0621, df = 9, p = 0.002833,
        // 95 percent confidence interval 0.7001142 to 2.4598858.
        let test = paired_t_test(&DEXTRO, &LAEVO, Alternative::TwoSided, 0.95).unwrap();
        assert!((test.t - 4.0621).abs() < 5e-5);
        assert_eq!(test.df, 9.0);
        assert!((test.p_value - 0.002833).abs() < 5e-7);
        assert!((test.interval.low - 0.7001142).abs() < 5e-8);
        assert!((test.interval.high - 2.4598858).abs() < 5e-8);
    }

    #[test]
    fn a_constant_shift_is_significant_only_in_its_direction() {
        let (low, high) = ([0.5, 0.25, 1.0], [0.75, 0.5, 1.25]);
        let p = |alternative| paired_t_test(&low, &high, alternative, 0.95).unwrap().p_value;
        assert_eq!(p(Alternative::TwoSided), 0.0);
        assert_eq!(p(Alternative::Greater), 0.0);
        assert_eq!(p(Alternative::Less), 1.0);
    }

    #[test]
    fn identical_runs_have_no_difference() {
        let test = paired_t_test(&LAEVO, &LAEVO, Alternative::TwoSided, 0.95).unwrap();
        assert_eq!(
            (test.t, test.p_value, test.interval.low, test.interval.high),
            (0.0, 1.0, 0.0, 0.0)
        );
    }

    #[test]
    fn refuses_arguments_without_a_result() {
        let name = |result: Result<TTest>| result.unwrap_err().argument();
        let two_sided = Alternative::TwoSided;
        assert_eq!(name(paired_t_test(&[1.0], &[2.0], two_sided, 0.95)), "baseline");
        assert_eq!(name(paired_t_test(&[1.0, 2.0], &[2.0], two_sided, 0.95)), "candidate");
        assert_eq!(
            name(paired_t_test(&[1.0, 2.0], &[2.0, f64::NAN], two_sided, 0.95)),
            "candidate"
        );
        assert_eq!(name(paired_t_test(&[1.0, 2.0], &[2.0, 3.0], two_sided, 1.0)), "level");
    }
}
