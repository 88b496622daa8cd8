//! The output of a successful command.

use super::environment::Environment;
use super::failure::{Exit, Failure};

/// Text for stdout and stderr, and the exit code.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Answer {
    pub(super) text: String,
    /// Text for stderr, beside the answer.
    pub(super) remarks: String,
    pub(super) exit: Exit,
}

impl Answer {
    /// Returns the answer together with a failure.
    pub(super) fn with(self, failure: &Failure, environment: &Environment<'_>) -> Self {
        Answer { remarks: failure.text(environment), exit: failure.exit, ..self }
    }
}

impl From<String> for Answer {
    fn from(text: String) -> Self {
        Answer { text, ..Answer::default() }
    }
}
