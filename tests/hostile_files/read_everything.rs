//! Every read, for files that only have to give some answer.

use runstore::compare::{CompareOptions, GateOptions, compare, compare_runs, gate};
use runstore::store::{JsonCheck, refuse};
use runstore::{Result, Store};

/// Reads all that the store gives; returns the error of each read that failed.
pub fn read_everything(store: &Store) -> Vec<runstore::StoreError> {
    let mut errors = vec![];
    let mut runs = vec!["run".to_owned()];
    note(&mut errors, store.list_suites());
    note(&mut errors, store.list_prompts());
    note(&mut errors, store.get_latest_prompt("prompt"));
    if let Some(listed) = note(&mut errors, store.list_runs(None, &refuse)) {
        runs.extend(listed.into_iter().map(|run| run.id));
    }
    for run in &runs {
        read_run(store, run, &mut errors);
    }
    // A run is not compared with itself.
    runs.dedup();
    for two in runs.windows(2) {
        compare_two(store, &two[0], &two[1], &mut errors);
    }
    errors
}

fn read_run(store: &Store, run: &str, errors: &mut Vec<runstore::StoreError>) {
    note(errors, store.get_run(run, &refuse));
    note(errors, store.read_cases(run, JsonCheck::Skip, |_| Ok(())));
    note(errors, store.read_failing_cases(run, JsonCheck::Skip, f64::INFINITY, |_| Ok(())));
    note(errors, store.cases_after(run, JsonCheck::Skip, None, 10));
    note(errors, store.get_run_summary(run, 0.5));
    note(errors, compare_runs(store, run, run, &CompareOptions::default()));
}

fn compare_two(store: &Store, one: &str, other: &str, errors: &mut Vec<runstore::StoreError>) {
    note(errors, compare(store, &[one], &[other], &Default::default()));
    note(errors, gate(store, &[one], &[other], &GateOptions::default()));
}

fn note<T>(errors: &mut Vec<runstore::StoreError>, outcome: Result<T>) -> Option<T> {
    outcome.map_err(|error| errors.push(error)).ok()
}
