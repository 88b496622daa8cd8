//! Rows that today's tables cannot hold are kept in tables of their own: `orphaned_runs`, `orphaned_cases`, …

use super::definition::{Wanted, names};
use super::table::{columns, copyable, find, quoted, rowid_of};
use crate::db::Connection;
use crate::error::Result;

/// What the names of these tables begin with.
pub(super) const ORPHANED: &str = "orphaned_";

/// Moves aside what lacks something to belong to: runs without a suite, cases without a run, and so on.
///
/// From the leaves up: where foreign keys are enforced, a parent that goes first would take its rows along.
pub(super) fn set_orphans_aside(db: &dyn Connection, wanted: &Wanted) -> Result<()> {
    let from_the_leaves: Vec<_> = names().collect::<Vec<_>>().into_iter().rev().collect();
    from_the_leaves.into_iter().try_for_each(|table| {
        for key in wanted.foreign_keys(table)? {
            let orphaned = format!("{} NOT IN ({})", key.column, rooted(&key.parent, wanted)?);
            set_aside(db, table, &orphaned)?;
        }
        Ok(())
    })
}

/// Returns the query for the ids of the rows that lack nothing, neither themselves nor what they belong to: a run
/// without its suite makes orphans of its cases and their scores.
fn rooted(table: &str, wanted: &Wanted) -> Result<String> {
    let mut query = format!("SELECT id FROM {table} WHERE id IS NOT NULL");
    for key in wanted.foreign_keys(table)? {
        query += &format!(" AND {} IN ({})", key.column, rooted(&key.parent, wanted)?);
    }
    Ok(query)
}

/// Moves the rows of a table for which the condition holds.
pub(super) fn set_aside(db: &dyn Connection, table: &str, condition: &str) -> Result<()> {
    let any = format!("SELECT 1 FROM {table} WHERE {condition} LIMIT 1");
    if db.query_one(&any, &[], |_| Ok(()))?.is_none() {
        return Ok(());
    }
    let present = columns(db, table)?;
    let names: Vec<String> = copyable(&present).map(|column| quoted(&column.name)).collect();
    let (names, aside) = (names.join(", "), format!("{ORPHANED}{table}"));
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
