//! Files of our own older schemas get what was added since, and nothing else of them changes.

use super::*;

/// The objects of a file with the page that each begins on: what was made anew begins elsewhere.
fn places(db: &Connection) -> Vec<String> {
    rows(db, "SELECT name, rootpage, sql FROM sqlite_master ORDER BY name")
}

#[test]
fn the_first_becomes_the_newest_and_loses_no_row() {
    migrates_whole("1", &old_file::make(&[FIRST, ROWS, PROMPTS]));
    migrates_whole("1, empty", &old_file::make(&[FIRST]));
}

#[test]
fn what_was_there_stays_where_it_was() {
    let place = old_file::make(&[FIRST, ROWS, PROMPTS]);
    let before = places(&place.sqlite());
    migrate(&place);
    let mut after = places(&place.sqlite());
    let added = ["baselines", "verdicts"];
    after.retain(|object| !added.iter().any(|name| object.contains(name)));
    assert_eq!(after, before);
}

#[test]
fn an_index_that_a_user_changed_is_made_anew() {
    let changed = "DROP INDEX idx_cases_run_id; CREATE INDEX idx_cases_run_id ON cases(run_id)";
    migrates_whole("changed", &old_file::make(&[FIRST, ROWS, changed]));
}

#[test]
fn a_baseline_without_its_run_is_set_aside() {
    let place = Place::new();
    migrate(&place);
    place
        .sqlite()
        .execute_batch(
            "PRAGMA foreign_keys = OFF;
             INSERT INTO suites (id, name) VALUES ('s', 'n');
             INSERT INTO runs (id, suite_id, name, model, started_at) VALUES ('r', 's', 'n', 'm', 1);
             INSERT INTO baselines VALUES ('s', 'main', 'r', 1), ('s', 'lost', 'gone', 1);
             PRAGMA user_version = 1;",
        )
        .unwrap();
    migrate(&place);
    let db = place.sqlite();
    assert_eq!(rows(&db, "SELECT name FROM baselines"), ["\"main\""]);
    assert_eq!(rows(&db, "SELECT name FROM orphaned_baselines"), ["\"lost\""]);
    assert_sound("dangling", &db);
}

#[test]
fn a_file_with_tables_of_a_user_beside_ours_is_migrated_as_well() {
    let theirs = "CREATE TABLE audit (what TEXT); INSERT INTO audit VALUES ('kept')";
    let place = old_file::make(&[FIRST, ROWS, PROMPTS, theirs]);
    migrate(&place);
    let db = place.sqlite();
    assert_eq!(&shape::of_store(&db), shape::of_new_store());
    assert_eq!(support::schema_number(&db), VERSION);
    assert_eq!(rows(&db, "SELECT * FROM audit"), ["\"kept\""]);
    assert_usable("beside others", &place);
}
