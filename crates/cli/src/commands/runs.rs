//! `runstore runs`

use super::history::since;
use super::run_changes;
use crate::answer::Answer;
use crate::arguments::Runs;
use crate::failure::Failure;
use crate::moment::Moment;
use crate::session::Session;
use crate::suite_name;
use runstore::compare::words::status_in_words;
use runstore::model::{RUNNING, Readable, Run, RunOwner, RunQuery, Suite};
use runstore::page::{RunFigures, run_figures};
use runstore::store::{Store, despite_damage};
use runstore_report::cell::Cell;
use runstore_report::colour::Role;
use runstore_report::numbers::{count, duration, figure, percent};
use runstore_report::page::Page;
use runstore_report::run_label::ShortIds;
use runstore_report::table::{Column, Table};
use runstore_report::times::ago;

pub(super) fn answer(arguments: &Runs, session: &Session<'_>) -> Result<Answer, Failure> {
    match &arguments.command {
        None => session.at_one_moment(|store| list(arguments, store, session)),
        Some(command) => run_changes::answer(command, session),
    }
}

fn list(arguments: &Runs, store: &Moment<'_>, session: &Session<'_>) -> Result<Answer, Failure> {
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

fn query(arguments: &Runs, store: &Moment<'_>, session: &Session<'_>) -> Result<RunQuery, Failure> {
    let since = arguments.since.as_deref().map(|text| since(text, session.now())).transpose()?;
    let limit = u32::try_from(arguments.limit).unwrap_or(u32::MAX);
    Ok(RunQuery {
        suite: suite_name::find_id(store, arguments.suite.as_deref())?,
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

const OPERATION: &str = "runs";

/// The data of a list of runs.
struct Listing<'r> {
    rows: Vec<Listed<'r>>,
    suites: Vec<Suite>,
    /// Whether the store has any run, listed or not.
    is_empty: bool,
    now: i64,
}

/// A run with related data.
struct Listed<'r> {
    run: &'r Run,
    /// The shortened id.
    id: String,
    figures: RunFigures,
    /// The owner, if it is running.
    owner: Option<RunOwner>,
}

impl Listed<'_> {
    fn passed(&self) -> Cell {
        let RunFigures { passed, failed, .. } = self.figures;
        let judged = passed + failed;
        let share = (judged > 0).then(|| passed as f64 / judged as f64);
        Cell::optional(share, |share| percent(share).into())
    }

    fn mean(&self, scorer: &str) -> Cell {
        Cell::optional(self.figures.means.get(scorer), |mean| figure(mean.mean).into())
    }

    fn heartbeat(&self, now: i64) -> Cell {
        Cell::optional(self.owner.as_ref(), |owner| {
            let told = ago(owner.heartbeat_at as f64, now);
            match owner.alive {
                Some(false) => Cell::new(&format!("{told}, process ended"), Role::Bad),
                _ => told.into(),
            }
        })
    }
}

/// A column of the list.
#[derive(Clone, Copy)]
enum Part<'s> {
    Id,
    Suite,
    Name,
    Model,
    Checkpoint,
    Status,
    Heartbeat,
    Attempts,
    Passed,
    Mean(&'s str),
    Started,
    Took,
}

impl Part<'_> {
    fn column(self) -> Column {
        match self {
            Part::Id => Column::text("id"),
            Part::Suite => Column::text("suite").cut_to(8).left_out(2),
            Part::Name => Column::text("name").cut_to(8),
            Part::Model => Column::text("model").cut_to(6),
            Part::Checkpoint => Column::text("checkpoint").cut_to(6).left_out(6),
            Part::Status => Column::text("status"),
            Part::Heartbeat => Column::text("heartbeat").left_out(3),
            Part::Attempts => Column::number("attempts").left_out(1),
            Part::Passed => Column::number("passed"),
            Part::Mean(scorer) => Column::number(scorer).cut_to(5).left_out(4),
            Part::Started => Column::text("started").left_out(5),
            Part::Took => Column::number("took").left_out(7),
        }
    }

    fn cell(self, row: &Listed<'_>, listing: &Listing<'_>) -> Cell {
        let run = row.run;
        match self {
            Part::Id => (&row.id).into(),
            Part::Suite => {
                let suite = listing.suites.iter().find(|suite| suite.id == run.suite_id);
                Cell::optional(suite, |suite| Cell::from(&suite.name))
            }
            Part::Name => (&run.name).into(),
            Part::Model => (&run.model).into(),
            Part::Checkpoint => {
                let name = run.more.checkpoint.as_ref().and_then(|one| one.name.as_ref());
                Cell::optional(name, Cell::from)
            }
            Part::Status => Cell::new(&run.status, status_role(&run.status)),
            Part::Heartbeat => row.heartbeat(listing.now),
            Part::Attempts => count(row.figures.cases).into(),
            Part::Passed => row.passed(),
            Part::Mean(scorer) => row.mean(scorer),
            Part::Started => ago(run.started_at, listing.now).into(),
            Part::Took => {
                let took = run.finished_at.map(|finished| finished - run.started_at);
                Cell::optional(took, |took| duration(took).into())
            }
        }
    }
}

