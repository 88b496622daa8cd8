//! `runstore suites`

use crate::cli::answer::Answer;
use crate::cli::cell::Cell;
use crate::cli::failure::Failure;
use crate::cli::numbers::count;
use crate::cli::page::Page;
use crate::cli::session::Session;
use crate::cli::table::{Column, Table};
use crate::cli::times::ago;
use crate::model::{Run, Suite};

pub(super) fn answer(session: &Session<'_>) -> Result<Answer, Failure> {
    let store = session.store()?;
    let suites = store.list_suites()?;
    let runs =
        if session.is_json() { vec![] } else { store.list_runs_despite(None, &|_| Ok(()))? };
    session.answer(&suites, |page| write(page, &suites, &runs, session.now()))
}

fn write(page: &mut Page, suites: &[Suite], runs: &[Run], now: i64) {
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
        let mut of_suite = runs.iter().filter(|run| run.suite_id == suite.id).peekable();
        let is_used = of_suite.peek().is_some();
        let (number, last) = of_suite.fold((0_usize, f64::NEG_INFINITY), |(number, last), run| {
            (number + 1, last.max(run.started_at))
        });
        table.row([
            Cell::from(&suite.name),
            count(number).into(),
            Cell::optional(is_used.then_some(last), |last| ago(last, now).into()),
            ago(suite.created_at as f64, now).into(),
            Cell::from(&suite.id),
        ]);
    }
    page.table(&table);
}
