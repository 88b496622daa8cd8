//! Arguments of the commands that write reports for people and for other programs.

use std::path::PathBuf;

use clap::{Args, Subcommand, ValueHint};

use super::comparing::{ForScorer, PairedBy, for_scorer, per_scorer};
use super::inspecting::RunArgument;
use super::json_help;
use crate::failure::Failure;
use crate::suite_name;
use runstore::compare::{ComparisonOptions, GateOptions};
use runstore::page::{Field, PageOptions};
use runstore::store::Store;

/// Writes a report of a run to a file.
#[derive(Args, Debug)]
#[command(arg_required_else_help = true, subcommand_required = true)]
pub(crate) struct Report {
    #[command(subcommand)]
    pub(crate) command: ReportCommand,
}

/// In which form.
#[derive(Debug, Subcommand)]
pub(crate) enum ReportCommand {
    Html(ReportHtml),
}

/// Writes a page about a run as one HTML file: the verdict, the worst regression with a diff, charts, all cases.
///
/// The file asks for nothing from any network: it works on a disk, in an e-mail and in the artifact view of GitHub. With
/// --baseline, it shows what changed since that run, and what "runstore gate" says of it.
#[derive(Args, Debug)]
#[command(after_long_help = json_help::REPORT_HTML, allow_negative_numbers = true)]
pub(crate) struct ReportHtml {
    #[command(flatten)]
    pub(crate) run: RunArgument,
    /// The run to compare with, named likewise
    #[arg(long, value_name = "RUN")]
    pub(crate) baseline: Option<String>,
    /// The file to write; it takes the place of one that is there
    #[arg(short, long, value_name = "FILE", value_hint = ValueHint::FilePath, default_value = "report.html")]
    pub(crate) out: PathBuf,
    /// Title of the window [default: made of the verdict and the names of the runs]
    #[arg(long, value_name = "TEXT")]
    pub(crate) title: Option<String>,
    /// At most so many cases come with their texts, those that lost most or failed first; figures are shown of all
    #[arg(long, value_name = "N")]
    pub(crate) max_cases: Option<usize>,
    /// What is left out of every case: key, input, expected, output, error, reason, metadata, messages
    #[arg(long, value_name = "FIELDS", value_delimiter = ',', value_parser = field)]
    pub(crate) redact: Vec<Field>,
    /// How many of the last completed runs of the suite the charts show
    #[arg(long, value_name = "N", default_value_t = 10)]
    pub(crate) history: u32,
    /// The loss that is acceptable, for all scorers or as SCORER=SIZE; may be repeated [default: 0.02]
    #[arg(long, value_name = "SIZE", value_parser = for_scorer)]
    pub(crate) margin: Vec<ForScorer>,
    /// Only this scorer; may be repeated
    #[arg(long, value_name = "SCORER")]
    pub(crate) scorer: Vec<String>,
    /// A scorer whose lower scores are better; may be repeated
    #[arg(long, value_name = "SCORER")]
    pub(crate) lower_is_better: Vec<String>,
    /// By what the cases of both runs are paired
    #[arg(long, value_name = "WHAT", value_enum, default_value_t)]
    pub(crate) pair_by: PairedBy,
    /// Probability of an interval that misses the truth
    #[arg(long, value_name = "P", default_value_t = 0.05)]
    pub(crate) alpha: f64,
}

fn field(name: &str) -> Result<Field, String> {
    let names = || Field::ALL.map(Field::name).join(", ");
    Field::of_name(name.trim()).ok_or_else(|| format!("it must be one of {}", names()))
}

impl ReportHtml {
    pub(crate) fn options(&self, store: &Store) -> Result<PageOptions, Failure> {
        let suite = self.run.suite.as_deref().map(|suite| suite_name::find(store, suite));
        let comparison = ComparisonOptions {
            suite_id: suite.transpose()?.map(|suite| suite.id),
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
            gate: GateOptions { comparison, margin, ..GateOptions::default() },
        })
    }
}
