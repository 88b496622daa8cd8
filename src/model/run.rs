//! Runs.

use serde_json::value::RawValue;

/// One run of a suite with one model.
#[derive(Clone, Debug, serde::Serialize)]
pub struct Run {
    /// Unique id.
    pub id: String,
    /// The suite.
    pub suite_id: String,
    /// Name; need not be unique.
    pub name: String,
    /// Name of the model.
    pub model: String,
    /// JSON.
    pub config: Option<Box<RawValue>>,
    /// Milliseconds since the epoch.
    pub started_at: f64,
    /// Milliseconds since the epoch; `None` while running.
    pub finished_at: Option<f64>,
    /// `running`, `completed` or `failed`.
    pub status: String,
    /// JSON.
    pub summary: Option<Box<RawValue>>,
    /// JSON, an array of strings.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub tags: Option<Box<RawValue>>,
    /// JSON.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub metadata: Option<Box<RawValue>>,
    /// What only some runs have.
    #[serde(flatten)]
    pub more: MoreOfRun,
}

/// The part of a run that only some have.
#[derive(Clone, Debug, Default, serde::Serialize)]
pub struct MoreOfRun {
    /// A name for people: checkpoint, time of the start in UTC, and six hexadecimal digits.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub label: Option<String>,
    /// JSON, an array of strings.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub benchmarks: Option<Box<RawValue>>,
    /// The state of the model that was evaluated.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub checkpoint: Option<Checkpoint>,
    /// JSON, see [`WorkingTree`](super::WorkingTree).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub git: Option<Box<RawValue>>,
    /// JSON, the score of each benchmark by its name.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub scores: Option<Box<RawValue>>,
    /// Set while it is being imported: more of it will come, or it will go away.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub importing: Option<bool>,
}

impl MoreOfRun {
    /// Returns whether none of the fields is set.
    pub fn is_empty(&self) -> bool {
        let MoreOfRun { label, benchmarks, checkpoint, git, scores, importing } = self;
        label.is_none()
            && importing.is_none()
            && checkpoint.is_none()
            && [benchmarks, git, scores].iter().all(|json| json.is_none())
    }
}

/// A saved state of a model in training.
#[derive(Clone, Debug, Default, PartialEq, serde::Serialize, serde::Deserialize)]
pub struct Checkpoint {
    /// Its name.
    pub name: Option<String>,
    /// Its path.
    pub path: Option<String>,
}

/// The run to resume when a run is opened.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Resume<'a> {
    /// None: starts a new run.
    Never,
    /// The most recently started run with the same suite, name and model, unless it was completed or is being worked on.
    Latest,
    /// The run with this id.
    Run(&'a str),
}

/// An opened run.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize)]
pub struct OpenedRun {
    /// Its id.
    pub id: String,
    /// Its suite.
    pub suite_id: String,
    /// Whether an existing run was resumed.
    pub resumed: bool,
}

/// A run to create.
#[derive(Clone, Copy, Debug, Default)]
pub struct NewRun<'a> {
    /// The caller's own id; generated if missing.
    pub id: Option<&'a str>,
    /// The suite.
    pub suite_id: &'a str,
    /// Name; need not be unique.
    pub name: &'a str,
    /// Name of the model.
    pub model: &'a str,
    /// JSON text.
    pub config: Option<&'a str>,
    /// JSON text of an array of strings.
    pub tags: Option<&'a str>,
    /// JSON text.
    pub metadata: Option<&'a str>,
    /// Rarely used fields.
    pub more: Option<&'a MoreOfNewRun>,
}

/// The rarely used fields of a new run.
#[derive(Clone, Debug, Default, serde::Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub struct MoreOfNewRun {
    /// A name for people; generated for a run with a checkpoint or benchmarks.
    pub label: Option<String>,
    /// Its benchmarks.
    pub benchmarks: Option<Vec<String>>,
    /// The state of the model.
    pub checkpoint: Option<Checkpoint>,
    /// JSON, see [`WorkingTree`](super::WorkingTree).
    pub git: Option<Box<RawValue>>,
    /// A directory in a working tree whose state is read, if it is not given.
    pub working_tree: Option<String>,
    /// Milliseconds since the epoch; now if missing.
    pub started_at: Option<f64>,
}

