//! Estimates from several samples per case.

use napi::bindgen_prelude::Float64ArraySlice;
use napi_derive::napi;

use super::Result;
use super::arguments::Samples;
use crate::stats;

#[napi(namespace = "statistics", catch_unwind)]
pub fn pass_at_k(samples: Samples, k: f64) -> Result<f64> {
    Ok(stats::pass_at_k((&samples).into(), k as u64)?)
}

#[napi(namespace = "statistics", catch_unwind)]
pub fn pass_all_k(samples: Samples, k: f64) -> Result<f64> {
    Ok(stats::pass_all_k((&samples).into(), k as u64)?)
}

#[napi(namespace = "statistics", catch_unwind)]
pub fn mean_pass_at_k(cases: Vec<Samples>, k: f64) -> Result<f64> {
    let cases: Vec<stats::Samples> = cases.iter().map(Into::into).collect();
    Ok(stats::mean_pass_at_k(&cases, k as u64)?)
}

#[napi(namespace = "statistics", catch_unwind)]
pub fn mean_pass_all_k(cases: Vec<Samples>, k: f64) -> Result<f64> {
    let cases: Vec<stats::Samples> = cases.iter().map(Into::into).collect();
    Ok(stats::mean_pass_all_k(&cases, k as u64)?)
}

#[napi(namespace = "statistics", catch_unwind)]
pub fn choose_k_values(n: f64) -> Vec<f64> {
    stats::choose_k_values(n as u64).into_iter().map(|k| k as f64).collect()
}

#[napi(namespace = "statistics", catch_unwind)]
pub fn samples_from_rewards(rewards: Float64ArraySlice<'_>) -> Result<Samples> {
    let stats::Samples { n, passed } = stats::Samples::from_rewards(&rewards)?;
    Ok(Samples { n: n as f64, passed: passed as f64 })
}
