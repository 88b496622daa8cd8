//! The rules of evalsig.

use napi::bindgen_prelude::Float64ArraySlice;
use napi_derive::napi;

use super::Result;
use super::arguments::{self, ErrorRates, ResamplingOptions, SequenceOptions};
use super::results::{ConfidenceSequence, DetectableEffect, EffectSize, Interval, PairedCounts};
use crate::stats::Clusters;
use crate::stats::evalsig::{self, Item, Method};

#[napi(object, object_from_js = false, use_nullable = true)]
pub struct PairedOutcome {
    pub delta: f64,
    pub interval: Interval,
    pub p_value: f64,
    pub sd_diff: f64,
    pub n_pairs: f64,
    pub n_clusters: Option<f64>,
    pub method: &'static str,
}

impl From<evalsig::Paired> for PairedOutcome {
    fn from(outcome: evalsig::Paired) -> Self {
        PairedOutcome {
            delta: outcome.delta,
            interval: outcome.interval.into(),
            p_value: outcome.p_value,
            sd_diff: outcome.sd_diff,
            n_pairs: outcome.n_pairs as f64,
            n_clusters: outcome.n_clusters.map(|clusters| clusters as f64),
            method: outcome.method,
        }
    }
}

#[napi(object, object_from_js = false)]
pub struct McNemarOutcome {
    pub delta: f64,
    pub interval: Interval,
    pub p_value: f64,
    pub counts: PairedCounts,
    pub method: &'static str,
}

impl From<evalsig::McNemar> for McNemarOutcome {
    fn from(outcome: evalsig::McNemar) -> Self {
        let evalsig::McNemar { delta, interval, p_value, counts, method } = outcome;
        McNemarOutcome { delta, interval: interval.into(), p_value, counts: counts.into(), method }
    }
}

#[napi(object, object_from_js = false)]
pub struct UnpairedOutcome {
    pub delta: f64,
    pub interval: Interval,
    pub p_value: f64,
    pub n_baseline: f64,
    pub n_candidate: f64,
    pub method: &'static str,
}

impl From<evalsig::Unpaired> for UnpairedOutcome {
    fn from(outcome: evalsig::Unpaired) -> Self {
        UnpairedOutcome {
            delta: outcome.delta,
            interval: outcome.interval.into(),
            p_value: outcome.p_value,
            n_baseline: outcome.n_baseline as f64,
            n_candidate: outcome.n_candidate as f64,
            method: outcome.method,
        }
    }
}

#[napi(object, object_from_js = false, use_nullable = true)]
pub struct Comparison {
    pub delta: f64,
    pub interval: Interval,
    pub p_value: f64,
    pub significant: bool,
    pub n_pairs: f64,
    pub n_clusters: Option<f64>,
    pub method: &'static str,
    pub mde: f64,
    pub notes: Vec<String>,
}

impl From<evalsig::Comparison> for Comparison {
    fn from(comparison: evalsig::Comparison) -> Self {
        Comparison {
            delta: comparison.delta,
            interval: comparison.interval.into(),
            p_value: comparison.p_value,
            significant: comparison.significant,
            n_pairs: comparison.n_pairs as f64,
            n_clusters: comparison.n_clusters.map(|clusters| clusters as f64),
            method: comparison.method,
            mde: comparison.mde,
            notes: comparison.notes,
        }
    }
}

#[napi(object, object_from_js = false, use_nullable = true)]
pub struct GateReport {
    pub verdict: &'static str,
    pub comparison: Comparison,
    pub suggestion: Option<String>,
}

impl From<evalsig::GateReport> for GateReport {
    fn from(report: evalsig::GateReport) -> Self {
        GateReport {
            verdict: report.verdict.name(),
            comparison: report.comparison.into(),
            suggestion: report.suggestion,
        }
    }
}

/// The rows of a run, by column.
#[napi(object, object_to_js = false)]
pub struct Items {
    pub ids: Vec<String>,
    pub scores: Vec<f64>,
    pub clusters: Vec<Option<String>>,
    pub epochs: Vec<f64>,
}

impl Items {
    fn rows(&self) -> Vec<Item<'_>> {
        let columns = self.ids.iter().zip(&self.scores).zip(&self.clusters).zip(&self.epochs);
        columns
            .map(|(((item_id, score), cluster_id), epoch)| Item {
                item_id,
                score: *score,
                cluster_id: cluster_id.as_deref(),
                epoch: *epoch as i64,
            })
            .collect()
    }
}

