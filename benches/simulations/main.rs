//! How often the gate is wrong, on pairs of runs whose true difference is known; evalsig's rule and an unpaired z test
//! beside it.
//!
//! One line of JSON a row; `npm run simulate` puts the table and the plots into docs/comparing.md. evalsig's least
//! improvement is the loss that it should see.

#![allow(clippy::expect_used)] // a program for developers: a fault may end it

use std::num::NonZero;
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};

use runstore::compare::{Decision, PairedScores};
use serde::Serialize;

mod cells;
mod grid;
mod rules;
mod truth;

use rules::{Said, evalsig, runstore, unpaired_z};
use truth::{Kind, Random, simulate};

const SIZES: [usize; 6] = [10, 30, 100, 300, 1000, 5000];
/// z(0.975) + z(0.8): a difference of so many standard errors is seen in 80 of 100 comparisons.
const SEEN: f64 = 1.959_964 + 0.841_621;

/// Shares of the pairs, from 0 to 1; `None` where there are none.
#[derive(Debug, Default, Serialize)]
#[serde(rename_all = "camelCase")]
struct Rates {
    /// No difference, rejected: nominal at most alpha/2.
    false_reject: Option<f64>,
    /// A loss as large as the margin, allowed: nominal at most alpha/2.
    false_allow: Option<f64>,
    /// A loss that is seen with power 0.8, rejected at a margin of 0.
    found_loss: Option<f64>,
    /// No difference, allowed at a margin that is ruled out with power 0.8.
    allowed_same: Option<f64>,
    /// Intervals that hold the true difference, nominal 0.95.
    coverage: Option<f64>,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct Row {
    scores: &'static str,
    n: usize,
    pairs: usize,
    runstore: Rates,
    evalsig: Rates,
    unpaired_z: Rates,
}

fn main() {
    let argument = |name: &str| {
        let mut arguments = std::env::args().skip_while(|argument| argument != name);
        arguments.nth(1).and_then(|number| number.parse().ok())
    };
    let pairs = argument("--pairs").unwrap_or(1000);
    let largest = argument("--largest").unwrap_or(usize::MAX);
    if std::env::args().any(|argument| argument == "--grid") {
        return print_grid(pairs, largest);
    }
    let sizes = SIZES.into_iter().filter(|n| *n <= largest);
    let plan: Vec<(Kind, usize)> = sizes.flat_map(|n| Kind::ALL.map(|kind| (kind, n))).collect();
    for row in in_parallel(&plan, |(kind, n)| row(*kind, *n, pairs)) {
        println!("{}", serde_json::to_string(&row).expect("rows are plain data"));
    }
}

/// Prints how often the gate is wrong of each shape of suite, at each margin.
fn print_grid(pairs: usize, largest: usize) {
    let cells = grid::cells(largest);
    let plan: Vec<_> =
        cells.iter().flat_map(|cell| grid::MARGINS.map(|margin| (cell, margin))).collect();
    // A row as soon as it is there: the grid takes long.
    in_parallel(&plan, |(cell, margin)| {
        let row = grid::row(cell, *margin, pairs);
        println!("{}", serde_json::to_string(&row).expect("rows are plain data"));
    });
}

/// Returns `work` of each item in their order, done on all processors; the largest begin first.
fn in_parallel<T: Sync, R: Send>(items: &[T], work: impl Fn(&T) -> R + Sync) -> Vec<R> {
    let next = AtomicUsize::new(0);
    let done = Mutex::new(Vec::new());
    let threads = std::env::var("SIMULATION_THREADS").ok().and_then(|number| number.parse().ok());
    let threads =
        threads.unwrap_or_else(|| std::thread::available_parallelism().map_or(1, NonZero::get));
    std::thread::scope(|scope| {
        for _ in 0..threads {
            scope.spawn(|| {
                while let Some(at) =
                    items.len().checked_sub(next.fetch_add(1, Ordering::Relaxed) + 1)
                {
                    let result = work(&items[at]);
                    done.lock().expect("no thread has failed").push((at, result));
                }
            });
        }
    });
    let mut done = done.into_inner().expect("no thread has failed");
    done.sort_unstable_by_key(|(at, _)| *at);
    done.into_iter().map(|(_, result)| result).collect()
}

fn row(kind: Kind, n: usize, pairs: usize) -> Row {
    let mut random =
        Random::new(n as u64 * 8 + u64::from(kind.is_binary) * 2 + u64::from(kind.is_clustered));
    let loss = SEEN * kind.standard_error(n);
    let mut draw = |delta| -> Vec<PairedScores> {
        (0..pairs).map(|_| simulate(kind, n, delta, &mut random)).collect()
    };
    // A 0/1 score cannot lose more than there is to lose.
    let possible = !kind.is_binary || loss < 0.5;
    let (same, worse) = (draw(0.0), if possible { draw(-loss) } else { vec![] });
    Row {
        scores: kind.name(),
        n,
        pairs,
        runstore: rates(&same, &worse, |scores| Verdicts {
            strict: runstore(scores, 0.0),
            lenient: runstore(scores, loss),
        }),
        evalsig: rates(&same, &worse, |scores| Verdicts::equal(evalsig(scores, loss))),
        unpaired_z: rates(&same, &worse, |scores| Verdicts::equal(unpaired_z(scores))),
    }
}

/// What a rule says at two margins.
struct Verdicts {
    /// At a margin of 0.
    strict: Said,
    /// At a margin as large as the loss.
    lenient: Said,
}

impl Verdicts {
    /// Of a rule that has no margin for losses.
    fn equal(said: Said) -> Self {
        Verdicts { strict: said, lenient: said }
    }
}

fn rates(
    same: &[PairedScores],
    worse: &[PairedScores],
    rule: impl Fn(&PairedScores) -> Verdicts,
) -> Rates {
    let [same, worse] = [same, worse].map(|pairs| pairs.iter().map(&rule).collect::<Vec<_>>());
    let intervals: Vec<_> = same.iter().filter_map(|said| said.strict.interval).collect();
    let holding = intervals.iter().filter(|(low, high)| *low <= 0.0 && 0.0 <= *high).count();
    Rates {
        false_reject: share(&same, |said| said.strict.decision == Decision::Reject),
        false_allow: share(&worse, |said| said.lenient.decision == Decision::Allow),
        found_loss: share(&worse, |said| said.strict.decision == Decision::Reject),
        allowed_same: share(&same, |said| said.lenient.decision == Decision::Allow),
        coverage: (!intervals.is_empty()).then(|| holding as f64 / intervals.len() as f64),
    }
}

fn share(verdicts: &[Verdicts], is_wanted: impl Fn(&Verdicts) -> bool) -> Option<f64> {
    let wanted = verdicts.iter().filter(|said| is_wanted(said)).count();
    (!verdicts.is_empty()).then(|| wanted as f64 / verdicts.len() as f64)
}
