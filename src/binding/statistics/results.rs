//! Results as plain objects; `entries/statistics.d.ts` documents their fields.

use napi_derive::napi;

use crate::stats;

#[napi(object, object_from_js = false)]
pub struct Interval {
    pub low: f64,
    pub high: f64,
    pub level: f64,
}

impl From<stats::Interval> for Interval {
    fn from(interval: stats::Interval) -> Self {
        let stats::Interval { low, high, level } = interval;
        Interval { low, high, level }
    }
}

#[napi(object, object_from_js = false)]
pub struct TTest {
    pub delta: f64,
    pub standard_error: f64,
    pub t: f64,
    pub df: f64,
    pub p_value: f64,
    pub interval: Interval,
}

impl From<stats::TTest> for TTest {
    fn from(test: stats::TTest) -> Self {
        let stats::TTest { delta, standard_error, t, df, p_value, interval } = test;
        TTest { delta, standard_error, t, df, p_value, interval: interval.into() }
    }
}

#[napi(object, object_from_js = false, use_nullable = true)]
pub struct PermutationTest {
    pub delta: f64,
    pub p_value: f64,
    pub n_pairs: f64,
    pub n_clusters: Option<f64>,
    pub exact: bool,
    pub arrangements: f64,
}

impl From<stats::PermutationTest> for PermutationTest {
    fn from(test: stats::PermutationTest) -> Self {
        PermutationTest {
            delta: test.delta,
            p_value: test.p_value,
            n_pairs: test.n_pairs as f64,
            n_clusters: test.n_clusters.map(|clusters| clusters as f64),
            exact: test.exact,
            arrangements: test.arrangements,
        }
    }
}

#[napi(object, object_from_js = false, use_nullable = true)]
pub struct Bootstrap {
    pub delta: f64,
    pub sd: f64,
    pub interval: Interval,
    pub p_value: f64,
    pub n: f64,
    pub n_clusters: Option<f64>,
}

impl From<stats::Bootstrap> for Bootstrap {
    fn from(bootstrap: stats::Bootstrap) -> Self {
        Bootstrap {
            delta: bootstrap.delta,
            sd: bootstrap.sd,
            interval: bootstrap.interval.into(),
            p_value: bootstrap.p_value,
            n: bootstrap.n as f64,
            n_clusters: bootstrap.n_clusters.map(|clusters| clusters as f64),
        }
    }
}

#[napi(object, object_from_js = false)]
pub struct ClusteredStandardError {
    pub mean: f64,
    pub cr0: f64,
    pub cr1: f64,
    pub cr2: f64,
    pub df: f64,
    pub naive: f64,
    pub n: f64,
    pub n_clusters: f64,
    pub effective_clusters: f64,
}

impl From<stats::ClusteredStandardError> for ClusteredStandardError {
    fn from(error: stats::ClusteredStandardError) -> Self {
        ClusteredStandardError {
            mean: error.mean,
            cr0: error.cr0,
            cr1: error.cr1,
            cr2: error.cr2,
            df: error.df,
            naive: error.naive,
            n: error.n as f64,
            n_clusters: error.n_clusters as f64,
            effective_clusters: error.effective_clusters,
        }
    }
}

#[napi(object)]
pub struct PairedCounts {
    pub both: f64,
    pub baseline_only: f64,
    pub candidate_only: f64,
    pub neither: f64,
}

impl From<stats::PairedCounts> for PairedCounts {
    fn from(counts: stats::PairedCounts) -> Self {
        PairedCounts {
            both: counts.both as f64,
            baseline_only: counts.baseline_only as f64,
            candidate_only: counts.candidate_only as f64,
            neither: counts.neither as f64,
        }
    }
}

impl From<PairedCounts> for stats::PairedCounts {
    fn from(counts: PairedCounts) -> Self {
        stats::PairedCounts {
            both: counts.both as u64,
            baseline_only: counts.baseline_only as u64,
            candidate_only: counts.candidate_only as u64,
            neither: counts.neither as u64,
        }
    }
}

