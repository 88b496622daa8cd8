//! `runstore verdicts`

use crate::cli::answer::Answer;
use crate::cli::arguments::Verdicts;
use crate::cli::cell::Cell;
use crate::cli::failure::Failure;
use crate::cli::numbers::signed;
use crate::cli::page::Page;
use crate::cli::report::role_of;
use crate::cli::run_label::short;
use crate::cli::session::Session;
use crate::cli::table::{Column, Table};
use crate::cli::times::ago;
use crate::cli::{run_name, suite_name};
use crate::model::{Verdict, VerdictFilter};

pub(super) fn answer(arguments: &Verdicts, session: &Session<'_>) -> Result<Answer, Failure> {
    let store = session.store()?;
    let suite =
        arguments.suite.as_deref().map(|suite| suite_name::find(store, suite)).transpose()?;
    let suite_id = suite.as_ref().map(|suite| suite.id.as_str());
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
            "There is no such verdict; \"runstore gate\" keeps one with --record.".into(),
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
