//! Finds the run that a name refers to: the core does it, and this adds hints to its errors.

use super::failure::Failure;
use super::moment::Moment;
use runstore::compare::{RunReference, words};
use runstore::error::{Code, StoreError};
use runstore::model::Run;

/// Returns the run that a name refers to; with `suite_id`, only runs of that suite are considered.
pub(super) fn find(store: &Moment<'_>, text: &str, suite_id: Option<&str>) -> Result<Run, Failure> {
    let named = store.find_run(text, suite_id).map_err(|error| hinted(store, error))?;
    if let Some(newer) = &named.newer {
        let newer = words::a_newer_run(&RunReference::of(store, newer, None)?);
        store.remark(format!("\"{text}\" is the latest completed run; {newer}"));
    }
    Ok(named.run)
}

/// Returns both runs of a comparison. A name that is relative to a suite (`latest`, `baseline`) refers to the suite of
/// the other run.
pub(super) fn find_both(
    store: &Moment<'_>,
    baseline: &str,
    candidate: &str,
    suite_id: Option<&str>,
) -> Result<(Run, Run), Failure> {
    let [mut before, mut after] = store
        .find_sides([&[baseline], &[candidate]], suite_id)
        .map_err(|error| hinted(store, error))?;
    Ok((before.swap_remove(0).run, after.swap_remove(0).run))
}

/// Adds a hint to the error for a run that does not exist: what to do first, or how runs are named.
pub(super) fn hinted(store: &Moment<'_>, error: StoreError) -> Failure {
    if error.code != Code::NotFound {
        return error.into();
    }
    let is_empty = store.run_counts().is_ok_and(|counts| counts.is_empty());
    let is_baseline = error.message().contains("no baseline");
    Failure::from(error).hint(match (is_empty, is_baseline) {
        (true, _) => "the store has no run yet; an evaluation that saves its runs creates one",
        (false, true) => {
            "\"runstore baseline set RUN\" sets it, \"runstore baseline list\" lists those of all suites; --suite names \
             another suite"
        }
        (false, false) => {
            "a run is named by its id, four or more characters of its start, its name, latest, latest:NAME, baseline or \
             baseline:NAME; \"runstore runs\" lists them"
        }
    })
}