#[napi(object, object_from_js = false)]
pub struct MeanInterval {
    pub n: f64,
    pub mean: f64,
    pub sd: f64,
    pub standard_error: f64,
    pub interval: Interval,
}

impl From<stats::MeanInterval> for MeanInterval {
    fn from(found: stats::MeanInterval) -> Self {
        let stats::MeanInterval { n, mean, sd, standard_error, interval } = found;
        MeanInterval { n: n as f64, mean, sd, standard_error, interval: interval.into() }
    }
}

#[napi(object, object_from_js = false)]
pub struct EffectSize {
    pub value: f64,
    pub magnitude: &'static str,
}

impl From<stats::EffectSize> for EffectSize {
    fn from(effect: stats::EffectSize) -> Self {
        EffectSize { value: effect.value, magnitude: effect.magnitude.name() }
    }
}

#[napi(object, object_from_js = false)]
pub struct AdjustedPValues {
    pub p_adjusted: Vec<f64>,
    pub reject: Vec<bool>,
}

impl From<stats::AdjustedPValues> for AdjustedPValues {
    fn from(adjusted: stats::AdjustedPValues) -> Self {
        let stats::AdjustedPValues { p_adjusted, reject } = adjusted;
        AdjustedPValues { p_adjusted, reject }
    }
}

#[napi(object, object_from_js = false, use_nullable = true)]
pub struct DetectableEffect {
    pub mde: f64,
    pub deff: Option<f64>,
}

impl From<stats::DetectableEffect> for DetectableEffect {
    fn from(effect: stats::DetectableEffect) -> Self {
        DetectableEffect { mde: effect.mde, deff: effect.deff }
    }
}

#[napi(object, object_from_js = false)]
pub struct ConfidenceSequence {
    pub n: f64,
    pub delta: f64,
    pub half_width: f64,
    pub interval: Interval,
    pub stopped: bool,
}

impl From<stats::ConfidenceSequence> for ConfidenceSequence {
    fn from(state: stats::ConfidenceSequence) -> Self {
        let stats::ConfidenceSequence { n, delta, half_width, interval, stopped } = state;
        ConfidenceSequence { n: n as f64, delta, half_width, interval: interval.into(), stopped }
    }
}

#[napi(object, object_from_js = false)]
pub struct LinearTrend {
    pub slope: TTest,
    pub intercept: f64,
    pub n: f64,
}

impl From<stats::LinearTrend> for LinearTrend {
    fn from(trend: stats::LinearTrend) -> Self {
        let stats::LinearTrend { slope, intercept, n } = trend;
        LinearTrend { slope: slope.into(), intercept, n: n as f64 }
    }
}

#[napi(object, object_from_js = false)]
pub struct Agreement {
    pub estimate: f64,
    pub standard_error: f64,
    pub interval: Interval,
    pub n: f64,
}

impl From<stats::Agreement> for Agreement {
    fn from(agreement: stats::Agreement) -> Self {
        let stats::Agreement { estimate, standard_error, interval, n } = agreement;
        Agreement { estimate, standard_error, interval: interval.into(), n: n as f64 }
    }
}

#[napi(object, object_from_js = false)]
pub struct PredictedMean {
    pub estimate: f64,
    pub standard_error: f64,
    pub interval: Interval,
    pub lambda: f64,
    pub n_labeled: f64,
    pub n_unlabeled: f64,
}

impl From<stats::PredictedMean> for PredictedMean {
    fn from(mean: stats::PredictedMean) -> Self {
        PredictedMean {
            estimate: mean.estimate,
            standard_error: mean.standard_error,
            interval: mean.interval.into(),
            lambda: mean.lambda,
            n_labeled: mean.n_labeled as f64,
            n_unlabeled: mean.n_unlabeled as f64,
        }
    }
}
