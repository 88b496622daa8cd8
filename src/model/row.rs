//! Runs as typed rows, with all rows that belong to them: the exchange format between stores and foreign formats.
//!
//! JSON fields contain JSON text. Numbers of the store are `f64`, as everywhere.

use serde::{Deserialize, Serialize};

use super::{Prompt, Role, Suite, Thresholds};

/// Some rows of a run, or its end.
///
/// A run is a sequence of batches: first [`RowBatch::Run`], then any number of the others, grouped by kind in this
/// order, and last [`RowBatch::End`]. Several runs follow one another.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum RowBatch {
    /// The run itself, and its suite.
    Run(Box<RunHead>),
    /// Cases by idx, and in the order they were saved for equal idx.
    Cases(Vec<CaseRow>),
    /// Trajectories by benchmark and idx.
    Trajectories(Vec<TrajectoryRow>),
    /// Saved results of benchmarks, by name.
    Results(Vec<ResultRow>),
    /// The names under which the run is a baseline.
    Baselines(Vec<BaselineRow>),
    /// The verdicts on the run as a candidate, oldest first.
    Verdicts(Vec<VerdictRow>),
    /// The prompts whose ids occur in its config or metadata.
    Prompts(Vec<Prompt>),
    /// The end of the run. A sequence without it is incomplete.
    End(RowCounts),
}

/// A run and its suite.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct RunHead {
    /// The suite.
    pub suite: Suite,
    /// The run; `suite_id` is the id of the suite.
    pub run: RunRow,
    /// The thresholds of the suite.
    #[serde(default, with = "super::threshold::packed")] // archives are older than it
    pub thresholds: Thresholds,
}

/// All columns of a run.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct RunRow {
    /// Unique id.
    pub id: String,
    /// Id of its suite.
    pub suite_id: String,
    /// Name; need not be unique.
    pub name: String,
    /// Name of the model.
    pub model: String,
    /// JSON.
    pub config: Option<String>,
    /// Milliseconds since the epoch.
    pub started_at: f64,
    /// Milliseconds since the epoch; `None` while running.
    pub finished_at: Option<f64>,
    /// `running`, `completed` or `failed`.
    pub status: String,
    /// JSON.
    pub summary: Option<String>,
    /// JSON, an array of strings.
    pub tags: Option<String>,
    /// JSON.
    pub metadata: Option<String>,
    /// A name for people.
    pub label: Option<String>,
    /// JSON, an array of strings.
    pub benchmarks: Option<String>,
    /// Name of its checkpoint.
    pub checkpoint_name: Option<String>,
    /// Path of its checkpoint.
    pub checkpoint_path: Option<String>,
    /// JSON.
    pub git: Option<String>,
    /// JSON, the score of each benchmark by its name.
    pub scores: Option<String>,
    /// JSON, the combined summary of its benchmarks.
    pub benchmark_summary: Option<String>,
    /// Id of its current or last process.
    pub owner_pid: Option<f64>,
    /// Machine of that process.
    pub owner_host: Option<String>,
    /// Identifies that process.
    pub owner_marks: Option<String>,
    /// Last heartbeat, in milliseconds since the epoch.
    pub heartbeat_at: Option<f64>,
}

/// A case with its scores.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct CaseRow {
    /// Unique id.
    pub id: String,
    /// Position in the dataset.
    pub idx: f64,
    /// JSON.
    pub input: String,
    /// The model's answer.
    pub output: Option<String>,
    /// JSON.
    pub expected: Option<String>,
    /// Milliseconds.
    pub latency_ms: Option<f64>,
    /// Tokens read by the model.
    pub tokens_in: Option<f64>,
    /// Tokens written by the model.
    pub tokens_out: Option<f64>,
    /// Why there is no output.
    pub error: Option<String>,
    /// Name of the case, stable across runs.
    pub key: Option<String>,
    /// Number of the attempt.
    pub trial: Option<f64>,
    /// Benchmark the case belongs to.
    pub benchmark: Option<String>,
    /// Group of cases that are not independent.
    pub cluster: Option<String>,
    /// JSON.
    pub metadata: Option<String>,
    /// US dollars.
    pub cost_usd: Option<f64>,
    /// Milliseconds since the epoch.
    pub started_at: Option<f64>,
    /// In the order in which they were saved.
    pub scores: Vec<ScoreRow>,
}

/// A score of a case.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct ScoreRow {
    /// Unique id.
    pub id: String,
    /// Name of the scorer.
    pub scorer_name: String,
    /// The score; may be infinite, but not NaN.
    pub score: f64,
    /// The reason.
    pub reason: Option<String>,
    /// JSON.
    pub metadata: Option<String>,
    /// The answer that the scorer extracted from the output.
    pub answer: Option<String>,
}

