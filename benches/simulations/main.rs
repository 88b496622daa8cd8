//! How often the gate is wrong, on pairs of runs whose true difference is known: over the shapes that suites have (`grid`),
//! of what only whole runs show (`stored`), whether as many cases as it asks for settle it (`plans`), what a trend sees of
//! runs that follow each other (`series`), what users ask besides (`questions`), and beside evalsig's rule and an unpaired
//! z test (`rules`).
//!
//! One line of JSON a row, as it is measured; `npm run simulate` writes docs/simulations.md of them. evalsig's least
//! improvement is the loss that it should see.

#![allow(clippy::expect_used, clippy::panic)] // a program for developers: a fault may end it

use std::num::NonZero;
use std::sync::atomic::{AtomicUsize, Ordering};

use serde::Serialize;

mod beside;
mod cells;
mod grid;
mod plans;
mod questions;
mod rates;
mod rules;
mod series;
mod stored;
mod truth;

use cells::Cell;
use rates::Rates;
use truth::Kind;

const SIZES: [usize; 3] = [30, 100, 300];
const ALL_PARTS: &str = "grid,stored,plans,series,questions,rules";

/// A row of one of the parts, with its place there.
#[derive(Serialize)]
struct Line<'a, T> {
    part: &'a str,
    at: usize,
    #[serde(flatten)]
    row: T,
}

fn print<T: Serialize>(part: &str, at: usize, row: T) {
    println!("{}", serde_json::to_string(&Line { part, at, row }).expect("rows are plain data"));
}

fn main() {
    let argument = |name: &str| {
        let mut arguments = std::env::args().skip_while(|argument| argument != name);
        arguments.nth(1)
    };
    let number = |name: &str| argument(name).and_then(|number| number.parse().ok());
    let repetitions = number("--repetitions").unwrap_or(400);
    let largest = number("--largest").unwrap_or(usize::MAX);
    let parts = argument("--parts").unwrap_or_else(|| ALL_PARTS.to_owned());
    for part in parts.split(',') {
        match part {
            "grid" => {
                let cells = number("--cells").unwrap_or(usize::MAX);
                print_grid(repetitions, largest, cells, argument("--only").as_deref());
            }
            "stored" => print_stored(repetitions, largest),
            "plans" => print_plans(repetitions),
            "series" => print_series(repetitions),
            "questions" => print_questions(repetitions),
            "rules" => print_rules(repetitions, largest),
            other => panic!("there is no part {other}"),
        }
    }
}

/// Returns how many pairs of runs are drawn: fewer of what takes longer.
fn pairs_of(n: usize, repetitions: usize) -> usize {
    match n {
        ..=100 => repetitions,
        101..=300 => repetitions / 2,
        _ => repetitions / 4,
    }
}

/// How many times as many pairs are drawn of what is off: of a thousand rates some are, by chance.
const AGAIN: usize = 8;

/// Prints how often the gate is wrong of each shape of suite, at each margin.
fn print_grid(repetitions: usize, largest: usize, count: usize, only: Option<&str>) {
    let cells = grid::cells(largest).into_iter().enumerate().take(count);
    let is_asked = |cell: &Cell| only.is_none_or(|name| cell.name() == name);
    let cells: Vec<(usize, Cell)> = cells.filter(|(_, cell)| is_asked(cell)).collect();
    // A row as soon as it is there: the grid takes long.
    in_parallel(&cells, |_, (at, cell)| {
        let at = *at;
        let pairs = pairs_of(cell.n, repetitions);
        let mut rows = grid::rows(cell, pairs, at as u64);
        if rows.iter().any(Rates::is_off) {
            rows = grid::rows(cell, AGAIN * pairs, (at + 1_000_000) as u64);
        }
        rows.into_iter().enumerate().for_each(|(margin, row)| print("grid", 2 * at + margin, row));
    });
}

/// Prints the same of what only whole runs show.
fn print_stored(repetitions: usize, largest: usize) {
    in_parallel(&stored::situations(largest), |at, situation| {
        let pairs = pairs_of(situation.n, repetitions);
        let rates = situation.rates(pairs, at as u64);
        let is_off = rates.is_off() && !matches!(situation.what, stored::What::Runs(1));
        print(
            "stored",
            at,
            if is_off { situation.rates(AGAIN * pairs, (at + 1_000_000) as u64) } else { rates },
        );
    });
}

/// Prints whether as many cases as a verdict asks for settle it.
fn print_plans(repetitions: usize) {
    in_parallel(&plans::cells(), |at, (cell, margin)| {
        print("plans", at, plans::row(cell, *margin, 2 * repetitions, at as u64));
    });
}

/// Prints what a trend sees of runs that follow each other.
fn print_series(repetitions: usize) {
    in_parallel(&series::all(), |at, series| {
        print("series", at, series::row(series, repetitions, at as u64));
    });
}

/// Prints the answers to single questions. They take little time, and several are about small rates.
fn print_questions(repetitions: usize) {
    in_parallel(&questions::all(), |at, asked| {
        print("questions", at, questions::row(asked, 8 * repetitions, at as u64));
    });
}

/// Prints what three rules say of the same pairs.
fn print_rules(repetitions: usize, largest: usize) {
    let sizes = SIZES.into_iter().filter(|n| *n <= largest);
    let plan: Vec<(Kind, usize)> = sizes.flat_map(|n| Kind::ALL.map(|kind| (kind, n))).collect();
    in_parallel(&plan, |at, (kind, n)| print("rules", at, beside::row(*kind, *n, repetitions)));
}

/// Does `work` with each item and its place, on all processors; the largest, which are the last, begin first.
fn in_parallel<T: Sync>(items: &[T], work: impl Fn(usize, &T) + Sync) {
    let next = AtomicUsize::new(0);
    let threads = std::env::var("SIMULATION_THREADS").ok().and_then(|number| number.parse().ok());
    let threads =
        threads.unwrap_or_else(|| std::thread::available_parallelism().map_or(1, NonZero::get));
    std::thread::scope(|scope| {
        for _ in 0..threads {
            scope.spawn(|| {
                while let Some(at) =
                    items.len().checked_sub(next.fetch_add(1, Ordering::Relaxed) + 1)
                {
                    work(at, &items[at]);
                }
            });
        }
    });
}
