//! Prompts.

/// One version of a named prompt.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct Prompt {
    /// Unique id.
    pub id: String,
    /// Name.
    pub name: String,
    /// 1, 2, 3, … for each name.
    pub version: i64,
    /// The text.
    pub content: String,
    /// Milliseconds since the epoch.
    pub created_at: i64,
}
