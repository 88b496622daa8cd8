//! evalsig's functions for clustered pairs.

use super::paired::{Paired, outcome};
use super::read_bootstrap;
use crate::stats::check;
use crate::stats::clustered::one_way_icc;
use crate::stats::clusters::{Clusters, Groups};
use crate::stats::error::Result;
use crate::stats::interval::Alternative;
use crate::stats::mean::{differences, mean};
use crate::stats::resample::{Resampling, draw_rows};
use crate::stats::rng::Generator;

/// Returns evalsig's cluster bootstrap: per resample NumPy's `integers(0, G, G)`, and the mean of
/// all members of those clusters.
///
/// Not sound with few clusters, and it takes even a single one;
/// [`clustered_t_test`](crate::stats::clustered_t_test) is the remedy.
/// [`cluster_bootstrap`](crate::stats::cluster_bootstrap) draws the same, but refuses one cluster,
/// and counts ties as ties.
///
/// # Errors
/// If the lengths differ, there are fewer than 2 pairs, a score is not finite, there are not as
/// many cluster ids as pairs, `level` is not in (0, 1), or the resampling is out of range.
pub fn cluster_bootstrap_ci(
    baseline: &[f64],
    candidate: &[f64],
    clusters: &Clusters,
    alternative: Alternative,
    level: f64,
    resampling: &Resampling,
) -> Result<Paired> {
    check::open_unit("level", level)?;
    resampling.check()?;
    let differences = differences(baseline, candidate, 2)?;
    clusters.check("baseline", differences.len(), 1)?;
    let means = drawn_cluster_means(&clusters.group(&differences), clusters.len(), resampling);
    let (interval, p_value) = read_bootstrap(means, mean(&differences), alternative, level);
    let outcome = outcome(&differences, "cluster_bootstrap", interval, p_value);
    Ok(Paired { n_clusters: Some(clusters.len()), ..outcome })
}

/// Returns the means of the members of drawn clusters, added in the order that evalsig lines them
/// up in.
fn drawn_cluster_means(groups: &Groups, n_clusters: usize, resampling: &Resampling) -> Vec<f64> {
    let mut generator = Generator::from_seed(resampling.seed);
    let (resamples, threads) = (resampling.resamples, resampling.threads());
    draw_rows(n_clusters as u32, n_clusters, &mut generator, resamples, threads, |drawn| {
        let members: Vec<f64> =
            drawn.iter().flat_map(|cluster| groups.get(*cluster as usize)).copied().collect();
        mean(&members)
    })
}

/// Returns evalsig's intraclass correlation, which takes n/G for the size of a cluster.
///
/// Not sound for clusters of unequal sizes; [`estimate_icc`](crate::stats::estimate_icc) corrects
/// for them.
///
/// # Errors
/// If there are no values, one is not finite, or there are not as many cluster ids as values.
pub fn estimate_icc(values: &[f64], clusters: &Clusters) -> Result<f64> {
    check::sample("values", values, 1)?;
    clusters.check("values", values.len(), 1)?;
    Ok(one_way_icc(values, clusters, values.len() as f64 / clusters.len() as f64))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn equals_evalsig_to_the_last_bit_whatever_the_threads() {
        let values: Vec<f64> =
            (0..600u32).map(|i| f64::from(i * 7919 % 101) / 10.0 - 4.9).collect();
        let names: Vec<u32> = (0..600u32).map(|i| i * i % 83).collect();
        let (zeros, clusters) = (vec![0.0; 600], Clusters::from_names(&names));
        for threads in [1, 3] {
            let resampling = Resampling { resamples: 8000, seed: 12, threads };
            let two_sided = Alternative::TwoSided;
            let outcome =
                cluster_bootstrap_ci(&zeros, &values, &clusters, two_sided, 0.95, &resampling)
                    .unwrap();
            // evalsig 0.1.2 with numpy 2.4.6 on the same numbers.
            assert_eq!(outcome.p_value, 0.254375);
            assert_eq!(
                (outcome.interval.low, outcome.interval.high),
                (-0.059381334459459784, 0.2472513543265617)
            );
            assert_eq!(outcome.n_clusters, Some(42));
        }
    }
}
