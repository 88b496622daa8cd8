//! What people and other programs read of runstore's figures: words, numbers, tables and charts.
//!
//! Nothing here reads a store, a file, a clock or a variable, or writes to anything but the text that it returns or the
//! writer that it is given; an [`export`] keeps what has to wait in a temporary file. What is in a text of the store can do no harm in any of them: see [`escape`].

pub mod cell;
mod cells;
pub mod chart;
pub mod colour;
mod comparison;
mod diffs;
pub mod escape;
pub mod export;
pub mod github;
pub mod html;
pub mod json;
mod markdown;
pub mod numbers;
pub mod page;
pub mod run_label;
pub mod scorecard;
pub mod sizes;
mod spreadsheet;
pub mod table;
pub mod times;
mod usage;
mod verdict;

pub use cells::{interval, level};
pub use comparison::write_comparison;
pub use markdown::{comparison_markdown, verdict_markdown};
pub use verdict::{role_of, write_verdict};
