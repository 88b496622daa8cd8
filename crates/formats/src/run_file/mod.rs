//! Run files: one self-contained JSON file per run, with the keys that evaluar documents, and one of our own from which
//! the run can be imported into a store without loss.
//!
//! [`RunFileWriter`] is a [`RowSink`](runstore::rows::RowSink), and [`read_rows`] writes to one. Neither keeps the
//! cases of a run in memory. docs/run-files.md describes the format, `run-file.schema.json` defines it.

mod convert;
mod document;
mod each_key_once;
mod fields;
mod find;
mod id;
mod json;
mod list;
mod number;
mod parse;
mod read;
mod rows;
mod runs;
mod spool;
mod write;

pub use document::{FileMetadata, FileSample, FileScorecard, FileThreshold, Pipeline, RunFile};
pub use find::find_run_file;
pub use id::{check_run_id, default_run_id, path_of};
pub use list::{ListedFile, list_run_files};
pub use number::Number;
pub use read::{Rows, read_document};
pub use runs::read_rows;
pub use write::{RunFileOptions, RunFileWriter, WrittenFile};

/// The version of our own key that is written, which is also the newest that can be read.
pub const VERSION: u64 = 1;

/// The default folder of run files.
pub const DEFAULT_FOLDER: &str = "evaluar/results";
