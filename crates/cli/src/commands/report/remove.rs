//! `runstore report delete`, `clear` and `prune`: they list what they will remove, and ask for confirmation.

use std::path::{Path, PathBuf};

use serde::Serialize;

use super::source::{Source, list_files, names_file};
use crate::answer::Answer;
use crate::arguments::{ReportClear, ReportDelete, ReportPrune, Sure};
use crate::failure::Failure;
use crate::session::Session;
use crate::suite_name;
use runstore::maintenance::{PruneOptions, prune as prune_store};
use runstore::model::RUNNING;
use runstore::store::{Store, refuse};
use runstore_report::colour::Role;
use runstore_report::numbers::counted;

/// Maximum number of runs shown.
const SHOWN: usize = 20;

/// The removed runs, or in a dry run those that would be removed.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Removed {
    runs: Vec<String>,
    dry_run: bool,
}

/// The runs to remove.
enum Doomed {
    /// Runs of the store.
    Runs(Vec<String>),
    /// Files.
    Files(Vec<PathBuf>),
}

impl Doomed {
    fn names(&self) -> Vec<String> {
        match self {
            Doomed::Runs(ids) => ids.clone(),
            Doomed::Files(paths) => paths.iter().map(|path| stem(path)).collect(),
        }
    }

    fn remove(&self, session: &Session<'_>) -> Result<(), Failure> {
        match self {
            Doomed::Runs(ids) => {
                session.all_or_nothing(|store| {
                    Ok(ids.iter().try_for_each(|id| store.delete_run(id))?)
                })?;
            }
            Doomed::Files(paths) => {
                for path in paths {
                    std::fs::remove_file(path)
                        .map_err(|error| runstore::StoreError::io("delete", path, &error))?;
                }
            }
        }
        Ok(())
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
            Source::Store(_, id) => Doomed::Runs(vec![id.clone()]),
            Source::File(path) => Doomed::Files(vec![path.clone()]),
        })
    })?;
    answer(&doomed, &arguments.sure, session)
}

pub(super) fn clear(arguments: &ReportClear, session: &Session<'_>) -> Result<Answer, Failure> {
    let doomed = match &arguments.place.results_dir {
        Some(folder) => Doomed::Files(files(folder, session)?),
        None => {
            let store = opened(&arguments.sure, session)?;
            let suite = suite(arguments.place.suite.as_deref(), session)?;
            let runs = store.list_runs(suite.as_deref(), &refuse)?;
            // Running runs may still be written to.
            let ended = runs.into_iter().filter(|run| run.status != RUNNING);
            Doomed::Runs(ended.map(|run| run.id).collect())
        }
    };
    answer(&doomed, &arguments.sure, session)
}

pub(super) fn prune(arguments: &ReportPrune, session: &Session<'_>) -> Result<Answer, Failure> {
    let keep = arguments.keep;
    let doomed = match &arguments.place.results_dir {
        Some(folder) => Doomed::Files(files(folder, session)?.into_iter().skip(keep).collect()),
        None => {
            let store = opened(&arguments.sure, session)?;
            let suite = suite(arguments.place.suite.as_deref(), session)?;
            let options = PruneOptions {
                keep: Some(keep as u64),
                suite_id: suite.as_deref(),
                dry_run: true,
                ..PruneOptions::default()
            };
            let report = prune_store(store, &options)?;
            Doomed::Runs(report.runs.into_iter().map(|run| run.id).collect())
        }
    };
    answer(&doomed, &arguments.sure, session)
}

fn opened<'s>(sure: &Sure, session: &'s Session<'_>) -> Result<&'s Store, Failure> {
    if sure.dry_run { session.store() } else { session.writable_store() }
}

fn suite(name: Option<&str>, session: &Session<'_>) -> Result<Option<String>, Failure> {
    session.at_one_moment(|store| suite_name::find_id(store, name))
}

/// Returns the run files of a folder, newest first. Files that cannot be read as run files may be anything, and are
/// kept.
fn files(folder: &Path, session: &Session<'_>) -> Result<Vec<PathBuf>, Failure> {
    let files = list_files(folder, session)?;
    Ok(files.into_iter().filter(|file| file.error.is_none()).map(|file| file.path).collect())
}

fn answer(doomed: &Doomed, sure: &Sure, session: &Session<'_>) -> Result<Answer, Failure> {
    let runs = doomed.names();
    if !sure.dry_run && !runs.is_empty() {
        sure.ask(&what_goes(&runs), session)?;
        doomed.remove(session)?;
    }
    let removed = Removed { runs, dry_run: sure.dry_run };
    session.answer(&removed, |page| {
        let all = counted(removed.runs.len(), "run");
        let words = match (removed.runs.is_empty(), sure.dry_run) {
            (true, _) => "There is nothing to delete.".to_owned(),
            (false, true) => format!("{all} would be deleted, and nothing was:"),
            (false, false) => format!("{all} deleted:"),
        };
        page.words("", &words, Role::Plain);
        for run in removed.runs.iter().take(SHOWN) {
            page.words("- ", run, Role::Plain);
        }
        page.more(removed.runs.len() as u64, SHOWN);
    })
}

fn what_goes(runs: &[String]) -> String {
    let shown: Vec<&str> = runs.iter().take(SHOWN).map(String::as_str).collect();
    let more = match runs.len().saturating_sub(SHOWN) {
        0 => String::new(),
        more => format!(" and {more} more"),
    };
    format!("{}: {}{more}", counted(runs.len(), "run"), shown.join(", "))
}
