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
    /// CR0·√(G/(G − 1)), corrected for the number G of clusters.
    pub cr1: f64,
    /// Corrected for the number and the sizes of the clusters: the one to use.
    pub cr2: f64,
    /// The degrees of freedom of CR2, from 1 to G − 1.
    pub df: f64,
    /// sd/√n, right only if all values are independent.
    pub naive: f64,
    /// The number of values.
    pub n: usize,
    /// The number G of clusters.
    pub n_clusters: usize,
    /// The number of equally large clusters with the same information: n²/Σ sizes².
    pub effective_clusters: f64,
}

/// Returns the standard errors of the mean of values in clusters.
///
/// CR0 and CR1: Miller (2024), "Adding Error Bars to Evals", section 2.2; Liang & Zeger (1986). CR2: Bell & McCaffrey
/// (2002), "Bias reduction in standard errors for linear regression with multi-stage samples"; of a mean it is
/// √(Σ (Σ of deviations)²/(1 − size/n))/n, unbiased if values are independent, and its degrees of freedom are those of
/// Satterthwaite (Imbens & Kolesár 2016, "Robust standard errors in small samples"): G − 1 for clusters of equal size,
/// fewer the more unequal they are. If every cluster has one member, CR1 and CR2 equal the naive error.
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
    let size = n as f64;
    let deviations: Vec<f64> = values.iter().map(|value| value - mean).collect();
    let squares: Vec<f64> = clusters.group(&deviations).sums().iter().map(|s| s * s).collect();
    let unbiased: Vec<f64> = squares
        .iter()
        .zip(shares(clusters))
        .map(|(square, share)| square / (1.0 - share))
        .collect();
    let cr0 = pairwise_sum(&squares).sqrt() / size;
    ClusteredStandardError {
        mean,
        cr0,
        cr1: cr0 * (n_clusters as f64 / (n_clusters as f64 - 1.0)).sqrt(),
        cr2: pairwise_sum(&unbiased).sqrt() / size,
        df: degrees_of_freedom(clusters),
        naive: sample_sd(values) / size.sqrt(),
        n,
        n_clusters,
        effective_clusters: clusters.effective(),
    }
}

/// Returns each cluster's share of the values.
fn shares(clusters: &Clusters) -> impl Iterator<Item = f64> + '_ {
    let n = clusters.n_values() as f64;
    clusters.sizes().map(move |size| size as f64 / n)
}

/// Returns the degrees of freedom of Bell & McCaffrey for a mean, whose design leaves only the clusters' shares w of
/// the values: 1/(Σ w² + Σ over pairs of clusters of w²·v²/((1 − w)(1 − v))).
fn degrees_of_freedom(clusters: &Clusters) -> f64 {
    let (mut own, mut lever, mut lever_squares) = (0.0, 0.0, 0.0);
    for share in shares(clusters) {
        let square = share * share;
        own += square;
        lever += square / (1.0 - share);
        lever_squares += (square / (1.0 - share)).powi(2);
    }
    1.0 / (own + lever * lever - lever_squares)
}

/// Returns the t test of the mean of values in clusters against 0, with the interval mean ± t·CR2
/// and the degrees of freedom of Bell and McCaffrey.
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
    let ClusteredStandardError { mean, cr2, df, .. } = error;
    TestedMean { delta: mean, standard_error: cr2, df }.test(alternative, level)
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
        assert!((clustered.df - 4.0).abs() < 1e-12);
    }

    #[test]
    fn repeating_a_sample_adds_no_information() {
        let clusters = Clusters::from_names(&[1, 1, 2, 2, 3, 3]);
        let doubled = [1.0, 1.0, 4.0, 4.0, 7.0, 7.0];
        let error = clustered_standard_error(&doubled, &clusters).unwrap();
        // sd/√3 of 1, 4, 7.
        assert!((error.cr1 - 3.0 / 3f64.sqrt()).abs() < 1e-15);
    }

    #[test]
    fn unequal_clusters_have_fewer_degrees_of_freedom() {
        let df = |names: &[u8]| {
            let values: Vec<f64> = (0..names.len()).map(|at| at as f64).collect();
            clustered_standard_error(&values, &Clusters::from_names(names)).unwrap().df
        };
        assert!((df(&[1, 1, 2, 2, 3, 3]) - 2.0).abs() < 1e-12);
        // NumPy 2.4.6, from the matrices of Bell & McCaffrey: tests/fixtures/statistics-references.py.
        assert!((df(&[1, 1, 1, 1, 1, 1, 2, 3, 4]) - 1.684_210_526_315_79).abs() < 1e-10);
    }

    #[test]
    fn one_cluster_is_refused() {
        let clusters = Clusters::from_names(&[1, 1]);
        let error = clustered_standard_error(&[1.0, 2.0], &clusters).unwrap_err();
        assert_eq!(error.argument(), "cluster_ids");
    }
}
