//! Parsers that are private, for the targets of `fuzz/`.

pub use crate::compare::fuzzing::{canonical_text, digest_and_slice};
pub use crate::git::fuzzing::head;
pub use crate::schema::fuzzing::{column_names, with_additions};
pub use crate::store::fuzzing::{cursor_of_runs, cursor_of_trajectories, decompress};
