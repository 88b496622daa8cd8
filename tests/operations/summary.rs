//! The summary of a run, against the reference's own three queries.

use proptest::prelude::*;
use runstore::model::{NewCase, RunSummary};

use super::support::Place;
use super::{case, score, store_with_run};

/// What `@deepagents/evals` computes.
fn expected(place: &Place, threshold: f64) -> RunSummary {
    let db = place.sqlite();
    let totals = "SELECT COUNT(DISTINCT c.id), COALESCE(SUM(c.latency_ms), 0), COALESCE(SUM(c.tokens_in), 0),
                    COALESCE(SUM(c.tokens_out), 0) FROM cases c WHERE c.run_id = 'run'";
    let means = "SELECT s.scorer_name, AVG(s.score) FROM scores s JOIN cases c ON c.id = s.case_id
                 WHERE c.run_id = 'run' GROUP BY s.scorer_name ORDER BY s.scorer_name";
    let lowest = "SELECT MIN(s.score) FROM cases c JOIN scores s ON s.case_id = c.id
                  WHERE c.run_id = 'run' GROUP BY c.id";
    let mut summary = db
        .query_row(totals, [], |row| {
            Ok(RunSummary {
                total_cases: row.get::<_, i64>(0)?.unsigned_abs(),
                total_latency_ms: row.get::<_, f64>(1)?,
                total_tokens_in: row.get(2)?,
                total_tokens_out: row.get(3)?,
                ..RunSummary::default()
            })
        })
        .unwrap();
    let mut statement = db.prepare(means).unwrap();
    let rows = statement.query_map([], |row| Ok((row.get(0)?, row.get(1)?))).unwrap();
    summary.mean_scores = rows.map(Result::unwrap).collect();
    let mut statement = db.prepare(lowest).unwrap();
    let rows = statement.query_map([], |row| row.get::<_, f64>(0)).unwrap();
    let (passed, failed): (Vec<f64>, Vec<f64>) =
        rows.map(Result::unwrap).partition(|lowest| *lowest >= threshold);
    (summary.pass_count, summary.fail_count) = (passed.len() as u64, failed.len() as u64);
    summary
}

/// Both sums are compensated, but not added up in the same order.
fn is_close(one: f64, other: f64) -> bool {
    one == other || (one - other).abs() <= 1e-14 * one.abs().max(other.abs()).max(1.0)
}

fn assert_alike(one: &RunSummary, other: &RunSummary) {
    let counts =
        |summary: &RunSummary| (summary.total_cases, summary.pass_count, summary.fail_count);
    assert_eq!(counts(one), counts(other));
    let names = |summary: &RunSummary| {
        summary.mean_scores.iter().map(|(name, _)| name.clone()).collect::<Vec<_>>()
    };
    assert_eq!(names(one), names(other));
    for ((name, a), (_, b)) in one.mean_scores.iter().zip(&other.mean_scores) {
        assert!(a.zip(*b).map_or(a == b, |(a, b)| is_close(a, b)), "{name}: {a:?} and {b:?}");
    }
    for (a, b) in [
        (one.total_latency_ms, other.total_latency_ms),
        (one.total_tokens_in, other.total_tokens_in),
        (one.total_tokens_out, other.total_tokens_out),
    ] {
        assert!(is_close(a, b), "{a} and {b}");
    }
}

fn value() -> impl Strategy<Value = f64> {
    prop_oneof![
        4 => prop::sample::select(vec![0.0, 0.1, 0.2, 0.5, 0.7, 1.0]),
        2 => -1e6..1e6,
        1 => Just(f64::INFINITY),
    ]
}

fn measure() -> impl Strategy<Value = Option<f64>> {
    prop::option::of(prop_oneof![(0..100_000_i32).prop_map(f64::from), 0.0..1e9])
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn equals_the_result_of_the_references_queries(
        cases in prop::collection::vec(
            ([measure(), measure(), measure()], prop::collection::vec((0..4_usize, value()), 0..5)), 0..30),
        threshold in value(),
    ) {
        let (store, place) = store_with_run();
        let names: Vec<_> = (0..cases.len()).map(|at| format!("c{at}")).collect();
        store.save_cases(cases.iter().zip(&names).enumerate().map(|(at, ((measures, _), id))| {
            let [latency_ms, tokens_in, tokens_out] = *measures;
            Ok(NewCase { latency_ms, tokens_in, tokens_out, ..case(id, at as f64) })
        })).unwrap();
        // Names whose order by bytes is not that of their characters.
        let scorers = ["exact", "Zeta", "élan", "10"];
        store.save_scores(cases.iter().zip(&names).flat_map(|((_, scores), id)| {
            scores.iter().map(|(scorer, value)| score(id, scorers[*scorer], *value))
        })).unwrap();
        assert_alike(&store.get_run_summary("run", threshold).unwrap(), &expected(&place, threshold));
    }
}

