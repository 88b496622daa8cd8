//! Annotations in GitHub Actions.

use crate::escape::printable;
use crate::grouped::grouped_reasons;
use crate::numbers::{counted, signed};
use crate::room::{shortened, shortened_to};
use runstore::compare::{Comparison, GateReport, ScorerComparison};
use runstore::model::Decision;

/// Returns the annotation for a verdict.
pub fn verdict_annotation(report: &GateReport) -> String {
    let kind = match report.decision {
        Decision::Allow => "notice",
        Decision::Reject => "error",
        Decision::Inconclusive => "warning",
    };
    let title = format!("runstore gate: {}", report.decision.name());
    let all = grouped_reasons(&report.reasons);
    let reasons = all.iter().take(MOST_REASONS);
    let mut reasons: Vec<String> =
        reasons.map(|reason| shortened_to(LONGEST_REASON, &reason.text())).collect();
    let others = all.len().saturating_sub(MOST_REASONS);
    reasons.extend((others > 0).then(|| format!("and {}", counted(others, "more reason"))));
    annotation(kind, &title, &reasons.join(" • "))
}

/// An annotation of a thousand scorers is truncated by GitHub; those that decide come first.
const MOST_REASONS: usize = 10;

/// In characters; a reason may have long names from the store.
const LONGEST_REASON: usize = 2_000;

/// GitHub shows ten annotations of a kind for a step.
const MOST_ANNOTATIONS: usize = 10;

/// Returns an annotation for each scorer with a significant loss, the largest losses first; where there are more than
/// GitHub shows, the last one counts the others.
pub fn comparison_annotations(comparison: &Comparison) -> String {
    let scorers = comparison.worst_first();
    let mut worse: Vec<String> =
        scorers.iter().filter(|one| one.is_significant_loss()).map(|one| worse(one)).collect();
    if worse.len() > MOST_ANNOTATIONS {
        let others = worse.split_off(MOST_ANNOTATIONS - 1).len();
        worse.push(format!("and {}", counted(others, "more scorer")));
    }
    worse.iter().map(|message| annotation("warning", "runstore compare: worse", message)).collect()
}

fn worse(scorer: &ScorerComparison) -> String {
    let delta = scorer.delta.map_or("–".to_owned(), signed);
    format!("{}: {delta} over {}", shortened(&scorer.scorer), counted(scorer.n, "case"))
}

/// Returns a workflow command, escaped by GitHub's rules.
pub(crate) fn annotation(kind: &str, title: &str, message: &str) -> String {
    let data = |text: &str| printable(text).replace('%', "%25");
    let property = data(title).replace(':', "%3A").replace(',', "%2C");
    format!("::{kind} title={property}::{}\n", data(message))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_and_messages_are_no_workflow_commands() {
        assert_eq!(
            annotation("error", "a: b, 5%", "one\n::stop-commands::x\r100%"),
            "::error title=a%3A b%2C 5%25::one\\n::stop-commands::x\\r100%25\n"
        );
    }
}
