//! The intraclass correlation: how much of the variance lies between clusters.

use crate::stats::check;
use crate::stats::clusters::Clusters;
use crate::stats::error::Result;
use crate::stats::mean::{mean, pairwise_sum};

/// Returns the intraclass correlation of values in clusters, from 0 (members are as different as
/// strangers) to 1 (members are equal).
///
/// The one-way analysis of variance (MSB − MSW)/(MSB + (m − 1)·MSW), where m is the mean size of a
/// cluster, corrected for unequal sizes: (n − Σ sizes²/n)/(G − 1) (Donner 1986, "A review of
/// inference procedures for the intraclass correlation coefficient"). Negative estimates
/// count as 0. So do values in fewer than 2 clusters, in singletons only, or without any variance,
/// from which nothing can be estimated.
///
/// # Errors
/// If there are no values, one is not finite, or there are not as many cluster ids as values.
pub fn estimate_icc(values: &[f64], clusters: &Clusters) -> Result<f64> {
    check::sample("values", values, 1)?;
    clusters.check("values", values.len(), 1)?;
    let n = values.len() as f64;
    let squares: f64 = clusters.sizes().map(|size| (size * size) as f64).sum();
    let size = (n - squares / n) / (clusters.len() as f64 - 1.0);
    Ok(one_way_icc(values, clusters, size))
}

/// Returns the intraclass correlation by analysis of variance, for clusters of `size` members on
/// average.
pub(in crate::stats) fn one_way_icc(values: &[f64], clusters: &Clusters, size: f64) -> f64 {
    let (n, n_clusters) = (values.len(), clusters.len());
    if n_clusters < 2 || n == n_clusters {
        return 0.0;
    }
    let overall = mean(values);
    let (mut between, mut within) = (0.0, 0.0);
    for members in clusters.group(values).iter() {
        let center = mean(members);
        between += members.len() as f64 * (center - overall).powi(2);
        let squares: Vec<f64> = members.iter().map(|value| (value - center).powi(2)).collect();
        within += pairwise_sum(&squares);
    }
    let between = between / (n_clusters - 1) as f64;
    let within = within / (n - n_clusters) as f64;
    let total = between + (size - 1.0) * within;
    if total > 0.0 { ((between - within) / total).max(0.0) } else { 0.0 }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn worked_by_hand() {
        // Clusters 1, 3 | 5, 7 | 9, 11: MSB = 2·(16 + 0 + 16)/2 = 32, MSW = 6/3 = 2, m = 2: 30/34.
        let clusters = Clusters::from_names(&["a", "a", "b", "b", "c", "c"]);
        let icc = estimate_icc(&[1., 3., 5., 7., 9., 11.], &clusters).unwrap();
        assert!((icc - 30.0 / 34.0).abs() < 1e-15);
    }

    #[test]
    fn unequal_sizes_are_corrected() {
        // Clusters 0, 2 | 4, 6, 8, 10: mean 5, MSB = 2·16 + 4·4 = 48, MSW = (2 + 20)/4 = 5.5, m = 6
        // − 20/6 = 8/3.
        let clusters = Clusters::from_names(&[0, 0, 1, 1, 1, 1]);
        let icc = estimate_icc(&[0., 2., 4., 6., 8., 10.], &clusters).unwrap();
        assert!((icc - 42.5 / (48.0 + 5.0 / 3.0 * 5.5)).abs() < 1e-15);
    }

    #[test]
    fn is_0_if_it_cannot_be_estimated() {
        let icc = |values: &[f64], names: &[u8]| {
            estimate_icc(values, &Clusters::from_names(names)).unwrap()
        };
        assert_eq!(icc(&[1., 2., 3.], &[1, 1, 1]), 0.0);
        assert_eq!(icc(&[1., 2., 3.], &[1, 2, 3]), 0.0);
        assert_eq!(icc(&[1., 1., 1., 1.], &[1, 1, 2, 2]), 0.0);
        assert_eq!(icc(&[0., 1., 0., 1.], &[1, 1, 2, 2]), 0.0);
    }
}
