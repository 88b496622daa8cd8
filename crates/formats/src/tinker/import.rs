//! Converts the files of an EvalStore to rows.

use runstore::error::{Code, Result, StoreError};
use runstore::maintenance::Findings;
use runstore::model::{RowBatch, RowCounts, RunHead, Suite, Thresholds, TrajectoryRow};
use runstore::rows::{BATCH_BYTES, BATCH_ROWS, RowSink, RowSource};
use runstore::store::now;

use super::db::{DbRun, check_stored};
use super::disk::{DiskRun, Found, unreadable};
use super::folder::{Folder, RUNS, check_name};
use super::report::{ImportReport, ImportStatus, ImportedRun, Progress, Remarks, Unread};
use super::result_file::ResultFile;
use super::trajectory_file::TrajectoryFile;

/// Default name of the suite that imported runs belong to.
pub const DEFAULT_SUITE: &str = "tinker";

/// Maximum offset from UTC that Python accepts, in either direction, in minutes.
pub const MAX_UTC_OFFSET: i32 = 24 * 60 - 1;

/// The options of an import.
#[derive(Clone, Debug)]
pub struct ImportOptions {
    /// Name of the suite for the runs.
    pub suite: String,
    /// Only these runs; `None` for all.
    pub runs: Option<Vec<String>>,
    /// Fails if something cannot be read, instead of leaving it out.
    pub strict: bool,
    /// The offset from UTC, in minutes, for times without one.
    pub utc_offset: i32,
}

impl Default for ImportOptions {
    fn default() -> Self {
        ImportOptions { suite: DEFAULT_SUITE.to_owned(), runs: None, strict: false, utc_offset: 0 }
    }
}

/// The runs of an EvalStore, as rows.
///
/// First it takes the rows of those of [`Self::run_ids`] that a store already has, and refuses a run with other content
/// there. Then it gives the rows of all others, so that nothing is written before all are known to fit.
pub struct EvalStoreImport {
    path: String,
    options: ImportOptions,
    /// A suite with the name, for a store that has none.
    suite: Suite,
    unread: Findings<Unread>,
    found: Vec<FoundRun>,
    comparing: Option<(usize, DbRun)>,
    /// The current run, and the position in it.
    at: usize,
    reading: Option<Reading>,
    progress: Progress,
}

struct FoundRun {
    disk: Box<DiskRun>,
    /// Set once it is known.
    told: Option<ImportedRun>,
}

impl EvalStoreImport {
    /// Finds the runs of an EvalStore in a folder.
    ///
    /// # Errors
    /// If there is no EvalStore, or no such run.
    pub fn open(path: &str, options: ImportOptions) -> Result<Self> {
        let folder = Folder::existing(path)?;
        let mut unread = Findings::default();
        let mut found = Vec::new();
        for name in names(&folder, &options)? {
            let disk = find(&folder, &name, &options, &mut unread)?;
            found.extend(disk.map(|disk| FoundRun { disk, told: None }));
        }
        let id = uuid::Uuid::now_v7().to_string();
        let suite = Suite { id, name: options.suite.clone(), created_at: now() };
        let progress = Progress { done: 0, total: found.iter().map(|run| run.disk.bytes()).sum() };
        let (path, comparing, reading) = (path.to_owned(), None, None);
        Ok(EvalStoreImport {
            path,
            options,
            suite,
            unread,
            found,
            comparing,
            at: 0,
            reading,
            progress,
        })
    }

    /// Returns the name of the suite of the runs.
    pub fn suite_name(&self) -> &str {
        &self.options.suite
    }

    /// Returns the ids of the runs, by name.
    pub fn run_ids(&self) -> impl Iterator<Item = &str> {
        self.found.iter().map(|run| run.disk.file.run_id.as_str())
    }

    /// Returns the number of bytes read from the new runs.
    pub fn progress(&self) -> Progress {
        self.progress
    }

    fn end_comparison(&mut self) -> Result<()> {
        let Some((at, stored)) = self.comparing.take() else { return Ok(()) };
        let Some(run) = self.found.get_mut(at) else { return Ok(()) };
        run.told = Some(unchanged(&run.disk, &stored)?);
        self.progress.total = self.progress.total.saturating_sub(run.disk.bytes());
        Ok(())
    }

    /// Returns the report, after all rows were given.
    pub fn report(&self) -> ImportReport {
        let runs = self.found.iter().filter_map(|run| run.told.clone());
        ImportReport { path: self.path.clone(), runs: runs.collect(), unread: self.unread.clone() }
    }
}

fn names(folder: &Folder, options: &ImportOptions) -> Result<Vec<String>> {
    match &options.runs {
        None => folder.names(RUNS),
        Some(asked) => {
            asked.iter().try_for_each(|name| check_name(name, "run"))?;
            let mut names = asked.clone();
            names.sort_unstable();
            names.dedup();
            Ok(names)
        }
    }
}

/// Returns the run of a folder. A requested run must exist and be readable.
fn find(
    folder: &Folder,
    name: &str,
    options: &ImportOptions,
    unread: &mut Findings<Unread>,
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
            unread.push(Unread { run: name.to_owned(), reason });
            Ok(None)
        }
        Found::Run(run) => match unreadable(name, &run.remarks.skipped) {
            Some(error) if options.strict => Err(error),
            _ => Ok(Some(run)),
        },
    }
}

