//! Arguments of the commands that write reports for people and for other programs.

use std::path::PathBuf;

use clap::{Args, Subcommand, ValueHint};

use super::comparing::{ForScorer, PairedBy, for_scorer, per_scorer};
use super::json_help;
use super::report_format::ReportFormat;
use super::run_argument::{RunArgument, RunsArgument};
use crate::environment::Environment;
use crate::failure::Failure;
use crate::moment::Moment;
use crate::presets;
use crate::session::Session;
use crate::suite_name;
use runstore::compare::{ComparisonOptions, GateOptions};
use runstore::model::ALPHA;
use runstore::page::{Field, MAX_PAGE_HISTORY, PAGE_HISTORY, PageOptions};

/// Reports on runs of the store or of a folder of run files: shows, exports, archives and deletes them.
#[derive(Args, Debug)]
#[command(arg_required_else_help = true, subcommand_required = true)]
pub(crate) struct Report {
    #[command(subcommand)]
    pub(crate) command: ReportCommand,
}

/// The operation.
#[derive(Debug, Subcommand)]
pub(crate) enum ReportCommand {
    List(ReportList),
    Show(ReportShow),
    Html(ReportHtml),
    Export(ReportExport),
    Archive(ReportArchive),
    Save(ReportSave),
    Import(ReportImport),
    Delete(ReportDelete),
    Clear(ReportClear),
    Prune(ReportPrune),
}

/// Writes a page about a run as one HTML file: the verdict, the worst regression with a diff, charts, all cases.
///
/// The file needs no network: it works on a disk, in an e-mail and in the artifact view of GitHub. With
/// --baseline, it shows the changes since that run, and the verdict of "runstore gate".
#[derive(Args, Debug)]
#[command(after_long_help = json_help::REPORT_HTML, allow_negative_numbers = true)]
pub(crate) struct ReportHtml {
    #[command(flatten)]
    pub(crate) run: RunArgument,
    /// The run to compare with, named in the same way
    #[arg(long, value_name = "RUN")]
    pub(crate) baseline: Option<String>,
    /// The file to write, replacing an existing one
    #[arg(short, long, value_name = "FILE", value_hint = ValueHint::FilePath, default_value = "report.html")]
    pub(crate) out: PathBuf,
    /// Title of the window [default: made of the verdict and the names of the runs]
    #[arg(long, value_name = "TEXT")]
    pub(crate) title: Option<String>,
    /// The maximum number of cases with their texts; those with the largest losses, then failed ones, come first. Figures are shown for all cases
    #[arg(long, value_name = "N")]
    pub(crate) max_cases: Option<usize>,
    /// Fields that are left out of every case: key, input, expected, output, error, reason, metadata, messages
    #[arg(long, value_name = "FIELDS", value_delimiter = ',', value_parser = field)]
    pub(crate) redact: Vec<Field>,
    /// Number of the last completed runs of the suite in the charts
    #[arg(long, value_name = "N", default_value_t = PAGE_HISTORY,
          value_parser = clap::value_parser!(u32).range(..=i64::from(MAX_PAGE_HISTORY)))]
    pub(crate) history: u32,
    /// A JSON file of filters that the page offers by name, as the page saves it
    #[arg(long, value_name = "FILE", value_hint = ValueHint::FilePath)]
    pub(crate) presets: Option<PathBuf>,
    /// The acceptable loss, for all scorers or as SCORER=SIZE; may be repeated [default: 0.02]
    #[arg(long, value_name = "SIZE", value_parser = for_scorer)]
    pub(crate) margin: Vec<ForScorer>,
    /// Only this scorer; may be repeated
    #[arg(long, value_name = "SCORER")]
    pub(crate) scorer: Vec<String>,
    /// A scorer for which lower scores are better; may be repeated
    #[arg(long, value_name = "SCORER")]
    pub(crate) lower_is_better: Vec<String>,
    /// How the cases of both runs are paired
    #[arg(long, value_name = "WHAT", value_enum, default_value_t)]
    pub(crate) pair_by: PairedBy,
    /// Probability that an interval misses the true value
    #[arg(long, value_name = "P", default_value_t = ALPHA)]
    pub(crate) alpha: f64,
}

fn field(name: &str) -> Result<Field, String> {
    let names = || Field::ALL.map(Field::name).join(", ");
    Field::of_name(name.trim()).ok_or_else(|| format!("it must be one of {}", names()))
}

