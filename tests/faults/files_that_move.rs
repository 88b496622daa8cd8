//! A file that is deleted, moved or replaced while it is open.
#![cfg(unix)] // elsewhere, a file that is open cannot be

use super::support::Place;
use super::*;
use runstore::Code;

fn open_store() -> (Store, Place) {
    let place = Place::new();
    let store = support::open(&place.path).unwrap();
    add_run(&store).unwrap();
    save_batch(&store, 0).unwrap();
    (store, place)
}

fn assert_refused(store: &Store, place: &Place) {
    let refused = |outcome: Result<()>| {
        let error = outcome.unwrap_err();
        assert_eq!(error.code, Code::Io, "{error:?}");
        assert!(error.message().contains(&place.path), "{error}");
        assert!(error.message().contains("deleted, moved or replaced"), "{error}");
    };
    refused(save_batch(store, 1));
    refused(store.create_suite("more").map(drop));
    refused(store.begin_batch("saveCases"));
}

#[test]
fn no_write_to_a_deleted_file_is_acknowledged() {
    let (store, place) = open_store();
    std::fs::remove_file(&place.path).unwrap();
    assert_refused(&store, &place);
}

#[test]
fn no_write_to_a_replaced_file_is_acknowledged() {
    let (store, place) = open_store();
    let copy = place.file("copy.db");
    std::fs::copy(&place.path, &copy).unwrap();
    std::fs::rename(&copy, &place.path).unwrap();
    assert_refused(&store, &place);
}

#[test]
fn the_same_store_continues_when_the_file_is_back() {
    let (store, place) = open_store();
    let elsewhere = place.file("elsewhere.db");
    std::fs::rename(&place.path, &elsewhere).unwrap();
    assert_refused(&store, &place);
    std::fs::rename(&elsewhere, &place.path).unwrap();
    save_batch(&store, 1).unwrap();
    assert_eq!(read_all(&store).unwrap(), ids_of(&[0, 1]));
    store.close().unwrap();
    assert_eq!(read_all(&support::open(&place.path).unwrap()).unwrap(), ids_of(&[0, 1]));
}
