//! `runstore runs`

use super::history::since;
use super::run_changes;
use crate::answer::Answer;
use crate::arguments::Runs;
use crate::failure::Failure;
use crate::session::Session;
use crate::suite_name;
use runstore::model::{Readable, Run, RunQuery, Suite};
use runstore::store::{Store, despite_damage};
use runstore_report::cell::Cell;
use runstore_report::colour::Role;
use runstore_report::numbers::{count, duration};
use runstore_report::page::Page;
use runstore_report::run_label::ShortIds;
use runstore_report::table::{Column, Table};
use runstore_report::times::ago;

pub(super) fn answer(arguments: &Runs, session: &Session<'_>) -> Result<Answer, Failure> {
    match &arguments.command {
        None => list(arguments, session),
        Some(command) => run_changes::answer(command, session),
    }
}

fn list(arguments: &Runs, session: &Session<'_>) -> Result<Answer, Failure> {
    let store = session.store()?;
    let query = query(arguments, store, session)?;
    let Readable { readable: page, damaged } =
        despite_damage(|on| store.find_all_runs(&query, on))?;
    let failure = Failure::damaged(damaged.into_iter());
    if session.is_json() {
        return session.answer_with(&page.runs, failure, |_| {});
    }
    let listing = Listing::new(store, &page.runs, session.now())?;
    let is_cut = page.cursor.is_some();
    session.answer_with(&page.runs, failure, |written| listing.write(written, is_cut))
}

fn query(arguments: &Runs, store: &Store, session: &Session<'_>) -> Result<RunQuery, Failure> {
    let suite =
        arguments.suite.as_deref().map(|suite| suite_name::find(store, suite)).transpose()?;
    let since = arguments.since.as_deref().map(|text| since(text, session.now())).transpose()?;
    let limit = u32::try_from(arguments.limit).unwrap_or(u32::MAX);
    Ok(RunQuery {
        suite: suite.map(|suite| suite.id),
        model: arguments.model.clone(),
        status: arguments.status.clone(),
        tag: arguments.tag.clone(),
        checkpoint: arguments.checkpoint.clone(),
        benchmark: arguments.benchmark.clone(),
        search: arguments.search.clone(),
        since,
        limit: Some(if limit == 0 { u32::MAX } else { limit }),
        ..RunQuery::default()
    })
}

/// The column that is there where a run has a checkpoint.
const CHECKPOINT: usize = 4;

/// What is shown of some runs.
struct Listing<'r> {
    listed: &'r [Run],
    suites: Vec<Suite>,
    cases: Vec<u64>,
    /// What stands for their ids.
    ids: Vec<String>,
    now: i64,
}

impl<'r> Listing<'r> {
    fn new(store: &Store, listed: &'r [Run], now: i64) -> Result<Self, Failure> {
        let cases: Result<_, _> = listed.iter().map(|run| store.count_cases(&run.id)).collect();
        let ids = short_ids(store, listed)?;
        Ok(Listing { listed, suites: store.list_suites()?, cases: cases?, ids, now })
    }

    fn write(&self, page: &mut Page, is_more: bool) {
        if self.listed.is_empty() {
            return page.line(&["There is no such run.".into()]);
        }
        page.table(&self.table());
        if is_more {
            let note = format!("the newest {}; --limit 0 lists all", self.listed.len());
            page.line(&[Cell::new(&note, Role::Faint)]);
        }
    }

    fn table(&self) -> Table {
        let has_checkpoints = self.listed.iter().any(|run| run.more.checkpoint.is_some());
        let mut columns = vec![
            Column::text("id"),
            Column::text("suite").cut_to(8).left_out(2),
            Column::text("name").cut_to(8),
            Column::text("model").cut_to(6),
            Column::text("checkpoint").cut_to(6).left_out(5),
            Column::text("status"),
            Column::number("cases").left_out(1),
            Column::text("started").left_out(3),
            Column::number("took").left_out(4),
        ];
        if !has_checkpoints {
            columns.remove(CHECKPOINT);
        }
        let mut table = Table::new(columns);
        for ((run, cases), id) in self.listed.iter().zip(&self.cases).zip(&self.ids) {
            let mut cells = self.row(run, id, *cases).to_vec();
            if !has_checkpoints {
                cells.remove(CHECKPOINT);
            }
            table.row(cells);
        }
        table
    }

    fn row(&self, run: &Run, id: &str, cases: u64) -> [Cell; 9] {
        let suite = self.suites.iter().find(|suite| suite.id == run.suite_id);
        let took = run.finished_at.map(|finished| finished - run.started_at);
        [
            id.into(),
            Cell::optional(suite, |suite| Cell::from(&suite.name)),
            Cell::from(&run.name),
            Cell::from(&run.model),
            Cell::optional(
                run.more.checkpoint.as_ref().and_then(|one| one.name.as_ref()),
                Cell::from,
            ),
            status(&run.status),
            count(cases).into(),
            ago(run.started_at, self.now).into(),
            Cell::optional(took, |took| duration(took).into()),
        ]
    }
}

/// Returns the shortest ids by which the runs are known among all that there are: those beside them tell.
fn short_ids(store: &Store, listed: &[Run]) -> Result<Vec<String>, Failure> {
    let mut all: Vec<String> = Vec::with_capacity(listed.len() * 3);
    for run in listed {
        all.push(run.id.clone());
        all.extend(store.ids_beside(&run.id)?);
    }
    let short = ShortIds::among(all.iter().map(String::as_str));
    Ok(listed.iter().map(|run| short.of(&run.id).to_owned()).collect())
}

/// Returns the status in its colour.
pub(super) fn status(status: &str) -> Cell {
    let role = match status {
        "completed" => Role::Plain,
        "running" => Role::Unsure,
        _ => Role::Bad,
    };
    Cell::new(status, role)
}
