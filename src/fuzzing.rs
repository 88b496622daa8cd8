//! Parsers that are private, for the targets of `fuzz/`.

pub use crate::compare::fuzzing::{canonical_text, digest_and_slice};
pub use crate::schema::fuzzing::{column_names, with_additions};
pub use crate::tinker::fuzzing::read_twice;
