//! The cursors of pages of runs.

use crate::db::Row;
use crate::error::{Argument, Result, StoreError};

/// The end of a page: a time, and the position among the runs with that time.
#[derive(Clone, Copy)]
pub(crate) struct Position {
    pub(super) started_at: f64,
    pub(super) rowid: i64,
}

impl Position {
    /// Reads it from the columns starting at `first`.
    pub(super) fn of(row: &dyn Row, first: usize) -> Result<Self> {
        let started_at = row.optional_number(first)?.unwrap_or_default();
        Ok(Position { started_at, rowid: row.integer(first + 1)? })
    }

    pub(crate) fn written(self) -> String {
        format!("{}~{}", self.started_at, self.rowid)
    }

    pub(crate) fn read(cursor: &str) -> Result<Self> {
        let parts = cursor.split_once('~');
        let parsed = parts.and_then(|(started_at, rowid)| {
            let position: Position =
                Position { started_at: started_at.parse().ok()?, rowid: rowid.parse().ok()? };
            // NaN is neither before nor after any time: the page would be empty, as if it were the last.
            (!position.started_at.is_nan()).then_some(position)
        });
        parsed.ok_or_else(|| {
            let expected = "one that the same query returned before";
            StoreError::value(
                Argument::option_of("query", "cursor"),
                expected,
                format_args!("\"{cursor}\""),
            )
        })
    }
}
