//! Plain data: what a store keeps.

mod baseline;
mod case;
mod prompt;
mod run;
mod scored_case;
mod suite;
mod summary;
mod verdict;

pub use baseline::Baseline;
pub use case::{MoreOfCase, NewCase, NewScore};
pub use prompt::Prompt;
pub use run::{NewRun, Run, RunStatus};
pub use scored_case::{CaseScore, ScoredCase};
pub use suite::Suite;
pub use summary::RunSummary;
pub use verdict::{Decision, NewVerdict, Verdict, VerdictFilter, VerdictScorer};
