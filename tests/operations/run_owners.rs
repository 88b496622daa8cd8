//! Who works on a run: heartbeats, who takes over, and what a failure leaves.

use runstore::Code;
use runstore::model::{NewBenchmarkResult, NewOutcome, NewTrajectory, NewTurn, Role};
use runstore::store::{OnConflict, Part};

use super::*;
use support::{integer, rows};

/// A heartbeat of long ago, which a heartbeat replaces.
const LONG_AGO: &str = "UPDATE runs SET heartbeat_at = 5";
const HEARTBEAT: &str = "SELECT heartbeat_at FROM runs WHERE id = 'run'";
const OWNER: &str = "SELECT owner_pid, owner_host, owner_marks FROM runs WHERE id = 'run'";

fn save_case(store: &Store, id: &str) {
    store.save_cases([Ok(case(id, 0.0))]).unwrap();
}

#[test]
fn a_run_has_its_owner_from_its_beginning() {
    let (store, place) = store_with_run();
    let owner = store.get_run_owner("run").unwrap().unwrap();
    assert_eq!(owner.pid, i64::from(std::process::id()));
    assert!(!owner.host.is_empty());
    let started = integer(&place.sqlite(), "SELECT started_at FROM runs");
    assert!((started..started + 60_000).contains(&owner.heartbeat_at));
    assert_eq!(store.get_run_owner("nowhere").unwrap(), None);
}

#[test]
fn a_store_notes_the_first_write_to_a_run_and_then_none_for_a_while() {
    let (store, place) = store_with_run();
    place.sqlite().execute_batch(LONG_AGO).unwrap();
    save_case(&store, "by the store that made it");
    assert_eq!(integer(&place.sqlite(), HEARTBEAT), 5, "making it was a heartbeat");
    let other = open(&place.path).unwrap();
    save_case(&other, "first");
    assert!(integer(&place.sqlite(), HEARTBEAT) > 1_000_000);
    place.sqlite().execute_batch(LONG_AGO).unwrap();
    save_case(&other, "second");
    assert_eq!(integer(&place.sqlite(), HEARTBEAT), 5);
}

#[test]
fn every_kind_of_write_to_a_run_is_a_heartbeat() {
    let (store, place) = store_with_run();
    save_case(&store, "c");
    let turn = NewTurn::says(Role::User, "x");
    let episode = |idx| NewTrajectory {
        benchmark: "b",
        idx,
        outcome: NewOutcome::default(),
        turns: vec![turn],
    };
    let empty = || serde_json::from_str("{}").unwrap();
    let result = NewBenchmarkResult {
        benchmark: "b".to_owned(),
        score: 1.0,
        num_examples: 1,
        num_correct: 1,
        num_errors: 0,
        num_truncated: 0,
        metrics: empty(),
        time_seconds: None,
        pass_at_k: empty(),
    };
    type Write<'w> = (&'w str, Box<dyn Fn(&Store) + 'w>);
    let writes: [Write<'_>; 6] = [
        ("saveCases", Box::new(|store| save_case(store, "d"))),
        ("saveScores", Box::new(|store| store.save_scores([score("c", "s", 1.0)]).unwrap())),
        (
            "saveResults",
            Box::new(|store| {
                store
                    .save_results(Part::WHOLE, OnConflict::Error, [Ok((case("e", 0.0), vec![]))])
                    .unwrap();
            }),
        ),
        (
            "saveTrajectories",
            Box::new(|store| {
                store
                    .save_trajectories("run", Part::WHOLE, OnConflict::Error, [Ok(episode(0))])
                    .unwrap();
            }),
        ),
        (
            "appendTurns",
            Box::new(|store| {
                store.append_turns("run", &episode(1)).unwrap();
            }),
        ),
        (
            "saveBenchmarkResult",
            Box::new(|store| store.save_benchmark_result("run", &result).unwrap()),
        ),
    ];
    for (operation, write) in &writes {
        place.sqlite().execute_batch(LONG_AGO).unwrap();
        write(&open(&place.path).unwrap());
        assert!(integer(&place.sqlite(), HEARTBEAT) > 1_000_000, "{operation}");
    }
}

