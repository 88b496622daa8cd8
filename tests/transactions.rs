//! All or nothing, on our own connection and on a handle that a caller lends us.

#![allow(missing_docs)]
#![allow(clippy::unwrap_used, clippy::panic)] // a failing test is meant to panic

mod support;

use std::rc::Rc;
use std::time::{Duration, Instant};

use runstore::db::{Borrowed, Bundled, Connection, OpenOptions, transaction};
use runstore::error::{Problem, Violated};
use runstore::model::{NewCase, NewRun, NewScore};
use runstore::{Code, Result, Store, StoreError};
use support::handle::Handle;
use support::{Place, integer, open, rows};

/// A connection of each kind, each to a file with a table `t` of integers, and another connection to look at it.
fn connections() -> Vec<(&'static str, Rc<dyn Connection>, rusqlite::Connection, Place)> {
    ["bundled", "borrowed"]
        .into_iter()
        .map(|label| {
            let place = Place::new();
            place
                .sqlite()
                .execute_batch("PRAGMA journal_mode = WAL; CREATE TABLE t (i INTEGER UNIQUE)")
                .unwrap();
            let db: Rc<dyn Connection> = match label {
                "bundled" => Rc::new(Bundled::open(&place.path, &OpenOptions::default()).unwrap()),
                _ => Rc::new(Borrowed::new(Handle::new(&Rc::new(place.sqlite()))).unwrap()),
            };
            let other = place.sqlite();
            (label, db, other, place)
        })
        .collect()
}

fn insert(db: &dyn Connection, number: i64) -> Result<()> {
    db.execute("INSERT INTO t VALUES (?)", &[number.into()]).map(drop)
}

fn stored(db: &rusqlite::Connection) -> Vec<String> {
    rows(db, "SELECT i FROM t ORDER BY i")
}

fn is_dangling(error: &StoreError) -> bool {
    matches!(error.problem, Problem::Sqlite { violated: Some(Violated::Reference), .. })
}

fn own_error() -> StoreError {
    StoreError::new(Code::Host, "the body's own")
}

#[test]
fn a_committed_body_is_kept_and_its_value_returned() {
    for (label, db, other, _place) in connections() {
        let value = transaction(&*db, || {
            insert(&*db, 1)?;
            insert(&*db, 2)?;
            assert_eq!(stored(&other), [""; 0], "{label}: seen before the end");
            Ok("value")
        });
        assert_eq!(value.unwrap(), "value", "{label}");
        assert_eq!(stored(&other), ["1", "2"], "{label}");
        assert!(!db.in_transaction().unwrap(), "{label}");
    }
}

#[test]
fn an_error_undoes_everything_and_is_returned() {
    for (label, db, other, _place) in connections() {
        let error = transaction(&*db, || {
            insert(&*db, 1)?;
            insert(&*db, 2)?;
            Err::<(), _>(own_error())
        });
        assert_eq!(error.unwrap_err().message(), "the body's own", "{label}");
        assert_eq!(stored(&other), [""; 0], "{label}");
        assert!(!db.in_transaction().unwrap(), "{label}");
        insert(&*db, 3).unwrap();
        assert_eq!(stored(&other), ["3"], "{label}: usable afterwards");
    }
}

#[test]
fn a_refused_statement_undoes_those_before_it() {
    for (label, db, other, _place) in connections() {
        let error = transaction(&*db, || {
            insert(&*db, 1)?;
            insert(&*db, 1)
        });
        assert_eq!(error.unwrap_err().code, Code::Constraint, "{label}");
        assert_eq!(stored(&other), [""; 0], "{label}");
    }
}

#[test]
fn an_inner_transaction_that_fails_leaves_the_outer_one_as_it_was() {
    for (label, db, other, _place) in connections() {
        transaction(&*db, || {
            insert(&*db, 1)?;
            let inner = transaction(&*db, || {
                insert(&*db, 2)?;
                transaction(&*db, || insert(&*db, 3))?;
                insert(&*db, 1)
            });
            assert_eq!(inner.unwrap_err().code, Code::Constraint, "{label}");
            transaction(&*db, || insert(&*db, 4))?;
            insert(&*db, 5)
        })
        .unwrap();
        assert_eq!(stored(&other), ["1", "4", "5"], "{label}");
    }
}

#[test]
fn a_failed_outer_transaction_rolls_back_the_inner_ones() {
    for (label, db, other, _place) in connections() {
        let error = transaction(&*db, || {
            transaction(&*db, || insert(&*db, 1))?;
            transaction(&*db, || transaction(&*db, || insert(&*db, 2)))?;
            Err::<(), _>(own_error())
        });
        assert_eq!(error.unwrap_err().message(), "the body's own", "{label}");
        assert_eq!(stored(&other), [""; 0], "{label}");
        assert!(!db.in_transaction().unwrap(), "{label}");
    }
}

