//! The rows of a run, with its computed results.

use std::collections::BTreeMap;

use serde::de::IgnoredAny;

use super::benchmarks::result;
use crate::error::Result;
use crate::model::{BenchmarkResult, ResultRow, RowBatch, RowCounts, RunRow, THRESHOLD};
use crate::store::Store;

/// Hands over a snapshot of the rows of a run, while others may write. Errors name `operation`.
///
/// For a run that was finalized, the rows include the results that were computed from its cases and trajectories.
///
/// # Errors
/// If there is no such run, or it is still being imported.
pub fn read_run_rows(
    store: &Store,
    run_id: &str,
    operation: &str,
    take: &mut dyn FnMut(RowBatch) -> Result<()>,
) -> Result<()> {
    let mut run = RunRow::default();
    let mut results = Some(vec![]);
    let mut counts = RowCounts::default();
    store.read_run(run_id, operation, &mut |batch| {
        match batch {
            RowBatch::Run(ref head) => run = head.run.clone(),
            RowBatch::Cases(_) | RowBatch::Trajectories(_) => {}
            RowBatch::Results(saved) => {
                results = Some(saved);
                return Ok(());
            }
            _ => {
                let saved = results.take();
                let all = saved.map(|saved| with_counted(store, &run, saved, operation));
                if let Some(all) = all.transpose()?.filter(|all| !all.is_empty()) {
                    hand_over(RowBatch::Results(all), &mut counts, take)?;
                }
            }
        }
        hand_over(batch, &mut counts, take)
    })
}

/// Hands over a batch. The end counts the rows that were handed over, including added ones.
fn hand_over(
    batch: RowBatch,
    counts: &mut RowCounts,
    take: &mut dyn FnMut(RowBatch) -> Result<()>,
) -> Result<()> {
    counts.add(&batch);
    take(match batch {
        RowBatch::End(_) => RowBatch::End(*counts),
        batch => batch,
    })
}

/// Adds the results that were computed when the run was finalized.
fn with_counted(
    store: &Store,
    run: &RunRow,
    mut results: Vec<ResultRow>,
    operation: &str,
) -> Result<Vec<ResultRow>> {
    let scores = run.scores.as_deref().and_then(|scores| crate::json::read(scores).ok());
    let scores: BTreeMap<String, IgnoredAny> = scores.unwrap_or_default();
    for benchmark in scores.into_keys() {
        if results.iter().all(|saved| saved.benchmark != benchmark) {
            let counted = result(store, &run.id, &benchmark, THRESHOLD, operation)?;
            results.extend(counted.map(row_of));
        }
    }
    results.sort_by(|one, other| one.benchmark.cmp(&other.benchmark));
    Ok(results)
}

fn row_of(result: BenchmarkResult) -> ResultRow {
    let count = |count: u64| i64::try_from(count).unwrap_or(i64::MAX);
    ResultRow {
        score: result.score,
        num_examples: count(result.num_examples),
        num_correct: count(result.num_correct),
        num_errors: count(result.num_errors),
        num_truncated: count(result.num_truncated),
        metrics: result.metrics.get().to_owned(),
        time_seconds: result.time_seconds,
        pass_at_k: result.pass_at_k.get().to_owned(),
        benchmark: result.benchmark,
    }
}
