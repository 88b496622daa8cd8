//! The files of tinker-cookbook's EvalStore: read into a store, and written out of one.
//!
//! What [`export_eval_store`] writes, the EvalStore reads with equal values, and [`import_eval_store`] reads what it wrote.
//! docs/tinker.md says what corresponds to what, and what has no counterpart.

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
mod writing;

pub use export::{ExportOptions, export_eval_store};
pub use import::{ImportOptions, import_eval_store};
pub use report::{
    ExportReport, ExportStatus, ExportedRun, ImportReport, ImportStatus, ImportedRun, Loss,
    Progress, Remark, Unread,
};
