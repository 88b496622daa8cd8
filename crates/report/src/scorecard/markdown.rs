//! A scorecard as a comment on a pull request, or the summary of a job.

use runstore::scorecard::{Grade, RunScorecard, SampleScorecard, words};

use super::text::why;
use super::value::{limits, value};
use super::{Worst, in_order, word};
use crate::markdown::{code, escaped, joined, table};
use crate::numbers::count;
use crate::room::{Room, shortened, within};

/// Returns the scorecard: the verdict, the reasons, the metrics, and as many of the worst cases as fit.
pub fn scorecard_markdown(
    card: &RunScorecard,
    title: &str,
    worst: &mut Worst,
    room: Room,
) -> String {
    let (mark, word) = (mark(card.card.verdict), word(card.card.verdict));
    let heading = format!("### {mark} {word}: {}", code(&shortened(title)));
    let reasons = card
        .card
        .reasons
        .iter()
        .map(|one| format!("- {}", escaped(&shortened(&words::reason(one)))));
    let reasons = within(room.bytes() / 4, reasons);
    let metrics = within(room.bytes() / 4, metrics(card));
    let above =
        joined([heading, reasons.join("\n"), table(&["metric", "value", "threshold"], 1, metrics)]);
    let left = room.bytes().saturating_sub(above.len());
    joined([above.trim_end().to_owned(), cases(worst, left)])
}

pub(super) fn mark(verdict: Grade) -> &'static str {
    match verdict {
        Grade::Pass => "✅",
        Grade::Warn => "⚠️",
        Grade::Fail => "❌",
        Grade::None => "❔",
    }
}

fn metrics(card: &RunScorecard) -> impl Iterator<Item = Vec<String>> {
    in_order(card).into_iter().map(|(name, measured)| {
        let told = measured.map_or_else(|| "–".to_owned(), |measured| value(name, measured));
        let asked = card.card.thresholds.get(name).map(|threshold| limits(name, threshold));
        vec![code(&shortened(name)), told, asked.unwrap_or_default()]
    })
}

/// Returns the worst cases that fit, and the number of further ones.
fn cases(worst: &mut Worst, room: usize) -> String {
    let all = worst.not_passed();
    let rows = within(room.saturating_sub(500), worst.cases().iter().map(case));
    if rows.is_empty() {
        return String::new();
    }
    let more = all.saturating_sub(rows.len() as u64);
    let rest = match more {
        0 => String::new(),
        more => format!("\n\n… and {} more.", count(more)),
    };
    let summary = match (rows.len() as u64, all) {
        (_, 1) => "1 attempt does not pass".to_owned(),
        (shown, all) if shown == all => format!("{} attempts do not pass, worst first", count(all)),
        (shown, all) => {
            format!("{} of {} attempts that do not pass, worst first", count(shown), count(all))
        }
    };
    let table = table(&["case", "verdict", "why"], 3, rows);
    format!("<details><summary>{summary}</summary>\n\n{table}{rest}\n\n</details>")
}

fn case(case: &SampleScorecard) -> Vec<String> {
    let verdict = if case.errors.is_empty() { case.card.verdict.name() } else { "error" };
    vec![code(&shortened(&case.sample_id)), verdict.to_owned(), escaped(&shortened(&why(case)))]
}

#[cfg(test)]
mod tests {
    use super::*;

    fn failing(id: usize) -> SampleScorecard {
        SampleScorecard {
            sample_id: format!("case {id} | <b>"),
            errors: vec!["x".repeat(id % 2000)],
            ..SampleScorecard::default()
        }
    }

    #[test]
    fn cases_that_do_not_fit_are_counted() {
        let mut worst = Worst::new(20_000);
        (0..20_000).for_each(|id| worst.add(failing(id)));
        for (room, most) in [(Room::Comment, 65_536), (Room::Summary, 1 << 20)] {
            let text = scorecard_markdown(&RunScorecard::default(), "run", &mut worst, room);
            assert!(text.len() < most && text.len() > most / 2, "{}", text.len());
            let shown = text.lines().filter(|line| line.starts_with("| `case ")).count();
            assert!(text.contains(&format!("… and {} more.", count((20_000 - shown) as u64))));
            assert!(text.ends_with("</details>\n"));
        }
    }

    #[test]
    fn without_failing_cases_there_is_no_list() {
        let mut worst = Worst::new(5);
        let text = scorecard_markdown(&RunScorecard::default(), "a|b", &mut worst, Room::Comment);
        assert_eq!(text, "### ❔ NO VERDICT: `a\\|b`\n");
    }
}
