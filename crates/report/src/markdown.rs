//! Comparisons and verdicts as a comment on a pull request.

use std::collections::{HashMap, HashSet};

use crate::cells::{interval, label, level};
use crate::comparison::{coverage_counts, directions, legend_of_p};
use crate::escape::printable;
use crate::grouped::{Grouped, grouped_notes, grouped_reasons};
use crate::numbers::{count, counted, delta, figure, p_value};
use crate::room::{Fitting, Room, shortened, shortened_to};
use runstore::compare::{
    CaseDiff, Comparison, Ends, GateReport, RunReference, ScoreDiff, ScorerComparison,
    ScorerVerdict, Slice,
};
use runstore::model::Decision;

/// The maximum length of a sentence, in characters, which may have names from the store.
const LONGEST_SENTENCE: usize = 2_000;

/// Returns the report of a gate: as much as fits, and of scorers and cases the worst.
pub fn verdict_markdown(report: &GateReport, room: Room) -> String {
    let mark = match report.decision {
        Decision::Allow => "✅",
        Decision::Reject => "❌",
        Decision::Inconclusive => "❔",
    };
    let title = format!("### {mark} {}", report.decision.name());
    let runs = runs(&report.comparison, room);
    let above = [title, runs, reasons(report, room), gated(report, room)];
    with_rest(above, &report.comparison, room)
}

fn reasons(report: &GateReport, room: Room) -> String {
    let reasons = Fitting::first(room.bytes() / 4, &grouped_reasons(&report.reasons), reason);
    let rest = reasons.rest("reason");
    let rest = (!rest.is_empty()).then(|| format!("- {rest}"));
    reasons.shown.into_iter().chain(rest).collect::<Vec<_>>().join("\n")
}

fn reason(reason: &Grouped<'_>) -> String {
    let sentence = escaped(&shortened_to(LONGEST_SENTENCE, &reason.sentence));
    match reason.names(name) {
        Some(scorers) => format!("- {scorers}: {sentence}"),
        None => format!("- {sentence}"),
    }
}

/// Returns a comparison: as much as fits, and of scorers and cases the worst.
pub fn comparison_markdown(comparison: &Comparison, room: Room) -> String {
    let title = "### Comparison of two runs".to_owned();
    with_rest([title, runs(comparison, room), scorers(comparison, room)], comparison, room)
}

fn with_rest(
    above: impl IntoIterator<Item = String>,
    comparison: &Comparison,
    room: Room,
) -> String {
    let above = joined(above);
    let left = room.bytes().saturating_sub(above.len());
    joined([above.trim_end().to_owned(), rest(comparison, left)])
}

pub(crate) fn joined(parts: impl IntoIterator<Item = String>) -> String {
    let parts: Vec<String> = parts.into_iter().filter(|part| !part.is_empty()).collect();
    format!("{}\n", parts.join("\n\n"))
}

fn runs(comparison: &Comparison, room: Room) -> String {
    format!(
        "Candidate {} against baseline {}. Cases: {}; paired by {}, {}.",
        labels(&comparison.candidate_runs, room),
        labels(&comparison.baseline_runs, room),
        coverage_counts(comparison),
        comparison.pairing.by,
        comparison.pairing.reason,
    )
}

fn labels(runs: &[RunReference], room: Room) -> String {
    let labels = Fitting::first(room.bytes() / 16, runs, |run| name(&label(run)));
    let rest = labels.rest("run");
    let rest = (!rest.is_empty()).then_some(rest);
    labels.shown.into_iter().chain(rest).collect::<Vec<_>>().join(", ")
}

/// Returns a name from the store as code, and of one that is longer than any should be, the beginning.
fn name(text: &str) -> String {
    code(&shortened(text))
}

fn gated(report: &GateReport, room: Room) -> String {
    let means: HashMap<&str, _> = (report.comparison.scorers.iter())
        .map(|one| (one.scorer.as_str(), (one.baseline_mean, one.candidate_mean)))
        .collect();
    let row = |scorer: &ScorerVerdict| {
        let means = means.get(scorer.scorer.as_str()).copied().unwrap_or_default();
        let limit = match scorer.required_improvement {
            Some(gain) => format!("gain {}", figure(gain)),
            None => format!("loss {}", figure(scorer.margin)),
        };
        vec![
            name(&scorer.scorer),
            scorer.decision.name().to_owned(),
            optional(means.0, figure),
            optional(means.1, figure),
            optional(scorer.delta, |change| {
                delta(change, scorer.lower_is_better).text().to_owned()
            }),
            optional(scorer.deciding_interval(), ends),
            limit,
            optional(scorer.p_adjusted, p_value),
            count(scorer.n),
        ]
    };
    let rows = Fitting::worst(room.bytes() / 4, &report.scorers, || report.worst_first(), row);
    let level = level(1.0 - report.alpha);
    let titles =
        ["scorer", "verdict", "baseline", "candidate", "delta", &level, "limit", "p", "cases"];
    let rest = rows.rest("scorer");
    let directions =
        directions(report.scorers.iter().map(|one| (&one.scorer, one.lower_is_better)));
    under(under(table(&titles, 2, rows.shown), rest), directions)
}

