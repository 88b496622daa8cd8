//! An old file that cannot be written can still be read: temporary views add what its tables lack.

use super::table::{Column, exists, quoted};
use super::upgrade::missing_columns;
use crate::db::Connection;
use crate::error::{Result, StoreError};

/// Completes the tables by views of this connection, which SQLite finds before the tables.
///
/// Returns `refusal` for a file that has no tables of a run store at all.
pub(super) fn complete(db: &dyn Connection, refusal: StoreError) -> Result<()> {
    db.execute_script("PRAGMA temp_store = MEMORY")?;
    for table in ["suites", "runs", "cases", "scores", "prompts"] {
        if !exists(db, table)? {
            return Err(refusal);
        }
        let missing = missing_columns(db, table)?;
        if !missing.is_empty() {
            add_columns(db, table, &missing)?;
        }
    }
    Ok(())
}

fn add_columns(db: &dyn Connection, table: &str, missing: &[Column]) -> Result<()> {
    let added: Vec<String> = missing
        .iter()
        // Before versions there was one of each name.
        .map(|column| {
            let value = if column.name == "version" { "1" } else { "NULL" };
            format!("{value} AS {}", quoted(&column.name))
        })
        .collect();
    db.execute_script(&format!(
        "CREATE TEMP VIEW IF NOT EXISTS {table} AS SELECT rowid AS rowid, *, {} FROM main.{table}",
        added.join(", ")
    ))
}
