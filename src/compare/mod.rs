//! Comparing two runs.
//!
//! What is compared is read through [`Store`](crate::Store); the comparing itself has no I/O.
//!
//! [`compare`] says how far two runs are apart and whether that can be trusted, [`gate`] whether the candidate may
//! take the place of the baseline. [`compare_runs`] is the comparison of `@deepagents/evals`, kept as it is.

// A test may fail by a panic; nothing else may.
#![cfg_attr(test, allow(clippy::unwrap_used))]

mod cases;
mod comparison;
mod content;
mod diffs;
mod estimate;
mod gate;
mod matching;
mod options;
mod pairing;
mod report;
mod runs;
mod scorers;
mod slices;
mod usage;

pub use comparison::compare;
pub use estimate::{Estimate, Method, PairedScores};
pub use gate::{Decision, GateReport, ScorerVerdict, gate};
pub use options::{ComparisonOptions, DEFAULT_MARGIN, GateOptions, PairBy, PerScorer};
pub use report::*;
pub use runs::{Change, CompareOptions, CostDelta, RunComparison, ScorerSummary, compare_runs};
