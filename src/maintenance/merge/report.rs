//! The report of a merge.

use serde::Serialize;

use crate::maintenance::Findings;

/// Options of a merge.
#[derive(Clone, Copy, Debug, Default)]
pub struct MergeOptions {
    /// Merges suites with the same name: all runs go to the one that was created first.
    pub unite_suites: bool,
}

/// A row that two files contain with the same key and different content.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Conflict {
    /// The table.
    pub table: &'static str,
    /// The key of the row; of several columns, joined by `/`.
    pub key: String,
    /// The columns that differ.
    pub columns: Vec<String>,
    /// The input whose row conflicts with an earlier one.
    pub path: String,
}

/// Row counts of one table of one input.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct TableCount {
    /// The table.
    pub table: &'static str,
    /// Number of new rows.
    pub added: u64,
    /// Number of rows that existed with the same content.
    pub known: u64,
}

/// The rows taken from one input.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct MergedFile {
    /// The input.
    pub path: String,
    /// Row counts by table.
    pub tables: Vec<TableCount>,
}

/// The result of [`merge`](super::merge).
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct MergeReport {
    /// The resulting store.
    pub out: String,
    /// Whether it was written, because there are no conflicts.
    pub written: bool,
    /// The rows taken from each input, in order.
    pub files: Vec<MergedFile>,
    /// The conflicts.
    pub conflicts: Findings<Conflict>,
}
