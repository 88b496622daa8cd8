//! `runstore suites`

use super::suite_changes;
use crate::answer::Answer;
use crate::arguments::Suites;
use crate::failure::Failure;
use crate::moment::Moment;
use crate::session::Session;
use runstore::model::Suite;
use runstore_report::cell::Cell;
use runstore_report::numbers::count;
use runstore_report::page::Page;
use runstore_report::table::{Column, Table};
use runstore_report::times::ago;

pub(super) fn answer(arguments: &Suites, session: &Session<'_>) -> Result<Answer, Failure> {
    match &arguments.command {
        None => session.at_one_moment(|store| list(store, session)),
        Some(command) => suite_changes::answer(command, session),
    }
}

fn list(store: &Moment<'_>, session: &Session<'_>) -> Result<Answer, Failure> {
    let suites = store.list_suites()?;
    let counts = if session.is_json() { vec![] } else { store.run_counts()? };
    session.answer(&suites, |page| write(page, &suites, &counts, session.now()))
}

fn write(page: &mut Page, suites: &[Suite], counts: &[(String, u64, f64)], now: i64) {
    if suites.is_empty() {
        return page.line(&[
            "The store has no suite yet; an evaluation that saves its runs creates one.".into(),
        ]);
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
