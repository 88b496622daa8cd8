//! Means of clustered values.

use napi::bindgen_prelude::Float64ArraySlice;
use napi_derive::napi;

use super::Result;
use super::arguments::{self, ResamplingOptions};
use super::results::{Bootstrap, ClusteredStandardError, PermutationTest, TTest};
use crate::stats::{self, Clusters};

#[napi(namespace = "statistics", catch_unwind)]
pub fn clustered_standard_error(
    values: Float64ArraySlice<'_>,
    cluster_ids: Vec<String>,
) -> Result<ClusteredStandardError> {
    let clusters = Clusters::from_names(&cluster_ids);
    Ok(stats::clustered_standard_error(&values, &clusters)?.into())
}

#[napi(namespace = "statistics", catch_unwind)]
pub fn clustered_mean_interval(
    values: Float64ArraySlice<'_>,
    cluster_ids: Vec<String>,
    alternative: String,
    level: f64,
) -> Result<TTest> {
    let alternative = arguments::alternative(&alternative)?;
    let clusters = Clusters::from_names(&cluster_ids);
    Ok(stats::clustered_mean_interval(&values, &clusters, alternative, level)?.into())
}

#[napi(namespace = "statistics", catch_unwind)]
pub fn clustered_t_test(
    baseline: Float64ArraySlice<'_>,
    candidate: Float64ArraySlice<'_>,
    cluster_ids: Vec<String>,
    alternative: String,
    level: f64,
) -> Result<TTest> {
    let alternative = arguments::alternative(&alternative)?;
    let clusters = Clusters::from_names(&cluster_ids);
    Ok(stats::clustered_t_test(&baseline, &candidate, &clusters, alternative, level)?.into())
}

#[napi(namespace = "statistics", catch_unwind)]
pub fn clustered_permutation_test(
    baseline: Float64ArraySlice<'_>,
    candidate: Float64ArraySlice<'_>,
    cluster_ids: Vec<String>,
    alternative: String,
    mode: String,
    resampling: ResamplingOptions,
) -> Result<PermutationTest> {
    let alternative = arguments::alternative(&alternative)?;
    let clusters = Clusters::from_names(&cluster_ids);
    let (mode, resampling) = (arguments::mode(&mode)?, resampling.into());
    Ok(stats::clustered_permutation_test(
        &baseline,
        &candidate,
        &clusters,
        alternative,
        mode,
        &resampling,
    )?
    .into())
}

#[napi(namespace = "statistics", catch_unwind)]
pub fn cluster_bootstrap(
    baseline: Float64ArraySlice<'_>,
    candidate: Float64ArraySlice<'_>,
    cluster_ids: Vec<String>,
    alternative: String,
    level: f64,
    resampling: ResamplingOptions,
) -> Result<Bootstrap> {
    let alternative = arguments::alternative(&alternative)?;
    let clusters = Clusters::from_names(&cluster_ids);
    let resampling = resampling.into();
    Ok(stats::cluster_bootstrap(&baseline, &candidate, &clusters, alternative, level, &resampling)?
        .into())
}

#[napi(namespace = "statistics", catch_unwind)]
pub fn estimate_icc(values: Float64ArraySlice<'_>, cluster_ids: Vec<String>) -> Result<f64> {
    Ok(stats::estimate_icc(&values, &Clusters::from_names(&cluster_ids))?)
}
