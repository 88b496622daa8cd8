//! Output of a scorecard for GitHub Actions.

use runstore::scorecard::{Grade, RunScorecard, words};

use super::word;
use crate::escape::printable;
use crate::github::annotation;

/// Returns the annotation for a verdict.
pub fn scorecard_annotation(card: &RunScorecard) -> String {
    let kind = match card.card.verdict {
        Grade::Pass => "notice",
        Grade::Warn | Grade::None => "warning",
        Grade::Fail => "error",
    };
    let title = format!("runstore check: {}", word(card.card.verdict));
    let reasons: Vec<_> = card.card.reasons.iter().map(words::reason).collect();
    let message = match reasons.is_empty() {
        true => "all thresholds are met".to_owned(),
        false => reasons.join("; "),
    };
    annotation(kind, &title, &message)
}

/// Returns the lines for `GITHUB_OUTPUT`: the run, its verdict and its pass rate.
pub fn scorecard_outputs(card: &RunScorecard) -> String {
    let rate = card.card.metrics.get("pass_rate").map_or_else(String::new, f64::to_string);
    format!(
        "run_id={}\nverdict={}\npass_rate={rate}\n",
        printable(&card.run_id),
        card.card.verdict.name()
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_id_with_line_breaks_sets_no_other_output() {
        let card = RunScorecard { run_id: "a\nverdict=pass".to_owned(), ..RunScorecard::default() };
        assert_eq!(scorecard_outputs(&card), "run_id=a\\nverdict=pass\nverdict=none\npass_rate=\n");
    }
}
