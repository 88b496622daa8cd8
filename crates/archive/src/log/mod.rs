//! The log of a Delta table: which files there are. See <https://github.com/delta-io/delta/blob/master/PROTOCOL.md>.

mod action;
mod checkpoint;
mod listed;
mod snapshot;
mod tags;

use runstore::error::{Code, Result, StoreError};
use uuid::Uuid;

pub(crate) use action::Action;
use action::{CommitInfo, Entry};
pub(crate) use listed::{Listed, add_of, lost, removal, run_in};
pub(crate) use snapshot::Snapshot;

use crate::storage::Storage;
use crate::time::Moment;

/// The longest entry that is read.
const LONGEST_ENTRY: u64 = 256 << 20;

/// Entries that are asked for at the same time.
const MOST_AT_ONCE: u64 = 64;

/// How often the next number may turn out to be taken before a commit gives up.
const MOST_TRIES: u32 = 10_000;

/// Returns the file of an entry.
fn path(version: u64) -> String {
    format!("_delta_log/{version:020}.json")
}

/// Reads the entries behind a snapshot and returns whether there were any.
pub(crate) fn refresh(storage: &dyn Storage, snapshot: &mut Snapshot) -> Result<bool> {
    let mut is_newer = false;
    if snapshot.version().is_none() {
        match checkpoint::read(storage)? {
            Some(found) => {
                *snapshot = found;
                is_newer = true;
            }
            None => refuse_headless(storage)?,
        }
    }
    // Most often there is nothing new. Where there is, it may be much, and a request at a time would take long.
    let mut at_once = 1;
    loop {
        let next = snapshot.next_version();
        let paths: Vec<_> = (next..next + at_once).map(path).collect();
        let found = storage.read_until_missing(&paths, LONGEST_ENTRY)?;
        let is_end = found.len() < paths.len();
        is_newer |= !found.is_empty();
        for (bytes, path) in found.iter().zip(&paths) {
            let entry = Entry::parse(snapshot.next_version(), bytes);
            snapshot.apply(entry.map_err(|error| error.in_file(path))?)?;
        }
        if is_end {
            snapshot.read_unknown(storage)?;
            return Ok(is_newer);
        }
        at_once = (at_once * 4).min(MOST_AT_ONCE);
    }
}

/// Refuses a log whose first entries are gone and whose checkpoint we cannot read: it is not empty.
fn refuse_headless(storage: &dyn Storage) -> Result<()> {
    let is_there = |path: &str| storage.state(path).map(|state| state.is_some());
    if is_there(&path(0))? {
        return Ok(());
    }
    let is_entry = |path: &str| path.ends_with(".json") || path.contains(".checkpoint.");
    let listed = storage.list("_delta_log")?;
    // Another may have written the first entry between the two looks.
    if listed.iter().any(|found| found.path == path(0)) {
        return Ok(());
    }
    match listed.iter().find(|found| is_entry(&found.path)) {
        None => Ok(()),
        Some(found) => {
            let message = format!(
                "the log has no first entry, and no checkpoint that can be read, but {}",
                found.path
            );
            Err(StoreError::new(Code::Schema, message))
        }
    }
}

fn read(storage: &dyn Storage, version: u64) -> Result<Option<Entry>> {
    let path = path(version);
    let Some(bytes) = storage.read(&path, LONGEST_ENTRY)? else { return Ok(None) };
    Entry::parse(version, &bytes).map(Some).map_err(|error| error.in_file(&path))
}

/// Adds an entry to the log: what `actions` says for the newest state, as often as others were faster. Returns whether
/// there was anything to add.
///
/// # Errors
/// If the entry cannot be written; nothing was committed then.
pub(crate) fn commit(
    storage: &dyn Storage,
    snapshot: &mut Snapshot,
    operation: &str,
    is_guarded: bool,
    actions: &mut dyn FnMut(&Snapshot) -> Result<Vec<Action>>,
) -> Result<bool> {
    // Tells our own entry from another's: a write that fails may have been carried out.
    let id = Uuid::now_v7().to_string();
    for tries in 0..MOST_TRIES {
        refresh(storage, snapshot)?;
        snapshot.check_writable()?;
        let mut all = vec![Action::CommitInfo(CommitInfo::new(Moment::now(), operation, &id))];
        if snapshot.version().is_none() {
            all.extend(action::first(is_guarded)?);
        }
        let wanted = actions(snapshot)?;
        if wanted.is_empty() {
            return Ok(false);
        }
        all.extend(wanted);
        let version = snapshot.next_version();
        let entry = Entry { version, actions: all };
        if put(storage, &entry, &id)? {
            snapshot.apply(entry)?;
            if checkpoint::is_due(snapshot) {
                // The run is in the log; who comes next reads more entries.
                let _ = checkpoint::write(storage, snapshot);
            }
            return Ok(true);
        }
        storage.pause(tries);
    }
    let message = "others kept committing to the archive; commit more runs at once";
    Err(StoreError::new(Code::Busy, message))
}

/// Puts an entry and returns whether it is in the log; after an error, the log itself tells.
fn put(storage: &dyn Storage, entry: &Entry, id: &str) -> Result<bool> {
    match storage.put_new(&path(entry.version), &entry.to_bytes()?) {
        Ok(true) => Ok(true),
        Ok(false) => Ok(read(storage, entry.version)?.is_some_and(|found| found.is_of(id))),
        Err(error) => match read(storage, entry.version) {
            Ok(Some(found)) if found.is_of(id) => Ok(true),
            _ => Err(error),
        },
    }
}
