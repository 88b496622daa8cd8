//! Latency, tokens and cost of two runs.

use super::case_side::KINDS;
use super::cases::{Cases, PairedCase};
use super::estimate::Estimate;
use super::matching::Sample;
use super::report::{Ends, Usage, UsageComparison, UsageReport};
use crate::stats;

pub(super) fn usage_report(sides: [&[Sample]; 2], cases: &Cases, level: f64) -> UsageReport {
    let [latency_ms, tokens_in, tokens_out, cost_usd] =
        [0, 1, 2, 3].map(|kind| compared(sides, cases, kind, level));
    UsageReport { latency_ms, tokens_in, tokens_out, cost_usd }
}

fn compared(sides: [&[Sample]; 2], cases: &Cases, kind: usize, level: f64) -> UsageComparison {
    let of = |row: &PairedCase| {
        let (baseline, candidate) = row.both()?;
        baseline.usage[kind].zip(candidate.usage[kind])
    };
    let mut paired = cases.pairs(cases.rows.iter().collect::<Vec<_>>().as_slice(), of);
    // Never treated as 0/1 scores, even if all values happen to be 0 or 1.
    paired.is_averaged = true;
    let estimate = Estimate::of(&paired, level);
    let [baseline, candidate] = sides.map(|runs| usage(runs, kind));
    UsageComparison {
        baseline,
        candidate,
        n: paired.baseline.len(),
        delta: paired.delta(),
        interval: estimate.map(|estimate| Ends::from(estimate.interval)),
    }
}

/// Returns the usage of all cases of a side, counting each trial.
fn usage(runs: &[Sample], kind: usize) -> Usage {
    let cases = runs.iter().flat_map(|run| &run.cases);
    let values = cases.filter_map(KINDS[kind]).filter(|value| value.is_finite());
    let mut values: Vec<f64> = values.collect();
    values.sort_unstable_by(f64::total_cmp);
    let n = values.len();
    let total = values.iter().fold(0.0, |total, value| total + value);
    let quantile = |p| (n > 0).then(|| stats::quantile(&values, p));
    Usage {
        n,
        total,
        mean: (n > 0).then(|| total / n as f64),
        p50: quantile(0.5),
        p95: quantile(0.95),
    }
}
