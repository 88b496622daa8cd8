//! What a comparison says, in the shape in which it leaves the core: JSON, in which an open end is `null`.

use serde::Serialize;
use serde_json::value::RawValue;

use super::estimate::Estimate;
use super::method::Method;
use super::missing::{Missing, MissingScores, Scale};
use super::note::Note;
use super::reducer::Reducer;
use super::side::RunReference;
use crate::stats::Interval;

/// How the cases of the runs were paired.
#[derive(Clone, Copy, Debug, Serialize)]
pub struct Pairing {
    /// `key`, `input` or `idx`.
    pub by: &'static str,
    /// Why.
    pub reason: &'static str,
}

/// What is counted for each run.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct OfBoth {
    /// In the baseline.
    pub baseline: usize,
    /// In the candidate.
    pub candidate: usize,
}

/// Which cases could be compared, and which not. All trials of a case are one case.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Coverage {
    /// Cases in both runs.
    pub both: usize,
    /// Cases that the candidate lacks.
    pub only_baseline: usize,
    /// Cases that the baseline lacks.
    pub only_candidate: usize,
    /// Cases with an error in at least one trial.
    pub errored: OfBoth,
    /// Trials with an error.
    pub errored_trials: OfBoth,
    /// Cases without any score.
    pub unscored: OfBoth,
    /// The most trials that a case has.
    pub trials: OfBoth,
}

/// The ends of an interval.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Ends {
    /// The lower end.
    pub low: f64,
    /// The upper end.
    pub high: f64,
}

impl From<Interval> for Ends {
    fn from(interval: Interval) -> Self {
        // In JSON −0 would come back as 0.
        Ends { low: interval.low + 0.0, high: interval.high + 0.0 }
    }
}

/// How large a difference is beside the spread of the differences.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Effect {
    /// Cohen's d of paired scores; `None` for a difference without any spread.
    pub value: Option<f64>,
    /// Its word, after Cohen (1988).
    pub magnitude: &'static str,
}

/// What is missing in each run.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct MissingOfBoth {
    /// In the baseline.
    pub baseline: MissingScores,
    /// In the candidate.
    pub candidate: MissingScores,
}

/// What the difference would be with other scores in place of those that are missing.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Bound {
    /// Mean of candidate − baseline.
    pub delta: f64,
    /// Of the difference, of level 1 − alpha.
    pub interval: Option<Ends>,
    /// Two-sided, of no difference.
    pub p_value: Option<f64>,
    /// Holm's, over all scorers.
    pub p_adjusted: Option<f64>,
}

/// What differs from one run to the next of the same side.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct RunToRun {
    /// Standard deviation of the means of runs, in units of the scores.
    pub sd: f64,
    /// Its degrees of freedom: the runs less one, of each side.
    pub df: f64,
}

/// What became of the scores of one scorer.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct ScorerComparison {
    /// The scorer.
    pub scorer: String,
    /// Whether lower scores are better.
    pub lower_is_better: bool,
    /// Cases that this scorer scored in both runs.
    pub n: usize,
    /// Their clusters, when there are any.
    pub clusters: Option<usize>,
    /// How many clusters of equal size say as much; few, if a few clusters hold most of the cases.
    pub effective_clusters: Option<f64>,
    /// What differs from one run to the next, where a side has several runs; it is part of the interval.
    pub run_to_run: Option<RunToRun>,
    /// Cases that it scored in one run only, among all.
    pub scored_only: OfBoth,
    /// What is missing among the cases that it should have scored in both.
    pub missing: MissingOfBoth,
    /// From the lowest score to the highest: 0 to 1, unless scores lie beyond or the option `range` says otherwise.
    pub scale: Scale,
    /// Mean over the n cases.
    pub baseline_mean: Option<f64>,
    /// Mean over the n cases.
    pub candidate_mean: Option<f64>,
    /// Mean of candidate − baseline.
    pub delta: Option<f64>,
    /// Of the difference, of level 1 − alpha.
    pub interval: Option<Ends>,
    /// Two-sided, of no difference.
    pub p_value: Option<f64>,
    /// Holm's, over all scorers.
    pub p_adjusted: Option<f64>,
    /// Whether `p_adjusted` is below alpha.
    pub significant: bool,
    /// How the figures were made.
    pub method: Option<Method>,
    /// Cohen's d.
    pub effect_size: Option<Effect>,
    /// What as many cases can show.
    pub minimum_detectable_effect: Option<f64>,
    /// Cases that got better.
    pub improved: usize,
    /// Cases that got worse.
    pub regressed: usize,
    /// Cases that did neither.
    pub unchanged: usize,
    /// If missing scores were the worst for the candidate, and the best for the baseline; `None` when none is missing, or
    /// the option `missing` is not `worst`.
    pub worst_case: Option<Bound>,
    /// The opposite.
    pub best_case: Option<Bound>,
    /// Whether each case has the same score in both runs, and none is missing.
    pub equal_scores: bool,
    /// Whether each case has the same outputs as well; `None` when scores differ or outputs are not stored.
    pub equal_outputs: Option<bool>,
    /// What the figures come from.
    #[serde(skip)]
    pub estimate: Option<Estimate>,
    /// Of the loss being at least the margin, one-sided; `None` outside of a gate.
    #[serde(skip)]
    pub p_beyond_margin: Option<f64>,
}

