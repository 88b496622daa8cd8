//! `runstore verdicts`

use crate::answer::Answer;
use crate::arguments::Verdicts;
use crate::failure::Failure;
use crate::moment::Moment;
use crate::session::Session;
use crate::{run_name, suite_name};
use runstore::model::{Verdict, VerdictFilter};
use runstore_report::cell::Cell;
use runstore_report::numbers::signed;
use runstore_report::page::Page;
use runstore_report::role_of;
use runstore_report::run_label::short;
use runstore_report::table::{Column, Table};
use runstore_report::times::ago;

pub(super) fn answer(
    arguments: &Verdicts,
    store: &Moment<'_>,
    session: &Session<'_>,
) -> Result<Answer, Failure> {
    let suite_id = suite_name::find_id(store, arguments.suite.as_deref())?;
    let suite_id = suite_id.as_deref();
    let run =
        arguments.run.as_deref().map(|run| run_name::find(store, run, suite_id)).transpose()?;
    let verdicts = store.list_verdicts(&VerdictFilter {
        suite_id,
        run_id: run.as_ref().map(|run| run.id.as_str()),
        limit: (arguments.limit > 0).then_some(arguments.limit),
    })?;
    session.answer(&verdicts, |page| write(page, &verdicts, session.now()))
}

fn write(page: &mut Page, verdicts: &[Verdict], now: i64) {
    if verdicts.is_empty() {
        return page.line(&[
            "There is no such verdict; run \"runstore gate\" with --record to record one.".into(),
        ]);
    }
    let mut table = Table::new([
        Column::text("when"),
        Column::text("verdict"),
        Column::text("baseline").left_out(1),
        Column::text("candidate"),
        Column::text("scorers").cut_to(12),
    ]);
    for verdict in verdicts {
        table.row([
            ago(verdict.created_at as f64, now).into(),
            Cell::new(verdict.decision.name(), role_of(verdict.decision)),
            short(&verdict.baseline_run_id).into(),
            short(&verdict.candidate_run_id).into(),
            scorers(verdict).into(),
        ]);
    }
    page.table(&table);
}

fn scorers(verdict: &Verdict) -> String {
    let told = verdict.scorers.iter().map(|scorer| {
        format!("{} {}", scorer.scorer_name, scorer.delta.map_or("–".to_owned(), signed))
    });
    told.collect::<Vec<_>>().join(", ")
}
