//! The archive of a project.

mod comparing;
mod entry;
mod folding;
mod reading;
mod writing;

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Instant;

use runstore::error::{Code, Result, StoreError};

pub use comparing::Comparison;
pub use reading::Items;
pub(crate) use reading::is_score_file;
pub use writing::Frame;
pub(crate) use writing::{Staged, StagedFile};

use crate::log::{Action, Snapshot};
use crate::names::check_project;
use crate::record::ArchivedRun;
use crate::storage::{Location, Storage, Tag};
use crate::writer::RunWriter;

/// What an archive is opened with.
#[derive(Clone, Debug)]
pub struct Options {
    /// Whether the first commit says that only runstore may write and clean up the table. Others may read it all the same.
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
    state: Mutex<State>,
}

/// What is known of the archive, and of what others do to it.
#[derive(Default)]
struct State {
    log: Snapshot,
    /// The manifest that was compared with the log.
    compared: Option<Tag>,
    /// What others wrote beside the log, until a commit adopts it.
    foreign: Vec<Action>,
    /// The entries after [`Self::log`] and [`Self::foreign`].
    listing: Option<Vec<ArchivedRun>>,
    folded_at: Option<Instant>,
    is_behind: bool,
}

impl Archive {
    /// Opens the archive of a project. Nothing is read, and what is not there is made by the first run that is written.
    ///
    /// # Errors
    /// If the name of the project cannot be that of a folder, or an object store cannot be reached with what is known of it.
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
            state: Mutex::default(),
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

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn lost(path: &str) -> StoreError {
    StoreError::new(Code::Corrupt, format!("the file {path} of the archive is not there"))
}
