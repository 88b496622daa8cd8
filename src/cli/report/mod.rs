//! What people read of comparisons and verdicts: on a terminal, in a comment, in a job of GitHub.

mod cells;
mod comparison;
mod diffs;
pub(super) mod github;
mod markdown;
mod usage;
mod verdict;

pub(super) use cells::{interval, level};
pub(super) use comparison::write_comparison;
pub(super) use markdown::{comparison_markdown, verdict_markdown};
pub(super) use verdict::{role_of, write_verdict};
