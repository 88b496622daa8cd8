//! The log of a Delta table, which lists its files. See <https://github.com/delta-io/delta/blob/master/PROTOCOL.md>.

mod action;
mod checkpoint;
mod files;
mod listed;
#[cfg(test)]
mod lost_answers;
mod packed;
mod row;
mod snapshot;
mod tags;

use runstore::error::{Code, Operation, Result, StoreError};
use uuid::Uuid;

pub(crate) use action::Action;
use action::{CommitInfo, Entry};
pub(crate) use files::Files;
pub use listed::Listed;
pub(crate) use listed::{add_of, lost, removal, run_in};
pub(crate) use snapshot::Snapshot;

pub(crate) use checkpoint::Columns;
#[cfg(any(test, feature = "fuzzing"))]
pub(crate) use checkpoint::read_rows as read_checkpoint;

pub(crate) use checkpoint::LAST as LAST_CHECKPOINT;

use crate::storage::Storage;
use crate::time::Moment;

/// The largest entry that is read.
const LONGEST_ENTRY: u64 = 256 << 20;

/// Number of entries that are requested at the same time.
const MOST_AT_ONCE: u64 = 64;

/// Number of attempts of a commit whose number is already taken.
const MOST_TRIES: u32 = 10_000;

/// Returns the file of an entry.
fn path(version: u64) -> String {
    format!("_delta_log/{version:020}.json")
}

/// Reads the entries after a snapshot and returns whether there were any.
pub(crate) fn refresh(storage: &dyn Storage, snapshot: &mut Snapshot) -> Result<bool> {
    let is_first = snapshot.version().is_none();
    let read = read_on(storage, snapshot, is_first);
    if is_first && read.is_err() {
        // What is wrong must not be forgotten: the next call begins again.
        *snapshot = Snapshot::default();
    }
    read
}

fn read_on(storage: &dyn Storage, snapshot: &mut Snapshot, is_first: bool) -> Result<bool> {
    let mut is_newer = false;
    if is_first {
        match checkpoint::read(storage, Columns::Shortest) {
            Ok(Some(found)) => {
                *snapshot = found;
                is_newer = true;
            }
            Ok(None) => refuse_headless(storage)?,
            // The entries say the same; "verify" reports the checkpoint.
            Err(error) if error.code == Code::Io || storage.state(&path(0))?.is_none() => {
                return Err(error);
            }
            Err(_) => {}
        }
    }
    // Usually there is no new entry. If there is one, there may be many, and one request at a time would take long.
    let mut at_once = 1;
    loop {
        let next = snapshot.next_version();
        let paths: Vec<_> = (next..next + at_once).map(path).collect();
        let found = storage.read_until_missing(&paths, LONGEST_ENTRY)?;
        let is_end = found.len() < paths.len();
        is_newer |= !found.is_empty();
        for (bytes, path) in found.iter().zip(&paths) {
            let entry = Entry::parse(snapshot.next_version(), bytes);
            let applied = entry.and_then(|entry| snapshot.apply(entry));
            applied.map_err(|error| unreadable(error).in_file(path))?;
        }
        if is_end {
            if is_first {
                refuse_gap(storage, snapshot.next_version())?;
            }
            snapshot.read_unknown(storage)?;
            return Ok(is_newer);
        }
        at_once = (at_once * 4).min(MOST_AT_ONCE);
    }
}

/// Adds to the error of a damaged entry how to do without it.
fn unreadable(error: StoreError) -> StoreError {
    match error.code {
        Code::Corrupt => error.remedied_by_calling(
            Operation::RebuildManifest,
            "adopts the files of its runs once it and the later entries are moved out of _delta_log",
        ),
        _ => error,
    }
}

