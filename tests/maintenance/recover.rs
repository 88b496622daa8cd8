//! Which runs are given up, and which never.

use runstore::db::OpenOptions;
use runstore::maintenance::{
    DoctorOptions, RecoverOptions, RecoverReport, StaleReason, recover_runs,
};
use runstore::maintenance::{doctor, merge, prune};

use super::*;

const HOUR: i64 = 60 * 60 * 1000;
/// No process has this number.
const NOBODY: i64 = 2_147_483_646;

/// Runs that are running: `mine` of this process, `gone` of one that has ended, `far` of another machine, and `old`,
/// which says nothing; the last two were silent for two hours.
fn runs_of_many() -> (Store, Place) {
    let (store, place) = store_with_runs(1, 2);
    for run in ["mine", "gone", "far", "old"] {
        add_run(&store, "s", run, 2);
    }
    let then = now() - 2 * HOUR;
    place
        .sqlite()
        .execute_batch(&format!(
            "UPDATE runs SET started_at = {then} - 1000 WHERE status = 'running';
             UPDATE runs SET owner_pid = {NOBODY}, heartbeat_at = {then} + 7 WHERE id = 'gone';
             UPDATE runs SET owner_host = 'far', owner_marks = '1 boot 2,3 machine', heartbeat_at = {then} WHERE id = 'far';
             UPDATE runs SET owner_pid = NULL, owner_host = NULL, owner_marks = NULL, heartbeat_at = NULL WHERE id = 'old';"
        ))
        .unwrap();
    (store, place)
}

fn now() -> i64 {
    let since = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).unwrap();
    i64::try_from(since.as_millis()).unwrap()
}

fn recovered(store: &Store, options: &RecoverOptions<'_>) -> RecoverReport {
    recover_runs(store, options).unwrap()
}

fn reasons(report: &RecoverReport) -> Vec<(&str, StaleReason)> {
    report.runs.iter().map(|run| (run.id.as_str(), run.reason)).collect()
}

fn statuses(place: &Place) -> Vec<String> {
    rows(&place.sqlite(), "SELECT id, status FROM runs ORDER BY id")
}

#[cfg(target_os = "linux")]
#[test]
fn only_certain_repairs_are_made_by_default() {
    let (store, place) = runs_of_many();
    let report = recovered(&store, &RecoverOptions::default());
    assert_eq!(reasons(&report), [("gone", StaleReason::Gone)]);
    assert_eq!((report.alive, report.unknown, report.runs[0].cases), (1, 2, 2));
    let [started, finished] = ["started_at", "finished_at"].map(|column| {
        integer(&place.sqlite(), &format!("SELECT {column} FROM runs WHERE id = 'gone'"))
    });
    assert_eq!((finished, report.runs[0].finished_at), (started + 1007, finished));
    let expected =
        ["far\", \"running", "gone\", \"failed", "mine\", \"running", "old\", \"running"];
    assert_eq!(statuses(&place)[..4], expected.map(|line| format!("\"{line}\"")));
    assert!(recovered(&store, &RecoverOptions::default()).runs.is_empty());
}

#[cfg(target_os = "linux")]
#[test]
fn silence_is_a_reason_where_nothing_else_is_known() {
    let (store, place) = runs_of_many();
    let after = |ms| RecoverOptions { older_than_ms: Some(ms), ..RecoverOptions::default() };
    let dry = RecoverOptions { dry_run: true, ..after(HOUR) };
    let all =
        [("gone", StaleReason::Gone), ("far", StaleReason::Silent), ("old", StaleReason::Silent)];
    let before = statuses(&place);
    assert_eq!(reasons(&recovered(&store, &dry)), all);
    assert_eq!(statuses(&place), before);
    assert_eq!(reasons(&recovered(&store, &after(3 * HOUR))), all[..1]);
    assert_eq!(reasons(&recovered(&store, &after(HOUR))), all[1..]);
    // The one of this process is never given up.
    let report = recovered(&store, &after(0));
    assert_eq!((report.runs.len(), report.alive, report.unknown), (0, 1, 0));
}

