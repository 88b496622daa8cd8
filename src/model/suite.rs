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
