//! How small a difference a comparison can see, and how many cases it takes.
//!
//! Of a t test of n differences: with a true mean of delta its statistic follows the noncentral t distribution of shift
//! delta·√(n/deff)/sd and n − 1 degrees of freedom, or G − 1 with G clusters (Cohen 1988, Statistical Power Analysis for
//! the Behavioral Sciences; the design effect deff = 1 + (m − 1)·max(icc, 0) of clusters of m after Kish 1965). For 0/1
//! scores, whose spread changes with the difference, see [`mcnemar_power`](super::mcnemar_power).

use super::check;
use super::distribution::{NoncentralT, normal_quantile, t_quantile};
use super::error::Result;
use super::root::crossing;
use crate::model::{ALPHA, POWER};

/// The errors that a test may make.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct ErrorRates {
    /// The probability of seeing a difference where there is none, between 0 and 1.
    pub alpha: f64,
    /// The probability of seeing a difference that is there, above alpha and below 1.
    pub power: f64,
    /// Whether only differences in one direction count.
    pub one_sided: bool,
}

impl Default for ErrorRates {
    fn default() -> Self {
        ErrorRates { alpha: ALPHA, power: POWER, one_sided: false }
    }
}

impl ErrorRates {
    pub(super) fn check(&self) -> Result<()> {
        self.check_each()?;
        // No difference at all is "seen" with probability alpha.
        check::within("power", self.power, "above alpha", self.power > self.alpha)
    }

    /// Checks each rate by itself.
    pub(super) fn check_each(&self) -> Result<()> {
        check::open_unit("alpha", self.alpha)?;
        check::open_unit("power", self.power)
    }

    /// Returns how many standard errors a difference has to be away from a limit to be told from it, with many cases.
    pub(crate) fn reach(&self) -> f64 {
        normal_quantile(1.0 - tail(self.alpha, self.one_sided)) + normal_quantile(self.power)
    }
}

/// Returns the probability that is left in the tail in which a difference is looked for.
pub(super) fn tail(alpha: f64, one_sided: bool) -> f64 {
    if one_sided { alpha } else { alpha / 2.0 }
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
    pub(super) fn check(&self, n_pairs: u64) -> Result<()> {
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

/// How well pairs measure the mean of their differences.
pub(super) struct Precision {
    /// `None` without clusters.
    pub(super) deff: Option<f64>,
    /// Of the mean, in units of the scores; not a number without pairs.
    pub(super) standard_error: f64,
}

impl Precision {
    /// Checks and combines what is known of the pairs.
    pub(super) fn of(sd_diff: f64, n_pairs: u64, clustering: Option<Clustering>) -> Result<Self> {
        check::not_negative("sd_diff", sd_diff)?;
        clustering.map_or(Ok(()), |clustering| clustering.check(n_pairs))?;
        let deff = clustering.map(|clustering| clustering.design_effect(n_pairs));
        let standard_error = sd_diff * (deff.unwrap_or(1.0) / n_pairs as f64).sqrt();
        Ok(Precision { deff, standard_error })
    }
}

/// Checks what a number of pairs is wanted for, and returns the design effect of their clusters.
pub(super) fn planned_deff(
    target_delta: f64,
    sd_diff: f64,
    icc: f64,
    mean_cluster_size: f64,
) -> Result<f64> {
    check::positive("target_delta", target_delta)?;
    check::not_negative("sd_diff", sd_diff)?;
    check_icc(icc)?;
    let sized = mean_cluster_size.is_finite() && mean_cluster_size >= 1.0;
    check::within("mean_cluster_size", mean_cluster_size, "a finite number of at least 1", sized)?;
    Ok(design_effect(mean_cluster_size, icc))
}

/// The smallest difference that a comparison can be relied on to see.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct DetectableEffect {
    /// The minimum detectable effect, in units of the scores; 0 if the differences have no spread,
    /// +∞ below 2 pairs or clusters.
    pub mde: f64,
    /// The design effect of the clusters; `None` without clusters.
    pub deff: Option<f64>,
}

/// Returns the smallest mean difference that a t test of `n_pairs` pairs shows with the power asked for.
///
/// `sd_diff` is the standard deviation of the differences, in units of the scores.
///
/// # Errors
/// If `sd_diff` is negative or not finite, alpha is not in (0, 1), power is not above alpha and below 1, or the
/// clustering is out of range.
pub fn minimum_detectable_effect(
    sd_diff: f64,
    n_pairs: u64,
    rates: &ErrorRates,
    clustering: Option<Clustering>,
) -> Result<DetectableEffect> {
    rates.check()?;
    let Precision { deff, standard_error } = Precision::of(sd_diff, n_pairs, clustering)?;
    let units = clustering.map_or(n_pairs, |clustering| clustering.n_clusters);
    let mde = if sd_diff == 0.0 {
        0.0
    } else if units < 2 {
        f64::INFINITY
    } else {
        detectable_shift(units as f64 - 1.0, rates) * standard_error
    };
    Ok(DetectableEffect { mde, deff })
}

/// Returns the least number of pairs, at least 2, of which a t test shows a mean difference of `target_delta` with the
/// power asked for.
///
/// `sd_diff` and `target_delta` are in units of the scores; `mean_cluster_size` is m, 1 without clusters. Numbers beyond
/// 2^53 come out as 2^53.
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
    rates.check()?;
    let deff = planned_deff(target_delta, sd_diff, icc, mean_cluster_size)?;
    let shows = |n: u64| {
        let df = n as f64 / mean_cluster_size - 1.0;
        df >= 1.0 && {
            let shift = target_delta * (n as f64 / deff).sqrt() / sd_diff;
            ShiftedT::of(df, rates.alpha, rates.one_sided).power(shift) >= rates.power
        }
    };
    let fewest = (2.0 * mean_cluster_size).ceil() as u64;
    Ok(if sd_diff == 0.0 { fewest } else { least(fewest, shows) })
}

