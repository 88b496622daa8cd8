//! Each call to the disk fails, once and for good.

use rusqlite::ffi;

use super::support::disk::{Call, Disk, Fault};
use super::support::figures::tell;
use super::*;
use runstore::db::{Durability, OpenOptions};
use runstore::store::refuse;
use runstore::{Code, StoreError};

/// A disk with a store of three batches, with the last one in the WAL, as a killed process leaves it.
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
    let was_met = disk.repair() > 0;
    for error in &errors {
        assert!(error.message().contains(&path), "{fault:?}: {error}");
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
    each_call(call, code, |fault| fail(&template, fault, expected))
}

fn each_call(call: Call, code: i32, fail: impl Fn(Fault) -> bool) -> usize {
    sampled(call, code, 0, fail)
}

/// As `each_call`, but of calls far behind, which are like those before them, the fewer the larger `share` is.
fn sampled(call: Call, code: i32, share: usize, fail: impl Fn(Fault) -> bool) -> usize {
    let (mut nth, mut tried) = (1, 0);
    loop {
        let met = [false, true].map(|lasting| fail(Fault { call, nth, code, lasting }));
        if met == [false, false] {
            tell(format!("{call:?}: {tried} of some {}, each failing once, and for good", nth - 1));
            return nth - 1;
        }
        tried += 1;
        nth += 1 + nth * share / 16;
    }
}

/// The whole life of a file: it is made, written to, closed, and the same again. Returns all errors.
fn live(disk: &Disk, acknowledged: &mut Vec<usize>) -> Vec<StoreError> {
    let mut errors = Vec::new();
    for life in 0..2 {
        let store = match open(disk) {
            Ok(store) => store,
            Err(error) => {
                errors.push(error);
                continue;
            }
        };
        if store.get_run("run", &refuse).is_ok_and(|run| run.is_none()) {
            errors.extend(add_run(&store).err());
        }
        for batch in life * 3..life * 3 + 3 {
            match save_batch(&store, batch) {
                Ok(()) => acknowledged.push(batch),
                Err(error) => errors.push(error),
            }
        }
        errors.extend(store.close().err());
    }
    errors
}

/// Has one call in the life of a file fail; returns whether there was one.
fn fail_in_life(fault: Fault, expected: Code) -> bool {
    let (disk, mut acknowledged) = (Disk::new(), vec![]);
    let path = disk.path("store.db");
    disk.inject(fault);
    let errors = live(&disk, &mut acknowledged);
    let was_met = disk.repair() > 0;
    // A batch without its run is refused for that reason, once the run could not be made.
    for error in errors.iter().filter(|error| error.code != Code::Constraint) {
        assert!(error.message().contains(&path), "{fault:?}: {error}");
        assert_eq!(error.code, expected, "{fault:?}: {error:?}");
    }
    assert!(was_met || errors.is_empty(), "{fault:?}: {errors:?}");
    let store = open(&disk).unwrap_or_else(|error| panic!("{fault:?}: {error}"));
    if store.get_run("run", &refuse).unwrap().is_none() {
        add_run(&store).unwrap();
    }
    save_batch(&store, 6).unwrap();
    acknowledged.push(6);
    assert_eq!(read_all(&store).unwrap(), ids_of(&acknowledged), "{fault:?}");
    store.close().unwrap();
    let db = rusqlite::Connection::open(&path).unwrap();
    assert_eq!(support::damage(&db), [""; 0], "{fault:?}");
    was_met
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
    assert!(fail_each(Call::MapShm, ffi::SQLITE_IOERR_SHMMAP, Code::Io) > 0);
}

#[test]
fn the_disk_is_too_full_for_the_shared_memory() {
    assert!(fail_each(Call::MapShm, ffi::SQLITE_IOERR_SHMSIZE, Code::DiskFull) > 0);
}

#[test]
fn the_disk_is_full_in_the_middle_of_any_write() {
    let in_life = |fault| fail_in_life(fault, Code::DiskFull);
    assert!(sampled(Call::HalfWrite, ffi::SQLITE_FULL, 4, in_life) > 50);
}

#[test]
fn whatever_fails_in_the_whole_life_of_a_file_it_can_be_opened_afterwards() {
    for (call, code, least) in [
        (Call::Open, ffi::SQLITE_CANTOPEN, 4),
        (Call::Read, ffi::SQLITE_IOERR_READ, 5),
        (Call::Write, ffi::SQLITE_IOERR_WRITE, 50),
        (Call::Truncate, ffi::SQLITE_IOERR_TRUNCATE, 1),
        (Call::Sync, ffi::SQLITE_IOERR_FSYNC, 5),
        (Call::Size, ffi::SQLITE_IOERR_FSTAT, 5),
        (Call::Lock, ffi::SQLITE_IOERR_LOCK, 5),
        (Call::Lock, ffi::SQLITE_IOERR_RDLOCK, 5),
        (Call::Delete, ffi::SQLITE_IOERR_DELETE, 2),
        (Call::SyncFolder, ffi::SQLITE_IOERR_DIR_FSYNC, 1),
        (Call::Access, ffi::SQLITE_IOERR_ACCESS, 2),
        (Call::Shm, ffi::SQLITE_IOERR_SHMLOCK, 20),
        (Call::MapShm, ffi::SQLITE_IOERR_SHMMAP, 2),
    ] {
        let met = sampled(call, code, 4, |fault| fail_in_life(fault, Code::Io));
        assert!(met >= least, "{call:?}: {met}");
    }
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
