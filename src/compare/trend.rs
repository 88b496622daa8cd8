//! Whether a scorer rises or falls over many runs: by a line through them, and by cumulative sums of their deviations.
//!
//! Runs are compared with one of them, the anchor, over the cases that both have, so that a suite does not fall when it
//! gains harder cases. If all runs have the same cases, this equals comparing their means.

use serde::{Deserialize, Serialize};

use super::estimate::{Estimate, fault};
use super::history::{RunDelta, baseline_id, delta};
use super::options::in_open_unit;
use super::paired_scores::{PairedScores, mean};
use super::reducer::Reducer;
use super::scored_run::{ScoredRun, needs_texts};
use crate::error::{Argument, Result, StoreError};
use crate::model::{ALPHA, LEVEL};
use crate::stats::{self, LinearTrend};
use crate::store::Store;

const OPERATION: &str = "trend";
/// Default number of runs of a trend.
pub const TREND_RUNS: u32 = 20;
/// Minimum number of runs of a trend: two points are always on a line.
pub const MIN_TREND_RUNS: u32 = 3;

/// The options of a trend.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
pub struct TrendOptions {
    /// The scorer.
    pub scorer: String,
    /// Runs of this model; of all when `None`.
    pub model: Option<String>,
    /// The number of last completed runs; at least 3.
    pub last: u32,
    /// Name of the baseline to measure from, which must exist. `None`: `main`, if there is one; otherwise the oldest of
    /// the runs.
    pub baseline: Option<String>,
    /// Probability of reporting a trend where there is none; the interval has the level 1 − alpha.
    pub alpha: f64,
    /// How several scores of a scorer on one trial, and the trials of a case, become one score.
    pub reducer: Reducer,
}

impl Default for TrendOptions {
    fn default() -> Self {
        TrendOptions {
            scorer: String::new(),
            model: None,
            last: TREND_RUNS,
            baseline: None,
            alpha: ALPHA,
            reducer: Reducer::Mean,
        }
    }
}

/// The direction of the means.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Direction {
    /// The slope is positive, and p below alpha.
    Rising,
    /// The slope is negative, and p below alpha.
    Falling,
    /// The slope is not significant.
    Flat,
}

/// One run.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct TrendPoint {
    /// Id of the run.
    pub run_id: String,
    /// Milliseconds since the epoch.
    pub started_at: f64,
    /// Mean score over the cases that were scored.
    pub mean: f64,
    /// Difference from the anchor, over the cases that both scored; `None` for the anchor itself.
    pub delta_anchor: Option<RunDelta>,
}

/// The cumulative evidence of a rise or a fall since the oldest run, in standard deviations of a run
/// ([`stats::cusum`]).
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct TrendCusum {
    /// Standard deviation of a run: by its cases, or by the differences of neighbouring runs, whichever is larger.
    pub sd: f64,
    /// Evidence of a rise, at the newest run.
    pub rising: f64,
    /// Evidence of a fall, at the newest run.
    pub falling: f64,
    /// Above this value, the evidence is more than chance.
    pub limit: f64,
    /// The direction of the sum that exceeded the limit first; `flat` if none did.
    pub direction: Direction,
    /// The run at which it did.
    pub run_id: Option<String>,
}

/// The line through the means of the last runs.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Trend {
    /// The scorer.
    pub scorer_name: String,
    /// Number of runs that it scored, and that have a case in common with the anchor.
    pub n_runs: usize,
    /// Number of runs that it scored without a case in common with the anchor, which are otherwise ignored.
    pub n_apart: usize,
    /// The run from which the others are measured; `None` without runs.
    pub anchor_run_id: Option<String>,
    /// The change of the score per run, in units of the scores; `None` with fewer than 3 runs, as are the next five.
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
    /// The direction.
    pub direction: Option<Direction>,
    /// The cumulative sums; `None` with fewer than 3 runs.
    pub cusum: Option<TrendCusum>,
    /// Oldest first.
    pub runs: Vec<TrendPoint>,
}

/// Returns the trend of a scorer over the last completed runs: the least-squares line, one step per run, through the
/// differences from the anchor, and cumulative sums. It detects consecutive small drops, none of which is significant
/// by itself: eight drops of one point in 50 of 100 series of 100 cases that pass nine times out of ten, and in 93 of
/// 100 with 300 (docs/simulations.md). Runs without a score of it are left out.
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
/// If alpha is not between 0 and 1, `last` is below 3, or the suite does not have the named baseline.
pub fn trend(store: &Store, suite_id: &str, options: &TrendOptions) -> Result<Trend> {
    check(options).map_err(|error| error.during(OPERATION))?;
    let Series { runs, anchor_run_id, n_apart } =
        store.at_one_moment(OPERATION, || series(store, suite_id, options))?;
    let values: Vec<f64> = runs.iter().map(Measured::value).collect();
    let line = line(&values, 1.0 - options.alpha)?;
    let slope = line.map(|line| line.slope);
    Ok(Trend {
        scorer_name: options.scorer.clone(),
        n_runs: runs.len(),
        n_apart,
        anchor_run_id,
        slope: slope.map(|slope| slope.delta),
        low: slope.map(|slope| slope.interval.low),
        high: slope.map(|slope| slope.interval.high),
        level: 1.0 - options.alpha,
        p_value: slope.map(|slope| slope.p_value),
        first_mean: runs.first().map(|run| run.point.mean),
        last_mean: runs.last().map(|run| run.point.mean),
        direction: slope.map(|slope| direction(slope.delta, slope.p_value, options.alpha)),
        cusum: cusum(&runs, &values)?,
        runs: runs.into_iter().map(|run| run.point).collect(),
    })
}