fn scorers(comparison: &Comparison, room: Room) -> String {
    let row = |scorer: &ScorerComparison| {
        let star = if scorer.significant { " \\*" } else { "" };
        vec![
            name(&scorer.scorer),
            optional(scorer.baseline_mean, figure),
            optional(scorer.candidate_mean, figure),
            optional(scorer.delta, |change| {
                delta(change, scorer.lower_is_better).text().to_owned()
            }),
            optional(scorer.interval, ends),
            optional(scorer.p_adjusted, |p| format!("{}{star}", p_value(p))),
            count(scorer.n),
            format!("{}/{}", count(scorer.improved), count(scorer.regressed)),
        ]
    };
    let all = &comparison.scorers;
    let rows = Fitting::worst(room.bytes() / 4, all, || comparison.worst_first(), row);
    let level = level(1.0 - comparison.alpha);
    let titles = ["scorer", "baseline", "candidate", "delta", &level, "p", "cases", "better/worse"];
    let rest = rows.rest("scorer");
    let legend = legend_of_p(comparison);
    let directions = directions(all.iter().map(|one| (&one.scorer, one.lower_is_better)));
    under(under(under(table(&titles, 1, rows.shown), rest), directions), legend)
}

/// Returns a table with text below it, if there is any.
fn under(table: String, words: impl Into<Option<String>>) -> String {
    match words.into() {
        Some(words) if !words.is_empty() => {
            format!("{table}\n\n{}", escaped(&shortened_to(LONGEST_SENTENCE, &words)))
        }
        _ => table,
    }
}

/// Returns everything except the table of scorers, in so many bytes.
fn rest(comparison: &Comparison, room: usize) -> String {
    let (slices, notes) = (slices(comparison, room / 3), notes(comparison, room / 3));
    let left = room.saturating_sub(slices.len() + notes.len() + 500);
    let parts = [slices, diffs(comparison, left), notes];
    let parts: Vec<String> = parts.into_iter().filter(|part| !part.is_empty()).collect();
    parts.join("\n\n")
}

fn notes(comparison: &Comparison, room: usize) -> String {
    let note = |note: &Grouped<'_>| {
        let sentence = shortened_to(LONGEST_SENTENCE, &note.text());
        format!("> {}\n>", escaped(&sentence))
    };
    let notes = Fitting::first(room, &grouped_notes(&comparison.notes), note);
    let rest = notes.rest("note");
    let rest = (!rest.is_empty()).then(|| format!("> {rest}"));
    let notes: Vec<_> = notes.shown.into_iter().chain(rest).collect();
    notes.join("\n").trim_end_matches("\n>").to_owned()
}

fn slices(comparison: &Comparison, room: usize) -> String {
    let by_lower = by_lower(comparison);
    let row = |slice: &Slice| {
        vec![
            slice.value.as_ref().map_or("–".to_owned(), |value| name(value)),
            name(&slice.scorer),
            count(slice.n),
            delta(slice.delta, by_lower.contains(slice.scorer.as_str())).text().to_owned(),
            optional(slice.interval, ends),
            optional(slice.p_adjusted, p_value),
        ]
    };
    let worst_first = || comparison.worst_slices_first();
    let rows = Fitting::worst(room, &comparison.slices, worst_first, row);
    let level = level(1.0 - comparison.alpha);
    let titles = ["slice", "scorer", "cases", "delta", &level, "p"];
    let rest = rows.rest("slice");
    under(table(&titles, 2, rows.shown), rest)
}

/// Returns the scorers for which lower is better.
fn by_lower(comparison: &Comparison) -> HashSet<&str> {
    let lower = comparison.scorers.iter().filter(|scorer| scorer.lower_is_better);
    lower.map(|scorer| scorer.scorer.as_str()).collect()
}

