//! The operations, against what was worked out outside of them: by hand, by SQL, or in a second way.

#![allow(missing_docs)]
#![allow(clippy::unwrap_used, clippy::panic)] // a failing test is meant to panic

#[path = "../support/mod.rs"]
mod support;

mod baselines;
mod case_columns;
mod failing_cases;
mod found_cases;
mod ids;
mod iterate_cases;
mod packed_rows;
mod prompts;
mod rows;
mod run_owners;
mod summary;
mod verdicts;
mod whole_operations;

use runstore::model::{NewCase, NewRun, NewScore};
use runstore::store::{CaseColumns, TextKind};
use runstore::{Result, Store};
use support::{Place, open};

/// A store with one run, called `run`.
fn store_with_run() -> (Store, Place) {
    let place = Place::new();
    let store = open(&place.path).unwrap();
    let suite = store.create_suite("suite").unwrap();
    let run =
        NewRun { id: Some("run"), suite_id: &suite.id, name: "n", model: "m", ..NewRun::default() };
    store.create_run(&run).unwrap();
    (store, place)
}

fn case(id: &str, idx: f64) -> NewCase<'_> {
    NewCase { id: Some(id), run_id: "run", idx, input: "null", ..NewCase::default() }
}

fn score<'a>(case_id: &'a str, scorer_name: &'a str, score: f64) -> Result<NewScore<'a>> {
    Ok(NewScore { case_id, scorer_name, score, ..NewScore::default() })
}

/// id, output and error of each case.
fn texts(cases: &CaseColumns) -> Vec<[Option<String>; 3]> {
    let all: Vec<_> = cases
        .texts
        .iter()
        .map(|(kind, text)| {
            (kind != TextKind::Null).then(|| String::from_utf8_lossy(text).into_owned())
        })
        .collect();
    all.chunks(3).map(|three| [three[0].clone(), three[1].clone(), three[2].clone()]).collect()
}

fn ids(cases: &CaseColumns) -> Vec<String> {
    texts(cases).into_iter().map(|[id, ..]| id.unwrap()).collect()
}
