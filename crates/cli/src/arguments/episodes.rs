//! Arguments of the commands about benchmarks and trajectories, and about the files of other programs.

use std::path::PathBuf;

use clap::{Args, Subcommand, ValueHint};

use super::inspecting::RunArgument;
use super::json_help;

/// Lists what a run achieved in each benchmark.
///
/// A result was saved, or else it is counted from the cases of the benchmark, or else from its trajectories.
#[derive(Args, Debug)]
#[command(after_long_help = json_help::BENCHMARKS)]
pub(crate) struct Benchmarks {
    #[command(flatten)]
    pub(crate) run: RunArgument,
    /// A case counts as correct when its lowest score is at least this
    #[arg(long, value_name = "SCORE", default_value_t = 0.5, allow_negative_numbers = true)]
    pub(crate) threshold: f64,
}

/// Lists the trajectories of a run by benchmark and idx, or shows one: what was said and done, turn by turn.
#[derive(Args, Debug)]
#[command(after_long_help = json_help::TRAJECTORIES)]
pub(crate) struct Trajectories {
    #[command(flatten)]
    pub(crate) run: RunArgument,
    /// The trajectory to show, by its place in the benchmark
    #[arg(value_name = "IDX", allow_negative_numbers = true, conflicts_with_all = ["outcome", "limit"])]
    pub(crate) idx: Option<i64>,
    /// Only this benchmark; to show one trajectory it may be left out where only one has the idx
    #[arg(long, value_name = "BENCHMARK")]
    pub(crate) benchmark: Option<String>,
    /// Only trajectories of this outcome: a reward above 0, none and no error, or an error
    #[arg(long, value_name = "OUTCOME", value_parser = ["correct", "incorrect", "error"])]
    pub(crate) outcome: Option<String>,
    /// How many trajectories to list; 0 for all
    #[arg(long, value_name = "N", default_value_t = 20)]
    pub(crate) limit: usize,
    /// Shows each turn in full, nothing of it cut
    #[arg(long, requires = "idx")]
    pub(crate) full: bool,
}

/// Adds runs that another program wrote to the store.
#[derive(Args, Debug)]
#[command(arg_required_else_help = true, subcommand_required = true)]
pub(crate) struct Import {
    #[command(subcommand)]
    pub(crate) command: ImportCommand,
}

/// What is imported.
#[derive(Debug, Subcommand)]
pub(crate) enum ImportCommand {
    Tinker(ImportTinker),
}

/// Adds the runs of an EvalStore of tinker-cookbook, with their results and trajectories.
///
/// Each run is added whole, under its own id. One that is there already with the same content is left as it is; where one
/// has another content, nothing is written, and the command ends with 65. The store is made when it does not exist.
#[derive(Args, Debug)]
#[command(after_long_help = json_help::IMPORT_TINKER)]
pub(crate) struct ImportTinker {
    /// The folder of the EvalStore
    #[arg(value_name = "PATH", value_hint = ValueHint::DirPath)]
    pub(crate) path: PathBuf,
    /// The suite that the runs go to, by name; it is made when there is none
    #[arg(long, value_name = "SUITE", default_value = "tinker")]
    pub(crate) suite: String,
    /// Only the run of this id; may be repeated
    #[arg(long, value_name = "ID")]
    pub(crate) run: Vec<String>,
    /// Fails where something cannot be read, instead of leaving it out
    #[arg(long)]
    pub(crate) strict: bool,
    /// The offset from UTC, in minutes, of times that do not tell theirs
    #[arg(long, value_name = "MINUTES", default_value_t = 0, allow_negative_numbers = true,
          value_parser = clap::value_parser!(i32).range(-1439..=1439))]
    pub(crate) utc_offset: i32,
}

/// Writes runs in the form of another program.
#[derive(Args, Debug)]
#[command(arg_required_else_help = true, subcommand_required = true)]
pub(crate) struct Export {
    #[command(subcommand)]
    pub(crate) command: ExportCommand,
}

/// In which form.
#[derive(Debug, Subcommand)]
pub(crate) enum ExportCommand {
    Tinker(ExportTinker),
}

/// Writes runs into an EvalStore of tinker-cookbook, with their results and trajectories.
///
/// Each run appears whole, under its own id. One that is there already with the same content is left as it is.
#[derive(Args, Debug)]
#[command(after_long_help = json_help::EXPORT_TINKER)]
pub(crate) struct ExportTinker {
    /// The folder of the EvalStore; it is made when it does not exist
    #[arg(value_name = "PATH", value_hint = ValueHint::DirPath)]
    pub(crate) path: PathBuf,
    /// The runs: id, its first four or more characters, name, latest, latest:MODEL, baseline or baseline:NAME
    #[arg(value_name = "RUN", required = true)]
    pub(crate) runs: Vec<String>,
    /// Only runs of this suite are meant, by name or id
    #[arg(long, value_name = "SUITE")]
    pub(crate) suite: Option<String>,
    /// Writes a run in the place of one that has another content
    #[arg(long)]
    pub(crate) overwrite: bool,
}
