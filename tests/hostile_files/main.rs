//! Malicious files. Each is refused with an error, or read as data.

#![allow(missing_docs)]
#![allow(clippy::unwrap_used, clippy::panic)] // a failing test is meant to panic

#[path = "../support/mod.rs"]
mod support;

mod a_header_that_lies;
mod a_schema_that_lies;
mod kinds_of_files;
mod places_that_lie;
mod read_everything;
mod texts_that_lie;
mod triggers_and_functions;

use runstore::db::OpenOptions;
use runstore::model::{NewCase, NewRun, NewScore};
use runstore::{Code, Result, Store};
use support::{Place, open};

/// A closed store of today with one run, `run`, and one case, `case`, with a score.
fn store_file() -> Place {
    let place = Place::new();
    let store = open(&place.path).unwrap();
    let suite = store.create_suite("suite").unwrap();
    let run =
        NewRun { id: Some("run"), suite_id: &suite.id, name: "n", model: "m", ..NewRun::default() };
    store.create_run(&run).unwrap();
    store.save_cases([Ok(case("case"))]).unwrap();
    let score = NewScore { case_id: "case", scorer_name: "s", score: 0.25, ..NewScore::default() };
    store.save_scores([Ok(score)]).unwrap();
    store.create_prompt("prompt", "content").unwrap();
    store.close().unwrap();
    drop(store);
    place
}

fn case(id: &str) -> NewCase<'_> {
    NewCase { id: Some(id), run_id: "run", input: "null", ..NewCase::default() }
}

/// Changes a file past the store, also its schema by its text.
fn forge(place: &Place, script: &str) {
    let db = place.sqlite();
    db.execute_batch(&format!("PRAGMA writable_schema = ON; {script}")).unwrap();
}

fn open_read_only(place: &Place) -> Result<Store> {
    Store::open(&place.path, &OpenOptions { read_only: true, ..OpenOptions::default() })
}
