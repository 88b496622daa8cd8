//! The standard error of a mean of values that are not independent within clusters.

use crate::stats::check;
use crate::stats::clusters::Clusters;
use crate::stats::error::Result;
use crate::stats::interval::Alternative;
use crate::stats::mean::{differences, mean, pairwise_sum, sample_sd};
use crate::stats::paired::{TTest, TestedMean};

/// The standard errors of a mean, in units of the values.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct ClusteredStandardError {
    /// The mean of the values.
    pub mean: f64,
    /// √(Σ over clusters of (Σ of deviations)²)/n: the clustered standard error of Miller (2024),
    /// CR0.
    pub cr0: f64,
    /// CR0·√(G/(G − 1)), corrected for the number G of clusters: the one to use.
    pub cr1: f64,
    /// sd/√n, right only if all values are independent.
    pub naive: f64,
    /// The number of values.
    pub n: usize,
    /// The number G of clusters.
    pub n_clusters: usize,
}

/// Returns the standard errors of the mean of values in clusters.
///
/// Miller (2024), "Adding Error Bars to Evals", section 2.2; Liang & Zeger (1986). Cases that share
/// a passage or template count for less than independent ones. If every cluster has one member, CR1
/// equals the naive error.
///
/// # Errors
/// If a value is not finite, there are fewer than 2 clusters, or not as many cluster ids as values.
pub fn clustered_standard_error(
    values: &[f64],
    clusters: &Clusters,
) -> Result<ClusteredStandardError> {
    check::sample("values", values, 2)?;
    clusters.check("values", values.len(), 2)?;
    Ok(standard_error(values, clusters))
}

fn standard_error(values: &[f64], clusters: &Clusters) -> ClusteredStandardError {
    let (n, n_clusters, mean) = (values.len(), clusters.len(), mean(values));
    let deviations: Vec<f64> = values.iter().map(|value| value - mean).collect();
    let squares: Vec<f64> = clusters.group(&deviations).sums().iter().map(|s| s * s).collect();
    let cr0 = pairwise_sum(&squares).sqrt() / n as f64;
    let cr1 = cr0 * (n_clusters as f64 / (n_clusters as f64 - 1.0)).sqrt();
    let naive = sample_sd(values) / (n as f64).sqrt();
    ClusteredStandardError { mean, cr0, cr1, naive, n, n_clusters }
}

/// Returns the t test of the mean of values in clusters against 0, with the interval mean ± t·CR1
/// and G − 1 degrees of freedom.
///
/// G − 1 after Cameron & Miller (2015), "A practitioner's guide to cluster-robust inference", VI.D.
///
/// # Errors
/// As [`clustered_standard_error`], and if `level` is not in (0, 1).
pub fn clustered_mean_interval(
    values: &[f64],
    clusters: &Clusters,
    alternative: Alternative,
    level: f64,
) -> Result<TTest> {
    check::open_unit("level", level)?;
    let error = clustered_standard_error(values, clusters)?;
    Ok(tested(error, alternative, level))
}

/// Returns the t test of candidate − baseline with clustered pairs: [`clustered_mean_interval`] of
/// the differences.
///
/// # Errors
/// As [`clustered_mean_interval`], and if the lengths differ.
pub fn clustered_t_test(
    baseline: &[f64],
    candidate: &[f64],
    clusters: &Clusters,
    alternative: Alternative,
    level: f64,
) -> Result<TTest> {
    check::open_unit("level", level)?;
    let differences = differences(baseline, candidate, 2)?;
    clusters.check("baseline", differences.len(), 2)?;
    Ok(tested(standard_error(&differences, clusters), alternative, level))
}

fn tested(error: ClusteredStandardError, alternative: Alternative, level: f64) -> TTest {
    let df = error.n_clusters as f64 - 1.0;
    TestedMean { delta: error.mean, standard_error: error.cr1, df }.test(alternative, level)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::stats::paired::paired_t_test;

    #[test]
    fn worked_by_hand() {
        // Mean 3; deviations −2, −1 | 0, 1 | 2: cluster sums −3, 1, 2, squares 14, over n = 5.
        let clusters = Clusters::from_names(&["a", "a", "b", "b", "c"]);
        let error = clustered_standard_error(&[1., 2., 3., 4., 5.], &clusters).unwrap();
        assert_eq!(error.mean, 3.0);
        assert!((error.cr0 - 14f64.sqrt() / 5.0).abs() < 1e-15);
        assert!((error.cr1 - 21f64.sqrt() / 5.0).abs() < 1e-15);
        assert!((error.naive - 0.5f64.sqrt()).abs() < 1e-15);
        assert_eq!((error.n, error.n_clusters), (5, 3));
    }

    #[test]
    fn singleton_clusters_give_the_paired_t_test() {
        let (a, b) = ([0.2, 0.5, 0.1, 0.9, 0.4], [0.3, 0.4, 0.6, 0.9, 0.8]);
        let clusters = Clusters::from_names(&[1, 2, 3, 4, 5]);
        let clustered = clustered_t_test(&a, &b, &clusters, Alternative::Greater, 0.9).unwrap();
        let plain = paired_t_test(&a, &b, Alternative::Greater, 0.9).unwrap();
        assert!((clustered.p_value - plain.p_value).abs() < 1e-14);
        assert!((clustered.interval.low - plain.interval.low).abs() < 1e-14);
        assert_eq!(clustered.df, 4.0);
    }

    #[test]
    fn a_repeated_sample_is_worth_no_more_than_one() {
        let clusters = Clusters::from_names(&[1, 1, 2, 2, 3, 3]);
        let doubled = [1.0, 1.0, 4.0, 4.0, 7.0, 7.0];
        let error = clustered_standard_error(&doubled, &clusters).unwrap();
        // sd/√3 of 1, 4, 7.
        assert!((error.cr1 - 3.0 / 3f64.sqrt()).abs() < 1e-15);
    }

    #[test]
    fn one_cluster_is_refused() {
        let clusters = Clusters::from_names(&[1, 1]);
        let error = clustered_standard_error(&[1.0, 2.0], &clusters).unwrap_err();
        assert_eq!(error.argument(), "cluster_ids");
    }
}
