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

/// What became of several suites of one name.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize)]
pub struct UnitedSuites {
    /// The one that has all runs now.
    pub suite: Suite,
    /// Ids of those that are gone.
    pub removed: Vec<String>,
    /// How many runs were moved.
    pub runs: u64,
}
