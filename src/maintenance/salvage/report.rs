//! What a salvage says.

use serde::Serialize;

use crate::maintenance::Findings;

/// Rowids, the first and the last, between which nothing could be read. Most of them may never have been used.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct RowidRange {
    /// The first.
    pub first: i64,
    /// The last.
    pub last: i64,
}

/// A row that an index knows and that could not be read.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct LostRow {
    /// Its rowid.
    pub rowid: i64,
    /// What the index knows of it: its id.
    pub id: Option<String>,
}

/// What became of the rows of a table.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct SalvagedTable {
    /// The table.
    pub name: String,
    /// Rows that are in the new file.
    pub rows: u64,
    /// Rows that could be read and are too damaged to be kept, each with the reason.
    pub refused: Findings<String>,
    /// Where nothing could be read.
    pub unreadable: Vec<RowidRange>,
    /// The rows that are lost, as far as the indexes of the damaged file know them.
    pub lost: Findings<LostRow>,
}

/// What [`salvage`](super::salvage) read, and what it could not.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct SalvageReport {
    /// The damaged file.
    pub path: String,
    /// The new store.
    pub out: String,
    /// Its tables.
    pub tables: Vec<SalvagedTable>,
    /// Values that are not JSON, moved to the table `damaged_values`.
    pub set_aside: u64,
    /// Rows that refer to what was lost, moved to the tables `orphaned_*`.
    pub orphaned: u64,
    /// What else could not be read or taken over, in words.
    pub problems: Vec<String>,
}