/// `options` of `compare` and `gate`.
#[napi(object, object_to_js = false)]
pub struct CompareOptions {
    pub method: String,
    pub cluster: Option<String>,
    pub rates: ErrorRates,
    pub resampling: ResamplingOptions,
}

impl CompareOptions {
    fn core(&self) -> Result<evalsig::CompareOptions<'_>> {
        let method = Method::of_name(&self.method);
        Ok(evalsig::CompareOptions {
            method: method.ok_or_else(|| arguments::unknown("method", &self.method))?,
            cluster: self.cluster.as_deref(),
            rates: self.rates.into(),
            resampling: self.resampling.into(),
        })
    }
}

#[napi(namespace = "evalsig", js_name = "pairedTTest", catch_unwind)]
pub fn evalsig_paired_t_test(
    baseline: Float64ArraySlice<'_>,
    candidate: Float64ArraySlice<'_>,
    alternative: String,
    level: f64,
) -> Result<PairedOutcome> {
    let alternative = arguments::alternative(&alternative)?;
    Ok(evalsig::paired_t_test(&baseline, &candidate, alternative, level)?.into())
}

#[napi(namespace = "evalsig", js_name = "mcnemarTest", catch_unwind)]
pub fn evalsig_mcnemar_test(
    baseline: Float64ArraySlice<'_>,
    candidate: Float64ArraySlice<'_>,
    alternative: String,
    level: f64,
    exact_threshold: f64,
) -> Result<McNemarOutcome> {
    let alternative = arguments::alternative(&alternative)?;
    let threshold = exact_threshold as u64;
    Ok(evalsig::mcnemar_test(&baseline, &candidate, alternative, level, threshold)?.into())
}

#[napi(namespace = "evalsig", js_name = "pairedPermutationTest", catch_unwind)]
pub fn evalsig_paired_permutation_test(
    baseline: Float64ArraySlice<'_>,
    candidate: Float64ArraySlice<'_>,
    alternative: String,
    level: f64,
    resampling: ResamplingOptions,
) -> Result<PairedOutcome> {
    let alternative = arguments::alternative(&alternative)?;
    let resampling = resampling.into();
    Ok(evalsig::paired_permutation_test(&baseline, &candidate, alternative, level, &resampling)?
        .into())
}

#[napi(namespace = "evalsig", js_name = "pairedBootstrapCi", catch_unwind)]
pub fn evalsig_paired_bootstrap_ci(
    baseline: Float64ArraySlice<'_>,
    candidate: Float64ArraySlice<'_>,
    alternative: String,
    level: f64,
    resampling: ResamplingOptions,
) -> Result<PairedOutcome> {
    let alternative = arguments::alternative(&alternative)?;
    let resampling = resampling.into();
    Ok(evalsig::paired_bootstrap_ci(&baseline, &candidate, alternative, level, &resampling)?.into())
}

#[napi(namespace = "evalsig", js_name = "clusterBootstrapCi", catch_unwind)]
pub fn evalsig_cluster_bootstrap_ci(
    baseline: Float64ArraySlice<'_>,
    candidate: Float64ArraySlice<'_>,
    cluster_ids: Vec<String>,
    alternative: String,
    level: f64,
    resampling: ResamplingOptions,
) -> Result<PairedOutcome> {
    let alternative = arguments::alternative(&alternative)?;
    let (clusters, resampling) = (Clusters::from_names(&cluster_ids), resampling.into());
    Ok(evalsig::cluster_bootstrap_ci(
        &baseline,
        &candidate,
        &clusters,
        alternative,
        level,
        &resampling,
    )?
    .into())
}

#[napi(namespace = "evalsig", js_name = "unpairedBootstrap", catch_unwind)]
pub fn evalsig_unpaired_bootstrap(
    baseline: Float64ArraySlice<'_>,
    candidate: Float64ArraySlice<'_>,
    alternative: String,
    level: f64,
    resampling: ResamplingOptions,
) -> Result<UnpairedOutcome> {
    let alternative = arguments::alternative(&alternative)?;
    let resampling = resampling.into();
    Ok(evalsig::unpaired_bootstrap(&baseline, &candidate, alternative, level, &resampling)?.into())
}

