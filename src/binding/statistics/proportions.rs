//! 0/1 scores, and corrections of p-values.

use napi::bindgen_prelude::Float64ArraySlice;
use napi_derive::napi;

use super::Result;
use super::arguments;
use super::results::{AdjustedPValues, Interval, PairedCounts};
use crate::stats;

#[napi(namespace = "statistics", catch_unwind)]
pub fn paired_counts(
    baseline: Float64ArraySlice<'_>,
    candidate: Float64ArraySlice<'_>,
) -> Result<PairedCounts> {
    Ok(stats::paired_counts(&baseline, &candidate)?.into())
}

#[napi(namespace = "statistics", catch_unwind)]
pub fn mcnemar_exact(counts: PairedCounts, alternative: String) -> Result<f64> {
    Ok(stats::mcnemar_exact(&counts.into(), arguments::alternative(&alternative)?))
}

#[napi(namespace = "statistics", catch_unwind)]
pub fn mcnemar_mid_p(counts: PairedCounts, alternative: String) -> Result<f64> {
    Ok(stats::mcnemar_mid_p(&counts.into(), arguments::alternative(&alternative)?))
}

#[napi(namespace = "statistics", catch_unwind)]
pub fn mcnemar_chi_squared(counts: PairedCounts, alternative: String) -> Result<f64> {
    Ok(stats::mcnemar_chi_squared(&counts.into(), arguments::alternative(&alternative)?))
}

#[napi(namespace = "statistics", catch_unwind)]
pub fn tango_interval(counts: PairedCounts, alternative: String, level: f64) -> Result<Interval> {
    let alternative = arguments::alternative(&alternative)?;
    Ok(stats::tango_interval(&counts.into(), alternative, level)?.into())
}

#[napi(namespace = "statistics", catch_unwind)]
pub fn tango_p_value(counts: PairedCounts, bound: f64, alternative: String) -> Result<f64> {
    let alternative = arguments::alternative(&alternative)?;
    Ok(stats::tango_p_value(&counts.into(), bound, alternative)?)
}

#[napi(namespace = "statistics", catch_unwind)]
pub fn mcnemar_power(n: f64, discordance: f64, delta: f64, alpha: f64) -> Result<f64> {
    Ok(stats::mcnemar_power(n as u64, discordance, delta, alpha)?)
}

#[napi(namespace = "statistics", catch_unwind)]
pub fn mcnemar_required_n(delta: f64, discordance: f64, alpha: f64, power: f64) -> Result<f64> {
    Ok(stats::mcnemar_required_n(delta, discordance, alpha, power)? as f64)
}

#[napi(namespace = "statistics", catch_unwind)]
pub fn newcombe_interval(
    counts: PairedCounts,
    alternative: String,
    level: f64,
) -> Result<Interval> {
    let alternative = arguments::alternative(&alternative)?;
    Ok(stats::newcombe_interval(&counts.into(), alternative, level)?.into())
}

#[napi(namespace = "statistics", catch_unwind)]
pub fn wilson_interval(successes: f64, n: f64, level: f64) -> Result<Interval> {
    Ok(stats::wilson_interval(successes as u64, n as u64, level)?.into())
}

#[napi(namespace = "statistics", catch_unwind)]
pub fn bonferroni(p_values: Float64ArraySlice<'_>, alpha: f64) -> Result<AdjustedPValues> {
    Ok(stats::bonferroni(&p_values, alpha)?.into())
}

#[napi(namespace = "statistics", catch_unwind)]
pub fn holm(p_values: Float64ArraySlice<'_>, alpha: f64) -> Result<AdjustedPValues> {
    Ok(stats::holm(&p_values, alpha)?.into())
}

#[napi(namespace = "statistics", catch_unwind)]
pub fn benjamini_hochberg(p_values: Float64ArraySlice<'_>, alpha: f64) -> Result<AdjustedPValues> {
    Ok(stats::benjamini_hochberg(&p_values, alpha)?.into())
}
