//! How the scores of a suite changed from run to run.

use std::collections::HashMap;
use std::rc::Rc;

use serde::{Deserialize, Serialize};

use super::estimate::Estimate;
use super::paired_scores::PairedScores;
use super::reducer::Reducer;
use super::scored_run::{ScoredRun, ScorerMean, needs_texts};
use crate::error::{Argument, Code, Result, StoreError};
use crate::model::{BASELINE, LEVEL, Run};
use crate::store::Store;

const OPERATION: &str = "history";
/// The options of a history.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
pub struct HistoryOptions {
    /// The scorer; all when `None`.
    pub scorer: Option<String>,
    /// Runs of this model; of all when `None`.
    pub model: Option<String>,
    /// Runs that started at this time or later, in milliseconds since the epoch.
    pub since: Option<f64>,
    /// The number of last runs; at least 1.
    pub limit: u32,
    /// Name of the baseline, which must exist; if `None`, `main` if there is one.
    pub baseline: Option<String>,
    /// How several scores of a scorer on one trial, and the trials of a case, become one score.
    pub reducer: Reducer,
}

impl Default for HistoryOptions {
    fn default() -> Self {
        HistoryOptions {
            scorer: None,
            model: None,
            since: None,
            limit: 50,
            baseline: None,
            reducer: Reducer::default(),
        }
    }
}

/// The difference of a run from an earlier one, over the cases that both scored.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct RunDelta {
    /// Mean of this run − the other, case by case, in units of the scores.
    pub delta: f64,
    /// Lower end of its interval; `None` with too few cases.
    pub low: Option<f64>,
    /// Upper end of its interval.
    pub high: Option<f64>,
    /// Cases.
    pub n: usize,
}

/// One scorer in one run.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct HistoryRow {
    /// Id of the run.
    pub run_id: String,
    /// Name of the run.
    pub name: String,
    /// Its model.
    pub model: String,
    /// Milliseconds since the epoch.
    pub started_at: f64,
    /// Milliseconds since the epoch.
    pub finished_at: Option<f64>,
    /// `completed`.
    pub status: String,
    /// The scorer.
    pub scorer_name: String,
    /// Cases that it scored; the trials of a case are averaged and count once.
    pub n: usize,
    /// Mean over these; `None` without any.
    pub mean: Option<f64>,
    /// Lower end of the interval of the mean; `None` with too few cases.
    pub low: Option<f64>,
    /// Upper end of the interval of the mean.
    pub high: Option<f64>,
    /// Level of all intervals.
    pub level: f64,
    /// From the previous run, of the same model if one was requested; `None` without such a run or common cases.
    pub delta_previous: Option<RunDelta>,
    /// From the baseline; `None` for the baseline itself, without one, and without common cases.
    pub delta_baseline: Option<RunDelta>,
    /// From the oldest run of these rows that has the scorer, which shows the sum of consecutive small losses. `None`
    /// for that run itself, and without common cases.
    pub delta_first: Option<RunDelta>,
    /// Whether this is the baseline.
    pub is_baseline: bool,
    /// Cases that the scorer did not score.
    pub unscored: usize,
    /// Cases with an error.
    pub errored: usize,
}

/// Returns a row for each of the last completed runs of a suite and each scorer, oldest run first, then by scorer.
///
/// Intervals of means are Wilson's for 0/1 scores, Student's t otherwise, and clustered where cases are. Deltas are
/// paired case by case, as [`compare`](super::compare) does it.
///
/// ```
/// use runstore::compare::{HistoryOptions, history};
/// use runstore::db::OpenOptions;
///
/// let store = runstore::Store::open(":memory:", &OpenOptions::default())?;
/// let suite = store.create_suite("capitals")?;
/// assert!(history(&store, &suite.id, &HistoryOptions::default())?.is_empty());
/// # Ok::<(), runstore::StoreError>(())
/// ```
///
/// # Errors
/// If the suite does not have the named baseline, or the limit is 0.
pub fn history(store: &Store, suite_id: &str, options: &HistoryOptions) -> Result<Vec<HistoryRow>> {
    store.at_one_moment(OPERATION, || read(store, suite_id, options))
}

fn read(store: &Store, suite_id: &str, options: &HistoryOptions) -> Result<Vec<HistoryRow>> {
    let baseline = baseline_id(store, suite_id, options.baseline.as_deref(), OPERATION)?;
    let (runs, shown) = runs(store, suite_id, options)?;
    if shown == 0 {
        store.expect_suite(suite_id, OPERATION)?;
        return Ok(vec![]);
    }
    let ids = runs.iter().map(|run| run.id.as_str()).chain(baseline.as_deref());
    let texts = needs_texts(store, ids, OPERATION)?;
    let scored_run =
        |id: &str| ScoredRun::read(store, id, texts, options.reducer, OPERATION).map(Rc::new);
    let baseline = baseline.as_deref().map(scored_run).transpose()?;
    let mut rows = vec![];
    let mut previous: Option<Rc<ScoredRun>> = None;
    let mut firsts: HashMap<String, Rc<ScoredRun>> = HashMap::new();
    for (at, run) in runs.iter().enumerate() {
        let scored = match &baseline {
            Some(baseline) if baseline.id == run.id => baseline.clone(),
            _ => scored_run(&run.id)?,
        };
        if at >= runs.len() - shown {
            let others = Others {
                previous: previous.as_deref(),
                baseline: baseline.as_deref(),
                firsts: &firsts,
            };
            let new = rows_of(run, &scored, &others, options.scorer.as_ref());
            for row in new.iter().filter(|row| row.mean.is_some()) {
                let scorer = row.scorer_name.clone();
                firsts.entry(scorer).or_insert_with(|| scored.clone());
            }
            rows.extend(new);
        }
        previous = Some(scored);
    }
    Ok(rows)
}