#[test]
fn a_transaction_of_the_callers_is_joined_and_left_open() {
    for (label, db, other, _place) in connections() {
        db.execute_script("BEGIN; INSERT INTO t VALUES (1)").unwrap();
        transaction(&*db, || insert(&*db, 2)).unwrap();
        transaction(&*db, || insert(&*db, 3).and(Err::<(), _>(own_error()))).unwrap_err();
        assert!(db.in_transaction().unwrap(), "{label}");
        assert_eq!(stored(&other), [""; 0], "{label}");
        db.execute_script("COMMIT").unwrap();
        assert_eq!(stored(&other), ["1", "2"], "{label}");

        db.execute_script("BEGIN").unwrap();
        transaction(&*db, || insert(&*db, 9)).unwrap();
        db.execute_script("ROLLBACK").unwrap();
        assert_eq!(stored(&other), ["1", "2"], "{label}: the caller's rollback");
    }
}

#[test]
fn the_callers_own_savepoints_stay() {
    for (label, db, other, _place) in connections() {
        db.execute_script("BEGIN; SAVEPOINT runstore; INSERT INTO t VALUES (1); SAVEPOINT mine")
            .unwrap();
        transaction(&*db, || insert(&*db, 2).and(Err::<(), _>(own_error()))).unwrap_err();
        transaction(&*db, || insert(&*db, 3)).unwrap();
        db.execute_script("ROLLBACK TO mine; RELEASE mine; RELEASE runstore; COMMIT").unwrap();
        assert_eq!(stored(&other), ["1"], "{label}");
    }
}

/// An interrupt that was meant for what failed may come when it is being undone.
#[test]
fn an_interrupted_rollback_is_retried() {
    for (statement, outer) in [("ROLLBACK", false), ("ROLLBACK TO runstore", true)] {
        let place = Place::new();
        place.sqlite().execute_batch("CREATE TABLE t (i INTEGER UNIQUE)").unwrap();
        let db = Rc::new(place.sqlite());
        let mut interrupts = 3;
        let handle = Handle::heard_by(&db, move |sql| {
            if sql == statement && interrupts > 0 {
                interrupts -= 1;
                return Err(StoreError::new(Code::Interrupted, "interrupted"));
            }
            Ok(())
        });
        let borrowed = Borrowed::new(handle).unwrap();
        let failing =
            || transaction(&borrowed, || insert(&borrowed, 1).and(Err::<(), _>(own_error())));
        let error = match outer {
            true => transaction(&borrowed, || Ok(failing().unwrap_err())).unwrap(),
            false => failing().unwrap_err(),
        };
        assert_eq!(error.message(), "the body's own", "{statement}");
        assert!(db.is_autocommit(), "{statement}: a transaction is left open");
        assert_eq!(stored(&place.sqlite()), [""; 0], "{statement}");
    }
}

/// Where SQLite rolls back by itself, undoing fails with "no transaction is active", which is not what happened.
mod the_first_error_is_reported {
    use super::*;

    #[test]
    fn when_a_trigger_ended_the_transaction() {
        for (label, db, other, _place) in connections() {
            let refuse = "CREATE TRIGGER refuse BEFORE INSERT ON t WHEN new.i = 13
                          BEGIN SELECT RAISE(ROLLBACK, 'no thirteen'); END";
            db.execute_script(refuse).unwrap();
            let error =
                transaction(&*db, || insert(&*db, 1).and_then(|()| insert(&*db, 13))).unwrap_err();
            assert_eq!(
                (error.code, error.message().as_str()),
                (Code::Constraint, "no thirteen"),
                "{label}"
            );
            let nested = transaction(&*db, || {
                insert(&*db, 1)?;
                transaction(&*db, || insert(&*db, 13))
            });
            assert_eq!(nested.unwrap_err().message(), "no thirteen", "{label}: nested");
            db.execute_script("BEGIN").unwrap();
            assert_eq!(
                transaction(&*db, || insert(&*db, 13)).unwrap_err().message(),
                "no thirteen",
                "{label}: joined"
            );
            assert!(!db.in_transaction().unwrap(), "{label}");
            assert_eq!(stored(&other), [""; 0], "{label}");
            transaction(&*db, || insert(&*db, 2)).unwrap();
            assert_eq!(stored(&other), ["2"], "{label}: usable afterwards");
        }
    }

    #[test]
    fn when_the_disk_is_full() {
        for (label, db, other, _place) in connections() {
            let pages = integer(&other, "PRAGMA page_count");
            db.execute_script(&format!("PRAGMA max_page_count = {}", pages + 2)).unwrap();
            let fill = || (0..).try_for_each(|number| insert(&*db, number));
            let error = transaction(&*db, fill).unwrap_err();
            assert_eq!(error.code, Code::DiskFull, "{label}: {error}");
            assert!(!db.in_transaction().unwrap(), "{label}");
            assert_eq!(stored(&other), [""; 0], "{label}");
            db.execute_script("PRAGMA max_page_count = 100000").unwrap();
            transaction(&*db, || insert(&*db, 1)).unwrap();
            assert_eq!(stored(&other), ["1"], "{label}: usable afterwards");
        }
    }

