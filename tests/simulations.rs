//! What docs/simulations.md shows of the gate, on fewer pairs than there. Seeded, so that it is as true tomorrow.

#![allow(clippy::unwrap_used)] // a test may fail by a panic

use runstore::compare::{
    ComparisonOptions, Decision, GateOptions, PairedScores, PerScorer, gate_scores,
};

#[path = "../benches/simulations/cells.rs"]
mod cells;
#[path = "../benches/simulations/truth.rs"]
mod truth;

use cells::{Cell, Grouping, Scores, Trials};
use truth::{Kind, Random, simulate};

const PAIRS: usize = 400;
/// z(0.975) + z(0.8).
const SEEN: f64 = 1.959_964 + 0.841_621;

fn options(margin: f64) -> GateOptions {
    let comparison = ComparisonOptions { resamples: 499, ..ComparisonOptions::default() };
    GateOptions { comparison, margin: PerScorer::All(margin), ..GateOptions::default() }
}

/// Returns the share of pairs with the verdict `wanted`, and the share of intervals that contain the true value.
fn rates(kind: Kind, n: usize, delta: f64, margin: f64, wanted: Decision) -> (f64, f64) {
    let mut random = Random::new(n as u64);
    let (mut said, mut holding) = (0, 0);
    for _ in 0..PAIRS {
        let verdict =
            gate_scores("score", &simulate(kind, n, delta, &mut random), &options(margin)).unwrap();
        said += usize::from(verdict.decision == wanted);
        let ends = verdict.interval.unwrap();
        holding += usize::from(ends.low <= delta && delta <= ends.high);
    }
    (said as f64 / PAIRS as f64, holding as f64 / PAIRS as f64)
}

/// 2.5 % of 400 pairs are 10; 20 or more come up once in 300 such series.
const MOST_WRONG: f64 = 20.0 / 400.0;

#[test]
fn equal_runs_are_rejected_no_more_often_than_promised_and_intervals_hold_the_truth() {
    for kind in Kind::ALL {
        for n in [50, 200] {
            let (rejected, coverage) = rates(kind, n, 0.0, 0.0, Decision::Reject);
            assert!(rejected < MOST_WRONG, "{} n={n}: {rejected} rejected", kind.name());
            assert!(coverage > 0.92, "{} n={n}: {coverage} of the intervals", kind.name());
        }
    }
}

#[test]
fn a_loss_as_large_as_the_margin_is_allowed_no_more_often_than_promised() {
    for kind in Kind::ALL {
        let loss = SEEN * kind.standard_error(200);
        let (allowed, _) = rates(kind, 200, -loss, loss, Decision::Allow);
        assert!(allowed < MOST_WRONG, "{}: {allowed} allowed", kind.name());
    }
}

#[test]
fn a_loss_is_found_and_equal_runs_are_allowed_as_often_as_promised() {
    for kind in Kind::ALL {
        // 80 of 100, less three standard errors of the simulation, and what 60 clusters instead of very many cost.
        let least = if kind.is_clustered { 0.66 } else { 0.74 };
        let loss = SEEN * kind.standard_error(300);
        let (found, _) = rates(kind, 300, -loss, 0.0, Decision::Reject);
        assert!(found > least, "{}: {found} found", kind.name());
        let (allowed, _) = rates(kind, 300, 0.0, loss, Decision::Allow);
        assert!(allowed > least, "{}: {allowed} allowed", kind.name());
    }
}

#[test]
fn five_cases_never_reject_equal_runs_even_if_all_of_them_change_sides() {
    let rejected = (0..32u32).filter(|sides| {
        let baseline: Vec<f64> = (0..5).map(|case| f64::from(sides >> case & 1)).collect();
        let candidate = baseline.iter().map(|score| 1.0 - score).collect();
        let scores = PairedScores { baseline, candidate, ..PairedScores::default() };
        gate_scores("score", &scores, &options(0.0)).unwrap().decision == Decision::Reject
    });
    // 1 in 32 is 3.1 %, more than the 2.5 % that are promised.
    assert_eq!(rejected.count(), 0);
}

#[test]
fn as_many_cases_as_are_asked_for_settle_it() {
    let of = |n| Cell {
        scores: Scores::Catastrophes,
        grouping: Grouping::Independent,
        trials: Trials::Of(1, 1),
        n,
    };
    let mut random = Random::new(11);
    let first = gate_scores("score", &of(50).draw(0.0, &mut random), &options(0.02)).unwrap();
    let needed = first.cases_needed.unwrap() as usize;
    let is_settled = |_: &usize| {
        let scores = of(needed).draw(0.0, &mut random);
        gate_scores("score", &scores, &options(0.02)).unwrap().decision != Decision::Inconclusive
    };
    let settled = (0..40).filter(is_settled).count();
    assert!(settled >= 28, "{settled} of 40 with {needed} cases");
}

#[test]
fn rare_losses_and_unequal_trials_are_not_allowed_more_often_than_promised() {
    // 2.5 % of 100 pairs are 2 or 3; 8 or more come up once in 250 such series.
    let (pairs, most) = (100, 8);
    for (scores, trials, n) in [
        (Scores::Catastrophes, Trials::Of(1, 1), 5),
        (Scores::Catastrophes, Trials::Of(5, 1), 20),
        (Scores::Pass(0.99), Trials::Of(3, 3), 10),
        (Scores::Pass(0.99), Trials::Of(5, 1), 20),
        (Scores::Pass(0.9), Trials::Mixed, 10),
    ] {
        let cell = Cell { scores, grouping: Grouping::Independent, trials, n };
        let margin = cell.margin(0.05);
        let mut random = Random::new(7);
        let is_allowed = |_: &usize| {
            let scores = cell.draw(margin, &mut random);
            let verdict = gate_scores("score", &scores, &options(margin)).unwrap();
            verdict.decision == Decision::Allow
        };
        let allowed = (0..pairs).filter(is_allowed).count();
        assert!(allowed < most, "{}: {allowed} of {pairs} allowed", cell.name());
    }
}
