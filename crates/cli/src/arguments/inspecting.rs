//! Arguments of the commands that show the content of a store.

use clap::{Args, ValueHint};

use super::changing::{RunsCommand, SuitesCommand};
use super::json_help;
use super::run_argument::RunArgument;
use runstore::model::{ALPHA, POWER, STATUSES};

/// Lists the suites, newest first, or renames, merges or deletes suites.
#[derive(Args, Debug)]
#[command(after_long_help = json_help::SUITES)]
pub(crate) struct Suites {
    #[command(subcommand)]
    pub(crate) command: Option<SuitesCommand>,
}

/// Lists runs, newest first, or renames, tags or deletes runs.
///
/// An attempt is one try at a case; without trials, each case has one. It has passed if its scores meet the thresholds of
/// the suite; without thresholds, if its lowest score is at least 0.5.
#[derive(Args, Debug)]
#[command(after_long_help = json_help::RUNS, args_conflicts_with_subcommands = true)]
pub(crate) struct Runs {
    #[command(subcommand)]
    pub(crate) command: Option<RunsCommand>,
    /// Only runs of this suite, by name or id
    #[arg(long, value_name = "SUITE")]
    pub(crate) suite: Option<String>,
    /// Only runs of this model
    #[arg(long, value_name = "MODEL")]
    pub(crate) model: Option<String>,
    /// Only runs with this status
    #[arg(long, value_name = "STATUS", value_parser = STATUSES)]
    pub(crate) status: Option<String>,
    /// Only runs with this tag
    #[arg(long, value_name = "TAG")]
    pub(crate) tag: Option<String>,
    /// Only runs with this checkpoint
    #[arg(long, value_name = "NAME")]
    pub(crate) checkpoint: Option<String>,
    /// Only runs that evaluate this benchmark
    #[arg(long, value_name = "BENCHMARK")]
    pub(crate) benchmark: Option<String>,
    /// Only runs with this text in their name, label, model, checkpoint or id
    #[arg(long, value_name = "TEXT")]
    pub(crate) search: Option<String>,
    /// Only runs started at this time or later: a date (2026-11-01), a time (2026-11-01T12:00Z) or an age (30d, 12h)
    #[arg(long, value_name = "WHEN")]
    pub(crate) since: Option<String>,
    /// The maximum number of runs; 0 for all
    #[arg(long, value_name = "N", default_value_t = 20)]
    pub(crate) limit: usize,
}

/// Shows a run: its model, status, scores, latency and cost.
///
/// Several runs are shown side by side, and without RUN, the latest completed run of each model of the suite.
#[derive(Args, Debug)]
#[command(after_long_help = json_help::SHOW)]
pub(crate) struct Show {
    /// The runs: id, its first four or more characters, name, latest, latest:NAME, baseline or baseline:NAME
    #[arg(value_name = "RUN")]
    pub(crate) runs: Vec<String>,
    /// The suite that names of runs refer to, by name or id
    #[arg(long, value_name = "SUITE")]
    pub(crate) suite: Option<String>,
    /// A case passes when its lowest score is at least this [default: the thresholds of the suite, without them 0.5]
    #[arg(long, value_name = "SCORE", allow_negative_numbers = true)]
    pub(crate) threshold: Option<f64>,
}

/// Lists cases of a run by their position in the dataset, with their scores.
///
/// With --failed, --errored and --unscored, lists the cases that are any of these; without them, all cases. Each attempt at
/// a case is listed and counted.
///
/// With --annotate, labels the one case that the other arguments select: saves the label as a score of the scorer
/// "human:NAME". Earlier labels by the same person are kept. "runstore judges" shows how well a scorer agrees with such
/// labels.
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
    /// Only cases with this text in their id, key, input, output, expected answer or error
    #[arg(long, value_name = "TEXT")]
    pub(crate) search: Option<String>,
    /// Only the case with this id
    #[arg(long, value_name = "ID")]
    pub(crate) id: Option<String>,
    /// Only cases with this key
    #[arg(long, value_name = "KEY")]
    pub(crate) key: Option<String>,
    /// Only cases with this tag: one of the texts in "tags" of their metadata
    #[arg(long, value_name = "TAG")]
    pub(crate) tag: Option<String>,
    /// Only cases with this value in their metadata (language=fr, model.size=7); may be repeated
    #[arg(long, value_name = "KEY=VALUE", value_parser = metadata)]
    pub(crate) metadata: Vec<(String, String)>,
    /// Uses and shows only the scores of this scorer
    #[arg(long, value_name = "SCORER")]
    pub(crate) scorer: Option<String>,
    /// A score below this fails
    #[arg(long, value_name = "SCORE", default_value_t = runstore::model::THRESHOLD, allow_negative_numbers = true)]
    pub(crate) threshold: f64,
    /// The maximum number of cases; 0 for all
    #[arg(long, value_name = "N", default_value_t = 20)]
    pub(crate) limit: usize,
    /// Shows each case in full
    #[arg(long)]
    pub(crate) full: bool,
    /// Labels the case: pass (1), fail (0) or a score
    #[arg(long, value_name = "LABEL", value_parser = label, allow_negative_numbers = true, requires = "by", conflicts_with = "full")]
    pub(crate) annotate: Option<f64>,
    /// Who labels the case
    #[arg(long, value_name = "NAME", value_parser = person, requires = "annotate")]
    pub(crate) by: Option<String>,
    /// Why the case has this label
    #[arg(long, value_name = "TEXT", requires = "annotate")]
    pub(crate) note: Option<String>,
}

