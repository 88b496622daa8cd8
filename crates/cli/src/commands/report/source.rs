//! Where a run is: in the store, or in a run file.

use std::path::{Path, PathBuf};

use crate::arguments::ReportRun;
use crate::failure::Failure;
use crate::moment::Moment;
use crate::progress::Progress;
use crate::session::Session;
use crate::{paths, run_name, suite_name};
use runstore::error::{Code, Result, StoreError};
use runstore::model::RowBatch;
use runstore::rows::{RowSink, copy_rows};
use runstore_formats::run_file::{find_run_file, read_rows};

/// A run that is named by an argument.
pub(super) enum Source<'m> {
    /// One of the store, by its id.
    Store(&'m Moment<'m>, String),
    /// A run file.
    File(PathBuf),
}

impl Source<'_> {
    /// Has the run read that is meant: with --results-dir a file of that folder, else a file by its path or a run of the
    /// store, at one moment.
    pub(super) fn read<T>(
        run: &ReportRun,
        session: &Session<'_>,
        read: impl FnOnce(&Source<'_>) -> std::result::Result<T, Failure>,
    ) -> std::result::Result<T, Failure> {
        if let Some(path) = file(run, session)? {
            return read(&Source::File(path));
        }
        session.at_one_moment(|store| {
            let suite_id = suite_name::find_id(store, run.place.suite.as_deref())?;
            let run = run_name::find(store, &run.run, suite_id.as_deref())?;
            read(&Source::Store(store, run.id))
        })
    }

    /// Returns the id of the run.
    pub(super) fn run_id(&self) -> String {
        match self {
            Source::Store(_, id) => id.clone(),
            Source::File(path) => {
                path.file_stem().map(|stem| stem.to_string_lossy().into_owned()).unwrap_or_default()
            }
        }
    }

    /// Hands over the rows of the run.
    pub(super) fn copy(
        &self,
        what: &'static str,
        sink: &mut dyn RowSink,
        session: &Session<'_>,
    ) -> std::result::Result<(), Failure> {
        match self {
            Source::File(path) => read_rows(path, sink).map_err(explain),
            Source::Store(store, id) => {
                let total = store.count_cases(id)?;
                let progress = Progress::new(what, session.environment);
                let mut watched = Watched { sink, progress, done: 0, total };
                copy_rows(&mut store.export_run(id), &mut watched)?;
                Ok(())
            }
        }
    }
}

/// Returns the run file that is meant; none where it is a run of the store.
fn file(run: &ReportRun, session: &Session<'_>) -> std::result::Result<Option<PathBuf>, Failure> {
    let folder = &session.environment.folder;
    if let Some(results) = &run.place.results_dir {
        return find_run_file(&folder.join(results), &run.run).map(Some).map_err(explain);
    }
    Ok(run.names_file(session).then(|| folder.join(&run.run)))
}

/// Fewer cases are done at once.
const LONG: u64 = 5000;

/// A sink that shows how far it is.
struct Watched<'s, 'e> {
    sink: &'s mut dyn RowSink,
    progress: Progress<'e>,
    done: u64,
    total: u64,
}

impl RowSink for Watched<'_, '_> {
    fn put_batch(&mut self, batch: RowBatch) -> Result<()> {
        if let RowBatch::Cases(cases) = &batch {
            self.done += cases.len() as u64;
        }
        self.sink.put_batch(batch)?;
        if self.total >= LONG {
            self.progress.show(self.done, self.total);
        }
        Ok(())
    }
}

/// Says what to do about a file that cannot be read: the usual hints are about stores.
pub(super) fn explain(error: StoreError) -> Failure {
    let hint = match error.code {
        Code::NotFound => {
            "\"runstore report list --results-dir DIR\" lists the run files of a folder"
        }
        Code::Ambiguous => "give more characters of the id",
        Code::Corrupt => {
            "mend the file at the place that is named, or write it again from its store"
        }
        Code::InvalidArgument => "see docs/run-files.md for what a run file holds",
        _ => return error.into(),
    };
    Failure::from(error).hint(hint)
}

/// Returns a path of the arguments, seen from the working directory.
pub(super) fn output(path: &Path, session: &Session<'_>) -> std::result::Result<PathBuf, Failure> {
    paths::output(path, "--out", session.environment).map(PathBuf::from)
}
