//! Runs as typed rows, with everything that belongs to them: what travels between a store and a format.
//!
//! Texts named JSON hold JSON text. A number that a store keeps is an `f64`, as in every other way in and out.

use serde::{Deserialize, Serialize};

use super::{Prompt, Role, Suite, Thresholds};

/// Some rows of one run, or the end of it.
///
/// A run is a sequence of batches: first [`RowBatch::Run`], then any number of the others, each kind together and in this
/// order, and last [`RowBatch::End`]. Sequences of several runs follow one another.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum RowBatch {
    /// The run itself, and its suite.
    Run(Box<RunHead>),
    /// Cases by idx, those of one idx in the order in which they were saved.
    Cases(Vec<CaseRow>),
    /// Trajectories by benchmark and idx.
    Trajectories(Vec<TrajectoryRow>),
    /// Results of benchmarks that were saved, by name.
    Results(Vec<ResultRow>),
    /// The baselines that the run is, by name.
    Baselines(Vec<BaselineRow>),
    /// The verdicts on the run as a candidate, oldest first.
    Verdicts(Vec<VerdictRow>),
    /// The prompts whose ids its config or metadata names.
    Prompts(Vec<Prompt>),
    /// Nothing more belongs to the run. A sequence without it was cut off.
    End(RowCounts),
}

/// A run and its suite.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct RunHead {
    /// The suite.
    pub suite: Suite,
    /// The run; `suite_id` is the id of the suite.
    pub run: RunRow,
    /// What the suite asks of its runs.
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
    /// What its checkpoint is called.
    pub checkpoint_name: Option<String>,
    /// Where its checkpoint is.
    pub checkpoint_path: Option<String>,
    /// JSON.
    pub git: Option<String>,
    /// JSON, the score of each benchmark by its name.
    pub scores: Option<String>,
    /// JSON, the combined summary of its benchmarks.
    pub benchmark_summary: Option<String>,
    /// Number of the process that works on it, or did.
    pub owner_pid: Option<f64>,
    /// Machine of that process.
    pub owner_host: Option<String>,
    /// What identifies that process.
    pub owner_marks: Option<String>,
    /// Last sign of life, in milliseconds since the epoch.
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
    /// Who judged.
    pub scorer_name: String,
    /// The judgement; may be infinite, but not NaN.
    pub score: f64,
    /// Why.
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
    /// Name of the example; attempts at the same have the same.
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
    /// Id of the case that it belongs to, one of the run.
    pub case_id: Option<String>,
    /// What was said and done, in order.
    pub turns: Vec<TurnRow>,
}

/// A trajectory as it is read: with its run, and with what is known of its case.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Trajectory {
    /// The run.
    pub run_id: String,
    /// What is kept of the trajectory.
    pub row: TrajectoryRow,
    /// Key of the case that it belongs to.
    pub key: Option<String>,
}

/// A turn of a trajectory.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct TurnRow {
    /// Who speaks.
    pub role: Role,
    /// Text, or the JSON of an array of parts; `None` where only something else is said, as a call of a tool.
    pub content: Option<String>,
    /// Whether it is the latter.
    pub is_parts: bool,
    /// Tokens of the content.
    pub token_count: Option<f64>,
    /// JSON.
    pub metadata: Option<String>,
    /// What else the message has, as a JSON object: `tool_calls`, `tool_call_id`, `name`, …
    pub message: Option<String>,
}

/// The result of a benchmark, as it was saved.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct ResultRow {
    /// Name of the benchmark.
    pub benchmark: String,
    /// Over all examples.
    pub score: f64,
    /// All of them.
    pub num_examples: i64,
    /// Those that were solved.
    pub num_correct: i64,
    /// Those that ended with an error.
    pub num_errors: i64,
    /// Those that were cut off.
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

/// What a gate decided about a run.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct VerdictRow {
    /// Unique id.
    pub id: String,
    /// The run that was compared with; it need not exist.
    pub baseline_run_id: String,
    /// `ALLOW`, `REJECT` or `INCONCLUSIVE`.
    pub decision: String,
    /// Probability of an interval that misses the truth.
    pub alpha: f64,
    /// JSON, what was found scorer by scorer.
    pub scorers: String,
    /// Milliseconds since the epoch.
    pub created_at: i64,
}

/// How many rows of each kind a run has.
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
    /// Prompts that it names.
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