/// The largest number of pairs that is told from its neighbours.
const MOST: u64 = 1 << 53;

/// Returns the least number from `first` on for which `holds`, which is false below it and true above.
pub(super) fn least(first: u64, holds: impl Fn(u64) -> bool) -> u64 {
    let (mut below, mut from) = (first.saturating_sub(1), first);
    while from < MOST && !holds(from) {
        below = from;
        from = (from * 2).min(MOST);
    }
    while from - below > 1 {
        let middle = below + (from - below) / 2;
        if holds(middle) {
            from = middle;
        } else {
            below = middle;
        }
    }
    from
}

/// Returns the probability that a t test at level `alpha` shows a true mean difference of `delta`.
///
/// Two-sided it counts the wrong direction as well, which matters for tiny differences only. Without any spread 1 if
/// delta is not 0, else alpha; with fewer than 2 pairs or clusters 0, since there is no test. `delta` and `sd_diff` are
/// in units of the scores.
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
    check::open_unit("alpha", alpha)?;
    let Precision { standard_error, .. } = Precision::of(sd_diff, n_pairs, clustering)?;
    let units = clustering.map_or(n_pairs, |clustering| clustering.n_clusters);
    if units < 2 {
        return Ok(0.0);
    }
    if sd_diff == 0.0 {
        return Ok(if delta == 0.0 { alpha } else { 1.0 });
    }
    Ok(ShiftedT::of(units as f64 - 1.0, alpha, one_sided).power(delta / standard_error))
}

/// A t test whose statistic is shifted by what there is to find.
struct ShiftedT {
    distribution: NoncentralT,
    critical: f64,
    one_sided: bool,
}

impl ShiftedT {
    fn of(df: f64, alpha: f64, one_sided: bool) -> Self {
        let critical = t_quantile(1.0 - tail(alpha, one_sided), df);
        ShiftedT { distribution: NoncentralT::of(df), critical, one_sided }
    }

    /// Returns the power when the shift is so many standard errors.
    fn power(&self, shift: f64) -> f64 {
        let beyond = |shift: f64| self.distribution.cdf(-self.critical, shift);
        // With so large a shift the wrong direction is shown in less than 1e-12.
        let has_far_tail = !self.one_sided && shift < 7.0;
        // P(T > c) with shift d is P(T < −c) with shift −d, and keeps its precision when it is small.
        beyond(-shift) + if has_far_tail { beyond(shift) } else { 0.0 }
    }
}

