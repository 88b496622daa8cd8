//! What a command that succeeded says.

/// Text for stdout, and the exit code.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Answer {
    pub(super) text: String,
    pub(super) code: u8,
}

impl From<String> for Answer {
    fn from(text: String) -> Self {
        Answer { text, code: 0 }
    }
}
