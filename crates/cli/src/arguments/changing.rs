//! Arguments of the commands that rename, tag and delete runs and suites.

use clap::{Args, Subcommand};

use super::json_help;
use super::run_argument::{RunArgument, RunsArgument};

/// The operations on suites.
#[derive(Debug, Subcommand)]
pub(crate) enum SuitesCommand {
    Rename(RenameSuite),
    Unite(UniteSuites),
    Delete(DeleteSuite),
}

/// The operations on runs.
#[derive(Debug, Subcommand)]
pub(crate) enum RunsCommand {
    Rename(RenameRun),
    Tag(TagRun),
    Delete(DeleteRuns),
}

/// Gives a suite another name.
#[derive(Args, Debug)]
#[command(after_long_help = json_help::SUITES_RENAME)]
pub(crate) struct RenameSuite {
    /// The suite, by name or id
    #[arg(value_name = "SUITE")]
    pub(crate) suite: String,
    /// The new name
    #[arg(value_name = "NAME")]
    pub(crate) name: String,
}

/// Merges all suites with the same name: the newest gets the runs, baselines and verdicts of the others.
#[derive(Args, Debug)]
#[command(after_long_help = json_help::SUITES_UNITE)]
pub(crate) struct UniteSuites {
    /// The name of the suites
    #[arg(value_name = "NAME")]
    pub(crate) name: String,
}

/// Deletes a suite with its runs, their cases, scores, results, trajectories, baselines and verdicts.
#[derive(Args, Debug)]
#[command(after_long_help = json_help::SUITES_DELETE)]
pub(crate) struct DeleteSuite {
    /// The suite, by name or id
    #[arg(value_name = "SUITE")]
    pub(crate) suite: String,
    #[command(flatten)]
    pub(crate) confirmation: Confirmation,
}

/// Gives a run another name.
#[derive(Args, Debug)]
#[command(after_long_help = json_help::RUNS_RENAME)]
pub(crate) struct RenameRun {
    #[command(flatten)]
    pub(crate) run: RunArgument,
    /// The new name
    #[arg(value_name = "NAME")]
    pub(crate) name: String,
}

/// Adds tags to a run, and removes tags from it.
#[derive(Args, Debug)]
#[command(after_long_help = json_help::RUNS_TAG)]
pub(crate) struct TagRun {
    #[command(flatten)]
    pub(crate) run: RunArgument,
    /// A tag to add; may be repeated
    #[arg(long, value_name = "TAG", required_unless_present = "remove")]
    pub(crate) add: Vec<String>,
    /// A tag to remove; may be repeated
    #[arg(long, value_name = "TAG")]
    pub(crate) remove: Vec<String>,
}

/// Deletes runs with their cases, scores, results, trajectories, baselines and verdicts: all of the runs, or none.
#[derive(Args, Debug)]
#[command(after_long_help = json_help::RUNS_DELETE)]
pub(crate) struct DeleteRuns {
    #[command(flatten)]
    pub(crate) runs: RunsArgument,
    #[command(flatten)]
    pub(crate) confirmation: Confirmation,
}

/// Confirms an operation that cannot be undone.
#[derive(Args, Debug)]
pub(crate) struct Confirmation {
    /// Confirms the deletion; without it, the command shows what would be deleted, and exits with 64
    #[arg(long, conflicts_with = "dry_run")]
    pub(crate) yes: bool,
    /// Shows what would be deleted, without deleting it
    #[arg(long)]
    pub(crate) dry_run: bool,
}
