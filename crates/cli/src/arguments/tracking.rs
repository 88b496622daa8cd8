//! Arguments of the commands that follow a suite over many runs.

use clap::{Args, Subcommand, ValueHint};

use super::comparing::reducer;
use super::json_help;
use super::run_argument::RunArgument;
use runstore::compare::{
    CALIBRATION_RUNS, MIN_CALIBRATION_RUNS, MIN_TREND_RUNS, Reducer, TREND_RUNS,
};
use runstore::model::ALPHA;

/// Shows how the scores of a suite changed from run to run.
#[derive(Args, Debug)]
#[command(after_long_help = json_help::HISTORY)]
pub(crate) struct History {
    #[command(flatten)]
    pub(crate) of: Followed,
    /// Only this scorer
    #[arg(long, value_name = "SCORER")]
    pub(crate) scorer: Option<String>,
    /// Only runs started at this time or later: a date (2026-11-01), a time (2026-11-01T12:00Z) or an age (30d, 12h)
    #[arg(long, value_name = "WHEN")]
    pub(crate) since: Option<String>,
    /// The number of most recent runs to show
    #[arg(long, value_name = "N", default_value_t = 20, value_parser = clap::value_parser!(u32).range(1..))]
    pub(crate) limit: u32,
    /// The baseline to compare with [default: main, if there is one]
    #[arg(long, value_name = "NAME")]
    pub(crate) baseline: Option<String>,
}

/// Shows whether a scorer rises or falls over the last runs, even in steps too small to be significant.
#[derive(Args, Debug)]
#[command(after_long_help = json_help::TREND, allow_negative_numbers = true)]
pub(crate) struct Trend {
    #[command(flatten)]
    pub(crate) of: Followed,
    /// The scorer [default: all]
    #[arg(long, value_name = "SCORER")]
    pub(crate) scorer: Option<String>,
    /// The number of most recent completed runs to use, at least 3
    #[arg(long, value_name = "N", default_value_t = TREND_RUNS,
          value_parser = clap::value_parser!(u32).range(i64::from(MIN_TREND_RUNS)..))]
    pub(crate) last: u32,
    /// The baseline to measure from [default: main, if there is one, otherwise the oldest of the runs]
    #[arg(long, value_name = "NAME")]
    pub(crate) baseline: Option<String>,
    /// Probability of reporting a trend where there is none
    #[arg(long, value_name = "P", default_value_t = ALPHA)]
    pub(crate) alpha: f64,
}

/// Estimates how much two equal runs differ by chance, from runs of the same model, prompts and cases.
#[derive(Args, Debug)]
#[command(after_long_help = json_help::CALIBRATE, allow_negative_numbers = true)]
pub(crate) struct Calibrate {
    /// The runs to use, by id, name or the start of an id [default: the most recent completed ones]
    #[arg(value_name = "RUN")]
    pub(crate) runs: Vec<String>,
    /// The suite, by name or id; may be omitted when there is only one
    #[arg(long, value_name = "SUITE")]
    pub(crate) suite: Option<String>,
    /// Only runs of this model
    #[arg(long, value_name = "MODEL")]
    pub(crate) model: Option<String>,
    /// The number of most recent completed runs to use, at least 2
    #[arg(long, value_name = "N", default_value_t = CALIBRATION_RUNS,
          value_parser = clap::value_parser!(u32).range(i64::from(MIN_CALIBRATION_RUNS)..))]
    pub(crate) last: u32,
    /// Probability that two equal runs are farther apart than the smallest meaningful difference
    #[arg(long, value_name = "P", default_value_t = ALPHA)]
    pub(crate) alpha: f64,
}

