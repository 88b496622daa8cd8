//! Agreement of raters, and estimates from a judge and a few labels.

use napi::bindgen_prelude::{Float64Array, Float64ArraySlice};
use napi_derive::napi;

use super::Result;
use super::arguments::unknown;
use super::results::{Agreement, PredictedMean};
use crate::stats::{self, Distance, KappaWeights};

#[napi(namespace = "statistics", catch_unwind)]
pub fn rater_agreement(
    one: Float64ArraySlice<'_>,
    other: Float64ArraySlice<'_>,
    level: f64,
) -> Result<Agreement> {
    Ok(stats::rater_agreement(&one, &other, level)?.into())
}

#[napi(namespace = "statistics", catch_unwind)]
pub fn cohens_kappa(
    one: Float64ArraySlice<'_>,
    other: Float64ArraySlice<'_>,
    weights: String,
    level: f64,
) -> Result<Agreement> {
    let weights = KappaWeights::of_name(&weights).ok_or_else(|| unknown("weights", &weights))?;
    Ok(stats::cohens_kappa(&one, &other, weights, level)?.into())
}

#[napi(namespace = "statistics", catch_unwind)]
pub fn krippendorffs_alpha(
    ratings: Vec<Float64Array>,
    distance: String,
    level: f64,
) -> Result<Agreement> {
    let distance = Distance::of_name(&distance).ok_or_else(|| unknown("distance", &distance))?;
    let ratings: Vec<&[f64]> = ratings.iter().map(AsRef::as_ref).collect();
    Ok(stats::krippendorffs_alpha(&ratings, distance, level)?.into())
}

#[napi(namespace = "statistics", catch_unwind)]
pub fn prediction_powered_mean(
    labels: Float64ArraySlice<'_>,
    predictions: Float64ArraySlice<'_>,
    unlabeled: Float64ArraySlice<'_>,
    level: f64,
) -> Result<PredictedMean> {
    Ok(stats::prediction_powered_mean(&labels, &predictions, &unlabeled, level)?.into())
}
