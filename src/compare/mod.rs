//! Comparing two runs.
//!
//! What is compared is read through [`Store`](crate::Store); the comparing itself has no I/O.

// A test may fail by a panic; nothing else may.
#![cfg_attr(test, allow(clippy::unwrap_used))]

mod pairing;
mod runs;
mod scorers;

pub use runs::{Change, CompareOptions, CostDelta, RunComparison, ScorerSummary, compare_runs};
