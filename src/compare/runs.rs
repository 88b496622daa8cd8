//! The comparison of `@deepagents/evals`, number for number: cases are paired by idx, and a missing score counts as 0.
//!
//! It reports the difference of the means, without its uncertainty.

use super::pairing::{last_of_each_idx, pair_by_idx};
use super::scorers::Scorers;
use crate::error::Result;
use crate::store::{NumberColumn, RunScores, Store};

const OPERATION: &str = "compareRuns";

/// The limits of changes and regressions.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct CompareOptions {
    /// A delta of at most this size counts as unchanged, in units of the scores.
    pub tolerance: f64,
    /// A scorer regressed when its mean delta is below minus this, in units of the scores.
    pub regression_threshold: f64,
}

impl Default for CompareOptions {
    fn default() -> Self {
        CompareOptions { tolerance: 0.01, regression_threshold: 0.05 }
    }
}

/// The change of a score.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Change {
    /// It moved by at most the tolerance.
    Unchanged,
    /// It rose by more.
    Improved,
    /// It fell by more; this includes a delta that is NaN because infinities cancel.
    Regressed,
}

named!(Change {
    Unchanged = "unchanged",
    Improved = "improved",
    Regressed = "regressed",
});

impl Change {
    fn of(delta: f64, tolerance: f64) -> Self {
        if delta.abs() <= tolerance {
            Change::Unchanged
        } else if delta > 0.0 {
            Change::Improved
        } else {
            Change::Regressed
        }
    }
}

/// The result for one scorer.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct ScorerSummary {
    /// The scorer.
    pub name: String,
    /// The mean of the deltas, candidate − baseline, in units of the scores; 0 without cases.
    pub mean_delta: f64,
    /// Cases that improved.
    pub improved: u64,
    /// Cases that regressed.
    pub regressed: u64,
    /// Cases that did not change.
    pub unchanged: u64,
    /// Whether the mean delta is below minus the regression threshold.
    pub exceeds: bool,
}

/// Totals of the candidate − those of the baseline, over all cases of each run.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct CostDelta {
    /// Milliseconds.
    pub latency_ms: f64,
    /// Input tokens.
    pub tokens_in: f64,
    /// Output tokens.
    pub tokens_out: f64,
}

/// The comparison of two runs, by column: a cell for each case and scorer, case after case.
#[derive(Debug, Default)]
pub struct RunComparison {
    /// Cases of the baseline, paired or not.
    pub baseline_cases: usize,
    /// Cases of the candidate, paired or not.
    pub candidate_cases: usize,
    /// idx of each case in both runs, ascending.
    pub scorers: Vec<ScorerSummary>,
    /// idx of each case that is in both runs, upwards.
    pub index: NumberColumn,
    /// Scores of the baseline.
    pub baseline: Vec<f64>,
    /// Scores of the candidate.
    pub candidate: Vec<f64>,
    /// candidate − baseline.
    pub delta: Vec<f64>,
    /// The change of each score.
    pub change: Vec<Change>,
    /// The usage of the candidate relative to the baseline.
    pub cost: CostDelta,
}

/// Compares two runs of a store. An unknown run has no cases.
///
/// ```
/// use runstore::compare::{CompareOptions, compare_runs};
/// use runstore::db::OpenOptions;
///
/// let store = runstore::Store::open(":memory:", &OpenOptions::default())?;
/// let comparison = compare_runs(&store, "baseline", "candidate", &CompareOptions::default())?;
/// assert!(comparison.scorers.is_empty());
/// # Ok::<(), runstore::StoreError>(())
/// ```
pub fn compare_runs(
    store: &Store,
    baseline: &str,
    candidate: &str,
    options: &CompareOptions,
) -> Result<RunComparison> {
    let (baseline, candidate) = store.at_one_moment(OPERATION, || {
        let sides =
            (store.run_scores(baseline, OPERATION)?, store.run_scores(candidate, OPERATION)?);
        Ok::<_, crate::error::StoreError>(sides)
    })?;
    Ok(compare(&baseline, &candidate, options))
}

fn compare(baseline: &RunScores, candidate: &RunScores, options: &CompareOptions) -> RunComparison {
    let (before, after) = (last_of_each_idx(baseline), last_of_each_idx(candidate));
    let scorers = Scorers::of((baseline, &before), (candidate, &after));
    let pairs = pair_by_idx((baseline, &before), (candidate, &after));
    let mut comparison = RunComparison {
        baseline_cases: baseline.cases(),
        candidate_cases: candidate.cases(),
        cost: cost(baseline, candidate),
        ..RunComparison::default()
    };
    let width = scorers.names.len();
    let cells = pairs.len() * width;
    comparison.baseline = vec![0.0; cells];
    comparison.candidate = vec![0.0; cells];
    for (row, (one, other)) in pairs.iter().enumerate() {
        let cells = row * width..(row + 1) * width;
        comparison.index.push(baseline.idx[*one].as_value());
        let into = &mut comparison.baseline[cells.clone()];
        scorers.spread_baseline(baseline.of_case(*one), into);
        scorers.spread_candidate(candidate.of_case(*other), &mut comparison.candidate[cells]);
    }
    let sides = comparison.baseline.iter().zip(&comparison.candidate);
    comparison.delta = sides.map(|(before, after)| after - before).collect();
    let change = |delta: &f64| Change::of(*delta, options.tolerance);
    comparison.change = comparison.delta.iter().map(change).collect();
    comparison.scorers =
        summaries(&scorers.names, &comparison, pairs.len(), options.regression_threshold);
    comparison
}