/// Refuses a log whose first entries are gone and whose checkpoint is unreadable: it is not empty.
fn refuse_headless(storage: &dyn Storage) -> Result<()> {
    let is_there = |path: &str| storage.state(path).map(|state| state.is_some());
    if is_there(&path(0))? {
        return Ok(());
    }
    let is_entry = |path: &str| path.ends_with(".json") || path.contains(".checkpoint.");
    let listed = storage.list("_delta_log")?;
    // Another process may have written the first entry between the two reads.
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

/// Refuses a log that lacks an entry before its last: the next commit would take its number.
fn refuse_gap(storage: &dyn Storage, missing: u64) -> Result<()> {
    let is_entry = |name: &str| {
        name.strip_suffix(".json")
            .is_some_and(|number| number.bytes().all(|digit| digit.is_ascii_digit()))
    };
    let missing = path(missing);
    let (folder, name) = missing.rsplit_once('/').unwrap_or(("", &missing));
    // An entry that another process added in between is not missing.
    if !storage.has_after(folder, name, &is_entry)? || storage.state(&missing)?.is_some() {
        return Ok(());
    }
    let message = format!(
        "the log has entries after {missing}, which is missing; restore it from a backup, or move the later entries out of {folder}"
    );
    let does = "then adopts the files of their runs";
    Err(StoreError::new(Code::Corrupt, message)
        .remedied_by_calling(Operation::RebuildManifest, does))
}

/// Returns how the newest checkpoint contradicts itself, or differs from the entries before it; `None` if it does neither, or if
/// entries are missing that were cleaned up.
///
/// # Errors
/// If the checkpoint or an entry cannot be read.
pub(crate) fn wrong_checkpoint(storage: &dyn Storage) -> Result<Option<String>> {
    let Some(checkpoint) = checkpoint::read(storage, Columns::Shortest)? else { return Ok(None) };
    if let Some(path) = differing_columns(storage, &checkpoint)? {
        return Ok(Some(format!("describes {path} in one column otherwise than in another")));
    }
    let mut log = Snapshot::default();
    while log.version() < checkpoint.version() {
        let Some(entry) = read(storage, log.next_version())? else { return Ok(None) };
        log.apply(entry)?;
    }
    let path = differing(&log, &checkpoint, |same, listed| {
        same.size() == listed.size() && same.run() == listed.run()
    });
    Ok(path.map(|path| format!("does not describe {path} as the entries of the log do")))
}

/// Returns a file that other programs see otherwise than we do, because they read other columns of the checkpoint.
fn differing_columns(storage: &dyn Storage, ours: &Snapshot) -> Result<Option<String>> {
    let theirs = checkpoint::read(storage, Columns::OfDelta)?;
    // Another process may have written the next checkpoint between the two reads.
    let theirs = theirs.filter(|theirs| theirs.version() == ours.version());
    Ok(theirs.and_then(|theirs| {
        differing(&theirs, ours, |one, other| {
            one.tags() == other.tags() && one.original() == other.original()
        })
    }))
}

/// Returns the path of a file that only one of the states has, or that is not the same in both.
fn differing(
    one: &Snapshot,
    other: &Snapshot,
    is_same: impl Fn(Listed<'_>, Listed<'_>) -> bool,
) -> Option<String> {
    let first = |from: &Snapshot, to: &Snapshot| {
        let is_other = |listed: &Listed<'_>| {
            to.files().get(listed.path()).is_none_or(|found| !is_same(found, *listed))
        };
        from.files().iter().find(is_other).map(|listed| listed.path().to_owned())
    };
    first(one, other).or_else(|| first(other, one))
}

fn read(storage: &dyn Storage, version: u64) -> Result<Option<Entry>> {
    let path = path(version);
    let Some(bytes) = storage.read(&path, LONGEST_ENTRY)? else { return Ok(None) };
    Entry::parse(version, &bytes).map(Some).map_err(|error| error.in_file(&path))
}

/// Adds an entry to the log: the actions that `actions` returns for the newest state; it is called again when another
/// commit was faster. Returns whether there was anything to add.
///
/// # Errors
/// If the entry cannot be written; then nothing was committed.
pub(crate) fn commit(
    storage: &dyn Storage,
    snapshot: &mut Snapshot,
    operation: &str,
    is_guarded: bool,
    actions: &mut dyn FnMut(&Snapshot) -> Result<Vec<Action>>,
) -> Result<bool> {
    // Distinguishes our own entry from others: a write that reports an error may have succeeded.
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
                // The run is in the log; without a checkpoint, the next reader reads more entries.
                let _ = checkpoint::write(storage, snapshot);
                snapshot.forget_changes();
            }
            return Ok(true);
        }
        storage.pause(tries);
    }
    let message = "other writers kept committing to the archive; put more runs into one commit";
    Err(StoreError::new(Code::Busy, message))
}

/// Fails where a commit after this state would, as far as that is known before anything is written.
pub(crate) fn check_commit(storage: &dyn Storage, snapshot: &Snapshot) -> Result<()> {
    snapshot.check_writable()?;
    storage.check_new(&path(snapshot.next_version()))
}

/// Writes an entry and returns whether it is in the log; after an error, it reads the log to find out.
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
