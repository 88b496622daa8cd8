//! Checkpoints: the whole state of the log in one Parquet file, so that a reader need not read all entries.

mod columns;
mod joined;
mod reading;
mod writing;

use runstore::error::{Code, Result, StoreError};
use serde::{Deserialize, Serialize};

use super::snapshot::Snapshot;
use crate::storage::Storage;
use crate::time::Moment;
pub(crate) use reading::{Columns, read_rows};
use writing::write_rows;

pub(crate) const LAST: &str = "_delta_log/_last_checkpoint";

/// Number of commits between two checkpoints, if there are few files.
const EVERY: u64 = 100;

/// From this number of files, the distance between checkpoints doubles, and again with each doubling of the files. So
/// checkpoints cost each commit the same regardless of the number of files, and the entries after a checkpoint stay few
/// compared to the files in it.
const MANY_FILES: u64 = 5_000;

/// How long a checkpoint remembers that a file was removed. A program must not write a manifest that it read before
/// that.
const REMEMBERED_MS: i64 = 30 * 24 * 60 * 60 * 1000;

/// The log's record of its newest checkpoint.
#[derive(Serialize, Deserialize)]
struct Last {
    version: u64,
    size: i64,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    parts: Option<u64>,
}

fn path(version: u64) -> String {
    format!("_delta_log/{version:020}.checkpoint.parquet")
}

/// Returns whether a checkpoint is due after the last entry: after many entries, or after fewer with many files. An entry of
/// a thousand runs takes a reader as long as a thousand entries.
pub(super) fn is_due(snapshot: &Snapshot) -> bool {
    let files = snapshot.files().len() as u64;
    let every = EVERY * (files / MANY_FILES + 1).next_power_of_two();
    let is_far = |version: u64| version > 0 && version.is_multiple_of(every);
    snapshot.version().is_some_and(is_far) || snapshot.changes() >= MANY_FILES.max(files / 4)
}

/// Writes the checkpoint of a snapshot, unless another process has.
pub(super) fn write(storage: &dyn Storage, snapshot: &Snapshot) -> Result<()> {
    let Some(version) = snapshot.version() else { return Ok(()) };
    let path = path(version);
    let file = storage.scratch(&path)?;
    let handle =
        file.as_file().try_clone().map_err(|error| StoreError::io("open", file.path(), &error))?;
    let removed_since = Moment::now().0 / 1000 - REMEMBERED_MS;
    let rows =
        write_rows(handle, snapshot, removed_since).map_err(|error| writing::failed(&error))?;
    match storage.publish(file, &path) {
        Err(error) if error.code == Code::Exists => {}
        published => published?,
    }
    let last = Last { version, size: rows, parts: None };
    let last = serde_json::to_vec(&last)
        .map_err(|error| StoreError::new(Code::Internal, error.to_string()))?;
    let put = storage.change(LAST, &mut |old| {
        let newer = old
            .and_then(|old| runstore::json::read::<Last>(&old).ok())
            .is_some_and(|old| old.version >= version);
        Ok((!newer).then(|| last.clone()))
    });
    put.map(drop)
}

/// Reads the newest checkpoint; `None` if there is none, or its format is unsupported.
pub(super) fn read(storage: &dyn Storage, columns: Columns) -> Result<Option<Snapshot>> {
    let Some(last) = storage.read(LAST, 1 << 20)? else { return Ok(None) };
    let Ok(Last { version, parts: None, .. }) = runstore::json::read::<Last>(&last) else {
        return Ok(None);
    };
    // A number that JSON can represent, and that can be counted on from.
    if version >= 1 << 53 {
        let message = format!("{LAST} has the version {version}");
        return Err(StoreError::new(Code::Corrupt, message));
    }
    let path = path(version);
    let Some(file) = storage.open(&path)? else { return Ok(None) };
    read_rows(file, version, columns).map(Some).map_err(|error| error.in_file(&path))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)] // a failing test is meant to panic

    use std::fs::File;

    use super::*;
    use crate::log::action::{Action, Add, Entry, first};
    use crate::log::listed::add_of;
    use crate::log::tags::Texts;
    use crate::record::ArchivedRun;

    /// Adds so many files in one entry.
    fn apply(snapshot: &mut Snapshot, files: u64) {
        let version = snapshot.next_version();
        let actions = (0..files).map(|at| add(version, at)).collect();
        snapshot.apply(Entry { version, actions }).unwrap();
    }

    fn add(version: u64, at: u64) -> Action {
        let path = format!("year=2026/month=01/{version}-{at}.parquet");
        let run_id = format!("{version}-{at}");
        let run = ArchivedRun { path, run_id, ..ArchivedRun::default() };
        Action::Add(Box::new(add_of(&run, 1, 2).unwrap()))
    }

    #[test]
    fn a_checkpoint_is_due_after_a_hundred_entries() {
        let mut snapshot = Snapshot::default();
        let due = (0..=200).filter(|_| {
            apply(&mut snapshot, 1);
            is_due(&snapshot)
        });
        assert_eq!(due.collect::<Vec<_>>(), [100, 200]);
    }

    #[test]
    fn a_checkpoint_is_due_after_entries_with_many_files() {
        let mut snapshot = Snapshot::default();
        let mut after = |files| {
            apply(&mut snapshot, files);
            let is_due = is_due(&snapshot);
            if is_due {
                snapshot.forget_changes();
            }
            is_due
        };
        assert_eq!([4_999, 1, 4_999, 1].map(&mut after), [false, true, false, true]);
        // A quarter of the files that are there.
        assert_eq!([30_000, 13_332, 2].map(after), [true, false, true]);
    }

    fn described(snapshot: &Snapshot) -> Vec<(String, Texts<'_>, Option<Box<Add>>)> {
        let files = snapshot.files().iter();
        files.map(|one| (one.path().to_owned(), one.tags(), one.original())).collect()
    }

    #[test]
    fn a_checkpoint_is_read_alike_from_its_own_column_and_from_those_of_delta() {
        let mut snapshot = Snapshot::default();
        snapshot.apply(Entry { version: 0, actions: first(true).unwrap().into() }).unwrap();
        apply(&mut snapshot, 2_500);
        let Action::Add(mut foreign) = add(2, 0) else { unreachable!() };
        foreign.path = "other".into();
        foreign.tags.as_mut().unwrap().put("other.tag", Some("x".into()));
        foreign.data_change = false;
        snapshot.describe(&[Action::Add(foreign)]).unwrap();
        let file = tempfile::tempfile().unwrap();
        write_rows(file.try_clone().unwrap(), &snapshot, 0).unwrap();
        for columns in [Columns::Shortest, Columns::OfDelta] {
            let read = read_rows(file.try_clone().unwrap(), 2, columns).unwrap();
            assert_eq!(described(&read), described(&snapshot));
        }
    }

    /// This version wrote only the columns of Delta.
    #[test]
    fn a_checkpoint_of_an_earlier_version_is_read() {
        let read = |columns| {
            let file = File::open("../../fuzz/corpus/archive_file/checkpoint").unwrap();
            read_rows(file, 2, columns).unwrap()
        };
        let (ours, theirs) = (read(Columns::Shortest), read(Columns::OfDelta));
        assert!(ours.files().iter().all(|one| one.id().is_some()));
        assert!(ours.files().len() > 0);
        assert_eq!(described(&ours), described(&theirs));
    }
}
