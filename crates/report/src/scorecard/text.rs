//! A scorecard on a terminal.

use runstore::scorecard::{RunScorecard, SampleScorecard, words};

use super::value::{limits, value};
use super::{Worst, in_order, role_of, word};
use crate::cell::Cell;
use crate::colour::Role;
use crate::numbers::count;
use crate::page::Page;
use crate::table::{Column, Table};

/// Writes the verdict, the reasons, the metrics with their thresholds, and the worst cases.
pub fn write_scorecard(page: &mut Page, card: &RunScorecard, worst: &mut Worst) {
    page.line(&[Cell::new(word(card.card.verdict), role_of(card.card.verdict))]);
    for reason in &card.card.reasons {
        page.words("- ", &words::reason(reason), Role::Plain);
    }
    page.blank();
    write_figures(page, card, worst);
}

/// Writes the metrics with their thresholds, and the worst cases: the part of a scorecard below its verdict.
pub fn write_figures(page: &mut Page, card: &RunScorecard, worst: &mut Worst) {
    write_metrics(page, card);
    let all = worst.not_passed();
    let cases = worst.cases();
    if !cases.is_empty() {
        page.blank();
        write_cases(page, cases);
        write_more(page, all.saturating_sub(cases.len() as u64));
    }
}

fn write_metrics(page: &mut Page, card: &RunScorecard) {
    let mut table = Table::new([
        Column::text("metric").cut_to(12),
        Column::number("value"),
        Column::text("threshold").cut_to(8),
    ]);
    for (name, measured) in in_order(card) {
        let asked = card.card.thresholds.get(name);
        table.row([
            name.into(),
            Cell::optional(measured, |measured| value(name, measured).into()),
            Cell::optional(asked, |threshold| limits(name, threshold).into()),
        ]);
    }
    page.table(&table);
}

fn write_cases(page: &mut Page, cases: &[SampleScorecard]) {
    let mut table = Table::new([
        Column::text("case").cut_to(8),
        Column::text("verdict"),
        Column::text("why").cut_to(12),
    ]);
    for case in cases {
        table.row([
            Cell::from(&case.sample_id),
            match case.errors.is_empty() {
                true => Cell::new(case.card.verdict.name(), role_of(case.card.verdict)),
                false => Cell::new("error", Role::Bad),
            },
            why(case).into(),
        ]);
    }
    page.table(&table);
}

fn write_more(page: &mut Page, more: u64) {
    if more > 0 {
        let words = format!("… and {} more that do not pass; the worst are shown.", count(more));
        page.words("", &words, Role::Faint);
    }
}

/// Returns why a case does not pass, in one line.
pub(crate) fn why(case: &SampleScorecard) -> String {
    let reasons = case.card.reasons.iter().map(words::reason);
    match case.errors.is_empty() {
        true => reasons.collect::<Vec<_>>().join("; "),
        false => case.errors.join("; "),
    }
}
