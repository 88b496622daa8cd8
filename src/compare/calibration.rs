//! How much equal runs differ: the same model, prompts and cases, run again.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use super::cases::{Cases, PairedCase};
use super::content::Content;
use super::estimate::fault;
use super::matching::{Matching, Sample};
use super::options::{ComparisonOptions, PairBy, in_open_unit, refused};
use super::paired_scores::mean;
use super::reducer::Reducer;
use super::scored_run::has_keys;
use super::side::RunReference;
use crate::error::{Argument, Code, Result, StoreError};
use crate::model::{ALPHA, Run};
use crate::stats::{self, RunVariation};
use crate::store::{CasesToRead, Store};

const OPERATION: &str = "calibrate";
/// Default number of runs of a calibration.
pub const CALIBRATION_RUNS: u32 = 10;
/// Minimum number of runs of a calibration.
pub const MIN_CALIBRATION_RUNS: u32 = 2;

/// Selects the runs that should be equal.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
pub struct CalibrationOptions {
    /// The runs, named as in [`compare`](super::compare); if empty, the last completed ones.
    pub runs: Vec<String>,
    /// The model whose last completed runs are used; may be `None` if all of these have the same model.
    pub model: Option<String>,
    /// The maximum number of runs; at least 2.
    pub last: u32,
    /// Probability that two equal runs are farther apart than the smallest meaningful difference.
    pub alpha: f64,
    /// How several scores of a scorer on one trial, and the trials of a case, become one score.
    pub reducer: Reducer,
}

impl Default for CalibrationOptions {
    fn default() -> Self {
        CalibrationOptions {
            runs: vec![],
            model: None,
            last: CALIBRATION_RUNS,
            alpha: ALPHA,
            reducer: Reducer::Mean,
        }
    }
}

/// How much equal runs differ in the mean of one scorer, in units of its scores.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct ScorerCalibration {
    /// The scorer.
    pub scorer: String,
    /// Cases that it scored in every run.
    pub cases: usize,
    /// Mean over runs and cases; `None` without cases.
    pub mean: Option<f64>,
    /// Of each run, in order.
    pub run_means: Vec<f64>,
    /// Standard deviation of the means of runs; `None` with fewer than two cases, as are the figures below.
    pub sd: Option<f64>,
    /// The standard deviation that independent answers would have.
    pub sd_of_answers: Option<f64>,
    /// p-value of the hypothesis that the answers of a run are independent: a small one means that whole runs drift.
    pub p_drift: Option<f64>,
    /// The mean absolute difference between the means of two equal runs.
    pub expected_difference: Option<f64>,
    /// The smallest difference between the means of two new runs that only alpha of equal runs exceed.
    pub smallest_difference: Option<f64>,
}

/// How much equal runs differ.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Calibration {
    /// The suite.
    pub suite_id: String,
    /// The model of all runs; `None` if runs were named and have several.
    pub model: Option<String>,
    /// Probability that two equal runs are farther apart than `smallest_difference`.
    pub alpha: f64,
    /// Oldest first.
    pub runs: Vec<RunReference>,
    /// By name.
    pub scorers: Vec<ScorerCalibration>,
}

/// Estimates how much equal runs of a suite differ.
///
/// ```
/// use runstore::compare::{CalibrationOptions, calibrate};
/// use runstore::db::OpenOptions;
///
/// let store = runstore::Store::open(":memory:", &OpenOptions::default())?;
/// let suite = store.create_suite("capitals")?;
/// // There are no two runs to compare yet.
/// assert!(calibrate(&store, &suite.id, &CalibrationOptions::default()).is_err());
/// # Ok::<(), runstore::StoreError>(())
/// ```
///
/// # Errors
/// If there are fewer than two such runs, or one is named twice or is of another suite; if the last runs have several
/// models and `model` is `None`; if alpha is not between 0 and 1 or `last` below 2.
pub fn calibrate(
    store: &Store,
    suite_id: &str,
    options: &CalibrationOptions,
) -> Result<Calibration> {
    let calibrated = || {
        check(options)?;
        let runs = runs(store, suite_id, options)?;
        calibration(store, suite_id, &runs, options)
    };
    store.at_one_moment(OPERATION, calibrated).map_err(|error| error.during(OPERATION))
}

fn check(options: &CalibrationOptions) -> Result<()> {
    in_open_unit(Argument::option("alpha"), options.alpha)?;
    match options.last {
        MIN_CALIBRATION_RUNS.. => Ok(()),
        last => Err(refused("last", format!("at least {MIN_CALIBRATION_RUNS}"), last)),
    }
}

