//! Backups: whole, of one moment, and never in the way of anything.

use runstore::db::{CopyProgress, OpenOptions};
use runstore::maintenance::backup;
use runstore::{Code, Store, StoreError};

use super::*;

fn ignore(_: CopyProgress) -> runstore::Result<()> {
    Ok(())
}

#[test]
fn a_copy_has_every_row_and_is_a_store() {
    let (store, place) = store_with_runs(3, 50);
    let target = place.file("copies/nightly.db");
    let report = backup(&store, &target, &mut ignore).unwrap();
    assert_eq!(report.bytes, std::fs::metadata(&target).unwrap().len());
    let copy = rusqlite::Connection::open(&target).unwrap();
    assert_eq!(content(&copy), content(&place.sqlite()));
    assert_eq!(damage(&copy), [""; 0]);
    drop(copy);
    assert_eq!(open(&target).unwrap().count_cases("r2").unwrap(), 50);
}

#[test]
fn progress_grows_to_all_pages() {
    let (store, place) = store_with_runs(1, 30_000);
    let mut seen = Vec::new();
    let mut each = |progress| {
        seen.push(progress);
        Ok(())
    };
    backup(&store, &place.file("copy.db"), &mut each).unwrap();
    assert!(seen.len() > 2, "{seen:?}");
    assert!(seen.is_sorted_by_key(|progress| progress.done_pages));
    let last = seen.last().unwrap();
    assert_eq!(last.done_pages, last.total_pages);
    assert_eq!(last.total_pages as i64, integer(&place.sqlite(), "PRAGMA page_count"));
}

#[test]
fn rows_written_meanwhile_are_saved_but_not_in_the_copy() {
    let (store, place) = store_with_runs(1, 30_000);
    let other = open(&place.path).unwrap();
    let (target, mut steps) = (place.file("copy.db"), 0);
    let mut each = |_| {
        steps += 1;
        // Through the same connection, and through another.
        add_run(&store, "s", &format!("own-{steps}"), 10);
        add_run(&other, "s", &format!("other-{steps}"), 10);
        Ok(())
    };
    backup(&store, &target, &mut each).unwrap();
    assert!(steps > 2 && steps < 100, "{steps} steps: it began again and again");
    let copy = rusqlite::Connection::open(&target).unwrap();
    assert_eq!(damage(&copy), [""; 0]);
    assert_eq!((count(&copy, "runs"), count(&copy, "cases")), (1, 30_000));
    assert_eq!(count(&place.sqlite(), "runs"), 1 + 2 * steps);
}

#[test]
fn an_error_of_the_callback_ends_it_and_leaves_the_older_copy() {
    let (store, place) = store_with_runs(1, 100);
    let target = place.file("copy.db");
    backup(&store, &target, &mut ignore).unwrap();
    let before = std::fs::read(&target).unwrap();
    add_run(&store, "s", "more", 10);
    let mut stop = |_| Err(StoreError::new(Code::Interrupted, "enough"));
    assert_eq!(backup(&store, &target, &mut stop).unwrap_err().code, Code::Interrupted);
    assert!(std::fs::read(&target).unwrap() == before);
    let names: Vec<_> = std::fs::read_dir(place.folder.path()).unwrap().collect();
    assert!(
        names.iter().all(|one| !one.as_ref().unwrap().path().to_string_lossy().contains("partial"))
    );
}

#[test]
fn an_older_copy_is_replaced_and_anything_else_is_not() {
    let (store, place) = store_with_runs(1, 10);
    let target = place.file("copy.db");
    backup(&store, &target, &mut ignore).unwrap();
    add_run(&store, "s", "more", 10);
    backup(&store, &target, &mut ignore).unwrap();
    assert_eq!(count(&rusqlite::Connection::open(&target).unwrap(), "runs"), 2);

    let letter = place.file("letter.txt");
    std::fs::write(&letter, "Dear reader, this is no database").unwrap();
    let refused = |path: &str| {
        let error = backup(&store, path, &mut ignore).unwrap_err();
        assert_eq!(error.code, Code::Exists, "{error}");
        error.message()
    };
    assert!(refused(&letter).contains("is not a SQLite database"));
    assert_eq!(std::fs::read_to_string(&letter).unwrap(), "Dear reader, this is no database");
    assert!(refused(&place.path).contains("is the store itself"));
    let in_use = open(&target).unwrap();
    in_use.create_suite("being written").unwrap();
    assert!(refused(&target).contains("is in use"));
}

#[test]
fn a_store_in_memory_can_be_copied_but_not_inside_a_batch() {
    let place = Place::new();
    let store = Store::open(":memory:", &OpenOptions::default()).unwrap();
    let suite = store.create_suite("kept").unwrap();
    backup(&store, &place.path, &mut ignore).unwrap();
    assert_eq!(open(&place.path).unwrap().list_suites().unwrap(), [suite]);
    store.begin_batch("saveCases").unwrap();
    store.create_suite("not yet").unwrap();
    let error = backup(&store, &place.file("other.db"), &mut ignore).unwrap_err();
    assert_eq!(error.code, Code::Busy, "{error}");
    store.commit_batch("saveCases").unwrap();
}

#[test]
fn an_open_batch_is_not_in_the_copy_of_a_file() {
    let (store, place) = store_with_runs(1, 10);
    store.begin_batch("saveCases").unwrap();
    add_run(&store, "s", "half", 10);
    let target = place.file("copy.db");
    backup(&store, &target, &mut ignore).unwrap();
    store.commit_batch("saveCases").unwrap();
    assert_eq!(count(&rusqlite::Connection::open(&target).unwrap(), "runs"), 1);
    assert_eq!(count(&place.sqlite(), "runs"), 2);
}
