//! The manifest, which is derived from the log, and what other programs write to it.

use std::collections::HashMap;
use std::time::{Duration, Instant};

use runstore::error::{Code, Result, StoreError};

use super::{Archive, Known};
use crate::log::{self, Action, Listed, Snapshot, add_of, removal};
use crate::manifest::{self, Manifest};
use crate::names::{is_unique, of_scores};
use crate::record::ArchivedRun;
use crate::storage::{Found, LONGEST_MANIFEST, State};

/// How often the manifest is written again because another program wrote it at the same time.
const MOST_FOLDS: u32 = 5;

/// A writer waits this many times the duration of its last fold before the next one. The manifest lists all runs, so
/// writing it for each new run would make each run cost more. [`Archive::close`] brings it up to date.
const REST: u32 = 20;

/// Maximum number of files that are looked up one by one; for more, all files are listed.
const MOST_LOOKS: usize = 50;

impl Archive {
    /// Rewrites the manifest, after adopting what other programs wrote to it.
    ///
    /// # Errors
    /// If the existing manifest cannot be read; [`Self::rebuild`] replaces it.
    pub fn fold(&self) -> Result<()> {
        let started = Instant::now();
        for _ in 0..MOST_FOLDS {
            self.adopt()?;
            if self.fold_what_is_adopted()? {
                self.known().folded = Some((Instant::now(), started.elapsed()));
                return Ok(());
            }
        }
        let message = "another program keeps writing the manifest; fold it again";
        Err(StoreError::new(Code::Busy, message))
    }

    /// Returns whether the manifest is up to date: not if it has runs that were not adopted yet.
    fn fold_what_is_adopted(&self) -> Result<bool> {
        let mut known = self.known();
        let mut is_adopted = true;
        let written = self.storage.change(manifest::PATH, &mut |old| {
            log::refresh(self.storage(), &mut known.log)?;
            let version = known.log.version();
            is_adopted = match old.as_deref().map(manifest::cursor) {
                Some(Some(cursor)) if Some(cursor) == version => return Ok(None),
                Some(None) => self.foreign_in(old.as_deref(), &known.log)?.is_empty(),
                _ => true,
            };
            if is_adopted { self.manifest(&known.log).to_bytes().map(Some) } else { Ok(None) }
        })?;
        known.set_foreign(vec![], None)?;
        if is_adopted {
            known.compared = written;
            known.is_behind = false;
        }
        Ok(is_adopted)
    }

    /// Rewrites the manifest from the log, ignoring the old manifest.
    pub(super) fn write_manifest(&self) -> Result<()> {
        let mut known = self.known();
        let written = self
            .storage
            .change(manifest::PATH, &mut |_| self.manifest(&known.log).to_bytes().map(Some))?;
        known.compared = written;
        known.is_behind = false;
        Ok(())
    }

    /// Brings the manifest up to date if runs were written since, and frees the entries, which the next call reads again.
    ///
    /// # Errors
    /// As [`Self::fold`].
    pub fn close(&self) -> Result<()> {
        let is_behind = self.known().is_behind;
        if is_behind {
            self.fold()?;
        }
        let mut known = self.known();
        // Another thread may have written meanwhile.
        if !known.is_behind {
            *known = Known::default();
        }
        Ok(())
    }

    /// Returns the manifest of the runs that evalsig can load, which are those with items.
    fn manifest(&self, log: &Snapshot) -> Manifest {
        let runs = log.files().iter().filter(|listed| listed.n_items() > 0).map(Listed::run);
        Manifest::new(&self.project, runs.collect(), log.version())
    }

    /// Commits what other programs wrote beside the log.
    fn adopt(&self) -> Result<()> {
        let mut known = self.known();
        self.refresh(&mut known)?;
        let is_there = !known.foreign.is_empty();
        drop(known);
        if is_there { self.commit_foreign() } else { Ok(()) }
    }

    pub(super) fn commit_foreign(&self) -> Result<()> {
        self.commit("ADOPT", &mut |_| Ok(vec![]))
    }

