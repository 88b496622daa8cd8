//! Rows that today's tables cannot hold are set aside, not lost.

use super::*;
use runstore::store::refuse;

const ORPHANS: &str = "INSERT INTO runs (id, suite_id, name, model, started_at) VALUES
        ('gone', 'no-such-suite', 'dangling', 'm', 1);
      INSERT INTO cases (id, run_id, idx, input) VALUES ('gone-1', 'gone', 0, '1'), ('gone-2', 'gone', 1, '2'),
        ('stray', 'no-such-run', 0, '3');
      INSERT INTO scores VALUES ('gone-x', 'gone-1', 'exact', 1, 'why'), ('stray-x', 'stray', 'exact', 0, NULL),
        ('lost-x', 'no-such-case', 'exact', 0.5, NULL);";
const WITHOUT_SUITE: &str =
    "INSERT INTO runs (id, suite_id, name, model, started_at, status) VALUES
        ('alone', NULL, 'no suite', 'm', 2, 'completed');
      INSERT INTO cases (id, run_id, idx, input) VALUES ('alone-1', 'alone', 0, '1');
      INSERT INTO scores VALUES ('alone-x', 'alone-1', 'exact', 1, NULL);";

fn ids(db: &Connection, table: &str) -> Vec<String> {
    rows(db, &format!("SELECT id FROM {table} ORDER BY id"))
}

#[test]
fn runs_without_a_suite_are_set_aside_with_their_cases_and_scores() {
    for reference in SuiteReference::OUTDATED.into_iter().chain([SuiteReference::Cascade]) {
        let schema = old_file::schema_with(reference);
        let without = if reference.is_nullable() { WITHOUT_SUITE } else { "" };
        let label = format!("{reference:?}");
        let whole = old_file::content(&old_file::make(&[&schema, ROWS, PROMPTS]).sqlite());
        let place = old_file::make(&[&schema, ROWS, PROMPTS, ORPHANS, without]);
        let before = old_file::content(&place.sqlite());

        migrate(&place);

        let db = place.sqlite();
        assert_eq!(&shape::of_store(&db), shape::of_new_store(), "{label}");
        assert_eq!(old_file::content(&db), whole, "{label}: what has a suite stays");
        assert_eq!(damage(&db), [""; 0], "{label}");
        for (table, mut rows) in before {
            let kept = &whole.iter().find(|(name, _)| *name == table).unwrap().1;
            rows.retain(|row| !kept.contains(row));
            if !rows.is_empty() {
                let mut aside = old_file::content_of(&db, &format!("orphaned_{table}"));
                aside.sort();
                rows.sort();
                assert_eq!(aside, rows, "{label}: orphaned {table}");
            }
        }
        let nullable = reference.is_nullable();
        let expected = if nullable { vec!["\"alone\"", "\"gone\""] } else { vec!["\"gone\""] };
        assert_eq!(ids(&db, "orphaned_runs"), expected, "{label}");
        assert_eq!(ids(&db, "orphaned_cases").len(), if nullable { 4 } else { 3 }, "{label}");
        assert_eq!(ids(&db, "orphaned_scores").len(), if nullable { 4 } else { 3 }, "{label}");
        assert_usable(&label, &place);
    }
}

#[test]
fn orphans_are_not_listed() {
    let schema = old_file::schema_with(SuiteReference::NullableSetNull);
    let place = old_file::make(&[&schema, ROWS, ORPHANS, WITHOUT_SUITE]);
    let store = open(&place.path).unwrap();
    let listed: Vec<_> =
        store.list_runs(None, &refuse).unwrap().into_iter().map(|run| run.id).collect();
    assert_eq!(listed, ["run-3", "run-1", "run-2"]);
    for id in ["gone", "alone"] {
        assert!(store.get_run(id, &refuse).unwrap().is_none());
        assert_eq!(case_ids(&store, id), [""; 0]);
    }
    assert_eq!(case_ids(&store, "run-1"), ["case-1", "case-2", "case-3"]);
}

#[test]
fn a_row_that_todays_table_refuses_is_set_aside_with_its_children() {
    // A table without the check on the status and with a name that may be missing.
    let schema = old_file::schema_with(SuiteReference::NullableSetNull);
    let schema = replace_once(&schema, " CHECK(status IN ('running', 'completed', 'failed'))", "");
    let schema = replace_once(&schema, "  name TEXT NOT NULL,\n  model", "  name TEXT,\n  model");
    let place = old_file::make(&[
            &schema,
            ROWS,
            "INSERT INTO runs (id, suite_id, name, model, started_at, status) VALUES
               ('queued', 'suite-a', 'n', 'm', 1, 'queued'), ('nameless', 'suite-a', NULL, 'm', 1, 'running');
             INSERT INTO cases (id, run_id, idx, input) VALUES ('queued-1', 'queued', 0, '1');",
        ]);
    migrate(&place);
    let db = place.sqlite();
    assert_eq!(&shape::of_store(&db), shape::of_new_store());
    assert_eq!(ids(&db, "orphaned_runs"), ["\"nameless\"", "\"queued\""]);
    assert_eq!(ids(&db, "orphaned_cases"), ["\"queued-1\""]);
    assert_eq!(ids(&db, "runs"), ["\"run-1\"", "\"run-2\"", "\"run-3\""]);
    assert_sound("refused rows", &db);
}

#[test]
fn rows_set_aside_before_stay_there() {
    let schema = old_file::schema_with(SuiteReference::NullableSetNull);
    let place = old_file::make(&[
        &schema,
        ROWS,
        WITHOUT_SUITE,
        "CREATE TABLE orphaned_runs (id, name); INSERT INTO orphaned_runs VALUES ('earlier', 'n')",
    ]);
    migrate(&place);
    let db = place.sqlite();
    assert_eq!(ids(&db, "orphaned_runs"), ["\"alone\"", "\"earlier\""]);
    assert_eq!(rows(&db, "SELECT model FROM orphaned_runs WHERE id = 'alone'"), ["\"m\""]);
}
