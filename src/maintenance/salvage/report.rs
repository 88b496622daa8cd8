//! The report of a salvage.

use serde::Serialize;

use crate::maintenance::Findings;

/// The first and the last rowid of a range in which nothing could be read. Most of these rowids may never have been
/// used.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct RowidRange {
    /// The first.
    pub first: i64,
    /// The last.
    pub last: i64,
}

/// A row that an index contains and that could not be read.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct LostRow {
    /// Its rowid.
    pub rowid: i64,
    /// Its id, if the index contains it.
    pub id: Option<String>,
}

/// The result for a table.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct SalvagedTable {
    /// The table.
    pub name: String,
    /// Number of rows in the new file.
    pub rows: u64,
    /// Rows that could be read but are too damaged to be kept, with the reason.
    pub refused: Findings<String>,
    /// The unreadable ranges.
    pub unreadable: Vec<RowidRange>,
    /// The lost rows, as far as the indexes of the damaged file contain them.
    pub lost: Findings<LostRow>,
}

/// The result of [`salvage`](super::salvage).
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct SalvageReport {
    /// The damaged file.
    pub path: String,
    /// The new store.
    pub out: String,
    /// Its tables.
    pub tables: Vec<SalvagedTable>,
    /// Number of values that are not JSON, moved to the table `damaged_values`.
    pub set_aside: u64,
    /// Number of rows that refer to lost rows, moved to the tables `orphaned_*`.
    pub orphaned: u64,
    /// Other problems, as text.
    pub problems: Vec<String>,
}
