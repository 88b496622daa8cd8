//! The files that the log leaves.

use std::collections::BTreeMap;

use runstore::error::{Code, Result, StoreError};
use rustc_hash::FxHashMap;

use super::action::{Action, Add, Entry, Metadata, Protocol};
use crate::names;

/// The state of a table after some entry of its log.
#[derive(Clone, Default)]
pub(crate) struct Snapshot {
    version: Option<u64>,
    protocol: Option<Protocol>,
    metadata: Option<Metadata>,
    /// In the order in which they were added.
    files: BTreeMap<u64, Add>,
    places: FxHashMap<String, u64>,
    added: u64,
}

impl Snapshot {
    /// Returns the number of the last entry, `None` for a log without any.
    pub(crate) fn version(&self) -> Option<u64> {
        self.version
    }

    pub(super) fn next_version(&self) -> u64 {
        self.version.map_or(0, |version| version + 1)
    }

    /// Makes the state that a checkpoint holds.
    pub(super) fn of(version: u64, actions: Vec<Action>) -> Result<Self> {
        let mut snapshot = Snapshot::default();
        snapshot.apply(Entry { version, actions })?;
        match snapshot.protocol.is_some() && snapshot.metadata.is_some() {
            true => Ok(snapshot),
            false => {
                Err(StoreError::new(Code::Corrupt, "the checkpoint does not describe the table"))
            }
        }
    }

    /// Returns what describes the table.
    pub(super) fn heads(&self) -> (Option<&Protocol>, Option<&Metadata>) {
        (self.protocol.as_ref(), self.metadata.as_ref())
    }

    /// Returns the files, oldest first.
    pub(crate) fn files(&self) -> impl DoubleEndedIterator<Item = &Add> {
        self.files.values()
    }

    /// Returns what the log says of a file, by its path on disk.
    pub(crate) fn file(&self, path: &str) -> Option<&Add> {
        self.files.get(self.places.get(path)?)
    }

    pub(super) fn check_writable(&self) -> Result<()> {
        self.protocol.as_ref().map_or(Ok(()), Protocol::check_writable)
    }

    /// Refuses to remove files where they may only be added.
    pub(crate) fn check_removable(&self) -> Result<()> {
        match self.metadata.as_ref().is_some_and(Metadata::is_append_only) {
            true => Err(StoreError::new(
                Code::ReadOnly,
                "the table says that its files may only be added",
            )),
            false => Ok(()),
        }
    }

    pub(super) fn apply(&mut self, entry: Entry) -> Result<()> {
        for action in entry.actions {
            self.apply_action(action)?;
        }
        self.version = Some(entry.version);
        Ok(())
    }

    /// Applies what is not in the log, and leaves the version as it is.
    pub(crate) fn describe(&mut self, actions: &[Action]) -> Result<()> {
        actions.iter().cloned().try_for_each(|action| self.apply_action(action))
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
            Action::Remove(remove) => {
                if let Some(place) = self.places.remove(&names::from_uri(&remove.path)?) {
                    self.files.remove(&place);
                }
            }
        }
        Ok(())
    }

    /// A file that is added again is described anew, at its old place.
    fn add(&mut self, add: Add) -> Result<()> {
        let path = names::from_uri(&add.path)?;
        let added = &mut self.added;
        let place = *self.places.entry(path).or_insert_with(|| {
            *added += 1;
            *added
        });
        self.files.insert(place, add);
        Ok(())
    }
}
