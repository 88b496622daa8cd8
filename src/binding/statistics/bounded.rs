//! Means of scores with a smallest and a largest possible value.

use napi::bindgen_prelude::Float64ArraySlice;
use napi_derive::napi;

use super::Result;
use super::arguments;
use super::results::Interval;
use crate::stats::{self, Clusters, Limits};

#[napi(namespace = "statistics", catch_unwind)]
pub fn bounded_mean_interval(
    values: Float64ArraySlice<'_>,
    low: f64,
    high: f64,
    alternative: String,
    level: f64,
) -> Result<Interval> {
    let alternative = arguments::alternative(&alternative)?;
    Ok(stats::bounded_mean_interval(&values, Limits { low, high }, alternative, level)?.into())
}

#[napi(namespace = "statistics", catch_unwind)]
pub fn clustered_bounded_mean_interval(
    values: Float64ArraySlice<'_>,
    cluster_ids: Vec<String>,
    low: f64,
    high: f64,
    alternative: String,
    level: f64,
) -> Result<Interval> {
    let alternative = arguments::alternative(&alternative)?;
    let clusters = Clusters::from_names(&cluster_ids);
    let limits = Limits { low, high };
    Ok(stats::clustered_bounded_mean_interval(&values, &clusters, limits, alternative, level)?
        .into())
}
