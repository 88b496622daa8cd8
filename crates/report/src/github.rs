//! Annotations in GitHub Actions.

use crate::escape::printable;
use crate::numbers::{counted, signed};
use runstore::compare::words::{self, Face};
use runstore::compare::{Comparison, GateReport};
use runstore::model::Decision;

/// Returns the annotation for a verdict.
pub fn verdict_annotation(report: &GateReport) -> String {
    let kind = match report.decision {
        Decision::Allow => "notice",
        Decision::Reject => "error",
        Decision::Inconclusive => "warning",
    };
    let title = format!("runstore gate: {}", report.decision.name());
    let reasons = report.reasons.iter().take(MOST_REASONS);
    let mut reasons: Vec<String> =
        reasons.map(|reason| words::reason(reason, Face::Command)).collect();
    let others = report.reasons.len().saturating_sub(MOST_REASONS);
    reasons.extend((others > 0).then(|| format!("and {}", counted(others, "more reason"))));
    annotation(kind, &title, &reasons.join("; "))
}

/// An annotation of a thousand scorers is truncated by GitHub; those that decide come first.
const MOST_REASONS: usize = 10;

/// Returns an annotation for each scorer with a significant loss.
pub fn comparison_annotations(comparison: &Comparison) -> String {
    let worse = comparison.scorers.iter().filter_map(|scorer| {
        let delta = scorer.delta.filter(|_| scorer.significant)?;
        let is_worse = if scorer.lower_is_better { delta > 0.0 } else { delta < 0.0 };
        let cases = counted(scorer.n, "case");
        let message = format!("{}: {} over {cases}", scorer.scorer, signed(delta));
        is_worse.then(|| annotation("warning", "runstore compare: worse", &message))
    });
    worse.collect()
}

/// Returns a workflow command, escaped by GitHub's rules.
pub(crate) fn annotation(kind: &str, title: &str, message: &str) -> String {
    let data = |text: &str| printable(text).replace('%', "%25");
    let property = data(title).replace(':', "%3A").replace(',', "%2C");
    format!("::{kind} title={property}::{}\n", data(message))
}
