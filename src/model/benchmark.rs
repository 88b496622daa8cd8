//! Results of benchmarks.

use std::collections::BTreeMap;

use serde_json::value::RawValue;

/// The result of one benchmark.
#[derive(Clone, Debug, serde::Serialize)]
pub struct BenchmarkResult {
    /// The run.
    pub run_id: String,
    /// Name of the benchmark.
    pub benchmark: String,
    /// Over all examples.
    pub score: f64,
    /// `num_correct / num_completed`; 0 without completed examples.
    pub score_completed: f64,
    /// All examples.
    pub num_examples: u64,
    /// Solved examples.
    pub num_correct: u64,
    /// Examples that ended with an error.
    pub num_errors: u64,
    /// Truncated examples.
    pub num_truncated: u64,
    /// Examples with neither error nor truncation.
    pub num_completed: i64,
    /// JSON, numbers by name.
    pub metrics: Box<RawValue>,
    /// Seconds; `None` when not measured.
    pub time_seconds: Option<f64>,
    /// JSON, the probability that at least one of k attempts succeeds, by k.
    pub pass_at_k: Box<RawValue>,
    /// The origin of the result.
    pub source: ResultSource,
}

/// The origin of a result.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize)]
#[serde(rename_all = "lowercase")]
pub enum ResultSource {
    /// Saved by the caller.
    Saved,
    /// Computed from the cases of the benchmark.
    Cases,
    /// Computed from the trajectories of the benchmark.
    Trajectories,
}

/// A result to save.
#[derive(Clone, Debug, serde::Deserialize)]
pub struct NewBenchmarkResult {
    /// Name of the benchmark.
    pub benchmark: String,
    /// Over all examples.
    pub score: f64,
    /// All examples.
    pub num_examples: u64,
    /// Solved examples.
    pub num_correct: u64,
    /// Examples that ended with an error.
    pub num_errors: u64,
    /// Truncated examples.
    pub num_truncated: u64,
    /// JSON, numbers by name.
    pub metrics: Box<RawValue>,
    /// Seconds; `None` when not measured.
    pub time_seconds: Option<f64>,
    /// JSON, probabilities by k.
    pub pass_at_k: Box<RawValue>,
}

/// One benchmark in the combined summary of a run.
#[derive(Clone, Debug, PartialEq, serde::Serialize, serde::Deserialize)]
pub struct BenchmarkSummary {
    /// Over all examples.
    pub score: f64,
    /// All examples.
    pub num_examples: u64,
    /// Solved examples.
    pub num_correct: u64,
    /// Examples that ended with an error.
    pub num_errors: u64,
}

/// The combined summary of a run, by benchmark.
pub type RunBenchmarks = BTreeMap<String, BenchmarkSummary>;

impl NewBenchmarkResult {
    /// Returns the result for a run, with derived counts.
    pub fn of_run(self, run_id: &str, source: ResultSource) -> BenchmarkResult {
        let counts = [self.num_examples, self.num_errors, self.num_truncated];
        let [examples, errors, truncated] =
            counts.map(|count| i64::try_from(count).unwrap_or(i64::MAX));
        let num_completed = examples.saturating_sub(errors).saturating_sub(truncated);
        // Contradictory counts may give a negative number.
        let score_completed = match num_completed {
            completed if completed > 0 => self.num_correct as f64 / completed as f64,
            _ => 0.0,
        };
        BenchmarkResult {
            run_id: run_id.to_owned(),
            benchmark: self.benchmark,
            score: self.score,
            score_completed,
            num_examples: self.num_examples,
            num_correct: self.num_correct,
            num_errors: self.num_errors,
            num_truncated: self.num_truncated,
            num_completed,
            metrics: self.metrics,
            time_seconds: self.time_seconds,
            pass_at_k: self.pass_at_k,
            source,
        }
    }
}
