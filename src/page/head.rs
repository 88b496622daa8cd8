//! The parts of a page other than its cases.

use std::collections::{BTreeMap, HashMap};

use serde::Serialize;

use crate::compare::words::{self, Face};
use crate::compare::{
    GateReport, HistoryOptions, HistoryRow, Method, Reason, ScorerComparison, ScorerMean,
    ScorerVerdict, history,
};
use crate::error::Result;
use crate::model::{Decision, Run, VerdictFilter, WorkingTree};
use crate::scorecard::{Grade, RunScorecard, scorecard_by_thresholds, words as words_of_card};
use crate::store::{RunTotals, Store};

/// A suite.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct SuiteName {
    /// Its id.
    pub id: String,
    /// Its name.
    pub name: String,
}

/// A run with its model, counts and costs.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct PageRun {
    /// Its id.
    pub id: String,
    /// Its name.
    pub name: String,
    /// Its model.
    pub model: String,
    /// `running`, `completed` or `failed`.
    pub status: String,
    /// Milliseconds since the epoch.
    pub started_at: f64,
    /// Milliseconds since the epoch; `None` while running.
    pub finished_at: Option<f64>,
    /// Cases, counting each trial.
    pub cases: u64,
    /// Cases with an error, counting each trial; `None` until they are read.
    pub errored: Option<u64>,
    /// Its tags.
    pub tags: Vec<String>,
    /// The evaluated commit.
    pub commit: Option<String>,
    /// Its branch.
    pub branch: Option<String>,
    /// Mean over the cases with a latency, in milliseconds.
    pub latency_ms: Option<f64>,
    /// Sum over the cases with a cost, in US dollars.
    pub cost_usd: Option<f64>,
    /// Input tokens, over the cases that have them.
    pub tokens_in: Option<f64>,
    /// Output tokens, over the cases that have them.
    pub tokens_out: Option<f64>,
}

impl PageRun {
    pub(super) fn read(store: &Store, run: &Run, operation: &str) -> Result<Self> {
        let totals = store.run_totals(&run.id, operation)?;
        let errored = Some(totals.errored);
        Ok(PageRun { errored, ..PageRun::of(run, &totals) })
    }

    /// Returns a run of which nothing but the number of its cases was read.
    pub(super) fn unread(run: &Run, cases: u64) -> Self {
        PageRun::of(run, &RunTotals { cases, ..RunTotals::default() })
    }

    fn of(run: &Run, totals: &RunTotals) -> Self {
        let tree = run.more.git.as_ref().and_then(|git| crate::json::read(git.get()).ok());
        let WorkingTree { commit, branch, .. } = tree.unwrap_or_default();
        let tags = run.tags.as_ref().and_then(|tags| crate::json::read(tags.get()).ok());
        PageRun {
            id: run.id.clone(),
            name: run.name.clone(),
            model: run.model.clone(),
            status: run.status.clone(),
            started_at: run.started_at,
            finished_at: run.finished_at,
            cases: totals.cases,
            errored: None,
            tags: tags.unwrap_or_default(),
            commit,
            branch,
            latency_ms: totals.latency_ms,
            cost_usd: totals.cost_usd,
            tokens_in: totals.tokens_in,
            tokens_out: totals.tokens_out,
        }
    }
}

/// The result of the gate.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct PageVerdict {
    /// The verdict.
    pub decision: Decision,
    /// The reasons; the deciding ones come first.
    pub reasons: Vec<PageReason>,
    /// Probability that an interval misses the true value.
    pub alpha: f64,
}

impl From<&GateReport> for PageVerdict {
    fn from(report: &GateReport) -> Self {
        PageVerdict {
            decision: report.decision,
            reasons: report.reasons.iter().map(PageReason::from).collect(),
            alpha: report.alpha,
        }
    }
}

/// A reason of the verdict in words.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct PageReason {
    /// `None` for the runs as a whole.
    pub scorer: Option<String>,
    /// What was found.
    pub finding: String,
    /// What it rests on and what to do about it; often empty.
    pub advice: String,
}

impl From<&Reason> for PageReason {
    fn from(reason: &Reason) -> Self {
        PageReason {
            scorer: reason.scorer.clone(),
            finding: words::finding(reason, Face::Command),
            advice: words::advice(reason, Face::Command).collect::<Vec<_>>().join("; "),
        }
    }
}

/// The verdict by the thresholds of the suite.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct PageScorecard {
    /// The verdict.
    pub verdict: Grade,
    /// Why, in sentences.
    pub reasons: Vec<String>,
}

impl PageScorecard {
    /// Returns the scorecard of a run; `None` if its suite has no thresholds.
    pub(super) fn read(store: &Store, run: &Run, operation: &str) -> Result<Option<Self>> {
        let found = scorecard_by_thresholds(store, &run.id, operation)?;
        Ok(found.map(|RunScorecard { card, .. }| PageScorecard {
            verdict: card.verdict,
            reasons: match card.reasons.is_empty() {
                true => vec!["all thresholds are met".to_owned()],
                false => card.reasons.iter().map(words_of_card::reason).collect(),
            },
        }))
    }
}