#[test]
fn counts_cases_without_scores_in_neither() {
    let (store, _place) = store_with_run();
    store.save_cases(["a", "b", "c"].map(|id| Ok(case(id, 0.0)))).unwrap();
    store
        .save_scores([
            score("a", "s", 1.0),
            score("a", "t", 0.5),
            score("b", "s", 0.9),
            score("b", "t", 0.4),
        ])
        .unwrap();
    let summary = store.get_run_summary("run", 0.5).unwrap();
    assert_eq!((summary.total_cases, summary.pass_count, summary.fail_count), (3, 1, 1));
    assert_eq!(summary.mean_scores, [("s".to_owned(), Some(0.95)), ("t".to_owned(), Some(0.45))]);
}

#[test]
fn of_an_unknown_run_is_empty() {
    let (store, _place) = store_with_run();
    assert_eq!(store.get_run_summary("none", 0.5).unwrap(), RunSummary::default());
    assert_eq!(store.get_run_summary("run", 0.5).unwrap(), RunSummary::default());
}

#[test]
fn means_do_not_suffer_from_many_small_addends() {
    let (store, _place) = store_with_run();
    let names: Vec<_> = (0..1000).map(|at| format!("c{at}")).collect();
    store
        .save_cases(names.iter().map(|id| Ok(NewCase { latency_ms: Some(0.1), ..case(id, 0.0) })))
        .unwrap();
    store.save_scores(names.iter().map(|id| score(id, "s", 0.1))).unwrap();
    let summary = store.get_run_summary("run", 0.5).unwrap();
    // A plain sum of a thousand times 0.1 is 99.9999999999986.
    assert_eq!(summary.mean_scores, [("s".to_owned(), Some(0.1))]);
    assert_eq!(summary.total_latency_ms, 100.0);
}

#[test]
fn infinities_of_both_signs_have_no_mean() {
    let (store, _place) = store_with_run();
    store.save_cases([Ok(case("a", 0.0)), Ok(case("b", 0.0))]).unwrap();
    let (up, down) = (f64::INFINITY, f64::NEG_INFINITY);
    store
        .save_scores([
            score("a", "both", up),
            score("b", "both", down),
            score("a", "up", up),
            score("b", "up", 1.0),
        ])
        .unwrap();
    let summary = store.get_run_summary("run", 0.5).unwrap();
    assert_eq!(summary.mean_scores, [("both".to_owned(), None), ("up".to_owned(), Some(up))]);
    assert_eq!((summary.pass_count, summary.fail_count), (1, 1));
}

#[test]
fn totals_beyond_the_integers_are_numbers() {
    let (store, place) = store_with_run();
    store.save_cases([Ok(case("a", 0.0)), Ok(case("b", 0.0))]).unwrap();
    place
        .sqlite()
        .execute_batch(
            "UPDATE cases SET latency_ms = 9223372036854775807, tokens_in = 9007199254740993",
        )
        .unwrap();
    let summary = store.get_run_summary("run", 0.5).unwrap();
    assert_eq!(summary.total_latency_ms, 18_446_744_073_709_551_616.0);
    assert!(is_close(summary.total_tokens_in, 18_014_398_509_481_986.0));
}

#[test]
fn the_same_scorer_twice_on_a_case_counts_twice() {
    let (store, _place) = store_with_run();
    store.save_cases([Ok(case("a", 0.0))]).unwrap();
    store.save_scores([score("a", "s", 1.0), score("a", "s", 0.0)]).unwrap();
    let summary = store.get_run_summary("run", 0.5).unwrap();
    assert_eq!(summary.mean_scores, [("s".to_owned(), Some(0.5))]);
    assert_eq!((summary.pass_count, summary.fail_count), (0, 1));
}
