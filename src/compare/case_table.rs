//! A table of the cases of one run, or of two runs side by side, for a page.

use std::slice;

use super::case_side::Side;
use super::cases::Cases;
use super::comparison::{known_scorers, pairing, sample};
use super::content::Content;
use super::matching::{Matching, Sample};
use super::options::{ComparisonOptions, PairBy};
use super::reducer::Reducer;
use super::scored_run::{ScoredRun, ScorerMean, has_keys, means};
use crate::error::Result;
use crate::model::Run;
use crate::store::{CasesToRead, NamedRun, Store};

/// The cases of a pair of runs by column. Each row is a case with all of its trials: the baseline's cases in order,
/// then those that only the candidate has.
#[derive(Clone, Debug, PartialEq)]
pub struct CaseTable {
    /// By name.
    pub scorers: Vec<String>,
    /// Name of the case, the same in all runs.
    pub keys: Vec<Option<String>>,
    /// Its position in the dataset.
    pub idx: Vec<f64>,
    /// Its group of dependent cases.
    pub clusters: Vec<Option<String>>,
    /// `None` for a table of one run.
    pub baseline: Option<TableSide>,
    /// The run itself, for a table of one.
    pub candidate: TableSide,
}

/// The columns of one run.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct TableSide {
    /// Ids of the trials; empty if the run lacks the case.
    pub ids: Vec<Vec<String>>,
    /// Trials with an error.
    pub errored: Vec<usize>,
    /// The score of the case over its trials, by scorer.
    pub scores: Vec<Vec<Option<f64>>>,
    /// Largest − smallest score of the trials, by scorer; `None` with fewer than two scored trials.
    pub spread: Vec<Vec<Option<f64>>>,
    /// Mean of the trials, in milliseconds.
    pub latency_ms: Vec<Option<f64>>,
    /// Mean of the trials.
    pub tokens_in: Vec<Option<f64>>,
    /// Mean of the trials.
    pub tokens_out: Vec<Option<f64>>,
    /// Mean of the trials, in US dollars.
    pub cost_usd: Vec<Option<f64>>,
}

/// Returns the cases of a run, with those of a baseline if one is given, paired and reduced as in
/// [`compare`](super::compare). Both are named as in [`Store::find_run`].
///
/// # Errors
/// If there is no such run. Errors name `operation`.
pub fn case_table(
    store: &Store,
    baseline: Option<&str>,
    candidate: &str,
    options: &ComparisonOptions,
    operation: &str,
) -> Result<CaseTable> {
    store.at_one_moment(operation, || {
        let names = [baseline.as_slice(), &[candidate]];
        let sides = store.find_sides(names, options.suite_id.as_deref())?;
        let pairing = pairing(store, &sides, options.pair_by, operation)?;
        let [mut before, mut after]: [Vec<Sample>; 2] = Default::default();
        for (runs, samples) in sides.iter().zip([&mut before, &mut after]) {
            for named in runs {
                samples.push(sample(store, &named.run.id, &pairing, options, operation)?);
            }
        }
        let samples = [before.as_slice(), after.as_slice()];
        let scorers = known_scorers(samples, options)?;
        let cases = Cases::new(samples, Matching::new(samples, pairing.by), scorers, options);
        Ok(table(cases, baseline.is_some()))
    })
}

/// Returns the cases of a run as [`case_table`] does, and the mean of each of their scorers as [`run_means`] does; the run is
/// read once.
///
/// # Errors
/// If the file cannot be read, or a scorer that the options name has no score; `operation` is what errors name.
pub fn scored_table(
    store: &Store,
    run: &Run,
    options: &ComparisonOptions,
    level: f64,
    operation: &str,
) -> Result<(CaseTable, Vec<(String, ScorerMean)>)> {
    let sides = [vec![], vec![NamedRun::from(run.clone())]];
    let pairing = pairing(store, &sides, options.pair_by, operation)?;
    let sample = sample(store, &run.id, &pairing, options, operation)?;
    let samples = [&[][..], slice::from_ref(&sample)];
    let scorers = known_scorers(samples, options)?;
    let matching = Matching::new(samples, pairing.by);
    let cases = Cases::new(samples, matching, scorers.clone(), options);
    let means = means(&cases, level);
    Ok((table(cases, false), scorers.into_iter().zip(means).collect()))
}