#[test]
fn a_run_that_has_ended_gives_no_heartbeat() {
    let (store, place) = store_with_run();
    save_case(&store, "c");
    store.finish_run("run", runstore::model::RunStatus::Completed, None).unwrap();
    place.sqlite().execute_batch(LONG_AGO).unwrap();
    let before = rows(&place.sqlite(), "SELECT * FROM runs");
    let other = open(&place.path).unwrap();
    save_case(&other, "late");
    other.save_scores([score("c", "s", 1.0)]).unwrap();
    assert_eq!(rows(&place.sqlite(), "SELECT * FROM runs"), before);
}

#[test]
fn an_unidentifiable_owner_stays_the_owner() {
    let (_store, place) = store_with_run();
    let elsewhere = "UPDATE runs SET owner_pid = 7, owner_host = 'h', owner_marks = '1 boot 2,3 m', heartbeat_at = 5";
    let nobody =
        "UPDATE runs SET owner_pid = NULL, owner_host = NULL, owner_marks = NULL, heartbeat_at = 5";
    for owner in [elsewhere, nobody] {
        place.sqlite().execute_batch(owner).unwrap();
        let before = rows(&place.sqlite(), OWNER);
        save_case(&open(&place.path).unwrap(), &format!("case of {}", before[0]));
        assert_eq!(rows(&place.sqlite(), OWNER), before);
        assert!(integer(&place.sqlite(), HEARTBEAT) > 1_000_000);
    }
}

#[cfg(target_os = "linux")]
#[test]
fn a_writing_process_takes_over_from_an_owner_that_has_died() {
    let (store, place) = store_with_run();
    // No process has this number.
    place.sqlite().execute_batch("UPDATE runs SET owner_pid = 2147483646").unwrap();
    assert_eq!(store.get_run_owner("run").unwrap().unwrap().alive, Some(false));
    save_case(&open(&place.path).unwrap(), "c");
    let owner = store.get_run_owner("run").unwrap().unwrap();
    assert_eq!((owner.pid, owner.alive), (i64::from(std::process::id()), Some(true)));
}

#[test]
fn where_the_heartbeat_fails_nothing_is_saved_and_after_a_failed_batch_it_comes_again() {
    let (_store, place) = store_with_run();
    place
        .sqlite()
        .execute_batch(
            "CREATE TRIGGER refuse BEFORE UPDATE ON runs BEGIN SELECT RAISE(ABORT, 'not now'); END",
        )
        .unwrap();
    let store = open(&place.path).unwrap();
    let refused = store.save_cases([Ok(case("c", 0.0))]).unwrap_err();
    assert!(refused.message().contains("not now"), "{refused}");
    assert_eq!(store.count_cases("run").unwrap(), 0);
    place.sqlite().execute_batch(&format!("DROP TRIGGER refuse; {LONG_AGO}")).unwrap();

    // The heartbeat is undone with the batch.
    let twice = [Ok(case("c", 0.0)), Ok(case("c", 0.0))];
    assert_eq!(store.save_cases(twice).unwrap_err().code, Code::Constraint);
    assert_eq!(integer(&place.sqlite(), HEARTBEAT), 5);
    save_case(&store, "c");
    assert!(integer(&place.sqlite(), HEARTBEAT) > 1_000_000);
}

#[test]
fn a_run_of_older_versions_is_resumed_and_its_cases_are_replaced() {
    let (store, place) = store_with_run();
    save_case(&store, "c");
    store.save_scores([score("c", "s", 1.0), score("c", "t", 0.0)]).unwrap();
    place
        .sqlite()
        .execute_batch("UPDATE runs SET owner_pid = NULL, owner_host = NULL, owner_marks = NULL, heartbeat_at = NULL")
        .unwrap();
    assert_eq!(store.resume_run("run", None).unwrap_err().code, runstore::Code::Busy);
    store.resume_run("run", Some(0)).unwrap();
    let again = NewCase { output: Some("again"), ..case("c", 3.0) };
    let results = [Ok((again, vec![score("", "s", 0.5).unwrap()]))];
    store.save_results(Part::WHOLE, OnConflict::Replace, results).unwrap();
    let db = place.sqlite();
    assert_eq!(rows(&db, "SELECT id, idx, output FROM cases"), ["\"c\", 3, \"again\""]);
    assert_eq!(rows(&db, "SELECT case_id, score FROM scores"), ["\"c\", 0.5"]);
}
