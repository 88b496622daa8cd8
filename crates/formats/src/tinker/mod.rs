//! The files of tinker-cookbook's EvalStore.
//!
//! An EvalStore reads what an [`EvalStoreExport`] writes, with equal values, and an [`EvalStoreImport`] reads what an
//! EvalStore writes. docs/tinker.md shows how the fields correspond, and which have no counterpart.

mod db;
mod disk;
mod export;
mod fields;
mod file_state;
mod folder;
#[cfg(feature = "fuzzing")]
pub(crate) mod fuzzing;
mod import;
mod iso_time;
mod line;
mod lines;
mod python_json;
mod report;
mod result_file;
mod run_file;
mod trajectory_file;
mod writing;

pub use export::{EvalStoreExport, ExportOptions};
pub use import::{DEFAULT_SUITE, EvalStoreImport, ImportOptions, MAX_UTC_OFFSET};
pub use report::{
    ExportReport, ExportStatus, ExportedRun, ImportReport, ImportStatus, ImportedRun, Loss,
    Progress, Remark, Unread,
};
