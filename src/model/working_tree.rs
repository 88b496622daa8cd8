//! The state of the code of a run.

/// The state of a git working tree.
#[derive(Clone, Debug, Default, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(default)]
pub struct WorkingTree {
    /// The commit that is checked out; `None` before the first one.
    pub commit: Option<String>,
    /// The branch; `None` when none is checked out.
    pub branch: Option<String>,
    /// Whether a tracked file differs from the commit; `None` if that is unknown.
    pub dirty: Option<bool>,
}
