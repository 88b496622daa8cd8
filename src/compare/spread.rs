//! How far scores spread, which decides how small a difference can be seen.

use serde::Serialize;

use super::estimate::{Estimate, PairedScores};
use super::scored_run::{ScoredRun, has_keys};
use crate::error::Result;
use crate::stats::{self, Alternative};
use crate::store::Store;

const OPERATION: &str = "mde";
/// Of an interval of which only the standard error is used.
const LEVEL: f64 = 0.95;

/// How far the scores of one scorer spread.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Spread {
    /// The scorer.
    pub scorer: String,
    /// Cases; trials of a case are averaged and count once.
    pub n: usize,
    /// Standard error of the mean · √n, in units of the scores: the standard deviation, unless clusters enlarge it.
    pub sd: f64,
}

/// Returns how far the scores of a run spread, by scorer; scorers of fewer than two cases are left out.
pub fn spreads(store: &Store, run_id: &str) -> Result<Vec<Spread>> {
    of_pairs(store, run_id, run_id, |scores| {
        let values = &scores.baseline;
        let error = match &scores.clusters {
            Some(clusters) => {
                let two_sided = Alternative::TwoSided;
                let mean = stats::clustered_mean_interval(values, clusters, two_sided, LEVEL);
                mean.ok()?.standard_error
            }
            None => stats::mean_interval(values, LEVEL).ok()?.standard_error,
        };
        Some(error)
    })
}

/// Returns how far the differences of two runs spread, case by case, by scorer; scorers that scored fewer than two cases
/// in both runs are left out.
pub fn difference_spreads(store: &Store, one: &str, other: &str) -> Result<Vec<Spread>> {
    of_pairs(store, one, other, |scores| Some(Estimate::of(scores, LEVEL)?.standard_error))
}

fn of_pairs(
    store: &Store,
    one: &str,
    other: &str,
    standard_error: impl Fn(&PairedScores) -> Option<f64>,
) -> Result<Vec<Spread>> {
    let texts = !(has_keys(store, one, OPERATION)? && has_keys(store, other, OPERATION)?);
    let before = ScoredRun::read(store, one, texts, OPERATION)?;
    let after = ScoredRun::read(store, other, texts, OPERATION)?;
    let mut scorers = before.scorers();
    scorers.retain(|scorer| after.scorers().contains(scorer));
    let spread = |(scorer, scores): (String, PairedScores)| {
        let n = scores.baseline.len();
        let sd = standard_error(&scores)? * (n as f64).sqrt();
        Some(Spread { scorer, n, sd })
    };
    let pairs = after.paired_with(&before, &scorers);
    Ok(scorers.into_iter().zip(pairs).filter_map(spread).collect())
}