/// Changes to a run. `None` keeps a field, `Some(None)` removes it.
#[derive(Clone, Debug, Default, serde::Deserialize)]
#[serde(default)]
pub struct RunChanges {
    /// Labels.
    #[serde(deserialize_with = "given")]
    pub tags: Option<Option<Vec<String>>>,
    /// JSON.
    #[serde(deserialize_with = "given")]
    pub metadata: Option<Option<Box<RawValue>>>,
    /// A name for people.
    #[serde(deserialize_with = "given")]
    pub label: Option<Option<String>>,
    /// Its benchmarks.
    #[serde(deserialize_with = "given")]
    pub benchmarks: Option<Option<Vec<String>>>,
    /// The state of the model.
    #[serde(deserialize_with = "given")]
    pub checkpoint: Option<Option<Checkpoint>>,
    /// JSON, see [`WorkingTree`](super::WorkingTree).
    #[serde(deserialize_with = "given")]
    pub git: Option<Option<Box<RawValue>>>,
    /// A directory in a working tree whose state is read, if it is not given; outside of working trees, the state is
    /// removed.
    #[serde(rename = "workingTree")]
    pub working_tree: Option<String>,
}

/// Distinguishes a field that is null from a missing one.
fn given<'de, D, T>(deserializer: D) -> Result<Option<Option<T>>, D::Error>
where
    D: serde::Deserializer<'de>,
    T: serde::Deserialize<'de>,
{
    serde::Deserialize::deserialize(deserializer).map(Some)
}

/// A query for runs, and their order. `None` is no condition.
#[derive(Clone, Debug, Default, serde::Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub struct RunQuery {
    /// Id of the suite, or its name: then the newest suite with it.
    pub suite: Option<String>,
    /// Name of the model.
    pub model: Option<String>,
    /// `running`, `completed` or `failed`.
    pub status: Option<String>,
    /// One of the tags.
    pub tag: Option<String>,
    /// Name of the checkpoint.
    pub checkpoint: Option<String>,
    /// One of the benchmarks.
    pub benchmark: Option<String>,
    /// Started at this time or later, in milliseconds since the epoch.
    pub since: Option<f64>,
    /// Started at this time or earlier, in milliseconds since the epoch.
    pub until: Option<f64>,
    /// A substring of name, label, model, checkpoint or id; case-insensitive for ASCII characters.
    pub search: Option<String>,
    /// Newest first by default.
    pub order_by: RunOrder,
    /// Maximum number of runs.
    pub limit: Option<u32>,
    /// The end of the previous page.
    pub cursor: Option<String>,
}

/// The order of runs.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, serde::Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum RunOrder {
    /// Most recently started first.
    #[default]
    Newest,
    /// Earliest started first.
    Oldest,
}

named!(RunOrder {
    Newest = "newest",
    Oldest = "oldest",
});

/// A page of runs.
#[derive(Clone, Debug, serde::Serialize)]
pub struct RunPage {
    /// The runs.
    pub runs: Vec<Run>,
    /// Where the next page begins; `None` at the end.
    pub cursor: Option<String>,
}

/// A run that was deleted because of its age, or would be.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize)]
#[serde(rename_all = "camelCase")]
pub struct PrunedRun {
    /// Its id.
    pub id: String,
    /// Its suite.
    pub suite_id: String,
    /// Its name.
    pub name: String,
    /// Its model.
    pub model: String,
    /// Milliseconds since the epoch.
    pub started_at: i64,
    /// Number of its cases.
    pub cases: i64,
}

/// The end of a run.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RunStatus {
    /// It was finished.
    Completed,
    /// It was abandoned.
    Failed,
}

named!(RunStatus {
    Completed = "completed",
    Failed = "failed",
});

/// The status of a run that has not ended.
pub const RUNNING: &str = "running";

/// The status that a run may have.
pub const STATUSES: [&str; 3] = [RUNNING, "completed", "failed"];
