//! Chooses the rows whose texts come with a page.

use super::RowIds;
use super::limits::Limits;
use super::options::PageOptions;
use crate::compare::CaseTable;

/// Differences below this are rounding errors.
const NOTHING: f64 = 1e-9;

/// Returns the rows whose bodies are shown: those with the largest losses first, then those that failed, then the
/// others in order.
pub(super) fn shown(
    table: CaseTable,
    limits: &[Limits],
    deciding: Option<&str>,
    options: &PageOptions,
) -> Vec<Option<RowIds>> {
    let count = table.keys.len();
    let most = options.max_cases.unwrap_or(count);
    let order = if most < count { ranked(&table, limits, deciding, options) } else { vec![] };
    let before = table.baseline.map_or_else(|| vec![vec![]; count], |side| side.ids);
    let ids = before.into_iter().zip(table.candidate.ids);
    let mut shown: Vec<Option<RowIds>> = ids.map(|(one, other)| Some([one, other])).collect();
    for row in order.into_iter().skip(most) {
        shown[row] = None;
    }
    shown
}

struct Ranked {
    lower_is_better: bool,
    range: f64,
    /// Whether it is the scorer of the headline.
    decides: bool,
}

/// Returns the rows as the page orders them by regression: a loss counts as a share of the range of its scorer, and one by the
/// scorer that decides comes before all others.
fn ranked(
    table: &CaseTable,
    limits: &[Limits],
    deciding: Option<&str>,
    options: &PageOptions,
) -> Vec<usize> {
    let lower = &options.gate.comparison.lower_is_better;
    let scorers: Vec<Ranked> = table
        .scorers
        .iter()
        .enumerate()
        .map(|(scorer, name)| Ranked {
            lower_is_better: lower.contains(name),
            range: range(table, scorer),
            decides: deciding == Some(name),
        })
        .collect();
    let count = table.keys.len();
    let mut order: Vec<(f64, bool, usize)> = (0..count)
        .map(|row| (gain(table, &scorers, row), !fails(table, limits, row), row))
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
fn gain(table: &CaseTable, scorers: &[Ranked], row: usize) -> f64 {
    let gains = scorers.iter().enumerate().filter_map(|(number, scorer)| {
        let gain = gain_by(table, number, scorer.lower_is_better, row)? / scorer.range;
        Some((gain, scorer.decides))
    });
    let (worst, lost) = gains.fold((0.0_f64, 0.0), |(worst, lost), (gain, decides)| {
        // No loss is larger than 1.
        let first = if decides && gain < 0.0 { gain - 1.0 } else { gain };
        (worst.min(first), lost + gain.min(0.0))
    });
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

fn fails(table: &CaseTable, limits: &[Limits], row: usize) -> bool {
    let scores = table.candidate.scores.iter().zip(limits);
    let mut judged = scores.filter_map(|(scores, limits)| Some((scores[row]?, limits)));
    table.candidate.errored[row] > 0 || judged.any(|(score, limits)| limits.fails(score))
}