/// Returns the first rows of [`case_table`], in its order, of at most so many cases of a run, without reading further. Of a
/// pair, it looks for the cases of the baseline among twice as many of the candidate. Cases are paired by key if those that are
/// read have one.
///
/// # Errors
/// If the file cannot be read; `operation` is what errors name.
pub fn first_rows(
    store: &Store,
    [baseline, candidate]: [Option<&str>; 2],
    most: usize,
    options: &ComparisonOptions,
    operation: &str,
) -> Result<CaseTable> {
    let read = |run_id: &str, most: usize| {
        let what = CasesToRead { run_id, input: true, ..CasesToRead::default() };
        store.sample_beginning(what, most, operation, |texts| Content::of(texts, None))
    };
    let before = baseline.map(|id| read(id, most)).transpose()?;
    let most_after = if before.is_some() { 2 * most } else { most };
    let after = candidate.map(|id| read(id, most_after)).transpose()?;
    let samples = [before.as_slice(), after.as_slice()];
    let mut cases = samples.into_iter().flatten().flat_map(|run| &run.cases);
    let by = if cases.all(|case| case.key.is_some()) { PairBy::Key } else { PairBy::Input };
    let mut matching = Matching::new(samples, by);
    if baseline.is_some() {
        // Those that only the candidate has stand at the end of the whole table.
        matching.rows.retain(|[before, _]| !before.is_empty());
    }
    let scorers = known_scorers(samples, &ComparisonOptions::default())?;
    Ok(table(Cases::new(samples, matching, scorers, options), baseline.is_some()))
}

/// Returns the mean of each scorer of a run with its interval of this level, by name, over the cases that it scored.
///
/// # Errors
/// If the file cannot be read. Errors name `operation`.
pub fn run_means(
    store: &Store,
    run_id: &str,
    reducer: Reducer,
    level: f64,
    operation: &str,
) -> Result<Vec<(String, ScorerMean)>> {
    let texts = !has_keys(store, run_id, operation)?;
    let run = ScoredRun::read(store, run_id, texts, reducer, operation)?;
    let scorers = run.scorers();
    let means = run.means(&scorers, level);
    Ok(scorers.into_iter().zip(means).collect())
}

fn table(cases: Cases, is_pair: bool) -> CaseTable {
    let firsts = || cases.rows.iter().map(|row| row.sides().into_iter().flatten().next());
    let keys = firsts().map(|side| side?.key.clone()).collect();
    let idx = firsts().map(|side| side.map_or(0.0, |side| side.idx)).collect();
    let clusters = cases.rows.iter().map(|row| row.cluster().map(str::to_owned)).collect();
    let sides = cases.rows.into_iter().map(|row| (row.baseline, row.candidate));
    let (before, after): (Vec<_>, Vec<_>) = sides.unzip();
    let count = cases.scorers.len();
    CaseTable {
        scorers: cases.scorers,
        keys,
        idx,
        clusters,
        baseline: is_pair.then(|| TableSide::of(before, count)),
        candidate: TableSide::of(after, count),
    }
}

impl TableSide {
    fn of(sides: Vec<Option<Side>>, scorers: usize) -> Self {
        let seen = || sides.iter().map(Option::as_ref);
        let by_scorer = |of: fn(&Side, usize) -> Option<f64>| -> Vec<Vec<Option<f64>>> {
            let column = |scorer| seen().map(|side| of(side?, scorer)).collect();
            (0..scorers).map(column).collect()
        };
        let [latency_ms, tokens_in, tokens_out, cost_usd] =
            std::array::from_fn(|kind: usize| -> Vec<Option<f64>> {
                seen().map(|side| side?.usage[kind]).collect()
            });
        TableSide {
            errored: seen().map(|side| side.map_or(0, |side| side.errored_trials)).collect(),
            scores: by_scorer(Side::seen),
            spread: by_scorer(Side::spread),
            latency_ms,
            tokens_in,
            tokens_out,
            cost_usd,
            ids: sides.into_iter().map(|side| side.map_or(vec![], |side| side.ids)).collect(),
        }
    }
}
