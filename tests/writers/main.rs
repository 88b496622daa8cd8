//! Writers wait for each other in turn, and do not wait for a process that has ended.

#![allow(missing_docs)]
#![allow(clippy::unwrap_used, clippy::panic)] // a failing test is meant to panic

#[path = "../support/mod.rs"]
mod support;

use std::sync::mpsc::{Sender, channel};
use std::time::Duration;

use runstore::db::OpenOptions;
use runstore::{Code, Store};
use support::figures::tell;
use support::random::rounds;
use support::{Place, child, open, rows};

/// Long enough for a writer that announces its wait to begin it.
const A_MOMENT: Duration = Duration::from_millis(40);

fn patient(path: &str) -> Store {
    let busy_timeout = Duration::from_secs(60);
    Store::open(path, &OpenOptions { busy_timeout, ..OpenOptions::default() }).unwrap()
}

/// Holds the write lock while the other comes, lets go of it, and wants it again at once.
fn holder(store: &Store, round: usize, is_held: &Sender<()>) {
    store.begin_batch("saveCases").unwrap();
    store.create_suite(&format!("{round} holder")).unwrap();
    is_held.send(()).unwrap();
    std::thread::sleep(A_MOMENT);
    store.commit_batch("saveCases").unwrap();
    store.create_suite(&format!("{round} holder again")).unwrap();
}

#[cfg(unix)] // elsewhere there is no turnstile
#[test]
fn a_waiting_writer_goes_before_the_last_one() {
    let place = Place::new();
    let store = patient(&place.path);
    let (mut in_turn, rounds) = (0, rounds(20));
    for round in 0..rounds {
        let (is_held, held) = channel();
        let path = place.path.clone();
        let waiter = std::thread::spawn(move || {
            let store = patient(&path);
            held.recv().unwrap();
            store.create_suite(&format!("{round} waiter")).unwrap();
        });
        holder(&store, round, &is_held);
        waiter.join().unwrap();
        let order = format!("SELECT name FROM suites WHERE name LIKE '{round} %' ORDER BY rowid");
        let order = rows(&place.sqlite(), &order);
        in_turn += usize::from(order[1].contains("waiter"));
    }
    // On a busy machine, some may come so late that they did not wait.
    assert!(in_turn * 2 > rounds, "{in_turn} of {rounds}");
    tell(format!("{in_turn} of {rounds} in turn"));
}

#[test]
#[ignore = "run in a process of its own"]
fn waits() {
    let Some((path, _)) = child::task() else { return };
    patient(&path).create_suite("never").unwrap();
}

#[test]
fn a_process_that_dies_while_waiting_does_not_block_others() {
    let place = Place::new();
    let store = patient(&place.path);
    store.begin_batch("saveCases").unwrap();
    let mut waiting: Vec<_> = (0..3).map(|_| child::start("waits", &place.path, "")).collect();
    std::thread::sleep(Duration::from_millis(500));
    waiting.iter_mut().for_each(|one| one.kill().unwrap());
    waiting.into_iter().for_each(|one| assert!(child::failure(one).is_some()));
    store.commit_batch("saveCases").unwrap();
    let impatient = OpenOptions { busy_timeout: Duration::from_secs(1), ..OpenOptions::default() };
    Store::open(&place.path, &impatient).unwrap().create_suite("next").unwrap();
    assert_eq!(rows(&place.sqlite(), "SELECT name FROM suites"), ["\"next\""]);
}

#[test]
fn a_writer_gives_up_after_its_timeout_even_behind_other_waiting_writers() {
    let place = Place::new();
    let store = open(&place.path).unwrap();
    store.begin_batch("saveCases").unwrap();
    let give_up = |milliseconds| {
        let busy_timeout = Duration::from_millis(milliseconds);
        let path = place.path.clone();
        std::thread::spawn(move || {
            let options = OpenOptions { busy_timeout, ..OpenOptions::default() };
            let store = Store::open(&path, &options).unwrap();
            let error = store.create_suite("never").unwrap_err();
            // And again, with a wait of its own.
            assert_eq!(store.create_suite("never").unwrap_err().code, Code::Busy);
            error.code
        })
    };
    let waiting: Vec<_> = [0, 50, 100, 150].map(give_up).into();
    waiting.into_iter().for_each(|one| assert_eq!(one.join().unwrap(), Code::Busy));
    store.commit_batch("saveCases").unwrap();
    open(&place.path).unwrap().create_suite("next").unwrap();
}