impl<'r> Listing<'r> {
    fn new(store: &Store, listed: &'r [Run], now: i64) -> Result<Self, Failure> {
        let rows = listed.iter().zip(short_ids(store, listed)?).map(|(run, id)| {
            let is_running = run.status == RUNNING;
            Ok(Listed {
                run,
                id,
                figures: run_figures(store, &run.id, OPERATION)?,
                owner: if is_running { store.get_run_owner(&run.id)? } else { None },
            })
        });
        let rows = rows.collect::<Result<_, Failure>>()?;
        let is_empty = listed.is_empty() && store.run_counts()?.is_empty();
        Ok(Listing { rows, suites: store.list_suites()?, is_empty, now })
    }

    fn write(&self, page: &mut Page, is_more: bool) {
        if self.is_empty {
            return page.words("", NO_RUN, Role::Plain);
        }
        if self.rows.is_empty() {
            return page.line(&["There is no such run.".into()]);
        }
        let parts = self.parts();
        let mut table = Table::new(parts.iter().map(|part| part.column()).collect::<Vec<_>>());
        for row in &self.rows {
            table.row(parts.iter().map(|part| part.cell(row, self)).collect::<Vec<_>>());
        }
        page.table(&table);
        if is_more {
            let note = format!("the newest {}; --limit 0 lists all", self.rows.len());
            page.line(&[Cell::new(&note, Role::Faint)]);
        }
    }

    /// Returns the columns that are not empty.
    fn parts(&self) -> Vec<Part<'_>> {
        let has = |is: fn(&Listed<'_>) -> bool| self.rows.iter().any(is);
        let mut parts = vec![Part::Id, Part::Suite, Part::Name, Part::Model];
        parts.extend(has(|row| row.run.more.checkpoint.is_some()).then_some(Part::Checkpoint));
        parts.push(Part::Status);
        parts.extend(has(|row| row.owner.is_some()).then_some(Part::Heartbeat));
        parts.extend([Part::Attempts, Part::Passed]);
        parts.extend(self.first_scorer().map(Part::Mean));
        parts.extend([Part::Started, Part::Took]);
        parts
    }

    /// Returns the first scorer by name of the newest run with scores.
    fn first_scorer(&self) -> Option<&str> {
        let mut scorers = self.rows.iter().filter_map(|row| row.figures.means.keys().next());
        scorers.next().map(String::as_str)
    }
}

pub(super) const NO_RUN: &str = "The store has no run yet. An evaluation creates one with openRun() and saveResults() of the package \
     \"runstore\"; \"runstore import\" imports runs that another program wrote.";

/// Returns the shortest unambiguous ids among all runs; comparing with their neighbours in order is sufficient.
fn short_ids(store: &Store, listed: &[Run]) -> Result<Vec<String>, Failure> {
    let mut all: Vec<String> = Vec::with_capacity(listed.len() * 3);
    for run in listed {
        all.push(run.id.clone());
        all.extend(store.ids_beside(&run.id)?);
    }
    let short = ShortIds::among(all.iter().map(String::as_str));
    Ok(listed.iter().map(|run| short.of(&run.id).to_owned()).collect())
}

/// Returns the coloured status of a run, for which the list has no column of heartbeats.
pub(super) fn status_of(run: &Run, owner_ended: bool) -> Cell {
    let role = if owner_ended { Role::Bad } else { status_role(&run.status) };
    Cell::new(&status_in_words(&run.status, owner_ended), role)
}

fn status_role(status: &str) -> Role {
    match status {
        "completed" => Role::Plain,
        "running" => Role::Unsure,
        _ => Role::Bad,
    }
}
