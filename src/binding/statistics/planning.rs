//! Sample sizes, and intervals that stay valid while cases arrive.

use napi::bindgen_prelude::Float64ArraySlice;
use napi_derive::napi;

use super::Result;
use super::arguments::{self, ErrorRates, SequenceOptions};
use super::results::{ConfidenceSequence, DetectableEffect};
use crate::stats;

#[napi(namespace = "statistics", catch_unwind)]
pub fn minimum_detectable_effect(
    sd_diff: f64,
    n_pairs: f64,
    rates: ErrorRates,
    n_clusters: Option<f64>,
    icc: Option<f64>,
) -> Result<DetectableEffect> {
    let clustering = arguments::clustering(n_clusters, icc);
    Ok(stats::minimum_detectable_effect(sd_diff, n_pairs as u64, &rates.into(), clustering)?.into())
}

#[napi(namespace = "statistics", catch_unwind)]
pub fn required_n(
    target_delta: f64,
    sd_diff: f64,
    rates: ErrorRates,
    icc: f64,
    mean_cluster_size: f64,
) -> Result<f64> {
    let n = stats::required_n(target_delta, sd_diff, &rates.into(), icc, mean_cluster_size)?;
    Ok(n as f64)
}

#[napi(namespace = "statistics", catch_unwind)]
pub fn power_for_delta(
    delta: f64,
    sd_diff: f64,
    n_pairs: f64,
    alpha: f64,
    one_sided: bool,
    n_clusters: Option<f64>,
    icc: Option<f64>,
) -> Result<f64> {
    let clustering = arguments::clustering(n_clusters, icc);
    Ok(stats::power_for_delta(delta, sd_diff, n_pairs as u64, alpha, one_sided, clustering)?)
}

#[napi(namespace = "statistics", catch_unwind)]
pub fn confidence_sequence(
    differences: Float64ArraySlice<'_>,
    options: SequenceOptions,
) -> Result<ConfidenceSequence> {
    Ok(stats::confidence_sequence(&differences, &options.into())?.into())
}

#[napi(namespace = "statistics", catch_unwind)]
pub fn sequential_gate(
    differences: Float64ArraySlice<'_>,
    alternative: String,
    min_n: f64,
    alpha: f64,
    margin: f64,
    range: Float64ArraySlice<'_>,
) -> Result<ConfidenceSequence> {
    let alternative = arguments::alternative(&alternative)?;
    let range = (range[0], range[1]);
    let options = stats::GateOptions { alpha, alternative, margin, range, min_n: min_n as usize };
    Ok(stats::sequential_gate(&differences, &options)?.into())
}
