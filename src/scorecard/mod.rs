//! Scorecards of runs: the metrics of a run and of each of its cases, measured by the thresholds of the suite.
//!
//! [`Tally`] computes them from rows of any source, so that a store, a file and a report agree.

mod card;
mod grade;
mod judge;
mod passing;
mod tally;
pub mod words;

pub use card::{Metrics, RunScorecard, SampleScorecard, Scorecard};
pub use grade::{Grade, GradeReason};
pub(crate) use judge::rounding;
pub use judge::{grade_of, judge, judge_run};
pub use passing::Passing;
pub use tally::{FIXED_METRICS, PassCounts, Tally, is_of_scorer, sample_id};

use crate::error::Result;
use crate::store::Store;

const OPERATION: &str = "getScorecard";

/// The score from which a case passes if its scorer has no threshold.
pub const PASSING_SCORE: f64 = crate::model::THRESHOLD;

/// Returns the scorecard of a run if its suite has thresholds; otherwise no case is read. Errors name `operation`.
pub fn scorecard_by_thresholds(
    store: &Store,
    run_id: &str,
    operation: &str,
) -> Result<Option<RunScorecard>> {
    let run = store.needed_run(operation, run_id)?;
    match store.thresholds_for(operation, &run.suite_id)?.is_empty() {
        true => Ok(None),
        false => get_scorecard(store, run_id, &mut drop).map(Some),
    }
}

/// Returns the scorecard of a run. `each` receives those of its cases, by idx; none of them is kept.
///
/// # Errors
/// If there is no such run.
pub fn get_scorecard(
    store: &Store,
    run_id: &str,
    each: &mut dyn FnMut(SampleScorecard),
) -> Result<RunScorecard> {
    store.at_one_moment(OPERATION, || {
        let run = store.needed_run(OPERATION, run_id)?;
        let mut tally = Tally::new(store.thresholds_for(OPERATION, &run.suite_id)?);
        store.each_scored_case(run_id, OPERATION, &mut |case| each(tally.add(case)))?;
        Ok(RunScorecard {
            card: tally.card(&run.status),
            run_id: run.id,
            suite_id: run.suite_id,
            model: run.model,
            samples: None,
        })
    })
}
