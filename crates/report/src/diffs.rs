//! Lists changed cases.

use crate::cell::Cell;
use crate::colour::Role;
use crate::json::readable;
use crate::numbers::{count, delta, figure};
use crate::page::Page;
use crate::table::{Column, Table};
use runstore::compare::{CaseDiff, CaseDiffTexts, Comparison, ScoreDiff};

/// Writes the cases that changed, largest regression first.
pub fn write_diffs(page: &mut Page, comparison: &Comparison) {
    if comparison.diffs.is_empty() {
        return;
    }
    page.blank();
    let by_lower = |scorer: &str| {
        comparison.scorers.iter().any(|one| one.scorer == scorer && one.lower_is_better)
    };
    if comparison.diffs.iter().any(|diff| diff.texts.is_some()) {
        comparison.diffs.iter().for_each(|diff| write_in_full(page, diff, &by_lower));
    } else {
        write_table(page, &comparison.diffs);
    }
    if comparison.diffs.len() < comparison.changed_cases {
        let (listed, all) = (comparison.diffs.len(), count(comparison.changed_cases));
        let first = match comparison.diffs[0].regression > 0.0 {
            true => "largest regression",
            false => "smallest gain",
        };
        let note = format!("{listed} of {all} changed cases, {first} first; --limit 0 lists all");
        page.words("", &note, Role::Faint);
    }
}

fn write_table(page: &mut Page, diffs: &[CaseDiff]) {
    let has_keys = diffs.iter().any(|diff| diff.key.is_some());
    let mut columns = vec![Column::number("idx")];
    columns.extend(has_keys.then(|| Column::text("key").cut_to(8)));
    columns.extend([Column::number("worst"), Column::text("scores").cut_to(12)]);
    let mut table = Table::new(columns);
    for diff in diffs {
        let mut row = vec![Cell::from(diff.idx.to_string())];
        row.extend(has_keys.then(|| Cell::optional(diff.key.as_ref(), Cell::from)));
        row.extend([worst(diff), told(&diff.scores).into()]);
        table.row(row);
    }
    page.table(&table);
}

/// Returns the largest loss of a case. Where a score is missing, it counts as the worst, but no loss was measured.
fn worst(diff: &CaseDiff) -> Cell {
    let is_lost = |delta: f64| (delta.abs() - diff.regression.abs()).abs() < 1e-9;
    match diff.scores.iter().filter_map(|score| score.delta).any(is_lost) {
        true => regression(diff.regression),
        false => Cell::new("not scored", Role::Unsure),
    }
}

/// Returns the change of a case in words: a sign would be ambiguous if lower is better.
fn regression(regression: f64) -> Cell {
    let size = figure(regression.abs());
    match regression {
        _ if size.chars().all(|digit| matches!(digit, '0' | '.')) => "same".into(),
        loss if loss > 0.0 => Cell::new(&format!("{size} worse"), Role::Bad),
        _ => Cell::new(&format!("{size} better"), Role::Good),
    }
}

fn told(scores: &[ScoreDiff]) -> String {
    let changed = scores.iter().filter(|score| score.baseline != score.candidate);
    let told = changed.map(|score| format!("{} {}", score.scorer, change(score)));
    told.collect::<Vec<_>>().join(", ")
}

fn change(score: &ScoreDiff) -> String {
    let one = |score: Option<f64>| score.map_or("–".to_owned(), figure);
    format!("{} → {}", one(score.baseline), one(score.candidate))
}

fn write_in_full(page: &mut Page, diff: &CaseDiff, by_lower: &impl Fn(&str) -> bool) {
    let key = diff.key.as_ref().map_or(String::new(), |key| format!(" · {key}"));
    page.title(&format!("case {}{key}", diff.idx));
    for score in &diff.scores {
        let name = Cell::new(&format!("  {} ", score.scorer), Role::Faint);
        let difference = score.delta.map(|change| delta(change, by_lower(&score.scorer)));
        let difference = difference.map_or(vec![], |cell| vec!["  ".into(), cell]);
        page.line(&[vec![name, change(score).into()], difference].concat());
    }
    if let Some(texts) = &diff.texts {
        write_texts(page, texts);
    }
    page.blank();
}

fn write_texts(page: &mut Page, texts: &CaseDiffTexts) {
    let json = |value: &Option<Box<serde_json::value::RawValue>>| {
        value.as_ref().map(|value| readable(value.get()))
    };
    let all = [
        ("input", json(&texts.input)),
        ("expected", json(&texts.expected)),
        ("output of the baseline", texts.baseline_output.clone()),
        ("output of the candidate", texts.candidate_output.clone()),
        ("error of the baseline", texts.baseline_error.clone()),
        ("error of the candidate", texts.candidate_error.clone()),
    ];
    for (name, text) in all {
        let Some(text) = text else { continue };
        page.line(&[Cell::new(&format!("  {name}"), Role::Faint)]);
        page.verbatim("    ", &text);
    }
}
