//! `runstore suites`

use crate::answer::Answer;
use crate::arguments::{Suites, SuitesCommand, UniteSuites};
use crate::failure::Failure;
use crate::session::Session;
use runstore::model::Suite;
use runstore_report::cell::Cell;
use runstore_report::numbers::{count, counted};
use runstore_report::page::Page;
use runstore_report::table::{Column, Table};
use runstore_report::times::ago;

pub(super) fn answer(arguments: &Suites, session: &Session<'_>) -> Result<Answer, Failure> {
    match &arguments.command {
        None => list(session),
        Some(SuitesCommand::Unite(unite)) => unite_suites(unite, session),
    }
}

fn list(session: &Session<'_>) -> Result<Answer, Failure> {
    let store = session.store()?;
    let suites = store.list_suites()?;
    let counts = if session.is_json() { vec![] } else { store.run_counts()? };
    session.answer(&suites, |page| write(page, &suites, &counts, session.now()))
}

fn unite_suites(arguments: &UniteSuites, session: &Session<'_>) -> Result<Answer, Failure> {
    let united = session.writable_store()?.unite_suites(&arguments.name)?;
    let name = &united.suite.name;
    let words = match united.removed.len() {
        0 => format!("Only one suite is called {name}; nothing was changed."),
        others => format!(
            "Moved {} to the suite {name} ({}) and removed {}.",
            counted(usize::try_from(united.runs).unwrap_or(usize::MAX), "run"),
            united.suite.id,
            counted(others, "suite"),
        ),
    };
    session.answer(&united, |page| page.line(&[words.into()]))
}

fn write(page: &mut Page, suites: &[Suite], counts: &[(String, u64, f64)], now: i64) {
    if suites.is_empty() {
        return page.line(&["The store has no suite yet.".into()]);
    }
    let mut table = Table::new([
        Column::text("name").cut_to(12),
        Column::number("runs"),
        Column::text("last run"),
        Column::text("made").left_out(1),
        Column::text("id").left_out(2),
    ]);
    for suite in suites {
        let counted = counts.iter().find(|(id, _, _)| *id == suite.id);
        let (number, last) = counted.map_or((0, None), |(_, number, last)| (*number, Some(*last)));
        table.row([
            Cell::from(&suite.name),
            count(number).into(),
            Cell::optional(last, |last| ago(last, now).into()),
            ago(suite.created_at as f64, now).into(),
            Cell::from(&suite.id),
        ]);
    }
    page.table(&table);
}
