//! Whole runs, streaming out of a store and into one.

mod export;
mod heads;
mod import;
mod insert;
mod publish;
mod remove;
mod remove_equal;
mod trail;

pub(super) use export::refuse_unfinished;
pub use export::{RunExport, RunReading};
pub use import::{ExistingRun, ImportState, ImportedRows, RowImport, StoreSink};
pub(crate) use remove::remove_unfinished;
