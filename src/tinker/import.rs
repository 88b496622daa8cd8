//! From the files of an EvalStore into a store.

use super::db::DbRun;
use super::disk::{DiskRun, Found, Remarks, unreadable};
use super::folder::{Folder, RUNS, check_name};
use super::report::{ImportReport, ImportStatus, ImportedRun, Progress, Unread};
use super::result_file::ResultFile;
use crate::error::{Code, Result, StoreError};
use crate::maintenance::Findings;
use crate::model::{RowBatch, RowCounts, RunHead, Suite, Thresholds};
use crate::rows::{BATCH_BYTES, BATCH_ROWS, RowSink};
use crate::store::{RowImport, Store, StoreSink, now};

const OPERATION: &str = "importEvalStore";

/// What to import, and how.
#[derive(Clone, Copy, Debug)]
pub struct ImportOptions<'a> {
    /// Name of the suite that the runs go to; it is made where there is none.
    pub suite: &'a str,
    /// Only these runs; all of them if it is `None`.
    pub runs: Option<&'a [String]>,
    /// Fails where something cannot be read, instead of leaving it out.
    pub strict: bool,
    /// The offset from UTC, in minutes, of times that do not tell theirs.
    pub utc_offset: i32,
}

impl Default for ImportOptions<'_> {
    fn default() -> Self {
        ImportOptions { suite: "tinker", runs: None, strict: false, utc_offset: 0 }
    }
}

/// Adds the runs of an EvalStore to a store, each as a whole. A run that is there already with the same content is left
/// as it is.
///
/// # Errors
/// If there is no EvalStore, or no such run; before anything is written, if a run is there with another content.
pub fn import_eval_store(
    store: &Store,
    path: &str,
    options: &ImportOptions<'_>,
    progress: &mut dyn FnMut(Progress) -> Result<()>,
) -> Result<ImportReport> {
    import(store, path, options, progress).map_err(|error| error.during(OPERATION))
}

fn import(
    store: &Store,
    path: &str,
    options: &ImportOptions<'_>,
    progress: &mut dyn FnMut(Progress) -> Result<()>,
) -> Result<ImportReport> {
    let folder = Folder::existing(path)?;
    let mut report =
        ImportReport { path: path.to_owned(), runs: vec![], unread: Findings::default() };
    let mut plan = Vec::new();
    for name in names(&folder, options)? {
        let Some(filed) = find(&folder, &name, options, &mut report)? else { continue };
        let status = status(store, &filed)?;
        plan.push((filed, status));
    }
    let new = plan.iter().filter(|(_, status)| *status == ImportStatus::Imported);
    let mut work = Work { done: 0, total: new.map(|(filed, _)| filed.bytes()).sum(), progress };
    for (filed, status) in &plan {
        report.runs.push(match status {
            ImportStatus::Imported => add(store, filed, options, &mut work)?,
            ImportStatus::Unchanged => unchanged(store, filed)?,
        });
    }
    Ok(report)
}

fn names(folder: &Folder, options: &ImportOptions<'_>) -> Result<Vec<String>> {
    match options.runs {
        None => folder.names(RUNS),
        Some(asked) => {
            asked.iter().try_for_each(|name| check_name(name, "run"))?;
            let mut names = asked.to_vec();
            names.sort_unstable();
            names.dedup();
            Ok(names)
        }
    }
}

/// Returns the run of a folder. One that was asked for has to be there, and to be readable.
fn find(
    folder: &Folder,
    name: &str,
    options: &ImportOptions<'_>,
    report: &mut ImportReport,
) -> Result<Option<Box<DiskRun>>> {
    match DiskRun::find(folder, name)? {
        Found::Nothing if options.runs.is_some() => {
            let message = format!("there is no run \"{name}\" in {}", folder.path.display());
            Err(StoreError::new(Code::NotFound, message))
        }
        Found::Nothing => Ok(None),
        Found::Unreadable(reason) if options.strict || options.runs.is_some() => {
            Err(StoreError::new(Code::Corrupt, format!("run \"{name}\": {reason}")))
        }
        Found::Unreadable(reason) => {
            report.unread.push(Unread { run: name.to_owned(), reason });
            Ok(None)
        }
        Found::Run(run) => match unreadable(name, &run.remarks.skipped) {
            Some(error) if options.strict => Err(error),
            _ => Ok(Some(run)),
        },
    }
}

