//! Verdicts: kept as they were given, listed newest first, gone with the candidate.

use runstore::compare::{GateOptions, gate};
use runstore::model::{Decision, NewVerdict, VerdictFilter, VerdictScorer};
use runstore::{Code, Store};

use super::*;

fn scorer(scorer_name: &str) -> VerdictScorer {
    VerdictScorer {
        scorer_name: scorer_name.to_owned(),
        decision: Decision::Reject,
        delta: Some(-0.1),
        low: Some(-0.30000000000000004),
        high: Some(0.1),
        p_value: Some(1e-300),
        method: Some("mcnemar_mid_p/tango".to_owned()),
        margin: 0.02,
        n: 250,
    }
}

fn verdict(baseline: &str, candidate: &str, decision: Decision) -> NewVerdict {
    NewVerdict {
        baseline_run_id: baseline.to_owned(),
        candidate_run_id: candidate.to_owned(),
        decision,
        alpha: 0.05,
        scorers: vec![scorer("exact")],
    }
}

/// A store in memory with a suite of the runs `a`, `b` and `c`.
fn store() -> (Store, String) {
    let store = open(":memory:").unwrap();
    let suite_id = store.create_suite("suite").unwrap().id;
    for id in ["a", "b", "c"] {
        let new =
            NewRun { id: Some(id), suite_id: &suite_id, name: id, model: "m", ..NewRun::default() };
        store.create_run(&new).unwrap();
    }
    (store, suite_id)
}

fn ids_of(store: &Store, filter: &VerdictFilter<'_>) -> Vec<String> {
    store.list_verdicts(filter).unwrap().into_iter().map(|verdict| verdict.id).collect()
}

#[test]
fn come_back_to_the_last_bit() {
    let (store, suite_id) = store();
    let unknown = VerdictScorer {
        delta: None,
        low: None,
        high: None,
        p_value: None,
        method: None,
        n: 0,
        ..scorer("日本 \"quoted\"")
    };
    let new = NewVerdict {
        scorers: vec![scorer("exact"), unknown],
        ..verdict("a", "b", Decision::Inconclusive)
    };
    let id = store.record_verdict(&new).unwrap();
    let listed = store.list_verdicts(&VerdictFilter::default()).unwrap();
    let [kept] = listed.as_slice() else { panic!("{listed:?}") };
    assert_eq!((&kept.id, &kept.suite_id), (&id, &suite_id));
    assert_eq!((kept.baseline_run_id.as_str(), kept.candidate_run_id.as_str()), ("a", "b"));
    assert_eq!((kept.decision, kept.alpha), (Decision::Inconclusive, 0.05));
    assert_eq!(kept.scorers, new.scorers);
}

#[test]
fn are_made_of_the_report_of_a_gate() {
    let (store, _) = store();
    for (run_id, id) in [("a", "a-0"), ("b", "b-0"), ("a", "a-1"), ("b", "b-1")] {
        let input = if id.ends_with('0') { "0" } else { "1" };
        let output = Some("same");
        let case = NewCase { id: Some(id), run_id, input, output, ..NewCase::default() };
        store.save_cases([Ok(case)]).unwrap();
        store.save_scores([score(id, "exact", 1.0)]).unwrap();
    }
    let options = GateOptions { unfinished: true, ..GateOptions::default() };
    let report = gate(&store, &["a"], &["b"], &options).unwrap();
    let made = NewVerdict::from(&report);
    assert_eq!((made.baseline_run_id.as_str(), made.candidate_run_id.as_str()), ("a", "b"));
    assert_eq!((made.decision, made.alpha), (Decision::Allow, 0.05));
    let [scorer] = made.scorers.as_slice() else { panic!("{made:?}") };
    assert_eq!((scorer.scorer_name.as_str(), scorer.decision), ("exact", Decision::Allow));
    assert_eq!((scorer.delta, scorer.margin, scorer.n), (Some(0.0), 0.02, 2));
    assert_eq!(
        (scorer.p_value, scorer.method.as_deref()),
        (Some(1.0), Some("mcnemar_mid_p/tango"))
    );
    let interval = report.scorers[0].interval.unwrap();
    assert_eq!((scorer.low, scorer.high), (Some(interval.low), Some(interval.high)));
    store.record_verdict(&made).unwrap();
}

