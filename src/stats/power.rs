//! How small a difference a comparison can see, and how many cases it takes.
//!
//! All by the normal approximation (Cohen 1988, Statistical Power Analysis for the Behavioral
//! Sciences): a difference delta of n pairs is found with the power P(Z > z_alpha − delta·√n/sd).
//! Pairs in clusters of m count as n/deff pairs, deff = 1 + (m − 1)·max(icc, 0) (Kish 1965).

use super::check;
use super::distribution::{normal_cdf, normal_quantile, normal_sf};
use super::error::Result;

/// The errors that a test may make.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct ErrorRates {
    /// The probability of seeing a difference where there is none, between 0 and 1.
    pub alpha: f64,
    /// The probability of seeing a difference that is there, between 0 and 1.
    pub power: f64,
    /// Whether only differences in one direction count.
    pub one_sided: bool,
}

impl Default for ErrorRates {
    fn default() -> Self {
        ErrorRates { alpha: 0.05, power: 0.8, one_sided: false }
    }
}

impl ErrorRates {
    fn check(&self) -> Result<()> {
        check::open_unit("alpha", self.alpha)?;
        check::open_unit("power", self.power)
    }

    /// Returns the sum of the critical value and the quantile of the power, in standard errors.
    fn reach(&self) -> f64 {
        critical_value(self.alpha, self.one_sided) + normal_quantile(self.power)
    }
}

fn critical_value(alpha: f64, one_sided: bool) -> f64 {
    normal_quantile(if one_sided { 1.0 - alpha } else { 1.0 - alpha / 2.0 })
}

/// How the pairs fall into clusters.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Clustering {
    /// The number of clusters, from 1 to the number of pairs.
    pub n_clusters: u64,
    /// The intraclass correlation of the differences, from −1 to 1; negative ones count as 0.
    pub icc: f64,
}

impl Clustering {
    fn check(&self, n_pairs: u64) -> Result<()> {
        let filled = (1..=n_pairs.max(1)).contains(&self.n_clusters);
        check::within(
            "n_clusters",
            self.n_clusters as f64,
            "from 1 to the number of pairs",
            filled,
        )?;
        check_icc(self.icc)
    }

    /// Returns the design effect of `n` pairs in these clusters, at least 1.
    pub fn design_effect(&self, n: u64) -> f64 {
        design_effect(n as f64 / self.n_clusters as f64, self.icc)
    }
}

fn design_effect(mean_cluster_size: f64, icc: f64) -> f64 {
    1.0 + (mean_cluster_size - 1.0) * icc.max(0.0)
}

fn check_icc(icc: f64) -> Result<()> {
    check::within("icc", icc, "between -1 and 1", (-1.0..=1.0).contains(&icc))
}

/// The smallest difference that a comparison can be relied on to see.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct DetectableEffect {
    /// The minimum detectable effect, in units of the scores; 0 if the differences have no spread,
    /// +∞ below 2 pairs.
    pub mde: f64,
    /// The design effect of the clusters; `None` without clusters.
    pub deff: Option<f64>,
}

/// Returns the smallest mean difference that `n_pairs` pairs show with the power asked for:
/// (z_alpha + z_power)·sd/√(n/deff).
///
/// `sd_diff` is the standard deviation of the differences, in units of the scores.
///
/// # Errors
/// If `sd_diff` is negative or not finite, alpha or power is not in (0, 1), or the clustering is
/// out of range.
pub fn minimum_detectable_effect(
    sd_diff: f64,
    n_pairs: u64,
    rates: &ErrorRates,
    clustering: Option<Clustering>,
) -> Result<DetectableEffect> {
    rates.check()?;
    check::not_negative("sd_diff", sd_diff)?;
    clustering.map_or(Ok(()), |clustering| clustering.check(n_pairs))?;
    let deff = clustering.map(|clustering| clustering.design_effect(n_pairs));
    let mde = if sd_diff == 0.0 {
        0.0
    } else if n_pairs < 2 {
        f64::INFINITY
    } else {
        rates.reach() * sd_diff / (n_pairs as f64 / deff.unwrap_or(1.0)).sqrt()
    };
    Ok(DetectableEffect { mde, deff })
}

/// Returns how many pairs show a mean difference of `target_delta` with the power asked for,
/// rounded up: ((z_alpha + z_power)·sd/target_delta)²·(1 + (m − 1)·max(icc, 0)).
///
/// `sd_diff` and `target_delta` are in units of the scores; `mean_cluster_size` is m, 1 without
/// clusters. Numbers beyond 2^64 come out as 2^64 − 1.
///
/// # Errors
/// If `target_delta` is not above 0, `sd_diff` is negative, `mean_cluster_size` is below 1, one of
/// them is not finite, or alpha, power or icc is out of range.
pub fn required_n(
    target_delta: f64,
    sd_diff: f64,
    rates: &ErrorRates,
    icc: f64,
    mean_cluster_size: f64,
) -> Result<u64> {
    rates.check()?;
    check::positive("target_delta", target_delta)?;
    check::not_negative("sd_diff", sd_diff)?;
    check_icc(icc)?;
    let sized = mean_cluster_size.is_finite() && mean_cluster_size >= 1.0;
    check::within("mean_cluster_size", mean_cluster_size, "a finite number of at least 1", sized)?;
    let independent = (rates.reach() * sd_diff / target_delta).powi(2);
    Ok((independent * design_effect(mean_cluster_size, icc)).ceil() as u64)
}