fn diffs(comparison: &Comparison, room: usize) -> String {
    if comparison.diffs.is_empty() {
        return String::new();
    }
    let by_lower = by_lower(comparison);
    let row = |diff: &CaseDiff| {
        vec![
            diff.idx.to_string(),
            diff.key.as_ref().map_or("–".to_owned(), |key| name(key)),
            changes(&diff.scores, &by_lower),
        ]
    };
    let rows = Fitting::first(room, &comparison.diffs, row).shown;
    let all = counted(comparison.changed_cases, "changed case");
    let summary = match rows.len() {
        listed if listed == comparison.changed_cases => all,
        listed => format!("{} of {all}, largest regression first", count(listed)),
    };
    let table = table(&["idx", "key", "scores"], 3, rows);
    format!("<details><summary>{summary}</summary>\n\n{table}\n\n</details>")
}

/// What one case may take, in bytes.
const ROOM_OF_CASE: usize = 1_000;

/// Returns the scores of a case that changed; of more than fit, the largest losses.
fn changes(scores: &[ScoreDiff], by_lower: &HashSet<&str>) -> String {
    let changed: Vec<&ScoreDiff> =
        scores.iter().filter(|score| score.baseline != score.candidate).collect();
    let gain = |score: &ScoreDiff| match (score.delta, by_lower.contains(score.scorer.as_str())) {
        (Some(delta), true) => -delta,
        (Some(delta), false) => delta,
        // A score that is gone is the worst that can happen.
        (None, _) if score.candidate.is_none() => f64::NEG_INFINITY,
        (None, _) => 0.0,
    };
    let worst_first = || {
        let mut worst: Vec<&&ScoreDiff> = changed.iter().collect();
        worst.sort_by(|one, other| gain(one).total_cmp(&gain(other)));
        worst
    };
    let fitting = Fitting::worst(ROOM_OF_CASE, &changed, worst_first, |score| change(score));
    let rest = fitting.rest("score");
    let rest = (!rest.is_empty()).then_some(rest);
    fitting.shown.into_iter().chain(rest).collect::<Vec<_>>().join(", ")
}

fn change(score: &ScoreDiff) -> String {
    let one = |score: Option<f64>| score.map_or("–".to_owned(), figure);
    format!("{} {} → {}", name(&score.scorer), one(score.baseline), one(score.candidate))
}

fn ends(ends: Ends) -> String {
    interval(ends.low, ends.high)
}

fn optional<T>(value: Option<T>, told: impl FnOnce(T) -> String) -> String {
    value.map_or_else(|| "–".to_owned(), told)
}

/// Returns a table whose first `texts` columns are left-aligned; an empty string without rows.
pub(crate) fn table(titles: &[&str], texts: usize, rows: Vec<Vec<String>>) -> String {
    if rows.is_empty() {
        return String::new();
    }
    let line = |cells: &[String]| format!("| {} |", cells.join(" | "));
    let titles_line = line(&titles.iter().map(|title| (*title).to_owned()).collect::<Vec<_>>());
    let sides = (0..titles.len()).map(|at| if at < texts { "---" } else { "---:" }.to_owned());
    let mut lines = vec![titles_line, line(&sides.collect::<Vec<_>>())];
    lines.extend(rows.iter().map(|row| line(row)));
    lines.join("\n")
}

/// Returns text from the store as code, so that it contains no links, mentions or markup.
pub(crate) fn code(text: &str) -> String {
    // A bar would end the table cell, even inside code.
    let text = printable(text).replace('|', "\\|");
    let longest = text.split(|character| character != '`').map(str::len).max().unwrap_or(0);
    let fence = "`".repeat(longest + 1);
    let space =
        if text.starts_with('`') || text.ends_with('`') || text.is_empty() { " " } else { "" };
    format!("{fence}{space}{text}{space}{fence}")
}

/// Returns a sentence that may contain names from the store, with markup and mentions escaped.
pub(crate) fn escaped(text: &str) -> String {
    let mut escaped = String::new();
    for character in printable(text).chars() {
        match character {
            '@' => escaped.push_str("@<!-- -->"),
            '\\' | '`' | '*' | '_' | '[' | ']' | '<' | '>' | '|' | '#' | '~' | '&' | '!' => {
                escaped.push('\\');
                escaped.push(character);
            }
            _ => escaped.push(character),
        }
    }
    escaped
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn markup_in_text_from_the_store_is_escaped() {
        assert_eq!(code("a|b"), "`a\\|b`");
        assert_eq!(code("``x`"), "``` ``x` ```");
        assert_eq!(code("<img> @all"), "`<img> @all`");
        assert_eq!(escaped("[x](y) @all <b>"), "\\[x\\](y) @<!-- -->all \\<b\\>");
    }
}
