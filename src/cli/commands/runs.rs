//! `runstore runs`

use crate::cli::answer::Answer;
use crate::cli::arguments::Runs;
use crate::cli::cell::Cell;
use crate::cli::colour::Role;
use crate::cli::failure::Failure;
use crate::cli::numbers::{count, duration};
use crate::cli::page::Page;
use crate::cli::run_label::ShortIds;
use crate::cli::session::Session;
use crate::cli::suite_name;
use crate::cli::table::{Column, Table};
use crate::cli::times::ago;
use crate::model::{Damage, Readable, Run, Suite};
use crate::store::{Store, despite_damage};

pub(super) fn answer(arguments: &Runs, session: &Session<'_>) -> Result<Answer, Failure> {
    let store = session.store()?;
    let suite =
        arguments.suite.as_deref().map(|suite| suite_name::find(store, suite)).transpose()?;
    let Readable { readable: all, damaged } =
        despite_damage(|on| store.list_runs_despite(None, on))?;
    let limit = if arguments.limit == 0 { usize::MAX } else { arguments.limit };
    let is_asked = |run: &&Run| {
        suite.as_ref().is_none_or(|suite| suite.id == run.suite_id)
            && arguments.model.as_ref().is_none_or(|model| *model == run.model)
            && arguments.status.as_ref().is_none_or(|status| *status == run.status)
    };
    let total = all.iter().filter(is_asked).count();
    let listed: Vec<&Run> = all.iter().rev().filter(is_asked).take(limit).collect();
    let is_listed = |damage: &Damage| listed.iter().any(|run| run.id == damage.id);
    let failure = Failure::damaged(damaged.into_iter().filter(is_listed));
    if session.is_json() {
        return session.answer_with(&listed, failure, |_| {});
    }
    let listing = Listing::new(store, &all, &listed, session.now())?;
    session.answer_with(&listed, failure, |page| listing.write(page, total))
}

/// What is shown of some runs.
struct Listing<'r> {
    listed: &'r [&'r Run],
    suites: Vec<Suite>,
    cases: Vec<u64>,
    ids: ShortIds<'r>,
    now: i64,
}

impl<'r> Listing<'r> {
    fn new(
        store: &Store,
        all: &'r [Run],
        listed: &'r [&'r Run],
        now: i64,
    ) -> Result<Self, Failure> {
        let cases: Result<_, _> = listed.iter().map(|run| store.count_cases(&run.id)).collect();
        let ids = ShortIds::among(all.iter().map(|run| run.id.as_str()));
        Ok(Listing { listed, suites: store.list_suites()?, cases: cases?, ids, now })
    }

    fn write(&self, page: &mut Page, total: usize) {
        if self.listed.is_empty() {
            return page.line(&["There is no such run.".into()]);
        }
        let mut table = Table::new([
            Column::text("id"),
            Column::text("suite").cut_to(8).left_out(2),
            Column::text("name").cut_to(8),
            Column::text("model").cut_to(6),
            Column::text("status"),
            Column::number("cases").left_out(1),
            Column::text("started").left_out(3),
            Column::number("took").left_out(4),
        ]);
        for (run, cases) in self.listed.iter().zip(&self.cases) {
            table.row(self.row(run, *cases));
        }
        page.table(&table);
        if self.listed.len() < total {
            let note =
                format!("{} of {} runs; --limit 0 lists all", self.listed.len(), count(total));
            page.line(&[Cell::new(&note, Role::Faint)]);
        }
    }

    fn row(&self, run: &Run, cases: u64) -> [Cell; 8] {
        let suite = self.suites.iter().find(|suite| suite.id == run.suite_id);
        let took = run.finished_at.map(|finished| finished - run.started_at);
        [
            self.ids.of(&run.id).into(),
            Cell::optional(suite, |suite| Cell::from(&suite.name)),
            Cell::from(&run.name),
            Cell::from(&run.model),
            status(&run.status),
            count(cases).into(),
            ago(run.started_at, self.now).into(),
            Cell::optional(took, |took| duration(took).into()),
        ]
    }
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
