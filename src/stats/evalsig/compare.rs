//! evalsig's comparison of two runs.

use super::align::{Item, align};
use super::clustered::{cluster_bootstrap_ci, estimate_icc};
use super::mcnemar::mcnemar_test;
use super::paired::{Paired, outcome, paired_bootstrap_ci, paired_permutation_test, paired_t_test};
use super::power::mde;
use crate::stats::check;
use crate::stats::clusters::Clusters;
use crate::stats::error::{Result, StatsError};
use crate::stats::interval::{Alternative, Interval};
use crate::stats::mean::differences;
use crate::stats::power::ErrorRates;
use crate::stats::resample::Resampling;

/// From how many discordant cases on McNemar's test is asymptotic.
pub const EXACT_THRESHOLD: u64 = 25;

/// The test to compare with.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Method {
    /// Clusters: cluster bootstrap; 0/1 scores: McNemar; else the permutation test.
    #[default]
    Auto,
    /// [`paired_t_test`].
    PairedT,
    /// [`paired_permutation_test`].
    PairedPermutation,
    /// [`paired_bootstrap_ci`].
    PairedBootstrap,
    /// [`mcnemar_test`].
    McNemar,
    /// [`cluster_bootstrap_ci`].
    ClusterBootstrap,
}

named!(Method {
    Auto = "auto",
    PairedT = "paired_t",
    PairedPermutation = "paired_permutation",
    PairedBootstrap = "paired_bootstrap",
    McNemar = "mcnemar",
    ClusterBootstrap = "cluster_bootstrap",
});

/// How to compare.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct CompareOptions<'a> {
    /// The test.
    pub method: Method,
    /// Any text asks for the runs' clusters to be used.
    pub cluster: Option<&'a str>,
    /// alpha, the power that the minimum detectable effect is for, and whether only improvements
    /// count.
    pub rates: ErrorRates,
    /// How to resample.
    pub resampling: Resampling,
}

impl Default for CompareOptions<'_> {
    fn default() -> Self {
        CompareOptions {
            method: Method::Auto,
            cluster: None,
            rates: ErrorRates::default(),
            resampling: Resampling::default(),
        }
    }
}

/// The comparison of two runs.
#[derive(Clone, Debug, PartialEq)]
pub struct Comparison {
    /// The mean difference candidate − baseline.
    pub delta: f64,
    /// Its interval, of level 1 − alpha.
    pub interval: Interval,
    /// The p-value.
    pub p_value: f64,
    /// Whether p is below alpha and, one-sided, delta above 0.
    pub significant: bool,
    /// The number of items in both runs.
    pub n_pairs: usize,
    /// The number of clusters, if the test used them.
    pub n_clusters: Option<usize>,
    /// evalsig's name of the test that was used.
    pub method: &'static str,
    /// The minimum detectable effect.
    pub mde: f64,
    /// What the user should know.
    pub notes: Vec<String>,
}

