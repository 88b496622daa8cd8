//! What survives a power cut, on a disk that forgets what was not synced and tears what was being written.

#![allow(missing_docs)]
#![allow(clippy::unwrap_used, clippy::panic)] // a failing test is meant to panic

#[path = "../support/mod.rs"]
mod support;

use runstore::Store;
use runstore::db::{Durability, OpenOptions};
use runstore::error::Code;
use runstore::model::{NewCase, NewRun, NewScore};
use runstore::store::{OnConflict, Part, refuse};
use support::disk::Disk;
use support::figures::{count, tell};
use support::random::{Random, rounds};

fn open(disk: &Disk, durability: Durability) -> runstore::Result<Store> {
    Store::open(&disk.path("store.db"), &OpenOptions { durability, ..OpenOptions::default() })
}

/// How many cases a batch has.
fn size_of(batch: usize) -> usize {
    [1, 3, 40, 7, 200][batch % 5]
}

fn save_batch(store: &Store, batch: usize) -> runstore::Result<()> {
    let ids: Vec<_> = (0..size_of(batch)).map(|at| format!("{batch}-{at}")).collect();
    let output = "answer ".repeat(1 + batch % 90);
    let results = ids.iter().enumerate().map(|(at, id)| {
        let scores = vec![NewScore { scorer_name: "exact", score: 1.0, ..NewScore::default() }];
        let (idx, output) = (at as f64, Some(output.as_str()));
        Ok((
            NewCase { id: Some(id), run_id: "run", idx, input: "1", output, ..NewCase::default() },
            scores,
        ))
    });
    store.save_results(Part::WHOLE, OnConflict::Error, results).map(drop)
}

/// Returns the batches that are there; fails where one is there in part.
fn batches_of(store: &Store, disk: &Disk, what: &str) -> Vec<usize> {
    let db = rusqlite::Connection::open(disk.path("store.db")).unwrap();
    assert_eq!(support::damage(&db), [""; 0], "{what}");
    let sql = "SELECT CAST(cases.id AS INTEGER), count(*), count(scores.id) FROM cases
               LEFT JOIN scores ON scores.case_id = cases.id GROUP BY 1 ORDER BY 1";
    let mut statement = db.prepare(sql).unwrap();
    let counts = statement.query_map([], |row| {
        Ok((row.get::<_, i64>(0)?, row.get::<_, i64>(1)?, row.get::<_, i64>(2)?))
    });
    let batches: Vec<_> = counts
        .unwrap()
        .map(Result::unwrap)
        .map(|(batch, cases, scores)| {
            let batch = batch as usize;
            assert_eq!(
                (cases as usize, scores as usize),
                (size_of(batch), size_of(batch)),
                "batch {batch}, {what}"
            );
            batch
        })
        .collect();
    let counted = match store.count_cases("run") {
        // The run itself is lost.
        Err(error) if error.code == Code::NotFound => 0,
        counted => counted.unwrap() as usize,
    };
    assert_eq!(counted, batches.iter().map(|batch| size_of(*batch)).sum::<usize>());
    batches
}

/// What became of the batches that were acknowledged.
#[derive(Default)]
struct Fate {
    acknowledged: usize,
    lost: usize,
}

/// How often the power fails on one disk.
const CUTS: usize = 4;

/// Several stores, one after the other, on one disk whose power fails at a random moment.
fn one_disk(durability: Durability, random: &mut Random, what: &str) -> Fate {
    let disk = Disk::new();
    let (mut next, mut fate) = (0, Fate::default());
    let mut there: Vec<usize> = Vec::new();
    for _ in 0..CUTS {
        // Far enough, now and then, for checkpoints and for the end.
        let calls = [30, 300, 3000, 6000][random.below(4) as usize];
        disk.cut_power_after(1 + random.below(calls));
        let mut acknowledged = there.clone();
        let before = acknowledged.len();
        let started = next;
        let _ = work(&disk, durability, random, &mut next, &mut acknowledged);
        disk.restart(random);

        let store = open(&disk, durability).unwrap_or_else(|error| panic!("{error}, {what}"));
        there = batches_of(&store, &disk, what);
        // What is there is the beginning of what was acknowledged, and at most the batch that was being saved.
        let kept = acknowledged.iter().take_while(|batch| there.contains(batch)).count();
        let expected = [&acknowledged[..kept], &there[kept.min(there.len())..]].concat();
        assert_eq!(there, expected, "{what}: a batch in the middle is missing");
        assert!(there.len() <= acknowledged.len() + 1, "{what}");
        assert!(there.iter().all(|batch| *batch < next), "{what}, from {started}");
        fate.acknowledged += acknowledged.len() - before;
        fate.lost += acknowledged.len() - kept;
        store.close().unwrap();
    }
    fate
}

/// Cuts the power of many disks.
fn many_disks(durability: Durability, disks: usize) -> Fate {
    let (mut random, seed) = Random::new();
    let mut fate = Fate::default();
    for round in 0..disks {
        let what = format!("round {round}, RUNSTORE_SEED={seed}");
        let of_disk = one_disk(durability, &mut random, &what);
        assert!(durability == Durability::Normal || of_disk.lost == 0, "{what}");
        fate.acknowledged += of_disk.acknowledged;
        fate.lost += of_disk.lost;
    }
    let (cuts, batches) = (count(disks * CUTS, "power cuts"), count(fate.acknowledged, "batches"));
    tell(format!("{cuts}; {batches} acknowledged, {} lost, none in part", fate.lost));
    fate
}

/// Opens the store and saves batches until the power fails.
fn work(
    disk: &Disk,
    durability: Durability,
    random: &mut Random,
    next: &mut usize,
    acknowledged: &mut Vec<usize>,
) -> runstore::Result<()> {
    while !disk.is_off() {
        let store = open(disk, durability)?;
        if store.get_run("run", &refuse)?.is_none() {
            let suite = store.create_suite("suite")?;
            store.create_run(&NewRun {
                id: Some("run"),
                suite_id: &suite.id,
                name: "n",
                model: "m",
                ..NewRun::default()
            })?;
        }
        for _ in 0..random.below(60) {
            let batch = *next;
            *next += 1;
            save_batch(&store, batch)?;
            acknowledged.push(batch);
        }
        store.close()?;
    }
    Ok(())
}

#[test]
fn with_full_durability_every_acknowledged_batch_survives_and_none_is_partial() {
    many_disks(Durability::Full, rounds(15));
}

#[test]
fn by_default_the_newest_batches_may_be_lost_and_none_is_partial_or_missing_in_the_middle() {
    // Otherwise the disk forgets nothing, and the test above shows nothing.
    assert!(many_disks(Durability::Normal, rounds(15)).lost > 0);
}
