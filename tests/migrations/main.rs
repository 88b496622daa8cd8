//! Files of every shape that the reference has left behind become today's, and lose nothing.

#![allow(missing_docs)]
#![allow(clippy::unwrap_used, clippy::panic)] // a failing test is meant to panic

#[path = "../support/mod.rs"]
mod support;

mod a_shared_database;
mod additions_of_users;
mod left_over;
mod orphans;
mod our_older_files;

use runstore::model::{NewCase, NewOutcome, NewRun, NewScore, NewTrajectory, NewTurn};
use runstore::schema::VERSION;
use runstore::store::{CaseColumns, JsonCheck, refuse};
use rusqlite::Connection;
use support::old_file::{
    self, EPISODES, FIRST, FOURTH, REFERENCE, ROWS, SECOND, SuiteReference, THIRD, replace_once,
};
use support::{Place, damage, integer, open, rows, shape};

const PROMPTS: &str = "INSERT INTO prompts (id, name, version, content, created_at) VALUES
  ('p-1', 'judge', 1, 'one', 1000), ('p-2', 'judge', 3, 'three', 3000), ('p-3', 'Über', 1, '', 2000);";
const PROMPTS_WITHOUT_VERSIONS: &str = "INSERT INTO prompts (id, name, content, created_at) VALUES
  ('p-1', 'judge', 'one', 1000), ('p-3', 'Über', '', 2000);";

/// Opens the file, which migrates it, and closes it.
fn migrate(place: &Place) {
    open(&place.path).unwrap().close().unwrap();
}

/// Migrates a file that loses no row and gets exactly the schema of a new one.
fn migrates_whole(label: &str, place: &Place) -> Connection {
    let before = old_file::content(&place.sqlite());
    migrate(place);
    let db = place.sqlite();
    assert_eq!(old_file::content(&db), before, "{label}: rows");
    assert_eq!(&shape::of_store(&db), shape::of_new_store(), "{label}: schema");
    assert_sound(label, &db);
    assert_usable(label, place);
    db
}

fn assert_sound(label: &str, db: &Connection) {
    assert_eq!(damage(db), [""; 0], "{label}: damage");
    assert_eq!(integer(db, "PRAGMA user_version"), VERSION, "{label}: number of the schema");
    let left = rows(db, "SELECT name FROM sqlite_master WHERE name LIKE 'runstore%'");
    assert_eq!(left, [""; 0], "{label}: left behind");
}

/// A whole run can be saved, is listed, and takes its cases and scores along when it is deleted.
fn assert_usable(label: &str, place: &Place) {
    let counts = |db: &Connection| {
        ["runs", "cases", "scores"]
            .map(|table| integer(db, &format!("SELECT count(*) FROM {table}")))
    };
    let before = counts(&place.sqlite());
    let store = open(&place.path).unwrap();
    let suite = store.create_suite("after").unwrap();
    let new = NewRun {
        suite_id: &suite.id,
        name: "n",
        model: "m",
        tags: Some("[\"t\"]"),
        ..NewRun::default()
    };
    let run = store.create_run(&new).unwrap();
    let case = NewCase { id: Some("after-1"), run_id: &run, input: "1", ..NewCase::default() };
    store.save_cases([Ok(case)]).unwrap();
    let score = NewScore {
        case_id: "after-1",
        scorer_name: "s",
        score: 1.0,
        answer: Some("a"),
        ..NewScore::default()
    };
    store.save_scores([Ok(score)]).unwrap();
    let [runs, cases, scores] = counts(&place.sqlite());
    assert_eq!([runs - 1, cases - 1, scores - 1], before, "{label}: saved");
    assert_eq!(store.get_run_summary(&run, 0.5).unwrap().pass_count, 1, "{label}: summary");
    let version = store.get_latest_prompt("judge").unwrap().map_or(0, |prompt| prompt.version);
    let prompt = store.create_prompt("judge", "next").unwrap();
    assert_eq!(prompt.version, version + 1, "{label}: prompt");
    store.delete_prompt(&prompt.id).unwrap();
    store.delete_suite(&suite.id).unwrap();
    assert_eq!(counts(&place.sqlite()), before, "{label}: deleted");
    store.close().unwrap();
}

