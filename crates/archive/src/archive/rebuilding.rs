//! Rebuilds the manifest from the log and the existing files.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use runstore::error::Result;

use super::Archive;
use super::lost_rows::LostRows;
use super::reading::is_score_file;
use crate::log::{self, Action, Listed, Snapshot, add_of, removal, run_in};
use crate::manifest;
use crate::names::is_unique;
use crate::record::ArchivedRun;
use crate::storage::Found;
use crate::time::Moment;

/// Adopts the files that are in no entry of the log, one by one, and then writes the manifest.
pub struct Rebuilder {
    archive: Arc<Archive>,
    files: Vec<Found>,
    rows: LostRows,
    read: Vec<ArchivedRun>,
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
        let Some(found) = self.files.get(self.read.len()) else { return Ok(None) };
        let storage = self.archive.storage();
        let run = run_in(storage, &found.path)?;
        let run = ArchivedRun { ts: Moment(found.changed_at * 1000).written(), ..run };
        self.read.push(self.rows.complete(storage, run, found.changed_at));
        Ok(Some(self.read.len()))
    }

    /// Adds the files to the log, and rewrites the manifest, ignoring the old one.
    ///
    /// # Errors
    /// If the log or the manifest cannot be written.
    pub fn finish(self) -> Result<()> {
        let actions = self.actions()?;
        let archive = self.archive;
        let now = archive.storage().state(manifest::PATH)?.map(|found| found.tag);
        archive.known().set_foreign(actions, now)?;
        archive.commit_foreign()?;
        archive.write_manifest()
    }

    /// Returns what to commit: the newest file of each entry, unless the log has it already.
    fn actions(&self) -> Result<Vec<Action>> {
        let known = self.archive.known();
        let mut newest: BTreeMap<&str, (&ArchivedRun, &Found)> = BTreeMap::new();
        // A file without scores and without the rows of its run does not say whose it is.
        let known_runs =
            self.read.iter().zip(&self.files).filter(|(run, _)| !run.run_id.is_empty());
        for (run, found) in known_runs {
            let is_newer =
                |(_, other): &(&ArchivedRun, &Found)| other.changed_at <= found.changed_at;
            if newest.get(run.run_id.as_str()).is_none_or(is_newer) {
                newest.insert(&run.run_id, (run, found));
            }
        }
        let mut actions = Vec::new();
        for (run, found) in newest.into_values() {
            let Some(olds) = replaceable(&known.log, run, found) else { continue };
            actions.extend(olds);
            actions.push(Action::Add(Box::new(add_of(run, found.bytes, found.changed_at)?)));
        }
        Ok(actions)
    }
}

/// Returns the removals of what a file replaces; `None` if the log has its run already. Our own file of such a run was never
/// committed. That of another program is newer, or older, than what is listed.
fn replaceable(log: &Snapshot, run: &ArchivedRun, found: &Found) -> Option<Vec<Action>> {
    let olds = || log.files().named(run.run()).chain(log.files().named(&run.run_id));
    let is_older =
        |old: Listed<'_>| !is_unique(&found.path) && old.modified_at() < found.changed_at;
    olds().all(is_older).then(|| {
        let paths: BTreeSet<_> = olds().map(Listed::path).collect();
        paths.into_iter().map(removal).collect()
    })
}

impl Archive {
    /// Starts to rebuild the manifest from the log and the existing files.
    ///
    /// # Errors
    /// If the log cannot be read, or the files not listed.
    pub fn rebuilder(self: &Arc<Self>) -> Result<Rebuilder> {
        let mut known = self.known();
        log::refresh(self.storage(), &mut known.log)?;
        let all = self.storage().list("")?;
        let rows = LostRows::among(&all, &known.log);
        let files = all.into_iter().filter(|found| is_unlisted(&known.log, found)).collect();
        drop(known);
        Ok(Rebuilder { archive: Arc::clone(self), files, rows, read: vec![] })
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
}

/// Returns whether a file is a Parquet file that is in no entry of the log, and was not removed from it.
fn is_unlisted(log: &Snapshot, found: &Found) -> bool {
    let was_removed = log
        .removed_at(&found.path)
        .is_some_and(|at| found.changed_at <= at || is_unique(&found.path));
    is_score_file(&found.path) && log.files().get(&found.path).is_none() && !was_removed
}
