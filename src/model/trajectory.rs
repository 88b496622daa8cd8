//! Trajectories: what was said and done in one example of a benchmark, turn by turn.

/// Who speaks in a turn.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub enum Role {
    /// Sets the frame.
    System,
    /// Asks.
    User,
    /// The model that is evaluated.
    Assistant,
    /// A tool that the model called.
    Tool,
    /// The world that the model acts in.
    Environment,
    /// Who judges.
    Grader,
    /// Sets the frame, as newer models of OpenAI call it.
    Developer,
    /// A function that the model called, as OpenAI had it before tools.
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

/// A turn to be saved.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct NewTurn<'a> {
    /// Who speaks.
    pub role: Role,
    /// Text, or the JSON of an array of parts; `None` where only something else is said, as a call of a tool.
    pub content: Option<&'a str>,
    /// Whether it is the latter.
    pub is_parts: bool,
    /// Tokens of the content.
    pub token_count: Option<f64>,
    /// JSON.
    pub metadata: Option<&'a str>,
    /// What else the message has, as a JSON object: `tool_calls`, `tool_call_id`, `name`, …
    pub message: Option<&'a str>,
}

impl<'a> NewTurn<'a> {
    /// A turn that says a text, and nothing else.
    pub fn says(role: Role, text: &'a str) -> Self {
        let (token_count, metadata, message) = (None, None, None);
        NewTurn { role, content: Some(text), is_parts: false, token_count, metadata, message }
    }
}

/// A trajectory to be saved.
#[derive(Clone, Debug, PartialEq)]
pub struct NewTrajectory<'a> {
    /// The benchmark.
    pub benchmark: &'a str,
    /// Position in the benchmark; unique in the benchmark of a run.
    pub idx: i64,
    /// What came of it.
    pub outcome: NewOutcome<'a>,
    /// What was said and done.
    pub turns: Vec<NewTurn<'a>>,
}

/// What came of a trajectory. What is missing was not given.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct NewOutcome<'a> {
    /// Name of the example; attempts at the same have the same.
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
    /// Id of the case that it belongs to, one of the run.
    pub case_id: Option<&'a str>,
    /// Key of the case that it belongs to; with several of this key, `trial` says which.
    pub key: Option<&'a str>,
}

/// Which trajectories to read. What is `None` is not looked at.
#[derive(Clone, Copy, Debug, Default)]
pub struct TrajectoryFilter<'a> {
    /// Those of one benchmark.
    pub benchmark: Option<&'a str>,
    /// Those of one outcome.
    pub outcome: Option<Outcome>,
    /// Those of the case of this id.
    pub case_id: Option<&'a str>,
    /// Those of the cases of this key.
    pub key: Option<&'a str>,
    /// Those of this attempt.
    pub trial: Option<f64>,
}

/// What became of an example, as tinker's filters have it: they overlap.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// The reward is above 0, also where there is an error.
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

/// What counts of a trajectory.
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

/// A trajectory without what was said in it.
#[derive(Clone, Debug, PartialEq, serde::Serialize)]
pub struct TrajectoryHead {
    /// The benchmark.
    pub benchmark: String,
    /// Position in the benchmark.
    pub idx: i64,
    /// Name of the example, empty without one.
    pub example_id: String,
    /// How many turns there are.
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
    /// How many there are, listed or not.
    pub total: u64,
    /// Those that are listed.
    pub trajectories: Vec<TrajectoryHead>,
}

/// Returns the texts of parts, and the JSON of those that have none, each on lines of its own; `None` for JSON that is no
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
