//! One run: its cases, and the means of their scores.

use std::slice;

use super::cases::{Cases, PairedCase, View};
use super::content::Content;
use super::matching::{Matching, Sample};
use super::options::{ComparisonOptions, PairBy};
use super::paired_scores::{PairedScores, mean};
use super::reducer::Reducer;
use crate::error::Result;
use crate::stats::{self, GuardedMean, Interval};
use crate::store::{CasesToRead, Store};

/// The cases of a run, read once.
pub(super) struct ScoredRun {
    pub(super) id: String,
    sample: Sample,
    has_keys: bool,
    reducer: Reducer,
}

/// The scores of one scorer.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct ScorerMean {
    /// Cases that it scored, counting the trials of a case once.
    pub n: usize,
    /// Cases that it did not score.
    pub unscored: usize,
    /// Cases with an error.
    pub errored: usize,
    /// `None` without scores.
    pub mean: Option<f64>,
    /// Of the mean; `None` if there are too few scores.
    pub interval: Option<Interval>,
}

impl ScoredRun {
    /// Reads a run; `texts` tells whether its cases are identified by their inputs.
    pub(super) fn read(
        store: &Store,
        id: &str,
        texts: bool,
        reducer: Reducer,
        operation: &str,
    ) -> Result<Self> {
        let what = CasesToRead { run_id: id, benchmark: None, input: texts, metadata: false };
        let sample = store.sample_run(what, operation, |texts| Content::of(texts, None))?;
        let has_keys = sample.cases.iter().all(|case| case.key.is_some());
        Ok(ScoredRun { id: id.to_owned(), sample, has_keys, reducer })
    }

    /// Returns the names of its scorers, sorted.
    pub(super) fn scorers(&self) -> Vec<String> {
        let mut names = self.sample.scorers.clone();
        names.sort_unstable();
        names
    }

    /// Returns the scores of each scorer, with intervals of this level.
    pub(super) fn means(&self, scorers: &[String], level: f64) -> Vec<ScorerMean> {
        let by = if self.has_keys { PairBy::Key } else { PairBy::Input };
        let sides = [&[], slice::from_ref(&self.sample)];
        let options = ComparisonOptions { reducer: self.reducer, ..ComparisonOptions::default() };
        let cases = Cases::new(sides, Matching::new(sides, by), scorers.to_vec(), &options);
        means(&cases, level)
    }

    /// Returns the scores of the cases that both runs have, scorer by scorer; this run is the candidate.
    pub(super) fn paired_with(
        &self,
        baseline: &ScoredRun,
        scorers: &[String],
    ) -> Vec<PairedScores> {
        let cases = baseline.beside(self, scorers);
        let rows: Vec<&PairedCase> = cases.rows.iter().collect();
        (0..scorers.len()).map(|scorer| cases.scores(&rows, scorer, View::Seen)).collect()
    }

    fn beside(&self, candidate: &ScoredRun, scorers: &[String]) -> Cases {
        let by = if self.has_keys && candidate.has_keys { PairBy::Key } else { PairBy::Input };
        let sides = [slice::from_ref(&self.sample), slice::from_ref(&candidate.sample)];
        let options = ComparisonOptions { reducer: self.reducer, ..ComparisonOptions::default() };
        Cases::new(sides, Matching::new(sides, by), scorers.to_vec(), &options)
    }
}

/// Returns the mean of each scorer over the candidates of these cases, with intervals of this level.
pub(super) fn means(cases: &Cases, level: f64) -> Vec<ScorerMean> {
    let candidates = || cases.rows.iter().filter_map(|row| row.candidate.as_ref());
    let errored = candidates().filter(|side| side.errored_trials > 0).count();
    let of_scorer = |scorer| {
        let scores = cases.candidate_scores(scorer);
        let n = scores.candidate.len();
        ScorerMean {
            n,
            unscored: candidates().count() - n,
            errored,
            mean: mean(&scores.candidate),
            interval: interval_of_mean(&scores, level),
        }
    };
    (0..cases.scorers.len()).map(of_scorer).collect()
}

/// Returns whether every case of a run has a key.
pub(super) fn has_keys(store: &Store, id: &str, operation: &str) -> Result<bool> {
    let (cases, keys) = store.count_keys(id, operation)?;
    Ok(cases == keys)
}

/// Returns whether cases of any of these runs are identified by their inputs.
pub(super) fn needs_texts<'a>(
    store: &Store,
    ids: impl Iterator<Item = &'a str>,
    operation: &str,
) -> Result<bool> {
    for id in ids {
        if !has_keys(store, id, operation)? {
            return Ok(true);
        }
    }
    Ok(false)
}

/// Returns the interval of a mean: Wilson's for 0/1 scores, otherwise Student's, clustered if cases are, and widened if
/// the scores have little spread.
fn interval_of_mean(scores: &PairedScores, level: f64) -> Option<Interval> {
    let values = &scores.candidate;
    let clusters = scores.true_clusters();
    let is_binary = !scores.is_averaged && values.iter().all(|value| [0.0, 1.0].contains(value));
    if is_binary && clusters.is_none() {
        let passed = values.iter().filter(|value| **value == 1.0).count();
        return stats::wilson_interval(passed as u64, values.len() as u64, level).ok();
    }
    // The spread of too few values is unknown.
    let mean = GuardedMean::of(values, clusters, scores.known_limits()).ok()?;
    Some(mean.interval(level))
}
