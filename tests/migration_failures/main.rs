//! A migration that fails, is killed or has rivals leaves a file whole: old, or new, and nothing between.

#![allow(missing_docs)]
#![allow(clippy::unwrap_used, clippy::panic)] // a failing test is meant to panic

#[path = "../support/mod.rs"]
mod support;

mod a_file_that_is_not_ours;
mod a_full_disk;
mod a_killed_process;
mod a_statement_that_fails;
mod many_processes;

use std::cell::Cell;
use std::rc::Rc;
use std::time::{Duration, Instant};

use runstore::db::{Bundled, Connection, OpenOptions};
use runstore::{Code, Store, StoreError, schema};
use support::figures::{count, tell};
use support::handle::Handle;
use support::old_file::{self, EPISODES, FOURTH, ROWS, SuiteReference};
use support::random::rounds;
use support::{Place, child, damage, integer, open, rows, schema_number, shape};

const ORPHANS: &str = "INSERT INTO runs (id, suite_id, name, model, started_at) VALUES ('o', NULL, 'n', 'm', 1);
  INSERT INTO cases (id, run_id, idx, input) VALUES ('o-1', 'o', 0, '1');
  INSERT INTO scores VALUES ('o-x', 'o-1', 'exact', 1, NULL);
  INSERT INTO prompts (id, name, content, created_at) VALUES ('p-1', 'n', 'a', 1), ('p-2', 'n', 'b', 2);";
const ADDITIONS: &str = "CREATE TABLE audit (what TEXT);
  CREATE TRIGGER run_gone AFTER DELETE ON runs BEGIN INSERT INTO audit VALUES (old.id); END;
  CREATE VIEW v AS SELECT * FROM runs; CREATE INDEX mine ON runs(model);";

/// A file for which the migration has everything to do.
fn oldest_file() -> Place {
    old_file::make(&[&oldest_schema(), ROWS, ORPHANS, ADDITIONS])
}

/// A file of the last schema, for which a table of ours is rebuilt. The table `audit` is for [`whole`].
fn last_file() -> Place {
    let place = old_file::make(&[FOURTH, ROWS, EPISODES, "CREATE TABLE audit (what TEXT)"]);
    let many = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 3000)
        INSERT INTO turns (trajectory_id, position, role, content)
        SELECT 1, 100 + i, 'assistant', 'what was said ' || i FROM n";
    place.sqlite().execute_batch(many).unwrap();
    place
}

const TURNS: &str =
    "SELECT rowid, trajectory_id, position, role, content, text_id FROM turns ORDER BY rowid";

fn oldest_in_memory() -> Rc<rusqlite::Connection> {
    Rc::new(old_file::make_in_memory(&[&oldest_schema(), ROWS, ORPHANS, ADDITIONS]))
}

fn oldest_schema() -> String {
    let schema = old_file::schema_with(SuiteReference::NullableSetNull);
    old_file::schema_without_versions(&schema, "TEXT NOT NULL")
}

/// Everything that can be read from a file.
#[derive(Debug, PartialEq)]
struct Whole {
    schema: Vec<String>,
    content: Vec<(&'static str, Vec<String>)>,
    audit: Vec<String>,
    version: i64,
}

fn whole(db: &rusqlite::Connection) -> Whole {
    assert_eq!(rows(db, "PRAGMA integrity_check"), ["\"ok\""]);
    Whole {
        schema: rows(db, "SELECT type, name, tbl_name, sql FROM sqlite_master ORDER BY rowid"),
        content: old_file::content(db),
        audit: rows(db, "SELECT * FROM audit"),
        version: schema_number(db),
    }
}

fn assert_migrated(db: &rusqlite::Connection) {
    assert_eq!(&shape_without_mine(db), shape::of_new_store());
    assert_eq!(damage(db), [""; 0]);
    assert_eq!(rows(db, "SELECT * FROM audit"), [""; 0]);
    for (table, number) in [
        ("suites", 2),
        ("runs", 3),
        ("cases", 5),
        ("scores", 6),
        ("prompts", 2),
        ("orphaned_runs", 1),
        ("orphaned_cases", 1),
        ("orphaned_scores", 1),
    ] {
        assert_eq!(integer(db, &format!("SELECT count(*) FROM {table}")), number, "{table}");
    }
}

fn shape_without_mine(
    db: &rusqlite::Connection,
) -> std::collections::BTreeMap<String, Vec<String>> {
    let mut shape = shape::of_store(db);
    shape.values_mut().for_each(|lines| lines.retain(|line| !line.starts_with("index \"mine\"")));
    shape
}
