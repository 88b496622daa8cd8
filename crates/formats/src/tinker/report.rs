//! What was read, written, changed and left out. Serialises to JSON with names in camelCase.

use serde::Serialize;

use runstore::maintenance::Findings;

/// What an [`EvalStoreImport`](super::EvalStoreImport) did.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct ImportReport {
    /// Absolute path of the EvalStore.
    pub path: String,
    /// The runs that were asked for, by name.
    pub runs: Vec<ImportedRun>,
    /// Runs that could not be read at all.
    pub unread: Findings<Unread>,
}

/// A run that could not be read.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Unread {
    /// Name of its folder.
    pub run: String,
    /// Why, in words.
    pub reason: String,
}

/// A run that is in the store now.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct ImportedRun {
    /// Its id, here and there.
    pub run_id: String,
    /// Whether it was there before.
    pub status: ImportStatus,
    /// Results of benchmarks.
    pub results: u64,
    /// Trajectories.
    pub trajectories: u64,
    /// What could not be read, and was left out.
    pub skipped: Findings<Remark>,
    /// What was read and could not stay as it was.
    pub changed: Findings<Remark>,
}

/// What became of a run.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum ImportStatus {
    /// It is new in the store.
    Imported,
    /// It was there, with the same content.
    Unchanged,
}

/// A remark on a file, or on a line of it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Remark {
    /// The file, seen from the folder of its run.
    pub file: String,
    /// The line, from 1; `None` for the file as a whole.
    pub line: Option<u64>,
    /// What there is to say, in words.
    pub reason: String,
}

/// What an [`EvalStoreExport`](super::EvalStoreExport) did.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct ExportReport {
    /// Absolute path of the EvalStore.
    pub path: String,
    /// The runs, in the order in which they were asked for.
    pub runs: Vec<ExportedRun>,
}

/// A run that is in the EvalStore now.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct ExportedRun {
    /// Its id, here and there.
    pub run_id: String,
    /// Whether it was there before.
    pub status: ExportStatus,
    /// Results of benchmarks.
    pub results: u64,
    /// Trajectories.
    pub trajectories: u64,
    /// What an EvalStore has no place for.
    pub losses: Vec<Loss>,
}

/// What became of a run.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum ExportStatus {
    /// It is new there.
    Exported,
    /// It was there, with the same content.
    Unchanged,
    /// It was there with another content, in whose place it is now.
    Overwritten,
}

/// Something of a run that was not written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Loss {
    /// `cases`, `parts`, `tags`, `metadata`, `git` or `summary`.
    pub what: &'static str,
    /// How many there are.
    pub count: u64,
}

/// How far a work has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Progress {
    /// What is done, in bytes or trajectories.
    pub done: u64,
    /// What there is to do.
    pub total: u64,
}
