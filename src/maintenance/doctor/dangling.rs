//! Finds rows that refer to a row that does not exist.

use serde::Serialize;

use crate::db::{Connection, Step};
use crate::error::Result;
use crate::maintenance::Findings;

/// A row that refers to a row that does not exist.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct DanglingRow {
    /// The table of the row.
    pub table: String,
    /// Its rowid.
    pub rowid: i64,
    /// The table that lacks the row.
    pub parent: String,
}

pub(super) fn find(db: &dyn Connection) -> Result<Findings<DanglingRow>> {
    let mut found = Findings::default();
    db.prepare("PRAGMA foreign_key_check")?.query(&[], &mut |row| {
        found.push(DanglingRow {
            table: row.text(0)?,
            rowid: row.integer(1)?,
            parent: row.text(2)?,
        });
        Ok(Step::Next)
    })?;
    Ok(found)
}
