//! Writes a verdict for the terminal.

use crate::cell::Cell;
use crate::cells::{ends, legend, level, p};
use crate::chart::Axis;
use crate::colour::Role;
use crate::comparison::{CHART, write_directions, write_rest, write_runs};
use crate::numbers::{count, delta, figure, signed};
use crate::page::Page;
use crate::table::{Column, Table};
use runstore::compare::words::{self, Face};
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
    for reason in &report.reasons {
        page.words("- ", &words::reason(reason, Face::Command), Role::Plain);
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
    let mut table = Table::new([
        Column::text("scorer").cut_to(10),
        Column::text("verdict"),
        Column::number("delta"),
        Column::text(&level(1.0 - report.alpha)).left_out(1),
        Column::text(&axis.map_or("chart".to_owned(), |axis| axis.title(signed)))
            .called("chart")
            .left_out(4),
        Column::text("limit").left_out(2),
        Column::number("p").left_out(3),
        Column::number("cases").left_out(5),
    ]);
    for scorer in &report.scorers {
        table.row(row(scorer, axis, report.alpha));
    }
    page.table(&table);
    write_directions(
        page,
        report.scorers.iter().map(|scorer| (&scorer.scorer, scorer.lower_is_better)),
    );
    let is_significant =
        |scorer: &ScorerVerdict| scorer.p_adjusted.is_some_and(|p| p < report.alpha);
    if page.shows(&table, "p") && report.scorers.iter().any(is_significant) {
        let tested = report.scorers.iter().filter(|scorer| scorer.p_value.is_some()).count();
        page.words("", &legend(report.alpha, tested), Role::Faint);
    }
    let limits =
        "The chart shows the interval, │ no difference, and ┊ the limit that it should not cross.";
    if axis.is_some() && page.shows(&table, "chart") {
        page.words("", limits, Role::Faint);
    }
}

fn row(scorer: &ScorerVerdict, axis: Option<Axis>, alpha: f64) -> [Cell; 8] {
    let bar = axis.zip(scorer.delta).map(|(axis, delta)| {
        let ends = scorer.interval.map(|ends| (ends.low, ends.high));
        axis.bar(ends, delta, &[(limit(scorer), '┊'), (0.0, '│')])
    });
    let told = match scorer.required_improvement {
        Some(gain) => format!("gain {}", figure(gain)),
        None => format!("loss {}", figure(scorer.margin)),
    };
    [
        Cell::from(&scorer.scorer),
        Cell::new(scorer.decision.name(), role_of(scorer.decision)),
        Cell::optional(scorer.delta, |change| delta(change, scorer.lower_is_better)),
        ends(scorer.interval),
        Cell::optional(bar, Cell::from),
        told.into(),
        p(scorer.p_adjusted, scorer.p_adjusted.is_some_and(|p| p < alpha)),
        count(scorer.n).into(),
    ]
}

/// Returns the difference at which the verdict changes.
fn limit(scorer: &ScorerVerdict) -> f64 {
    let gain = scorer.required_improvement.unwrap_or(-scorer.margin);
    if scorer.lower_is_better { -gain } else { gain }
}

fn axis(scorers: &[ScorerVerdict]) -> Option<Axis> {
    let ends = scorers.iter().filter(|scorer| scorer.delta.is_some()).flat_map(|scorer| {
        let ends = scorer.interval.map(|ends| [ends.low, ends.high]);
        ends.into_iter().flatten().chain(scorer.delta).chain([limit(scorer), 0.0])
    });
    Axis::over(ends, CHART)
}
