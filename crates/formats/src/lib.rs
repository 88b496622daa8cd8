//! The files of other programs, one folder each: read as rows of runs, and written from them.
//!
//! A format opens no store. It is a [`RowSource`](runstore::rows::RowSource) of what stands in its files, and a
//! [`RowSink`](runstore::rows::RowSink) of what is to stand in them; whoever has a store connects the two.

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
