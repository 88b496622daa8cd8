//! `runstore archive list`

use runstore::model::Decision;
use runstore_archive::{Archive, ArchivedRun, Query};
use runstore_report::cell::Cell;
use runstore_report::colour::Role;
use runstore_report::numbers::{count, p_value, signed};
use runstore_report::page::Page;
use runstore_report::role_of;
use runstore_report::run_label::short;
use runstore_report::table::{Column, Table};
use serde::Serialize;

use super::time;
use crate::answer::Answer;
use crate::arguments::ListArchived;
use crate::failure::Failure;
use crate::session::Session;

#[derive(Serialize)]
struct Listed {
    runs: Vec<ArchivedRun>,
}

pub(super) fn answer(
    arguments: &ListArchived,
    archive: &Archive,
    session: &Session<'_>,
) -> Result<Answer, Failure> {
    let runs = archive.runs(&Query {
        model_id: arguments.model.clone(),
        task_id: arguments.suite.clone(),
        metric_name: arguments.scorer.clone(),
        verdict: arguments.verdict.clone(),
        since: time("--since", arguments.since.as_deref(), session.now())?,
        until: time("--until", arguments.until.as_deref(), session.now())?,
        newest_first: true,
        limit: (arguments.limit > 0).then_some(arguments.limit),
        cursor: None,
    })?;
    let listed = Listed { runs };
    session.answer(&listed, |page| write(page, &listed.runs))
}

fn write(page: &mut Page, runs: &[ArchivedRun]) {
    if runs.is_empty() {
        return page.line(&[
            "The archive has no such run; \"runstore archive push\" adds runs to it.".into(),
        ]);
    }
    let mut table = Table::new([
        Column::text("run"),
        Column::text("started"),
        Column::text("suite").cut_to(8).left_out(1),
        Column::text("model").cut_to(8),
        Column::text("scorer").cut_to(8).left_out(2),
        Column::number("scores").left_out(3),
        Column::number("delta"),
        Column::number("p").left_out(4),
        Column::text("verdict"),
    ]);
    for run in runs {
        table.row([
            short(run.run()).into(),
            Cell::from(run.ts.get(..16).unwrap_or(&run.ts)),
            Cell::from(&run.task_id),
            Cell::from(&run.model_id),
            Cell::from(&run.metric_name),
            count(run.n_items).into(),
            Cell::optional(run.delta, |delta| signed(delta).into()),
            Cell::optional(run.p_value, |p| p_value(p).into()),
            Cell::optional(run.verdict.as_deref(), verdict),
        ]);
    }
    page.table(&table);
}

fn verdict(text: &str) -> Cell {
    let known = [Decision::Allow, Decision::Reject, Decision::Inconclusive];
    let decision = known.into_iter().find(|decision| decision.name() == text);
    Cell::new(text, decision.map_or(Role::Plain, role_of))
}