fn person(text: &str) -> Result<String, String> {
    if text.trim().is_empty() { Err("give a name".to_owned()) } else { Ok(text.to_owned()) }
}

/// Reads a label.
fn label(text: &str) -> Result<f64, String> {
    match text {
        "pass" => Ok(1.0),
        "fail" => Ok(0.0),
        _ => text
            .parse()
            .ok()
            .filter(|score: &f64| score.is_finite())
            .ok_or_else(|| "give pass, fail or a number".to_owned()),
    }
}

/// Lists the prompts, or shows the versions and the text of one prompt.
#[derive(Args, Debug)]
#[command(after_long_help = json_help::PROMPTS)]
pub(crate) struct Prompts {
    /// The prompt, by its exact name
    #[arg(value_name = "NAME")]
    pub(crate) name: Option<String>,
    /// The version to show [default: the newest]
    #[arg(long, value_name = "N", requires = "name")]
    pub(crate) version: Option<i64>,
}

/// Computes the smallest difference that a number of cases can detect (minimum detectable effect).
///
/// It depends on the standard deviation of the differences: given by --sd, or estimated from one run as
/// sd·√(2(1 − correlation)) with the sd of its scores, or computed from the differences of two runs.
#[derive(Args, Debug)]
#[command(after_long_help = json_help::MDE, allow_negative_numbers = true)]
pub(crate) struct Mde {
    /// The run to estimate the standard deviation from
    #[arg(value_name = "RUN")]
    pub(crate) run: Option<String>,
    /// A second run on the same cases, to compute the standard deviation from
    #[arg(value_name = "OTHER")]
    pub(crate) other: Option<String>,
    /// The suite that names of runs refer to, by name or id
    #[arg(long, value_name = "SUITE")]
    pub(crate) suite: Option<String>,
    /// Only this scorer
    #[arg(long, value_name = "SCORER")]
    pub(crate) scorer: Option<String>,
    /// The standard deviation of the differences, case by case, in units of the scores
    #[arg(long, value_name = "SD", conflicts_with_all = ["run", "scorer"])]
    pub(crate) sd: Option<f64>,
    /// The correlation of the scores of two runs, case by case, from 0 to below 1
    #[arg(long, value_name = "R", default_value_t = 0.5, conflicts_with_all = ["sd", "other"])]
    pub(crate) correlation: f64,
    /// The numbers of cases
    #[arg(long, value_name = "N", value_delimiter = ',', default_values_t = [50, 100, 200, 500, 1000, 2000, 5000])]
    pub(crate) cases: Vec<u64>,
    /// Also computes how many cases detect a drop of this size
    #[arg(long, value_name = "SIZE")]
    pub(crate) drop: Option<f64>,
    /// Probability of reporting a difference where there is none
    #[arg(long, value_name = "P", default_value_t = ALPHA)]
    pub(crate) alpha: f64,
    /// Probability of detecting an existing difference
    #[arg(long, value_name = "P", default_value_t = POWER)]
    pub(crate) power: f64,
}

/// Prints a completion script for a shell.
#[derive(Args, Debug)]
#[command(after_long_help = json_help::COMPLETIONS)]
pub(crate) struct Completions {
    /// The shell
    #[arg(value_name = "SHELL", value_enum, value_hint = ValueHint::Other)]
    pub(crate) shell: clap_complete::Shell,
}

/// Reads `key.key=value`.
fn metadata(text: &str) -> Result<(String, String), String> {
    let (key, value) = text.split_once('=').ok_or("give it as KEY=VALUE")?;
    match key.is_empty() || key.contains('"') {
        true => Err("give the key of a value, or keys joined by dots".to_owned()),
        false => Ok((key.to_owned(), value.to_owned())),
    }
}

/// Shows the agreement of a judge with people, over the attempts of a run that both scored.
#[derive(Args, Debug)]
#[command(after_long_help = json_help::JUDGES)]
pub(crate) struct Judges {
    #[command(flatten)]
    pub(crate) run: RunArgument,
    /// The scorer to evaluate
    #[arg(long, value_name = "SCORER")]
    pub(crate) judge: String,
    /// The scorer to measure it against, usually people
    #[arg(long, value_name = "SCORER")]
    pub(crate) human: String,
    /// Counts scores of at least this as 1 and others as 0, on both sides
    #[arg(long, value_name = "SCORE", allow_negative_numbers = true)]
    pub(crate) threshold: Option<f64>,
    /// Probability that an interval misses the true value
    #[arg(long, value_name = "P", default_value_t = ALPHA)]
    pub(crate) alpha: f64,
}
