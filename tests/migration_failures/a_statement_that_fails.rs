//! Each statement of a migration fails once.

use super::*;

/// Opens the file through a handle whose n-th statement fails; returns the error and how many there were.
fn open_failing_at(
    connection: &Rc<rusqlite::Connection>,
    failing: usize,
) -> (Option<StoreError>, usize) {
    let count = Rc::new(Cell::new(0));
    let counted = count.clone();
    let handle = Handle::heard_by(connection, move |sql| {
        counted.set(counted.get() + 1);
        match counted.get() == failing {
            true => Err(StoreError::new(Code::Internal, format!("injected at: {sql}"))),
            false => Ok(()),
        }
    });
    let outcome = Store::on_handle(handle, "the file");
    (outcome.err(), count.get())
}

#[test]
fn leaves_the_file_and_the_handle_unchanged_at_any_statement() {
    let (failure, statements) = open_failing_at(&oldest_in_memory(), usize::MAX);
    assert!(failure.is_none(), "{failure:?}");
    assert!(statements > 50, "{statements} statements are not a whole migration");
    tell(format!("{}, each of which failed once", count(statements, "statements")));
    for failing in 1..=statements {
        let db = oldest_in_memory();
        let before = whole(&db);
        let (failure, _) = open_failing_at(&db, failing);
        let failure = failure.unwrap_or_else(|| panic!("statement {failing} did not fail"));
        assert!(failure.message().contains("injected at"), "{failing}: masked by {failure}");
        assert!(db.is_autocommit(), "{failing}: a transaction is left open after {failure}");
        let was_pragma = failure.message().contains("PRAGMA foreign_keys")
            || failure.message().contains("PRAGMA legacy");
        if !was_pragma {
            assert_eq!(integer(&db, "PRAGMA foreign_keys"), 1, "after {failure}");
            assert_eq!(integer(&db, "PRAGMA legacy_alter_table"), 0, "after {failure}");
        }
        // The last statements come behind the commit.
        if schema_number(&db) == 0 {
            assert!(whole(&db) == before, "after {failure}");
        }
        assert!(open_failing_at(&db, usize::MAX).0.is_none(), "cannot be opened after {failure}");
        assert_migrated(&db);
    }
}

fn empty() -> Rc<rusqlite::Connection> {
    Rc::new(rusqlite::Connection::open_in_memory().unwrap())
}

#[test]
fn leaves_an_empty_file_empty() {
    let (_, statements) = open_failing_at(&empty(), usize::MAX);
    for failing in 1..=statements {
        let db = empty();
        assert!(open_failing_at(&db, failing).0.is_some(), "{failing}");
        let objects = shape::objects(&db);
        assert!(
            objects.is_empty() || schema_number(&db) == schema::VERSION,
            "{failing}: {objects:?}"
        );
        assert!(open_failing_at(&db, usize::MAX).0.is_none(), "{failing}");
        assert_eq!(&shape::of_store(&db), shape::of_new_store(), "{failing}");
    }
}

#[test]
fn is_named_when_an_index_of_the_user_cannot_be_made_again() {
    let place = oldest_file();
    place
        .sqlite()
        .execute_batch("CREATE UNIQUE INDEX one_version ON prompts(name, created_at / 1000)")
        .unwrap_err();
    // A table that has the name of one that the migration needs.
    place.sqlite().execute_batch("CREATE TABLE runstore_next_runs (x)").unwrap();
    let before = whole(&place.sqlite());
    let error = open(&place.path).err().unwrap();
    assert!(error.message().contains("runstore_next_runs"), "{error}");
    assert!(error.message().contains(&place.path), "{error}");
    assert!(whole(&place.sqlite()) == before);
}
