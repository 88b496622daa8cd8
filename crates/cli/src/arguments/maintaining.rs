//! Arguments of the commands that look after the file.

use std::path::PathBuf;

use clap::{ArgGroup, Args, ValueHint};

use super::json_help;

/// Looks the store over: damage, dangling rows, schema, values that cannot be read, runs that never ended, free space.
///
/// Without --fix and --fail-stale-runs nothing is changed. A store that is not healthy ends the command with 65, and the
/// findings are printed all the same.
#[derive(Args, Debug)]
#[command(after_long_help = json_help::DOCTOR)]
pub(crate) struct Doctor {
    /// Repairs what can be repaired without losing anything: what cannot stay where it is moves to tables of its own, runs
    /// whose process has ended become failed
    #[arg(long)]
    pub(crate) fix: bool,
    /// After how long without a heartbeat a run is stale whose process may live (12h, 7d)
    #[arg(long, value_name = "DURATION", default_value = "1d")]
    pub(crate) stale: String,
    /// Marks stale runs failed, but for those whose process is known to live
    #[arg(long)]
    pub(crate) fail_stale_runs: bool,
    /// Makes a new store at OUT of what can be read of a damaged one, which is only read
    #[arg(long, value_name = "OUT", value_hint = ValueHint::FilePath, conflicts_with_all = ["fix", "stale", "fail_stale_runs"])]
    pub(crate) salvage: Option<PathBuf>,
}

/// Copies the store as it is at one moment, while others may write to it.
///
/// The copy appears under its name once it is whole and on the disk. It takes the place of an older copy, and never that
/// of a file that is no database.
#[derive(Args, Debug)]
#[command(after_long_help = json_help::BACKUP)]
pub(crate) struct Backup {
    /// The file of the copy
    #[arg(value_name = "OUT", value_hint = ValueHint::FilePath)]
    pub(crate) out: PathBuf,
}

/// Adds all rows of several stores to one, for instance of the shards of a CI matrix.
///
/// A row that is there already, with the same key and the same content, is taken once. Where the content differs, the
/// conflicts are listed, nothing is written, and the command ends with 65. The inputs are only read.
#[derive(Args, Debug)]
#[command(after_long_help = json_help::MERGE)]
pub(crate) struct Merge {
    /// The store that takes all rows; it is made when it does not exist
    #[arg(value_name = "OUT", value_hint = ValueHint::FilePath)]
    pub(crate) out: PathBuf,
    /// The stores whose rows it takes
    #[arg(value_name = "IN", required = true, value_hint = ValueHint::FilePath)]
    pub(crate) inputs: Vec<PathBuf>,
    /// Takes suites of one name for one suite; for shards that each made the suite themselves
    #[arg(long)]
    pub(crate) unite_suites: bool,
}

/// Deletes old runs with their cases, scores and verdicts, and gives their room back to the disk.
///
/// Baselines, and runs that are running, always stay.
#[derive(Args, Debug)]
#[command(
    after_long_help = json_help::PRUNE,
    group = ArgGroup::new("which").args(["keep", "older_than", "max_size"]).multiple(true).required(true)
)]
pub(crate) struct Prune {
    /// Of each suite, the N newest finished runs stay, whatever else is asked for; alone, all others go
    #[arg(long, value_name = "N")]
    pub(crate) keep: Option<u64>,
    /// Runs that were started longer ago than this go (30d, 12h, 2 weeks)
    #[arg(long, value_name = "DURATION")]
    pub(crate) older_than: Option<String>,
    /// The oldest runs go until the rest takes no more than this (1GB, 500MB, 1GiB)
    #[arg(long, value_name = "SIZE")]
    pub(crate) max_size: Option<String>,
    /// Only runs of this suite, by name or id
    #[arg(long, value_name = "SUITE")]
    pub(crate) suite: Option<String>,
    /// Only says what would go
    #[arg(long)]
    pub(crate) dry_run: bool,
}

/// Marks runs failed that are running and that nobody works on any more, as of their last heartbeat.
///
/// That is known of runs whose process was one of this machine and has ended. A run whose process lives is never touched.
#[derive(Args, Debug)]
#[command(after_long_help = json_help::RECOVER)]
pub(crate) struct Recover {
    /// Only runs of this suite, by name or id
    #[arg(long, value_name = "SUITE")]
    pub(crate) suite: Option<String>,
    /// Runs of which nobody can tell whether their process lives are given up after so long without a heartbeat (2h, 1d)
    #[arg(long, value_name = "DURATION")]
    pub(crate) older_than: Option<String>,
    /// Only says what would be done
    #[arg(long)]
    pub(crate) dry_run: bool,
}

/// Writes the file anew without its free space.
///
/// Needs as much room again while it works; others who write wait.
#[derive(Args, Debug)]
#[command(after_long_help = json_help::VACUUM)]
pub(crate) struct Vacuum {}