    #[test]
    fn when_the_commit_itself_fails() {
        for (label, db, other, _place) in connections() {
            db.execute_script(
                "PRAGMA foreign_keys = ON;
                 CREATE TABLE child (t_i INTEGER REFERENCES t(i) DEFERRABLE INITIALLY DEFERRED)",
            )
            .unwrap();
            let dangling = || {
                insert(&*db, 1)?;
                db.execute("INSERT INTO child VALUES (99)", &[]).map(drop)
            };
            let error = transaction(&*db, dangling).unwrap_err();
            assert!(is_dangling(&error), "{label}: {error}");
            assert!(!db.in_transaction().unwrap(), "{label}");
            assert_eq!(stored(&other), [""; 0], "{label}");
        }
    }
}

mod another_writer {
    use super::*;

    fn store_that_waits(place: &Place, milliseconds: u64) -> Store {
        let busy_timeout = Duration::from_millis(milliseconds);
        Store::open(&place.path, &OpenOptions { busy_timeout, ..OpenOptions::default() }).unwrap()
    }

    #[test]
    fn is_waited_for_as_long_as_the_option_says() {
        let place = Place::new();
        let store = store_that_waits(&place, 100);
        let other = place.sqlite();
        other.execute_batch("BEGIN IMMEDIATE").unwrap();
        let start = Instant::now();
        let error = store.create_suite("n").unwrap_err();
        let waited = start.elapsed();
        assert_eq!(error.code, Code::Busy);
        assert!(
            error.message().contains("createSuite") && error.message().contains(&place.path),
            "{error}"
        );
        assert!((90..2000).contains(&waited.as_millis()), "{waited:?}");
        other.execute_batch("ROLLBACK").unwrap();
        store.create_suite("n").unwrap();
        assert_eq!(store.list_suites().unwrap().len(), 1);
    }

    #[test]
    fn that_ends_in_time_causes_no_error() {
        let place = Place::new();
        let store = store_that_waits(&place, 10_000);
        let path = place.path.clone();
        let (begun, has_begun) = std::sync::mpsc::channel();
        let writer = std::thread::spawn(move || {
            let other = rusqlite::Connection::open(path).unwrap();
            other.execute_batch("BEGIN IMMEDIATE").unwrap();
            begun.send(()).unwrap();
            std::thread::sleep(Duration::from_millis(150));
            other.execute_batch("COMMIT").unwrap();
        });
        has_begun.recv().unwrap();
        store.create_suite("n").unwrap();
        writer.join().unwrap();
    }

    /// SQLite waits for the lock of a transaction, but not for that of a change of the journal mode.
    #[test]
    fn is_waited_for_when_a_file_that_is_not_in_wal_mode_is_opened() {
        let place = Place::new();
        store_that_waits(&place, 0).close().unwrap();
        place.sqlite().execute_batch("PRAGMA journal_mode = DELETE").unwrap();
        let path = place.path.clone();
        let (begun, has_begun) = std::sync::mpsc::channel();
        let writer = std::thread::spawn(move || {
            let other = rusqlite::Connection::open(path).unwrap();
            other.execute_batch("BEGIN IMMEDIATE; CREATE TABLE theirs (id)").unwrap();
            begun.send(()).unwrap();
            std::thread::sleep(Duration::from_millis(150));
            other.execute_batch("ROLLBACK").unwrap();
        });
        has_begun.recv().unwrap();
        store_that_waits(&place, 10_000).create_suite("n").unwrap();
        writer.join().unwrap();
        let mode = rows(&place.sqlite(), "PRAGMA journal_mode");
        assert_eq!(mode, ["\"wal\""]);
    }

    /// SQLite lets connections of one process share their locks: the last that is done releases what the first has taken.
    #[test]
    fn does_not_wait_for_finished_readers_of_the_same_process() {
        let place = Place::new();
        store_that_waits(&place, 0).close().unwrap();
        place.sqlite().execute_batch("PRAGMA journal_mode = DELETE").unwrap();
        let read_only = OpenOptions { read_only: true, ..OpenOptions::default() };
        let readers = [(); 2].map(|()| Bundled::open(&place.path, &read_only).unwrap());
        for reader in &readers {
            reader.execute_script("BEGIN; SELECT count(*) FROM suites").unwrap();
        }
        for reader in &readers {
            reader.execute_script("COMMIT").unwrap();
        }
        // To turn the file to WAL, it has to have it for itself.
        store_that_waits(&place, 100).create_suite("n").unwrap();
    }

