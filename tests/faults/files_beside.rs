//! The `-wal` or the `-shm` is deleted while the store is open.
#![cfg(unix)] // elsewhere, a file that is open cannot be

use std::path::Path;
use std::process::Child;
use std::time::Duration;

use super::support::{Place, child};
use super::*;
use runstore::{Code, StoreError};

fn open_store() -> (Store, Place) {
    let place = Place::new();
    let store = support::open(&place.path).unwrap();
    add_run(&store).unwrap();
    save_batch(&store, 0).unwrap();
    (store, place)
}

fn delete(place: &Place, ends: &[&str]) {
    for end in ends {
        std::fs::remove_file(format!("{}{end}", place.path)).unwrap();
    }
}

/// Returns the cases that another process would find: those in a copy of the files.
fn found_by_others(place: &Place, ends: &[&str]) -> Vec<String> {
    let copy = Place::new();
    for end in ends {
        std::fs::copy(format!("{}{end}", place.path), format!("{}{end}", copy.path)).unwrap();
    }
    let ids = read_all(&support::open(&copy.path).unwrap()).unwrap();
    assert_eq!(support::damage(&copy.sqlite()), [""; 0]);
    ids
}

fn assert_is_of_file(error: &StoreError, place: &Place, name: &str, words: &str) {
    assert_eq!(error.code, Code::Io, "{error:?}");
    assert!(error.message().contains(&format!("the {name} of {}", place.path)), "{error}");
    assert!(error.message().contains("was deleted while it was open"), "{error}");
    assert!(error.message().contains(words), "{error}");
}

/// Readers look every ten milliseconds.
fn until_readers_look() {
    std::thread::sleep(Duration::from_millis(30));
}

const DELETED: [&[&str]; 3] = [&["-wal"], &["-shm"], &["-wal", "-shm"]];

#[test]
fn the_only_store_on_a_file_creates_new_ones_and_loses_nothing() {
    for ends in DELETED {
        let (store, place) = open_store();
        delete(&place, ends);
        save_batch(&store, 1).unwrap();
        assert_eq!(found_by_others(&place, &["", "-wal"]), ids_of(&[0, 1]), "{ends:?}");
        delete(&place, ends);
        until_readers_look();
        assert_eq!(read_all(&store).unwrap(), ids_of(&[0, 1]));
        assert_eq!(found_by_others(&place, &["", "-wal"]), ids_of(&[0, 1]), "{ends:?}, read");
        store.close().unwrap();
        let store = support::open(&place.path).unwrap();
        assert_eq!(read_all(&store).unwrap(), ids_of(&[0, 1]));
        assert_eq!(support::damage(&place.sqlite()), [""; 0]);
    }
}

#[test]
fn a_batch_during_which_it_happens_is_refused_as_a_whole() {
    for ends in DELETED {
        let (store, place) = open_store();
        store.begin_batch("saveCases").unwrap();
        let part = Part { first_row: 0, atomic: runstore::store::Atomic::Batch };
        let case = NewCase { id: Some("lost"), run_id: "run", input: "1", ..NewCase::default() };
        store.save_cases_part(part, [Ok(case)]).unwrap();
        delete(&place, ends);
        let error = store.commit_batch("saveCases").unwrap_err();
        assert_is_of_file(&error, &place, &ends.join(" and "), "nothing of this transaction");
        save_batch(&store, 1).unwrap();
        assert_eq!(found_by_others(&place, &["", "-wal"]), ids_of(&[0, 1]), "{ends:?}");
    }
}

#[test]
fn a_batch_is_not_acknowledged_into_a_file_that_is_deleted_meanwhile() {
    let (store, place) = open_store();
    store.begin_batch("saveCases").unwrap();
    std::fs::remove_file(&place.path).unwrap();
    let error = store.commit_batch("saveCases").unwrap_err();
    assert!(error.message().contains("deleted, moved or replaced"), "{error}");
    assert!(error.message().contains(&place.path), "{error}");
}

#[test]
fn while_another_process_has_the_file_open_nothing_is_written_and_saved_rows_are_safe() {
    let (store, place) = open_store();
    let other = Holder::start(&place);
    delete(&place, &["-wal"]);
    let error = save_batch(&store, 1).unwrap_err();
    assert_is_of_file(&error, &place, "-wal", "what was saved before is in the file itself now");
    assert_eq!(found_by_others(&place, &[""]), ids_of(&[0]));
    assert_eq!(read_all(&store).unwrap(), ids_of(&[0]));
    other.end();
    save_batch(&store, 1).unwrap();
    assert_eq!(found_by_others(&place, &["", "-wal"]), ids_of(&[0, 1]));
}

#[test]
fn the_same_without_the_index_of_the_wal() {
    let (store, place) = open_store();
    let other = Holder::start(&place);
    delete(&place, &["-shm"]);
    let error = save_batch(&store, 1).unwrap_err();
    assert_is_of_file(&error, &place, "-shm", "nothing was written");
    assert_eq!(found_by_others(&place, &["", "-wal"]), ids_of(&[0]));
    other.end();
    save_batch(&store, 1).unwrap();
    assert_eq!(found_by_others(&place, &["", "-wal"]), ids_of(&[0, 1]));
}

#[test]
fn after_another_process_created_new_files_neither_harms_the_other() {
    let (store, place) = open_store();
    delete(&place, &["-shm"]);
    // It finds no locks of ours, and writes back and begins anew what we believe to know.
    let saved = child::start("files_beside::saves_batches", &place.path, "");
    assert_eq!(child::failure(saved), None);
    let error = save_batch(&store, 1).unwrap_err();
    assert_is_of_file(&error, &place, "-shm", "close the store and open it again");
    until_readers_look();
    assert_is_of_file(&read_all(&store).unwrap_err(), &place, "-shm", "open it again");
    store.close().unwrap();
    let store = support::open(&place.path).unwrap();
    assert_eq!(read_all(&store).unwrap(), ids_of(&[0, 5, 6, 7]));
    save_batch(&store, 8).unwrap();
    assert_eq!(support::damage(&place.sqlite()), [""; 0]);
}

#[test]
#[ignore = "a part of the test above, in a process of its own"]
fn saves_batches() {
    let Some((path, _)) = child::task() else { return };
    let store = support::open(&path).unwrap();
    (5..8).for_each(|batch| save_batch(&store, batch).unwrap());
    let db = rusqlite::Connection::open(&path).unwrap();
    db.query_row("PRAGMA wal_checkpoint(FULL)", [], |_| Ok(())).unwrap();
}

/// Another process that has the file open, and does nothing.
struct Holder {
    process: Child,
    sign: String,
}

impl Holder {
    fn start(place: &Place) -> Holder {
        let sign = place.file("held");
        let process = child::start("files_beside::holds_the_file", &place.path, &sign);
        while !Path::new(&sign).exists() {
            std::thread::sleep(Duration::from_millis(5));
        }
        Holder { process, sign }
    }

    fn end(self) {
        std::fs::remove_file(&self.sign).unwrap();
        assert_eq!(child::failure(self.process), None);
    }
}

#[test]
#[ignore = "a part of the tests above, in a process of its own"]
fn holds_the_file() {
    let Some((path, sign)) = child::task() else { return };
    let store = support::open(&path).unwrap();
    assert_eq!(read_all(&store).unwrap(), ids_of(&[0]));
    std::fs::write(&sign, "").unwrap();
    while Path::new(&sign).exists() {
        std::thread::sleep(Duration::from_millis(5));
    }
}
