//! Selects and formats the entries of a listing.

use runstore::model::Decision;
use runstore_archive::{ArchivedRun, Query};
use runstore_report::cell::Cell;
use runstore_report::colour::Role;
use runstore_report::role_of;
use runstore_report::run_label::ShortIds;
use runstore_report::spreadsheet::{Cells, number};

use super::time;
use crate::arguments::Entries;
use crate::failure::Failure;
use crate::session::Session;

/// The titles of [`cells`].
pub(super) const TITLES: [&str; 12] = [
    "run_id",
    "model_id",
    "task_id",
    "metric_name",
    "ts",
    "path",
    "n_items",
    "config_hash",
    "delta",
    "p_value",
    "verdict",
    "parent_run_id",
];

/// Returns the query for the newest entries.
pub(super) fn query(arguments: &Entries, session: &Session<'_>) -> Result<Query, Failure> {
    Ok(Query {
        model_id: arguments.model.clone(),
        task_id: arguments.suite.clone(),
        metric_name: arguments.scorer.clone(),
        verdict: arguments.verdict.clone(),
        since: time("--since", arguments.since.as_deref(), session.now())?,
        until: time("--until", arguments.until.as_deref(), session.now())?,
        newest_first: true,
        limit: (arguments.limit > 0).then_some(arguments.limit),
        cursor: None,
    })
}

/// Returns an entry as a row of CSV.
pub(super) fn cells(run: &ArchivedRun) -> Cells {
    Cells::default()
        .text(&run.run_id)
        .text(&run.model_id)
        .text(&run.task_id)
        .text(&run.metric_name)
        .text(&run.ts)
        .text(&run.path)
        .own(run.n_items.to_string())
        .text(&run.config_hash)
        .own(number(run.delta))
        .own(number(run.p_value))
        .optional(run.verdict.as_deref())
        .optional(run.parent_run_id.as_deref())
}

/// Returns the shortened ids of runs.
pub(super) fn short_ids<'r>(runs: impl Iterator<Item = &'r ArchivedRun>) -> ShortIds<'r> {
    ShortIds::among(runs.map(ArchivedRun::run))
}

/// Returns the date and time at which a run started; an invalid time is shown as it is.
pub(super) fn started(run: &ArchivedRun) -> Cell {
    Cell::from(run.ts.get(..16).unwrap_or(&run.ts))
}

/// Returns the coloured verdict.
pub(super) fn verdict(run: &ArchivedRun) -> Cell {
    Cell::optional(run.verdict.as_deref(), |text| {
        let known = [Decision::Allow, Decision::Reject, Decision::Inconclusive];
        let decision = known.into_iter().find(|decision| decision.name() == text);
        Cell::new(text, decision.map_or(Role::Plain, role_of))
    })
}
