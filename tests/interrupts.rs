//! What is interrupted from another thread ends, is undone, and leaves the store as it was.

#![allow(clippy::expect_used)] // a failing test is meant to panic

use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use runstore::db::{InterruptCount, Interrupter, OpenOptions};
use runstore::model::{NewCase, NewRun};
use runstore::{Code, Result, Store};

/// Every insert of a suite takes for ever.
const ENDLESS: &str = "
    CREATE VIEW endless AS WITH RECURSIVE n(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM n) SELECT x FROM n;
    CREATE TRIGGER endless_suite AFTER INSERT ON suites BEGIN SELECT count(*) FROM endless; END;";

fn open(path: &str) -> Store {
    Store::open(path, &OpenOptions { busy_timeout: Duration::from_secs(600), ..Default::default() })
        .expect("a store")
}

/// Runs `work` while another thread interrupts it again and again.
fn interrupted<T>(interrupter: &Interrupter, every: Duration, work: impl FnOnce() -> T) -> T {
    let done = AtomicBool::new(false);
    std::thread::scope(|scope| {
        scope.spawn(|| {
            while !done.load(Ordering::Relaxed) {
                std::thread::sleep(every);
                interrupter.interrupt();
            }
        });
        let result = work();
        done.store(true, Ordering::Relaxed);
        result
    })
}

fn path_in(directory: &tempfile::TempDir) -> String {
    directory.path().join("store.db").to_str().expect("a path").to_owned()
}

#[test]
fn a_statement_that_would_run_for_ever_is_ended_and_undone() {
    let directory = tempfile::tempdir().expect("a directory");
    let path = path_in(&directory);
    open(&path).close().expect("closed");
    rusqlite::Connection::open(&path).expect("a file").execute_batch(ENDLESS).expect("a trigger");

    let store = open(&path);
    let interrupter = store.interrupter().expect("our own connection");
    let made =
        interrupted(&interrupter, Duration::from_millis(5), || store.create_suite("endless"));
    assert_eq!(made.expect_err("an end").code, Code::Interrupted);
    assert_eq!(store.list_suites().expect("suites"), []);
    assert_eq!(store.create_prompt("judge", "content").expect("a prompt").version, 1);
}

#[test]
fn a_wait_for_another_writer_is_interrupted() {
    let directory = tempfile::tempdir().expect("a directory");
    let path = path_in(&directory);
    let (writer, store) = (open(&path), open(&path));
    writer.begin_batch("saveCases").expect("the lock");
    let interrupter = store.interrupter().expect("our own connection");
    let made = interrupted(&interrupter, Duration::from_millis(5), || store.create_suite("a"));
    assert_eq!(made.expect_err("an end").code, Code::Busy);
    writer.rollback_batch();
    assert_eq!(store.create_suite("b").expect("a suite").name, "b");
}

#[test]
fn under_many_interrupts_exactly_the_acknowledged_rows_are_kept() {
    let directory = tempfile::tempdir().expect("a directory");
    let path = path_in(&directory);
    let store = open(&path);
    let suite = store.create_suite("suite").expect("a suite");
    let run = store
        .create_run(&NewRun { suite_id: &suite.id, name: "n", model: "m", ..NewRun::default() })
        .expect("a run");

    let interrupter = store.interrupter().expect("our own connection");
    let (mut kept, mut failed) = (0, 0);
    interrupted(&interrupter, Duration::from_micros(100), || {
        for _ in 0..2000 {
            match save_ten(&store, &run) {
                Ok(()) => kept += 10,
                Err(error) => {
                    assert_eq!(error.code, Code::Interrupted, "{error}");
                    failed += 1;
                }
            }
        }
    });
    assert!(kept > 0, "all of it was interrupted");
    assert!(failed > 0, "nothing was interrupted");
    // Another connection sees only what was committed.
    assert_eq!(open(&path).count_cases(&run).expect("a count"), kept);
}

fn save_ten(store: &Store, run_id: &str) -> Result<()> {
    let case = || Ok(NewCase { run_id, input: "1", ..NewCase::default() });
    store.save_cases(std::iter::repeat_with(case).take(10))
}

#[test]
fn an_interrupt_that_hits_nothing_does_nothing() {
    let store = open(":memory:");
    let interrupter = store.interrupter().expect("our own connection");
    interrupter.interrupt();
    assert_eq!(store.create_suite("a").expect("a suite").name, "a");
    store.close().expect("closed");
    interrupter.interrupt();
    assert!(store.interrupter().is_none());
}

#[test]
fn an_interrupt_between_statements_is_not_lost() {
    let store = open(":memory:");
    let interrupts = InterruptCount::default();
    let scope = interrupts.from_now();
    interrupts.interrupt();
    let made = store.interruptible(scope, || store.create_suite("late"));
    assert_eq!(made.expect_err("an end").code, Code::Interrupted);

    let between = store.interruptible(interrupts.from_now(), || {
        store.create_suite("first")?;
        interrupts.interrupt();
        store.create_suite("second")
    });
    assert_eq!(between.expect_err("an end").code, Code::Interrupted);
    let names: Vec<String> =
        store.list_suites().expect("suites").into_iter().map(|suite| suite.name).collect();
    assert_eq!(names, ["first"]);
}

#[test]
fn a_count_alone_ends_a_statement_that_would_run_for_ever() {
    let directory = tempfile::tempdir().expect("a directory");
    let path = path_in(&directory);
    open(&path).close().expect("closed");
    rusqlite::Connection::open(&path).expect("a file").execute_batch(ENDLESS).expect("a trigger");

    let store = open(&path);
    let interrupts = InterruptCount::default();
    let made = std::thread::scope(|threads| {
        threads.spawn(|| {
            std::thread::sleep(Duration::from_millis(50));
            interrupts.interrupt();
        });
        store.interruptible(interrupts.from_now(), || store.create_suite("endless"))
    });
    assert_eq!(made.expect_err("an end").code, Code::Interrupted);
    assert_eq!(store.list_suites().expect("suites"), []);
}

#[test]
fn operations_after_an_interrupt_run_and_an_open_batch_can_be_rolled_back() {
    let store = open(":memory:");
    let interrupts = InterruptCount::default();
    interrupts.interrupt();
    let made = store.interruptible(interrupts.from_now(), || store.create_suite("after"));
    assert_eq!(made.expect("a suite").name, "after");

    let undone = store.interruptible(interrupts.from_now(), || {
        store.begin_batch("test")?;
        store.create_suite("undone")?;
        interrupts.interrupt();
        let made = store.create_suite("never");
        store.rollback_batch();
        made
    });
    assert_eq!(undone.expect_err("an end").code, Code::Interrupted);
    assert_eq!(store.list_suites().expect("suites").len(), 1);
    assert_eq!(store.create_prompt("judge", "content").expect("no transaction is open").version, 1);
}