/// A score of one case in both runs, the mean of its trials.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct ScoreDiff {
    /// The scorer.
    pub scorer: String,
    /// `None` when it has none.
    pub baseline: Option<f64>,
    /// `None` when it has none.
    pub candidate: Option<f64>,
    /// candidate − baseline.
    pub delta: Option<f64>,
}

/// What became of one case.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct CaseDiff {
    /// Position in the dataset, of the baseline.
    pub idx: f64,
    /// Its key.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub key: Option<String>,
    /// Id of the case, the first trial's.
    pub baseline_case_id: String,
    /// Id of the case, the first trial's.
    pub candidate_case_id: String,
    /// The largest loss among its scorers, in units of the scores; negative for a gain.
    pub regression: f64,
    /// Its scores.
    pub scores: Vec<ScoreDiff>,
    /// What was asked and answered, on demand.
    #[serde(skip_serializing_if = "Option::is_none", flatten)]
    pub texts: Option<CaseDiffTexts>,
}

/// What was asked and answered.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct CaseDiffTexts {
    /// JSON.
    pub input: Option<Box<RawValue>>,
    /// JSON.
    pub expected: Option<Box<RawValue>>,
    /// The answer in the baseline.
    pub baseline_output: Option<String>,
    /// The answer in the candidate.
    pub candidate_output: Option<String>,
    /// The error in the baseline.
    pub baseline_error: Option<String>,
    /// The error in the candidate.
    pub candidate_error: Option<String>,
}

/// What one run used of something.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Usage {
    /// Cases that say how much.
    pub n: usize,
    /// Over these.
    pub total: f64,
    /// A case.
    pub mean: Option<f64>,
    /// Half of the cases use at most this.
    pub p50: Option<f64>,
    /// 95 of 100 cases use at most this.
    pub p95: Option<f64>,
}

/// What the candidate uses more than the baseline.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct UsageComparison {
    /// All cases of the baseline.
    pub baseline: Usage,
    /// All cases of the candidate.
    pub candidate: Usage,
    /// Cases that say how much in both runs.
    pub n: usize,
    /// Mean of candidate − baseline over these.
    pub delta: Option<f64>,
    /// Of that mean, of level 1 − alpha: Student's t, clustered where cases are.
    pub interval: Option<Ends>,
}

/// What the runs cost.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct UsageReport {
    /// Milliseconds a case.
    pub latency_ms: UsageComparison,
    /// Tokens read by the model.
    pub tokens_in: UsageComparison,
    /// Tokens written by the model.
    pub tokens_out: UsageComparison,
    /// US dollars.
    pub cost_usd: UsageComparison,
}

/// A scorer among the cases that share the value of a field.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Slice {
    /// The value; `None` for cases that have no such field.
    pub value: Option<String>,
    /// The scorer.
    pub scorer: String,
    /// Cases.
    pub n: usize,
    /// Mean over the n cases.
    pub baseline_mean: f64,
    /// Mean over the n cases.
    pub candidate_mean: f64,
    /// Mean of candidate − baseline.
    pub delta: f64,
    /// Of the difference, of level 1 − alpha.
    pub interval: Option<Ends>,
    /// Two-sided, of no difference.
    pub p_value: Option<f64>,
    /// Benjamini and Hochberg's, over all slices and scorers.
    pub p_adjusted: Option<f64>,
    /// Whether `p_adjusted` is below alpha.
    pub significant: bool,
}

/// The comparison of two runs.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Comparison {
    /// What is compared with.
    pub baseline: RunReference,
    /// What is compared.
    pub candidate: RunReference,
    /// All runs of the baseline's side.
    pub baseline_runs: Vec<RunReference>,
    /// All runs of the candidate's side.
    pub candidate_runs: Vec<RunReference>,
    /// Probability of an interval that misses the truth.
    pub alpha: f64,
    /// How several scores became one.
    pub reducer: Reducer,
    /// What counts for a score that is missing.
    pub missing: Missing,
    /// How cases were paired.
    pub pairing: Pairing,
    /// Which cases could be compared.
    pub coverage: Coverage,
    /// By name.
    pub scorers: Vec<ScorerComparison>,
    /// What the runs cost.
    pub usage: UsageReport,
    /// The cases that changed, largest regression first.
    pub diffs: Vec<CaseDiff>,
    /// How many cases changed, listed or not.
    pub changed_cases: usize,
    /// By value and scorer; empty unless asked for.
    pub slices: Vec<Slice>,
    /// What a reader should know.
    pub notes: Vec<Note>,
}
