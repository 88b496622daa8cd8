//! Writes rows to the files of an EvalStore.

use runstore::error::Result;
use runstore::model::{RowBatch, RunHead};
use runstore::rows::RowSink;

use super::db::{DbRun, check_stored};
use super::disk::{DiskRun, Found};
use super::folder::{Folder, METADATA, MadeFolders, check_name};
use super::report::{ExportReport, ExportStatus, ExportedRun, Progress};
use super::writing::{self, NewRun, Place};

/// The options of an export.
#[derive(Clone, Copy, Debug, Default)]
pub struct ExportOptions {
    /// Replaces a run with the same id and other content.
    pub overwrite: bool,
    /// The number of trajectories to write, for the progress.
    pub total: u64,
}

/// Takes the rows of runs and writes them to an EvalStore, which is created if necessary.
///
/// All runs are written to temporary folders, which [`Self::finish`] moves to their places. Dropping it before removes
/// them. A run that exists with the same content stays unchanged.
pub struct EvalStoreExport {
    path: String,
    options: ExportOptions,
    writing: Option<Writing>,
    written: Vec<Writing>,
    done: u64,
    folder: Folder,
    // Last, so that the files in them are removed first.
    made: MadeFolders,
}

impl EvalStoreExport {
    /// Prepares the export of runs with these ids.
    ///
    /// # Errors
    /// If an id is not a valid folder name, or the folder of the EvalStore cannot be created.
    pub fn begin(path: &str, run_ids: &[String], options: ExportOptions) -> Result<Self> {
        run_ids.iter().try_for_each(|id| check_name(id, "the id of run"))?;
        let (folder, made) = Folder::make(path)?;
        let (path, writing, written) = (path.to_owned(), None, vec![]);
        Ok(EvalStoreExport { path, options, writing, written, done: 0, folder, made })
    }

    /// Returns the number of written trajectories.
    pub fn progress(&self) -> Progress {
        Progress { done: self.done, total: self.options.total }
    }

    /// Moves the runs to their places, and returns a report.
    pub fn finish(self) -> Result<ExportReport> {
        let EvalStoreExport { path, written, folder, made, .. } = self;
        let published = written.into_iter().map(|run| run.publish(&folder));
        let runs = published.collect::<Result<_>>()?;
        made.keep();
        Ok(ExportReport { path, runs })
    }
}

impl RowSink for EvalStoreExport {
    /// # Errors
    /// If the name of a benchmark is not a valid folder name, a value is nested too deeply for Python, or a run exists
    /// with other content, or with files that do not belong to a run.
    fn put_batch(&mut self, batch: RowBatch) -> Result<()> {
        check_stored(&batch)?;
        match batch {
            RowBatch::Run(head) => {
                self.writing = Some(Writing::begin(&self.folder, &head, self.options)?);
            }
            RowBatch::End(_) => {
                let Some(mut run) = self.writing.take() else { return Ok(()) };
                run.end()?;
                self.written.push(run);
            }
            batch => {
                let Some(run) = &mut self.writing else { return Ok(()) };
                run.put(&batch)?;
                self.done += match &batch {
                    RowBatch::Trajectories(rows) => rows.len() as u64,
                    _ => 0,
                };
            }
        }
        Ok(())
    }
}

/// One run.
struct Writing {
    run: DbRun,
    place: Place,
    /// The run in its place, if there is one.
    present: Option<Box<DiskRun>>,
    may_overwrite: bool,
    status: ExportStatus,
    /// The new content; `None` for content that must equal the existing one.
    new: Option<NewRun>,
}

impl Writing {
    fn begin(folder: &Folder, head: &RunHead, options: ExportOptions) -> Result<Self> {
        let id = &head.run.id;
        check_name(id, "the id of run")?;
        let place = Place::of(folder, id);
        let (present, status) = match DiskRun::find(folder, id)? {
            Found::Run(run) => (Some(run), ExportStatus::Unchanged),
            Found::Nothing if !place.is_taken()? => (None, ExportStatus::Exported),
            Found::Nothing | Found::Unreadable(_) => (None, ExportStatus::Overwritten),
        };
        let may_overwrite = options.overwrite;
        if status == ExportStatus::Overwritten && !may_overwrite {
            return Err(place.is_another(id, METADATA));
        }
        let writes = status != ExportStatus::Unchanged || may_overwrite;
        let new = writes.then(|| NewRun::begin(folder)).transpose()?;
        Ok(Writing { run: DbRun::of(&head.run), place, present, may_overwrite, status, new })
    }

    fn put(&mut self, batch: &RowBatch) -> Result<()> {
        let id = &self.run.file.run_id;
        let what = format!("of run \"{id}\", benchmark");
        if let RowBatch::Results(rows) = batch {
            rows.iter().try_for_each(|row| check_name(&row.benchmark, &what))?;
        }
        let new = &mut self.new;
        self.run.put(batch, &mut |benchmark, line| {
            check_name(benchmark, &what)?;
            new.as_mut().map_or(Ok(()), |new| new.put_line(benchmark, line))
        })
    }

    /// Decides what to do with the run, and writes the rest of it.
    fn end(&mut self) -> Result<()> {
        if let Some(present) = self.present.take() {
            match self.run.difference(&present)? {
                None => {
                    self.new = None;
                    return Ok(());
                }
                Some(_) if self.may_overwrite => self.status = ExportStatus::Overwritten,
                Some(file) => return Err(self.place.is_another(&self.run.file.run_id, &file)),
            }
        }
        self.place.refuse_others()?;
        self.new.as_mut().map_or(Ok(()), |new| new.finish(&self.run))
    }

    fn publish(self, folder: &Folder) -> Result<ExportedRun> {
        if let Some(new) = self.new {
            new.publish(&self.place)?;
        }
        writing::list(folder, &self.run.file)?;
        Ok(ExportedRun {
            status: self.status,
            results: self.run.results.len() as u64,
            trajectories: self.run.count(),
            losses: self.run.losses(),
            run_id: self.run.file.run_id,
        })
    }
}
