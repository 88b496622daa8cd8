//! What a command that succeeded says.

use super::failure::Failure;
use runstore_report::colour::Colours;

/// Text for stdout and stderr, and the exit code.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Answer {
    pub(super) text: String,
    /// What is said beside the answer, on stderr.
    pub(super) remarks: String,
    pub(super) code: u8,
}

impl Answer {
    /// Answers all the same, and says that something is wrong.
    pub(super) fn with(self, failure: &Failure, colours: Colours) -> Self {
        Answer { remarks: failure.text(colours), code: failure.exit as u8, ..self }
    }
}

impl From<String> for Answer {
    fn from(text: String) -> Self {
        Answer { text, ..Answer::default() }
    }
}
