//! Rebuilds the manifest from the log and the existing files.

use std::sync::Arc;

use runstore::error::Result;

use super::Archive;
use super::reading::is_score_file;
use crate::log::{self, Action, Snapshot, add_of, run_in};
use crate::manifest;
use crate::names::is_unique;
use crate::record::ArchivedRun;
use crate::storage::Found;
use crate::time::Moment;

/// Adopts the files that are in no entry of the log, one by one, and then writes the manifest.
pub struct Rebuilder {
    archive: Arc<Archive>,
    files: Vec<Found>,
    actions: Vec<Action>,
}

impl Rebuilder {
    /// Returns how many files are in no entry.
    pub fn files(&self) -> usize {
        self.files.len()
    }

    /// Reads which run is in the next file, and returns how many were read; `None` after the last.
    ///
    /// # Errors
    /// If the file cannot be read.
    pub fn next_file(&mut self) -> Result<Option<usize>> {
        let done = self.actions.len();
        let Some(found) = self.files.get(done) else { return Ok(None) };
        let run = run_in(self.archive.storage(), &found.path)?;
        let run = ArchivedRun { ts: Moment(found.changed_at * 1000).written(), ..run };
        let add = add_of(&run, found.bytes, found.changed_at)?;
        self.actions.push(Action::Add(Box::new(add)));
        Ok(Some(done + 1))
    }

    /// Adds the files to the log, and rewrites the manifest, ignoring the old one.
    ///
    /// # Errors
    /// If the log or the manifest cannot be written.
    pub fn finish(self) -> Result<()> {
        let archive = self.archive;
        let now = archive.storage().state(manifest::PATH)?.map(|found| found.tag);
        archive.known().set_foreign(self.actions, now)?;
        archive.commit_foreign()?;
        archive.write_manifest()
    }
}

impl Archive {
    /// Starts to rebuild the manifest from the log and the existing files.
    ///
    /// # Errors
    /// If the log cannot be read, or the files not listed.
    pub fn rebuilder(self: &Arc<Self>) -> Result<Rebuilder> {
        let mut known = self.known();
        log::refresh(self.storage(), &mut known.log)?;
        let files = self.unlisted(&known.log)?;
        drop(known);
        Ok(Rebuilder { archive: Arc::clone(self), files, actions: vec![] })
    }

    /// Rewrites the manifest from the log and the existing files, ignoring the old manifest. `progress` gets how many of the
    /// files without an entry were read, and how many there are; its error ends the work.
    ///
    /// # Errors
    /// If the log or a file cannot be read, or the manifest cannot be written.
    pub fn rebuild(
        self: &Arc<Self>,
        progress: &mut dyn FnMut(usize, usize) -> Result<()>,
    ) -> Result<()> {
        let mut rebuilder = self.rebuilder()?;
        while let Some(done) = rebuilder.next_file()? {
            progress(done, rebuilder.files())?;
        }
        rebuilder.finish()
    }

    /// Returns the Parquet files that are in no entry of the log, and were not removed from it.
    fn unlisted(&self, log: &Snapshot) -> Result<Vec<Found>> {
        let mut files = self.storage().list("")?;
        files.retain(|found| {
            let was_removed = log
                .removed_at(&found.path)
                .is_some_and(|at| found.changed_at <= at || is_unique(&found.path));
            is_score_file(&found.path) && log.files().get(&found.path).is_none() && !was_removed
        });
        Ok(files)
    }
}
