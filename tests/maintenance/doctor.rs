//! What the doctor finds and repairs.

use runstore::maintenance::{DoctorOptions, doctor};
use runstore::store::refuse;

use super::*;

const FIX: DoctorOptions =
    DoctorOptions { stale_after_ms: i64::MAX, fix: true, fail_stale_runs: false };

fn examine(store: &Store) -> runstore::maintenance::DoctorReport {
    doctor(store, &DoctorOptions::default()).unwrap()
}

#[test]
fn a_store_in_use_is_healthy() {
    let (store, _place) = store_with_runs(2, 20);
    let report = examine(&store);
    assert!(report.healthy, "{report:?}");
    assert!(report.advice.is_empty() && report.fixed.is_empty(), "{report:?}");
    assert!(report.space.file_bytes > 0);
}

#[test]
fn values_that_are_not_json_are_moved_and_their_rows_can_be_read_again() {
    let (store, place) = store_with_runs(2, 3);
    place
        .sqlite()
        .execute_batch(
            "UPDATE runs SET config = '{\"a\": 1', metadata = '{}' WHERE id = 'r0';
             UPDATE cases SET input = '1, 2' WHERE id = 'r0-1';
             UPDATE cases SET expected = x'ff00' WHERE id = 'r1-2';
             UPDATE scores SET metadata = 'nothing' WHERE id = 'r1-0-x';
             UPDATE runs SET git = 'main' WHERE id = 'r1';
             INSERT INTO benchmark_results VALUES ('r0', 'b', 1, 1, 1, 0, 0, '{', 0, '{}');
             INSERT INTO trajectories (id, run_id, benchmark, idx, reward, logs) VALUES (7, 'r0', 'b', 0, 1, '{');
             INSERT INTO turns VALUES (7, 0, 'user', 'x', NULL, NULL, 0, '{', NULL);",
        )
        .unwrap();
    store.list_runs(None, &refuse).unwrap_err();
    let found = examine(&store);
    assert!(!found.healthy);
    let places: Vec<_> = found
        .unreadable
        .first
        .iter()
        .map(|one| (one.table, one.id.as_deref(), one.column))
        .collect();
    let expected = [
        ("runs", Some("r0"), "config"),
        ("runs", Some("r1"), "git"),
        ("cases", Some("r0-1"), "input"),
        ("cases", Some("r1-2"), "expected"),
        ("scores", Some("r1-0-x"), "metadata"),
        ("benchmark_results", Some("r0"), "metrics"),
        ("trajectories", Some("7"), "logs"),
        ("turns", Some("7"), "metadata"),
    ];
    assert_eq!(places, expected);
    assert_eq!(count(&place.sqlite(), "cases"), 6, "a look changes nothing");

    let repaired = doctor(&store, &FIX).unwrap();
    assert!(repaired.healthy, "{repaired:?}");
    assert_eq!(repaired.fixed.iter().map(|fix| fix.count).collect::<Vec<_>>(), [8]);
    assert_eq!(store.list_runs(None, &refuse).unwrap().len(), 2);
    let db = place.sqlite();
    let kept = "SELECT table_name, row_id, column_name, value FROM damaged_values ORDER BY rowid";
    let kept = rows(&db, kept);
    assert_eq!(kept[0], r#""runs", "r0", "config", "{\"a\": 1""#);
    assert_eq!(kept[3], r#""cases", "r1-2", "expected", x[255, 0]"#);
    assert_eq!(rows(&db, "SELECT input FROM cases WHERE id = 'r0-1'"), ["\"null\""]);
    assert_eq!(rows(&db, "SELECT metadata FROM runs WHERE id = 'r0'"), ["\"{}\""]);
    assert_eq!((count(&db, "cases"), count(&db, "scores")), (6, 6));
    // A second time there is nothing to do, and the store opens as before.
    assert!(doctor(&store, &FIX).unwrap().fixed.is_empty());
    assert_eq!(open(&place.path).unwrap().list_runs(None, &refuse).unwrap().len(), 2);
}

#[test]
fn json_that_only_looks_odd_is_left_alone() {
    let (store, place) = store_with_runs(1, 4);
    let deep = format!("{}{}", "[".repeat(5000), "]".repeat(5000));
    let db = place.sqlite();
    db.execute("UPDATE cases SET input = ? WHERE id = 'r0-0'", [&deep]).unwrap();
    db.execute_batch(
        r#"UPDATE cases SET input = '' WHERE id = 'r0-1';
           UPDATE cases SET input = '"\ud800"' WHERE id = 'r0-2';
           UPDATE cases SET input = ' 1e999 ' WHERE id = 'r0-3';"#,
    )
    .unwrap();
    assert!(examine(&store).healthy);
}

#[test]
fn dangling_rows_are_set_aside_with_their_children() {
    let (store, place) = store_with_runs(2, 3);
    place
        .sqlite()
        .execute_batch("PRAGMA foreign_keys = OFF; DELETE FROM runs WHERE id = 'r0'; DELETE FROM cases WHERE id = 'r1-1'")
        .unwrap();
    let found = examine(&store);
    assert_eq!(found.dangling.count, 3 + 1);
    let mut parents: Vec<_> =
        found.dangling.first.iter().map(|row| (row.table.as_str(), row.parent.as_str())).collect();
    parents.sort_unstable();
    let of_run = ("cases", "runs");
    assert_eq!(parents, [of_run, of_run, of_run, ("scores", "cases")]);

    let repaired = doctor(&store, &FIX).unwrap();
    assert!(repaired.healthy, "{repaired:?}");
    let db = place.sqlite();
    assert_eq!((count(&db, "orphaned_cases"), count(&db, "orphaned_scores")), (3, 3 + 1));
    assert_eq!((count(&db, "cases"), count(&db, "scores")), (2, 2));
    assert_eq!(damage(&db), [""; 0]);
}

#[test]
fn changes_to_the_schema_are_found_and_repaired() {
    let (store, place) = store_with_runs(1, 3);
    place
        .sqlite()
        .execute_batch(
            "DROP INDEX idx_cases_run_id; DROP INDEX idx_runs_suite_id; ALTER TABLE scores DROP COLUMN answer;
             CREATE INDEX idx_runs_suite_id ON runs(model); CREATE INDEX mine ON runs(name);",
        )
        .unwrap();
    assert_eq!(
        examine(&store).schema.first,
        [
            "scores has no column answer",
            "the index idx_runs_suite_id is another",
            "there is no index idx_cases_run_id"
        ]
    );
    assert!(doctor(&store, &FIX).unwrap().healthy);
    let db = place.sqlite();
    let mut shape = support::shape::of_store(&db);
    shape.values_mut().for_each(|lines| lines.retain(|line| !line.starts_with("index \"mine\"")));
    assert_eq!(&shape, support::shape::of_new_store());
    assert_eq!(count(&db, "scores"), 3);
}

/// Makes an index lack an entry, as a program does that writes without knowing of it.
fn forget_an_entry(place: &Place) {
    let db = place.sqlite();
    let sql = "SELECT sql FROM sqlite_master WHERE name = 'idx_cases_run_id'";
    let index: String = db.query_row(sql, [], |row| row.get(0)).unwrap();
    db.execute_batch(&format!(
        "PRAGMA writable_schema = ON;
         UPDATE sqlite_master SET sql = '{index} WHERE idx <> 1' WHERE name = 'idx_cases_run_id';
         PRAGMA writable_schema = RESET; REINDEX idx_cases_run_id; PRAGMA writable_schema = ON;
         UPDATE sqlite_master SET sql = '{index}' WHERE name = 'idx_cases_run_id';
         PRAGMA writable_schema = RESET;"
    ))
    .unwrap();
}

#[test]
fn an_index_that_does_not_fit_its_table_is_made_again() {
    let (store, place) = store_with_runs(1, 3);
    store.close().unwrap();
    forget_an_entry(&place);
    let store = open(&place.path).unwrap();
    assert_eq!(store.count_cases("r0").unwrap(), 2, "the index lacks a row");
    let found = examine(&store);
    assert!(
        found.integrity.first.contains(&"row 2 missing from index idx_cases_run_id".to_owned()),
        "{found:?}"
    );
    assert!(doctor(&store, &FIX).unwrap().healthy);
    assert_eq!(store.count_cases("r0").unwrap(), 3);
}

#[test]
fn a_file_that_is_damaged_beyond_its_indexes_is_not_written_to() {
    let (store, place) = store_with_runs(3, 200);
    store.close().unwrap();
    super::salvage::damage_page_of(&place.path, "cases", 3);
    let before = std::fs::read(&place.path).unwrap();
    let store = open(&place.path).unwrap();
    let report = doctor(&store, &FIX).unwrap();
    assert!(!report.healthy && report.fixed.is_empty(), "{report:?}");
    assert!(report.advice[0].contains("salvage"), "{:?}", report.advice);
    store.close().unwrap();
    assert!(std::fs::read(&place.path).unwrap() == before);
}

#[test]
fn stale_runs_are_listed_and_fail_only_when_asked_for() {
    let (store, place) = store_with_runs(1, 3);
    add_run(&store, "s", "old", 2);
    add_run(&store, "s", "new", 2);
    let day = 24 * 60 * 60 * 1000;
    place
        .sqlite()
        .execute("UPDATE runs SET started_at = started_at - ? WHERE id = 'old'", [day + 1000])
        .unwrap();
    // Runs of a program that does not say which process works on them.
    let nobody = "UPDATE runs SET owner_pid = NULL, heartbeat_at = NULL";
    place.sqlite().execute(nobody, []).unwrap();
    let report = examine(&store);
    assert!(report.healthy);
    let stale = &report.stale_runs.first;
    assert_eq!(
        stale.iter().map(|run| (run.id.as_str(), run.cases)).collect::<Vec<_>>(),
        [("old", 2)]
    );
    assert!(stale[0].age_ms >= day + 1000 && stale[0].age_ms < day + 60_000, "{stale:?}");

    doctor(&store, &DoctorOptions { fix: true, ..DoctorOptions::default() }).unwrap();
    assert_eq!(store.get_run("old", &refuse).unwrap().unwrap().status, "running");
    let failing = DoctorOptions { fail_stale_runs: true, ..DoctorOptions::default() };
    let report = doctor(&store, &failing).unwrap();
    assert_eq!((report.stale_runs.count, report.fixed.len(), report.fixed[0].count), (0, 1, 1));
    let status = |id: &str| {
        store.get_run(id, &refuse).unwrap().map(|run| (run.status, run.finished_at.is_some()))
    };
    assert_eq!(status("old"), Some(("failed".to_owned(), true)));
    assert_eq!(status("new"), Some(("running".to_owned(), false)));
}

#[test]
fn free_space_is_worth_a_word_and_vacuum_gives_it_back() {
    let (store, place) = store_with_runs(2, 2000);
    store.delete_run("r0").unwrap();
    store.close().unwrap();
    let store = open(&place.path).unwrap();
    let report = examine(&store);
    assert!(report.space.free_bytes * 3 > report.space.file_bytes, "{report:?}");
    assert!(report.advice[0].contains("vacuum"), "{report:?}");
    let vacuumed = runstore::maintenance::vacuum(&store).unwrap();
    assert!(vacuumed.bytes_after * 10 < vacuumed.bytes_before * 7, "{vacuumed:?}");
    assert_eq!(std::fs::metadata(&place.path).unwrap().len(), vacuumed.bytes_after);
    let report = examine(&store);
    assert_eq!((report.space.free_bytes, report.space.wal_bytes, report.healthy), (0, 0, true));
    assert_eq!(store.count_cases("r1").unwrap(), 2000);
}
