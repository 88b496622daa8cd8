//! `runstore report delete`, `clear` and `prune`: they list what they will remove, and ask for confirmation.

use std::io::ErrorKind;
use std::path::{Path, PathBuf};

use serde::Serialize;

use super::source::{Counted, Source, list_files, names_file};
use crate::answer::Answer;
use crate::arguments::{ReportClear, ReportDelete, ReportPrune, Sure};
use crate::failure::Failure;
use crate::session::Session;
use crate::suite_name;
use runstore::StoreError;
use runstore::maintenance::{PruneOptions, PrunedRun, prune as prune_store};
use runstore::model::{RUNNING, Run};
use runstore::store::{Store, refuse};
use runstore_report::cell::Cell;
use runstore_report::colour::Role;
use runstore_report::numbers::{count, counted};
use runstore_report::page::Page;
use runstore_report::run_label::short;
use runstore_report::table::{Column, Table};
use runstore_report::times::ago;

/// Maximum number of runs shown.
const SHOWN: usize = 20;

/// Maximum number of runs named in the question.
const NAMED: usize = 3;

/// The removed runs, or in a dry run those that would be removed.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Removed {
    runs: Vec<String>,
    dry_run: bool,
}

/// What to remove.
enum Doomed {
    /// A run of the store.
    Run { id: String, name: String, model: String, started_at: f64, cases: u64, running: bool },
    /// A run file.
    File(PathBuf),
}

impl Doomed {
    fn run(run: Run, store: &Store) -> runstore::Result<Doomed> {
        let Run { id, name, model, started_at, status, .. } = run;
        let cases = store.count_cases(&id)?;
        Ok(Doomed::Run { id, name, model, started_at, cases, running: status == RUNNING })
    }

    fn cases(&self) -> u64 {
        match self {
            Doomed::Run { cases, .. } => *cases,
            Doomed::File(_) => 0,
        }
    }

    fn id(&self) -> String {
        match self {
            Doomed::Run { id, .. } => id.clone(),
            Doomed::File(path) => stem(path),
        }
    }

    fn in_words(&self) -> String {
        match self {
            Doomed::Run { id, name, model, .. } => format!("{name} of {model} ({})", short(id)),
            Doomed::File(path) => stem(path),
        }
    }

    /// Removes it, unless it is gone or, as a run of the store, has been resumed since it was listed; returns whether it
    /// did. Each run is deleted in a transaction of its own, so that other writers need not wait for all of them.
    fn remove(&self, session: &Session<'_>) -> Result<bool, Failure> {
        match self {
            Doomed::File(path) => match std::fs::remove_file(path) {
                Err(error) if error.kind() == ErrorKind::NotFound => Ok(false),
                Err(error) => Err(StoreError::io("delete", path, &error).into()),
                Ok(()) => Ok(true),
            },
            Doomed::Run { id, running, .. } => session.all_or_nothing(|store| {
                let as_listed = |run: Run| *running || run.status != RUNNING;
                let removed = store.get_run(id, &refuse)?.is_some_and(as_listed);
                if removed {
                    store.delete_run(id)?;
                }
                Ok(removed)
            }),
        }
    }
}

fn stem(path: &Path) -> String {
    path.file_stem().map(|stem| stem.to_string_lossy().into_owned()).unwrap_or_default()
}

pub(super) fn delete(arguments: &ReportDelete, session: &Session<'_>) -> Result<Answer, Failure> {
    // Opened for writing at once if it will be written to.
    if arguments.run.place.results_dir.is_none()
        && !arguments.sure.dry_run
        && !names_file(&arguments.run.run, session)
    {
        session.writable_store()?;
    }
    let doomed = Source::read(&arguments.run, session, |source| {
        Ok(match source {
            Source::Store(store, id) => {
                store.get_run(id, &refuse)?.map(|run| Doomed::run(run, store)).transpose()?
            }
            Source::File(path) => Some(Doomed::File(path.clone())),
        })
    })?;
    answer(doomed.into_iter().collect(), &arguments.sure, session)
}

pub(super) fn clear(arguments: &ReportClear, session: &Session<'_>) -> Result<Answer, Failure> {
    let doomed = match &arguments.place.results_dir {
        Some(folder) => files(folder, session)?.map(Doomed::File).collect(),
        None => {
            let store = opened(&arguments.sure, session)?;
            let suite = suite(arguments.place.suite.as_deref(), session)?;
            let runs = store.list_runs(suite.as_deref(), &refuse)?;
            // Running runs may still be written to.
            let ended = runs.into_iter().filter(|run| run.status != RUNNING);
            ended.map(|run| Doomed::run(run, store)).collect::<runstore::Result<_>>()?
        }
    };
    answer(doomed, &arguments.sure, session)
}