#[test]
fn are_listed_newest_first_by_suite_and_candidate() {
    let (store, suite_id) = store();
    let made: Vec<_> = [("a", "b"), ("a", "c"), ("b", "c")]
        .map(|(baseline, candidate)| {
            store.record_verdict(&verdict(baseline, candidate, Decision::Allow)).unwrap()
        })
        .into_iter()
        .rev()
        .collect();
    assert_eq!(ids_of(&store, &VerdictFilter::default()), made);
    let of_suite =
        |suite_id| VerdictFilter { suite_id: Some(suite_id), ..VerdictFilter::default() };
    assert_eq!(ids_of(&store, &of_suite(&suite_id)), made);
    assert_eq!(ids_of(&store, &of_suite("other")), [""; 0]);
    let of_run = VerdictFilter { run_id: Some("c"), ..of_suite(&suite_id) };
    assert_eq!(ids_of(&store, &of_run), made[..2]);
    assert_eq!(ids_of(&store, &VerdictFilter { limit: Some(1), ..of_run }), made[..1]);
}

#[test]
fn stay_without_the_baseline_and_go_with_the_candidate() {
    let (store, _) = store();
    store.record_verdict(&verdict("a", "b", Decision::Allow)).unwrap();
    store.delete_run("a").unwrap();
    assert_eq!(ids_of(&store, &VerdictFilter::default()).len(), 1);
    store.delete_run("b").unwrap();
    assert_eq!(ids_of(&store, &VerdictFilter::default()), [""; 0]);
}

#[test]
fn are_refused_when_they_say_nothing() {
    let (store, _) = store();
    let error = store.record_verdict(&verdict("a", "none", Decision::Allow)).unwrap_err();
    assert_eq!(error.code, Code::Constraint);
    assert_eq!(error.message(), "recordVerdict: there is no run with id \"none\" (in :memory:)");
    for alpha in [0.0, 1.0, -0.05, f64::NAN] {
        let new = NewVerdict { alpha, ..verdict("a", "b", Decision::Allow) };
        assert_eq!(store.record_verdict(&new).unwrap_err().code, Code::InvalidArgument, "{alpha}");
    }
    let endless = VerdictScorer { margin: f64::INFINITY, ..scorer("exact") };
    let new = NewVerdict { scorers: vec![endless], ..verdict("a", "b", Decision::Allow) };
    assert_eq!(store.record_verdict(&new).unwrap_err().code, Code::InvalidArgument);
    assert_eq!(ids_of(&store, &VerdictFilter::default()), [""; 0]);
}

#[test]
fn that_were_damaged_are_named() {
    let place = Place::new();
    let store = open(&place.path).unwrap();
    let suite_id = store.create_suite("suite").unwrap().id;
    let new =
        NewRun { id: Some("b"), suite_id: &suite_id, name: "b", model: "m", ..NewRun::default() };
    store.create_run(&new).unwrap();
    let id = store.record_verdict(&verdict("a", "b", Decision::Allow)).unwrap();
    place.sqlite().execute_batch("UPDATE verdicts SET scorers = '[{]'").unwrap();
    let error = store.list_verdicts(&VerdictFilter::default()).unwrap_err();
    assert_eq!(error.code, Code::Corrupt);
    assert!(error.message().contains(&id), "{error}");
}

#[test]
fn of_a_suite_are_found_by_an_index() {
    let place = Place::new();
    open(&place.path).unwrap();
    let db = place.sqlite();
    for condition in ["suite_id = 's'", "candidate_run_id = 'r'"] {
        let query = format!(
            "EXPLAIN QUERY PLAN SELECT * FROM verdicts WHERE {condition}
             ORDER BY created_at DESC, rowid DESC LIMIT 9"
        );
        let plan = support::rows(&db, &query).concat();
        assert!(
            plan.contains("USING INDEX idx_verdicts") && !plan.contains("TEMP B-TREE"),
            "{plan}"
        );
    }
}
