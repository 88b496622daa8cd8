//! The bootstrap of the difference between two independent means.

use super::check_runs;
use crate::stats::check;
use crate::stats::error::Result;
use crate::stats::interval::Alternative;
use crate::stats::mean::{mean, sample_variance};
use crate::stats::paired::Bootstrap;
use crate::stats::resample::{Resampling, Tail, drawn_means, percentile_interval};
use crate::stats::rng::Generator;

/// Returns the bootstrap of mean(candidate) − mean(baseline), each run drawn with replacement from
/// itself.
///
/// Efron & Tibshirani (1993), An Introduction to the Bootstrap, 8.3; p as in
/// [`bootstrap_mean`](crate::stats::bootstrap_mean). In the result `n` counts the values of both
/// runs, and `sd` is the root of the mean of their variances.
///
/// # Errors
/// If a run has fewer than 2 values, a value is not finite, `level` is not in (0, 1), or the
/// resampling is out of range.
pub fn unpaired_bootstrap(
    baseline: &[f64],
    candidate: &[f64],
    alternative: Alternative,
    level: f64,
    resampling: &Resampling,
) -> Result<Bootstrap> {
    check::open_unit("level", level)?;
    resampling.check()?;
    check_runs(baseline, candidate)?;
    let delta = mean(candidate) - mean(baseline);
    let mut generator = Generator::from_seed(resampling.seed);
    let drawn = drawn_differences(baseline, candidate, &mut generator, resampling);
    let sd = (0.5 * (sample_variance(baseline) + sample_variance(candidate))).sqrt();
    let tail = Tail::tolerant(alternative, delta, size(baseline) + size(candidate));
    let p_value = tail.p_value(drawn.iter().map(|difference| difference - delta));
    let interval = percentile_interval(alternative, level, drawn);
    let n = baseline.len() + candidate.len();
    Ok(Bootstrap { delta, sd, interval, p_value, n, n_clusters: None })
}

/// Returns the differences of the means of drawn runs: all rows of the baseline are drawn first,
/// then the candidate's.
pub(in crate::stats) fn drawn_differences(
    baseline: &[f64],
    candidate: &[f64],
    generator: &mut Generator,
    resampling: &Resampling,
) -> Vec<f64> {
    let (resamples, threads) = (resampling.resamples, resampling.threads());
    let before = drawn_means(baseline, generator, resamples, threads);
    let mut differences = drawn_means(candidate, generator, resamples, threads);
    for (after, before) in differences.iter_mut().zip(before) {
        *after -= before;
    }
    differences
}

/// Returns the mean absolute value.
fn size(values: &[f64]) -> f64 {
    values.iter().map(|value| value.abs()).sum::<f64>() / values.len() as f64
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::stats::unpaired::unpaired_t_test;

    #[test]
    fn comes_near_welch_for_many_values() {
        let mut generator = Generator::from_seed(8);
        let mut run = |n: usize| -> Vec<f64> {
            (0..n).map(|_| f64::from(generator.next_u32()) / 2f64.powi(32)).collect()
        };
        let (baseline, candidate) = (run(100), run(150));
        let resampling = Resampling { resamples: 4000, ..Resampling::default() };
        let two_sided = Alternative::TwoSided;
        let drawn =
            unpaired_bootstrap(&baseline, &candidate, two_sided, 0.95, &resampling).unwrap();
        let welch = unpaired_t_test(&baseline, &candidate, two_sided, 0.95).unwrap();
        assert!((drawn.p_value - welch.p_value).abs() < 0.02);
        assert!((drawn.interval.low - welch.interval.low).abs() < 0.01);
        assert!((drawn.interval.high - welch.interval.high).abs() < 0.01);
        assert_eq!(drawn.n, 250);
    }
}
