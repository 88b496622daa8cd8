//! What each fuzz target does with its bytes. Whatever they are, nothing may panic, hang, or break what is asserted here.

#[cfg(feature = "libfuzzer")]
mod archive_file;
#[cfg(feature = "libfuzzer")]
mod archive_log;
#[cfg(feature = "libfuzzer")]
mod archive_manifest;
mod content;
mod create_table;
mod cursor;
mod database;
mod files_of_runs;
mod git;
mod packed;
mod packed_rows;
mod text;
mod tinker;

#[cfg(feature = "libfuzzer")]
pub use archive_file::archive_file;
#[cfg(feature = "libfuzzer")]
pub use archive_log::archive_log;
#[cfg(feature = "libfuzzer")]
pub use archive_manifest::archive_manifest;
pub use content::content;
pub use create_table::create_table;
pub use cursor::cursor;
pub use database::database;
pub use files_of_runs::{jsonl, run_file};
pub use git::git;
pub use packed::packed;
pub use packed_rows::packed_rows;
pub use text::text;
pub use tinker::tinker;
