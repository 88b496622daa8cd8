//! One side of a case: its trials reduced to the values that are compared.

use super::content::Content;
use crate::store::SampledCase;

/// The usage of one kind.
type Used = fn(&SampledCase<Content>) -> Option<f64>;

/// The usage of a case, in the order of [`UsageReport`](super::report::UsageReport).
pub(super) const KINDS: [Used; 4] =
    [|case| case.latency_ms, |case| case.tokens_in, |case| case.tokens_out, |case| case.cost_usd];

/// The scores of one scorer on one side of a case.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Score {
    /// Of the scored trials; `None` without one.
    pub(super) seen: Option<f64>,
    /// The score if missing trials had the lowest score of the scale.
    pub(super) lowest: f64,
    /// The score if they had the highest.
    pub(super) highest: f64,
    /// Trials without a score.
    pub(super) missing: usize,
    /// Those of them with an infinite score, which no mean can contain.
    pub(super) infinite: usize,
    /// Largest − smallest score of the trials; `None` with fewer than two scored trials.
    pub(super) spread: Option<f64>,
    /// Of each run, if a side has several.
    pub(super) by_run: Vec<Option<f64>>,
}

/// One side of a case, with the values of its trials combined.
#[derive(Clone, Debug)]
pub(super) struct Side {
    pub(super) id: String,
    pub(super) idx: f64,
    pub(super) key: Option<String>,
    pub(super) cluster: Option<String>,
    pub(super) slices: Vec<String>,
    /// Of all runs.
    pub(super) ids: Vec<String>,
    pub(super) errored_trials: usize,
    /// By number of the scorer.
    pub(super) scores: Vec<Score>,
    /// By [`KINDS`]; the mean over the trials with a value.
    pub(super) usage: [Option<f64>; 4],
}

impl Side {
    pub(super) fn trials(&self) -> usize {
        self.ids.len()
    }

    /// Returns the range of the trials' scores; `None` with fewer than two.
    pub(super) fn spread(&self, scorer: usize) -> Option<f64> {
        self.scores[scorer].spread
    }

    /// Returns the score; `None` without one.
    pub(super) fn seen(&self, scorer: usize) -> Option<f64> {
        self.scores[scorer].seen
    }
}

/// Returns the mean; `None` of nothing.
pub(super) fn mean(values: impl Iterator<Item = f64>) -> Option<f64> {
    let (sum, count) = values.fold((0.0, 0), |(sum, count), value| (sum + value, count + 1));
    (count > 0).then(|| sum / f64::from(count))
}
