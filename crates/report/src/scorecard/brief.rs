//! The scorecards of candidates in a few lines each, below the verdict of a gate.

use runstore::compare::RunReference;
use runstore::scorecard::{RunScorecard, words};

use super::markdown::mark;
use super::{role_of, word};
use crate::cell::Cell;
use crate::cells::label;
use crate::colour::Role;
use crate::markdown::{escaped, joined};
use crate::page::Page;
use crate::room::{shortened, within};

/// Bytes of all reasons in Markdown: below the verdict of a gate, within the reserve of its room.
const ROOM: usize = 4000;

/// Writes the verdicts by the thresholds of the suite, and the reasons.
pub fn write_brief_scorecards(page: &mut Page, cards: &[RunScorecard], runs: &[RunReference]) {
    for card in cards {
        page.blank();
        let verdict = Cell::new(word(card.card.verdict), role_of(card.card.verdict));
        let whose = format!("scorecard of {}: ", whose(card, runs));
        page.line(&[Cell::new(&whose, Role::Plain), verdict]);
        for reason in &card.card.reasons {
            page.words("- ", &words::reason(reason), Role::Plain);
        }
    }
}

/// Returns the same in Markdown.
pub fn brief_scorecards_markdown(cards: &[RunScorecard], runs: &[RunReference]) -> String {
    let brief = |card: &RunScorecard| {
        let (mark, word) = (mark(card.card.verdict), word(card.card.verdict));
        let reasons = card.card.reasons.iter().map(words::reason);
        let reasons = reasons.map(|one| format!("- {}", escaped(&shortened(&one))));
        let whose = escaped(&shortened(&whose(card, runs)));
        let heading = format!("#### {mark} Scorecard of {whose}: {word}");
        format!("\n{}", joined([heading, within(ROOM / cards.len(), reasons).join("\n")]))
    };
    cards.iter().map(brief).collect()
}

/// Names the run, if there are several.
fn whose(card: &RunScorecard, runs: &[RunReference]) -> String {
    match runs {
        [_] => "the candidate".to_owned(),
        _ => runs.iter().find(|run| run.id == card.run_id).map(label).unwrap_or_default(),
    }
}
