//! The ids that we make.

use std::collections::HashSet;

use runstore::Store;
use runstore::model::{NewCase, NewRun, NewScore};
use runstore::store::{OnConflict, Part};

use super::store_with_run;
use super::support::rows;

/// Ids of suites, prompts and cases, in the order in which they were made, and those of runs.
fn made(store: &Store, each: usize) -> (Vec<String>, Vec<String>) {
    let (mut ids, mut runs) = (Vec::new(), Vec::new());
    for _ in 0..each {
        let suite = store.create_suite("n").unwrap().id;
        ids.push(suite.clone());
        let run = NewRun { suite_id: &suite, name: "n", model: "m", ..NewRun::default() };
        runs.push(store.create_run(&run).unwrap());
        ids.push(store.create_prompt("n", "c").unwrap().id);
        let case = NewCase { run_id: "run", input: "1", ..NewCase::default() };
        let results = (0..5).map(|_| Ok((case, Vec::new())));
        ids.extend(store.save_results(Part::WHOLE, OnConflict::Error, results).unwrap());
    }
    (ids, runs)
}

/// Asserts that an id is written as RFC 9562 has it: five groups of hexadecimal digits, the third beginning with the
/// version, the fourth with the variant. Returns the first 48 bits.
fn assert_is_uuid(id: &str, version: char) -> u128 {
    let groups: Vec<&str> = id.split('-').collect();
    assert_eq!(
        groups.iter().map(|group| group.len()).collect::<Vec<_>>(),
        [8, 4, 4, 4, 12],
        "{id}"
    );
    assert!(id.chars().all(|letter| matches!(letter, '0'..='9' | 'a'..='f' | '-')), "{id}");
    assert!(groups[2].starts_with(version) && groups[3].starts_with(['8', '9', 'a', 'b']), "{id}");
    u128::from_str_radix(&format!("{}{}", groups[0], groups[1]), 16).unwrap()
}

#[test]
fn are_uuids_of_version_7_with_the_time_they_were_made() {
    let (store, place) = store_with_run();
    let now = || {
        let since = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH);
        since.unwrap().as_millis()
    };
    let before = now();
    let (mut ids, _) = made(&store, 3);
    store.save_cases([Ok(NewCase { run_id: "run", input: "1", ..NewCase::default() })]).unwrap();
    let case = ids[2].clone();
    let score = NewScore { case_id: &case, scorer_name: "s", ..NewScore::default() };
    store.save_scores([Ok(score)]).unwrap();
    let in_file = rows(&place.sqlite(), "SELECT id FROM cases UNION SELECT id FROM scores");
    ids.extend(in_file.iter().map(|id| id.trim_matches('"').to_owned()));
    for id in ids {
        let time = assert_is_uuid(&id, '7');
        assert!((before..=now()).contains(&time), "{id} was not made now");
    }
}

#[test]
fn are_different_and_sort_by_the_time_they_were_made() {
    let (store, _place) = store_with_run();
    let (ids, _) = made(&store, 200);
    assert_eq!(ids.iter().collect::<HashSet<_>>().len(), 1400);
    assert!(ids.is_sorted());
}

#[test]
fn of_runs_are_uuids_of_version_4_which_differ_in_their_first_characters() {
    let (store, _place) = store_with_run();
    let (_, runs) = made(&store, 50);
    runs.iter().for_each(|id| _ = assert_is_uuid(id, '4'));
    assert_eq!(runs.iter().map(|id| &id[..8]).collect::<HashSet<_>>().len(), 50);
}

#[test]
fn are_different_between_threads() {
    let threads: Vec<_> =
        (0..4).map(|_| std::thread::spawn(|| made(&store_with_run().0, 50).0)).collect();
    let ids: Vec<_> = threads.into_iter().flat_map(|thread| thread.join().unwrap()).collect();
    assert_eq!(ids.iter().collect::<HashSet<_>>().len(), 1400);
}

#[test]
fn of_callers_are_kept() {
    let (store, place) = store_with_run();
    let own = [
        "",
        "1",
        "c0ffee00-0000-4000-8000-000000000000",
        "an id with spaces",
        "日本",
        "nul\0inside",
    ];
    let results = own.map(|id| {
        let score = NewScore { id: Some(id), scorer_name: "s", ..NewScore::default() };
        Ok((NewCase { id: Some(id), run_id: "run", input: "1", ..NewCase::default() }, vec![score]))
    });
    assert_eq!(store.save_results(Part::WHOLE, OnConflict::Error, results).unwrap(), own);
    let kept = rows(
        &place.sqlite(),
        "SELECT cases.id FROM cases JOIN scores ON scores.id = cases.id AND case_id = cases.id ORDER BY cases.rowid",
    );
    assert_eq!(kept, own.map(|id| format!("{id:?}")));
}

#[test]
fn of_existing_rows_are_refused() {
    let (store, _place) = store_with_run();
    let suite = store.create_suite("n").unwrap().id;
    let run =
        NewRun { id: Some("run"), suite_id: &suite, name: "n", model: "m", ..NewRun::default() };
    let error = store.create_run(&run).unwrap_err();
    assert_eq!(error.code, runstore::Code::Constraint);
    assert!(error.message().contains("\"run\""), "{error}");
}
