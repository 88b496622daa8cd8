//! Plain data: what a store keeps.

mod case;
mod prompt;
mod run;
mod suite;
mod summary;

pub use case::{MoreOfCase, NewCase, NewScore};
pub use prompt::Prompt;
pub use run::{NewRun, Run, RunStatus};
pub use suite::Suite;
pub use summary::RunSummary;
