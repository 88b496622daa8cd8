//! Comparisons and verdicts as a comment on a pull request.

use crate::cells::{interval, label, legend, level};
use crate::comparison::{coverage_counts, directions};
use crate::escape::printable;
use crate::numbers::{count, counted, delta, figure, p_value};
use runstore::compare::words::{Face, fact, unnamed_reason};
use runstore::compare::{Comparison, Ends, GateReport, Reason, RunReference, ScoreDiff};
use runstore::model::Decision;

/// Returns the report of a gate.
pub fn verdict_markdown(report: &GateReport) -> String {
    let mark = match report.decision {
        Decision::Allow => "✅",
        Decision::Reject => "❌",
        Decision::Inconclusive => "❔",
    };
    let reasons: Vec<String> = report.reasons.iter().map(reason).collect();
    let title = format!("### {mark} {}", report.decision.name());
    let parts = [
        title,
        runs(&report.comparison),
        reasons.join("\n"),
        gated(report),
        rest(&report.comparison),
    ];
    joined(parts)
}

fn reason(reason: &Reason) -> String {
    let sentence = escaped(&unnamed_reason(reason, Face::Command));
    match &reason.scorer {
        Some(scorer) => format!("- {}: {sentence}", code(scorer)),
        None => format!("- {sentence}"),
    }
}

/// Returns a comparison.
pub fn comparison_markdown(comparison: &Comparison) -> String {
    let title = "### Comparison of two runs".to_owned();
    joined([title, runs(comparison), scorers(comparison), rest(comparison)])
}

pub(crate) fn joined(parts: impl IntoIterator<Item = String>) -> String {
    let parts: Vec<String> = parts.into_iter().filter(|part| !part.is_empty()).collect();
    format!("{}\n", parts.join("\n\n"))
}

fn runs(comparison: &Comparison) -> String {
    format!(
        "Candidate {} against baseline {}. Cases: {}; paired by {}.",
        labels(&comparison.candidate_runs),
        labels(&comparison.baseline_runs),
        coverage_counts(comparison),
        comparison.pairing.by,
    )
}

fn labels(runs: &[RunReference]) -> String {
    runs.iter().map(|run| code(&label(run))).collect::<Vec<_>>().join(", ")
}

fn gated(report: &GateReport) -> String {
    let rows = report.scorers.iter().map(|scorer| {
        let compared = report.comparison.scorers.iter().find(|one| one.scorer == scorer.scorer);
        let means = compared.map(|one| (one.baseline_mean, one.candidate_mean)).unwrap_or_default();
        let limit = match scorer.required_improvement {
            Some(gain) => format!("gain {}", figure(gain)),
            None => format!("loss {}", figure(scorer.margin)),
        };
        vec![
            code(&scorer.scorer),
            scorer.decision.name().to_owned(),
            optional(means.0, figure),
            optional(means.1, figure),
            optional(scorer.delta, |change| {
                delta(change, scorer.lower_is_better).text().to_owned()
            }),
            optional(scorer.interval, ends),
            limit,
            optional(scorer.p_adjusted, p_value),
            count(scorer.n),
        ]
    });
    let level = level(1.0 - report.alpha);
    let titles =
        ["scorer", "verdict", "baseline", "candidate", "delta", &level, "limit", "p", "cases"];
    let directions =
        directions(report.scorers.iter().map(|one| (&one.scorer, one.lower_is_better)));
    under(table(&titles, 2, rows.collect()), directions)
}

fn scorers(comparison: &Comparison) -> String {
    let rows = comparison.scorers.iter().map(|scorer| {
        let star = if scorer.significant { " \\*" } else { "" };
        vec![
            code(&scorer.scorer),
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
    });
    let level = level(1.0 - comparison.alpha);
    let titles = ["scorer", "baseline", "candidate", "delta", &level, "p", "cases", "better/worse"];
    let table = table(&titles, 1, rows.collect());
    let tested = comparison.scorers.iter().filter(|scorer| scorer.p_value.is_some()).count();
    let is_any = comparison.scorers.iter().any(|scorer| scorer.significant);
    let legend = is_any.then(|| legend(comparison.alpha, tested));
    let directions =
        directions(comparison.scorers.iter().map(|one| (&one.scorer, one.lower_is_better)));
    under(under(table, directions), legend)
}

/// Returns a table with text below it.
fn under(table: String, words: Option<String>) -> String {
    match words {
        Some(words) => format!("{table}\n\n{}", escaped(&words)),
        None => table,
    }
}

fn rest(comparison: &Comparison) -> String {
    let notes = comparison
        .notes
        .iter()
        .map(|note| format!("> {}", escaped(&fact(&note.fact, Face::Command))));
    let notes = notes.collect::<Vec<_>>().join("\n>\n");
    let parts = [slices(comparison), diffs(comparison), notes];
    let parts: Vec<String> = parts.into_iter().filter(|part| !part.is_empty()).collect();
    parts.join("\n\n")
}

fn slices(comparison: &Comparison) -> String {
    let by_lower = |scorer: &str| {
        comparison.scorers.iter().any(|one| one.scorer == scorer && one.lower_is_better)
    };
    let rows = comparison.slices.iter().map(|slice| {
        vec![
            slice.value.as_ref().map_or("–".to_owned(), |value| code(value)),
            code(&slice.scorer),
            count(slice.n),
            delta(slice.delta, by_lower(&slice.scorer)).text().to_owned(),
            optional(slice.interval, ends),
            optional(slice.p_adjusted, p_value),
        ]
    });
    let level = level(1.0 - comparison.alpha);
    let titles = ["slice", "scorer", "cases", "delta", &level, "p"];
    table(&titles, 2, rows.collect())
}

fn diffs(comparison: &Comparison) -> String {
    if comparison.diffs.is_empty() {
        return String::new();
    }
    let rows = comparison.diffs.iter().map(|diff| {
        vec![
            diff.idx.to_string(),
            diff.key.as_ref().map_or("–".to_owned(), |key| code(key)),
            diff.scores
                .iter()
                .filter(|score| score.baseline != score.candidate)
                .map(change)
                .collect::<Vec<_>>()
                .join(", "),
        ]
    });
    let table = table(&["idx", "key", "scores"], 3, rows.collect());
    let all = counted(comparison.changed_cases, "changed case");
    let summary = match comparison.diffs.len() {
        listed if listed == comparison.changed_cases => all,
        listed => format!("{listed} of {all}, largest regression first"),
    };
    format!("<details><summary>{summary}</summary>\n\n{table}\n\n</details>")
}

fn change(score: &ScoreDiff) -> String {
    let one = |score: Option<f64>| score.map_or("–".to_owned(), figure);
    format!("{} {} → {}", code(&score.scorer), one(score.baseline), one(score.candidate))
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
