//! The figures of a run in a list of runs.

use std::collections::BTreeMap;

use serde::Serialize;

use super::head::Mean;
use crate::compare::{Reducer, run_means};
use crate::error::Result;
use crate::model::LEVEL;
use crate::scorecard::Passing;
use crate::store::Store;

/// The figures of a run.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct RunFigures {
    /// Cases, counting each trial.
    pub cases: u64,
    /// Those with an error.
    pub errored: u64,
    /// Those that pass by [`Passing`], of those with a score.
    pub passed: u64,
    /// The others with a score.
    pub failed: u64,
    /// Mean over the cases with a latency, in milliseconds.
    pub latency_ms: Option<f64>,
    /// Sum over the cases with a cost, in US dollars.
    pub cost_usd: Option<f64>,
    /// Milliseconds since the epoch; `None` if the run has never had an owner.
    pub heartbeat_at: Option<i64>,
    /// By scorer.
    pub means: BTreeMap<String, Mean>,
}

/// Returns the figures of a run. A run that does not exist has the figures of an empty one.
///
/// # Errors
/// If the file cannot be read. Errors name `operation`.
pub fn run_figures(store: &Store, run_id: &str, operation: &str) -> Result<RunFigures> {
    store.at_one_moment(operation, || {
        let totals = store.run_totals(run_id, operation)?;
        let passing = Passing::of_run(store, run_id, operation)?;
        let counts = passing.counts(store, run_id, operation)?;
        let means = run_means(store, run_id, Reducer::default(), LEVEL, operation)?;
        let means = means.into_iter().filter_map(|(name, scores)| {
            let interval = scores.interval.map(|interval| [interval.low, interval.high]);
            Some((name, Mean { mean: scores.mean?, interval, n: scores.n }))
        });
        Ok(RunFigures {
            cases: totals.cases,
            errored: totals.errored,
            passed: counts.passed,
            failed: counts.failed,
            latency_ms: totals.latency_ms,
            cost_usd: totals.cost_usd,
            heartbeat_at: store.get_run_owner(run_id)?.map(|owner| owner.heartbeat_at),
            means: means.collect(),
        })
    })
}
