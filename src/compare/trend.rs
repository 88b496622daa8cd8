//! Whether the mean of a scorer rises or falls over many runs.

use serde::{Deserialize, Serialize};

use super::estimate::fault;
use super::options::in_open_unit;
use super::reducer::Reducer;
use super::scored_run::{ScoredRun, has_keys};
use crate::error::{Argument, Result, StoreError};
use crate::stats::{self, LinearTrend};
use crate::store::Store;

const OPERATION: &str = "trend";
/// Two runs are always on a line.
const FEWEST: usize = 3;

/// What a trend is asked for.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
pub struct TrendOptions {
    /// The scorer.
    pub scorer: String,
    /// Runs of this model; of all when `None`.
    pub model: Option<String>,
    /// The last so many completed runs; at least 3.
    pub last: u32,
    /// Probability of seeing a trend where there is none; the interval has the level 1 − alpha.
    pub alpha: f64,
    /// How several scores of a scorer on one trial, and the trials of a case, become one score.
    pub reducer: Reducer,
}

impl Default for TrendOptions {
    fn default() -> Self {
        TrendOptions {
            scorer: String::new(),
            model: None,
            last: 20,
            alpha: 0.05,
            reducer: Reducer::Mean,
        }
    }
}

/// Where the means go.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Direction {
    /// The slope is positive, and p below alpha.
    Rising,
    /// The slope is negative, and p below alpha.
    Falling,
    /// No slope can be told from 0.
    Flat,
}

/// The mean of one run.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct TrendPoint {
    /// Id of the run.
    pub run_id: String,
    /// Milliseconds since the epoch.
    pub started_at: f64,
    /// Mean score over the cases that were scored.
    pub mean: f64,
}

/// The line through the means of the last runs.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Trend {
    /// The scorer.
    pub scorer_name: String,
    /// Runs that it scored.
    pub n_runs: usize,
    /// What the mean changes by from one run to the next, in units of the scores; `None` with fewer than 3 runs, as
    /// are the next five.
    pub slope: Option<f64>,
    /// Lower end of the interval of the slope.
    pub low: Option<f64>,
    /// Upper end of the interval of the slope.
    pub high: Option<f64>,
    /// Level of the interval.
    pub level: f64,
    /// Two-sided, of no slope.
    pub p_value: Option<f64>,
    /// Mean of the oldest run; `None` without runs.
    pub first_mean: Option<f64>,
    /// Mean of the newest run.
    pub last_mean: Option<f64>,
    /// Where it goes.
    pub direction: Option<Direction>,
    /// Oldest first.
    pub runs: Vec<TrendPoint>,
}

/// Returns the line of least squares through the means of a scorer in the last completed runs, one step a run: eight
/// small drops in a row, none significant by itself, show here. Runs without a score of it are left out.
///
/// ```
/// use runstore::compare::{TrendOptions, trend};
/// use runstore::db::OpenOptions;
///
/// let store = runstore::Store::open(":memory:", &OpenOptions::default())?;
/// let suite = store.create_suite("capitals")?;
/// let options = TrendOptions { scorer: "exact".to_owned(), ..TrendOptions::default() };
/// assert_eq!(trend(&store, &suite.id, &options)?.slope, None);
/// # Ok::<(), runstore::StoreError>(())
/// ```
///
/// # Errors
/// If alpha is not between 0 and 1, or fewer than 3 runs are asked for.
pub fn trend(store: &Store, suite_id: &str, options: &TrendOptions) -> Result<Trend> {
    check(options).map_err(|error| error.during(OPERATION))?;
    let runs = store.at_one_moment(OPERATION, || points(store, suite_id, options))?;
    let line = line(&runs, 1.0 - options.alpha)?;
    let slope = line.map(|line| line.slope);
    Ok(Trend {
        scorer_name: options.scorer.clone(),
        n_runs: runs.len(),
        slope: slope.map(|slope| slope.delta),
        low: slope.map(|slope| slope.interval.low),
        high: slope.map(|slope| slope.interval.high),
        level: 1.0 - options.alpha,
        p_value: slope.map(|slope| slope.p_value),
        first_mean: runs.first().map(|run| run.mean),
        last_mean: runs.last().map(|run| run.mean),
        direction: slope.map(|slope| direction(slope.delta, slope.p_value, options.alpha)),
        runs,
    })
}

fn check(options: &TrendOptions) -> Result<()> {
    in_open_unit(Argument::option("alpha"), options.alpha)?;
    match options.last as usize {
        FEWEST.. => Ok(()),
        last => {
            Err(StoreError::value(Argument::option("last"), format!("at least {FEWEST}"), last))
        }
    }
}

fn points(store: &Store, suite_id: &str, options: &TrendOptions) -> Result<Vec<TrendPoint>> {
    let model = options.model.as_deref();
    let runs = store.latest_completed_runs(suite_id, model, options.last, OPERATION)?;
    let scorers = std::slice::from_ref(&options.scorer);
    let mut points = vec![];
    for run in runs.into_iter().rev() {
        let texts = !has_keys(store, &run.id, OPERATION)?;
        let scored = ScoredRun::read(store, &run.id, texts, options.reducer, OPERATION)?;
        let means = scored.means(scorers, 1.0 - options.alpha);
        if let Some(mean) = means.first().and_then(|scores| scores.mean) {
            points.push(TrendPoint { run_id: run.id, started_at: run.started_at, mean });
        }
    }
    Ok(points)
}

fn line(runs: &[TrendPoint], level: f64) -> Result<Option<LinearTrend>> {
    if runs.len() < FEWEST {
        return Ok(None);
    }
    let numbers: Vec<f64> = (0..runs.len()).map(|number| number as f64).collect();
    let means: Vec<f64> = runs.iter().map(|run| run.mean).collect();
    stats::linear_trend(&numbers, &means, level).map(Some).map_err(fault)
}

fn direction(slope: f64, p_value: f64, alpha: f64) -> Direction {
    match p_value < alpha {
        true if slope > 0.0 => Direction::Rising,
        true if slope < 0.0 => Direction::Falling,
        _ => Direction::Flat,
    }
}
