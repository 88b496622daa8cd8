//! The source of a run: the store, or a run file.

use std::cell::RefCell;
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
use runstore::scorecard::{RunScorecard, SampleScorecard, get_scorecard};
use runstore_formats::run_file::{
    FileSample, ListedFile, RunFile, find_run_file, list_run_files, read_document, read_rows,
};
use runstore_report::export::Runs;

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
            let sources: Vec<_> = files.into_iter().flatten().map(Source::File).collect();
            refuse_twice(&sources)?;
            return read(&sources);
        }
        session.at_one_moment(|store| {
            let suite_id = suite_name::find_id(store, place.suite.as_deref())?;
            let of_store = |run: &str| run_name::find(store, run, suite_id.as_deref());
            let source = |(run, file): (&String, Option<PathBuf>)| match file {
                Some(path) => Ok(Source::File(path)),
                None => of_store(run).map(|run| Source::Store(store, run.id)),
            };
            let sources = runs.iter().zip(files).map(source);
            let sources = sources.collect::<std::result::Result<Vec<_>, Failure>>()?;
            refuse_twice(&sources)?;
            read(&sources)
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
    fn runs(&self, session: &Session<'_>) -> std::result::Result<usize, Failure> {
        match self {
            Source::Store(..) => Ok(1),
            Source::File(path) => {
                let file = read_scorecards(path, "read", &mut |_, _| Ok(()), session)?;
                Ok(file.pipeline_results.len())
            }
        }
    }

    /// Returns the scorecard of the run, for a file the one stored in it; `each` is given those of its cases.
    pub(super) fn scorecard(
        &self,
        mut each: impl FnMut(SampleScorecard),
        session: &Session<'_>,
    ) -> std::result::Result<RunScorecard, Failure> {
        match self {
            Source::Store(store, id) => {
                let mut counted = Counted::new("read", store.count_cases(id)?, session);
                Ok(get_scorecard(store, id, &mut |sample| {
                    each(sample);
                    counted.add(1);
                })?)
            }
            Source::File(path) => {
                let add = &mut |_: &str, sample: FileSample| {
                    each(sample.scorecard());
                    Ok(())
                };
                Ok(read_scorecards(path, "read", add, session)?.scorecard())
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
                let mut counted = Counted::new(what, store.count_cases(id)?, session);
                store.read_run(id, OPERATION, &mut |batch| {
                    let cases = if let RowBatch::Cases(cases) = &batch { cases.len() } else { 0 };
                    sink.put_batch(batch)?;
                    counted.add(cases as u64);
                    Ok(())
                })?;
                Ok(())
            }
        }
    }
}

/// Returns whether the sources have one run or several.
pub(super) fn how_many(
    sources: &[Source<'_>],
    session: &Session<'_>,
) -> std::result::Result<Runs, Failure> {
    let mut runs = 0;
    for source in sources {
        runs += source.runs(session)?;
    }
    Ok(if runs > 1 { Runs::Several } else { Runs::One })
}

/// Two names may mean the same run, which would be counted twice.
fn refuse_twice(sources: &[Source<'_>]) -> std::result::Result<(), Failure> {
    let mut known = std::collections::HashSet::new();
    let names = sources.iter().map(Source::run_id);
    match names.into_iter().find(|id| !known.insert(id.clone())) {
        None => Ok(()),
        Some(id) => {
            Err(Failure::usage(format!("the run {id} is named twice")).hint("name each run once"))
        }
    }
}

/// Reads the documented keys of a run file, and shows progress.
pub(super) fn read_scorecards(
    path: &Path,
    what: &'static str,
    each: &mut dyn FnMut(&str, FileSample) -> Result<()>,
    session: &Session<'_>,
) -> std::result::Result<RunFile, Failure> {
    let total = std::fs::metadata(path).map_or(0, |file| file.len());
    let progress = RefCell::new(Progress::new(what, session.environment));
    let watch = |done| {
        if total >= LONG_FILE {
            progress.borrow_mut().show(done, total);
        }
    };
    let (file, _) = read_document(path, &watch, each).map_err(explain)?;
    Ok(file)
}

/// Returns the run files of a folder, newest first, and shows progress.
pub(super) fn list_files(folder: &Path, session: &Session<'_>) -> Result<Vec<ListedFile>> {
    let mut progress = Progress::new("read", session.environment);
    list_run_files(&session.environment.folder.join(folder), &mut |done, total| {
        if total >= LONG_FILE {
            progress.show(done, total);
        }
    })
}

/// Shows progress through so many cases.
pub(super) struct Counted<'e> {
    progress: Progress<'e>,
    done: u64,
    total: u64,
}

impl<'e> Counted<'e> {
    pub(super) fn new(what: &'static str, total: u64, session: &Session<'e>) -> Self {
        Counted { progress: Progress::new(what, session.environment), done: 0, total }
    }

    pub(super) fn add(&mut self, cases: u64) {
        self.done += cases;
        if self.total >= LONG {
            self.progress.show(self.done, self.total);
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
pub(super) const LONG_FILE: u64 = 10_000_000;

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
