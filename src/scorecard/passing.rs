//! When a case passes: one rule, so that lists, reports and pages count the same.

use std::collections::BTreeMap;

use super::judge::grade_of;
use super::tally::{PassCounts, Tally, limits};
use super::{Grade, PASSING_SCORE};
use crate::error::Result;
use crate::model::{Threshold, Thresholds};
use crate::store::{Store, Sum};

/// When a case passes.
#[derive(Clone, Debug, PartialEq)]
pub enum Passing {
    /// When its lowest score is at least this.
    AtLeast(f64),
    /// When the mean of each scorer is within its limits, as in a scorecard.
    Thresholds(Thresholds),
}

impl Default for Passing {
    fn default() -> Self {
        Passing::AtLeast(PASSING_SCORE)
    }
}

impl Passing {
    /// Returns the rule for a run: the thresholds of its suite if it has some. Errors name `operation`.
    ///
    /// # Errors
    /// If the file cannot be read.
    pub fn of_run(store: &Store, run_id: &str, operation: &str) -> Result<Self> {
        let thresholds = store.thresholds_of_run(operation, run_id)?;
        Ok(match thresholds.is_empty() {
            true => Passing::default(),
            false => Passing::Thresholds(thresholds),
        })
    }

    /// Returns the limits within which a score by a scorer passes.
    pub fn limits(&self, scorer: &str) -> Threshold {
        match self {
            Passing::AtLeast(least) => {
                Threshold { pass_floor: Some(*least), ..Threshold::default() }
            }
            Passing::Thresholds(thresholds) => limits(thresholds, scorer),
        }
    }

    /// Returns whether the thresholds of the suite name this scorer.
    pub fn names(&self, scorer: &str) -> bool {
        match self {
            Passing::AtLeast(_) => false,
            Passing::Thresholds(thresholds) => {
                thresholds.contains_key(&super::tally::metric_of_scorer(scorer))
            }
        }
    }

    /// Returns whether a case with these scores passes; `None` without a score.
    pub fn passes<'s>(&self, scores: impl IntoIterator<Item = (&'s str, f64)>) -> Option<bool> {
        let mut means: BTreeMap<&str, Sum> = BTreeMap::new();
        let mut lowest: Option<f64> = None;
        for (scorer, score) in scores {
            lowest = Some(lowest.map_or(score, |lowest| lowest.min(score)));
            means.entry(scorer).or_default().add(score);
        }
        let lowest = lowest?;
        Some(match self {
            Passing::AtLeast(least) => lowest >= *least,
            Passing::Thresholds(_) => means.iter().all(|(scorer, sum)| {
                grade_of(scorer, sum.mean(), &self.limits(scorer)) == Grade::Pass
            }),
        })
    }

    /// Counts the cases of a run that pass. Errors name `operation`.
    ///
    /// # Errors
    /// If the file cannot be read.
    pub fn counts(&self, store: &Store, run_id: &str, operation: &str) -> Result<PassCounts> {
        match self {
            Passing::AtLeast(least) => {
                let summary = store.get_run_summary(run_id, *least)?;
                Ok(PassCounts { passed: summary.pass_count, failed: summary.fail_count })
            }
            Passing::Thresholds(thresholds) => {
                let mut tally = Tally::new(thresholds.clone());
                store.each_scored_case(run_id, operation, &mut |case| drop(tally.add(case)))?;
                Ok(tally.pass_counts())
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_case_passes_by_the_limits_of_each_scorer_or_by_its_lowest_score() {
        let floor = |floor| Threshold { pass_floor: Some(floor), ..Threshold::default() };
        let ceiling = Threshold { pass_ceiling: Some(0.1), ..Threshold::default() };
        let thresholds =
            Thresholds::from([("exact".to_owned(), floor(0.9)), ("typos".to_owned(), ceiling)]);
        let strict = Passing::Thresholds(thresholds);
        let cases: [&[(&str, f64)]; 6] = [
            &[("exact", 0.8)],
            &[("exact", 0.9), ("typos", 0.0)],
            &[("exact", 1.0), ("typos", 0.6)],
            // One of several scores of a scorer may be lower.
            &[("exact", 0.85), ("exact", 0.95)],
            // Without a threshold of its own.
            &[("tone", 0.4)],
            &[],
        ];
        let of = |passing: &Passing| cases.map(|scores| passing.passes(scores.iter().copied()));
        assert_eq!(
            of(&strict),
            [Some(false), Some(true), Some(false), Some(true), Some(false), None]
        );
        assert_eq!(
            of(&Passing::default()),
            [Some(true), Some(false), Some(true), Some(true), Some(false), None]
        );
        assert!(strict.names("typos") && !strict.names("tone"));
    }
}