impl RowSink for EvalStoreImport {
    /// Takes rows of a run that the store has.
    ///
    /// # Errors
    /// If its content differs from the run with this id here.
    fn put_batch(&mut self, batch: RowBatch) -> Result<()> {
        check_stored(&batch)?;
        match &batch {
            RowBatch::Run(head) => {
                let at = self.run_ids().position(|id| id == head.run.id);
                self.comparing = at.map(|at| (at, DbRun::of(&head.run)));
                Ok(())
            }
            RowBatch::End(_) => self.end_comparison(),
            batch => match &mut self.comparing {
                Some((_, stored)) => stored.put(batch, &mut |_, _| Ok(())),
                None => Ok(()),
            },
        }
    }
}

/// Reports a run that the store has, if its content is the same.
fn unchanged(disk: &DiskRun, stored: &DbRun) -> Result<ImportedRun> {
    let run_id = &disk.file.run_id;
    if let Some(file) = stored.difference(disk)? {
        let message = format!(
            "there is a run \"{run_id}\" in the store already, and {file} does not say the same"
        );
        return Err(StoreError::new(Code::Constraint, message));
    }
    let Remarks { skipped, changed } = disk.remarks.clone();
    Ok(ImportedRun {
        run_id: run_id.clone(),
        status: ImportStatus::Unchanged,
        results: disk.results.len() as u64,
        trajectories: stored.count(),
        skipped,
        changed,
    })
}

/// The position in a run.
struct Reading {
    stage: Stage,
    counts: RowCounts,
    remarks: Remarks,
}

enum Stage {
    Head,
    /// The trajectories of a benchmark, by its index.
    Trajectories(usize, Option<Box<TrajectoryFile>>),
    Results,
    End,
}

impl RowSource for EvalStoreImport {
    /// # Errors
    /// If a file has changed since it was found, or something cannot be read and everything must be.
    fn next_batch(&mut self) -> Result<Option<RowBatch>> {
        while let Some(run) = self.found.get_mut(self.at) {
            if run.told.is_some() {
                self.at += 1;
                continue;
            }
            let reading = self.reading.get_or_insert_with(|| Reading::of(&run.disk));
            let batch = match reading.stage {
                Stage::Head => {
                    Some(reading.head(&run.disk, self.suite.clone(), self.options.utc_offset))
                }
                Stage::Trajectories(..) => {
                    reading.trajectories(&run.disk, self.options.strict, &mut self.progress.done)?
                }
                Stage::Results => reading.results(&run.disk),
                Stage::End => {
                    let ended = RowBatch::End(reading.counts);
                    run.told = self.reading.take().map(|reading| reading.told(&run.disk));
                    return Ok(Some(ended));
                }
            };
            if let Some(batch) = batch {
                reading.counts.add(&batch);
                return Ok(Some(batch));
            }
        }
        Ok(None)
    }
}

impl Reading {
    fn of(disk: &DiskRun) -> Self {
        let counts = RowCounts::default();
        Reading { stage: Stage::Head, counts, remarks: disk.remarks.clone() }
    }

    fn head(&mut self, disk: &DiskRun, suite: Suite, utc_offset: i32) -> RowBatch {
        self.stage = Stage::Trajectories(0, None);
        let run = disk.file.as_row(&suite.id, disk.summary.clone(), utc_offset);
        RowBatch::Run(Box::new(RunHead { suite, run, thresholds: Thresholds::new() }))
    }

    fn trajectories(
        &mut self,
        disk: &DiskRun,
        is_strict: bool,
        done: &mut u64,
    ) -> Result<Option<RowBatch>> {
        let Stage::Trajectories(at, file) = &mut self.stage else { return Ok(None) };
        let Some(benchmark) = disk.benchmarks.get(*at) else {
            self.stage = Stage::Results;
            return Ok(None);
        };
        if file.is_none() {
            *file = disk.trajectories(benchmark)?.map(Box::new);
        }
        let rows = match file {
            Some(file) => read_rows(file, &mut self.remarks, done)?,
            None => vec![],
        };
        if !rows.is_empty() {
            return Ok(Some(RowBatch::Trajectories(rows)));
        }
        (*at, *file) = (*at + 1, None);
        match unreadable(&disk.file.run_id, &self.remarks.skipped) {
            Some(error) if is_strict => Err(error),
            _ => Ok(None),
        }
    }

    fn results(&mut self, disk: &DiskRun) -> Option<RowBatch> {
        self.stage = Stage::End;
        let rows: Vec<_> = disk.results.iter().map(ResultFile::as_row).collect();
        (!rows.is_empty()).then_some(RowBatch::Results(rows))
    }

    fn told(self, disk: &DiskRun) -> ImportedRun {
        ImportedRun {
            run_id: disk.file.run_id.clone(),
            status: ImportStatus::Imported,
            results: self.counts.results,
            trajectories: self.counts.trajectories,
            skipped: self.remarks.skipped,
            changed: self.remarks.changed,
        }
    }
}

/// Reads enough lines for a batch; none at the end of the file.
fn read_rows(
    file: &mut TrajectoryFile,
    remarks: &mut Remarks,
    done: &mut u64,
) -> Result<Vec<TrajectoryRow>> {
    let (mut rows, mut bytes) = (Vec::new(), 0);
    while rows.len() < BATCH_ROWS && bytes < BATCH_BYTES as u64 {
        let line = file.next(remarks)?;
        bytes += file.taken();
        let Some(line) = line else { break };
        rows.push(line.into_row());
    }
    *done += bytes;
    Ok(rows)
}