    /// Folds the manifest after a commit, unless it was folded shortly before. If that fails, the commit has succeeded all the
    /// same: [`Self::close`] tries again, and returns the error.
    pub(super) fn fold_if_due(&self) {
        let last = self.known().folded;
        let rest = |took: Duration| took.saturating_mul(REST);
        if last.is_none_or(|(at, took)| at.elapsed() >= rest(took)) {
            let _ = self.fold();
        }
    }

    /// Reads new commits, and what other programs wrote beside the log.
    pub(super) fn refresh(&self, known: &mut Known) -> Result<()> {
        let is_newer = log::refresh(self.storage(), &mut known.log)?;
        let found = self.storage.state(manifest::PATH)?;
        let tag = found.as_ref().map(|found| found.tag.clone());
        if tag != known.compared {
            let foreign = match &found {
                Some(found) if !self.is_ours(found) => self.foreign(&known.log)?,
                _ => vec![],
            };
            return known.set_foreign(foreign, tag);
        }
        if is_newer { known.look() } else { Ok(()) }
    }

    /// Returns whether we wrote the manifest: ours ends with the log entry it was derived from, which other programs
    /// leave out.
    fn is_ours(&self, found: &State) -> bool {
        let end = found.bytes.saturating_sub(manifest::LONGEST_END);
        let read = self.storage.read_from(manifest::PATH, end);
        // If it has become shorter meanwhile, it is read completely.
        read.is_ok_and(|end| end.is_some_and(|end| manifest::cursor(&end).is_some()))
    }

    fn foreign(&self, log: &Snapshot) -> Result<Vec<Action>> {
        let bytes = self.storage.read(manifest::PATH, LONGEST_MANIFEST)?;
        self.foreign_in(bytes.as_deref(), log)
    }

    /// Returns the runs of another program's manifest that the log lacks: new ones, and overwritten ones.
    fn foreign_in(&self, bytes: Option<&[u8]>, log: &Snapshot) -> Result<Vec<Action>> {
        let Some(bytes) = bytes.filter(|bytes| manifest::cursor(bytes).is_none()) else {
            return Ok(vec![]);
        };
        let mut actions = Vec::new();
        let runs = Manifest::parse(bytes)?.runs;
        for run in &runs {
            of_scores(&run.path).map_err(manifest::replaceable)?;
        }
        let found = self.found_of(&runs, log)?;
        for run in &runs {
            let Some(found) = found.get(run.path.as_str()) else { continue };
            if is_known(log, &run.path, found) {
                continue;
            }
            let olds = log.files().named(&run.run_id);
            let olds = olds.filter(|old| old.run_id() == run.run_id && old.path() != run.path);
            actions.extend(olds.map(|old| removal(old.path())));
            actions.push(
                add_of(run, found.bytes, found.changed_at).map(|add| Action::Add(Box::new(add)))?,
            );
        }
        Ok(actions)
    }

    /// Returns the existing files of the runs that the log does not already contain, by path.
    fn found_of(&self, runs: &[ArchivedRun], log: &Snapshot) -> Result<HashMap<String, Found>> {
        let is_settled = |path: &str| {
            is_unique(path) && (log.files().get(path).is_some() || log.removed_at(path).is_some())
        };
        let paths: Vec<&str> =
            runs.iter().map(|run| run.path.as_str()).filter(|path| !is_settled(path)).collect();
        if paths.len() > MOST_LOOKS {
            let all = self.storage.list("")?.into_iter();
            return Ok(all.map(|found| (found.path.clone(), found)).collect());
        }
        let mut found = HashMap::new();
        for path in paths {
            if let Some(State { bytes, changed_at, .. }) = self.storage.state(path)? {
                found.insert(path.to_owned(), Found { path: path.to_owned(), bytes, changed_at });
            }
        }
        Ok(found)
    }
}

/// Returns whether the log contains a file in its current state: it was neither overwritten, nor written again since it
/// was removed. A manifest from before a run was deleted or replaced still names its file.
fn is_known(log: &Snapshot, path: &str, found: &Found) -> bool {
    match (log.files().get(path), log.removed_at(path)) {
        (Some(known), _) => known.size() == found.bytes && found.changed_at <= known.modified_at(),
        (None, Some(removed_at)) => found.changed_at <= removed_at,
        (None, None) => false,
    }
}
