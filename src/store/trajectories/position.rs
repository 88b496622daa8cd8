//! The end of a page of trajectories.

use serde::{Deserialize, Serialize};

use crate::error::{Argument, Result, StoreError};
use crate::model::TrajectoryRow;

/// Where a page ends.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(crate) struct Position {
    pub(super) benchmark: String,
    pub(super) idx: i64,
}

impl Position {
    /// Returns the position of a trajectory.
    pub(crate) fn of(row: &TrajectoryRow) -> Self {
        Position { benchmark: row.benchmark.clone(), idx: row.idx }
    }

    pub(crate) fn read(cursor: &str) -> Result<Self> {
        let parts = cursor.split_once('~');
        let parsed = parts.and_then(|(idx, benchmark)| {
            Some(Position { idx: idx.parse().ok()?, benchmark: benchmark.to_owned() })
        });
        parsed.ok_or_else(|| bad_cursor(cursor))
    }

    pub(crate) fn written(&self) -> String {
        format!("{}~{}", self.idx, self.benchmark)
    }
}

pub(super) fn bad_cursor(cursor: &str) -> StoreError {
    let expected = "one that the same query returned before";
    StoreError::value(Argument::option("cursor"), expected, format_args!("\"{cursor}\""))
}
