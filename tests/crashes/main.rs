//! Processes that are killed at random moments: what they had acknowledged is there, what they had not is whole or absent,
//! and the next open needs no hand.

#![allow(missing_docs)]
#![allow(clippy::unwrap_used, clippy::panic)] // a failing test is meant to panic

#[path = "../support/mod.rs"]
mod support;

mod writer;

use std::time::{Duration, Instant};

use support::figures::{count, tell};
use support::random::{Random, rounds};
use support::{Place, damage, open};
use writer::{Kind, Writer};

/// Opens the store as the next process would, and checks all that writers left behind.
fn assert_whole(place: &Place, writers: &[Writer], what: &str) {
    let store = open(&place.path).unwrap_or_else(|error| panic!("{error}, {what}"));
    let db = place.sqlite();
    assert_eq!(damage(&db), [""; 0], "{what}");
    for writer in writers {
        writer.assert_whole(&db, what);
    }
    store.create_suite("after the crash").unwrap();
    store.close().unwrap();
}

fn tell_of(kills: usize, acknowledged: usize, batches: &str) {
    let (kills, batches) = (count(kills, "kills"), count(acknowledged, batches));
    tell(format!("{kills}; {batches} acknowledged, none lost, none in part"));
}

/// Starts writers on one file, kills them all at a random moment after the first acknowledgement, and looks.
fn kill_together(kind: Kind, together: usize, most: Duration, usual_rounds: usize) {
    let (mut random, seed) = Random::new();
    let place = Place::new();
    let (mut acknowledged, rounds) = (0, rounds(usual_rounds));
    for round in 0..rounds {
        let names: Vec<_> = (0..together).map(|one| format!("{round}-{one}")).collect();
        let mut writers: Vec<_> =
            names.iter().map(|name| Writer::start(&place.path, name, kind)).collect();
        writers.iter_mut().for_each(Writer::wait_until_it_writes);
        std::thread::sleep(most.mul_f64(random.below(1000) as f64 / 1000.0));
        writers.iter_mut().for_each(Writer::kill);
        acknowledged += writers.iter().map(|one| one.acknowledged().len()).sum::<usize>();
        assert_whole(&place, &writers, &format!("round {round}, RUNSTORE_SEED={seed}"));
    }
    assert!(acknowledged > 0, "nothing was ever acknowledged");
    tell_of(rounds * together, acknowledged, "batches");
}

#[test]
fn one_writer_of_small_batches() {
    kill_together(Kind::Small, 1, Duration::from_millis(40), 80);
}

#[test]
fn three_writers_at_once() {
    kill_together(Kind::Small, 3, Duration::from_millis(60), 50);
}

#[test]
fn a_writer_with_frequent_checkpoints_and_closes() {
    kill_together(Kind::Closing, 1, Duration::from_millis(40), 50);
}

#[test]
fn a_writer_of_episodes_that_take_the_place_of_those_before() {
    kill_together(Kind::Episodes, 2, Duration::from_millis(40), 25);
}

#[test]
fn a_writer_in_a_batch_of_100_000_rows() {
    let (mut random, seed) = Random::new();
    let place = Place::new();
    let (mut duration, mut acknowledged) = (Duration::ZERO, 0);
    for round in 0..rounds(4) {
        let mut writer = Writer::start(&place.path, &round.to_string(), Kind::Huge);
        writer.wait_until_it_writes();
        if round == 0 {
            // How long one takes, and that it is there when it was acknowledged.
            let start = Instant::now();
            writer.wait_until(1);
            duration = start.elapsed();
        } else {
            std::thread::sleep(duration.mul_f64(random.below(1200) as f64 / 1000.0));
        }
        writer.kill();
        acknowledged += writer.acknowledged().len();
        assert_whole(&place, &[writer], &format!("round {round}, RUNSTORE_SEED={seed}"));
    }
    tell_of(rounds(4), acknowledged, "batches of 100,000 rows");
}

#[test]
fn the_remaining_writers_continue_without_an_error() {
    let (mut random, seed) = Random::new();
    let place = Place::new();
    let mut acknowledged = 0;
    for round in 0..rounds(15) {
        let what = format!("round {round}, RUNSTORE_SEED={seed}");
        let start = |one: usize| Writer::start(&place.path, &format!("{round}-{one}"), Kind::Small);
        let mut writers: Vec<_> = (0..3).map(start).collect();
        writers.iter_mut().for_each(Writer::wait_until_it_writes);
        std::thread::sleep(Duration::from_millis(random.below(30)));
        writers[0].kill();
        for writer in &mut writers[1..] {
            let before = writer.acknowledged().len();
            writer.wait_until(before + 5);
            writer.kill();
        }
        acknowledged += writers.iter().map(|one| one.acknowledged().len()).sum::<usize>();
        assert_whole(&place, &writers, &what);
    }
    tell_of(rounds(15) * 3, acknowledged, "batches");
}
