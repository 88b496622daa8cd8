//! The report of a comparison, in the shape of its JSON, where an open end is `null`.

use serde::Serialize;
use serde_json::value::RawValue;

use super::estimate::Estimate;
use super::method::Method;
use super::missing::{Missing, MissingScores, Scale};
use super::note::Note;
use super::reducer::Reducer;
use super::side::{Role, RunReference};
use crate::stats::Interval;

/// How the cases of the runs were paired.
#[derive(Clone, Copy, Debug, Serialize)]
pub struct Pairing {
    /// `key`, `input` or `idx`.
    pub by: &'static str,
    /// Why.
    pub reason: &'static str,
}

/// A value for each run.
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
    /// The largest number of trials of a case.
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
        // JSON would turn −0 into 0.
        Ends { low: interval.low + 0.0, high: interval.high + 0.0 }
    }
}

/// The size of the difference relative to the spread of the differences.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Effect {
    /// Cohen's d of paired scores; `None` for a difference without any spread.
    pub value: Option<f64>,
    /// Its word, after Cohen (1988).
    pub magnitude: &'static str,
}

/// The missing scores of each run.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct MissingOfBoth {
    /// In the baseline.
    pub baseline: MissingScores,
    /// In the candidate.
    pub candidate: MissingScores,
}

/// The difference with assumed scores in place of the missing ones.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Bound {
    /// Mean of candidate − baseline.
    pub delta: f64,
    /// Of the difference, at level 1 − alpha.
    pub interval: Option<Ends>,
    /// Two-sided, of no difference.
    pub p_value: Option<f64>,
    /// Holm's, over all scorers.
    pub p_adjusted: Option<f64>,
}

/// The difference between runs of one side.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct RunToRun {
    /// Standard deviation of the means of runs, in units of the scores.
    pub sd: f64,
    /// Its degrees of freedom: the runs less one, of each side.
    pub df: f64,
}

/// The result for one scorer.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct ScorerComparison {
    /// The scorer.
    pub scorer: String,
    /// Whether lower scores are better.
    pub lower_is_better: bool,
    /// Cases that this scorer scored in both runs.
    pub n: usize,
    /// Their clusters, if there are any.
    pub clusters: Option<usize>,
    /// The number of equally large clusters with the same information; small if a few clusters contain most of the
    /// cases.
    pub effective_clusters: Option<f64>,
    /// The difference between runs of one side, if it has several; it is part of the interval.
    pub run_to_run: Option<RunToRun>,
    /// Cases that it scored in one run only, of all cases.
    pub scored_only: OfBoth,
    /// The missing scores among the cases that it should have scored in both.
    pub missing: MissingOfBoth,
    /// From the lowest to the highest score: 0 to 1, unless scores lie outside or the option `range` is set.
    pub scale: Scale,
    /// Mean over the n cases.
    pub baseline_mean: Option<f64>,
    /// Mean over the n cases.
    pub candidate_mean: Option<f64>,
    /// Mean of candidate − baseline.
    pub delta: Option<f64>,
    /// Of the difference, at level 1 − alpha.
    pub interval: Option<Ends>,
    /// Two-sided, of no difference.
    pub p_value: Option<f64>,
    /// Holm's, over all scorers.
    pub p_adjusted: Option<f64>,
    /// Whether `p_adjusted` is below alpha.
    pub significant: bool,
    /// The method behind the figures.
    pub method: Option<Method>,
    /// Cohen's d.
    pub effect_size: Option<Effect>,
    /// The minimum detectable effect with this number of cases.
    pub minimum_detectable_effect: Option<f64>,
    /// Cases that got better.
    pub improved: usize,
    /// Cases that got worse.
    pub regressed: usize,
    /// Cases that did not change.
    pub unchanged: usize,
    /// The difference if missing scores were the worst for the candidate and the best for the baseline; `None` if none
    /// is missing, or the option `missing` is not `worst`.
    pub worst_case: Option<Bound>,
    /// The opposite.
    pub best_case: Option<Bound>,
    /// Whether each case has the same score in both runs, and none is missing.
    pub equal_scores: bool,
    /// Whether each case has the same outputs as well; `None` if scores differ or outputs are not stored.
    pub equal_outputs: Option<bool>,
    /// The source of the figures.
    #[serde(skip)]
    pub estimate: Option<Estimate>,
    /// Of a loss of at least the margin, one-sided; `None` without a gate.
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

