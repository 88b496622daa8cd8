//! The arguments of the command: parsing, help, completions and docs/cli.md are made from these definitions.

mod archive;
mod changing;
mod comparing;
mod episodes;
mod inspecting;
mod json_help;
mod maintaining;
mod notes;
mod refusals;
mod report_format;
mod reporting;
mod run_argument;
mod thresholds;
mod tracking;
mod viewing;

use std::ffi::OsString;
use std::path::PathBuf;

use clap::error::ErrorKind;
use clap::{Args, CommandFactory, FromArgMatches, Parser, Subcommand};

use crate::answer::Answer;
use crate::colour_wish::ColourWish;
use crate::failure::{Exit, Failure};
pub(crate) use archive::{
    Archive, ArchiveCommand, ArchiveSql, ArchivedHistory, DeleteArchived, Engine, Entries, Fold,
    ListArchived, Place, Pull, Push, VacuumArchive,
};
pub(crate) use changing::{
    Confirmation, DeleteRuns, DeleteSuite, RenameRun, RenameSuite, RunsCommand, SuitesCommand,
    TagRun, UniteSuites,
};
pub(crate) use comparing::{Check, Compare, Format, Gate};
pub(crate) use episodes::{
    Benchmarks, Export, ExportCommand, ExportTinker, Import, ImportCommand, ImportJsonl,
    ImportTinker, Trajectories,
};
pub(crate) use inspecting::{Cases, Completions, Judges, Mde, Prompts, Runs, Show, Suites};
#[cfg(test)]
pub(crate) use json_help::EXIT_CODES;
pub(crate) use maintaining::{Backup, Doctor, Merge, Prune, Recover, Vacuum};
pub(crate) use report_format::ReportFormat;
pub(crate) use reporting::{
    Report, ReportArchive, ReportClear, ReportCommand, ReportDelete, ReportExport, ReportHtml,
    ReportImport, ReportList, ReportPlace, ReportPrune, ReportRun, ReportSave, ReportShow, Sure,
};
pub(crate) use thresholds::{
    OfSuite, RemoveThreshold, SetThreshold, ThresholdsCommand, ThresholdsOf,
};
pub(crate) use tracking::{
    Baseline, BaselineCommand, Calibrate, Followed, History, ListBaselines, NamedBaseline,
    SetBaseline, Trend, Verdicts,
};
pub use viewing::VIEW_HOST;
pub(crate) use viewing::View;

/// Shows the runs in a run store, their cases and scores, and whether one run is better than another.
#[derive(Debug, Parser)]
#[command(
    name = "runstore",
    version,
    arg_required_else_help = true,
    subcommand_required = true,
    after_long_help = json_help::EXIT_CODES
)]
pub(crate) struct Arguments {
    #[command(flatten)]
    pub(crate) global: Global,
    #[command(subcommand)]
    pub(crate) command: Command,
}

/// The options of every command.
#[derive(Args, Debug)]
#[command(next_help_heading = "Options of every command")]
pub(crate) struct Global {
    /// The file of the store [default: $RUNSTORE_DB, else .evals/store.db here or in the nearest parent directory]
    #[arg(long, global = true, value_name = "PATH")]
    pub(crate) store: Option<PathBuf>,
    /// Prints JSON; docs/cli.md and --help describe its shape
    #[arg(long, global = true)]
    pub(crate) json: bool,
    /// When to use colours
    #[arg(long, global = true, value_name = "WHEN", value_enum, default_value_t)]
    pub(crate) color: ColourWish,
}

/// The commands.
#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    Suites(Suites),
    Runs(Runs),
    Show(Show),
    Cases(Cases),
    Benchmarks(Benchmarks),
    Trajectories(Trajectories),
    Prompts(Prompts),
    Thresholds(ThresholdsOf),
    Check(Check),
    Compare(Compare),
    Gate(Gate),
    History(History),
    Trend(Trend),
    Calibrate(Calibrate),
    Baseline(Baseline),
    Verdicts(Verdicts),
    Report(Report),
    View(View),
    Mde(Mde),
    Judges(Judges),
    Doctor(Doctor),
    Backup(Backup),
    Merge(Merge),
    Prune(Prune),
    Recover(Recover),
    Vacuum(Vacuum),
    Import(Import),
    Export(Export),
    Archive(Archive),
    Completions(Completions),
}

/// What the arguments request.
pub(crate) enum Asked {
    /// A command.
    Command(Box<Arguments>),
    /// Help, or the version.
    Answer(Answer),
}

/// Returns a duration in whole days, as an argument.
fn days(ms: i64) -> String {
    format!("{}d", ms / (24 * 60 * 60 * 1000))
}

/// Returns the definitions.
pub(crate) fn definitions() -> clap::Command {
    with_negative_numbers(Arguments::command())
}

/// Lets a negative number be the value of an option, whose own error then says what is wrong with it.
fn with_negative_numbers(command: clap::Command) -> clap::Command {
    let allowing = |one: clap::Arg| match one.get_action().takes_values() {
        true => one.allow_negative_numbers(true),
        false => one,
    };
    command.mut_args(allowing).mut_subcommands(with_negative_numbers)
}

/// Reads the arguments; help is as wide as the terminal.
pub(crate) fn parse(
    arguments: impl IntoIterator<Item = OsString>,
    width: usize,
) -> Result<Asked, Failure> {
    let parser = notes::fitted(definitions(), width).term_width(width);
    let parsed = parser
        .try_get_matches_from([OsString::from("runstore")].into_iter().chain(arguments))
        .and_then(|matches| Arguments::from_arg_matches(&matches));
    match parsed {
        Ok(arguments) => Ok(Asked::Command(Box::new(arguments))),
        Err(error) => match error.kind() {
            ErrorKind::DisplayHelp | ErrorKind::DisplayVersion => {
                Ok(Asked::Answer(error.to_string().into()))
            }
            ErrorKind::DisplayHelpOnMissingArgumentOrSubcommand => {
                let (text, exit) = (error.to_string(), Exit::Usage);
                Ok(Asked::Answer(Answer { text, exit, ..Answer::default() }))
            }
            _ => Err(refusals::failure(&error)),
        },
    }
}