fn check(options: &TrendOptions) -> Result<()> {
    in_open_unit(Argument::option("alpha"), options.alpha)?;
    match options.last {
        MIN_TREND_RUNS.. => Ok(()),
        last => Err(StoreError::value(
            Argument::option("last"),
            format!("at least {MIN_TREND_RUNS}"),
            last,
        )),
    }
}

/// The runs of a trend, oldest first.
#[derive(Default)]
struct Series {
    runs: Vec<Measured>,
    anchor_run_id: Option<String>,
    n_apart: usize,
}

/// A run, and the variance of its mean by its cases.
struct Measured {
    point: TrendPoint,
    variance: Option<f64>,
}

impl Measured {
    /// Returns the difference from the anchor.
    fn value(&self) -> f64 {
        self.point.delta_anchor.map_or(0.0, |delta| delta.delta)
    }
}

fn series(store: &Store, suite_id: &str, options: &TrendOptions) -> Result<Series> {
    let name = options.baseline.as_deref();
    let baseline = baseline_id(store, suite_id, name, OPERATION)?;
    let model = options.model.as_deref();
    let runs = store.latest_completed_runs(suite_id, model, options.last, OPERATION)?;
    if runs.is_empty() {
        store.expect_suite(suite_id, OPERATION)?;
    }
    let ids = runs.iter().map(|run| run.id.as_str()).chain(baseline.as_deref());
    let texts = needs_texts(store, ids, OPERATION)?;
    let read = |id: &str| ScoredRun::read(store, id, texts, options.reducer, OPERATION);
    let scorer = std::slice::from_ref(&options.scorer);
    let mean_of = |run: &ScoredRun| run.means(scorer, LEVEL).first().and_then(|scores| scores.mean);
    let mut anchor =
        baseline.as_deref().map(read).transpose()?.filter(|run| mean_of(run).is_some());
    let mut series = Series::default();
    for run in runs.into_iter().rev() {
        let scored = read(&run.id)?;
        let Some(mean) = mean_of(&scored) else { continue };
        let measured = |delta_anchor, variance| Measured {
            point: TrendPoint {
                run_id: run.id.clone(),
                started_at: run.started_at,
                mean,
                delta_anchor,
            },
            variance,
        };
        match &anchor {
            Some(anchor) if anchor.id != run.id => {
                let pairs = scored.paired_with(anchor, scorer);
                match pairs.first().and_then(|scores| Some((delta(scores)?, scores))) {
                    Some((delta, scores)) => {
                        series.runs.push(measured(Some(delta), variance_of_run(scores)));
                    }
                    None => series.n_apart += 1,
                }
            }
            Some(_) => series.runs.push(measured(None, None)),
            None => {
                series.runs.push(measured(None, None));
                anchor = Some(scored);
            }
        }
    }
    series.anchor_run_id = anchor.map(|run| run.id);
    Ok(series)
}

/// Returns the variance of the mean of one of two runs: half the variance of their difference.
fn variance_of_run(scores: &PairedScores) -> Option<f64> {
    let estimate = Estimate::of(scores, LEVEL)?;
    Some(0.5 * estimate.standard_error * estimate.standard_error)
}

fn line(values: &[f64], level: f64) -> Result<Option<LinearTrend>> {
    if values.len() < MIN_TREND_RUNS as usize {
        return Ok(None);
    }
    let numbers: Vec<f64> = (0..values.len()).map(|number| number as f64).collect();
    stats::linear_trend(&numbers, values, level).map(Some).map_err(fault)
}

fn cusum(runs: &[Measured], values: &[f64]) -> Result<Option<TrendCusum>> {
    if runs.len() < MIN_TREND_RUNS as usize {
        return Ok(None);
    }
    let variances: Vec<f64> = runs.iter().filter_map(|run| run.variance).collect();
    let within = mean(&variances).unwrap_or(0.0).sqrt();
    let sd = within.max(stats::successive_sd(values).map_err(fault)?);
    let limit = stats::CUSUM_LIMIT;
    let none = TrendCusum {
        sd,
        rising: 0.0,
        falling: 0.0,
        limit,
        direction: Direction::Flat,
        run_id: None,
    };
    if sd == 0.0 {
        // The runs do not differ at all.
        return Ok(Some(none));
    }
    let chart = stats::cusum(values, sd).map_err(fault)?;
    let first = |sums: &[f64]| sums.iter().position(|sum| *sum > limit);
    let (direction, at) = match (first(&chart.rising), first(&chart.falling)) {
        (Some(rise), Some(fall)) if rise < fall => (Direction::Rising, Some(rise)),
        (_, Some(fall)) => (Direction::Falling, Some(fall)),
        (Some(rise), None) => (Direction::Rising, Some(rise)),
        (None, None) => (Direction::Flat, None),
    };
    let newest = |sums: &[f64]| sums.last().copied().unwrap_or_default();
    Ok(Some(TrendCusum {
        rising: newest(&chart.rising),
        falling: newest(&chart.falling),
        direction,
        run_id: at.map(|at| runs[at].point.run_id.clone()),
        ..none
    }))
}

fn direction(slope: f64, p_value: f64, alpha: f64) -> Direction {
    match p_value < alpha {
        true if slope > 0.0 => Direction::Rising,
        true if slope < 0.0 => Direction::Falling,
        _ => Direction::Flat,
    }
}
