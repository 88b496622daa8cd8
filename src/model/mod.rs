//! Plain data: what a store keeps.

mod case;
mod prompt;
mod run;
mod scored_case;
mod suite;
mod summary;

pub use case::{MoreOfCase, NewCase, NewScore};
pub use prompt::Prompt;
pub use run::{NewRun, Run, RunStatus};
pub use scored_case::{CaseScore, ScoredCase};
pub use suite::Suite;
pub use summary::RunSummary;
