//! The doctor's repairs. Nothing is discarded, and a damaged file is not written to.

use serde::Serialize;

use super::{DoctorOptions, DoctorReport, integrity, stale, unreadable};
use crate::db::{Connection, transaction};
use crate::error::Result;
use crate::schema;

/// A repair.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Fix {
    /// Description of the repair.
    pub action: String,
    /// Number of repaired indexes, rows, values or runs.
    pub count: u64,
}

pub(super) fn repair(
    db: &dyn Connection,
    found: &DoctorReport,
    options: &DoctorOptions,
) -> Result<Vec<Fix>> {
    let mut fixed = Vec::new();
    let mut done = |action: &str, count| fixed.push(Fix { action: action.to_owned(), count });
    if !integrity::is_of_indexes(&found.integrity) {
        return Ok(fixed);
    }
    if options.fix {
        repair_file(db, found, &mut done)?;
    }
    let failed = match found.stale_runs.is_empty() {
        true => 0,
        false => stale::mark_failed(db, options)?,
    };
    if failed > 0 {
        done("stale runs marked as failed", failed);
    }
    Ok(fixed)
}

fn repair_file(
    db: &dyn Connection,
    found: &DoctorReport,
    done: &mut dyn FnMut(&str, u64),
) -> Result<()> {
    if !found.integrity.is_empty() {
        let tables = schema::tables()?;
        tables
            .iter()
            .try_for_each(|table| db.execute_script(&format!("REINDEX {}", table.name)))?;
        done("index entries rebuilt from the tables", found.integrity.count);
    }
    if !found.unreadable.is_empty() {
        let moved = transaction(db, || unreadable::set_aside(db))?;
        done("unreadable values moved to the table damaged_values", moved);
    }
    let (dangling, drifted) = (found.dangling.count, found.schema.count);
    if dangling + drifted > 0 {
        schema::repair(db)?;
    }
    if dangling > 0 {
        done("dangling rows moved to the tables orphaned_*", dangling);
    }
    if drifted > 0 {
        done("tables and indexes repaired", drifted);
    }
    Ok(())
}
