//! The current files of the log.

use std::collections::BTreeMap;

use runstore::error::{Code, Result, StoreError};

use super::action::{Action, Add, Entry, Metadata, Protocol, Remove};
use super::files::Files;
use super::listed::{run_in, tags_of};
use super::row::NewFile;
use super::tags::Tags;
use crate::names;
use crate::storage::Storage;

/// The state of a table after an entry of its log. Applying an entry takes the same time however large the state is.
#[derive(Clone, Default)]
pub(crate) struct Snapshot {
    version: Option<u64>,
    protocol: Option<Protocol>,
    metadata: Option<Metadata>,
    files: Files,
    /// When files were removed from the table, by path.
    removed: BTreeMap<String, i64>,
    /// Places of files whose run is not described in the log.
    unread: Vec<u32>,
    /// Number of actions since the newest known checkpoint.
    changes: u64,
}

impl Snapshot {
    /// Returns the number of the last entry, `None` for a log without any.
    pub(crate) fn version(&self) -> Option<u64> {
        self.version
    }

    pub(super) fn next_version(&self) -> u64 {
        self.version.map_or(0, |version| version + 1)
    }

    /// Creates the state from a checkpoint.
    pub(super) fn of_checkpoint(version: u64, heads: Vec<Action>, files: Files) -> Result<Self> {
        let mut snapshot = Snapshot { files, ..Snapshot::default() };
        snapshot.apply(Entry { version, actions: heads })?;
        snapshot.forget_changes();
        match snapshot.protocol.is_some() && snapshot.metadata.is_some() {
            true => Ok(snapshot),
            false => {
                Err(StoreError::new(Code::Corrupt, "the checkpoint does not describe the table"))
            }
        }
    }

    /// Returns how many actions there were since the newest known checkpoint.
    pub(super) fn changes(&self) -> u64 {
        self.changes
    }

    /// Counts the actions from here on, because a checkpoint has all of them.
    pub(super) fn forget_changes(&mut self) {
        self.changes = 0;
    }

    /// Returns the description of the table.
    pub(super) fn heads(&self) -> (Option<&Protocol>, Option<&Metadata>) {
        (self.protocol.as_ref(), self.metadata.as_ref())
    }

    pub(crate) fn files(&self) -> &Files {
        &self.files
    }

    /// Returns when a file was removed from the table, in milliseconds since the epoch.
    pub(crate) fn removed_at(&self, path: &str) -> Option<i64> {
        self.removed.get(path).copied()
    }

    /// Returns the files that were removed from the table since a moment.
    pub(super) fn removed_since(&self, since: i64) -> impl Iterator<Item = Remove> {
        let removed = self.removed.iter().filter(move |(_, at)| **at >= since);
        removed.map(|(path, at)| Remove {
            path: names::to_uri(path),
            deletion_timestamp: Some(*at),
            data_change: false,
        })
    }

    pub(super) fn check_writable(&self) -> Result<()> {
        self.protocol.as_ref().map_or(Ok(()), Protocol::check_writable)
    }

    /// Refuses to remove files from an append-only table.
    pub(crate) fn check_removable(&self) -> Result<()> {
        match self.metadata.as_ref().is_some_and(Metadata::is_append_only) {
            true => Err(StoreError::new(Code::ReadOnly, "the table is append-only")),
            false => Ok(()),
        }
    }

    pub(super) fn apply(&mut self, entry: Entry) -> Result<()> {
        self.changes += entry.actions.len() as u64;
        for action in entry.actions {
            self.apply_action(action)?;
        }
        self.version = Some(entry.version);
        Ok(())
    }

    /// Returns the state with changes that are not in the log.
    pub(crate) fn with(&self, actions: &[Action]) -> Result<Self> {
        let mut view = self.clone();
        view.describe(actions)?;
        Ok(view)
    }

    /// Applies changes that are not in the log, without changing the version.
    pub(super) fn describe(&mut self, actions: &[Action]) -> Result<()> {
        actions.iter().cloned().try_for_each(|action| self.apply_action(action))
    }

    /// Reads the files whose runs the log does not describe, because other programs added them.
    pub(super) fn read_unknown(&mut self, storage: &dyn Storage) -> Result<()> {
        while let Some(place) = self.unread.last().copied() {
            if let Some(listed) = self.files.at(place) {
                let tags = tags_of(&run_in(storage, listed.path())?);
                let (path, original) = (listed.path().to_owned(), listed.original());
                let (size, modified_at) = (listed.size(), listed.modified_at());
                let (path, tags) = (path.as_str(), tags.texts()?.unwrap_or_default());
                self.files.put(NewFile { path, tags, size, modified_at, original })?;
            }
            self.unread.pop();
        }
        self.files.tidy()
    }

