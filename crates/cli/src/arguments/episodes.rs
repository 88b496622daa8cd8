//! Arguments of the commands about benchmarks and trajectories, and about the files of other programs.

use std::path::PathBuf;

use clap::{Args, Subcommand, ValueHint};

use super::json_help;
use super::run_argument::{RunArgument, RunsArgument};
use runstore_formats::tinker::{DEFAULT_SUITE, MAX_UTC_OFFSET};

/// Lists the results of a run in each benchmark.
///
/// A result is the saved one, or is computed from the cases of the benchmark, or from its trajectories.
#[derive(Args, Debug)]
#[command(after_long_help = json_help::BENCHMARKS)]
pub(crate) struct Benchmarks {
    #[command(flatten)]
    pub(crate) run: RunArgument,
    /// A case counts as correct when its lowest score is at least this
    #[arg(long, value_name = "SCORE", default_value_t = runstore::model::THRESHOLD, allow_negative_numbers = true)]
    pub(crate) threshold: f64,
}

/// Lists the trajectories of a run by benchmark and idx, or shows the turns of one.
#[derive(Args, Debug)]
#[command(after_long_help = json_help::TRAJECTORIES)]
pub(crate) struct Trajectories {
    #[command(flatten)]
    pub(crate) run: RunArgument,
    /// The trajectory to show, by its position in the benchmark
    #[arg(value_name = "IDX", allow_negative_numbers = true, conflicts_with_all = ["outcome", "case", "key", "trial", "limit"])]
    pub(crate) idx: Option<i64>,
    /// Only this benchmark; with IDX, may be omitted when only one benchmark has this idx
    #[arg(long, value_name = "BENCHMARK")]
    pub(crate) benchmark: Option<String>,
    /// Only trajectories with this outcome: a reward above 0; no reward and no error; or an error
    #[arg(long, value_name = "OUTCOME", value_parser = ["correct", "incorrect", "error"])]
    pub(crate) outcome: Option<String>,
    /// Only trajectories of the case with this id
    #[arg(long, value_name = "ID")]
    pub(crate) case: Option<String>,
    /// Only trajectories of the cases with this key
    #[arg(long, value_name = "KEY")]
    pub(crate) key: Option<String>,
    /// Only trajectories of this trial
    #[arg(long, value_name = "N", allow_negative_numbers = true)]
    pub(crate) trial: Option<i32>,
    /// The maximum number of trajectories; 0 for all
    #[arg(long, value_name = "N", default_value_t = 20)]
    pub(crate) limit: usize,
    /// Shows each turn in full
    #[arg(long, requires = "idx")]
    pub(crate) full: bool,
}

/// Imports runs that another program wrote.
#[derive(Args, Debug)]
#[command(arg_required_else_help = true, subcommand_required = true)]
pub(crate) struct Import {
    #[command(subcommand)]
    pub(crate) command: ImportCommand,
}

/// The formats that can be imported.
#[derive(Debug, Subcommand)]
pub(crate) enum ImportCommand {
    Tinker(ImportTinker),
    Jsonl(ImportJsonl),
}

/// Adds the cases of a file with one JSON line per case, as "runstore report export --format jsonl" writes it.
///
/// The cases and their scores become a completed run; lines with different run_ids become separate runs with these ids. If a
/// run cannot be added, the command names it and adds nothing of it. The store and the suite are created when they do not
/// exist.
#[derive(Args, Debug)]
#[command(after_long_help = json_help::IMPORT_JSONL)]
pub(crate) struct ImportJsonl {
    /// The file
    #[arg(value_name = "FILE", value_hint = ValueHint::FilePath)]
    pub(crate) file: PathBuf,
    /// The suite for the runs, by name or id
    #[arg(long, value_name = "SUITE")]
    pub(crate) suite: String,
    /// The model of the runs
    #[arg(long, value_name = "MODEL")]
    pub(crate) model: String,
    /// The name of the runs [default: that of the file, without its extension]
    #[arg(long, value_name = "NAME")]
    pub(crate) name: Option<String>,
    /// Id of the run, for lines without a run_id [default: a new one]
    #[arg(long, value_name = "ID")]
    pub(crate) run_id: Option<String>,
}

/// Adds the runs of an EvalStore of tinker-cookbook, with their results and trajectories.
///
/// Each run is added completely or not at all, under its own id. A run that exists already with the same content is left
/// alone; if its content differs, nothing is written, and the command exits with 65. The store is created when it does not
/// exist.
#[derive(Args, Debug)]
#[command(after_long_help = json_help::IMPORT_TINKER)]
pub(crate) struct ImportTinker {
    /// The directory of the EvalStore
    #[arg(value_name = "PATH", value_hint = ValueHint::DirPath)]
    pub(crate) path: PathBuf,
    /// The suite for the runs, by name; it is created when it does not exist
    #[arg(long, value_name = "SUITE", default_value = DEFAULT_SUITE)]
    pub(crate) suite: String,
    /// Only the run with this id; may be repeated
    #[arg(long, value_name = "ID")]
    pub(crate) run: Vec<String>,
    /// Fails when something cannot be read, instead of skipping it
    #[arg(long)]
    pub(crate) strict: bool,
    /// The offset from UTC, in minutes, for times without one
    #[arg(long, value_name = "MINUTES", default_value_t = 0, allow_negative_numbers = true,
          value_parser = clap::value_parser!(i32).range(-i64::from(MAX_UTC_OFFSET)..=i64::from(MAX_UTC_OFFSET)))]
    pub(crate) utc_offset: i32,
}

/// Exports runs in the format of another program.
#[derive(Args, Debug)]
#[command(arg_required_else_help = true, subcommand_required = true)]
pub(crate) struct Export {
    #[command(subcommand)]
    pub(crate) command: ExportCommand,
}

/// The formats that can be exported.
#[derive(Debug, Subcommand)]
pub(crate) enum ExportCommand {
    Tinker(ExportTinker),
}

/// Writes runs into an EvalStore of tinker-cookbook, with their results and trajectories.
///
/// Each run appears once it is complete, under its own id. A run that exists already with the same content is left alone.
#[derive(Args, Debug)]
#[command(after_long_help = json_help::EXPORT_TINKER)]
pub(crate) struct ExportTinker {
    /// The directory of the EvalStore; it is created when it does not exist
    #[arg(value_name = "PATH", value_hint = ValueHint::DirPath)]
    pub(crate) path: PathBuf,
    #[command(flatten)]
    pub(crate) runs: RunsArgument,
    /// Replaces a run whose content differs
    #[arg(long)]
    pub(crate) overwrite: bool,
}
