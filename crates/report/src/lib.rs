//! Presents figures to people and other programs: words, numbers, tables and charts.
//!
//! This crate reads no store, file, clock or variable, and writes only to the returned text or the given writer; an
//! [`export`] may use a temporary file. Text from the store is escaped everywhere: see [`escape`].

pub mod cell;
mod cells;
pub mod chart;
pub mod colour;
mod comparison;
mod diffs;
pub mod escape;
pub mod export;
pub mod github;
mod grouped;
pub mod html;
pub mod json;
mod markdown;
pub mod numbers;
pub mod page;
pub mod room;
pub mod run_label;
pub mod scorecard;
pub mod sizes;
pub mod spreadsheet;
pub mod table;
pub mod times;
mod usage;
mod verdict;

pub use cells::{interval, level};
pub use comparison::write_comparison;
pub use markdown::{comparison_markdown, verdict_markdown};
pub use verdict::{role_of, write_verdict};
