//! Results of benchmarks: saved ones, and those computed from cases or trajectories.

use std::collections::BTreeMap;

use serde_json::value::{RawValue, to_raw_value};

use super::report::{ReportOptions, pass_at_k, passes, report_all};
use crate::compare::{Attempt as CaseAttempt, RunCases};
use crate::error::{Code, Result, StoreError};
use crate::json;
use crate::model::{
    Attempt, BenchmarkResult, BenchmarkSummary, NewBenchmarkResult, ResultSource, Run,
    RunBenchmarks, RunStatus,
};
use crate::scorecard::Passing;
use crate::stats::Samples;
use crate::store::{Store, Sum};

/// Returns the result of a benchmark: the saved one, or else computed from its cases, or else from its trajectories.
///
/// A case counts as correct when it has no error and its lowest score is at least `threshold`, a trajectory when its
/// reward is above 0.
pub fn get_benchmark_result(
    store: &Store,
    run_id: &str,
    benchmark: &str,
    threshold: f64,
) -> Result<Option<BenchmarkResult>> {
    result(store, run_id, benchmark, threshold, "getBenchmarkResult")
}

/// How a run is finalized.
#[derive(Clone, Copy, Debug)]
pub struct FinalizeOptions {
    /// How the run ended.
    pub status: RunStatus,
    /// A case passes when its lowest score is at least this.
    pub threshold: f64,
}

/// Ends a run: collects the results of the benchmarks that it was created for, or else of all that it has, and stores
/// them with the combined summary. May be repeated.
///
/// # Errors
/// If there is no such run.
pub fn finalize_run(store: &Store, run_id: &str, options: FinalizeOptions) -> Result<Run> {
    const OPERATION: &str = "finalizeRun";
    store.all_or_nothing(OPERATION, || {
        let run = store.needed_run(OPERATION, run_id)?;
        let mut collected = RunBenchmarks::new();
        for name in declared(store, &run)? {
            if let Some(result) = result(store, run_id, &name, options.threshold, OPERATION)? {
                collected.insert(name, summary_of(&result));
            }
        }
        let summary = run_summary(store, run_id, options.threshold)?;
        store.end_with_benchmarks(run_id, options.status, &collected, summary.as_deref())?;
        store.needed_run(OPERATION, run_id)
    })
}

fn declared(store: &Store, run: &Run) -> Result<Vec<String>> {
    let declared = run.more.benchmarks.as_ref();
    let declared = declared.and_then(|names| json::read::<Vec<String>>(names.get()).ok());
    match declared.filter(|names| !names.is_empty()) {
        Some(names) => Ok(names),
        None => store.benchmarks_of(&run.id, "finalizeRun"),
    }
}

fn summary_of(result: &BenchmarkResult) -> BenchmarkSummary {
    BenchmarkSummary {
        score: result.score,
        num_examples: result.num_examples,
        num_correct: result.num_correct,
        num_errors: result.num_errors,
    }
}

/// Returns the documented summary as JSON, `None` for a run without cases.
fn run_summary(store: &Store, run_id: &str, threshold: f64) -> Result<Option<String>> {
    let summary = store.get_run_summary(run_id, threshold)?;
    if summary.total_cases == 0 {
        return Ok(None);
    }
    let means: BTreeMap<_, _> = summary.mean_scores.into_iter().collect();
    let summary = serde_json::json!({
        "totalCases": summary.total_cases,
        "passCount": summary.pass_count,
        "failCount": summary.fail_count,
        "meanScores": means,
        "totalLatencyMs": summary.total_latency_ms,
        "totalTokensIn": summary.total_tokens_in,
        "totalTokensOut": summary.total_tokens_out,
    });
    Ok(Some(summary.to_string()))
}

