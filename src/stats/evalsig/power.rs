//! evalsig's sizes of comparisons, all by the normal approximation (Cohen 1988, Statistical Power Analysis for the
//! Behavioral Sciences), without a look at the degrees of freedom.

use crate::stats::check;
use crate::stats::distribution::{normal_cdf, normal_quantile, normal_sf};
use crate::stats::error::Result;
use crate::stats::power::{
    Clustering, DetectableEffect, ErrorRates, Precision, planned_deff, tail,
};

/// Returns evalsig's minimum detectable effect, (z_alpha + z_power)·sd/√(n/deff), with a design effect only if both
/// `n_clusters` and `icc` are given.
///
/// Too small with few pairs, and negative for a power below alpha;
/// [`minimum_detectable_effect`](crate::stats::minimum_detectable_effect) is the remedy. The design effect is reported
/// as 1 where there is no spread but an `icc`, and as `None` below 2 pairs.
///
/// # Errors
/// If `sd_diff` is negative or not finite, alpha or power is not in (0, 1), or the clustering is out of range.
pub fn mde(
    sd_diff: f64,
    n_pairs: u64,
    rates: &ErrorRates,
    n_clusters: Option<u64>,
    icc: Option<f64>,
) -> Result<DetectableEffect> {
    rates.check_each()?;
    let clustering = n_clusters.zip(icc).map(|(n_clusters, icc)| Clustering { n_clusters, icc });
    let Precision { deff, standard_error } = Precision::of(sd_diff, n_pairs, clustering)?;
    Ok(if sd_diff == 0.0 {
        DetectableEffect { mde: 0.0, deff: icc.map(|_| 1.0) }
    } else if n_pairs < 2 {
        DetectableEffect { mde: f64::INFINITY, deff: None }
    } else {
        DetectableEffect { mde: rates.reach() * standard_error, deff }
    })
}

/// Returns evalsig's number of pairs: ((z_alpha + z_power)·sd/target_delta)²·(1 + (m − 1)·max(icc, 0)), rounded up.
///
/// Too small for few pairs; [`required_n`](crate::stats::required_n) is the remedy. Numbers beyond 2^64 come out as
/// 2^64 − 1.
///
/// # Errors
/// If `target_delta` is not above 0, `sd_diff` is negative, `mean_cluster_size` is below 1, one of them is not finite,
/// or alpha, power or icc is out of range.
pub fn required_n(
    target_delta: f64,
    sd_diff: f64,
    rates: &ErrorRates,
    icc: f64,
    mean_cluster_size: f64,
) -> Result<u64> {
    // evalsig takes a power below alpha.
    rates.check_each()?;
    let deff = planned_deff(target_delta, sd_diff, icc, mean_cluster_size)?;
    let independent = (rates.reach() * sd_diff / target_delta).powi(2);
    Ok((independent * deff).ceil() as u64)
}

/// Returns evalsig's power: P(Z > z_alpha − shift) with shift = delta·√(n/deff)/sd, and two-sided also
/// P(Z < −z_alpha − shift).
///
/// Too large for few pairs, and 1 for a single one; [`power_for_delta`](crate::stats::power_for_delta) is the remedy.
///
/// # Errors
/// If `delta` is not finite, `sd_diff` is negative or not finite, `alpha` is not in (0, 1), or the clustering is out of
/// range.
pub fn power_for_delta(
    delta: f64,
    sd_diff: f64,
    n_pairs: u64,
    alpha: f64,
    one_sided: bool,
    clustering: Option<Clustering>,
) -> Result<f64> {
    check::finite("delta", &[delta])?;
    check::open_unit("alpha", alpha)?;
    let Precision { standard_error, .. } = Precision::of(sd_diff, n_pairs, clustering)?;
    if sd_diff == 0.0 || n_pairs < 2 {
        return Ok(if delta == 0.0 { alpha } else { 1.0 });
    }
    let shift = delta / standard_error;
    let critical = normal_quantile(1.0 - tail(alpha, one_sided));
    let far_tail = if one_sided { 0.0 } else { normal_cdf(-critical - shift) };
    Ok(normal_sf(critical - shift) + far_tail)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_incomplete_clustering_is_ignored() {
        let rates = ErrorRates::default();
        let plain = mde(0.5, 600, &rates, None, None).unwrap();
        assert_eq!(mde(0.5, 600, &rates, Some(60), None), Ok(plain));
        assert_eq!(mde(0.5, 600, &rates, None, Some(0.3)), Ok(plain));
    }

    #[test]
    fn the_faults_of_evalsig_are_reproduced() {
        let rates = ErrorRates { power: 0.01, ..ErrorRates::default() };
        assert!(mde(1.0, 10, &rates, None, None).unwrap().mde < 0.0);
        assert_eq!(required_n(10.0, 1.0, &ErrorRates::default(), 0.0, 1.0), Ok(1));
        assert_eq!(power_for_delta(0.1, 1.0, 1, 0.05, false, None), Ok(1.0));
    }
}
