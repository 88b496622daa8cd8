//! Reports of imports and exports: what was read, written, changed and left out. They serialise to JSON with names in
//! camelCase.

use serde::Serialize;

use runstore::maintenance::Findings;

/// The result of an [`EvalStoreImport`](super::EvalStoreImport).
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct ImportReport {
    /// Absolute path of the EvalStore.
    pub path: String,
    /// The requested runs, by name.
    pub runs: Vec<ImportedRun>,
    /// Runs that could not be read.
    pub unread: Findings<Unread>,
}

/// A run that could not be read.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Unread {
    /// Name of its folder.
    pub run: String,
    /// Why.
    pub reason: String,
}

/// A run that is now in the store.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct ImportedRun {
    /// Its id, the same in both.
    pub run_id: String,
    /// Whether it existed before.
    pub status: ImportStatus,
    /// Number of results of benchmarks.
    pub results: u64,
    /// Number of trajectories.
    pub trajectories: u64,
    /// Parts that could not be read, and were left out.
    pub skipped: Findings<Remark>,
    /// Values that were changed.
    pub changed: Findings<Remark>,
}

/// The outcome for a run.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum ImportStatus {
    /// It is new in the store.
    Imported,
    /// It existed with the same content.
    Unchanged,
}

/// A remark on a file, or on a line in it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Remark {
    /// The file, relative to the folder of its run.
    pub file: String,
    /// The line, from 1; `None` for the file as a whole.
    pub line: Option<u64>,
    /// The remark.
    pub reason: String,
}

/// Remarks on the files.
#[derive(Clone, Default)]
pub(super) struct Remarks {
    pub(super) skipped: Findings<Remark>,
    pub(super) changed: Findings<Remark>,
}

impl Remarks {
    pub(super) fn skip(&mut self, file: &str, line: Option<u64>, reason: String) {
        self.skipped.push(Remark { file: file.to_owned(), line, reason });
    }

    pub(super) fn change(&mut self, file: &str, line: Option<u64>, reason: String) {
        self.changed.push(Remark { file: file.to_owned(), line, reason });
    }
}

/// The result of an [`EvalStoreExport`](super::EvalStoreExport).
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct ExportReport {
    /// Absolute path of the EvalStore.
    pub path: String,
    /// The runs, in the requested order.
    pub runs: Vec<ExportedRun>,
}

/// A run that is now in the EvalStore.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct ExportedRun {
    /// Its id, the same in both.
    pub run_id: String,
    /// Whether it existed before.
    pub status: ExportStatus,
    /// Number of results of benchmarks.
    pub results: u64,
    /// Number of trajectories.
    pub trajectories: u64,
    /// What an EvalStore cannot represent.
    pub losses: Vec<Loss>,
}

/// The outcome for a run.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum ExportStatus {
    /// It is new there.
    Exported,
    /// It existed with the same content.
    Unchanged,
    /// It replaced a run with other content.
    Overwritten,
}

/// A part of a run that was not written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Loss {
    /// `cases`, `parts`, `tags`, `metadata`, `git` or `summary`.
    pub what: &'static str,
    /// How many there are.
    pub count: u64,
}

/// The progress of an operation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Progress {
    /// What is done, in bytes or trajectories.
    pub done: u64,
    /// The total.
    pub total: u64,
}
