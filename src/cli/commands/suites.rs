//! `runstore suites`

use crate::cli::answer::Answer;
use crate::cli::cell::Cell;
use crate::cli::failure::Failure;
use crate::cli::numbers::count;
use crate::cli::page::Page;
use crate::cli::session::Session;
use crate::cli::table::{Column, Table};
use crate::cli::times::ago;
use crate::model::Suite;

pub(super) fn answer(session: &Session<'_>) -> Result<Answer, Failure> {
    let store = session.store()?;
    let suites = store.list_suites()?;
    let counts = if session.is_json() { vec![] } else { store.run_counts()? };
    session.answer(&suites, |page| write(page, &suites, &counts, session.now()))
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
