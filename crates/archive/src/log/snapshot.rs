//! The current files of the log.

use std::collections::BTreeMap;

use runstore::error::{Code, Result, StoreError};
use rustc_hash::FxHashMap;

use super::action::{Action, Add, Entry, Metadata, Protocol, Remove};
use super::listed::{Listed, run_in};
use crate::names;
use crate::storage::Storage;

/// The state of a table after an entry of its log. Applying an entry takes the same time however large the state is.
#[derive(Clone, Default)]
pub(crate) struct Snapshot {
    version: Option<u64>,
    protocol: Option<Protocol>,
    metadata: Option<Metadata>,
    /// In the order in which they were added.
    files: BTreeMap<u64, Listed>,
    places: FxHashMap<String, u64>,
    /// Indexes by the id of the entry, and by the id of its run.
    named: FxHashMap<String, Vec<u64>>,
    /// When files were removed from the table, by path.
    removed: BTreeMap<String, i64>,
    /// Files whose run is not described in the log.
    unread: Vec<u64>,
    added: u64,
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
    pub(super) fn of_checkpoint(version: u64, heads: Vec<Action>) -> Result<Self> {
        let mut snapshot = Snapshot::default();
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

    /// Returns the files, oldest first.
    pub(crate) fn files(&self) -> impl DoubleEndedIterator<Item = &Listed> + ExactSizeIterator {
        self.files.values()
    }

    /// Returns the record of a file, by its path on disk.
    pub(crate) fn file(&self, path: &str) -> Option<&Listed> {
        self.files.get(self.places.get(path)?)
    }

    /// Returns the entries with an id, or of the run with that id, oldest first.
    pub(crate) fn named(&self, id: &str) -> impl Iterator<Item = &Listed> {
        let places = self.named.get(id).map_or(&[][..], Vec::as_slice);
        places.iter().filter_map(|place| self.files.get(place))
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
            if let Some(listed) = self.files.get_mut(&place) {
                let run = run_in(storage, &listed.run.path)?;
                listed.set_run(run);
                let listed = listed.clone();
                self.name(place, &listed);
            }
            self.unread.pop();
        }
        Ok(())
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

    fn add(&mut self, add: Add) -> Result<()> {
        let (listed, is_known) = Listed::read(add)?;
        let place = self.put(listed);
        if !is_known {
            self.unread.push(place);
        }
        Ok(())
    }

    /// Adds a file to the table and returns its index. A file that is added again gets a new description at its old
    /// index.
    pub(super) fn put(&mut self, listed: Listed) -> u64 {
        let path = listed.run.path.clone();
        self.removed.remove(&path);
        let added = &mut self.added;
        let place = *self.places.entry(path).or_insert_with(|| {
            *added += 1;
            *added
        });
        if let Some(old) = self.files.remove(&place) {
            self.unname(place, &old);
        }
        self.name(place, &listed);
        self.files.insert(place, listed);
        place
    }

    fn remove(&mut self, remove: Remove) -> Result<()> {
        let path = names::from_uri(&remove.path)?;
        if let Some(place) = self.places.remove(&path)
            && let Some(old) = self.files.remove(&place)
        {
            self.unname(place, &old);
        }
        self.removed.insert(path, remove.deletion_timestamp.unwrap_or(0));
        Ok(())
    }

    fn name(&mut self, place: u64, listed: &Listed) {
        for id in ids(listed) {
            self.named.entry(id.to_owned()).or_default().push(place);
        }
    }

    fn unname(&mut self, place: u64, listed: &Listed) {
        for id in ids(listed) {
            if let Some(places) = self.named.get_mut(id) {
                places.retain(|one| *one != place);
                if places.is_empty() {
                    self.named.remove(id);
                }
            }
        }
    }
}

/// Returns the ids by which an entry is found.
fn ids(listed: &Listed) -> impl Iterator<Item = &str> {
    let id = listed.run.run_id.as_str();
    let of_run = Some(listed.run.run()).filter(|run| *run != id);
    std::iter::once(id).chain(of_run)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)] // a failing test is meant to panic

    use super::*;
    use crate::log::listed::{add_of, removal};
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
            snapshot.named(id).map(|one| one.run.path.clone()).collect()
        };
        assert_eq!(paths(&snapshot, "run"), ["p1", "p2", "p3"]);
        assert_eq!(paths(&snapshot, "run::b"), ["p2", "p3"]);
        snapshot.describe(&[removal(&run("run::b", "p2"))]).unwrap();
        assert_eq!(paths(&snapshot, "run"), ["p1", "p3"]);
        assert!(snapshot.removed_at("p2").is_some() && snapshot.removed_at("p1").is_none());
        // Another run takes over the file, and its index in the table.
        snapshot.describe(&[add("other", "p1"), add("run::b", "p2")]).unwrap();
        assert_eq!(paths(&snapshot, "run::a"), Vec::<String>::new());
        assert_eq!(paths(&snapshot, "run"), ["p3", "p1", "p2"]);
        assert_eq!(snapshot.removed_at("p2"), None);
        let order: Vec<_> = snapshot.files().map(|one| one.run.path.as_str()).collect();
        assert_eq!(order, ["p1", "p3", "p2"]);
    }

    #[test]
    fn tags_of_a_later_version_are_kept() {
        let mut snapshot = Snapshot::default();
        let Action::Add(mut later) = add("a", "p") else { unreachable!() };
        later.tags.as_mut().unwrap().put("runstore.later", Some("x".into()));
        snapshot.describe(&[Action::Add(later.clone())]).unwrap();
        let kept = snapshot.file("p").unwrap().add().unwrap();
        assert_eq!(kept.tags, later.tags);
    }
}