fn cost(baseline: &RunScores, candidate: &RunScores) -> CostDelta {
    CostDelta {
        latency_ms: candidate.total_latency_ms - baseline.total_latency_ms,
        tokens_in: candidate.total_tokens_in - baseline.total_tokens_in,
        tokens_out: candidate.total_tokens_out - baseline.total_tokens_out,
    }
}

fn summaries(
    names: &[&str],
    comparison: &RunComparison,
    cases: usize,
    regression_threshold: f64,
) -> Vec<ScorerSummary> {
    let cells = || comparison.delta.iter().zip(&comparison.change);
    let summary = |(scorer, name): (usize, &&str)| {
        let mut summary = ScorerSummary { name: (*name).to_owned(), ..ScorerSummary::default() };
        for (delta, change) in cells().skip(scorer).step_by(names.len()) {
            // From left to right, as the reference adds them; the order affects the last digits.
            summary.mean_delta += delta;
            *match change {
                Change::Unchanged => &mut summary.unchanged,
                Change::Improved => &mut summary.improved,
                Change::Regressed => &mut summary.regressed,
            } += 1;
        }
        if cases > 0 {
            summary.mean_delta /= cases as f64;
        }
        summary.exceeds = summary.mean_delta < -regression_threshold;
        summary
    };
    names.iter().enumerate().map(summary).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::db::OpenOptions;
    use crate::model::{NewCase, NewRun, NewScore};
    use crate::store::Store;

    type Case<'a> = (f64, &'a [(&'a str, f64)]);

    fn run(store: &Store, cases: &[Case<'_>]) -> String {
        let suite = store.create_suite("suite").unwrap();
        let new = NewRun { suite_id: &suite.id, name: "run", model: "m", ..NewRun::default() };
        let id = store.create_run(&new).unwrap();
        for (at, (idx, scores)) in cases.iter().enumerate() {
            let case_id = format!("{id}-{at}");
            let case = NewCase {
                id: Some(&case_id),
                run_id: &id,
                idx: *idx,
                input: "null",
                latency_ms: Some(100.0),
                ..NewCase::default()
            };
            store.save_cases([Ok(case)]).unwrap();
            for (scorer_name, score) in *scores {
                let case_id = case_id.as_str();
                let new = NewScore { case_id, scorer_name, score: *score, ..NewScore::default() };
                store.save_scores([Ok(new)]).unwrap();
            }
        }
        id
    }

    fn compared(baseline: &[Case<'_>], candidate: &[Case<'_>]) -> RunComparison {
        let store = Store::open(":memory:", &OpenOptions::default()).unwrap();
        let (baseline, candidate) = (run(&store, baseline), run(&store, candidate));
        compare_runs(&store, &baseline, &candidate, &CompareOptions::default()).unwrap()
    }

    #[test]
    fn cases_are_paired_by_idx_and_the_last_of_one_idx_counts() {
        let comparison = compared(
            &[(2.0, &[("a", 0.5)]), (0.0, &[("a", 0.25)]), (0.0, &[("a", 1.0)])],
            &[(0.0, &[("a", 0.0)]), (2.0, &[("a", 0.75)]), (3.0, &[("a", 0.0)])],
        );
        assert_eq!(comparison.index.values, [0.0, 2.0]);
        assert_eq!(comparison.delta, [-1.0, 0.25]);
        assert_eq!((comparison.baseline_cases, comparison.candidate_cases), (3, 3));
        assert_eq!(comparison.scorers[0].mean_delta, -0.375);
        assert!(comparison.scorers[0].exceeds);
    }

    #[test]
    fn a_missing_score_is_0_and_the_last_score_of_a_scorer_counts() {
        let comparison = compared(
            &[(0.0, &[("a", 0.5), ("b", 0.9), ("b", 0.2)])],
            &[(0.0, &[("a", f64::INFINITY), ("c", 0.4)])],
        );
        let names: Vec<&str> = comparison.scorers.iter().map(|one| one.name.as_str()).collect();
        assert_eq!(names, ["a", "b", "c"]);
        assert_eq!(comparison.baseline, [0.5, 0.2, 0.0]);
        assert_eq!(comparison.candidate, [0.0, 0.0, 0.4]);
        use Change::{Improved, Regressed};
        assert_eq!(comparison.change, [Regressed, Regressed, Improved]);
    }

    #[test]
    fn scorers_come_in_the_order_in_which_they_were_saved_and_not_by_name() {
        let comparison = compared(&[(0.0, &[("z", 1.0), ("a", 1.0)])], &[(0.0, &[("m", 1.0)])]);
        let names: Vec<&str> = comparison.scorers.iter().map(|one| one.name.as_str()).collect();
        assert_eq!(names, ["z", "a", "m"]);
    }

    #[test]
    fn the_cost_is_that_of_all_cases() {
        let comparison = compared(&[(0.0, &[])], &[(1.0, &[]), (2.0, &[]), (3.0, &[])]);
        assert_eq!(comparison.cost.latency_ms, 200.0);
        assert!(comparison.index.values.is_empty());
    }
}