#[test]
fn a_dry_run_does_without_writing_and_a_suite_may_be_named() {
    let (store, place) = runs_of_many();
    store.close().unwrap();
    let read_only = OpenOptions { read_only: true, ..OpenOptions::default() };
    let store = Store::open(&place.path, &read_only).unwrap();
    let dry = RecoverOptions { older_than_ms: Some(0), dry_run: true, suite_id: None };
    assert!(recovered(&store, &dry).runs.len() >= 2);
    let unknown = recover_runs(&store, &RecoverOptions { suite_id: Some("t"), ..dry });
    assert_eq!(unknown.unwrap_err().code, runstore::Code::NotFound);
    assert_eq!(recovered(&store, &RecoverOptions { suite_id: Some("s"), ..dry }).unknown, 0);
    let refused = recover_runs(&store, &RecoverOptions { dry_run: false, ..dry });
    assert_eq!(refused.unwrap_err().code, runstore::Code::ReadOnly);
}

#[cfg(target_os = "linux")]
#[test]
fn the_doctor_does_the_same_and_tells_who_is_idle() {
    let (store, place) = runs_of_many();
    place
        .sqlite()
        .execute_batch("UPDATE runs SET heartbeat_at = started_at WHERE id = 'mine'")
        .unwrap();
    let options = DoctorOptions { stale_after_ms: HOUR, ..DoctorOptions::default() };
    let told = |report: runstore::maintenance::DoctorReport| -> Vec<(String, StaleReason)> {
        report.stale_runs.first.into_iter().map(|run| (run.id, run.reason)).collect()
    };
    let all = [
        ("mine".to_owned(), StaleReason::Idle),
        ("gone".to_owned(), StaleReason::Gone),
        ("far".to_owned(), StaleReason::Silent),
        ("old".to_owned(), StaleReason::Silent),
    ];
    assert_eq!(told(doctor(&store, &options).unwrap()), all);
    let fixed = doctor(&store, &DoctorOptions { fix: true, ..options }).unwrap();
    assert_eq!(fixed.fixed[0].count, 1);
    assert_eq!(told(fixed), [all[0].clone(), all[2].clone(), all[3].clone()]);
    let fixed = doctor(&store, &DoctorOptions { fail_stale_runs: true, ..options }).unwrap();
    assert_eq!(fixed.fixed[0].count, 2);
    assert_eq!(told(fixed), all[..1]);
    assert_eq!(doctor(&store, &DoctorOptions { fix: true, ..options }).unwrap().fixed, []);
}

#[test]
fn the_owner_of_a_run_causes_no_conflict_and_is_merged_with_it() {
    let (store, place) = runs_of_many();
    let owner = "SELECT id, owner_pid, owner_host, owner_marks, heartbeat_at FROM runs ORDER BY id";
    let before = rows(&place.sqlite(), owner);
    let copies = ["backup.db", "merged.db", "salvaged.db"].map(|name| place.file(name));
    runstore::maintenance::backup(&store, &copies[0], &mut |_| Ok(())).unwrap();
    let plain = runstore::maintenance::MergeOptions { unite_suites: false };
    merge(&copies[1], &[&place.path], &plain).unwrap();
    runstore::maintenance::salvage(&place.path, &copies[2]).unwrap();
    for copy in &copies {
        assert_eq!(rows(&rusqlite::Connection::open(copy).unwrap(), owner), before, "{copy}");
    }
    // The run goes on: another heartbeat, another owner.
    place
        .sqlite()
        .execute_batch(
            "UPDATE runs SET heartbeat_at = 9, owner_pid = 9, owner_host = 'h', owner_marks = 'm'",
        )
        .unwrap();
    let again = merge(&copies[1], &[&place.path], &plain).unwrap();
    assert!(again.written && again.conflicts.is_empty());
    assert_eq!(rows(&rusqlite::Connection::open(&copies[1]).unwrap(), owner), before);
    let options = runstore::maintenance::PruneOptions { keep: Some(0), ..Default::default() };
    assert_eq!(
        prune(&store, &options, &mut |_, _| {}).unwrap().runs.len(),
        1,
        "runs that are running stay"
    );
}
