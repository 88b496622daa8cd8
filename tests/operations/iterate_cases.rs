//! Reading cases from a position on.

use std::rc::Rc;

use proptest::prelude::*;
use runstore::Store;
use runstore::db::OwnedValue;
use runstore::model::{NewCase, NewRun};
use runstore::store::{JsonCheck, Position};

use super::support::handle::Handle;
use super::support::{Place, rows};
use super::{case, ids, store_with_run};

/// Reads a run in steps of `limit`.
fn in_steps(store: &Store, limit: usize) -> Vec<String> {
    let (mut read, mut position) = (Vec::new(), None::<Position>);
    loop {
        let chunk = store.cases_after("run", JsonCheck::Skip, position.as_ref(), limit).unwrap();
        assert!(chunk.rows() <= limit);
        if chunk.rows() == 0 {
            return read;
        }
        read.extend(ids(&chunk));
        position = chunk.last;
    }
}

fn in_order(place: &Place) -> Vec<String> {
    let ids =
        rows(&place.sqlite(), "SELECT id FROM cases WHERE run_id = 'run' ORDER BY idx, rowid");
    ids.iter().map(|id| id.trim_matches('"').to_owned()).collect()
}

fn idx() -> impl Strategy<Value = f64> {
    let odd = vec![0.5, -0.0, f64::INFINITY, f64::NEG_INFINITY, 9_007_199_254_740_994.0];
    prop_oneof![(0..4_i32).prop_map(f64::from), prop::sample::select(odd)]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    #[test]
    fn in_steps_of_any_size_gives_every_case_once_and_in_order(
        idx in prop::collection::vec(idx(), 0..40),
        limit in 1..10_usize,
    ) {
        let (store, place) = store_with_run();
        let names: Vec<_> = (0..idx.len()).map(|at| format!("c{at}")).collect();
        store.save_cases(idx.iter().zip(&names).map(|(idx, id)| Ok(case(id, *idx)))).unwrap();
        prop_assert_eq!(in_steps(&store, limit), in_order(&place));
    }
}

#[test]
fn an_idx_that_is_no_number_is_a_position_too() {
    let (store, place) = store_with_run();
    place
        .sqlite()
        .execute_batch(
            "INSERT INTO cases (id, run_id, idx, input) VALUES ('t1', 'run', 'b', '1'), ('t2', 'run', 'b', '1'),
               ('x', 'run', x'62', '1'), ('n', 'run', 9223372036854775807, '1'), ('t0', 'run', 'a', '1')",
        )
        .unwrap();
    assert_eq!(in_steps(&store, 1), ["n", "t0", "t1", "t2", "x"]);
    let after = Position { idx: OwnedValue::Text(b"b".to_vec()), rowid: 0 };
    assert_eq!(
        ids(&store.cases_after("run", JsonCheck::Skip, Some(&after), 10).unwrap()),
        ["t1", "t2", "x"]
    );
}

#[test]
fn a_step_ends_early_when_its_texts_are_large() {
    let (store, _place) = store_with_run();
    let long = "x".repeat(200_000);
    let cases =
        ["a", "b", "c", "d", "e"].map(|id| Ok(NewCase { output: Some(&long), ..case(id, 0.0) }));
    store.save_cases(cases).unwrap();
    assert_eq!(ids(&store.cases_after("run", JsonCheck::Skip, None, 100).unwrap()), ["a", "b"]);
    assert_eq!(in_steps(&store, 100), ["a", "b", "c", "d", "e"]);
}

#[test]
fn cases_that_are_saved_or_deleted_meanwhile_do_not_disturb_the_others() {
    let (store, _place) = store_with_run();
    store
        .save_cases(["a", "b", "d"].iter().enumerate().map(|(at, id)| Ok(case(id, at as f64))))
        .unwrap();
    let first = store.cases_after("run", JsonCheck::Skip, None, 2).unwrap();
    assert_eq!(ids(&first), ["a", "b"]);
    store.save_cases([Ok(case("c", 1.0)), Ok(case("too early", 0.5))]).unwrap();
    let rest = store.cases_after("run", JsonCheck::Skip, first.last.as_ref(), 10).unwrap();
    assert_eq!(ids(&rest), ["c", "d"]);
    store.reset_run("run").unwrap();
    assert_eq!(
        store.cases_after("run", JsonCheck::Skip, first.last.as_ref(), 10).unwrap().rows(),
        0
    );
}

#[test]
fn other_runs_are_not_touched() {
    let (store, _place) = store_with_run();
    let suite = store.create_suite("n").unwrap().id;
    store
        .create_run(&NewRun {
            id: Some("other"),
            suite_id: &suite,
            name: "n",
            model: "m",
            ..NewRun::default()
        })
        .unwrap();
    store
        .save_cases([
            Ok(case("a", 0.0)),
            Ok(NewCase { run_id: "other", ..case("b", 0.0) }),
            Ok(case("c", 0.0)),
        ])
        .unwrap();
    assert_eq!(in_steps(&store, 1), ["a", "c"]);
    assert_eq!(in_steps(&store, 10), ["a", "c"]);
}

/// Counted in instructions of SQLite's machine, so that a busy computer changes nothing.
#[test]
fn a_step_costs_the_same_wherever_it_begins_also_when_all_cases_have_one_idx() {
    const CASES: i64 = 20_000;
    let (store, place) = store_with_run();
    let names: Vec<_> = (0..CASES).map(|at| format!("case-{at:06}")).collect();
    for (label, idx) in [("one idx", 0.0), ("each its own", 1.0)] {
        store.reset_run("run").unwrap();
        let cases = names.iter().enumerate();
        store.save_cases(cases.map(|(at, id)| Ok(case(id, at as f64 * idx)))).unwrap();
        let handle = Handle::new(&Rc::new(place.sqlite()));
        let steps = handle.steps.clone();
        let lent = Store::on_handle(handle, "the file").unwrap();
        let cost = |at: i64| {
            let position = Position { idx: OwnedValue::Integer(at * idx as i64), rowid: at + 1 };
            let before = steps.get();
            let chunk = lent.cases_after("run", JsonCheck::Skip, Some(&position), 512).unwrap();
            assert_eq!(ids(&chunk), names[at as usize + 1..at as usize + 513], "{label}");
            steps.get() - before
        };
        let (first, last) = (cost(0), cost(CASES - 600));
        assert!(
            last <= first * 11 / 10,
            "{label}: {first} instructions at the start, {last} at the end"
        );
    }
}
