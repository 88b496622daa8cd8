//! Each call to the disk fails, once and for good.

use rusqlite::ffi;

use super::support::disk::{Call, Disk, Fault};
use super::support::figures::tell;
use super::*;
use runstore::db::{Durability, OpenOptions};
use runstore::{Code, StoreError};

/// A disk with a store of three batches, of which the last is in the WAL, as a killed process leaves it.
fn template() -> Disk {
    let disk = Disk::new();
    let store = open(&disk).unwrap();
    add_run(&store).unwrap();
    save_batch(&store, 0).unwrap();
    save_batch(&store, 1).unwrap();
    store.close().unwrap();
    let store = open(&disk).unwrap();
    save_batch(&store, 2).unwrap();
    let copy = disk.copy();
    assert!(copy.size("store.db-wal").unwrap() > 4096);
    copy
}

fn open(disk: &Disk) -> Result<Store> {
    // With the calls of the default, and flushes at each commit.
    let durability = Durability::Full;
    Store::open(&disk.path("store.db"), &OpenOptions { durability, ..OpenOptions::default() })
}

/// Opens the store, saves and reads; returns the store, if it could be opened, and all errors.
fn work(disk: &Disk, acknowledged: &mut Vec<usize>) -> (Option<Store>, Vec<StoreError>) {
    let store = match open(disk) {
        Ok(store) => store,
        Err(error) => return (None, vec![error]),
    };
    let mut errors = Vec::new();
    for batch in 3..6 {
        match save_batch(&store, batch) {
            Ok(()) => acknowledged.push(batch),
            Err(error) => errors.push(error),
        }
        match read_all(&store) {
            Ok(ids) => assert_eq!(ids, ids_of(acknowledged)),
            Err(error) => errors.push(error),
        }
    }
    (Some(store), errors)
}

/// Has one call fail; returns whether there was one.
fn fail(template: &Disk, fault: Fault, expected: Code) -> bool {
    let disk = template.copy();
    let path = disk.path("store.db");
    let mut acknowledged = vec![0, 1, 2];
    disk.inject(fault);
    let (store, errors) = work(&disk, &mut acknowledged);
    let was_met = disk.mend() > 0;
    for error in &errors {
        assert!(error.message.contains(&path), "{fault:?}: {error}");
        let is_first_cause = error.code == expected
            && error.sqlite.is_some_and(|code| code & 0xff == fault.code & 0xff);
        assert!(is_first_cause, "{fault:?}: {error:?}");
    }
    assert!(was_met || errors.is_empty(), "{fault:?}: {errors:?}");

    // The fault is gone: the same store goes on, and so does one that is opened now.
    let store =
        store.unwrap_or_else(|| open(&disk).unwrap_or_else(|error| panic!("{fault:?}: {error}")));
    for batch in 6..8 {
        save_batch(&store, batch).unwrap_or_else(|error| panic!("{fault:?}: {error}"));
        acknowledged.push(batch);
    }
    assert_eq!(read_all(&store).unwrap(), ids_of(&acknowledged), "{fault:?}");
    store.close().unwrap();
    let store = open(&disk).unwrap();
    assert_eq!(read_all(&store).unwrap(), ids_of(&acknowledged), "{fault:?}");
    let db = rusqlite::Connection::open(&path).unwrap();
    assert_eq!(support::damage(&db), [""; 0], "{fault:?}");
    was_met
}

/// Has the first call of its kind fail, then the second, until there are no more. Returns how many there were.
fn fail_each(call: Call, code: i32, expected: Code) -> usize {
    let template = template();
    for nth in 1.. {
        let met = [false, true]
            .map(|lasting| fail(&template, Fault { call, nth, code, lasting }, expected));
        if met == [false, false] {
            tell(format!("each {call:?} ({}) failed once, and from then on", nth - 1));
            return nth - 1;
        }
    }
    0
}

#[test]
fn the_disk_is_full_at_any_write() {
    assert!(fail_each(Call::Write, ffi::SQLITE_FULL, Code::DiskFull) > 20);
}

#[test]
fn any_write_fails() {
    assert!(fail_each(Call::Write, ffi::SQLITE_IOERR_WRITE, Code::Io) > 20);
}

#[test]
fn any_read_fails() {
    assert!(fail_each(Call::Read, ffi::SQLITE_IOERR_READ, Code::Io) > 20);
}

#[test]
fn any_flush_fails() {
    assert!(fail_each(Call::Sync, ffi::SQLITE_IOERR_FSYNC, Code::Io) > 0);
}

#[test]
fn any_lock_fails() {
    assert!(fail_each(Call::Lock, ffi::SQLITE_IOERR_LOCK, Code::Io) > 0);
}

#[test]
fn any_use_of_the_shared_memory_fails() {
    assert!(fail_each(Call::Shm, ffi::SQLITE_IOERR_SHMLOCK, Code::Io) > 10);
}

#[test]
fn any_opening_of_a_file_fails() {
    assert!(fail_each(Call::Open, ffi::SQLITE_CANTOPEN, Code::Io) > 0);
}

#[test]
fn any_look_at_a_file_fails() {
    assert!(fail_each(Call::Size, ffi::SQLITE_IOERR_FSTAT, Code::Io) > 0);
    assert!(fail_each(Call::Access, ffi::SQLITE_IOERR_ACCESS, Code::Io) > 0);
}
