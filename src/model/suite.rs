//! Suites.

/// A named series of runs over the same kind of cases.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct Suite {
    /// Unique id.
    pub id: String,
    /// Name; need not be unique.
    pub name: String,
    /// Milliseconds since the epoch.
    pub created_at: i64,
}

/// The result of merging suites with the same name.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize)]
pub struct UnitedSuites {
    /// The suite that has all runs now.
    pub suite: Suite,
    /// Ids of the removed suites.
    pub removed: Vec<String>,
    /// Number of moved runs.
    pub runs: u64,
}
