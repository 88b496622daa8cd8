//! Operations that read several runs see one snapshot of them, while others write.

#![allow(missing_docs)]
#![allow(clippy::unwrap_used, clippy::panic)] // a failing test is meant to panic

mod support;

use std::cell::Cell;
use std::fmt::Debug;
use std::rc::Rc;

use runstore::compare::{
    ComparisonOptions, GateOptions, HistoryOptions, TrendOptions, compare, compare_runs, gate,
    history, trend,
};
use runstore::model::{NewCase, NewRun, NewScore, RunStatus};
use runstore::store::{OnConflict, Part};
use runstore::{Result, Store};
use support::Place;
use support::handle::Handle;

const RUNS: [&str; 4] = ["a", "b", "c", "d"];

/// A suite of four runs of six cases, which get better from run to run.
fn file() -> (Place, String) {
    let place = Place::new();
    let store = support::open(&place.path).unwrap();
    let suite = store.create_suite("suite").unwrap().id;
    for (at, run) in RUNS.iter().enumerate() {
        let new =
            NewRun { id: Some(run), suite_id: &suite, name: run, model: "m", ..NewRun::default() };
        store.create_run(&new).unwrap();
        let ids: Vec<_> = (0..6).map(|case| format!("{run}-{case}")).collect();
        let results = ids.iter().enumerate().map(|(case, id)| {
            let score = f64::from(u8::from(case <= at));
            let scores = vec![NewScore { scorer_name: "s", score, ..NewScore::default() }];
            let input = ["0", "1", "2", "3", "4", "5"][case];
            Ok((
                NewCase {
                    id: Some(id),
                    run_id: run,
                    idx: case as f64,
                    input,
                    ..NewCase::default()
                },
                scores,
            ))
        });
        store.save_results(Part::WHOLE, OnConflict::Error, results).unwrap();
        store.finish_run(run, RunStatus::Completed, None).unwrap();
    }
    store.close().unwrap();
    (place, suite)
}

/// Turns all scores around; doing it again makes them what they were.
const TURN_AROUND: &str = "UPDATE scores SET score = 1 - score";

/// Has another connection turn all scores around before each statement but the first, which sets the moment, one after
/// the other.
fn assert_undisturbed<T: Debug>(read: impl Fn(&Store, &str) -> Result<T>) {
    let (place, suite) = file();
    let expected = format!("{:?}", read(&support::open(&place.path).unwrap(), &suite).unwrap());
    for moment in 2.. {
        let (own, other) = (Rc::new(place.sqlite()), place.sqlite());
        let statements = Rc::new(Cell::new(None));
        let counts = statements.clone();
        let handle = Handle::heard_by(&own, move |sql| {
            if let Some(count) = counts.get().filter(|_| sql.starts_with("SELECT")) {
                counts.set(Some(count + 1));
                if count + 1 == moment {
                    other.execute_batch(TURN_AROUND).unwrap();
                }
            }
            Ok(())
        });
        let store = Store::on_handle(handle, &place.path).unwrap();
        statements.set(Some(0));
        assert_eq!(format!("{:?}", read(&store, &suite).unwrap()), expected, "{moment}");
        let count = statements.take().unwrap();
        if count < moment {
            assert!(moment > 2, "there was nothing to come between");
            return;
        }
        own.execute_batch(TURN_AROUND).unwrap();
    }
}

#[test]
fn a_history_is_of_one_moment() {
    assert_undisturbed(|store, suite| history(store, suite, &HistoryOptions::default()));
}

#[test]
fn a_trend_is_of_one_moment() {
    assert_undisturbed(|store, suite| {
        let options = TrendOptions { scorer: "s".to_owned(), ..TrendOptions::default() };
        trend(store, suite, &options)
    });
}

#[test]
fn a_comparison_is_of_one_moment() {
    assert_undisturbed(|store, _| compare(store, &["a"], &["c"], &ComparisonOptions::default()));
    assert_undisturbed(|store, _| gate(store, &["a"], &["c"], &GateOptions::default()));
    assert_undisturbed(|store, _| compare_runs(store, "a", "c", &Default::default()));
}
