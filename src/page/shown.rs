//! Chooses the rows whose texts come with a page.

use super::RowIds;
use super::options::PageOptions;
use crate::compare::CaseTable;
use crate::model::THRESHOLD;

/// Differences below this are rounding errors.
const NOTHING: f64 = 1e-9;

/// Returns the rows whose bodies are shown: those with the largest losses first, then those that failed, then the
/// others in order.
pub(super) fn shown(table: CaseTable, options: &PageOptions) -> Vec<Option<RowIds>> {
    let count = table.keys.len();
    let most = options.max_cases.unwrap_or(count);
    let order = if most < count { ranked(&table, options) } else { vec![] };
    let before = table.baseline.map_or_else(|| vec![vec![]; count], |side| side.ids);
    let ids = before.into_iter().zip(table.candidate.ids);
    let mut shown: Vec<Option<RowIds>> = ids.map(|(one, other)| Some([one, other])).collect();
    for row in order.into_iter().skip(most) {
        shown[row] = None;
    }
    shown
}

/// Returns the rows as the page orders them by regression: a loss counts as a share of the range of its scorer.
fn ranked(table: &CaseTable, options: &PageOptions) -> Vec<usize> {
    let lower = &options.gate.comparison.lower_is_better;
    let scorers: Vec<(bool, f64)> = table
        .scorers
        .iter()
        .enumerate()
        .map(|(scorer, name)| (lower.contains(name), range(table, scorer)))
        .collect();
    let count = table.keys.len();
    let mut order: Vec<(f64, bool, usize)> = (0..count)
        .map(|row| (gain(table, &scorers, row), !fails(table, &scorers, row), row))
        .collect();
    order.sort_by(|one, other| {
        one.0.total_cmp(&other.0).then(one.1.cmp(&other.1)).then(one.2.cmp(&other.2))
    });
    order.into_iter().map(|(_, _, row)| row).collect()
}

/// Returns the range of the scores of a scorer, at least from 0 to 1.
fn range(table: &CaseTable, scorer: usize) -> f64 {
    let sides = table.baseline.iter().chain([&table.candidate]);
    let scores = sides.flat_map(|side| side.scores[scorer].iter().flatten());
    let (low, high) =
        scores.fold((0.0_f64, 1.0_f64), |(low, high), score| (low.min(*score), high.max(*score)));
    high - low
}

/// Returns the largest loss of a row as a negative share; 0 without a loss. Of equal ones, the row that lost more in all is the
/// smaller by a trace.
fn gain(table: &CaseTable, scorers: &[(bool, f64)], row: usize) -> f64 {
    let gains = scorers
        .iter()
        .enumerate()
        .filter_map(|(scorer, (lower, range))| Some(gain_by(table, scorer, *lower, row)? / range));
    let (worst, lost) =
        gains.fold((0.0_f64, 0.0), |(worst, lost), gain| (worst.min(gain), lost + gain.min(0.0)));
    // + 0 turns −0 into 0, which sorts differently.
    worst + lost / 1e9 + 0.0
}

/// Returns the gain of a row by one scorer, positive if it got better; `None` if a score is missing.
pub(super) fn gain_by(
    table: &CaseTable,
    scorer: usize,
    lower_is_better: bool,
    row: usize,
) -> Option<f64> {
    let before = table.baseline.as_ref()?.scores[scorer][row]?;
    let gain = table.candidate.scores[scorer][row]? - before;
    let gain = if gain.abs() < NOTHING { 0.0 } else { gain };
    Some(if lower_is_better { -gain } else { gain })
}

fn fails(table: &CaseTable, scorers: &[(bool, f64)], row: usize) -> bool {
    let scores = table.candidate.scores.iter().zip(scorers);
    let mut judged = scores.filter(|(_, (lower, _))| !lower).filter_map(|(scores, _)| scores[row]);
    table.candidate.errored[row] > 0 || judged.any(|score| score < THRESHOLD)
}
