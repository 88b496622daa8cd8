//! Tests and intervals of means, and effect sizes.

use napi::bindgen_prelude::Float64ArraySlice;
use napi_derive::napi;

use super::Result;
use super::arguments::{self, ResamplingOptions};
use super::results::{Bootstrap, EffectSize, LinearTrend, MeanInterval, PermutationTest, TTest};
use crate::stats;

#[napi(namespace = "statistics", catch_unwind)]
pub fn paired_t_test(
    baseline: Float64ArraySlice<'_>,
    candidate: Float64ArraySlice<'_>,
    alternative: String,
    level: f64,
) -> Result<TTest> {
    let alternative = arguments::alternative(&alternative)?;
    Ok(stats::paired_t_test(&baseline, &candidate, alternative, level)?.into())
}

#[napi(namespace = "statistics", catch_unwind)]
pub fn unpaired_t_test(
    baseline: Float64ArraySlice<'_>,
    candidate: Float64ArraySlice<'_>,
    alternative: String,
    level: f64,
) -> Result<TTest> {
    let alternative = arguments::alternative(&alternative)?;
    Ok(stats::unpaired_t_test(&baseline, &candidate, alternative, level)?.into())
}

#[napi(namespace = "statistics", catch_unwind)]
pub fn paired_permutation_test(
    baseline: Float64ArraySlice<'_>,
    candidate: Float64ArraySlice<'_>,
    alternative: String,
    mode: String,
    resampling: ResamplingOptions,
) -> Result<PermutationTest> {
    let alternative = arguments::alternative(&alternative)?;
    let mode = arguments::mode(&mode)?;
    Ok(stats::paired_permutation_test(
        &baseline,
        &candidate,
        alternative,
        mode,
        &resampling.into(),
    )?
    .into())
}

#[napi(namespace = "statistics", catch_unwind)]
pub fn unpaired_permutation_test(
    baseline: Float64ArraySlice<'_>,
    candidate: Float64ArraySlice<'_>,
    alternative: String,
    resampling: ResamplingOptions,
) -> Result<PermutationTest> {
    let alternative = arguments::alternative(&alternative)?;
    Ok(stats::unpaired_permutation_test(&baseline, &candidate, alternative, &resampling.into())?
        .into())
}

#[napi(namespace = "statistics", catch_unwind)]
pub fn bootstrap_mean(
    values: Float64ArraySlice<'_>,
    alternative: String,
    level: f64,
    resampling: ResamplingOptions,
) -> Result<Bootstrap> {
    let alternative = arguments::alternative(&alternative)?;
    Ok(stats::bootstrap_mean(&values, alternative, level, &resampling.into())?.into())
}

#[napi(namespace = "statistics", catch_unwind)]
pub fn paired_bootstrap(
    baseline: Float64ArraySlice<'_>,
    candidate: Float64ArraySlice<'_>,
    alternative: String,
    level: f64,
    resampling: ResamplingOptions,
) -> Result<Bootstrap> {
    let alternative = arguments::alternative(&alternative)?;
    Ok(stats::paired_bootstrap(&baseline, &candidate, alternative, level, &resampling.into())?
        .into())
}

#[napi(namespace = "statistics", catch_unwind)]
pub fn unpaired_bootstrap(
    baseline: Float64ArraySlice<'_>,
    candidate: Float64ArraySlice<'_>,
    alternative: String,
    level: f64,
    resampling: ResamplingOptions,
) -> Result<Bootstrap> {
    let alternative = arguments::alternative(&alternative)?;
    Ok(stats::unpaired_bootstrap(&baseline, &candidate, alternative, level, &resampling.into())?
        .into())
}

#[napi(namespace = "statistics", catch_unwind)]
pub fn mean_interval(values: Float64ArraySlice<'_>, level: f64) -> Result<MeanInterval> {
    Ok(stats::mean_interval(&values, level)?.into())
}

#[napi(namespace = "statistics", catch_unwind)]
pub fn linear_trend(
    x: Float64ArraySlice<'_>,
    y: Float64ArraySlice<'_>,
    level: f64,
) -> Result<LinearTrend> {
    Ok(stats::linear_trend(&x, &y, level)?.into())
}

#[napi(namespace = "statistics", catch_unwind)]
pub fn cohens_d(
    baseline: Float64ArraySlice<'_>,
    candidate: Float64ArraySlice<'_>,
) -> Result<EffectSize> {
    Ok(stats::cohens_d(&baseline, &candidate)?.into())
}

#[napi(namespace = "statistics", catch_unwind)]
pub fn cohens_d_paired(
    baseline: Float64ArraySlice<'_>,
    candidate: Float64ArraySlice<'_>,
) -> Result<EffectSize> {
    Ok(stats::cohens_d_paired(&baseline, &candidate)?.into())
}

#[napi(namespace = "statistics", catch_unwind)]
pub fn cliffs_delta(
    baseline: Float64ArraySlice<'_>,
    candidate: Float64ArraySlice<'_>,
) -> Result<EffectSize> {
    Ok(stats::cliffs_delta(&baseline, &candidate)?.into())
}