/// Returns by how many standard errors a mean has to differ from 0 to be shown with the power asked for.
pub(crate) fn detectable_shift(df: f64, rates: &ErrorRates) -> f64 {
    let test = ShiftedT::of(df, rates.alpha, rates.one_sided);
    let shortfall = |shift| test.power(shift) - rates.power;
    // It is near the normal one, and larger with few degrees of freedom.
    let mut low = 0.99 * rates.reach();
    let mut high = 1.1 * low;
    while shortfall(high) < 0.0 {
        (low, high) = (high, 1.5 * high);
    }
    if shortfall(low) > 0.0 {
        low = 0.0;
    }
    crossing(low, high, shortfall)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn agrees_with_statsmodels() {
        // statsmodels 0.15.0: TTestPower().solve_power(0.5, power=0.8, alpha=0.05) = 33.3671.
        assert_eq!(required_n(0.5, 1.0, &ErrorRates::default(), 0.0, 1.0), Ok(34));
        // TTestPower().power(0.5, 20, 0.05), .power(0.2, 3, 0.05), .power(0.3, 50, 0.05, alternative="larger").
        for (delta, n, one_sided, expected) in [
            (0.5, 20, false, 0.564_504_418_439_020_3),
            (0.2, 3, false, 0.055_541_275_964_785_57),
            (0.3, 50, true, 0.672_573_983_125_232_1),
        ] {
            let power = power_for_delta(delta, 1.0, n, 0.05, one_sided, None).unwrap();
            assert!((power - expected).abs() < 1e-9, "{power} instead of {expected}");
        }
        // TTestPower().solve_power(nobs=10, alpha=0.05, power=0.8).
        let effect = minimum_detectable_effect(1.0, 10, &ErrorRates::default(), None).unwrap();
        assert!((effect.mde - 0.996_001_910_762_417_8).abs() < 1e-6, "{}", effect.mde);
    }

    #[test]
    fn the_mde_is_found_with_the_power_asked_for() {
        let rates = ErrorRates { one_sided: true, ..ErrorRates::default() };
        let clustering = Some(Clustering { n_clusters: 40, icc: 0.3 });
        let effect = minimum_detectable_effect(0.4, 200, &rates, clustering).unwrap();
        assert_eq!(effect.deff, Some(2.2));
        let power = power_for_delta(effect.mde, 0.4, 200, 0.05, true, clustering).unwrap();
        assert!((power - 0.8).abs() < 1e-10);
    }

    #[test]
    fn two_pairs_are_the_least_that_can_show_anything() {
        assert_eq!(required_n(1e6, 1.0, &ErrorRates::default(), 0.0, 1.0), Ok(2));
        // With 2 pairs t has to pass 12.7: ten standard deviations are shown in less than 80 of 100.
        assert_eq!(required_n(10.0, 1.0, &ErrorRates::default(), 0.0, 1.0), Ok(3));
        assert_eq!(power_for_delta(0.1, 1.0, 1, 0.05, false, None), Ok(0.0));
        let effect = minimum_detectable_effect(0.5, 1, &ErrorRates::default(), None).unwrap();
        assert_eq!(effect.mde, f64::INFINITY);
    }

    #[test]
    fn a_power_that_chance_has_is_refused() {
        let rates = ErrorRates { power: 0.01, ..ErrorRates::default() };
        let error = minimum_detectable_effect(1.0, 10, &rates, None).unwrap_err();
        assert_eq!(error.to_string(), "power must be above alpha, but is 0.01");
        assert_eq!(required_n(0.1, 1.0, &rates, 0.0, 1.0).unwrap_err().argument(), "power");
    }

    #[test]
    fn without_spread_every_difference_is_seen() {
        let effect = minimum_detectable_effect(0.0, 10, &ErrorRates::default(), None).unwrap();
        assert_eq!(effect.mde, 0.0);
        assert_eq!(power_for_delta(0.1, 0.0, 10, 0.05, false, None), Ok(1.0));
        assert_eq!(power_for_delta(0.0, 0.0, 10, 0.05, false, None), Ok(0.05));
    }

    #[test]
    fn arguments_out_of_range_are_named() {
        let rates = ErrorRates::default();
        let name = |result: Result<u64>| result.unwrap_err().argument();
        assert_eq!(name(required_n(0.0, 1.0, &rates, 0.0, 1.0)), "target_delta");
        assert_eq!(name(required_n(-0.1, 1.0, &rates, 0.0, 1.0)), "target_delta");
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
        #![proptest_config(ProptestConfig::with_cases(64))]

        #[test]
        fn required_n_is_the_least_that_reaches_the_target(delta in 0.01..1.0f64, sd in 0.01..2.0f64) {
            let rates = ErrorRates::default();
            let n = required_n(delta, sd, &rates, 0.0, 1.0).unwrap();
            prop_assume!(n > 2);
            let mde = |n| minimum_detectable_effect(sd, n, &rates, None).unwrap().mde;
            prop_assert!(mde(n) <= delta * (1.0 + 1e-9) && mde(n - 1) > delta * (1.0 - 1e-9));
        }
    }
}