impl ReportHtml {
    pub(crate) fn options(
        &self,
        store: &Moment<'_>,
        environment: &Environment<'_>,
    ) -> Result<PageOptions, Failure> {
        let comparison = ComparisonOptions {
            suite_id: suite_name::find_id(store, self.run.suite.as_deref())?,
            scorers: self.scorer.clone(),
            lower_is_better: self.lower_is_better.clone(),
            pair_by: self.pair_by.into(),
            alpha: self.alpha,
            ..ComparisonOptions::default()
        };
        let defaults = GateOptions::default();
        let margin = per_scorer("--margin", &self.margin)?.unwrap_or(defaults.margin);
        Ok(PageOptions {
            baseline: self.baseline.clone(),
            title: self.title.clone(),
            max_cases: self.max_cases,
            redact: self.redact.clone(),
            history: self.history,
            lower_is_better: vec![],
            presets: presets::read(self.presets.as_deref(), environment)?,
            gate: GateOptions { comparison, margin, ..GateOptions::default() },
        })
    }
}

/// Where the runs are.
#[derive(Args, Debug)]
pub(crate) struct ReportPlace {
    /// The run files of this folder instead of the runs in the store
    #[arg(long, value_name = "DIR", value_hint = ValueHint::DirPath)]
    pub(crate) results_dir: Option<PathBuf>,
    /// Only runs of this suite of the store, by name or id
    #[arg(long, value_name = "SUITE", conflicts_with = "results_dir")]
    pub(crate) suite: Option<String>,
}

/// Names one run of the store, or one run file.
#[derive(Args, Debug)]
pub(crate) struct ReportRun {
    /// The run: id, four or more characters of its start, latest, or the path of a run file (*.json); in the store also its
    /// name, latest:MODEL, baseline or baseline:NAME
    #[arg(value_name = "RUN")]
    pub(crate) run: String,
    #[command(flatten)]
    pub(crate) place: ReportPlace,
}

/// Whether to remove without confirmation.
#[derive(Args, Debug)]
pub(crate) struct Sure {
    /// Skips the confirmation; required without a terminal
    #[arg(long)]
    pub(crate) yes: bool,
    /// Lists what would be deleted, without deleting it
    #[arg(long)]
    pub(crate) dry_run: bool,
}

impl Sure {
    /// Asks for confirmation of an operation that cannot be undone.
    pub(crate) fn ask(&self, what: &str, session: &Session<'_>) -> Result<(), Failure> {
        if self.yes {
            return Ok(());
        }
        let question = format!("Delete {what}? [y/N] ");
        match session.environment.ask(&question) {
            Some(answer) if matches!(answer.trim(), "y" | "Y" | "yes") => Ok(()),
            Some(_) => Err(Failure::usage("nothing was deleted").hint("answer y to delete")),
            None => Err(Failure::usage(format!(
                "{what} would be deleted, and there is no terminal to ask for confirmation"
            ))
            .hint("--yes deletes without asking, and --dry-run only lists")),
        }
    }
}

/// Lists the runs with their verdicts, newest first.
#[derive(Args, Debug)]
#[command(after_long_help = json_help::REPORT_LIST)]
pub(crate) struct ReportList {
    #[command(flatten)]
    pub(crate) place: ReportPlace,
    /// The maximum number of runs; 0 for all
    #[arg(long, value_name = "N", default_value_t = 20)]
    pub(crate) limit: usize,
}

/// Shows the scorecard of a run: verdict, metrics, thresholds, the worst cases.
#[derive(Args, Debug)]
#[command(after_long_help = json_help::REPORT_SHOW)]
pub(crate) struct ReportShow {
    #[command(flatten)]
    pub(crate) run: ReportRun,
}

/// Writes runs in a format for spreadsheets, build servers, pull requests or other programs.
///
/// csv, csv-cases, jsonl and junit hold any number of runs, and each row names its run; json holds several models of one
/// suite. The other formats hold one run.
#[derive(Args, Debug)]
#[command(after_long_help = json_help::REPORT_EXPORT)]
pub(crate) struct ReportExport {
    /// The runs: id, four or more characters of its start, latest, or the path of a run file (*.json); in the store also a
    /// name, latest:MODEL, baseline or baseline:NAME
    #[arg(value_name = "RUN", required = true)]
    pub(crate) runs: Vec<String>,
    #[command(flatten)]
    pub(crate) place: ReportPlace,
    /// The format
    #[arg(long, value_name = "FORMAT", value_enum)]
    pub(crate) format: ReportFormat,
    /// The file to write, replacing an existing one [default: stdout]
    #[arg(short, long, value_name = "FILE", value_hint = ValueHint::FilePath)]
    pub(crate) out: Option<PathBuf>,
}

