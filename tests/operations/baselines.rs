//! Baselines: one run a name, gone with its run.

use runstore::store::refuse;
use runstore::{Code, Store};

use super::*;

fn new_run(store: &Store, suite_id: &str, id: &str) {
    let new = NewRun { id: Some(id), suite_id, name: id, model: "m", ..NewRun::default() };
    store.create_run(&new).unwrap();
}

/// A store in memory with two suites, one with the runs `a` and `b`, the other with `c`.
fn store() -> (Store, [String; 2]) {
    let store = open(":memory:").unwrap();
    let suites = ["one", "other"].map(|name| store.create_suite(name).unwrap().id);
    for (suite, run) in [(0, "a"), (0, "b"), (1, "c")] {
        new_run(&store, &suites[suite], run);
    }
    (store, suites)
}

fn listed(store: &Store, suite_id: &str) -> Vec<(String, String)> {
    let baselines = store.list_baselines(suite_id).unwrap();
    baselines.into_iter().map(|one| (one.name, one.run_id)).collect()
}

fn owned(pairs: &[(&str, &str)]) -> Vec<(String, String)> {
    pairs.iter().map(|(name, run)| ((*name).to_owned(), (*run).to_owned())).collect()
}

#[test]
fn replace_the_one_with_the_same_name() {
    let (store, [suite, other]) = store();
    store.set_baseline(&suite, "a", "main").unwrap();
    store.set_baseline(&suite, "a", "release").unwrap();
    store.set_baseline(&suite, "b", "main").unwrap();
    store.set_baseline(&other, "c", "main").unwrap();
    assert_eq!(listed(&store, &suite), owned(&[("main", "b"), ("release", "a")]));
    assert_eq!(listed(&store, &other), owned(&[("main", "c")]));
    let baseline = store.get_baseline(&suite, "main").unwrap().unwrap();
    assert_eq!((baseline.run.name.as_str(), baseline.suite_id.as_str()), ("b", suite.as_str()));
    assert!((0..60_000).contains(&baseline.age_ms), "{}", baseline.age_ms);
    assert!(store.get_baseline(&suite, "Main").unwrap().is_none());
}

#[test]
fn tell_their_age() {
    let place = Place::new();
    let store = open(&place.path).unwrap();
    let suite = store.create_suite("s").unwrap().id;
    new_run(&store, &suite, "a");
    store.set_baseline(&suite, "a", "old").unwrap();
    store.set_baseline(&suite, "a", "of tomorrow").unwrap();
    let day = 24 * 3_600_000;
    let change = format!(
        "UPDATE baselines SET set_at = set_at - {day} WHERE name = 'old';
         UPDATE baselines SET set_at = set_at + {day} WHERE name = 'of tomorrow'"
    );
    place.sqlite().execute_batch(&change).unwrap();
    let age = |name| store.get_baseline(&suite, name).unwrap().unwrap().age_ms;
    assert!((day..day + 60_000).contains(&age("old")));
    assert_eq!(age("of tomorrow"), 0);
}

#[test]
fn are_refused_for_unknown_runs_and_suites() {
    let (store, [suite, other]) = store();
    for (suite, run, name, code, says) in [
        ("none", "a", "main", Code::Constraint, "there is no suite with id \"none\"".to_owned()),
        (&suite, "none", "main", Code::Constraint, "there is no run with id \"none\"".to_owned()),
        (
            &suite,
            "c",
            "main",
            Code::Constraint,
            format!("run \"c\" belongs to suite \"{other}\", not to \"{suite}\""),
        ),
        (&suite, "a", "", Code::InvalidArgument, "name must not be empty".to_owned()),
    ] {
        let error = store.set_baseline(suite, run, name).unwrap_err();
        assert_eq!(
            (error.code, error.message()),
            (code, format!("setBaseline: {says} (in :memory:)"))
        );
    }
    assert_eq!(listed(&store, &suite), []);
}

#[test]
fn go_with_their_run_and_their_suite() {
    let (store, [suite, other]) = store();
    for (suite, run) in [(&suite, "a"), (&other, "c")] {
        store.set_baseline(suite, run, "main").unwrap();
    }
    store.reset_run("a").unwrap();
    assert_eq!(listed(&store, &suite).len(), 1);
    store.delete_run("a").unwrap();
    store.delete_suite(&other).unwrap();
    assert_eq!(listed(&store, &suite), vec![]);
    let unknown = store.list_baselines(&other).unwrap_err();
    assert_eq!(unknown.code, runstore::Code::NotFound);
}

#[test]
fn are_removed_without_their_run() {
    let (store, [suite, other]) = store();
    store.set_baseline(&suite, "a", "main").unwrap();
    assert!(!store.remove_baseline(&other, "main").unwrap());
    assert!(store.remove_baseline(&suite, "main").unwrap());
    assert!(!store.remove_baseline(&suite, "main").unwrap());
    assert!(store.get_run("a", &refuse).unwrap().is_some());
}