pub(super) fn result(
    store: &Store,
    run_id: &str,
    benchmark: &str,
    threshold: f64,
    operation: &str,
) -> Result<Option<BenchmarkResult>> {
    if let Some(saved) = store.saved_benchmark_result(run_id, benchmark, operation)? {
        return Ok(Some(saved));
    }
    let cases = RunCases::read(store, run_id, Some(benchmark), operation)?;
    if cases.attempts().is_empty() {
        let attempts = store.attempts(run_id, benchmark, operation)?;
        let counted = of_attempts(benchmark, &attempts)?;
        let is_any = !attempts.is_empty();
        return Ok(is_any.then(|| counted.of_run(run_id, ResultSource::Trajectories)));
    }
    let counted = of_cases(benchmark, &cases, threshold)?;
    Ok(Some(counted.of_run(run_id, ResultSource::Cases)))
}

fn of_cases(benchmark: &str, run: &RunCases, threshold: f64) -> Result<NewBenchmarkResult> {
    let passing = Passing::AtLeast(threshold);
    let is_correct =
        |case: &&CaseAttempt| passes(run, case, &passing) == Some(true) && !case.is_errored;
    let num_correct = run.attempts().iter().filter(is_correct).count() as u64;
    let report = report_all(run, &ReportOptions { passing, ..ReportOptions::default() });
    Ok(NewBenchmarkResult {
        benchmark: benchmark.to_owned(),
        score: share(num_correct, report.total_cases),
        num_examples: report.total_cases,
        num_correct,
        num_errors: report.errored_count,
        num_truncated: 0,
        metrics: raw(&report.mean_scores)?,
        time_seconds: report.total_latency_ms.map(|ms| ms / 1000.0),
        pass_at_k: raw(&report.pass_at_k)?,
    })
}

fn of_attempts(benchmark: &str, attempts: &[Attempt]) -> Result<NewBenchmarkResult> {
    let count =
        |is: &dyn Fn(&Attempt) -> bool| attempts.iter().filter(|one| is(one)).count() as u64;
    let num_examples = attempts.len() as u64;
    let num_correct = count(&|one| one.reward > 0.0);
    let mut time = Sum::default();
    attempts.iter().filter_map(|one| one.time_seconds).for_each(|seconds| time.add(seconds));
    Ok(NewBenchmarkResult {
        benchmark: benchmark.to_owned(),
        score: share(num_correct, num_examples),
        num_examples,
        num_correct,
        num_errors: count(&|one| one.is_errored),
        num_truncated: 0,
        metrics: raw(&mean_metrics(attempts))?,
        time_seconds: (time.count() > 0).then(|| time.total()),
        pass_at_k: raw(&pass_at_k(&samples(attempts)))?,
    })
}

/// Returns the mean of each metric over the trajectories that have it.
fn mean_metrics(attempts: &[Attempt]) -> BTreeMap<String, Option<f64>> {
    let mut sums: BTreeMap<String, Sum> = BTreeMap::new();
    for metrics in attempts.iter().filter_map(|one| one.metrics.as_deref()) {
        // Metric by metric: serde_json refuses an infinite one, which must not discard the others.
        let metrics: BTreeMap<String, Box<RawValue>> = json::read(metrics).unwrap_or_default();
        for (name, value) in metrics {
            if let Ok(value) = json::read(value.get()) {
                sums.entry(name).or_default().add(value);
            }
        }
    }
    sums.into_iter().map(|(name, sum)| (name, sum.mean())).collect()
}

/// Groups the trajectories by example: those with the same example_id; one without it is a group of its own.
fn samples(attempts: &[Attempt]) -> Vec<Samples> {
    let mut samples: BTreeMap<(Option<&str>, i64), Samples> = BTreeMap::new();
    for one in attempts {
        let example_id = one.example_id.as_deref().filter(|id| !id.is_empty());
        let alone = if example_id.is_some() { 0 } else { one.idx };
        let example = samples.entry((example_id, alone)).or_insert(Samples { n: 0, passed: 0 });
        example.n += 1;
        example.passed += u64::from(one.reward > 0.0);
    }
    samples.into_values().collect()
}

fn share(part: u64, whole: u64) -> f64 {
    if whole == 0 { 0.0 } else { part as f64 / whole as f64 }
}

fn raw<T: serde::Serialize>(value: &T) -> Result<Box<RawValue>> {
    to_raw_value(value).map_err(|error| StoreError::new(Code::Internal, error.to_string()))
}
