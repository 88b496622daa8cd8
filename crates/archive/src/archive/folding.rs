//! The manifest as a view of the log, and what others write there.

use std::collections::BTreeMap;
use std::time::{Duration, Instant};

use runstore::error::{Code, Result, StoreError};

use super::entry::{add_of, removal};
use super::reading::is_score_file;
use super::{Archive, State};
use crate::log::{self, Action, Snapshot};
use crate::manifest::{self, Manifest};
use crate::names::inside;
use crate::record::ArchivedRun;
use crate::storage::{LONGEST_MANIFEST, Tag};
use crate::time::Moment;

/// The state of the manifest as we wrote it last, so that nothing has to read it to see that nobody else wrote since.
const FOLDED: &str = "_runstore/folded";

/// With more runs than that, the manifest is not written after every commit.
const SMALL: usize = 2000;
/// How old a large manifest may get while runs are written; [`Archive::close`] brings it up to date.
const OLD: Duration = Duration::from_secs(5);

impl Archive {
    /// Writes the manifest anew, and takes what others wrote beside the log into it.
    ///
    /// # Errors
    /// If the manifest that is there cannot be read; [`Self::rebuild`] replaces it.
    pub fn fold(&self) -> Result<()> {
        self.adopt()?;
        let mut state = self.state();
        let mut failure = None;
        self.storage.change(manifest::PATH, &mut |old| {
            log::refresh(self.storage(), &mut state.log)?;
            state.listing = None;
            if let Some(old) = old.as_deref() {
                let manifest = Manifest::parse(old)?;
                let foreign = self.foreign(&manifest, &state.log)?;
                if !foreign.is_empty() {
                    // evalsig wrote between the two looks. Nothing is written over: it is adopted next time.
                    failure = Some(StoreError::new(
                        Code::Busy,
                        "another program writes the manifest; fold it again",
                    ));
                    return Ok(None);
                }
            }
            let runs = self.entries(&state.log)?;
            let version = state.log.version();
            let runs = runs.into_iter().filter(|run| run.n_items > 0).collect();
            Manifest::new(&self.project, runs, version).to_bytes().map(Some)
        })?;
        if let Some(failure) = failure {
            state.compared = None;
            return Err(failure);
        }
        self.remember_manifest(&mut state)
    }

    /// Makes the manifest anew from the log and from the files that are there, whatever it says now.
    pub fn rebuild(&self) -> Result<()> {
        let mut state = self.state();
        log::refresh(self.storage(), &mut state.log)?;
        let unlisted = self.unlisted(&state.log)?;
        state.foreign = unlisted;
        state.compared = self.storage.state(manifest::PATH)?.map(|found| found.tag);
        state.listing = None;
        drop(state);
        self.commit_foreign()?;
        let mut state = self.state();
        self.storage.change(manifest::PATH, &mut |_| {
            let runs =
                self.entries(&state.log)?.into_iter().filter(|run| run.n_items > 0).collect();
            Manifest::new(&self.project, runs, state.log.version()).to_bytes().map(Some)
        })?;
        self.remember_manifest(&mut state)
    }

    /// Brings the manifest up to date, if runs were written since.
    pub fn close(&self) -> Result<()> {
        let is_behind = self.state().is_behind;
        if is_behind { self.fold() } else { Ok(()) }
    }

    /// Commits what others wrote beside the log.
    fn adopt(&self) -> Result<()> {
        let mut state = self.state();
        self.refresh(&mut state)?;
        let is_there = !state.foreign.is_empty();
        drop(state);
        if is_there { self.commit_foreign() } else { Ok(()) }
    }

    fn commit_foreign(&self) -> Result<()> {
        self.commit("ADOPT", &mut |_| Ok(vec![]))
    }

    pub(super) fn fold_if_due(&self) -> Result<()> {
        let state = self.state();
        let is_due = state.log.files().count() <= SMALL
            || state.folded_at.is_none_or(|at| at.elapsed() >= OLD);
        drop(state);
        match is_due.then(|| self.fold()) {
            // The run is in the log; the manifest follows.
            Some(Err(error)) if error.code == Code::Busy => Ok(()),
            Some(folded) => folded,
            None => Ok(()),
        }
    }

    fn remember_manifest(&self, state: &mut State) -> Result<()> {
        let tag = self.storage.state(manifest::PATH)?.map(|found| found.tag);
        if let Some(tag) = &tag {
            self.storage.change(FOLDED, &mut |_| Ok(Some(tag.0.clone().into_bytes())))?;
        }
        state.compared = tag;
        state.folded_at = Some(Instant::now());
        state.is_behind = false;
        Ok(())
    }

    /// Reads what was committed since, and what others wrote beside the log.
    pub(super) fn refresh(&self, state: &mut State) -> Result<()> {
        if log::refresh(self.storage(), &mut state.log)? {
            state.listing = None;
        }
        let tag = self.storage.state(manifest::PATH)?.map(|found| found.tag);
        if tag == state.compared {
            return Ok(());
        }
        state.listing = None;
        state.foreign = match &tag {
            Some(tag) if !self.is_ours(tag)? => {
                let bytes =
                    self.storage.read(manifest::PATH, LONGEST_MANIFEST)?.unwrap_or_default();
                self.foreign(&Manifest::parse(&bytes)?, &state.log)?
            }
            _ => vec![],
        };
        state.compared = tag;
        Ok(())
    }

    fn is_ours(&self, tag: &Tag) -> Result<bool> {
        Ok(self.storage.read(FOLDED, 1000)?.is_some_and(|folded| folded == tag.0.as_bytes()))
    }

    /// Returns what a manifest knows and the log does not: runs that evalsig wrote, or wrote over.
    pub(super) fn foreign(&self, manifest: &Manifest, log: &Snapshot) -> Result<Vec<Action>> {
        let mut actions = Vec::new();
        let listed = self.entries(log)?;
        let by_id: BTreeMap<&str, &ArchivedRun> =
            listed.iter().map(|run| (run.run_id.as_str(), run)).collect();
        for run in &manifest.runs {
            inside(&run.path).map_err(|error| error.in_file(manifest::PATH))?;
            let Some(found) = self.storage.state(&run.path)? else { continue };
            let size = found.bytes;
            let known = log.file(&run.path);
            if known.is_some_and(|known| known.size as u64 == size) {
                continue;
            }
            // We write no entry twice: of two with one id, the manifest's that the log lacks is the newer.
            if let Some(old) = by_id.get(run.run_id.as_str()).filter(|old| old.path != run.path) {
                // A manifest that was made before the log changed names files that are gone from it.
                if manifest.runstore_log_version.is_some() {
                    continue;
                }
                actions.push(removal(old));
            } else if manifest.runstore_log_version.is_some() && known.is_none() {
                continue;
            }
            actions.push(Action::Add(Box::new(add_of(run, size)?)));
        }
        Ok(actions)
    }

    /// Returns the Parquet files that are in no entry of the log.
    pub(super) fn unlisted(&self, log: &Snapshot) -> Result<Vec<Action>> {
        let mut actions = Vec::new();
        for found in self.storage.list("")?.iter().filter(|found| is_score_file(&found.path)) {
            if log.file(&found.path).is_none() {
                let mut run = self.record_in(&found.path)?;
                run.ts = Moment(found.changed_at * 1000).written();
                actions.push(Action::Add(Box::new(add_of(&run, found.bytes)?)));
            }
        }
        Ok(actions)
    }
}
