//! The bootstrap of a mean, of paired differences, and of whole clusters of them.

use crate::stats::check;
use crate::stats::clusters::Clusters;
use crate::stats::error::Result;
use crate::stats::interval::{Alternative, Interval};
use crate::stats::mean::{differences, mean, sample_sd};
use crate::stats::resample::{Resampling, Tail, draw_rows, drawn_means, percentile_interval};
use crate::stats::rng::Generator;

/// A bootstrap of a mean or a difference of means.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Bootstrap {
    /// The mean, or the difference candidate − baseline, in units of the scores.
    pub delta: f64,
    /// The standard deviation of the values or differences, in units of the scores.
    pub sd: f64,
    /// The percentile interval of `delta`.
    pub interval: Interval,
    /// The p-value of delta = 0, (hits + 1)/(resamples + 1).
    pub p_value: f64,
    /// How many values or pairs there are.
    pub n: usize,
    /// How many clusters were drawn as wholes; `None` if values were drawn one by one.
    pub n_clusters: Option<usize>,
}

/// Returns the percentile interval of a mean, and the test of a mean of 0.
///
/// n values are drawn with replacement, again and again; the interval lies between quantiles of
/// their means (Efron 1979; linear interpolation). p is the share of means that lie at least as far
/// from the observed mean as that lies from 0 (Davison & Hinkley 1997, 4.4.1). The interval is
/// somewhat narrow for few values (below about 50).
///
/// # Errors
/// If there are fewer than 2 values, one is not finite, `level` is not in (0, 1), or the resampling
/// is out of range.
pub fn bootstrap_mean(
    values: &[f64],
    alternative: Alternative,
    level: f64,
    resampling: &Resampling,
) -> Result<Bootstrap> {
    check::sample("values", values, 2)?;
    check::open_unit("level", level)?;
    resampling.check()?;
    let mut generator = Generator::from_seed(resampling.seed);
    let means = drawn_means(values, &mut generator, resampling.resamples, resampling.threads());
    Ok(bootstrap(values, means, alternative, level))
}

/// Returns the bootstrap of the mean difference: [`bootstrap_mean`] of candidate − baseline.
///
/// # Errors
/// As [`bootstrap_mean`], and if the lengths differ.
pub fn paired_bootstrap(
    baseline: &[f64],
    candidate: &[f64],
    alternative: Alternative,
    level: f64,
    resampling: &Resampling,
) -> Result<Bootstrap> {
    let differences = differences(baseline, candidate, 2)?;
    bootstrap_mean(&differences, alternative, level, resampling)
}

/// Returns the bootstrap of the mean difference that draws whole clusters.
///
/// G of the G clusters are drawn with replacement and all their differences averaged (Davison &
/// Hinkley 1997, 3.8; Cameron, Gelbach & Miller 2008), for cases that are not independent. Needs
/// many clusters: below about 30 the interval is too narrow, and the clustered t interval is the
/// better one.
///
/// # Errors
/// As [`paired_bootstrap`], and if there are fewer than 2 clusters or not as many cluster ids as
/// pairs.
pub fn cluster_bootstrap(
    baseline: &[f64],
    candidate: &[f64],
    clusters: &Clusters,
    alternative: Alternative,
    level: f64,
    resampling: &Resampling,
) -> Result<Bootstrap> {
    check::open_unit("level", level)?;
    resampling.check()?;
    let differences = differences(baseline, candidate, 2)?;
    clusters.check("baseline", differences.len(), 2)?;
    let means = cluster_means(&differences, clusters, resampling);
    let n_clusters = Some(clusters.len());
    Ok(Bootstrap { n_clusters, ..bootstrap(&differences, means, alternative, level) })
}

/// Returns the means over drawn clusters, from the sums and sizes of the clusters.
fn cluster_means(differences: &[f64], clusters: &Clusters, resampling: &Resampling) -> Vec<f64> {
    let sums = clusters.group(differences).sums();
    let totals: Vec<(f64, usize)> = sums.into_iter().zip(clusters.sizes()).collect();
    let mean = |drawn: &[u32]| {
        let (sum, size) = drawn.iter().fold((0.0, 0), |(sum, size), cluster| {
            let total = totals[*cluster as usize];
            (sum + total.0, size + total.1)
        });
        sum / size as f64
    };
    let mut generator = Generator::from_seed(resampling.seed);
    let (bound, length) = (totals.len() as u32, totals.len());
    draw_rows(bound, length, &mut generator, resampling.resamples, resampling.threads(), mean)
}

