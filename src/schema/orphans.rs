//! Rows that today's tables cannot hold are moved to tables of their own: `orphaned_runs`, `orphaned_cases`, …

use super::definition::{Wanted, names};
use super::table::{columns, copyable, find, quoted, rowid_of};
use crate::db::Connection;
use crate::error::Result;

/// The prefix of these tables' names.
pub(super) const ORPHANED: &str = "orphaned_";

/// Moves rows aside whose parent is missing: runs without a suite, cases without a run, and so on.
///
/// Children go first: where foreign keys are enforced, deleting a parent would delete its children.
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

/// Returns the query for the ids of rows that have all of their ancestors: a run without its suite makes its cases and
/// their scores orphans as well.
fn rooted(table: &str, wanted: &Wanted) -> Result<String> {
    let mut query = format!("SELECT id FROM {table} WHERE id IS NOT NULL");
    for key in wanted.foreign_keys(table)? {
        query += &format!(" AND {} IN ({})", key.column, rooted(&key.parent, wanted)?);
    }
    Ok(query)
}

/// Moves the rows of a table that meet the condition.
pub(super) fn set_aside(db: &dyn Connection, table: &str, condition: &str) -> Result<()> {
    let any = format!("SELECT 1 FROM {table} WHERE {condition} LIMIT 1");
    if db.query_one(&any, &[], |_| Ok(()))?.is_none() {
        return Ok(());
    }
    let present = columns(db, table)?;
    let names: Vec<String> = copyable(&present).map(|column| quoted(&column.name)).collect();
    let (names, aside) = (names.join(", "), format!("{ORPHANED}{table}"));
    // A table created from a query has no constraints, so it can hold these rows.
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
