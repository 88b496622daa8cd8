//! Trajectories: the turns of one example of a benchmark, and their outcome.

/// The author of a turn.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub enum Role {
    /// Instructions.
    System,
    /// The user.
    User,
    /// The evaluated model.
    Assistant,
    /// A tool that the model called.
    Tool,
    /// The environment of the model.
    Environment,
    /// The grader.
    Grader,
    /// Instructions, as newer OpenAI models call them.
    Developer,
    /// A function that the model called: OpenAI's predecessor of tools.
    Function,
}

named!(Role {
    System = "system",
    User = "user",
    Assistant = "assistant",
    Tool = "tool",
    Environment = "environment",
    Grader = "grader",
    Developer = "developer",
    Function = "function",
});

/// A turn to save.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct NewTurn<'a> {
    /// The author.
    pub role: Role,
    /// Text, or the JSON of an array of parts; `None` if the message has another field instead, such as a tool call.
    pub content: Option<&'a str>,
    /// Whether the content is an array of parts.
    pub is_parts: bool,
    /// Tokens of the content.
    pub token_count: Option<f64>,
    /// JSON.
    pub metadata: Option<&'a str>,
    /// The other fields of the message, as a JSON object: `tool_calls`, `tool_call_id`, `name`, …
    pub message: Option<&'a str>,
}

impl<'a> NewTurn<'a> {
    /// Returns a turn that contains only a text.
    pub fn says(role: Role, text: &'a str) -> Self {
        let (token_count, metadata, message) = (None, None, None);
        NewTurn { role, content: Some(text), is_parts: false, token_count, metadata, message }
    }
}

/// A trajectory to save.
#[derive(Clone, Debug, PartialEq)]
pub struct NewTrajectory<'a> {
    /// The benchmark.
    pub benchmark: &'a str,
    /// Position in the benchmark; unique in the benchmark of a run.
    pub idx: i64,
    /// Its outcome.
    pub outcome: NewOutcome<'a>,
    /// Its turns.
    pub turns: Vec<NewTurn<'a>>,
}

/// The outcome of a trajectory. Missing fields were not given.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct NewOutcome<'a> {
    /// Name of the example; attempts at one example share it.
    pub example_id: Option<&'a str>,
    /// Solved if above 0.
    pub reward: Option<f64>,
    /// JSON, numbers by name.
    pub metrics: Option<&'a str>,
    /// JSON.
    pub logs: Option<&'a str>,
    /// Why it ended early.
    pub error: Option<&'a str>,
    /// Seconds.
    pub time_seconds: Option<f64>,
    /// Number of the attempt.
    pub trial: Option<f64>,
    /// Id of its case, in the same run.
    pub case_id: Option<&'a str>,
    /// Key of its case; with several cases with this key, `trial` decides.
    pub key: Option<&'a str>,
}

/// Selects trajectories. `None` is no condition.
#[derive(Clone, Copy, Debug, Default)]
pub struct TrajectoryFilter<'a> {
    /// Name of the benchmark.
    pub benchmark: Option<&'a str>,
    /// The outcome.
    pub outcome: Option<Outcome>,
    /// Id of the case.
    pub case_id: Option<&'a str>,
    /// Key of the case.
    pub key: Option<&'a str>,
    /// Number of the attempt.
    pub trial: Option<f64>,
}

/// The outcomes by which tinker filters; they overlap.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// The reward is above 0, with or without an error.
    Correct,
    /// The reward is not above 0, and there is no error.
    Incorrect,
    /// There is an error.
    Error,
}

named!(Outcome {
    Correct = "correct",
    Incorrect = "incorrect",
    Error = "error",
});

/// The outcome of a trajectory, for computing results.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Attempt {
    /// Name of the example.
    pub example_id: Option<String>,
    /// Position in the benchmark.
    pub idx: i64,
    /// Solved if above 0.
    pub reward: f64,
    /// Whether there is an error.
    pub is_errored: bool,
    /// Seconds; `None` when not measured.
    pub time_seconds: Option<f64>,
    /// JSON, numbers by name.
    pub metrics: Option<String>,
}

/// A trajectory without its turns.
#[derive(Clone, Debug, PartialEq, serde::Serialize)]
pub struct TrajectoryHead {
    /// The benchmark.
    pub benchmark: String,
    /// Position in the benchmark.
    pub idx: i64,
    /// Name of the example, empty without one.
    pub example_id: String,
    /// Number of turns.
    pub turns: u64,
    /// Tokens of the turns that have a count; `None` when none has.
    pub token_count: Option<f64>,
    /// Solved if above 0.
    pub reward: f64,
    /// Why it ended early.
    pub error: Option<String>,
    /// Seconds; `None` when not measured.
    pub time_seconds: Option<f64>,
    /// Number of the attempt.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub trial: Option<f64>,
    /// Id of the case that it belongs to.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub case_id: Option<String>,
}

/// A part of a list of trajectories.
#[derive(Clone, Debug, PartialEq, serde::Serialize)]
pub struct TrajectoryList {
    /// Total number, listed or not.
    pub total: u64,
    /// The listed trajectories.
    pub trajectories: Vec<TrajectoryHead>,
}

/// Returns the texts of parts, and the JSON of parts without text, each on its own line; `None` for JSON that is not an
/// array.
pub fn text_of_parts(content: &str) -> Option<String> {
    #[derive(serde::Deserialize)]
    #[serde(untagged)]
    enum Part {
        Text(String),
        Object { text: String },
    }
    let parts: Vec<Box<serde_json::value::RawValue>> = crate::json::read(content).ok()?;
    let texts = parts.iter().map(|part| match crate::json::read(part.get()) {
        Ok(Part::Text(text) | Part::Object { text }) => text,
        Err(_) => part.get().to_owned(),
    });
    Some(texts.collect::<Vec<_>>().join("\n"))
}