fn case_ids(store: &runstore::Store, run: &str) -> Vec<String> {
    let mut ids = Vec::new();
    let collect = |chunk: &mut CaseColumns| {
        ids.extend(
            chunk.texts.iter().step_by(3).map(|(_, id)| String::from_utf8_lossy(id).into_owned()),
        );
        Ok(())
    };
    store.read_cases(run, JsonCheck::Skip, collect).unwrap();
    ids
}

#[test]
fn a_new_file_has_the_tables_of_the_reference_with_the_same_columns_first() {
    let place = Place::new();
    migrate(&place);
    let reference = Connection::open_in_memory().unwrap();
    reference.execute_batch(REFERENCE).unwrap();
    let db = place.sqlite();
    for table in ["suites", "runs", "cases", "scores", "prompts"] {
        let columns = |db: &Connection| {
            rows(
                db,
                &format!(
                    "SELECT name, type, \"notnull\", dflt_value, pk FROM pragma_table_info('{table}')"
                ),
            )
        };
        let theirs = columns(&reference);
        assert_eq!(columns(&db)[..theirs.len()], theirs, "{table}");
        for added in &columns(&db)[theirs.len()..] {
            assert!(
                added.ends_with(", 0, NULL, 0"),
                "{table}: {added} could be missing in a row of the reference"
            );
        }
    }
    assert_sound("new", &db);
}

#[test]
fn a_file_of_the_newest_reference_keeps_every_row() {
    migrates_whole("0.29.1", &old_file::make(&[REFERENCE, ROWS, PROMPTS]));
}

#[test]
fn an_empty_file_of_the_newest_reference_becomes_a_new_one() {
    migrates_whole("0.29.1, empty", &old_file::make(&[REFERENCE]));
}

#[test]
fn a_file_not_in_wal_mode_is_migrated_as_well() {
    let place = old_file::make(&["PRAGMA journal_mode = DELETE", REFERENCE, ROWS, PROMPTS]);
    migrates_whole("rollback journal", &place);
}

#[test]
fn runs_with_an_old_reference_to_their_suite_keep_cases_and_scores() {
    for reference in SuiteReference::OUTDATED {
        let schema = old_file::schema_with(reference);
        let label = format!("{reference:?}");
        migrates_whole(&label, &old_file::make(&[&schema, ROWS, PROMPTS]));
        migrates_whole(&format!("{label}, empty"), &old_file::make(&[&schema]));
    }
}

#[test]
fn prompts_without_versions_become_version_1() {
    for reference in [SuiteReference::Cascade, SuiteReference::NullableSetNull] {
        let schema = old_file::schema_without_versions(
            &old_file::schema_with(reference),
            "TEXT NOT NULL UNIQUE",
        );
        let place = old_file::make(&[&schema, ROWS, PROMPTS_WITHOUT_VERSIONS]);
        let db = migrates_whole(&format!("{reference:?}, no versions"), &place);
        assert_eq!(integer(&db, "SELECT count(*) FROM prompts WHERE version = 1"), 2);
    }
}

#[test]
fn prompts_without_versions_of_one_name_are_numbered_from_the_oldest() {
    let schema = old_file::schema_without_versions(REFERENCE, "TEXT NOT NULL");
    let prompts = "INSERT INTO prompts (id, name, content, created_at) VALUES
      ('new', 'judge', 'c', 3000), ('old', 'judge', 'a', 1000), ('other', 'Judge', 'x', 500),
      ('tie-1', 'judge', 'b', 2000), ('tie-2', 'judge', 'b', 2000);";
    let place = old_file::make(&[&schema, ROWS, prompts]);
    let db = migrates_whole("names twice", &place);
    assert_eq!(
        rows(&db, "SELECT name, version, id FROM prompts ORDER BY name, version"),
        [
            "\"Judge\", 1, \"other\"",
            "\"judge\", 1, \"old\"",
            "\"judge\", 2, \"tie-1\"",
            "\"judge\", 3, \"tie-2\"",
            "\"judge\", 4, \"new\"",
        ]
    );
}

#[test]
fn tables_that_an_early_file_does_not_have_are_made() {
    let end = REFERENCE.find("CREATE TABLE prompts").unwrap();
    let place = old_file::make(&[&REFERENCE[..end], ROWS]);
    migrate(&place);
    let db = place.sqlite();
    assert_eq!(&shape::of_store(&db), shape::of_new_store());
    assert_eq!(old_file::content_of(&db, "scores").len(), 6);
    assert_usable("no prompts", &place);
}

