//! Files of our own older schemas get what was added since, and nothing else of them changes.

use super::*;

/// The objects of a file with the page that each begins on: what was made anew begins elsewhere.
fn places(db: &Connection) -> Vec<String> {
    rows(db, "SELECT name, rootpage FROM sqlite_master ORDER BY name")
}

#[test]
fn the_first_becomes_the_newest_and_loses_no_row() {
    migrates_whole("1", &old_file::make(&[FIRST, ROWS, PROMPTS]));
    migrates_whole("1, empty", &old_file::make(&[FIRST]));
}

#[test]
fn the_second_becomes_the_newest_and_loses_no_row() {
    let ours = "INSERT INTO suites (id, name) VALUES ('s', 'n');
        INSERT INTO runs (id, suite_id, name, model, started_at) VALUES ('r', 's', 'n', 'm', 1);
        INSERT INTO baselines VALUES ('s', 'main', 'r', 1);
        INSERT INTO verdicts VALUES ('v', 's', 'b', 'r', 'ALLOW', 0.05, '[]', 1);";
    let db = migrates_whole("2", &old_file::make(&[SECOND, ROWS, PROMPTS, ours]));
    assert_eq!(rows(&db, "SELECT * FROM baselines"), ["\"s\", \"main\", \"r\", 1"]);
    assert_eq!(rows(&db, "SELECT id, candidate_run_id FROM verdicts"), ["\"v\", \"r\""]);
    migrates_whole("2, empty", &old_file::make(&[SECOND]));
}

#[test]
fn the_third_becomes_the_newest_and_loses_no_row() {
    let ours = "INSERT INTO suites (id, name) VALUES ('s', 'n');
        INSERT INTO runs (id, suite_id, name, model, started_at, owner_pid) VALUES ('r', 's', 'n', 'm', 1, 7);
        INSERT INTO trajectories (id, run_id, benchmark, idx, reward) VALUES (1, 'r', 'b', 0, 0.5);";
    let db = migrates_whole("3", &old_file::make(&[THIRD, ROWS, PROMPTS, ours]));
    let run = "SELECT owner_pid, importing, reward FROM runs JOIN trajectories ON run_id = runs.id";
    assert_eq!(rows(&db, run), ["7, NULL, 0.5"]);
    migrates_whole("3, empty", &old_file::make(&[THIRD]));
}

const TURNS: &str =
    "SELECT rowid, trajectory_id, position, role, content, text_id, is_parts, token_count, metadata
                     FROM turns ORDER BY rowid";

#[test]
fn the_fourth_becomes_the_newest_and_loses_no_row() {
    let place = old_file::make(&[FOURTH, ROWS, PROMPTS, EPISODES]);
    let before = rows(&place.sqlite(), TURNS);
    let db = migrates_whole("4", &place);
    assert_eq!(rows(&db, TURNS), before);
    assert_eq!(before.len(), 8);
    assert_eq!(rows(&db, "SELECT DISTINCT message FROM turns"), ["NULL"]);
    assert_eq!(rows(&db, "SELECT DISTINCT trial, case_id FROM trajectories"), ["NULL, NULL"]);
    assert_eq!(rows(&db, "SELECT * FROM thresholds"), Vec::<String>::new());
    migrates_whole("4, empty", &old_file::make(&[FOURTH]));
}

#[test]
fn turns_of_older_files_take_the_roles_that_are_new() {
    for (label, schema) in [("3", THIRD), ("4", FOURTH)] {
        let place = old_file::make(&[schema, ROWS, EPISODES]);
        let store = open(&place.path).unwrap();
        for role in runstore::model::Role::ALL {
            let turn = NewTurn { message: Some("{}"), ..NewTurn::says(role, "x") };
            let outcome = NewOutcome { case_id: Some("case-1"), ..NewOutcome::default() };
            let given = NewTrajectory { benchmark: "b", idx: 0, outcome, turns: vec![turn] };
            store.append_turns("run-1", &given).unwrap_or_else(|error| panic!("{label}: {error}"));
        }
        assert_eq!(integer(&place.sqlite(), "SELECT count(*) FROM turns"), 8 + 8, "{label}");
        store.delete_run("run-1").unwrap();
        assert_eq!(integer(&place.sqlite(), "SELECT count(*) FROM turns"), 2, "{label}");
    }
}

#[test]
fn turns_that_are_not_where_they_belong_are_set_aside() {
    let place = old_file::make(&[FOURTH, ROWS, EPISODES]);
    let lost =
        "INSERT INTO turns (trajectory_id, position, role, content) VALUES (99, 0, 'user', 'lost')";
    place.sqlite().execute_batch(&format!("PRAGMA foreign_keys = OFF; {lost}")).unwrap();
    migrate(&place);
    let db = place.sqlite();
    assert_eq!(integer(&db, "SELECT count(*) FROM turns"), 8);
    assert_eq!(rows(&db, "SELECT content FROM orphaned_turns"), ["\"lost\""]);
    assert_sound("lost turns", &db);
}

#[test]
fn the_tags_that_were_there_lead_to_their_runs() {
    let tagged = "INSERT INTO suites (id, name) VALUES ('s', 'n');
        INSERT INTO runs (id, suite_id, name, model, started_at, tags) VALUES
          ('r-1', 's', 'n', 'm', 1, '[\"nightly\",\"nightly\",\"ü\"]'), ('r-2', 's', 'n', 'm', 2, '[]'),
          ('r-3', 's', 'n', 'm', 3, NULL), ('r-4', 's', 'n', 'm', 4, '[1,null,[\"x\"],\"nightly\"]'),
          ('r-5', 's', 'n', 'm', 5, '{\"nightly\":\"nightly\"}');";
    for (label, schema) in [("1", FIRST), ("2", SECOND)] {
        let db = migrates_whole(label, &old_file::make(&[schema, tagged]));
        assert_eq!(
            rows(&db, "SELECT keyword, started_at, run_id, kind FROM run_keywords ORDER BY 1, 2"),
            [
                "\"nightly\", 1, \"r-1\", \"tag\"",
                "\"nightly\", 4, \"r-4\", \"tag\"",
                "\"ü\", 1, \"r-1\", \"tag\""
            ],
            "{label}"
        );
    }
}

#[test]
fn existing_rows_keep_their_place() {
    let place = old_file::make(&[FIRST, ROWS, PROMPTS]);
    let before = places(&place.sqlite());
    migrate(&place);
    let after = places(&place.sqlite());
    let gone: Vec<_> = before.iter().filter(|object| !after.contains(object)).collect();
    assert!(gone.is_empty(), "{gone:?}");
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
fn a_file_with_other_tables_beside_ours_is_migrated_as_well() {
    let theirs = "CREATE TABLE audit (what TEXT); INSERT INTO audit VALUES ('kept')";
    let place = old_file::make(&[FIRST, ROWS, PROMPTS, theirs]);
    migrate(&place);
    let db = place.sqlite();
    assert_eq!(&shape::of_store(&db), shape::of_new_store());
    assert_eq!(support::schema_number(&db), VERSION);
    assert_eq!(rows(&db, "SELECT * FROM audit"), ["\"kept\""]);
    assert_usable("beside others", &place);
}
