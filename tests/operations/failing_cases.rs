//! Failing cases, against the reference's own query.

use proptest::prelude::*;
use runstore::Store;
use runstore::db::OwnedValue;
use runstore::store::{FailingCases, JsonCheck};

use super::support::{Place, rows};
use super::{case, ids, score, store_with_run};

/// One line for each failing score: case, scorer, score.
type Line = (String, String, f64);

fn failing(store: &Store, threshold: f64) -> (Vec<Line>, Vec<usize>) {
    let (mut lines, mut chunks) = (Vec::new(), Vec::new());
    let collect = |chunk: &mut FailingCases| {
        let ids = ids(&chunk.cases);
        chunks.push(ids.len());
        assert_eq!(chunk.scores.counts.len(), ids.len());
        let mut names = chunk.scores.texts.iter().step_by(2);
        let mut numbers = chunk.scores.numbers.values.iter();
        for (id, count) in ids.iter().zip(&chunk.scores.counts) {
            assert!(*count > 0, "{id} has no failing score");
            for _ in 0..*count {
                let name = String::from_utf8_lossy(names.next().unwrap().1).into_owned();
                lines.push((id.clone(), name, *numbers.next().unwrap()));
            }
        }
        assert!(names.next().is_none() && numbers.next().is_none());
        Ok(())
    };
    store.read_failing_cases("run", JsonCheck::Skip, threshold, collect).unwrap();
    (lines, chunks)
}

/// The query of `@deepagents/evals`, with the order of ties that it has in practice spelled out.
fn expected(place: &Place, threshold: f64) -> Vec<Line> {
    let db = place.sqlite();
    let mut statement = db
        .prepare(
            "SELECT c.id, s.scorer_name, s.score FROM cases c JOIN scores s ON s.case_id = c.id
             WHERE c.run_id = 'run' AND s.score < ? ORDER BY c.idx, c.rowid, s.rowid",
        )
        .unwrap();
    let lines = statement
        .query_map([threshold], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)))
        .unwrap();
    lines.map(Result::unwrap).collect()
}

fn value() -> impl Strategy<Value = f64> {
    prop_oneof![
        4 => prop::sample::select(vec![0.0, 0.25, 0.5, 0.75, 1.0]),
        1 => -2.0..2.0,
        1 => prop::sample::select(vec![f64::INFINITY, f64::NEG_INFINITY, -0.0]),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn are_those_of_the_references_query(
        cases in prop::collection::vec((0..3_i32, prop::collection::vec((0..3_usize, value()), 0..4)), 0..20),
        threshold in value(),
    ) {
        let (store, place) = store_with_run();
        let names: Vec<_> = (0..cases.len()).map(|at| format!("c{at}")).collect();
        // Many cases of one idx, so that ties are the rule.
        store.save_cases(cases.iter().zip(&names).map(|((idx, _), id)| Ok(case(id, f64::from(*idx))))).unwrap();
        let scorers = ["zeta", "alpha", "__proto__"];
        store.save_scores(cases.iter().zip(&names).flat_map(|((_, scores), id)| {
            scores.iter().map(|(scorer, value)| score(id, scorers[*scorer], *value))
        })).unwrap();
        prop_assert_eq!(failing(&store, threshold).0, expected(&place, threshold));
    }
}

#[test]
fn a_score_at_the_threshold_is_not_among_them() {
    let (store, _place) = store_with_run();
    store.save_cases([Ok(case("a", 0.0)), Ok(case("b", 1.0)), Ok(case("c", 2.0))]).unwrap();
    store
        .save_scores([score("a", "s", 0.5), score("b", "s", 0.499), score("b", "t", 1.0)])
        .unwrap();
    assert_eq!(failing(&store, 0.5).0, [("b".to_owned(), "s".to_owned(), 0.499)]);
    assert_eq!(failing(&store, f64::INFINITY).0.len(), 3, "every score, and no case without one");
}

#[test]
fn scores_come_in_the_order_in_which_they_were_saved() {
    let (store, _place) = store_with_run();
    store.save_cases([Ok(case("a", 0.0))]).unwrap();
    store.save_scores([score("a", "z", 0.3), score("a", "b", 0.1), score("a", "z", 0.2)]).unwrap();
    let values: Vec<_> =
        failing(&store, 1.0).0.into_iter().map(|(_, name, value)| (name, value)).collect();
    assert_eq!(values, [("z".to_owned(), 0.3), ("b".to_owned(), 0.1), ("z".to_owned(), 0.2)]);
}

#[test]
fn chunks_hold_whole_cases() {
    let (store, place) = store_with_run();
    let names: Vec<_> = (0..1025).map(|at| format!("c{at:04}")).collect();
    store.save_cases(names.iter().enumerate().map(|(at, id)| Ok(case(id, at as f64)))).unwrap();
    store
        .save_scores(names.iter().flat_map(|id| [score(id, "b", 0.0), score(id, "a", 0.1)]))
        .unwrap();
    let (lines, chunks) = failing(&store, 0.5);
    assert_eq!(chunks, [512, 512, 1]);
    assert_eq!(lines, expected(&place, 0.5));
}

#[test]
fn metadata_and_answers_are_given_where_a_score_has_them() {
    let (store, place) = store_with_run();
    store.save_cases([Ok(case("a", 0.0))]).unwrap();
    let with = runstore::model::NewScore {
        metadata: Some("{}"),
        answer: Some("42"),
        ..score("a", "t", 0.0).unwrap()
    };
    store.save_scores([score("a", "s", 0.0), Ok(with)]).unwrap();
    store
        .read_failing_cases("run", JsonCheck::Skip, 0.5, |chunk| {
            let text = |text: &str| OwnedValue::Text(text.into());
            assert_eq!(
                chunk.scores.more,
                [OwnedValue::Null, OwnedValue::Null, text("{}"), text("42")]
            );
            Ok(())
        })
        .unwrap();
    place.sqlite().execute_batch("UPDATE scores SET metadata = NULL, answer = NULL").unwrap();
    store
        .read_failing_cases("run", JsonCheck::Skip, 0.5, |chunk| {
            assert_eq!(chunk.scores.more, []);
            Ok(())
        })
        .unwrap();
}

#[test]
fn a_run_without_any_has_no_chunk() {
    let (store, place) = store_with_run();
    store.save_cases([Ok(case("a", 0.0))]).unwrap();
    assert_eq!(failing(&store, f64::INFINITY).1, [0; 0]);
    assert_eq!(rows(&place.sqlite(), "SELECT count(*) FROM scores"), ["0"]);
}