/// Selects the runs.
#[derive(Args, Debug)]
pub(crate) struct Followed {
    /// The suite, by name or id; may be omitted when there is only one
    #[arg(long, value_name = "SUITE")]
    pub(crate) suite: Option<String>,
    /// Only runs of this model
    #[arg(long, value_name = "MODEL")]
    pub(crate) model: Option<String>,
    /// A scorer for which lower scores are better; may be repeated
    #[arg(long, value_name = "SCORER")]
    pub(crate) lower_is_better: Vec<String>,
    /// How several scores of a trial, and the trials of a case, become one score: mean, median, mode, max, min or at-least=K
    /// (1 if K trials or more score 1)
    #[arg(long, value_name = "HOW", default_value = "mean", value_parser = reducer)]
    pub(crate) reducer: Reducer,
    /// Includes the runs of an archive, given by its path or URL [default without a value: $RUNSTORE_ARCHIVE]. A run that is in
    /// both counts once
    #[arg(long, value_name = "URL", num_args = 0..=1, default_missing_value = "", value_hint = ValueHint::DirPath)]
    pub(crate) archive: Option<String>,
    /// The project: a folder in the archive [default: default]
    #[arg(long, value_name = "NAME", requires = "archive")]
    pub(crate) project: Option<String>,
}

/// Sets, shows, lists or removes the runs that later runs are compared with.
#[derive(Args, Debug)]
#[command(arg_required_else_help = true, subcommand_required = true)]
pub(crate) struct Baseline {
    #[command(subcommand)]
    pub(crate) command: BaselineCommand,
}

/// The operations on baselines.
#[derive(Debug, Subcommand)]
pub(crate) enum BaselineCommand {
    Set(SetBaseline),
    Show(ShowBaseline),
    List(ListBaselines),
    Rm(RemoveBaseline),
}

/// Makes a run the baseline of its suite, replacing an earlier one.
#[derive(Args, Debug)]
#[command(after_long_help = json_help::BASELINE_SET)]
pub(crate) struct SetBaseline {
    #[command(flatten)]
    pub(crate) run: RunArgument,
    /// Name of the baseline
    #[arg(long, value_name = "NAME", default_value = runstore::model::BASELINE)]
    pub(crate) name: String,
}

/// Shows a baseline: its run and its age.
#[derive(Args, Debug)]
#[command(after_long_help = json_help::BASELINE_SHOW)]
pub(crate) struct ShowBaseline {
    #[command(flatten)]
    pub(crate) baseline: NamedBaseline,
}

/// Lists the baselines of a suite, or of all suites.
#[derive(Args, Debug)]
#[command(after_long_help = json_help::BASELINE_LIST)]
pub(crate) struct ListBaselines {
    /// Only baselines of this suite, by name or id
    #[arg(long, value_name = "SUITE")]
    pub(crate) suite: Option<String>,
}

/// Removes a baseline, but not its run.
#[derive(Args, Debug)]
#[command(after_long_help = json_help::BASELINE_RM)]
pub(crate) struct RemoveBaseline {
    #[command(flatten)]
    pub(crate) baseline: NamedBaseline,
}

/// Names a baseline.
#[derive(Args, Debug)]
pub(crate) struct NamedBaseline {
    /// Name of the baseline
    #[arg(value_name = "NAME", default_value = runstore::model::BASELINE)]
    pub(crate) name: String,
    /// The suite, by name or id; may be omitted when there is only one
    #[arg(long, value_name = "SUITE")]
    pub(crate) suite: Option<String>,
}

/// Lists the recorded verdicts, newest first.
#[derive(Args, Debug)]
#[command(after_long_help = json_help::VERDICTS)]
pub(crate) struct Verdicts {
    /// Only verdicts on runs of this suite, by name or id
    #[arg(long, value_name = "SUITE")]
    pub(crate) suite: Option<String>,
    /// Only verdicts on this run
    #[arg(long, value_name = "RUN")]
    pub(crate) run: Option<String>,
    /// How many verdicts to list; 0 for all
    #[arg(long, value_name = "N", default_value_t = 20)]
    pub(crate) limit: u32,
}