#[test]
fn columns_that_an_early_file_does_not_have_are_added() {
    // The others are needed by every row: without them it is not a table of the reference's.
    let schema = replace_once(REFERENCE, "  config TEXT,\n", "");
    let schema = replace_once(&schema, "  error TEXT,\n", "");
    let schema = replace_once(&schema, "  reason TEXT,\n", "");
    let rows_then = "INSERT INTO suites VALUES ('s', 'n', 1);
      INSERT INTO runs (id, suite_id, name, model, started_at) VALUES ('r', 's', 'n', 'm', 1);
      INSERT INTO cases (id, run_id, idx, input) VALUES ('c', 'r', 0, '1');
      INSERT INTO scores VALUES ('x', 'c', 'exact', 1);";
    let place = old_file::make(&[&schema, rows_then]);
    migrate(&place);
    let db = place.sqlite();
    let sorted = |mut shape: std::collections::BTreeMap<String, Vec<String>>| {
        shape.values_mut().for_each(|lines| lines.sort());
        shape
    };
    assert_eq!(sorted(shape::of_store(&db)), sorted(shape::of_new_store().clone()));
    assert_eq!(rows(&db, "SELECT id, reason FROM scores"), ["\"x\", NULL"]);
    assert_usable("columns missing", &place);
}

#[test]
fn columns_with_a_default_get_it_where_they_are_missing() {
    let status = "  status TEXT NOT NULL DEFAULT 'running' CHECK(status IN ('running', 'completed', 'failed')),\n";
    let schema = replace_once(REFERENCE, status, "");
    let place = old_file::make(&[
        &schema,
        "INSERT INTO suites VALUES ('s', 'n', 1);
         INSERT INTO runs (id, suite_id, name, model, started_at) VALUES ('r', 's', 'n', 'm', 1);
         INSERT INTO cases (id, run_id, idx, input) VALUES ('c', 'r', 0, '1');",
    ]);
    migrate(&place);
    let db = place.sqlite();
    assert_eq!(&shape::of_store(&db), shape::of_new_store());
    assert_eq!(
        rows(&db, "SELECT status FROM runs JOIN cases ON run_id = runs.id"),
        ["\"running\""]
    );
}

#[test]
fn cases_and_scores_without_references_get_them() {
    let schema = replace_once(
        REFERENCE,
        ",\n  FOREIGN KEY (run_id) REFERENCES runs(id) ON DELETE CASCADE",
        "",
    );
    let schema = replace_once(
        &schema,
        ",\n  FOREIGN KEY (case_id) REFERENCES cases(id) ON DELETE CASCADE",
        "",
    );
    migrates_whole("no references", &old_file::make(&[&schema, ROWS, PROMPTS]));
}

#[test]
fn a_file_is_migrated_once() {
    for (label, place) in [
        ("new", {
            let place = Place::new();
            migrate(&place);
            place
        }),
        ("reference", {
            let place = old_file::make(&[REFERENCE, ROWS, PROMPTS]);
            migrate(&place);
            place
        }),
    ] {
        let state = || {
            let written = std::fs::metadata(&place.path).unwrap().modified().unwrap();
            (std::fs::read(&place.path).unwrap(), written)
        };
        let before = state();
        let cookie = integer(&place.sqlite(), "PRAGMA schema_version");
        let store = open(&place.path).unwrap();
        let wal = std::fs::metadata(format!("{}-wal", place.path)).map_or(0, |wal| wal.len());
        assert_eq!(wal, 0, "{label}: opening again wrote");
        store.list_runs(None, &refuse).unwrap();
        store.close().unwrap();
        assert_eq!(integer(&place.sqlite(), "PRAGMA schema_version"), cookie, "{label}");
        assert!(state() == before, "{label}: the file changed");
    }
}

#[test]
fn a_table_that_was_dropped_from_a_store_is_made_again() {
    let place = old_file::make(&[REFERENCE, ROWS, PROMPTS]);
    migrate(&place);
    place.sqlite().execute_batch("DROP TABLE prompts").unwrap();
    migrate(&place);
    let db = place.sqlite();
    assert_eq!(&shape::of_store(&db), shape::of_new_store());
    assert_sound("dropped", &db);
}
