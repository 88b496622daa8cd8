//! The archive of a project.

mod comparing;
mod folding;
mod reading;
mod writing;

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use runstore::error::Result;

pub use comparing::Comparison;
pub use reading::Items;
pub(crate) use reading::is_score_file;
pub use writing::Frame;
pub(crate) use writing::{Staged, StagedFile};

use crate::log::{Action, Listed, Snapshot};
use crate::names::check_project;
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
    known: Mutex<Known>,
}

/// What is known of the archive, and of what others do to it.
#[derive(Default)]
struct Known {
    log: Snapshot,
    /// The manifest that was compared with the log.
    compared: Option<Tag>,
    /// What others wrote beside the log, until a commit adopts it.
    foreign: Vec<Action>,
    /// [`Self::log`] with [`Self::foreign`], where there is any.
    with_foreign: Option<Snapshot>,
    /// When this archive folded the manifest last, and how long that took.
    folded: Option<(Instant, Duration)>,
    is_behind: bool,
}

impl Known {
    /// Returns the entries, oldest first.
    fn listing(&self) -> impl DoubleEndedIterator<Item = &Listed> + ExactSizeIterator {
        self.snapshot().files()
    }

    fn snapshot(&self) -> &Snapshot {
        self.with_foreign.as_ref().unwrap_or(&self.log)
    }

    /// Takes what a manifest says beside the log.
    fn set_foreign(&mut self, foreign: Vec<Action>, compared: Option<Tag>) -> Result<()> {
        self.foreign = foreign;
        self.compared = compared;
        self.look()
    }

    /// Looks at the log and at what is beside it. It copies the log only where there is something: the next commit adopts that.
    fn look(&mut self) -> Result<()> {
        self.with_foreign = match self.foreign.is_empty() {
            true => None,
            false => Some(self.log.with(&self.foreign)?),
        };
        Ok(())
    }
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