    fn apply_action(&mut self, action: Action) -> Result<()> {
        match action {
            Action::CommitInfo(_) => {}
            Action::Protocol(protocol) => {
                protocol.check_readable()?;
                self.protocol = Some(protocol);
            }
            Action::MetaData(metadata) => self.metadata = Some(metadata),
            Action::Add(add) => self.add(*add)?,
            Action::Remove(remove) => self.remove(remove)?,
        }
        Ok(())
    }

    fn add(&mut self, mut add: Add) -> Result<()> {
        add.data_change = false;
        let path = names::from_uri(&add.path)?;
        let texts = add.tags.as_ref().map_or(Ok(None), Tags::texts)?;
        let is_described = texts.is_some();
        let is_ours = is_described && add.tags.as_ref().is_some_and(Tags::are_ours);
        let place = self.put(NewFile {
            path: &path,
            tags: texts.unwrap_or_default(),
            size: u64::try_from(add.size).unwrap_or(0),
            modified_at: add.modification_time,
            original: (!is_ours).then(|| Box::new(add.clone())),
        })?;
        if !is_described {
            self.unread.push(place);
        }
        Ok(())
    }

    /// Adds a file to the table and returns its place.
    pub(super) fn put(&mut self, file: NewFile<'_>) -> Result<u32> {
        self.removed.remove(file.path);
        self.files.put(file)
    }

    fn remove(&mut self, remove: Remove) -> Result<()> {
        let path = names::from_uri(&remove.path)?;
        self.files.remove(&path)?;
        self.removed.insert(path, remove.deletion_timestamp.unwrap_or(0));
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)] // a failing test is meant to panic

    use super::*;
    use crate::log::listed::{Listed, add_of, removal};
    use crate::record::{ArchivedRun, Source};

    fn run(id: &str, path: &str) -> ArchivedRun {
        let source = Some(Source { run_id: "run".into(), body: "_runstore/runs/b".into() });
        ArchivedRun { run_id: id.into(), path: path.into(), source, ..ArchivedRun::default() }
    }

    fn add(id: &str, path: &str) -> Action {
        Action::Add(Box::new(add_of(&run(id, path), 1, 2).unwrap()))
    }

    #[test]
    fn entries_are_found_by_their_id_and_by_their_run_until_they_are_removed() {
        let mut snapshot = Snapshot::default();
        snapshot
            .describe(&[add("run::a", "p1"), add("run::b", "p2"), add("run::b", "p3")])
            .unwrap();
        let paths = |snapshot: &Snapshot, id: &str| -> Vec<String> {
            snapshot.files().named(id).map(|one| one.path().to_owned()).collect()
        };
        assert_eq!(paths(&snapshot, "run"), ["p1", "p2", "p3"]);
        assert_eq!(paths(&snapshot, "run::b"), ["p2", "p3"]);
        snapshot.describe(&[removal("p2")]).unwrap();
        assert_eq!(paths(&snapshot, "run"), ["p1", "p3"]);
        assert!(snapshot.removed_at("p2").is_some() && snapshot.removed_at("p1").is_none());
        // Another run takes over the file, and its index in the table.
        snapshot.describe(&[add("other", "p1"), add("run::b", "p2")]).unwrap();
        assert_eq!(paths(&snapshot, "run::a"), Vec::<String>::new());
        assert_eq!(paths(&snapshot, "run"), ["p1", "p3", "p2"]);
        assert_eq!(snapshot.removed_at("p2"), None);
        let order: Vec<_> = snapshot.files().iter().map(Listed::path).collect();
        assert_eq!(order, ["p1", "p3", "p2"]);
    }

    #[test]
    fn tags_of_a_later_version_are_kept() {
        let mut snapshot = Snapshot::default();
        let Action::Add(mut later) = add("a", "p") else { unreachable!() };
        later.tags.as_mut().unwrap().put("runstore.later", Some("x".into()));
        snapshot.describe(&[Action::Add(later.clone())]).unwrap();
        let kept = snapshot.files().get("p").unwrap().add().unwrap();
        assert_eq!(kept.tags, later.tags);
    }
}
