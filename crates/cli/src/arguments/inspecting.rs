//! Arguments of the commands that look at what there is.

use clap::{Args, Subcommand, ValueHint};

use super::json_help;
use crate::failure::Failure;
use crate::{run_name, suite_name};
use runstore::model::Run;
use runstore::store::Store;

/// Lists the suites, newest first, or unites those of one name.
#[derive(Args, Debug)]
#[command(after_long_help = json_help::SUITES)]
pub(crate) struct Suites {
    #[command(subcommand)]
    pub(crate) command: Option<SuitesCommand>,
}

#[derive(Debug, Subcommand)]
pub(crate) enum SuitesCommand {
    Unite(UniteSuites),
}

/// Makes one suite of all that have the same name: the newest gets the runs, baselines and verdicts of the others.
#[derive(Args, Debug)]
#[command(after_long_help = json_help::SUITES_UNITE)]
pub(crate) struct UniteSuites {
    /// Their name
    #[arg(value_name = "NAME")]
    pub(crate) name: String,
}

/// Lists runs, newest first.
#[derive(Args, Debug)]
#[command(after_long_help = json_help::RUNS)]
pub(crate) struct Runs {
    /// Only runs of this suite, by name or id
    #[arg(long, value_name = "SUITE")]
    pub(crate) suite: Option<String>,
    /// Only runs of this model
    #[arg(long, value_name = "MODEL")]
    pub(crate) model: Option<String>,
    /// Only runs of this status
    #[arg(long, value_name = "STATUS", value_parser = ["running", "completed", "failed"])]
    pub(crate) status: Option<String>,
    /// Only runs with this tag
    #[arg(long, value_name = "TAG")]
    pub(crate) tag: Option<String>,
    /// Only runs of the checkpoint of this name
    #[arg(long, value_name = "NAME")]
    pub(crate) checkpoint: Option<String>,
    /// Only runs that were made for this benchmark
    #[arg(long, value_name = "BENCHMARK")]
    pub(crate) benchmark: Option<String>,
    /// Only runs with this text in their name, label, model, checkpoint or id
    #[arg(long, value_name = "TEXT")]
    pub(crate) search: Option<String>,
    /// Only runs that were started since: a date (2026-11-01), a time (2026-11-01T12:00Z) or an age (30d, 12h)
    #[arg(long, value_name = "WHEN")]
    pub(crate) since: Option<String>,
    /// How many runs to list; 0 for all
    #[arg(long, value_name = "N", default_value_t = 20)]
    pub(crate) limit: usize,
}

/// Shows a run: what it was, and what came out.
#[derive(Args, Debug)]
#[command(after_long_help = json_help::SHOW)]
pub(crate) struct Show {
    #[command(flatten)]
    pub(crate) run: RunArgument,
    /// A case passes when its lowest score is at least this
    #[arg(long, value_name = "SCORE", default_value_t = 0.5, allow_negative_numbers = true)]
    pub(crate) threshold: f64,
}

/// Names one run.
#[derive(Args, Debug)]
pub(crate) struct RunArgument {
    /// The run: id, its first four or more characters, name, latest, latest:MODEL, baseline or baseline:NAME
    #[arg(value_name = "RUN")]
    pub(crate) run: String,
    /// Only runs of this suite are meant, by name or id
    #[arg(long, value_name = "SUITE")]
    pub(crate) suite: Option<String>,
}

impl RunArgument {
    /// Returns the run that is meant.
    pub(crate) fn find(&self, store: &Store) -> Result<Run, Failure> {
        let suite =
            self.suite.as_deref().map(|suite| suite_name::find(store, suite)).transpose()?;
        run_name::find(store, &self.run, suite.as_ref().map(|suite| suite.id.as_str()))
    }
}

