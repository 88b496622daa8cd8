//! What a page is asked for.

use serde::Deserialize;

use crate::compare::GateOptions;

/// What a page is asked for.
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
pub struct PageOptions {
    /// The run to compare with, named as [`Store::find_run`](crate::Store::find_run) takes it; without it the page shows one run.
    pub baseline: Option<String>,
    /// The title; made of the names of the runs when `None`.
    pub title: Option<String>,
    /// At most so many cases come with their texts: those that lost most, then those that failed, then the others in order.
    pub max_cases: Option<usize>,
    /// What is left out of every case.
    pub redact: Vec<Field>,
    /// How many runs of the suite the history shows at most.
    pub history: u32,
    /// How the runs are compared, and how much the candidate may lose.
    pub gate: GateOptions,
}

impl Default for PageOptions {
    fn default() -> Self {
        PageOptions {
            baseline: None,
            title: None,
            max_cases: None,
            redact: vec![],
            history: 10,
            gate: GateOptions::default(),
        }
    }
}

impl PageOptions {
    pub(super) fn leaves_out(&self, field: Field) -> bool {
        self.redact.contains(&field)
    }
}

/// A part of a case that can be left out of a page.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Field {
    /// The name of the case.
    Key,
    /// What was asked.
    Input,
    /// What was expected.
    Expected,
    /// What the model answered.
    Output,
    /// Why it did not.
    Error,
    /// What the scorers said: their reasons, and what they took for the answer.
    Reason,
    /// The metadata of the case.
    Metadata,
    /// The turns of its trajectory.
    Messages,
}

named!(Field {
    Key = "key",
    Input = "input",
    Expected = "expected",
    Output = "output",
    Error = "error",
    Reason = "reason",
    Metadata = "metadata",
    Messages = "messages",
});