#[napi(namespace = "evalsig", js_name = "unpairedPermutation", catch_unwind)]
pub fn evalsig_unpaired_permutation(
    baseline: Float64ArraySlice<'_>,
    candidate: Float64ArraySlice<'_>,
    alternative: String,
    level: f64,
    resampling: ResamplingOptions,
) -> Result<UnpairedOutcome> {
    let alternative = arguments::alternative(&alternative)?;
    let resampling = resampling.into();
    Ok(evalsig::unpaired_permutation(&baseline, &candidate, alternative, level, &resampling)?
        .into())
}

#[napi(namespace = "evalsig", js_name = "estimateIcc", catch_unwind)]
pub fn evalsig_estimate_icc(
    values: Float64ArraySlice<'_>,
    cluster_ids: Vec<String>,
) -> Result<f64> {
    Ok(evalsig::estimate_icc(&values, &Clusters::from_names(&cluster_ids))?)
}

#[napi(namespace = "evalsig", js_name = "mde", catch_unwind)]
pub fn evalsig_mde(
    sd_diff: f64,
    n_pairs: f64,
    rates: ErrorRates,
    n_clusters: Option<f64>,
    icc: Option<f64>,
) -> Result<DetectableEffect> {
    let n_clusters = n_clusters.map(|clusters| clusters as u64);
    Ok(evalsig::mde(sd_diff, n_pairs as u64, &rates.into(), n_clusters, icc)?.into())
}

#[napi(namespace = "evalsig", js_name = "requiredN", catch_unwind)]
pub fn evalsig_required_n(
    target_delta: f64,
    sd_diff: f64,
    rates: ErrorRates,
    icc: f64,
    mean_cluster_size: f64,
) -> Result<f64> {
    let n = evalsig::required_n(target_delta, sd_diff, &rates.into(), icc, mean_cluster_size)?;
    Ok(n as f64)
}

#[napi(namespace = "evalsig", js_name = "powerForDelta", catch_unwind)]
pub fn evalsig_power_for_delta(
    delta: f64,
    sd_diff: f64,
    n_pairs: f64,
    alpha: f64,
    one_sided: bool,
    n_clusters: Option<f64>,
    icc: Option<f64>,
) -> Result<f64> {
    let clustering = arguments::clustering(n_clusters, icc);
    Ok(evalsig::power_for_delta(delta, sd_diff, n_pairs as u64, alpha, one_sided, clustering)?)
}

#[napi(namespace = "evalsig", js_name = "cohensD", catch_unwind)]
pub fn evalsig_cohens_d(
    baseline: Float64ArraySlice<'_>,
    candidate: Float64ArraySlice<'_>,
) -> Result<EffectSize> {
    Ok(evalsig::cohens_d(&baseline, &candidate)?.into())
}

#[napi(namespace = "evalsig", js_name = "cohensDPaired", catch_unwind)]
pub fn evalsig_cohens_d_paired(
    baseline: Float64ArraySlice<'_>,
    candidate: Float64ArraySlice<'_>,
) -> Result<EffectSize> {
    Ok(evalsig::cohens_d_paired(&baseline, &candidate)?.into())
}

#[napi(namespace = "evalsig", js_name = "confidenceSequence", catch_unwind)]
pub fn evalsig_confidence_sequence(
    differences: Float64ArraySlice<'_>,
    options: SequenceOptions,
) -> Result<ConfidenceSequence> {
    Ok(evalsig::confidence_sequence(&differences, &options.into())?.into())
}

#[napi(namespace = "evalsig", js_name = "sequentialGate", catch_unwind)]
pub fn evalsig_sequential_gate(
    differences: Float64ArraySlice<'_>,
    alternative: String,
    min_n: f64,
    options: SequenceOptions,
) -> Result<ConfidenceSequence> {
    let alternative = arguments::alternative(&alternative)?;
    Ok(evalsig::sequential_gate(&differences, alternative, min_n as usize, &options.into())?.into())
}

#[napi(namespace = "evalsig", js_name = "compare", catch_unwind)]
pub fn evalsig_compare(
    baseline: Items,
    candidate: Items,
    options: CompareOptions,
) -> Result<Comparison> {
    Ok(evalsig::compare(&baseline.rows(), &candidate.rows(), &options.core()?)?.into())
}

#[napi(namespace = "evalsig", js_name = "gate", catch_unwind)]
pub fn evalsig_gate(
    baseline: Items,
    candidate: Items,
    min_delta: f64,
    options: CompareOptions,
) -> Result<GateReport> {
    let (baseline, candidate) = (baseline.rows(), candidate.rows());
    Ok(evalsig::gate(&baseline, &candidate, min_delta, &options.core()?)?.into())
}
