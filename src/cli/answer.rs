//! What a command that succeeded says.

/// Text for stdout and stderr, and the exit code.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Answer {
    pub(super) text: String,
    /// What is said beside the answer, on stderr.
    pub(super) remarks: String,
    pub(super) code: u8,
}

impl From<String> for Answer {
    fn from(text: String) -> Self {
        Answer { text, ..Answer::default() }
    }
}
