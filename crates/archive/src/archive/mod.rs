//! The archive of a project.

mod comparing;
mod folding;
mod lost_rows;
#[cfg(test)]
mod power_failures;
mod reading;
mod rebuilding;
mod run_rows;
mod writing;

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use runstore::error::Result;

pub use comparing::Comparison;
pub use reading::Items;
pub(crate) use reading::is_score_file;
pub use rebuilding::Rebuilder;
pub use run_rows::{RunRows, ScoresAsRun};
pub use writing::{Frame, StagedFrame};
pub(crate) use writing::{Staged, StagedFile};

use crate::log::{Action, Snapshot};
use crate::names::check_project;
use crate::storage::{Location, Storage, Tag};
use crate::writer::RunWriter;

/// The options of an archive.
#[derive(Clone, Debug)]
pub struct Options {
    /// Whether the first commit reserves writing and cleaning up the table to runstore. Other programs can always read
    /// it.
    pub guard: bool,
}

impl Default for Options {
    fn default() -> Self {
        Options { guard: true }
    }
}

/// The runs of one project, in a folder or a bucket.
pub struct Archive {
    storage: Box<dyn Storage>,
    project: String,
    options: Options,
    known: Mutex<Known>,
}

/// The cached state of the archive, and of other programs' changes.
#[derive(Default)]
struct Known {
    log: Snapshot,
    /// The manifest that was last compared with the log.
    compared: Option<Tag>,
    /// What other programs wrote beside the log, until a commit adopts it.
    foreign: Vec<Action>,
    /// [`Self::log`] with [`Self::foreign`], if there is any.
    with_foreign: Option<Snapshot>,
    /// When this archive last folded the manifest, and how long it took.
    folded: Option<(Instant, Duration)>,
    is_behind: bool,
    /// Whether a commit was found to be possible.
    is_checked: bool,
}

impl Known {
    fn snapshot(&self) -> &Snapshot {
        self.with_foreign.as_ref().unwrap_or(&self.log)
    }

    /// Takes the runs of a manifest that the log lacks.
    fn set_foreign(&mut self, foreign: Vec<Action>, compared: Option<Tag>) -> Result<()> {
        self.foreign = foreign;
        self.compared = compared;
        self.look()
    }

    /// Reads the log and what is beside it. The log is copied only if there is something, which the next commit adopts.
    fn look(&mut self) -> Result<()> {
        self.with_foreign = match self.foreign.is_empty() {
            true => None,
            false => Some(self.log.with(&self.foreign)?),
        };
        Ok(())
    }
}

impl Archive {
    /// Opens the archive of a project. Nothing is read, and the first written run creates what is missing.
    ///
    /// # Errors
    /// If the project is not a valid folder name, or the settings of the object store are incomplete.
    pub fn open(
        location: impl Into<Location>,
        project: &str,
        options: Options,
    ) -> Result<Arc<Self>> {
        check_project(project)?;
        Ok(Arc::new(Archive {
            storage: location.into().open(project)?,
            project: project.to_owned(),
            options,
            known: Mutex::default(),
        }))
    }

    pub(crate) fn storage(&self) -> &dyn Storage {
        &*self.storage
    }

    pub(crate) fn project(&self) -> &str {
        &self.project
    }

    /// Returns a sink for the rows of runs.
    pub fn writer(self: &Arc<Self>) -> RunWriter {
        RunWriter::new(Arc::clone(self))
    }

    fn known(&self) -> MutexGuard<'_, Known> {
        self.known.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)] // a failing test is meant to panic

    use super::*;
    use crate::query::Query;
    use crate::record::Decision;

    #[test]
    fn closing_frees_the_entries_and_the_next_call_reads_them_again() {
        let folder = tempfile::tempdir().unwrap();
        let archive =
            Archive::open(folder.path().to_owned(), "default", Options::default()).unwrap();
        for (at, id) in ["a", "b"].into_iter().enumerate() {
            let frame = format!(
                r#"{{"run_id": "{id}", "model_id": "m", "task_id": "t", "metric_name": "exact", "items": [
                    {{"item_id": "1", "score": 1, "epoch": 0, "metadata_json": "{{}}"}}]}}"#
            );
            let frame = runstore::json::read(&frame).unwrap();
            archive.write_frame(frame, Some(0.0), Decision::default()).unwrap();
            assert!(archive.known().log.version().is_some());
            archive.close().unwrap();
            assert!(archive.known().log.version().is_none());
            assert_eq!(archive.runs(&Query::default()).unwrap().len(), at + 1);
        }
    }
}
