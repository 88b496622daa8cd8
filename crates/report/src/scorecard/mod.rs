//! Scorecards: on a terminal, in a comment on a pull request, for GitHub.

mod brief;
mod github;
mod markdown;
mod text;
mod value;
mod worst;

pub use brief::{brief_scorecards_markdown, write_brief_scorecards};
pub use github::{scorecard_annotation, scorecard_outputs};
pub use markdown::scorecard_markdown;
pub(crate) use text::why;
pub use text::{write_figures, write_scorecard};
pub use worst::Worst;

use runstore::scorecard::{Grade, RunScorecard, is_of_scorer};

use crate::colour::Role;

/// Returns the colour of a verdict.
fn role_of(verdict: Grade) -> Role {
    match verdict {
        Grade::Pass => Role::Good,
        Grade::Fail => Role::Bad,
        Grade::Warn | Grade::None => Role::Unsure,
    }
}

/// Returns a verdict in a word.
fn word(verdict: Grade) -> &'static str {
    match verdict {
        Grade::Pass => "PASS",
        Grade::Warn => "WARN",
        Grade::Fail => "FAIL",
        Grade::None => "NO VERDICT",
    }
}

/// Returns the metrics in reading order: scorers, then shares and others; and metrics with a threshold but without a
/// value.
pub(crate) fn in_order(card: &RunScorecard) -> Vec<(&str, Option<f64>)> {
    let metrics = card.card.metrics.iter().map(|(name, value)| (name.as_str(), Some(*value)));
    let missing = card.card.thresholds.keys().filter(|name| !card.card.metrics.contains_key(*name));
    let mut all: Vec<_> = metrics.chain(missing.map(|name| (name.as_str(), None))).collect();
    all.sort_by_key(|(name, _)| rank(name));
    all
}

fn rank(metric: &str) -> usize {
    const ORDER: [&str; 13] = [
        "pass_rate",
        "scored_rate",
        "total_cases",
        "passed",
        "warned",
        "failed",
        "errored",
        "unscored",
        "cost_usd",
        "latency_p50_ms",
        "latency_p95_ms",
        "tokens_in",
        "tokens_out",
    ];
    let place = ORDER.iter().position(|known| *known == metric).unwrap_or(ORDER.len());
    if is_of_scorer(metric) { 0 } else { place + 1 }
}