/// The change of one case.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct CaseDiff {
    /// Position in the dataset, of the baseline.
    pub idx: f64,
    /// Its key.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub key: Option<String>,
    /// Id of the case, of its first trial.
    pub baseline_case_id: String,
    /// Id of the case, of its first trial.
    pub candidate_case_id: String,
    /// The largest loss of any scorer, in units of the scores; negative for a gain.
    pub regression: f64,
    /// Its scores.
    pub scores: Vec<ScoreDiff>,
    /// Its texts, on request.
    #[serde(skip_serializing_if = "Option::is_none", flatten)]
    pub texts: Option<CaseDiffTexts>,
}

/// The texts of a case.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct CaseDiffTexts {
    /// JSON.
    pub input: Option<Box<RawValue>>,
    /// JSON.
    pub expected: Option<Box<RawValue>>,
    /// The output in the baseline.
    pub baseline_output: Option<String>,
    /// The output in the candidate.
    pub candidate_output: Option<String>,
    /// The error in the baseline.
    pub baseline_error: Option<String>,
    /// The error in the candidate.
    pub candidate_error: Option<String>,
}

/// The usage of one run, of one kind.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Usage {
    /// Cases with a value.
    pub n: usize,
    /// Sum over these.
    pub total: f64,
    /// Mean over these.
    pub mean: Option<f64>,
    /// Half of the cases use at most this.
    pub p50: Option<f64>,
    /// 95 of 100 cases use at most this.
    pub p95: Option<f64>,
}

/// The usage of the candidate relative to the baseline.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct UsageComparison {
    /// All cases of the baseline.
    pub baseline: Usage,
    /// All cases of the candidate.
    pub candidate: Usage,
    /// Cases with a value in both runs.
    pub n: usize,
    /// Mean of candidate − baseline over these.
    pub delta: Option<f64>,
    /// Of that mean, at level 1 − alpha: Student's t, clustered if cases are.
    pub interval: Option<Ends>,
}

/// The usage of the runs.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct UsageReport {
    /// Milliseconds per case.
    pub latency_ms: UsageComparison,
    /// Input tokens.
    pub tokens_in: UsageComparison,
    /// Output tokens.
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
    /// Of the difference, at level 1 − alpha.
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
    /// The baseline.
    pub baseline: RunReference,
    /// The candidate.
    pub candidate: RunReference,
    /// All runs of the baseline's side.
    pub baseline_runs: Vec<RunReference>,
    /// All runs of the candidate's side.
    pub candidate_runs: Vec<RunReference>,
    /// Probability that an interval misses the true value.
    pub alpha: f64,
    /// The reducer.
    pub reducer: Reducer,
    /// The value of a missing score.
    pub missing: Missing,
    /// How cases were paired.
    pub pairing: Pairing,
    /// Which cases could be compared.
    pub coverage: Coverage,
    /// By name.
    pub scorers: Vec<ScorerComparison>,
    /// The usage of the runs.
    pub usage: UsageReport,
    /// The cases that changed, largest regression first.
    pub diffs: Vec<CaseDiff>,
    /// How many cases changed, listed or not.
    pub changed_cases: usize,
    /// By value and scorer; empty unless requested.
    pub slices: Vec<Slice>,
    /// Remarks for the reader.
    pub notes: Vec<Note>,
}

impl Comparison {
    /// Returns all runs, those of the baseline's side first.
    pub fn runs(&self) -> impl Iterator<Item = (Role, &RunReference)> {
        let of = |role: Role| move |run| (role, run);
        let baselines = self.baseline_runs.iter().map(of(Role::Baseline));
        baselines.chain(self.candidate_runs.iter().map(of(Role::Candidate)))
    }

    /// Whether each side has one run.
    pub fn has_single_runs(&self) -> bool {
        self.runs().count() == 2
    }

    /// Returns the first run of a side that has no cases at all; `None` when both have.
    pub(super) fn empty_side(&self) -> Option<(Role, &RunReference)> {
        let is_empty = |role: Role| {
            self.runs().filter(|(of, _)| *of == role).all(|(_, run)| run.cases == Some(0))
        };
        self.runs().find(|(role, _)| is_empty(*role))
    }
}
