//! Arguments of the commands that maintain the file.

use std::path::PathBuf;

use clap::{ArgGroup, Args, ValueHint};

use super::{days, json_help};
use runstore::model::STALE_AFTER_MS;

/// Checks the store: damage, dangling rows, schema, unreadable values, runs that never ended, free space.
///
/// Without --fix and --fail-stale-runs nothing is changed. If the store is not healthy, the command prints its findings and
/// exits with 65.
#[derive(Args, Debug)]
#[command(after_long_help = json_help::DOCTOR)]
pub(crate) struct Doctor {
    /// Repairs what can be repaired without losing data: rebuilds indexes, moves dangling rows and unreadable values to
    /// tables of their own, and marks runs whose process has ended as failed
    #[arg(long)]
    pub(crate) fix: bool,
    /// The age of the last heartbeat at which a run is stale although its process may be alive (12h, 7d)
    #[arg(long, value_name = "DURATION", default_value_t = days(STALE_AFTER_MS))]
    pub(crate) stale: String,
    /// Marks stale runs as failed, except those whose process is known to be alive
    #[arg(long)]
    pub(crate) fail_stale_runs: bool,
    /// Copies what can be read from a damaged store into a new store at OUT; the damaged file is only read
    #[arg(long, value_name = "OUT", value_hint = ValueHint::FilePath, conflicts_with_all = ["fix", "stale", "fail_stale_runs"])]
    pub(crate) salvage: Option<PathBuf>,
}

/// Copies the store as of one moment, while other processes may write to it.
///
/// The copy appears under its name once it is complete and on the disk. It replaces an older copy, but never a file that
/// is not a database.
#[derive(Args, Debug)]
#[command(after_long_help = json_help::BACKUP)]
pub(crate) struct Backup {
    /// The file of the copy
    #[arg(value_name = "OUT", value_hint = ValueHint::FilePath)]
    pub(crate) out: PathBuf,
}

/// Adds all rows of several stores to one, for instance from the shards of a CI matrix.
///
/// A row that exists already, with the same key and the same content, is kept once. If the content differs, the conflicts
/// are listed, nothing is written, and the command exits with 65. The inputs are only read.
#[derive(Args, Debug)]
#[command(after_long_help = json_help::MERGE)]
pub(crate) struct Merge {
    /// The store that receives all rows; it is created when it does not exist
    #[arg(value_name = "OUT", value_hint = ValueHint::FilePath)]
    pub(crate) out: PathBuf,
    /// The stores to read
    #[arg(value_name = "IN", required = true, value_hint = ValueHint::FilePath)]
    pub(crate) inputs: Vec<PathBuf>,
    /// Merges suites with the same name; for shards that each created the suite themselves
    #[arg(long)]
    pub(crate) unite_suites: bool,
}

/// Deletes old runs with their cases, scores and verdicts, and returns their space to the disk.
///
/// Baselines and running runs are always kept.
#[derive(Args, Debug)]
#[command(
    after_long_help = json_help::PRUNE,
    // The usage is not wrapped; that of clap is wider than 80 columns.
    override_usage = "runstore prune [OPTIONS] <--keep N|--older-than DURATION|--max-size SIZE>",
    group = ArgGroup::new("which").args(["keep", "older_than", "max_size"]).multiple(true).required(true)
)]
pub(crate) struct Prune {
    /// Keeps the N newest finished runs of each suite; without --older-than and --max-size, deletes all others
    #[arg(long, value_name = "N")]
    pub(crate) keep: Option<u64>,
    /// Deletes runs that started longer ago than this (30d, 12h, 2 weeks)
    #[arg(long, value_name = "DURATION")]
    pub(crate) older_than: Option<String>,
    /// Deletes the oldest runs until the store takes at most this much space (1GB, 500MB, 1GiB)
    #[arg(long, value_name = "SIZE")]
    pub(crate) max_size: Option<String>,
    /// Only runs of this suite, by name or id
    #[arg(long, value_name = "SUITE")]
    pub(crate) suite: Option<String>,
    /// Shows what would be deleted, without deleting it
    #[arg(long)]
    pub(crate) dry_run: bool,
}

/// Marks abandoned runs as failed: runs that are running although their process has ended.
///
/// They are marked as of their last heartbeat. Without --older-than, only processes on this machine are checked. A run
/// whose process is alive is never changed.
#[derive(Args, Debug)]
#[command(after_long_help = json_help::RECOVER)]
pub(crate) struct Recover {
    /// Only runs of this suite, by name or id
    #[arg(long, value_name = "SUITE")]
    pub(crate) suite: Option<String>,
    /// Also marks runs whose process cannot be checked, when their last heartbeat is older than this (2h, 1d)
    #[arg(long, value_name = "DURATION")]
    pub(crate) older_than: Option<String>,
    /// Shows what would be done, without doing it
    #[arg(long)]
    pub(crate) dry_run: bool,
}

/// Rewrites the file without its free space.
///
/// Meanwhile, it needs additional disk space of the same size, and other writers wait.
#[derive(Args, Debug)]
#[command(after_long_help = json_help::VACUUM)]
pub(crate) struct Vacuum {}