/// Returns the runs, oldest first.
fn runs(store: &Store, suite_id: &str, options: &CalibrationOptions) -> Result<Vec<Run>> {
    let mut runs = match options.runs.as_slice() {
        [] => latest(store, suite_id, options)?,
        names => named(store, suite_id, names)?,
    };
    if runs.len() < MIN_CALIBRATION_RUNS as usize {
        store.expect_suite(suite_id, OPERATION)?;
        let words =
            "it takes two completed runs of the suite and model to say how much equal runs differ";
        return Err(StoreError::new(Code::NotFound, words));
    }
    runs.sort_by(|one, other| one.started_at.total_cmp(&other.started_at));
    Ok(runs)
}

fn latest(store: &Store, suite_id: &str, options: &CalibrationOptions) -> Result<Vec<Run>> {
    let model = options.model.as_deref();
    let runs = store.latest_completed_runs(suite_id, model, options.last, OPERATION)?;
    let models: BTreeSet<&str> = runs.iter().map(|run| run.model.as_str()).collect();
    if models.len() < 2 {
        return Ok(runs);
    }
    let models = models.iter().map(|model| format!("\"{model}\"")).collect::<Vec<_>>().join(", ");
    let words = format!(
        "must be given, because the last {} completed runs have several models: {models}",
        runs.len()
    );
    Err(StoreError::unsuitable(Argument::option("model"), words))
}

fn named(store: &Store, suite_id: &str, names: &[String]) -> Result<Vec<Run>> {
    let mut runs: Vec<Run> = vec![];
    for name in names {
        let run = store.find_run(name, Some(suite_id))?.run;
        if run.suite_id != suite_id {
            let given = format_args!("\"{name}\", which is of another");
            return Err(refused("runs", "runs of the suite", given));
        }
        if runs.iter().any(|known| known.id == run.id) {
            return Err(refused("runs", "different runs", format_args!("\"{name}\" twice")));
        }
        runs.push(run);
    }
    Ok(runs)
}

fn calibration(
    store: &Store,
    suite_id: &str,
    runs: &[Run],
    options: &CalibrationOptions,
) -> Result<Calibration> {
    let samples = samples(store, runs)?;
    let by = if samples.1 { PairBy::Input } else { PairBy::Key };
    let samples = samples.0;
    let mut scorers: Vec<String> = samples.iter().flat_map(|run| &run.scorers).cloned().collect();
    scorers.sort_unstable();
    scorers.dedup();
    let sides = [samples.as_slice(), &[]];
    let reduced = ComparisonOptions { reducer: options.reducer, ..ComparisonOptions::default() };
    let cases = Cases::new(sides, Matching::new(sides, by), scorers, &reduced);
    let scorers =
        (0..cases.scorers.len()).map(|scorer| of_scorer(&cases, scorer, runs.len(), options));
    let references = runs.iter().zip(&samples);
    let is_one_model = runs.iter().all(|run| run.model == runs[0].model);
    Ok(Calibration {
        suite_id: suite_id.to_owned(),
        model: is_one_model.then(|| runs[0].model.clone()),
        alpha: options.alpha,
        runs: references
            .map(|(run, sample)| RunReference::of(store, run, Some(sample.cases.len())))
            .collect::<Result<_>>()?,
        scorers: scorers.collect::<Result<_>>()?,
    })
}

/// Returns the cases of each run, and whether cases are identified by their inputs.
fn samples(store: &Store, runs: &[Run]) -> Result<(Vec<Sample>, bool)> {
    let mut input = false;
    for run in runs {
        input |= !has_keys(store, &run.id, OPERATION)?;
    }
    let sample = |run: &Run| {
        let what = CasesToRead { run_id: &run.id, benchmark: None, input, metadata: false };
        store.sample_run(what, OPERATION, |texts| Content::of(texts, None))
    };
    Ok((runs.iter().map(sample).collect::<Result<_>>()?, input))
}

fn of_scorer(
    cases: &Cases,
    scorer: usize,
    runs: usize,
    options: &CalibrationOptions,
) -> Result<ScorerCalibration> {
    let of_case = |row: &PairedCase| -> Option<Vec<f64>> {
        row.baseline.as_ref()?.scores[scorer].by_run.iter().copied().collect()
    };
    let rows: Vec<Vec<f64>> = cases.rows.iter().filter_map(of_case).collect();
    let mean_of = |run: usize| mean(&rows.iter().map(|row| row[run]).collect::<Vec<f64>>());
    let run_means: Vec<f64> = (0..runs).filter_map(mean_of).collect();
    let variation =
        if rows.len() < 2 { None } else { Some(stats::run_variation(&rows).map_err(fault)?) };
    let level = 1.0 - options.alpha;
    Ok(ScorerCalibration {
        scorer: cases.scorers[scorer].clone(),
        cases: rows.len(),
        mean: mean(&run_means),
        run_means,
        sd: variation.map(|runs| runs.sd),
        sd_of_answers: variation.map(|runs| runs.sd_of_values),
        p_drift: variation.map(|runs| runs.p_value),
        expected_difference: variation.map(|runs: RunVariation| runs.expected_difference()),
        smallest_difference: variation.map(|runs| runs.smallest_difference(level)),
    })
}
