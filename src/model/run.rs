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
    /// Returns whether nothing of it is set.
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
    /// What it is called.
    pub name: Option<String>,
    /// Where it is.
    pub path: Option<String>,
}

/// Which run is gone on with when a run is opened.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Resume<'a> {
    /// None: a run is started.
    Never,
    /// The most recently started run with the same suite, name and model, unless it was completed or is being worked on.
    Latest,
    /// The one with this id.
    Run(&'a str),
}

/// A run that was opened.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize)]
pub struct OpenedRun {
    /// Its id.
    pub id: String,
    /// Its suite.
    pub suite_id: String,
    /// Whether it was there already and is gone on with.
    pub resumed: bool,
}

/// A run to be made.
#[derive(Clone, Copy, Debug, Default)]
pub struct NewRun<'a> {
    /// The caller's own id; one is made when it is missing.
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
    /// What only some callers set.
    pub more: Option<&'a MoreOfNewRun>,
}

/// The part of a new run that only some callers set.
#[derive(Clone, Debug, Default, serde::Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub struct MoreOfNewRun {
    /// A name for people; one is made for a run with a checkpoint or benchmarks.
    pub label: Option<String>,
    /// What it is to be evaluated on.
    pub benchmarks: Option<Vec<String>>,
    /// The state of the model.
    pub checkpoint: Option<Checkpoint>,
    /// JSON, see [`WorkingTree`](super::WorkingTree).
    pub git: Option<Box<RawValue>>,
    /// A directory in a working tree whose state is to be taken, when it is not given.
    pub working_tree: Option<String>,
    /// Milliseconds since the epoch; now when it is missing.
    pub started_at: Option<f64>,
}

/// What is to become of a run. `None` leaves a field as it is, `Some(None)` removes it.
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
    /// What it is to be evaluated on.
    #[serde(deserialize_with = "given")]
    pub benchmarks: Option<Option<Vec<String>>>,
    /// The state of the model.
    #[serde(deserialize_with = "given")]
    pub checkpoint: Option<Option<Checkpoint>>,
    /// JSON, see [`WorkingTree`](super::WorkingTree).
    #[serde(deserialize_with = "given")]
    pub git: Option<Option<Box<RawValue>>>,
    /// A directory in a working tree whose state is to be taken, when it is not given; outside of any, none is.
    #[serde(rename = "workingTree")]
    pub working_tree: Option<String>,
}

/// Tells a field that is null from one that is missing.
fn given<'de, D, T>(deserializer: D) -> Result<Option<Option<T>>, D::Error>
where
    D: serde::Deserializer<'de>,
    T: serde::Deserialize<'de>,
{
    serde::Deserialize::deserialize(deserializer).map(Some)
}

/// Which runs to list, and in which order. What is `None` is not looked at.
#[derive(Clone, Debug, Default, serde::Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub struct RunQuery {
    /// Id of their suite.
    pub suite: Option<String>,
    /// Their model.
    pub model: Option<String>,
    /// `running`, `completed` or `failed`.
    pub status: Option<String>,
    /// One of their tags.
    pub tag: Option<String>,
    /// Name of their checkpoint.
    pub checkpoint: Option<String>,
    /// One of their benchmarks.
    pub benchmark: Option<String>,
    /// Started then or later, in milliseconds since the epoch.
    pub since: Option<f64>,
    /// Started then or earlier, in milliseconds since the epoch.
    pub until: Option<f64>,
    /// A substring of name, label, model, checkpoint or id; case-insensitive for ASCII characters.
    pub search: Option<String>,
    /// Newest first, unless `oldest`.
    pub order_by: RunOrder,
    /// At most so many.
    pub limit: Option<u32>,
    /// Where the page before ended.
    pub cursor: Option<String>,
}

/// An order of runs.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, serde::Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum RunOrder {
    /// The run that was started last comes first.
    #[default]
    Newest,
    /// The run that was started first comes first.
    Oldest,
}

named!(RunOrder {
    Newest = "newest",
    Oldest = "oldest",
});

/// A part of a list of runs.
#[derive(Clone, Debug, serde::Serialize)]
pub struct RunPage {
    /// The runs.
    pub runs: Vec<Run>,
    /// Where the next page begins; `None` when there is none.
    pub cursor: Option<String>,
}

/// A run that was deleted because it is old, or would be.
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
    /// Cases that it had.
    pub cases: i64,
}

/// How a run ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RunStatus {
    /// All of it was done.
    Completed,
    /// It was given up.
    Failed,
}

named!(RunStatus {
    Completed = "completed",
    Failed = "failed",
});
