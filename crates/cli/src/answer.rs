//! What a command that succeeded says.

use super::environment::Environment;
use super::failure::Failure;

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
    pub(super) fn with(self, failure: &Failure, environment: &Environment<'_>) -> Self {
        Answer { remarks: failure.text(environment), code: failure.exit as u8, ..self }
    }
}

impl From<String> for Answer {
    fn from(text: String) -> Self {
        Answer { text, ..Answer::default() }
    }
}
