//! Arguments of the commands of the archive.

use clap::{Args, Subcommand, ValueEnum, ValueHint};

use super::{days, json_help};
use runstore_archive::{DEFAULT_PROJECT, GRACE_MS};

/// Keeps runs in Parquet files that engines query: a folder that is an evalsig store and a Delta table at once.
///
/// A run goes in whole and comes back whole. Many processes and machines may write to one archive at the same time.
#[derive(Args, Debug)]
#[command(arg_required_else_help = true, subcommand_required = true)]
pub(crate) struct Archive {
    #[command(flatten)]
    pub(crate) place: Place,
    #[command(subcommand)]
    pub(crate) command: ArchiveCommand,
}

/// Where the archive is.
#[derive(Args, Debug)]
pub(crate) struct Place {
    /// Where the archive is: the path of a folder, or a URL of file:, s3:, gs: or az: [default: that of RUNSTORE_ARCHIVE]
    #[arg(long = "to", global = true, value_name = "URL", value_hint = ValueHint::DirPath)]
    pub(crate) url: Option<String>,
    /// The project: a folder in the archive
    #[arg(long, global = true, value_name = "NAME", default_value = DEFAULT_PROJECT)]
    pub(crate) project: String,
}

#[derive(Debug, Subcommand)]
pub(crate) enum ArchiveCommand {
    Push(Push),
    List(ListArchived),
    History(ArchivedHistory),
    Pull(Pull),
    Delete(DeleteArchived),
    Verify(VerifyArchive),
    Fold(Fold),
    Vacuum(VacuumArchive),
    Sql(ArchiveSql),
}

/// Copies finished runs into the archive.
///
/// A run that is there already is replaced. With --prune, a run is deleted from the store once its copy in the
/// archive was read back and found to be equal; baselines stay.
#[derive(Args, Debug)]
#[command(after_long_help = json_help::ARCHIVE_PUSH)]
pub(crate) struct Push {
    /// Runs, by id, the start of an id, name or "latest" [default: all finished runs that match --suite and the times]
    #[arg(value_name = "RUN")]
    pub(crate) runs: Vec<String>,
    /// Only runs of this suite, by name or id
    #[arg(long, value_name = "SUITE")]
    pub(crate) suite: Option<String>,
    /// Only runs started at this time or later: a date (2026-11-01), a time (2026-11-01T12:00Z) or an age (30d, 12h)
    #[arg(long, value_name = "WHEN", conflicts_with = "runs")]
    pub(crate) since: Option<String>,
    /// Only runs started at this time or earlier
    #[arg(long, value_name = "WHEN", conflicts_with = "runs")]
    pub(crate) until: Option<String>,
    /// Deletes each run from the store once it is verified in the archive
    #[arg(long)]
    pub(crate) prune: bool,
    /// Shows what would be copied, without copying it
    #[arg(long)]
    pub(crate) dry_run: bool,
}

/// Lists the content of the archive, newest first: one line for each scorer of a run.
#[derive(Args, Debug)]
#[command(after_long_help = json_help::ARCHIVE_LIST)]
pub(crate) struct ListArchived {
    #[command(flatten)]
    pub(crate) entries: Entries,
}

/// Shows how each scorer changed from run to run, oldest first: its mean, and the verdict of the last gate.
///
/// Shows the columns of "evalsig history" and more: the mean, its change since the previous entry of the same suite, model and
/// scorer, the p-value, and the run it was compared with. Also accepts the options of evalsig.
#[derive(Args, Debug)]
#[command(after_long_help = json_help::ARCHIVE_HISTORY)]
pub(crate) struct ArchivedHistory {
    #[command(flatten)]
    pub(crate) entries: Entries,
}

/// Selects entries and their format.
#[derive(Args, Debug)]
pub(crate) struct Entries {
    /// Only this model
    #[arg(long, alias = "model-id")]
    pub(crate) model: Option<String>,
    /// Only this suite, by name
    #[arg(long, alias = "task-id")]
    pub(crate) suite: Option<String>,
    /// Only this scorer
    #[arg(long, alias = "metric-name")]
    pub(crate) scorer: Option<String>,
    /// Only this verdict: ALLOW, REJECT or INCONCLUSIVE
    #[arg(long)]
    pub(crate) verdict: Option<String>,
    /// Only runs started at this time or later: a date (2026-11-01), a time (2026-11-01T12:00Z) or an age (30d, 12h)
    #[arg(long, value_name = "WHEN")]
    pub(crate) since: Option<String>,
    /// Only runs started at this time or earlier
    #[arg(long, value_name = "WHEN")]
    pub(crate) until: Option<String>,
    /// The maximum number of lines, newest first; 0 for all
    #[arg(long, value_name = "N", default_value_t = 20)]
    pub(crate) limit: usize,
    /// Prints CSV, with the keys of the JSON as titles
    #[arg(long, conflicts_with = "json")]
    pub(crate) csv: bool,
}

/// Copies runs out of the archive into the store, with all of their data.
#[derive(Args, Debug)]
#[command(after_long_help = json_help::ARCHIVE_PULL)]
pub(crate) struct Pull {
    /// Runs, by their id in the original store
    #[arg(value_name = "RUN", required = true)]
    pub(crate) runs: Vec<String>,
    /// Skips runs that are in the store already
    #[arg(long)]
    pub(crate) keep_existing: bool,
}

/// Removes runs from the archive; their files stay until "runstore archive vacuum".
#[derive(Args, Debug)]
pub(crate) struct DeleteArchived {
    /// Runs, by id
    #[arg(value_name = "RUN", required = true)]
    pub(crate) runs: Vec<String>,
    /// Confirms the removal, which is required
    #[arg(long)]
    pub(crate) yes: bool,
}

/// Reads every file of the archive, and exits with 65 if one is missing, damaged or differs from the log.
#[derive(Args, Debug)]
#[command(after_long_help = json_help::ARCHIVE_VERIFY)]
pub(crate) struct VerifyArchive {}

/// Rewrites manifest.json, which evalsig reads, and adopts the runs that evalsig wrote.
#[derive(Args, Debug)]
pub(crate) struct Fold {
    /// Ignores the old manifest and uses only the log and the files: for a manifest that cannot be read
    #[arg(long)]
    pub(crate) rebuild: bool,
}

/// Removes files that belong to no run, such as those of deleted or replaced runs, and of writers that died.
#[derive(Args, Debug)]
pub(crate) struct VacuumArchive {
    /// Only files older than this: a younger one may belong to a writer that is about to commit
    #[arg(long, value_name = "DURATION", default_value_t = days(GRACE_MS))]
    pub(crate) grace: String,
    /// Shows what would be removed, without removing it
    #[arg(long)]
    pub(crate) dry_run: bool,
}

/// Prints SQL, or Python, with which an engine queries the archive in place.
#[derive(Args, Debug)]
pub(crate) struct ArchiveSql {
    /// The engine
    #[arg(long, value_enum)]
    pub(crate) engine: Engine,
}

/// An engine that reads the archive.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Engine {
    Duckdb,
    Clickhouse,
    Polars,
    Spark,
    Trino,
    Snowflake,
    Bigquery,
}
