//! Writes a verdict for the terminal.

use crate::cell::Cell;
use crate::cells::{ends, legend, level, p};
use crate::chart::Axis;
use crate::colour::Role;
use crate::comparison::{CHART, bar, chart_column, write_directions, write_rest, write_runs};
use crate::grouped::grouped_reasons;
use crate::numbers::{count, delta, figure};
use crate::page::Page;
use crate::table::{Column, Table};
use runstore::compare::{GateReport, ScorerVerdict};
use runstore::model::Decision;

/// Returns the colour of a decision.
pub fn role_of(decision: Decision) -> Role {
    match decision {
        Decision::Allow => Role::Good,
        Decision::Reject => Role::Bad,
        Decision::Inconclusive => Role::Unsure,
    }
}

/// Writes the report of a gate: the decision, the reasons, and the comparison.
pub fn write_verdict(page: &mut Page, report: &GateReport) {
    page.line(&[Cell::new(report.decision.name(), role_of(report.decision))]);
    for reason in grouped_reasons(&report.reasons) {
        page.words("- ", &reason.text(), Role::Plain);
    }
    page.blank();
    write_runs(page, &report.comparison);
    if !report.scorers.is_empty() {
        page.blank();
        write_scorers(page, report);
    }
    write_rest(page, &report.comparison);
}

fn write_scorers(page: &mut Page, report: &GateReport) {
    let axis = axis(&report.scorers);
    let mut columns = vec![
        Column::text("scorer").cut_to(10),
        Column::text("verdict"),
        Column::number("delta"),
        Column::text(&level(1.0 - report.alpha)).left_out(1),
    ];
    columns.extend(axis.map(|axis| chart_column(axis).left_out(4)));
    columns.extend([
        Column::text("limit").left_out(2),
        Column::number("p").left_out(3),
        Column::number("cases").left_out(5),
    ]);
    let mut table = Table::new(columns);
    let rows: Vec<_> = report.scorers.iter().map(|one| row(one, axis, report.alpha)).collect();
    let drawn = |mark: char| rows.iter().flatten().any(|cell| cell.text().contains(mark));
    let legend_of_chart = chart_legend(drawn('│'), drawn('┊'));
    rows.into_iter().for_each(|row| table.row(row));
    page.table(&table);
    write_directions(
        page,
        report.scorers.iter().map(|scorer| (&scorer.scorer, scorer.lower_is_better)),
    );
    if page.shows(&table, "p") {
        page.words("", &legend_of_p(report), Role::Faint);
    }
    if page.shows(&table, "chart") {
        page.words("", legend_of_chart, Role::Faint);
    }
}

fn legend_of_p(report: &GateReport) -> String {
    let p_values = report.scorers.iter().filter_map(|scorer| scorer.p_adjusted);
    let methods = report.scorers.iter().map(|scorer| scorer.method);
    legend(report.alpha, &p_values.collect::<Vec<_>>(), "scorer", methods)
}

/// Explains the marks that are drawn: one of them may lie under the other, or under the interval.
fn chart_legend(no_difference: bool, limit: bool) -> &'static str {
    match (no_difference, limit) {
        (true, true) => {
            "The chart shows the interval, │ no difference, and ┊ the limit: an ALLOW needs the whole interval on its better side."
        }
        (true, false) => "The chart shows the interval, and │ no difference.",
        (false, true) => {
            "The chart shows the interval, and ┊ the limit: an ALLOW needs the whole interval on its better side."
        }
        (false, false) => "The chart shows the interval.",
    }
}

fn row(scorer: &ScorerVerdict, axis: Option<Axis>, alpha: f64) -> Vec<Cell> {
    let marks = [(limit(scorer), '┊'), (0.0, '│')];
    let told = match scorer.required_improvement {
        Some(gain) => format!("gain {}", figure(gain)),
        None => format!("loss {}", figure(scorer.margin)),
    };
    let mut cells = vec![
        Cell::from(&scorer.scorer),
        Cell::new(scorer.decision.name(), role_of(scorer.decision)),
        Cell::optional(scorer.delta, |change| delta(change, scorer.lower_is_better)),
        ends(scorer.deciding_interval()),
    ];
    cells.extend(axis.map(|axis| bar(axis, scorer.deciding_interval(), scorer.delta, &marks)));
    cells.extend([
        told.into(),
        p(scorer.p_adjusted, scorer.p_adjusted.is_some_and(|p| p < alpha)),
        count(scorer.n).into(),
    ]);
    cells
}

/// Returns the difference at which the verdict changes.
fn limit(scorer: &ScorerVerdict) -> f64 {
    let gain = scorer.required_improvement.unwrap_or(-scorer.margin);
    if scorer.lower_is_better { -gain } else { gain }
}

/// Returns the axis for the intervals of all scorers and their limits; `None` where none has an interval.
fn axis(scorers: &[ScorerVerdict]) -> Option<Axis> {
    let ends = scorers.iter().filter_map(|scorer| {
        let ends = scorer.deciding_interval()?;
        Some([ends.low, ends.high, limit(scorer), 0.0])
    });
    Axis::over(ends.flatten(), CHART)
}