/// Says whether a run is new.
fn status(store: &Store, filed: &DiskRun) -> Result<ImportStatus> {
    let run_id = &filed.file.run_id;
    let Some(stored) = DbRun::find(store, run_id, OPERATION)? else {
        return Ok(ImportStatus::Imported);
    };
    match stored.difference(store, filed)? {
        None => Ok(ImportStatus::Unchanged),
        Some(file) => {
            let message = format!(
                "there is a run \"{run_id}\" in the store already, and {file} does not say the same"
            );
            Err(StoreError::new(Code::Constraint, message))
        }
    }
}

fn unchanged(store: &Store, filed: &DiskRun) -> Result<ImportedRun> {
    let run_id = &filed.file.run_id;
    let counts = store.trajectory_counts(run_id, OPERATION)?;
    let Remarks { skipped, changed } = filed.remarks.clone();
    Ok(ImportedRun {
        run_id: run_id.clone(),
        status: ImportStatus::Unchanged,
        results: filed.results.len() as u64,
        trajectories: counts.iter().map(|(_, count)| count).sum(),
        skipped,
        changed,
    })
}

/// How far the import has come.
struct Work<'p> {
    done: u64,
    total: u64,
    progress: &'p mut dyn FnMut(Progress) -> Result<()>,
}

impl Work<'_> {
    fn advance(&mut self, bytes: u64) -> Result<()> {
        self.done += bytes;
        (self.progress)(Progress { done: self.done, total: self.total })
    }
}

/// Adds a run. Its files are parsed outside of the write lock, and what was read is written in short transactions.
fn add(
    store: &Store,
    filed: &DiskRun,
    options: &ImportOptions<'_>,
    work: &mut Work<'_>,
) -> Result<ImportedRun> {
    let run_id = filed.file.run_id.as_str();
    let suite = suite(store, options.suite)?;
    let mut taken =
        Taken { sink: store.row_sink(RowImport::default()), counts: RowCounts::default() };
    let run = filed.file.as_row(&suite.id, filed.summary.clone(), options.utc_offset);
    taken.put(RowBatch::Run(Box::new(RunHead { suite, run, thresholds: Thresholds::new() })))?;
    let mut remarks = filed.remarks.clone();
    for benchmark in &filed.benchmarks {
        add_trajectories(&mut taken, filed, benchmark, &mut remarks, work)?;
        match unreadable(run_id, &remarks.skipped) {
            Some(error) if options.strict => return Err(error),
            _ => {}
        }
    }
    taken.put(RowBatch::Results(filed.results.iter().map(ResultFile::as_row).collect()))?;
    let counts = taken.counts;
    taken.put(RowBatch::End(counts))?;
    Ok(ImportedRun {
        run_id: run_id.to_owned(),
        status: ImportStatus::Imported,
        results: counts.results,
        trajectories: counts.trajectories,
        skipped: remarks.skipped,
        changed: remarks.changed,
    })
}

/// Returns the newest suite of the name, or one that is made with the first run.
fn suite(store: &Store, name: &str) -> Result<Suite> {
    let made =
        || Suite { id: uuid::Uuid::now_v7().to_string(), name: name.to_owned(), created_at: now() };
    Ok(store.find_suite_by_name(name)?.unwrap_or_else(made))
}

/// Counts what a sink takes.
struct Taken<'s> {
    sink: StoreSink<'s>,
    counts: RowCounts,
}

impl Taken<'_> {
    fn put(&mut self, batch: RowBatch) -> Result<()> {
        self.counts.add(&batch);
        self.sink.put_batch(batch)
    }
}

fn add_trajectories(
    taken: &mut Taken<'_>,
    filed: &DiskRun,
    benchmark: &str,
    remarks: &mut Remarks,
    work: &mut Work<'_>,
) -> Result<()> {
    let (mut rows, mut bytes) = (Vec::new(), 0);
    filed.each_trajectory(benchmark, remarks, &mut |line, taken_bytes| {
        rows.push(line.into_row());
        bytes += taken_bytes;
        if rows.len() >= BATCH_ROWS || bytes >= BATCH_BYTES as u64 {
            taken.put(RowBatch::Trajectories(std::mem::take(&mut rows)))?;
            work.advance(std::mem::take(&mut bytes))?;
        }
        Ok(())
    })?;
    taken.put(RowBatch::Trajectories(rows))?;
    work.advance(bytes)
}
