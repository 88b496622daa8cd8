//! Arguments as they come from `statistics.js`, which has checked their types.

use napi_derive::napi;

use super::Result;
use crate::error::{Argument, StoreError};
use crate::stats::{self, Alternative, PermutationMode, Resampling};

/// `options` of functions that use random numbers.
#[napi(object, object_to_js = false)]
#[derive(Clone, Copy)]
pub struct ResamplingOptions {
    pub resamples: f64,
    pub seed: f64,
    pub threads: f64,
}

impl From<ResamplingOptions> for Resampling {
    fn from(options: ResamplingOptions) -> Self {
        Resampling {
            resamples: options.resamples as usize,
            seed: options.seed as u64,
            threads: options.threads as usize,
        }
    }
}

/// `options` of the functions that plan a comparison.
#[napi(object, object_to_js = false)]
#[derive(Clone, Copy)]
pub struct ErrorRates {
    pub alpha: f64,
    pub power: f64,
    pub one_sided: bool,
}

impl From<ErrorRates> for stats::ErrorRates {
    fn from(rates: ErrorRates) -> Self {
        let ErrorRates { alpha, power, one_sided } = rates;
        stats::ErrorRates { alpha, power, one_sided }
    }
}

/// `options` of the sequential functions.
#[napi(object, object_to_js = false)]
pub struct SequenceOptions {
    pub alpha: f64,
    pub rho: f64,
    pub sigma_bound: Option<f64>,
}

impl From<SequenceOptions> for stats::SequenceOptions {
    fn from(options: SequenceOptions) -> Self {
        let SequenceOptions { alpha, rho, sigma_bound } = options;
        stats::SequenceOptions { alpha, rho, sigma_bound }
    }
}

/// The samples of one case.
#[napi(object)]
pub struct Samples {
    pub n: f64,
    pub passed: f64,
}

impl From<&Samples> for stats::Samples {
    fn from(samples: &Samples) -> Self {
        stats::Samples { n: samples.n as u64, passed: samples.passed as u64 }
    }
}

pub(super) fn clustering(n_clusters: Option<f64>, icc: Option<f64>) -> Option<stats::Clustering> {
    let given = n_clusters.zip(icc);
    given.map(|(n_clusters, icc)| stats::Clustering { n_clusters: n_clusters as u64, icc })
}

pub(super) fn alternative(name: &str) -> Result<Alternative> {
    Alternative::of_name(name).ok_or_else(|| unknown("alternative", name).into())
}

pub(super) fn mode(name: &str) -> Result<PermutationMode> {
    PermutationMode::of_name(name).ok_or_else(|| unknown("mode", name).into())
}

pub(super) fn unknown(option: &'static str, name: &str) -> StoreError {
    StoreError::unsuitable(Argument::option(option), format!("must not be {name:?}"))
}
