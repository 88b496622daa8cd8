//! The source of a run: the store, or a run file.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use crate::arguments::{ReportPlace, ReportRun};
use crate::failure::Failure;
use crate::moment::Moment;
use crate::progress::Progress;
use crate::session::Session;
use crate::{paths, run_name, suite_name};
use runstore::error::{Code, Result, StoreError};
use runstore::model::RowBatch;
use runstore::rows::RowSink;
use runstore_formats::run_file::{find_run_file, read_document, read_rows};

/// A run named by an argument.
pub(super) enum Source<'m> {
    /// A run of the store, by id.
    Store(&'m Moment<'m>, String),
    /// A run file.
    File(PathBuf),
}

impl Source<'_> {
    /// Reads the named run: with --results-dir a file of that folder, otherwise a file by its path or a run of the
    /// store, as of one moment.
    pub(super) fn read<T>(
        run: &ReportRun,
        session: &Session<'_>,
        read: impl FnOnce(&Source<'_>) -> std::result::Result<T, Failure>,
    ) -> std::result::Result<T, Failure> {
        let runs = std::slice::from_ref(&run.run);
        Source::read_all(runs, &run.place, session, |sources| match sources {
            [only] => read(only),
            _ => Err(Failure::bug("one run became several")),
        })
    }

    /// Reads several runs.
    pub(super) fn read_all<T>(
        runs: &[String],
        place: &ReportPlace,
        session: &Session<'_>,
        read: impl FnOnce(&[Source<'_>]) -> std::result::Result<T, Failure>,
    ) -> std::result::Result<T, Failure> {
        let files = runs.iter().map(|run| file(run, place, session));
        let files = files.collect::<std::result::Result<Vec<_>, _>>()?;
        if files.iter().all(Option::is_some) {
            return read(&files.into_iter().flatten().map(Source::File).collect::<Vec<_>>());
        }
        session.at_one_moment(|store| {
            let suite_id = suite_name::find_id(store, place.suite.as_deref())?;
            let of_store = |run: &str| run_name::find(store, run, suite_id.as_deref());
            let source = |(run, file): (&String, Option<PathBuf>)| match file {
                Some(path) => Ok(Source::File(path)),
                None => of_store(run).map(|run| Source::Store(store, run.id)),
            };
            let sources = runs.iter().zip(files).map(source);
            read(&sources.collect::<std::result::Result<Vec<_>, Failure>>()?)
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

    /// Returns the number of runs: a file may contain several.
    pub(super) fn runs(&self) -> std::result::Result<usize, Failure> {
        match self {
            Source::Store(..) => Ok(1),
            Source::File(path) => {
                let (file, _) = read_document(path, &mut |_, _| Ok(())).map_err(explain)?;
                Ok(file.pipeline_results.len())
            }
        }
    }

    /// Passes the rows of the run to a sink.
    pub(super) fn copy(
        &self,
        what: &'static str,
        sink: &mut dyn RowSink,
        session: &Session<'_>,
    ) -> std::result::Result<(), Failure> {
        match self {
            Source::File(path) => copy_file(path, what, sink, session),
            Source::Store(store, id) => {
                let total = store.count_cases(id)?;
                let mut progress = Progress::new(what, session.environment);
                let mut done = 0;
                store.read_run(id, OPERATION, &mut |batch| {
                    if let RowBatch::Cases(cases) = &batch {
                        done += cases.len() as u64;
                    }
                    sink.put_batch(batch)?;
                    if total >= LONG {
                        progress.show(done, total);
                    }
                    Ok(())
                })?;
                Ok(())
            }
        }
    }
}

/// Returns the named run file; `None` for a run of the store.
fn file(
    run: &str,
    place: &ReportPlace,
    session: &Session<'_>,
) -> std::result::Result<Option<PathBuf>, Failure> {
    let folder = &session.environment.folder;
    if let Some(results) = &place.results_dir {
        return find_run_file(&folder.join(results), run).map(Some).map_err(explain);
    }
    Ok(names_file(run, session).then(|| folder.join(run)))
}

/// Returns whether a name is the path of a run file.
pub(super) fn names_file(run: &str, session: &Session<'_>) -> bool {
    run.ends_with(".json") && session.environment.folder.join(run).is_file()
}

const OPERATION: &str = "report";

/// With fewer cases, no progress is shown.
const LONG: u64 = 5000;

/// The same for files below this size.
const LONG_FILE: u64 = 10_000_000;

/// Passes the rows of the runs of a file to a sink, and shows progress.
pub(super) fn copy_file(
    path: &Path,
    what: &'static str,
    sink: &mut dyn RowSink,
    session: &Session<'_>,
) -> std::result::Result<(), Failure> {
    let read = Arc::new(AtomicU64::new(0));
    let mut watched = Watched::new(path, read.clone(), what, sink, session);
    read_rows(path, &read, &mut watched).map_err(explain)
}

/// A sink that shows progress through a file.
pub(in super::super) struct Watched<'s, 'e> {
    sink: &'s mut dyn RowSink,
    progress: Progress<'e>,
    read: Arc<AtomicU64>,
    total: u64,
}

impl<'s, 'e> Watched<'s, 'e> {
    /// `read` returns the number of bytes read from the file.
    pub(in super::super) fn new(
        path: &Path,
        read: Arc<AtomicU64>,
        what: &'static str,
        sink: &'s mut dyn RowSink,
        session: &Session<'e>,
    ) -> Self {
        let total = std::fs::metadata(path).map_or(0, |file| file.len());
        Watched { sink, progress: Progress::new(what, session.environment), read, total }
    }
}

impl RowSink for Watched<'_, '_> {
    fn put_batch(&mut self, batch: RowBatch) -> Result<()> {
        self.sink.put_batch(batch)?;
        if self.total >= LONG_FILE {
            self.progress.show(self.read.load(Ordering::Relaxed), self.total);
        }
        Ok(())
    }
}

/// Adds a hint to errors about unreadable files: the usual hints are about stores.
pub(super) fn explain(error: StoreError) -> Failure {
    let hint = match error.code {
        Code::NotFound => {
            "\"runstore report list --results-dir DIR\" lists the run files of a folder"
        }
        Code::Ambiguous => "give more characters of the id",
        Code::Corrupt => "repair the file at the named place, or write it again from its store",
        Code::InvalidArgument => "see docs/run-files.md for what a run file holds",
        _ => return error.into(),
    };
    Failure::from(error).hint(hint)
}

/// Returns a path of the arguments, relative to the working directory.
pub(super) fn output(path: &Path, session: &Session<'_>) -> std::result::Result<PathBuf, Failure> {
    paths::output(path, "--out", session.environment).map(PathBuf::from)
}