/// Returns evalsig's comparison.
///
/// Not sound where its tests are not; see there.
///
/// # Errors
/// If the runs have no item in common, there are too few or unsuitable scores for the test, or an
/// option is out of range.
pub fn compare(
    baseline: &[Item<'_>],
    candidate: &[Item<'_>],
    options: &CompareOptions<'_>,
) -> Result<Comparison> {
    check::open_unit("alpha", options.rates.alpha)?;
    let mut runs = align(baseline, candidate)?;
    runs.notes.extend(cluster_note(options.cluster, runs.clusters.is_some()));
    let names = runs.clusters.filter(|_| options.cluster.is_some());
    let clusters = names.map(|names| Clusters::from_names(&names));
    let test = test(&runs.baseline, &runs.candidate, clusters.as_ref(), options)?;
    let icc = match (&clusters, test.n_clusters) {
        (Some(clusters), Some(_)) => {
            Some(estimate_icc(&differences(&runs.baseline, &runs.candidate, 1)?, clusters)?)
        }
        _ => None,
    };
    let n_clusters = test.n_clusters.map(|clusters| clusters as u64);
    let effect = mde(test.sd_diff, test.n_pairs as u64, &options.rates, n_clusters, icc)?;
    let ErrorRates { alpha, one_sided, .. } = options.rates;
    Ok(Comparison {
        delta: test.delta,
        interval: test.interval,
        p_value: test.p_value,
        significant: test.p_value < alpha && (!one_sided || test.delta > 0.0),
        n_pairs: test.n_pairs,
        n_clusters: test.n_clusters,
        method: test.method,
        mde: effect.mde,
        notes: runs.notes,
    })
}

fn cluster_note(asked: Option<&str>, present: bool) -> Option<String> {
    match (asked, present) {
        (Some(name), false) => {
            Some(format!("cluster='{name}' requested but RunFrames carry no cluster_id; ignoring"))
        }
        (None, true) => Some(
            "RunFrames carry cluster_id; pass cluster=<name> to opt into cluster-aware inference"
                .into(),
        ),
        _ => None,
    }
}

/// Returns the outcome of the test that the options and the scores call for.
fn test(
    a: &[f64],
    b: &[f64],
    clusters: Option<&Clusters>,
    options: &CompareOptions<'_>,
) -> Result<Paired> {
    let one_sided = options.rates.one_sided;
    let alternative = if one_sided { Alternative::Greater } else { Alternative::TwoSided };
    let level = 1.0 - options.rates.alpha;
    let resampling = &options.resampling;
    match (chosen(options.method, a, b, clusters.is_some()), clusters) {
        (Method::PairedT, _) => paired_t_test(a, b, alternative, level),
        (Method::PairedBootstrap, _) => paired_bootstrap_ci(a, b, alternative, level, resampling),
        (Method::McNemar, _) => mcnemar(a, b, alternative, level),
        (Method::ClusterBootstrap, Some(clusters)) => {
            cluster_bootstrap_ci(a, b, clusters, alternative, level, resampling)
        }
        (Method::ClusterBootstrap, None) => Err(StatsError::Unsuitable {
            argument: "method",
            reason: "must not be cluster_bootstrap without clusters, or without asking for them",
        }),
        (Method::PairedPermutation | Method::Auto, _) => {
            paired_permutation_test(a, b, alternative, level, resampling)
        }
    }
}

/// Returns the method, after evalsig's rule if it is left to it.
fn chosen(method: Method, a: &[f64], b: &[f64], clustered: bool) -> Method {
    let binary = |scores: &[f64]| scores.iter().all(|score| *score == 0.0 || *score == 1.0);
    match method {
        Method::Auto if clustered => Method::ClusterBootstrap,
        Method::Auto if binary(a) && binary(b) => Method::McNemar,
        Method::Auto => Method::PairedPermutation,
        method => method,
    }
}

fn mcnemar(a: &[f64], b: &[f64], alternative: Alternative, level: f64) -> Result<Paired> {
    let test = mcnemar_test(a, b, alternative, level, EXACT_THRESHOLD)?;
    let outcome = outcome(&differences(a, b, 1)?, test.method, test.interval, test.p_value);
    Ok(Paired { delta: test.delta, ..outcome })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn items(scores: &'static [(&'static str, f64)]) -> Vec<Item<'static>> {
        scores
            .iter()
            .map(|(item_id, score)| Item { item_id, score: *score, cluster_id: None, epoch: 0 })
            .collect()
    }

    #[test]
    fn nan_is_refused_instead_of_significant() {
        let a = items(&[("a", 0.5), ("b", f64::NAN), ("c", 0.1)]);
        let error = compare(&a, &a, &CompareOptions::default()).unwrap_err();
        assert_eq!(error.argument(), "baseline");
    }

    #[test]
    fn an_impossible_alpha_is_refused() {
        let a = items(&[("a", 0.5), ("b", 0.2)]);
        let rates = ErrorRates { alpha: 1.5, ..ErrorRates::default() };
        let error = compare(&a, &a, &CompareOptions { rates, ..CompareOptions::default() });
        assert_eq!(error.unwrap_err().argument(), "alpha");
    }

    #[test]
    fn a_cluster_bootstrap_needs_clusters() {
        let a = items(&[("a", 0.5), ("b", 0.2)]);
        let options =
            CompareOptions { method: Method::ClusterBootstrap, ..CompareOptions::default() };
        assert_eq!(compare(&a, &a, &options).unwrap_err().argument(), "method");
    }
}
