//! The usage of the runs: time, tokens and cost.

use crate::cell::Cell;
use crate::colour::Role;
use crate::numbers::{dollars, figure};
use crate::page::Page;
use crate::table::{Column, Table};
use runstore::compare::{Comparison, Coverage, UsageComparison};

/// A kind of usage, and how its amounts are formatted.
struct Kind<'c> {
    name: &'static str,
    usage: &'c UsageComparison,
    told: fn(f64) -> String,
}

/// Writes the usage per case; nothing when no case has a value.
pub fn write_usage(page: &mut Page, comparison: &Comparison) {
    let usage = &comparison.usage;
    let kinds = [
        Kind { name: "latency ms", usage: &usage.latency_ms, told: figure },
        Kind { name: "tokens in", usage: &usage.tokens_in, told: figure },
        Kind { name: "tokens out", usage: &usage.tokens_out, told: figure },
        Kind { name: "cost", usage: &usage.cost_usd, told: dollars },
    ];
    let mut used =
        kinds.iter().filter(|kind| kind.usage.baseline.n + kind.usage.candidate.n > 0).peekable();
    if used.peek().is_none() {
        return;
    }
    let mut table = Table::new([
        Column::text("a case takes"),
        Column::number("baseline"),
        Column::number("candidate"),
        Column::number("delta"),
        Column::text("p50").left_out(3),
        Column::text("p95").left_out(2),
    ]);
    used.for_each(|kind| table.row(row(kind)));
    page.blank();
    page.table(&table);
    let Coverage { only_baseline, only_candidate, .. } = comparison.coverage;
    if only_baseline + only_candidate > 0 {
        let words = "Deltas are over the cases that both runs have, means over all cases of a run.";
        page.words("", words, Role::Faint);
    }
}

fn row(kind: &Kind<'_>) -> [Cell; 6] {
    let Kind { name, usage, told } = *kind;
    let (before, after) = (&usage.baseline, &usage.candidate);
    let both = |before: Option<f64>, after: Option<f64>| {
        let one = |number: Option<f64>| number.map_or("–".to_owned(), told);
        Cell::from(format!("{} → {}", one(before), one(after)))
    };
    [
        name.into(),
        Cell::optional(before.mean, |mean| told(mean).into()),
        Cell::optional(after.mean, |mean| told(mean).into()),
        Cell::optional(usage.delta, |change| delta_told(change, told)),
        both(before.p50, after.p50),
        both(before.p95, after.p95),
    ]
}

/// Returns a difference in its unit; less is better.
fn delta_told(change: f64, told: fn(f64) -> String) -> Cell {
    let size = told(change.abs());
    if size == told(0.0) {
        return Cell::new(&format!("= {size}"), Role::Plain);
    }
    let (arrow, sign, role) =
        if change > 0.0 { ("▲", '+', Role::Bad) } else { ("▼", '−', Role::Good) };
    Cell::new(&format!("{arrow} {sign}{size}"), role)
}
