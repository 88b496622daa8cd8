//! The tools for the day on which something went wrong: what they find, what they repair, and what they leave alone.

#![allow(missing_docs)]
#![allow(clippy::unwrap_used, clippy::panic)] // a failing test is meant to panic

#[path = "../support/mod.rs"]
mod support;

mod backup;
mod doctor;
mod merge;
mod prune;
mod recover;
mod salvage;

use runstore::Store;
use runstore::model::{
    NewCase, NewOutcome, NewRun, NewScore, NewTrajectory, NewTurn, Role, RunStatus, Trajectory,
};
use runstore::store::{OnConflict, Part};
use support::{Place, damage, integer, open, rows};

/// A store with a suite `s` and completed runs `r0`, `r1`, … of so many cases each, every case with a score.
fn store_with_runs(runs: usize, cases: usize) -> (Store, Place) {
    let place = Place::new();
    let store = open(&place.path).unwrap();
    add_suite(&place, "s", "suite");
    for run in 0..runs {
        add_run(&store, "s", &format!("r{run}"), cases);
        store.finish_run(&format!("r{run}"), RunStatus::Completed, None).unwrap();
    }
    (store, place)
}

fn add_suite(place: &Place, id: &str, name: &str) {
    let sql = "INSERT INTO suites (id, name, created_at) VALUES (?, ?, 1)";
    place.sqlite().execute(sql, [id, name]).unwrap();
}

/// Adds a running run with the cases `<run>-0`, `<run>-1`, … and their scores.
fn add_run(store: &Store, suite_id: &str, id: &str, cases: usize) {
    let run = NewRun { id: Some(id), suite_id, name: id, model: "m", ..NewRun::default() };
    store.create_run(&run).unwrap();
    let ids: Vec<_> = (0..cases).map(|at| (format!("{id}-{at}"), format!("{id}-{at}-x"))).collect();
    let results = ids.iter().enumerate().map(|(at, (case, score))| {
        let score =
            NewScore { id: Some(score), scorer_name: "x", score: 0.5, ..NewScore::default() };
        let (idx, run_id) = (at as f64, id);
        // As long as answers are, so that a run takes several pages.
        let (input, output) = ("\"the input\"", Some(LONG));
        let case = NewCase { id: Some(case), run_id, idx, input, output, ..NewCase::default() };
        Ok((case, vec![score]))
    });
    store.save_results(Part::WHOLE, OnConflict::Error, results).unwrap();
}

const LONG: &str = "An answer that says in many words what could have been said in few, as models do when nobody \
   stops them, and that goes on for a while longer than anyone would like to read.";

/// All rows of our tables.
fn content(db: &rusqlite::Connection) -> Vec<Vec<String>> {
    ["suites", "runs", "cases", "scores", "prompts"]
        .iter()
        .map(|table| rows(db, &format!("SELECT * FROM {table} ORDER BY rowid")))
        .collect()
}

fn count(db: &rusqlite::Connection, table: &str) -> i64 {
    integer(db, &format!("SELECT count(*) FROM {table}"))
}

/// Saves two trajectories of a run: a long text that runs share, and a short one.
fn add_trajectories(store: &Store, run_id: &str) {
    let shared = LONG.repeat(10);
    let turn =
        |content| NewTurn { token_count: Some(3.0), ..NewTurn::says(Role::Assistant, content) };
    let trajectories = (0..2).map(|idx| {
        let outcome = NewOutcome { reward: Some(1.0), ..NewOutcome::default() };
        Ok(NewTrajectory { benchmark: "b", idx, outcome, turns: vec![turn(&shared), turn(run_id)] })
    });
    store.save_trajectories(run_id, Part::WHOLE, OnConflict::Error, trajectories).unwrap();
}

/// What is read of the trajectories of a run.
fn trajectories_of(store: &Store, run_id: &str) -> Vec<Trajectory> {
    store.trajectories_after(run_id, &Default::default(), None, 10, "read").unwrap().rows
}
