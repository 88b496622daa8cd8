//! Arguments of the commands about the thresholds of suites.

use clap::{ArgGroup, Args, Subcommand};

use super::json_help;
use runstore::model::Threshold;

/// Shows and changes the thresholds of a suite, by which "runstore check" judges its runs.
#[derive(Args, Debug)]
#[command(arg_required_else_help = true, subcommand_required = true)]
pub(crate) struct ThresholdsOf {
    #[command(subcommand)]
    pub(crate) command: ThresholdsCommand,
}

/// The operations on thresholds.
#[derive(Debug, Subcommand)]
pub(crate) enum ThresholdsCommand {
    Show(ShowThresholds),
    Set(SetThreshold),
    Rm(RemoveThreshold),
    Clear(ClearThresholds),
}

/// The suite of the thresholds.
#[derive(Args, Debug)]
pub(crate) struct OfSuite {
    /// The suite, by name or id; may be omitted when there is only one
    #[arg(long, value_name = "SUITE")]
    pub(crate) suite: Option<String>,
}

/// Shows the thresholds of a suite.
#[derive(Args, Debug)]
#[command(after_long_help = json_help::THRESHOLDS_SHOW)]
pub(crate) struct ShowThresholds {
    #[command(flatten)]
    pub(crate) of: OfSuite,
}

/// Sets the threshold of a suite on one metric, replacing an earlier one; other metrics keep their thresholds.
///
/// A metric is the mean of a scorer, by its name, or one that every run has: pass_rate, scored_rate, total_cases, passed,
/// warned, failed, errored, unscored, cost_usd, tokens_in, tokens_out, latency_p50_ms, latency_p95_ms. If the metric is
/// beyond its pass limit, the verdict of a run is warn; beyond its warn limit, or without one, it is fail.
#[derive(Args, Debug)]
#[command(
    after_long_help = json_help::THRESHOLDS_SET,
    allow_negative_numbers = true,
    override_usage = "runstore thresholds set [OPTIONS] <METRIC>",
    group = ArgGroup::new("limit").args(["pass_floor", "pass_ceiling"]).required(true).multiple(true)
)]
pub(crate) struct SetThreshold {
    /// The metric
    #[arg(value_name = "METRIC")]
    pub(crate) metric: String,
    /// Passes at this value and above
    #[arg(long, value_name = "N")]
    pub(crate) pass_floor: Option<f64>,
    /// Warns at this value and above, and fails below it
    #[arg(long, value_name = "N", requires = "pass_floor")]
    pub(crate) warn_floor: Option<f64>,
    /// Passes at this value and below
    #[arg(long, value_name = "N")]
    pub(crate) pass_ceiling: Option<f64>,
    /// Warns at this value and below, and fails above it
    #[arg(long, value_name = "N", requires = "pass_ceiling")]
    pub(crate) warn_ceiling: Option<f64>,
    /// Permits a new metric, even if its name looks like a misspelling of another
    #[arg(long)]
    pub(crate) new: bool,
    #[command(flatten)]
    pub(crate) of: OfSuite,
}

impl SetThreshold {
    pub(crate) fn threshold(&self) -> Threshold {
        let SetThreshold { pass_floor, warn_floor, pass_ceiling, warn_ceiling, .. } = *self;
        Threshold { pass_floor, warn_floor, pass_ceiling, warn_ceiling }
    }
}

/// Removes the threshold on a metric.
#[derive(Args, Debug)]
#[command(after_long_help = json_help::THRESHOLDS_RM)]
pub(crate) struct RemoveThreshold {
    /// The metric
    #[arg(value_name = "METRIC")]
    pub(crate) metric: String,
    #[command(flatten)]
    pub(crate) of: OfSuite,
}

/// Removes all thresholds of a suite.
#[derive(Args, Debug)]
#[command(after_long_help = json_help::THRESHOLDS_CLEAR)]
pub(crate) struct ClearThresholds {
    #[command(flatten)]
    pub(crate) of: OfSuite,
}
