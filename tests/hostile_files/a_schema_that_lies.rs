//! Files whose number says that they are current, and whose tables are something else.

use super::read_everything::read_everything;
use super::*;

const ENDLESS: &str =
    "WITH RECURSIVE endless (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM endless)";

fn is_refused(script: &str, expected: &str) {
    let place = store_file();
    forge(&place, script);
    for opened in [open(&place.path), open_read_only(&place)] {
        let error = opened.err().unwrap_or_else(|| panic!("opened after {script}"));
        assert!(matches!(error.code, Code::Schema | Code::Corrupt), "{script}: {error}");
        assert!(error.message().contains(expected), "{script}: {error}");
        assert!(error.message().contains(&place.path), "{script}: {error}");
    }
}

fn forged_table(name: &str, from: &str, to: &str) -> String {
    format!(
        "UPDATE sqlite_master SET sql = replace(sql, '{from}', '{to}') WHERE type = 'table' AND name = '{name}'"
    )
}

#[test]
fn a_view_in_place_of_a_table_is_refused() {
    is_refused(
        &format!(
            "DROP TABLE prompts; CREATE VIEW prompts AS {ENDLESS}
             SELECT n AS id, n AS name, n AS version, n AS content, n AS created_at FROM endless"
        ),
        "\"prompts\" is not the table of a run store: it is a view",
    );
}

#[test]
fn a_virtual_table_in_place_of_a_table_is_refused() {
    let made = "DROP TABLE prompts; CREATE VIRTUAL TABLE prompts USING fts5(id, name, version, content, created_at)";
    is_refused(made, "\"prompts\" is not the table of a run store: it is a virtual");
}

#[test]
fn a_table_without_rowids_is_refused() {
    let script =
        "DROP TABLE prompts; CREATE TABLE prompts (id TEXT PRIMARY KEY, name TEXT NOT NULL,
        version INTEGER NOT NULL, content TEXT NOT NULL, created_at INTEGER) WITHOUT ROWID";
    is_refused(script, "it has no rowids");
}

#[test]
fn a_column_of_ours_that_is_computed_is_refused() {
    let huge = "input TEXT AS (hex(zeroblob(250000000)))";
    is_refused(&forged_table("cases", "input TEXT NOT NULL", huge), "it computes its column input");
    is_refused(
        &forged_table("runs", "tags TEXT,", "tags TEXT GENERATED ALWAYS AS (name) STORED,"),
        "it computes its column tags",
    );
}

#[test]
fn a_column_that_a_user_added_may_be_computed() {
    let place = store_file();
    let added = "ALTER TABLE cases ADD COLUMN length INTEGER AS (length(output))";
    place.sqlite().execute_batch(added).unwrap();
    let store = open(&place.path).unwrap();
    assert!(read_everything(&store).is_empty());
    store.save_cases([Ok(case("second"))]).unwrap();
    assert_eq!(store.count_cases("run").unwrap(), 2);
}

#[test]
fn an_entry_that_cannot_be_is_an_error_or_read() {
    for change in [
        "rootpage = 0",
        "rootpage = -1",
        "rootpage = 2147483647",
        "rootpage = 1",
        "rootpage = (SELECT rootpage FROM sqlite_master WHERE name = 'runs')",
        "rootpage = (SELECT rootpage FROM sqlite_master WHERE name = 'idx_cases_run_id')",
        "rootpage = 'x'",
        "sql = NULL",
        "sql = ''",
        "sql = 'CREATE TABLE cases'",
        "sql = 'DROP TABLE suites'",
        "sql = 'CREATE TABLE cases (id, run_id)'",
        "sql = replace(sql, 'TEXT', 'BLOB COLLATE unknown')",
        "sql = x'00ff00'",
        "sql = 'CREATE TABLE cases (id ' || hex(zeroblob(100000)) || ')'",
        "type = 'view'",
        "type = 'index'",
        "type = 'trigger'",
        "name = 'sqlite_master'",
        "name = NULL",
        "tbl_name = 'suites'",
    ] {
        for object in ["cases", "idx_cases_run_id", "scores", "idx_scores_case_id"] {
            let place = store_file();
            forge(&place, &format!("UPDATE sqlite_master SET {change} WHERE name = '{object}'"));
            for opened in [open(&place.path), open_read_only(&place)] {
                let errors = match &opened {
                    Ok(store) => read_everything(store),
                    Err(error) => vec![error.clone()],
                };
                for error in errors {
                    assert_ne!(error.code, Code::Internal, "{object} {change}: {error}");
                }
            }
        }
    }
}

#[test]
fn tables_that_share_their_pages_are_no_danger_to_other_files() {
    let place = store_file();
    let shared = "UPDATE sqlite_master SET rootpage = (SELECT rootpage FROM sqlite_master WHERE name = 'suites')
                  WHERE name IN ('runs', 'cases', 'scores', 'prompts')";
    forge(&place, shared);
    if let Ok(store) = open(&place.path) {
        read_everything(&store);
        let saved = store.save_cases([Ok(case("second"))]);
        assert_ne!(saved.err().map(|error| error.code), Some(Code::Internal));
    }
}
