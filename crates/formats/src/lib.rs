//! File formats of other programs, one folder each, converted from and to rows of runs.
//!
//! A format opens no store. It implements [`RowSource`](runstore::rows::RowSource) for reading and
//! [`RowSink`](runstore::rows::RowSink) for writing its files; the caller connects it to a store.

mod case_runs;
mod existing_file;
pub mod jsonl;
pub mod new_file;
pub mod run_file;
pub mod tinker;

#[cfg(feature = "fuzzing")]
#[doc(hidden)]
pub mod fuzzing {
    //! Parsers that are private, for the targets of `fuzz/`.

    pub use crate::tinker::fuzzing::read_twice;
}