/// Returns the probability that a test at level `alpha` shows a true mean difference of `delta`.
///
/// P(Z > z_alpha − shift) with shift = delta·√(n/deff)/sd, and two-sided also P(Z < −z_alpha −
/// shift). Without any spread, or with fewer than 2 pairs, 1 if delta is not 0, else alpha. `delta`
/// and `sd_diff` are in units of the scores.
///
/// # Errors
/// If `delta` is not finite, `sd_diff` is negative or not finite, `alpha` is not in (0, 1), or the
/// clustering is out of range.
pub fn power_for_delta(
    delta: f64,
    sd_diff: f64,
    n_pairs: u64,
    alpha: f64,
    one_sided: bool,
    clustering: Option<Clustering>,
) -> Result<f64> {
    check::finite("delta", &[delta])?;
    check::not_negative("sd_diff", sd_diff)?;
    check::open_unit("alpha", alpha)?;
    clustering.map_or(Ok(()), |clustering| clustering.check(n_pairs))?;
    if sd_diff == 0.0 || n_pairs < 2 {
        return Ok(if delta == 0.0 { alpha } else { 1.0 });
    }
    let deff = clustering.map_or(1.0, |clustering| clustering.design_effect(n_pairs));
    let shift = delta * (n_pairs as f64 / deff).sqrt() / sd_diff;
    let critical = critical_value(alpha, one_sided);
    let far_tail = if one_sided { 0.0 } else { normal_cdf(-critical - shift) };
    Ok(normal_sf(critical - shift) + far_tail)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn the_textbook_number_of_pairs() {
        // d = 0.5, alpha 0.05 two-sided, power 0.8: (1.959964 + 0.841621)²/0.25 = 31.4.
        assert_eq!(required_n(0.5, 1.0, &ErrorRates::default(), 0.0, 1.0), Ok(32));
        // Clusters of 11 with an icc of 0.1 double it: 62.8.
        assert_eq!(required_n(0.5, 1.0, &ErrorRates::default(), 0.1, 11.0), Ok(63));
    }

    #[test]
    fn the_mde_is_found_with_the_power_asked_for() {
        let rates = ErrorRates { one_sided: true, ..ErrorRates::default() };
        let clustering = Some(Clustering { n_clusters: 40, icc: 0.3 });
        let effect = minimum_detectable_effect(0.4, 200, &rates, clustering).unwrap();
        assert_eq!(effect.deff, Some(2.2));
        let power = power_for_delta(effect.mde, 0.4, 200, 0.05, true, clustering).unwrap();
        assert!((power - 0.8).abs() < 1e-12);
    }

    #[test]
    fn without_spread_every_difference_is_seen() {
        let effect = minimum_detectable_effect(0.0, 10, &ErrorRates::default(), None).unwrap();
        assert_eq!(effect.mde, 0.0);
        assert_eq!(power_for_delta(0.1, 0.0, 10, 0.05, false, None), Ok(1.0));
        assert_eq!(power_for_delta(0.0, 0.0, 10, 0.05, false, None), Ok(0.05));
        let effect = minimum_detectable_effect(0.5, 1, &ErrorRates::default(), None).unwrap();
        assert_eq!(effect.mde, f64::INFINITY);
    }

    #[test]
    fn arguments_out_of_range_are_named() {
        let rates = ErrorRates::default();
        let name = |result: Result<u64>| result.unwrap_err().argument();
        assert_eq!(name(required_n(0.0, 1.0, &rates, 0.0, 1.0)), "target_delta");
        assert_eq!(name(required_n(0.1, -1.0, &rates, 0.0, 1.0)), "sd_diff");
        assert_eq!(name(required_n(0.1, 1.0, &rates, 2.0, 1.0)), "icc");
        assert_eq!(name(required_n(0.1, 1.0, &rates, 0.0, 0.5)), "mean_cluster_size");
        let bold = ErrorRates { alpha: 1.5, ..rates };
        assert_eq!(name(required_n(0.1, 1.0, &bold, 0.0, 1.0)), "alpha");
        let none = Some(Clustering { n_clusters: 0, icc: 0.1 });
        let error = minimum_detectable_effect(1.0, 5, &rates, none).unwrap_err();
        assert_eq!(error.argument(), "n_clusters");
        let error = power_for_delta(f64::NAN, 1.0, 5, 0.05, true, None).unwrap_err();
        assert_eq!(error.argument(), "delta");
    }

    proptest! {
        #[test]
        fn required_n_is_the_least_that_reaches_the_target(delta in 0.01..1.0f64, sd in 0.01..2.0f64) {
            let rates = ErrorRates::default();
            let n = required_n(delta, sd, &rates, 0.0, 1.0).unwrap();
            prop_assume!(n > 2);
            let mde = |n| minimum_detectable_effect(sd, n, &rates, None).unwrap().mde;
            prop_assert!(mde(n) <= delta * (1.0 + 1e-12) && mde(n - 1) > delta * (1.0 - 1e-12));
        }
    }
}