/// Returns the bootstrap of values whose resampled means are given.
fn bootstrap(values: &[f64], means: Vec<f64>, alternative: Alternative, level: f64) -> Bootstrap {
    let (delta, n) = (mean(values), values.len());
    let scale = values.iter().map(|value| value.abs()).sum::<f64>() / n as f64;
    let tail = Tail::tolerant(alternative, delta, scale);
    let p_value = tail.p_value(means.iter().map(|mean| mean - delta));
    let interval = percentile_interval(alternative, level, means);
    Bootstrap { delta, sd: sample_sd(values), interval, p_value, n, n_clusters: None }
}

#[cfg(test)]
mod tests {
    use super::*;

    const RESAMPLING: Resampling = Resampling { resamples: 4000, seed: 1, threads: 0 };

    fn uniform(n: u32, seed: u64) -> Vec<f64> {
        let mut generator = Generator::from_seed(seed);
        (0..n).map(|_| f64::from(generator.next_u32()) / 2f64.powi(32)).collect()
    }

    #[test]
    fn the_interval_nears_the_normal_one_for_many_values() {
        let values = uniform(400, 3);
        let result = bootstrap_mean(&values, Alternative::TwoSided, 0.95, &RESAMPLING).unwrap();
        let reach = 1.959964 * result.sd / 400f64.sqrt();
        assert!((result.interval.low - (result.delta - reach)).abs() < 0.06 * reach);
        assert!((result.interval.high - (result.delta + reach)).abs() < 0.06 * reach);
        assert_eq!(result.p_value, 1.0 / 4001.0);
    }

    #[test]
    fn identical_runs_have_p_1_and_a_point_for_an_interval() {
        let scores = uniform(40, 4);
        let result =
            paired_bootstrap(&scores, &scores, Alternative::TwoSided, 0.9, &RESAMPLING).unwrap();
        assert_eq!((result.delta, result.p_value), (0.0, 1.0));
        assert_eq!((result.interval.low, result.interval.high), (0.0, 0.0));
    }

    #[test]
    fn singleton_clusters_are_plain_pairs() {
        let (a, b) = (uniform(60, 5), uniform(60, 6));
        let names: Vec<usize> = (0..60).collect();
        let clusters = Clusters::from_names(&names);
        let two_sided = Alternative::TwoSided;
        let clustered = cluster_bootstrap(&a, &b, &clusters, two_sided, 0.95, &RESAMPLING).unwrap();
        let plain = paired_bootstrap(&a, &b, two_sided, 0.95, &RESAMPLING).unwrap();
        assert_eq!(clustered.p_value, plain.p_value);
        assert!((clustered.interval.low - plain.interval.low).abs() < 1e-12);
        assert_eq!(clustered.n_clusters, Some(60));
    }

    #[test]
    fn equal_members_widen_the_interval_by_the_root_of_their_number() {
        let (once, zeros) = (uniform(100, 7), vec![0.0; 400]);
        let fourfold: Vec<f64> = once.iter().flat_map(|value| [*value; 4]).collect();
        let names: Vec<usize> = (0..400).map(|i| i / 4).collect();
        let clusters = Clusters::from_names(&names);
        let two_sided = Alternative::TwoSided;
        let clustered =
            cluster_bootstrap(&zeros, &fourfold, &clusters, two_sided, 0.95, &RESAMPLING).unwrap();
        let naive = paired_bootstrap(&zeros, &fourfold, two_sided, 0.95, &RESAMPLING).unwrap();
        let width = |result: Bootstrap| result.interval.high - result.interval.low;
        assert!((width(clustered) / width(naive) - 2.0).abs() < 0.05);
    }

    #[test]
    fn refuses_resamples_and_levels_out_of_range() {
        let none = Resampling { resamples: 0, ..RESAMPLING };
        let two_sided = Alternative::TwoSided;
        let error = bootstrap_mean(&[1.0, 2.0], two_sided, 0.95, &none).unwrap_err();
        assert_eq!(error.argument(), "resamples");
        let error = bootstrap_mean(&[1.0, 2.0], two_sided, 0.0, &RESAMPLING).unwrap_err();
        assert_eq!(error.argument(), "level");
    }
}
