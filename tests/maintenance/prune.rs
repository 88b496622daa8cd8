//! Which runs are pruned, and which never.

use runstore::Code;
use runstore::maintenance::{PruneOptions, prune};
use runstore::store::refuse;

use super::*;

const DAY: i64 = 24 * 60 * 60 * 1000;

/// Runs `r0` to `r9`, each a day younger than the one before; `r9` is of today.
fn ten_days() -> (Store, Place) {
    let (store, place) = store_with_runs(10, 200);
    for run in 0..10 {
        let sql = "UPDATE runs SET started_at = started_at - ? WHERE id = ?";
        place.sqlite().execute(sql, rusqlite::params![(9 - run) * DAY, format!("r{run}")]).unwrap();
    }
    (store, place)
}

fn pruned(store: &Store, options: &PruneOptions<'_>) -> Vec<String> {
    prune(store, options, &mut |_, _| {}).unwrap().runs.into_iter().map(|run| run.id).collect()
}

fn left(place: &Place) -> Vec<String> {
    rows(&place.sqlite(), "SELECT id FROM runs ORDER BY id")
}

const NOTHING: PruneOptions<'static> = PruneOptions {
    keep: None,
    older_than_ms: None,
    max_bytes: None,
    suite_id: None,
    dry_run: false,
};

#[test]
fn keep_leaves_the_newest_of_each_suite() {
    let (store, place) = ten_days();
    add_suite(&place, "t", "other");
    for run in ["t0", "t1"] {
        add_run(&store, "t", run, 1);
        store.finish_run(run, RunStatus::Failed, None).unwrap();
    }
    let options = PruneOptions { keep: Some(8), ..NOTHING };
    assert_eq!(pruned(&store, &PruneOptions { dry_run: true, ..options }), ["r0", "r1"]);
    assert_eq!(left(&place).len(), 12);
    assert_eq!(pruned(&store, &options), ["r0", "r1"]);
    assert_eq!(left(&place).len(), 10);
    assert_eq!(
        pruned(&store, &PruneOptions { keep: Some(1), suite_id: Some("t"), ..NOTHING }),
        ["t0"]
    );
    let db = place.sqlite();
    assert_eq!(count(&db, "cases"), 8 * 200 + 1);
    assert_eq!(damage(&db), [""; 0]);
}

#[test]
fn older_than_goes_by_the_start_and_keep_protects_the_newest_all_the_same() {
    let (store, place) = ten_days();
    let old = PruneOptions { older_than_ms: Some(6 * DAY + DAY / 2), ..NOTHING };
    assert_eq!(pruned(&store, &PruneOptions { dry_run: true, ..old }), ["r0", "r1", "r2"]);
    assert_eq!(pruned(&store, &PruneOptions { keep: Some(8), ..old }), ["r0", "r1"]);
    assert_eq!(left(&place).len(), 8);
}

#[test]
fn runs_that_are_running_stay() {
    let (store, place) = ten_days();
    place
        .sqlite()
        .execute_batch("UPDATE runs SET status = 'running', finished_at = NULL WHERE id < 'r3'")
        .unwrap();
    assert_eq!(pruned(&store, &PruneOptions { keep: Some(5), ..NOTHING }), ["r3", "r4"]);
    assert_eq!(left(&place).len(), 8);
}

#[test]
fn baselines_stay_and_are_counted() {
    let (store, place) = ten_days();
    store.set_baseline("s", "r1", "main").unwrap();
    store.set_baseline("s", "r9", "newest").unwrap();
    let report = prune(&store, &PruneOptions { keep: Some(7), ..NOTHING }, &mut |_, _| {}).unwrap();
    assert_eq!(report.runs.iter().map(|run| run.id.as_str()).collect::<Vec<_>>(), ["r0", "r2"]);
    assert_eq!(report.baselines, 1);
    assert_eq!(pruned(&store, &PruneOptions { max_bytes: Some(0), ..NOTHING }).len(), 6);
    assert_eq!(left(&place), ["\"r1\"", "\"r9\""]);
}

#[test]
fn max_bytes_deletes_the_oldest_runs_until_the_file_fits_and_returns_their_space() {
    let (store, place) = ten_days();
    store.close().unwrap();
    let store = open(&place.path).unwrap();
    let whole = std::fs::metadata(&place.path).unwrap().len();
    let options = PruneOptions { max_bytes: Some(whole / 2), ..NOTHING };
    let rehearsed =
        prune(&store, &PruneOptions { dry_run: true, ..options }, &mut |_, _| {}).unwrap();
    assert_eq!(left(&place).len(), 10);
    assert!(rehearsed.bytes_after.unwrap() <= whole / 2);
    let report = prune(&store, &options, &mut |_, _| {}).unwrap();
    assert_eq!(report.runs, rehearsed.runs);
    assert!((3..=7).contains(&report.runs.len()), "{report:?}");
    assert!(report.runs.is_sorted_by_key(|run| run.started_at));
    let now = std::fs::metadata(&place.path).unwrap().len();
    assert!(now <= whole / 2, "{now} of {whole}");
    assert_eq!((report.bytes_before, report.bytes_after), (whole, Some(now)));
    // One run less would not have been enough.
    assert_eq!(left(&place).len(), 10 - report.runs.len());
}

#[test]
fn max_bytes_that_cannot_be_reached_leaves_what_is_protected() {
    let (store, place) = ten_days();
    let report = prune(
        &store,
        &PruneOptions { max_bytes: Some(0), keep: Some(2), ..NOTHING },
        &mut |_, _| {},
    )
    .unwrap();
    assert_eq!(report.runs.len(), 8);
    assert!(report.bytes_after.unwrap() > 0);
    assert_eq!(left(&place), ["\"r8\"", "\"r9\""]);
}

#[test]
fn to_ask_for_nothing_is_an_error_and_deletes_nothing() {
    let (store, place) = ten_days();
    assert_eq!(prune(&store, &NOTHING, &mut |_, _| {}).unwrap_err().code, Code::InvalidArgument);
    assert_eq!(left(&place).len(), 10);
}

#[test]
fn texts_of_trajectories_go_with_the_last_run_that_has_them() {
    let (store, place) = ten_days();
    let runs: Vec<_> =
        store.list_runs(None, &refuse).unwrap().into_iter().map(|run| run.id).collect();
    runs.iter().for_each(|run| add_trajectories(&store, run));
    assert_eq!(count(&place.sqlite(), "texts"), 1);
    prune(&store, &PruneOptions { keep: Some(1), ..PruneOptions::default() }, &mut |_, _| {})
        .unwrap();
    assert_eq!([count(&place.sqlite(), "texts"), count(&place.sqlite(), "trajectories")], [1, 2]);
    store
        .list_runs(None, &refuse)
        .unwrap()
        .iter()
        .for_each(|run| store.delete_run(&run.id).unwrap());
    assert_eq!([count(&place.sqlite(), "texts"), count(&place.sqlite(), "turns")], [0, 0]);
}
