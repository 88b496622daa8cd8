//! Whatever goes wrong underneath: a typed error that names the file and the first cause, nothing acknowledged lost, and
//! the same store works again when the fault is gone.

#![allow(missing_docs)]
#![allow(clippy::unwrap_used, clippy::panic)] // a failing test is meant to panic

#[path = "../support/mod.rs"]
mod support;

mod damaged_bytes;
mod failing_calls;
mod files_beside;
mod files_that_move;
mod without_permission;

use runstore::model::{NewCase, NewRun, NewScore};
use runstore::store::{JsonCheck, OnConflict, Part, refuse};
use runstore::{Result, Store};

const BATCH: usize = 40;

fn add_run(store: &Store) -> Result<()> {
    let suite = store.create_suite("suite")?;
    let run =
        NewRun { id: Some("run"), suite_id: &suite.id, name: "n", model: "m", ..NewRun::default() };
    store.create_run(&run).map(drop)
}

/// Saves the cases `<batch>-0` to `<batch>-39`, each with a score.
fn save_batch(store: &Store, batch: usize) -> Result<()> {
    let ids: Vec<_> = (0..BATCH).map(|at| format!("{batch}-{at}")).collect();
    let output = "an answer of some length ".repeat(8);
    let results = ids.iter().enumerate().map(|(at, id)| {
        let scores = vec![NewScore { scorer_name: "exact", score: 1.0, ..NewScore::default() }];
        let (idx, output) = ((batch * BATCH + at) as f64, Some(output.as_str()));
        Ok((
            NewCase { id: Some(id), run_id: "run", idx, input: "1", output, ..NewCase::default() },
            scores,
        ))
    });
    store.save_results(Part::WHOLE, OnConflict::Error, results).map(drop)
}

/// Reads everything of the run; returns the ids of its cases.
fn read_all(store: &Store) -> Result<Vec<String>> {
    let mut ids = Vec::new();
    store.read_cases("run", JsonCheck::Skip, |cases| {
        let texts: Vec<_> = cases
            .texts
            .iter()
            .map(|(_, text)| String::from_utf8_lossy(text).into_owned())
            .collect();
        ids.extend(texts.chunks(3).map(|three| three[0].clone()));
        Ok(())
    })?;
    let summary = store.get_run_summary("run", 0.5)?;
    store.list_runs(None, &refuse)?;
    if summary.total_cases as usize == ids.len() {
        return Ok(ids);
    }
    panic!("the summary has {} cases, the run {}", summary.total_cases, ids.len());
}

fn ids_of(batches: &[usize]) -> Vec<String> {
    batches.iter().flat_map(|batch| (0..BATCH).map(move |at| format!("{batch}-{at}"))).collect()
}