/// Returns the id of the run that is the baseline with this name; without a name, of `main` if there is one.
pub(super) fn baseline_id(
    store: &Store,
    suite_id: &str,
    name: Option<&str>,
    operation: &str,
) -> Result<Option<String>> {
    let found = store.baseline_for(operation, suite_id, name.unwrap_or(BASELINE))?;
    match (found, name) {
        (Some(baseline), _) => Ok(Some(baseline.run_id)),
        (None, None) => Ok(None),
        (None, Some(name)) => {
            let words = format!("suite \"{suite_id}\" has no baseline \"{name}\"");
            Err(StoreError::new(Code::NotFound, words).during(operation))
        }
    }
}

/// Returns the runs, oldest first, and how many of the last are shown: the run before them is needed for the first
/// delta.
fn runs(store: &Store, suite_id: &str, options: &HistoryOptions) -> Result<(Vec<Run>, usize)> {
    if options.limit == 0 {
        return Err(StoreError::value(Argument::option("limit"), "at least 1", 0).during(OPERATION));
    }
    let model = options.model.as_deref();
    let most = options.limit.saturating_add(1);
    let mut runs = store.latest_completed_runs(suite_id, model, most, OPERATION)?;
    let is_shown = |run: &&Run| options.since.is_none_or(|since| run.started_at >= since);
    let shown = runs.iter().take(options.limit as usize).take_while(is_shown).count();
    runs.truncate(shown + 1);
    runs.reverse();
    Ok((runs, shown))
}

/// The references of a comparison.
struct Others<'a> {
    previous: Option<&'a ScoredRun>,
    baseline: Option<&'a ScoredRun>,
    /// By scorer.
    firsts: &'a HashMap<String, Rc<ScoredRun>>,
}

fn rows_of(
    run: &Run,
    scored: &ScoredRun,
    others: &Others<'_>,
    scorer: Option<&String>,
) -> Vec<HistoryRow> {
    let scorers = scorer.map_or_else(|| scored.scorers(), |scorer| vec![scorer.clone()]);
    let is_baseline = others.baseline.is_some_and(|baseline| baseline.id == run.id);
    let since_previous = deltas(scored, others.previous, &scorers);
    let since_baseline = deltas(scored, others.baseline.filter(|_| !is_baseline), &scorers);
    let since_first = deltas_from_first(scored, others.firsts, &scorers);
    let means = scored.means(&scorers, LEVEL);
    let figures = scorers
        .iter()
        .zip(means)
        .zip(since_previous.into_iter().zip(since_baseline))
        .zip(since_first);
    figures
        .map(|(((scorer, mean), (delta_previous, delta_baseline)), delta_first)| HistoryRow {
            delta_previous,
            delta_baseline,
            delta_first,
            is_baseline,
            ..row(run, scorer, &mean)
        })
        .collect()
}

fn row(run: &Run, scorer: &str, scores: &ScorerMean) -> HistoryRow {
    HistoryRow {
        run_id: run.id.clone(),
        name: run.name.clone(),
        model: run.model.clone(),
        started_at: run.started_at,
        finished_at: run.finished_at,
        status: run.status.clone(),
        scorer_name: scorer.to_owned(),
        n: scores.n,
        mean: scores.mean,
        low: scores.interval.map(|interval| interval.low),
        high: scores.interval.map(|interval| interval.high),
        level: LEVEL,
        delta_previous: None,
        delta_baseline: None,
        delta_first: None,
        is_baseline: false,
        unscored: scores.unscored,
        errored: scores.errored,
    }
}

fn deltas(run: &ScoredRun, other: Option<&ScoredRun>, scorers: &[String]) -> Vec<Option<RunDelta>> {
    match other {
        Some(other) => run.paired_with(other, scorers).iter().map(delta).collect(),
        None => vec![None; scorers.len()],
    }
}

/// Returns the difference of a run from the first run of each scorer, which usually is the same run for all.
fn deltas_from_first(
    run: &ScoredRun,
    firsts: &HashMap<String, Rc<ScoredRun>>,
    scorers: &[String],
) -> Vec<Option<RunDelta>> {
    let mut found: HashMap<&str, Option<RunDelta>> = HashMap::new();
    let mut others: Vec<&Rc<ScoredRun>> =
        scorers.iter().filter_map(|name| firsts.get(name)).collect();
    others.sort_unstable_by(|one, other| one.id.cmp(&other.id));
    others.dedup_by(|one, other| one.id == other.id);
    for first in others {
        let is_own = |name: &&String| firsts.get(*name).is_some_and(|other| other.id == first.id);
        let own: Vec<String> = scorers.iter().filter(is_own).cloned().collect();
        let known = deltas(run, Some(first), &own);
        let named = scorers.iter().filter(is_own).map(String::as_str);
        found.extend(named.zip(known));
    }
    scorers.iter().map(|name| found.get(name.as_str()).copied().flatten()).collect()
}

pub(super) fn delta(scores: &PairedScores) -> Option<RunDelta> {
    let interval = Estimate::of(scores, LEVEL).map(|estimate| estimate.interval);
    Some(RunDelta {
        delta: scores.delta()?,
        low: interval.map(|interval| interval.low),
        high: interval.map(|interval| interval.high),
        n: scores.baseline.len(),
    })
}
