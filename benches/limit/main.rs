//! The limit that no binding can pass: the work of the store's operations on rows that Rust already has in memory.
//!
//! `benchmark/run.mjs` drives it: one request a line on standard input, one answer a line on standard output, both
//! JSON. It opens files that runstore made, so it works with the same tables, indexes and pragmas.

use std::collections::HashMap;
use std::error::Error;
use std::hint::black_box;
use std::io::{BufRead, Write};
use std::time::Instant;

use serde::Deserialize;
use serde_json::json;

mod data;
mod store;

use data::Data;
use store::Store;

type Outcome<T> = Result<T, Box<dyn Error>>;

#[derive(Deserialize)]
struct Request {
    op: String,
    #[serde(default)]
    path: String,
    /// The run to save into or to read.
    #[serde(default)]
    run: String,
    /// Works on a copy of the file in memory.
    #[serde(default)]
    memory: bool,
    /// File of the cases to save, one JSON array a line.
    #[serde(default)]
    cases: String,
    #[serde(default)]
    scores: String,
    #[serde(default = "one")]
    calls: u32,
    #[serde(default)]
    threshold: f64,
}

fn one() -> u32 {
    1
}

fn main() -> Outcome<()> {
    let mut data = Data::default();
    let mut stores = HashMap::new();
    for line in std::io::stdin().lock().lines() {
        let answer = answer(&serde_json::from_str(&line?)?, &mut data, &mut stores)
            .unwrap_or_else(|error| json!({ "error": error.to_string() }));
        println!("{answer}");
        std::io::stdout().flush()?;
    }
    Ok(())
}

fn answer(
    request: &Request,
    data: &mut Data,
    stores: &mut HashMap<String, Store>,
) -> Outcome<serde_json::Value> {
    let ms = match request.op.as_str() {
        "version" => return Ok(json!({ "version": rusqlite::version() })),
        "open" => time_calls(request, || Store::open(&request.path)?.count_suites())?,
        "saveCases" | "saveScores" | "saveEachCase" | "saveEachScore" | "createRun" => {
            // Connections of reads before this one must not hold the page cache of another file.
            stores.clear();
            data.load(&request.cases, &request.scores)?;
            write(request, data)?
        }
        _ => {
            if !stores.contains_key(&request.path) {
                stores.insert(request.path.clone(), Store::open(&request.path)?);
            }
            read(request, &stores[&request.path])?
        }
    };
    Ok(json!({ "ms": ms }))
}

fn milliseconds_since(start: Instant) -> f64 {
    start.elapsed().as_secs_f64() * 1000.0
}

/// Returns the milliseconds of one call, on average.
fn time_calls<T>(request: &Request, mut call: impl FnMut() -> Outcome<T>) -> Outcome<f64> {
    let start = Instant::now();
    for _ in 0..request.calls {
        black_box(call()?);
    }
    Ok(milliseconds_since(start) / f64::from(request.calls))
}

/// Saves into a fresh store; returns the milliseconds until everything is in the file and the store closed.
fn write(request: &Request, data: &Data) -> Outcome<f64> {
    let store =
        if request.memory { Store::copy(&request.path)? } else { Store::open(&request.path)? };
    if request.op.contains("Score") {
        store.save_cases(&request.run, &data.cases)?;
    }
    let start = Instant::now();
    match request.op.as_str() {
        "saveCases" => store.save_cases(&request.run, &data.cases)?,
        "saveScores" => store.save_scores(&data.scores)?,
        "saveEachCase" => data
            .cases
            .iter()
            .try_for_each(|case| store.save_cases(&request.run, std::slice::from_ref(case)))?,
        "saveEachScore" => data
            .scores
            .iter()
            .try_for_each(|score| store.save_scores(std::slice::from_ref(score)))?,
        _ => data.cases.iter().try_for_each(|case| store.copy_run(&request.run, &case.0))?,
    }
    store.close()?;
    Ok(milliseconds_since(start))
}

fn read(request: &Request, store: &Store) -> Outcome<f64> {
    match request.op.as_str() {
        "getRun" => {
            let store = Store::copy(&request.path)?;
            time_calls(request, || store.run(&request.run))
        }
        "getCases" => time_calls(request, || store.cases(&request.run)),
        "getFailingCases" => {
            time_calls(request, || store.failing_cases(&request.run, request.threshold))
        }
        "getRunSummary" => time_calls(request, || store.summary(&request.run)),
        other => Err(format!("{other} is not measured").into()),
    }
}
