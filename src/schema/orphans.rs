//! Rows that today's tables cannot hold are kept in tables of their own: `orphaned_runs`, `orphaned_cases`,
//! `orphaned_scores`, `orphaned_prompts`.

use super::rebuild::{copyable, rowid_of};
use super::table::{columns, find, quoted};
use crate::db::Connection;
use crate::error::Result;

/// What lacks something to belong to, from the leaves up: where foreign keys are enforced, a parent that goes first
/// would take its rows along. A run without its suite makes orphans of its cases and their scores.
const ORPHANS: [(&str, &str); 3] = [
    (
        "scores",
        "case_id NOT IN (SELECT cases.id FROM cases JOIN runs ON runs.id = cases.run_id
           JOIN suites ON suites.id = runs.suite_id WHERE cases.id IS NOT NULL)",
    ),
    (
        "cases",
        "run_id NOT IN (SELECT runs.id FROM runs JOIN suites ON suites.id = runs.suite_id WHERE runs.id IS NOT NULL)",
    ),
    ("runs", "suite_id NOT IN (SELECT id FROM suites WHERE id IS NOT NULL)"),
];

/// Moves runs without a suite, cases without a run and scores without a case aside.
pub(super) fn set_orphans_aside(db: &dyn Connection) -> Result<()> {
    ORPHANS.iter().try_for_each(|(table, orphaned)| set_aside(db, table, orphaned))
}

/// Moves the rows of a table for which the condition holds.
pub(super) fn set_aside(db: &dyn Connection, table: &str, condition: &str) -> Result<()> {
    let any = format!("SELECT 1 FROM {table} WHERE {condition} LIMIT 1");
    if db.query_one(&any, &[], |_| Ok(()))?.is_none() {
        return Ok(());
    }
    let present = columns(db, table)?;
    let names: Vec<String> = copyable(&present).map(|column| quoted(&column.name)).collect();
    let (names, aside) = (names.join(", "), format!("orphaned_{table}"));
    // A table made of a query has no constraints, which is what these rows need.
    db.execute_script(&format!(
        "CREATE TABLE IF NOT EXISTS {aside} AS SELECT {names} FROM {table} LIMIT 0"
    ))?;
    let known = columns(db, &aside)?;
    for column in copyable(&present).filter(|column| find(&known, &column.name).is_none()) {
        db.execute_script(&format!("ALTER TABLE {aside} ADD COLUMN {}", quoted(&column.name)))?;
    }
    let rowid = rowid_of(&present);
    db.execute_script(&format!(
        "INSERT INTO {aside} ({names}) SELECT {names} FROM {table} WHERE {condition} ORDER BY {rowid};
         DELETE FROM {table} WHERE {condition};"
    ))
}
