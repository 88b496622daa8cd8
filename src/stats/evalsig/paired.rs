//! evalsig's paired tests.

use super::read_bootstrap;
use crate::stats::check;
use crate::stats::error::Result;
use crate::stats::interval::{Alternative, Interval};
use crate::stats::mean::{differences, mean, sample_sd};
use crate::stats::paired::one_sample_t_test;
use crate::stats::resample::{Resampling, Tail, drawn_means, flip_signs, percentile_interval};
use crate::stats::rng::Generator;

/// The outcome of a paired test.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Paired {
    /// The mean difference candidate − baseline, in units of the scores.
    pub delta: f64,
    /// Its interval.
    pub interval: Interval,
    /// The p-value.
    pub p_value: f64,
    /// The standard deviation of the differences, in units of the scores.
    pub sd_diff: f64,
    /// The number of pairs.
    pub n_pairs: usize,
    /// The number of clusters drawn; `None` if pairs were drawn.
    pub n_clusters: Option<usize>,
    /// evalsig's name of the method.
    pub method: &'static str,
}

/// Returns evalsig's paired t test.
///
/// Not sound without spread: p is then 0 for any difference and the interval closed, whatever the
/// alternative. Otherwise it is [`paired_t_test`](crate::stats::paired_t_test).
///
/// # Errors
/// As that.
pub fn paired_t_test(
    baseline: &[f64],
    candidate: &[f64],
    alternative: Alternative,
    level: f64,
) -> Result<Paired> {
    check::open_unit("level", level)?;
    let differences = differences(baseline, candidate, 2)?;
    let test = one_sample_t_test(&differences, alternative, level);
    let outcome = outcome(&differences, "paired_t", test.interval, test.p_value);
    if test.standard_error > 0.0 {
        return Ok(outcome);
    }
    let p_value = if test.delta == 0.0 { 1.0 } else { 0.0 };
    Ok(Paired {
        p_value,
        interval: Interval { low: test.delta, high: test.delta, level },
        ..outcome
    })
}

/// Returns evalsig's sign-flip test, with the interval of a bootstrap drawn afterwards from the
/// same generator.
///
/// The draws are NumPy's: `choice([-1, 1], (resamples, n))`, then `integers(0, n, (resamples, n))`.
/// Not sound in that ties are decided by rounding;
/// [`paired_permutation_test`](crate::stats::paired_permutation_test) counts them as ties, and
/// enumerates small cases.
///
/// # Errors
/// If the lengths differ, there are fewer than 2 pairs, a score is not finite, `level` is not in
/// (0, 1), or the resampling is out of range.
pub fn paired_permutation_test(
    baseline: &[f64],
    candidate: &[f64],
    alternative: Alternative,
    level: f64,
    resampling: &Resampling,
) -> Result<Paired> {
    check::open_unit("level", level)?;
    resampling.check()?;
    let differences = differences(baseline, candidate, 2)?;
    let (resamples, threads) = (resampling.resamples, resampling.threads());
    let mut generator = Generator::from_seed(resampling.seed);
    let sums = flip_signs(&differences, &mut generator, resamples, threads);
    let n = differences.len() as f64;
    let p_value =
        Tail::exact(alternative, mean(&differences)).p_value(sums.into_iter().map(|sum| sum / n));
    let means = drawn_means(&differences, &mut generator, resamples, threads);
    let interval = percentile_interval(alternative, level, means);
    Ok(outcome(&differences, "paired_permutation", interval, p_value))
}

/// Returns evalsig's paired bootstrap, with NumPy's `integers(0, n, (resamples, n))`.
///
/// [`paired_bootstrap`](crate::stats::paired_bootstrap) draws the same, but counts ties as ties and
/// the observed mean as one of them.
///
/// # Errors
/// As [`paired_permutation_test`].
pub fn paired_bootstrap_ci(
    baseline: &[f64],
    candidate: &[f64],
    alternative: Alternative,
    level: f64,
    resampling: &Resampling,
) -> Result<Paired> {
    check::open_unit("level", level)?;
    resampling.check()?;
    let differences = differences(baseline, candidate, 2)?;
    let mut generator = Generator::from_seed(resampling.seed);
    let (resamples, threads) = (resampling.resamples, resampling.threads());
    let means = drawn_means(&differences, &mut generator, resamples, threads);
    let (interval, p_value) = read_bootstrap(means, mean(&differences), alternative, level);
    Ok(outcome(&differences, "paired_bootstrap", interval, p_value))
}

/// Returns the outcome of a test of these differences.
pub(super) fn outcome(
    differences: &[f64],
    method: &'static str,
    interval: Interval,
    p_value: f64,
) -> Paired {
    Paired {
        delta: mean(differences),
        interval,
        p_value,
        sd_diff: sample_sd(differences),
        n_pairs: differences.len(),
        n_clusters: None,
        method,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    type Test = fn(&[f64], &[f64], Alternative, f64, &Resampling) -> Result<Paired>;

    /// Scores whose differences tie and round, 157 of them.
    fn scores() -> (Vec<f64>, Vec<f64>) {
        (0..157u32)
            .map(|i| (f64::from(i * 7919 % 10) / 10.0, f64::from((i * 104_729 + 3) % 11) / 10.0))
            .unzip()
    }

    #[test]
    fn equals_evalsig_to_the_last_bit_whatever_the_threads() {
        let (a, b) = scores();
        for threads in [1, 3] {
            let resampling = Resampling { resamples: 2000, seed: 12, threads };
            let test = |f: Test, alternative| {
                let outcome = f(&a, &b, alternative, 0.95, &resampling).unwrap();
                (outcome.p_value, outcome.interval.low, outcome.interval.high)
            };
            // evalsig 0.1.2 with numpy 2.4.6 on the same numbers.
            assert_eq!(
                test(paired_permutation_test, Alternative::TwoSided),
                (0.1924037981009495, -0.02105095541401269, 0.11210191082802547)
            );
            assert_eq!(
                test(paired_permutation_test, Alternative::Greater),
                (0.09095452273863068, -0.009554140127388531, f64::INFINITY)
            );
            assert_eq!(
                test(paired_permutation_test, Alternative::Less),
                (0.9135432283858071, f64::NEG_INFINITY, 0.10130573248407643)
            );
            assert_eq!(
                test(paired_bootstrap_ci, Alternative::TwoSided),
                (0.179, -0.019124203821656027, 0.10764331210191082)
            );
            assert_eq!(
                test(paired_bootstrap_ci, Alternative::Greater),
                (0.091, -0.008917197452229289, f64::INFINITY)
            );
            assert_eq!(
                test(paired_bootstrap_ci, Alternative::Less),
                (0.911, f64::NEG_INFINITY, 0.09812101910828025)
            );
        }
    }
}
