//! From rows into the files of an EvalStore.

use runstore::error::Result;
use runstore::model::{RowBatch, RunHead};
use runstore::rows::RowSink;

use super::db::{DbRun, check_stored};
use super::disk::{DiskRun, Found};
use super::folder::{Folder, METADATA, MadeFolders, check_name};
use super::report::{ExportReport, ExportStatus, ExportedRun, Progress};
use super::writing::{self, NewRun, Place};

/// How runs are exported.
#[derive(Clone, Copy, Debug, Default)]
pub struct ExportOptions {
    /// Writes a run in the place of one that has the same id and another content.
    pub overwrite: bool,
    /// How many trajectories there are to write, for the progress.
    pub total: u64,
}

/// Takes the rows of runs and writes them into an EvalStore, which is made where there is none.
///
/// All runs are written beside their places, to which [`Self::finish`] moves them. Dropped before, it leaves nothing. A run
/// that is there already with the same content is left as it is.
pub struct EvalStoreExport {
    path: String,
    options: ExportOptions,
    writing: Option<Writing>,
    written: Vec<Writing>,
    done: u64,
    folder: Folder,
    // Last: what is in them goes first.
    made: MadeFolders,
}

impl EvalStoreExport {
    /// Makes ready for runs of these ids.
    ///
    /// # Errors
    /// If an id cannot be the name of a folder, or the folder of the EvalStore cannot be made.
    pub fn begin(path: &str, run_ids: &[String], options: ExportOptions) -> Result<Self> {
        run_ids.iter().try_for_each(|id| check_name(id, "the id of run"))?;
        let (folder, made) = Folder::make(path)?;
        let (path, writing, written) = (path.to_owned(), None, vec![]);
        Ok(EvalStoreExport { path, options, writing, written, done: 0, folder, made })
    }

    /// Returns how many trajectories were written.
    pub fn progress(&self) -> Progress {
        Progress { done: self.done, total: self.options.total }
    }

    /// Moves the runs to their places, and says what became of each.
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
    /// If the name of a benchmark cannot be that of a folder, a value is nested too deeply for Python, or a run is there
    /// with another content, or with files that are no part of a run.
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
    /// What has its place, where that is a run.
    present: Option<Box<DiskRun>>,
    may_overwrite: bool,
    status: ExportStatus,
    /// What is to be in its place; `None` for what may only be the same as there.
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

    /// Decides what becomes of the run, and writes the rest of it.
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
