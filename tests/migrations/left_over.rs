//! What a migration of the reference's that stopped half-way left behind.

use super::*;

#[test]
fn tables_of_an_interrupted_migration_are_handled() {
    let schema = old_file::schema_with(SuiteReference::NullableSetNull);
    let schema = old_file::schema_without_versions(&schema, "TEXT NOT NULL UNIQUE");
    let place = old_file::make(&[
            &schema,
            ROWS,
            PROMPTS_WITHOUT_VERSIONS,
            "CREATE TABLE runs_next (id TEXT PRIMARY KEY, suite_id TEXT NOT NULL);
             CREATE TABLE prompts_legacy (id TEXT PRIMARY KEY); INSERT INTO prompts_legacy VALUES ('p-0');",
        ]);
    let db = migrates_whole("left over", &place);
    assert_eq!(rows(&db, "SELECT * FROM prompts_legacy"), ["\"p-0\""]);
}

#[test]
fn the_only_copy_of_the_runs_is_restored() {
    for made_anew in ["", REFERENCE] {
        // Stopped between DROP TABLE runs and the renaming; then perhaps opened once more.
        let runs = "ALTER TABLE runs RENAME TO runs_next;
                DROP INDEX idx_runs_suite_id; DROP INDEX idx_runs_started_at;";
        let again = made_anew
            .replace("CREATE TABLE", "CREATE TABLE IF NOT EXISTS")
            .replace("CREATE INDEX", "CREATE INDEX IF NOT EXISTS");
        let place =
            old_file::make(&[REFERENCE, ROWS, "PRAGMA legacy_alter_table = ON", runs, &again]);
        let whole = old_file::content(&old_file::make(&[REFERENCE, ROWS]).sqlite());
        migrate(&place);
        let db = place.sqlite();
        assert_eq!(old_file::content(&db), whole);
        assert_eq!(&shape::of_store(&db), shape::of_new_store());
        assert_sound("runs_next", &db);
    }
}

#[test]
fn the_only_copy_of_the_prompts_is_taken_back() {
    let schema = old_file::schema_without_versions(REFERENCE, "TEXT NOT NULL UNIQUE");
    let place = old_file::make(&[
        &schema,
        PROMPTS_WITHOUT_VERSIONS,
        "ALTER TABLE prompts RENAME TO prompts_legacy",
    ]);
    let store = open(&place.path).unwrap();
    let names: Vec<_> =
        store.list_prompts().unwrap().into_iter().map(|one| (one.name, one.version)).collect();
    assert_eq!(names, [("judge".to_owned(), 1), ("Über".to_owned(), 1)]);
}
