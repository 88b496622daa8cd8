//! The scorecard of a candidate in a few lines, below the verdict of a gate.

use runstore::scorecard::{RunScorecard, words};

use super::markdown::mark;
use super::{role_of, word};
use crate::cell::Cell;
use crate::colour::Role;
use crate::markdown::{escaped, joined};
use crate::page::Page;
use crate::room::{shortened, within};

/// Bytes of reasons in Markdown: below the verdict of a gate, within the reserve of its room.
const ROOM: usize = 4000;

/// Writes the verdict by the thresholds of the suite, and the reasons.
pub fn write_brief_scorecard(page: &mut Page, card: &RunScorecard) {
    page.blank();
    let verdict = Cell::new(word(card.card.verdict), role_of(card.card.verdict));
    page.line(&[Cell::new("scorecard of the candidate: ", Role::Plain), verdict]);
    for reason in &card.card.reasons {
        page.words("- ", &words::reason(reason), Role::Plain);
    }
}

/// Returns the same in Markdown.
pub fn brief_scorecard_markdown(card: &RunScorecard) -> String {
    let (mark, word) = (mark(card.card.verdict), word(card.card.verdict));
    let reasons = card.card.reasons.iter().map(words::reason);
    let reasons = within(ROOM, reasons.map(|one| format!("- {}", escaped(&shortened(&one)))));
    let heading = format!("#### {mark} Scorecard of the candidate: {word}");
    format!("\n{}", joined([heading, reasons.join("\n")]))
}