    #[test]
    fn does_not_block_readers() {
        let place = Place::new();
        let store = store_that_waits(&place, 0);
        store.create_suite("n").unwrap();
        let other = place.sqlite();
        // Without WAL, no connection could read while it writes the file itself.
        other.execute_batch("BEGIN EXCLUSIVE; DELETE FROM suites").unwrap();
        assert_eq!(store.list_suites().unwrap().len(), 1);
    }
}

mod batches {
    use super::*;

    fn new_store(place: &Place) -> Store {
        let store = open(&place.path).unwrap();
        let suite = store.create_suite("s").unwrap();
        let run = NewRun {
            id: Some("run"),
            suite_id: &suite.id,
            name: "n",
            model: "m",
            ..NewRun::default()
        };
        store.create_run(&run).unwrap();
        store
    }

    fn case(id: &str) -> Result<NewCase<'_>> {
        Ok(NewCase { id: Some(id), run_id: "run", input: "1", ..NewCase::default() })
    }

    fn ids(db: &rusqlite::Connection) -> Vec<String> {
        rows(db, "SELECT id FROM cases ORDER BY rowid")
    }

    #[test]
    fn that_fail_leave_nothing_and_the_error_names_the_row() {
        let place = Place::new();
        let store = new_store(&place);
        store.save_cases([case("a")]).unwrap();
        let twice = store.save_cases([case("b"), case("c"), case("a")]).unwrap_err();
        assert_eq!(twice.code, Code::Constraint);
        assert!(
            twice.message().contains("cases[2]") && twice.message().contains("\"a\""),
            "{twice}"
        );
        let no_run = NewCase { run_id: "none", ..case("d").unwrap() };
        let error = store.save_cases([case("b"), Ok(no_run)]).unwrap_err();
        assert!(
            error.message().contains("cases[1]") && error.message().contains("\"none\""),
            "{error}"
        );
        let own = store.save_cases([case("b"), Err(own_error())]).unwrap_err();
        assert_eq!(own.message(), "the body's own");
        let score =
            |case_id| Ok(NewScore { case_id, scorer_name: "s", score: 1.0, ..NewScore::default() });
        let error = store.save_scores([score("a"), score("none")]).unwrap_err();
        assert!(
            error.message().contains("scores[1]") && error.message().contains("\"none\""),
            "{error}"
        );
        assert_eq!(ids(&place.sqlite()), ["\"a\""]);
        assert_eq!(integer(&place.sqlite(), "SELECT count(*) FROM scores"), 0);
    }

    #[test]
    fn in_parts_are_one() {
        let place = Place::new();
        let store = new_store(&place);
        let other = place.sqlite();
        store.begin_batch("saveCases").unwrap();
        store.save_cases([case("a")]).unwrap();
        store.save_cases([case("b"), case("a")]).unwrap_err();
        assert_eq!(ids(&other), [""; 0], "seen before the end");
        store.save_cases([case("c")]).unwrap();
        store.commit_batch("saveCases").unwrap();
        assert_eq!(ids(&other), ["\"a\"", "\"c\""]);

        store.begin_batch("saveCases").unwrap();
        store.save_cases([case("d")]).unwrap();
        store.begin_batch("saveCases").unwrap();
        store.save_cases([case("e")]).unwrap();
        store.rollback_batch();
        store.save_cases([case("f")]).unwrap();
        store.commit_batch("saveCases").unwrap();
        assert_eq!(ids(&other), ["\"a\"", "\"c\"", "\"d\"", "\"f\""]);

        store.begin_batch("saveCases").unwrap();
        store.save_cases([case("g")]).unwrap();
        store.rollback_batch();
        assert_eq!(ids(&other).len(), 4);
        store.rollback_batch();
        store.create_suite("usable afterwards").unwrap();
    }

    #[test]
    fn prevent_the_store_from_closing() {
        let place = Place::new();
        let store = new_store(&place);
        store.begin_batch("saveCases").unwrap();
        assert_eq!(store.close().unwrap_err().code, Code::Busy);
        store.save_cases([case("a")]).unwrap();
        store.commit_batch("saveCases").unwrap();
        store.close().unwrap();
        store.close().unwrap();
        assert_eq!(store.save_cases([case("b")]).unwrap_err().code, Code::Closed);
        assert_eq!(ids(&place.sqlite()), ["\"a\""]);
    }

    #[test]
    fn of_a_store_that_is_dropped_leave_nothing() {
        let place = Place::new();
        let store = new_store(&place);
        store.begin_batch("saveCases").unwrap();
        store.save_cases([case("a")]).unwrap();
        drop(store);
        assert_eq!(ids(&place.sqlite()), [""; 0]);
        open(&place.path).unwrap().create_suite("not locked").unwrap();
    }
}