/// Writes a ZIP file with the run file, summary, metrics, cases and report of each run, and a manifest of their hashes.
///
/// With several runs, the files of each are in a folder that is named for its id.
#[derive(Args, Debug)]
#[command(after_long_help = json_help::REPORT_ARCHIVE)]
pub(crate) struct ReportArchive {
    /// The runs: id, four or more characters of its start, latest, or the path of a run file (*.json); in the store also a
    /// name, latest:MODEL, baseline or baseline:NAME
    #[arg(value_name = "RUN", required = true)]
    pub(crate) runs: Vec<String>,
    #[command(flatten)]
    pub(crate) place: ReportPlace,
    /// The id, and name, of the run file, for one run whose id is not a valid file name [default: the id of the run]
    #[arg(long, value_name = "ID")]
    pub(crate) run_id: Option<String>,
    /// The file to write, replacing an existing one
    #[arg(short, long, value_name = "FILE", value_hint = ValueHint::FilePath)]
    pub(crate) out: PathBuf,
}

/// Writes a run of the store, or several models of one suite, as one run file.
#[derive(Args, Debug)]
#[command(after_long_help = json_help::REPORT_SAVE)]
pub(crate) struct ReportSave {
    #[command(flatten)]
    pub(crate) runs: RunsArgument,
    /// The folder of the run files [default: evaluar/results]
    #[arg(long, value_name = "DIR", value_hint = ValueHint::DirPath)]
    pub(crate) results_dir: Option<PathBuf>,
    /// The id, and name, of the file [default: the id of the run; for several runs run_TIMESTAMP_SHORT]
    #[arg(long, value_name = "ID")]
    pub(crate) run_id: Option<String>,
    /// The file that defines the evaluation, for the metadata
    #[arg(long, value_name = "PATH")]
    pub(crate) definition_path: Option<String>,
}

/// Imports run files into the store, which is created if it does not exist.
///
/// A file of runstore is imported without loss. In a file that evaluar wrote, each pipeline becomes a run and each sample a
/// case.
#[derive(Args, Debug)]
#[command(after_long_help = json_help::REPORT_IMPORT)]
pub(crate) struct ReportImport {
    /// The run files
    #[arg(value_name = "FILE", required = true, value_hint = ValueHint::FilePath)]
    pub(crate) files: Vec<PathBuf>,
    /// The suite that the runs go to, by name or id, instead of their own
    #[arg(long, value_name = "SUITE")]
    pub(crate) suite: Option<String>,
    /// Skips runs that are in the store already, instead of failing
    #[arg(long)]
    pub(crate) keep_existing: bool,
}

/// Deletes a run of the store with all of its data, or a run file.
#[derive(Args, Debug)]
#[command(after_long_help = json_help::REPORT_REMOVE)]
pub(crate) struct ReportDelete {
    #[command(flatten)]
    pub(crate) run: ReportRun,
    #[command(flatten)]
    pub(crate) sure: Sure,
}

/// Deletes all runs of the store that are not running, or all run files of a folder.
#[derive(Args, Debug)]
#[command(after_long_help = json_help::REPORT_REMOVE)]
pub(crate) struct ReportClear {
    #[command(flatten)]
    pub(crate) place: ReportPlace,
    #[command(flatten)]
    pub(crate) sure: Sure,
}

/// Deletes all but the newest runs: of each suite of the store, or of a folder of run files.
///
/// In the store, baselines and runs that are running stay as well.
#[derive(Args, Debug)]
#[command(after_long_help = json_help::REPORT_REMOVE)]
pub(crate) struct ReportPrune {
    /// Number of runs to keep
    #[arg(long, value_name = "N")]
    pub(crate) keep: usize,
    #[command(flatten)]
    pub(crate) place: ReportPlace,
    #[command(flatten)]
    pub(crate) sure: Sure,
}