pub(super) fn prune(arguments: &ReportPrune, session: &Session<'_>) -> Result<Answer, Failure> {
    let keep = arguments.keep;
    let doomed = match &arguments.place.results_dir {
        Some(folder) => files(folder, session)?.skip(keep).map(Doomed::File).collect(),
        None => {
            let store = opened(&arguments.sure, session)?;
            let suite = suite(arguments.place.suite.as_deref(), session)?;
            let options = PruneOptions {
                keep: Some(keep as u64),
                suite_id: suite.as_deref(),
                dry_run: true,
                ..PruneOptions::default()
            };
            let report = prune_store(store, &options, &mut |_, _| {})?;
            let doomed = |PrunedRun { id, name, model, started_at, cases, .. }| Doomed::Run {
                started_at: started_at as f64,
                cases: cases.unsigned_abs(),
                running: false,
                id,
                name,
                model,
            };
            report.runs.into_iter().map(doomed).collect()
        }
    };
    answer(doomed, &arguments.sure, session)
}

fn opened<'s>(sure: &Sure, session: &'s Session<'_>) -> Result<&'s Store, Failure> {
    if sure.dry_run { session.store() } else { session.writable_store() }
}

fn suite(name: Option<&str>, session: &Session<'_>) -> Result<Option<String>, Failure> {
    session.at_one_moment(|store| suite_name::find_id(store, name))
}

/// Returns the run files of a folder, newest first. Files that cannot be read as run files may be anything, and are
/// kept.
fn files(
    folder: &Path,
    session: &Session<'_>,
) -> Result<impl Iterator<Item = PathBuf> + use<>, Failure> {
    let files = list_files(folder, session)?;
    Ok(files.into_iter().filter(|file| file.error.is_none()).map(|file| file.path))
}

fn answer(mut doomed: Vec<Doomed>, sure: &Sure, session: &Session<'_>) -> Result<Answer, Failure> {
    if !sure.dry_run && !doomed.is_empty() {
        sure.ask(&what_goes(&doomed), session)?;
        doomed = remove(doomed, session)?;
    }
    let removed = Removed { runs: doomed.iter().map(Doomed::id).collect(), dry_run: sure.dry_run };
    session.answer(&removed, |page| {
        let all = counted(doomed.len(), "run");
        let words = match (doomed.is_empty(), sure.dry_run) {
            (true, _) => "There is nothing to delete.".to_owned(),
            (false, true) => format!("{all} would be deleted, and nothing was:"),
            (false, false) => format!("{all} deleted:"),
        };
        page.words("", &words, Role::Plain);
        write_list(page, &doomed, session.now());
    })
}

/// Returns what was removed.
fn remove(doomed: Vec<Doomed>, session: &Session<'_>) -> Result<Vec<Doomed>, Failure> {
    let mut counted = Counted::new("delete", doomed.iter().map(Doomed::cases).sum(), session);
    counted.add(0);
    let mut removed = vec![];
    for one in doomed {
        let cases = one.cases();
        if one.remove(session)? {
            removed.push(one);
        }
        counted.add(cases);
    }
    Ok(removed)
}

fn write_list(page: &mut Page, doomed: &[Doomed], now: i64) {
    let of_store = doomed.iter().any(|one| matches!(one, Doomed::Run { .. }));
    let mut table = Table::new([
        Column::text("run"),
        Column::text("name").cut_to(8),
        Column::text("model").cut_to(6).left_out(2),
        Column::text("started"),
        Column::number("attempts").left_out(1),
    ]);
    for one in doomed.iter().take(SHOWN) {
        match one {
            Doomed::Run { id, name, model, started_at, cases, .. } => table.row([
                short(id).into(),
                Cell::from(name),
                Cell::from(model),
                ago(*started_at, now).into(),
                count(*cases).into(),
            ]),
            Doomed::File(_) => page.words("- ", &one.id(), Role::Plain),
        }
    }
    if of_store {
        page.table(&table);
    }
    page.more(doomed.len() as u64, SHOWN);
}

fn what_goes(doomed: &[Doomed]) -> String {
    let named: Vec<String> = doomed.iter().take(NAMED).map(Doomed::in_words).collect();
    let more = match doomed.len().saturating_sub(NAMED) {
        0 => String::new(),
        more => format!(" and {more} more"),
    };
    format!("{}: {}{more}", counted(doomed.len(), "run"), named.join(", "))
}