/// A trajectory with its turns.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct TrajectoryRow {
    /// The benchmark.
    pub benchmark: String,
    /// Position in the benchmark; unique in the benchmark of a run.
    pub idx: i64,
    /// Name of the example; attempts at one example share it.
    pub example_id: Option<String>,
    /// Solved if above 0.
    pub reward: f64,
    /// JSON, numbers by name.
    pub metrics: Option<String>,
    /// JSON.
    pub logs: Option<String>,
    /// Why it ended early.
    pub error: Option<String>,
    /// Seconds.
    pub time_seconds: Option<f64>,
    /// Number of the attempt.
    pub trial: Option<f64>,
    /// Id of its case, in the same run.
    pub case_id: Option<String>,
    /// The turns in order.
    pub turns: Vec<TurnRow>,
}

/// A trajectory as it is read: with its run, and the key of its case.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Trajectory {
    /// The run.
    pub run_id: String,
    /// The stored fields.
    pub row: TrajectoryRow,
    /// Key of its case.
    pub key: Option<String>,
}

/// A turn of a trajectory.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct TurnRow {
    /// The author.
    pub role: Role,
    /// Text, or the JSON of an array of parts; `None` if the message has another field instead, such as a tool call.
    pub content: Option<String>,
    /// Whether the content is an array of parts.
    pub is_parts: bool,
    /// Tokens of the content.
    pub token_count: Option<f64>,
    /// JSON.
    pub metadata: Option<String>,
    /// The other fields of the message, as a JSON object: `tool_calls`, `tool_call_id`, `name`, …
    pub message: Option<String>,
}

/// A saved result of a benchmark.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct ResultRow {
    /// Name of the benchmark.
    pub benchmark: String,
    /// Over all examples.
    pub score: f64,
    /// All examples.
    pub num_examples: i64,
    /// Solved examples.
    pub num_correct: i64,
    /// Examples that ended with an error.
    pub num_errors: i64,
    /// Truncated examples.
    pub num_truncated: i64,
    /// JSON, numbers by name.
    pub metrics: String,
    /// Seconds; `None` when not measured.
    pub time_seconds: Option<f64>,
    /// JSON, probabilities by k.
    pub pass_at_k: String,
}

/// A name under which a run is the baseline of its suite.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct BaselineRow {
    /// Name, unique in the suite.
    pub name: String,
    /// When it was made the baseline, in milliseconds since the epoch.
    pub set_at: i64,
}

/// The verdict of a gate on a run.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct VerdictRow {
    /// Unique id.
    pub id: String,
    /// The run that it was compared with; it may have been deleted.
    pub baseline_run_id: String,
    /// `ALLOW`, `REJECT` or `INCONCLUSIVE`.
    pub decision: String,
    /// Probability that an interval misses the true value.
    pub alpha: f64,
    /// JSON, the verdict on each scorer.
    pub scorers: String,
    /// Milliseconds since the epoch.
    pub created_at: i64,
}

/// Row counts of a run, by kind.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct RowCounts {
    /// Cases.
    pub cases: u64,
    /// Scores of all cases.
    pub scores: u64,
    /// Trajectories.
    pub trajectories: u64,
    /// Turns of all trajectories.
    pub turns: u64,
    /// Saved results of benchmarks.
    pub results: u64,
    /// Names under which it is a baseline.
    pub baselines: u64,
    /// Verdicts on it.
    pub verdicts: u64,
    /// Prompts that it refers to.
    pub prompts: u64,
}

impl RowCounts {
    /// Adds the rows of a batch.
    pub fn add(&mut self, batch: &RowBatch) {
        match batch {
            RowBatch::Run(_) | RowBatch::End(_) => {}
            RowBatch::Cases(cases) => {
                self.cases += cases.len() as u64;
                self.scores += cases.iter().map(|case| case.scores.len() as u64).sum::<u64>();
            }
            RowBatch::Trajectories(rows) => {
                self.trajectories += rows.len() as u64;
                self.turns += rows.iter().map(|row| row.turns.len() as u64).sum::<u64>();
            }
            RowBatch::Results(rows) => self.results += rows.len() as u64,
            RowBatch::Baselines(rows) => self.baselines += rows.len() as u64,
            RowBatch::Verdicts(rows) => self.verdicts += rows.len() as u64,
            RowBatch::Prompts(rows) => self.prompts += rows.len() as u64,
        }
    }
}
