//! `runstore benchmarks RUN`

use std::collections::BTreeMap;

use super::episode::measured;
use crate::answer::Answer;
use crate::arguments::Benchmarks;
use crate::failure::Failure;
use crate::moment::Moment;
use crate::session::Session;
use runstore::model::{BenchmarkResult, Run};
use runstore::results::get_benchmark_result;
use runstore_report::cell::Cell;
use runstore_report::colour::Role;
use runstore_report::numbers::{count, duration, figure};
use runstore_report::page::Page;
use runstore_report::run_label::short;
use runstore_report::table::{Column, Table};

pub(super) fn answer(
    arguments: &Benchmarks,
    store: &Moment<'_>,
    session: &Session<'_>,
) -> Result<Answer, Failure> {
    let run = arguments.run.find(store)?;
    let names = store.list_benchmarks(&run.id)?;
    let results = names
        .iter()
        .map(|name| get_benchmark_result(store, &run.id, name, arguments.threshold))
        .collect::<Result<Vec<_>, _>>()?;
    let results: Vec<BenchmarkResult> = results.into_iter().flatten().collect();
    session.answer(&results, |page| write(page, &run, &results))
}

fn write(page: &mut Page, run: &Run, results: &[BenchmarkResult]) {
    page.title(&format!("{} ({}, {})", run.name, run.model, short(&run.id)));
    if results.is_empty() {
        return page.line(&["The run has no benchmark.".into()]);
    }
    let mut table = Table::new([
        Column::text("benchmark").cut_to(12),
        Column::number("score"),
        Column::number("completed").called("score of the completed").left_out(2),
        Column::number("examples"),
        Column::number("correct"),
        Column::number("errors"),
        Column::number("truncated").left_out(3),
        Column::text("pass@k").cut_to(8).left_out(4),
        Column::number("time").left_out(1),
    ]);
    for result in results {
        table.row(row(result));
    }
    page.table(&table);
}

fn row(result: &BenchmarkResult) -> [Cell; 9] {
    let worry =
        |number: u64| Cell::new(&count(number), if number > 0 { Role::Bad } else { Role::Plain });
    [
        Cell::from(&result.benchmark),
        figure(result.score).into(),
        figure(result.score_completed).into(),
        count(result.num_examples).into(),
        count(result.num_correct).into(),
        worry(result.num_errors),
        worry(result.num_truncated),
        Cell::optional(pass_at_k(result), Cell::from),
        Cell::optional(result.time_seconds.and_then(measured), |took| {
            duration(took * 1000.0).into()
        }),
    ]
}

/// Returns `1: 0.500, 5: 0.750`.
fn pass_at_k(result: &BenchmarkResult) -> Option<String> {
    let by_k: BTreeMap<String, Option<f64>> = runstore::json::read(result.pass_at_k.get()).ok()?;
    let mut by_k: Vec<(u64, f64)> =
        by_k.into_iter().filter_map(|(k, share)| Some((k.parse().ok()?, share?))).collect();
    by_k.sort_by_key(|(k, _)| *k);
    let told: Vec<String> =
        by_k.iter().map(|(k, share)| format!("{k}: {}", figure(*share))).collect();
    (!told.is_empty()).then(|| told.join(", "))
}