/// Lists cases of a run by their place in the dataset, with their scores.
///
/// Of --failed, --errored and --unscored, a case has to be one; without any of them, all cases are listed.
#[derive(Args, Debug)]
#[command(after_long_help = json_help::CASES)]
pub(crate) struct Cases {
    #[command(flatten)]
    pub(crate) run: RunArgument,
    /// Cases with a score below the threshold
    #[arg(long)]
    pub(crate) failed: bool,
    /// Cases with an error
    #[arg(long)]
    pub(crate) errored: bool,
    /// Cases without a score
    #[arg(long)]
    pub(crate) unscored: bool,
    /// Only scores of this scorer count, and only they are shown
    #[arg(long, value_name = "SCORER")]
    pub(crate) scorer: Option<String>,
    /// Scores below this have failed
    #[arg(long, value_name = "SCORE", default_value_t = 0.5, allow_negative_numbers = true)]
    pub(crate) threshold: f64,
    /// How many cases to list; 0 for all
    #[arg(long, value_name = "N", default_value_t = 20)]
    pub(crate) limit: usize,
    /// Shows each case in full, nothing of it cut
    #[arg(long)]
    pub(crate) full: bool,
}

/// Lists the prompts, or shows the versions of one and its text.
#[derive(Args, Debug)]
#[command(after_long_help = json_help::PROMPTS)]
pub(crate) struct Prompts {
    /// The prompt, by its exact name
    #[arg(value_name = "NAME")]
    pub(crate) name: Option<String>,
    /// The version whose text is shown [default: the newest]
    #[arg(long, value_name = "N", requires = "name")]
    pub(crate) version: Option<i64>,
}

/// Says how small a difference a number of cases can show.
///
/// The spread comes from --sd, or from a run: its scores spread by sd, and the differences of two such runs on the same
/// cases by sd·√(2(1 − correlation)). Given two runs, it is the spread of their differences itself.
#[derive(Args, Debug)]
#[command(after_long_help = json_help::MDE, allow_negative_numbers = true)]
pub(crate) struct Mde {
    /// The run whose scores tell the spread
    #[arg(value_name = "RUN")]
    pub(crate) run: Option<String>,
    /// A second run, on the same cases: the spread is that of their differences
    #[arg(value_name = "OTHER")]
    pub(crate) other: Option<String>,
    /// Only runs of this suite are meant, by name or id
    #[arg(long, value_name = "SUITE")]
    pub(crate) suite: Option<String>,
    /// Only this scorer
    #[arg(long, value_name = "SCORER")]
    pub(crate) scorer: Option<String>,
    /// The standard deviation of the differences, case by case, in units of the scores
    #[arg(long, value_name = "SD", conflicts_with_all = ["run", "scorer"])]
    pub(crate) sd: Option<f64>,
    /// How alike the scores of two runs are, case by case, from 0 to below 1
    #[arg(long, value_name = "R", default_value_t = 0.5, conflicts_with_all = ["sd", "other"])]
    pub(crate) correlation: f64,
    /// Numbers of cases to answer for
    #[arg(long, value_name = "N", value_delimiter = ',', default_values_t = [50, 100, 200, 500, 1000, 2000, 5000])]
    pub(crate) cases: Vec<u64>,
    /// Answers how many cases show a drop of this size
    #[arg(long, value_name = "SIZE")]
    pub(crate) drop: Option<f64>,
    /// Probability of seeing a difference where there is none
    #[arg(long, value_name = "P", default_value_t = 0.05)]
    pub(crate) alpha: f64,
    /// Probability of seeing a difference that is there
    #[arg(long, value_name = "P", default_value_t = 0.8)]
    pub(crate) power: f64,
}

/// Prints a script that completes commands and options in a shell.
#[derive(Args, Debug)]
#[command(after_long_help = json_help::COMPLETIONS)]
pub(crate) struct Completions {
    /// The shell
    #[arg(value_name = "SHELL", value_enum, value_hint = ValueHint::Other)]
    pub(crate) shell: clap_complete::Shell,
}