/// A scorer of one or both runs.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct PageScorer {
    /// Its name.
    pub name: String,
    /// Whether lower scores are better.
    pub lower_is_better: bool,
    /// Cases that were scored in both runs; on a page of one run, cases that were scored.
    pub n: usize,
    /// Over the n cases; `None` on a page of one run.
    pub baseline_mean: Option<f64>,
    /// Over the n cases.
    pub candidate_mean: Option<f64>,
    /// Mean of candidate − baseline.
    pub delta: Option<f64>,
    /// Of the difference; of the mean, on a page of one run.
    pub interval: Option<[f64; 2]>,
    /// Of the interval.
    pub level: f64,
    /// Holm's, over all scorers.
    pub p_value: Option<f64>,
    /// The smallest difference that this number of cases can show.
    pub detectable: Option<f64>,
    /// The acceptable loss; `None` if the gate ignores the scorer.
    pub margin: Option<f64>,
    /// The verdict on this scorer alone.
    pub decision: Option<Decision>,
    /// Cases that got better.
    pub improved: usize,
    /// Cases that got worse.
    pub regressed: usize,
    /// Cases that did not change.
    pub unchanged: usize,
    /// The methods behind the figures.
    pub method: Option<Method>,
}

impl PageScorer {
    pub(super) fn of_pair(
        scorer: &ScorerComparison,
        verdict: Option<&ScorerVerdict>,
        alpha: f64,
    ) -> Self {
        PageScorer {
            name: scorer.scorer.clone(),
            lower_is_better: scorer.lower_is_better,
            n: scorer.n,
            baseline_mean: scorer.baseline_mean,
            candidate_mean: scorer.candidate_mean,
            delta: scorer.delta,
            interval: scorer.interval.map(|ends| [ends.low, ends.high]),
            level: 1.0 - alpha,
            p_value: scorer.p_adjusted,
            detectable: scorer.minimum_detectable_effect,
            margin: verdict.map(|verdict| verdict.margin),
            decision: verdict.map(|verdict| verdict.decision),
            improved: scorer.improved,
            regressed: scorer.regressed,
            unchanged: scorer.unchanged,
            method: scorer.method,
        }
    }

    pub(super) fn of_run(name: &str, mean: &ScorerMean, lower_is_better: bool, level: f64) -> Self {
        PageScorer {
            name: name.to_owned(),
            lower_is_better,
            n: mean.n,
            baseline_mean: None,
            candidate_mean: mean.mean,
            delta: None,
            interval: mean.interval.map(|interval| [interval.low, interval.high]),
            level,
            p_value: None,
            detectable: None,
            margin: None,
            decision: None,
            improved: 0,
            regressed: 0,
            unchanged: 0,
            method: None,
        }
    }
}

/// A mean with its interval.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Mean {
    /// Over the n cases.
    pub mean: f64,
    /// Of the mean; `None` if there are too few cases.
    pub interval: Option<[f64; 2]>,
    /// Cases.
    pub n: usize,
}

/// An earlier run of the suite.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct PastRun {
    /// Its id.
    pub run_id: String,
    /// Its name.
    pub name: String,
    /// Its model.
    pub model: String,
    /// Milliseconds since the epoch.
    pub started_at: f64,
    /// The latest recorded verdict of a gate on it, if any.
    pub decision: Option<Decision>,
    /// By scorer.
    pub means: BTreeMap<String, Mean>,
}

/// Returns the last completed runs of a suite, oldest first.
pub(super) fn past_runs(store: &Store, suite_id: &str, limit: u32) -> Result<Vec<PastRun>> {
    if limit == 0 {
        return Ok(vec![]);
    }
    let rows = history(store, suite_id, &HistoryOptions { limit, ..HistoryOptions::default() })?;
    let filter = VerdictFilter { suite_id: Some(suite_id), ..VerdictFilter::default() };
    // Newest first: of several verdicts on one run, the last one inserted is the latest.
    let verdicts = store.list_verdicts(&filter)?.into_iter().rev();
    let decisions: HashMap<String, Decision> =
        verdicts.map(|verdict| (verdict.candidate_run_id, verdict.decision)).collect();
    let mut runs: Vec<PastRun> = vec![];
    for row in rows {
        if runs.last().is_none_or(|run| run.run_id != row.run_id) {
            runs.push(past_run(&row, decisions.get(&row.run_id).copied()));
        }
        let (Some(run), Some(mean)) = (runs.last_mut(), row.mean) else { continue };
        let interval = row.low.zip(row.high).map(|(low, high)| [low, high]);
        run.means.insert(row.scorer_name, Mean { mean, interval, n: row.n });
    }
    Ok(runs)
}

fn past_run(row: &HistoryRow, decision: Option<Decision>) -> PastRun {
    PastRun {
        run_id: row.run_id.clone(),
        name: row.name.clone(),
        model: row.model.clone(),
        started_at: row.started_at,
        decision,
        means: BTreeMap::new(),
    }
}
