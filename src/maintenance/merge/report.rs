//! What a merge says.

use serde::Serialize;

use crate::maintenance::Findings;

/// How stores are merged.
#[derive(Clone, Copy, Debug, Default)]
pub struct MergeOptions {
    /// Takes suites of one name for one suite: the runs of all go to the one that was there first.
    pub unite_suites: bool,
}

/// A row that is in two files with one key and different content.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Conflict {
    /// The table.
    pub table: &'static str,
    /// The key of the row; of several columns, joined by `/`.
    pub key: String,
    /// The columns that differ.
    pub columns: Vec<String>,
    /// The input whose row does not fit to what was there before.
    pub path: String,
}

/// Rows of one table of one input.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct TableCount {
    /// The table.
    pub table: &'static str,
    /// Rows that were not there before.
    pub added: u64,
    /// Rows that were there with the same content.
    pub known: u64,
}

/// What was taken from one input.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct MergedFile {
    /// The input.
    pub path: String,
    /// Its rows by table.
    pub tables: Vec<TableCount>,
}

/// What [`merge`](super::merge) did.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct MergeReport {
    /// The store that holds everything.
    pub out: String,
    /// Whether it was written: there are no conflicts.
    pub written: bool,
    /// What was taken from each input, in their order.
    pub files: Vec<MergedFile>,
    /// Rows that contradict each other.
    pub conflicts: Findings<Conflict>,
}
