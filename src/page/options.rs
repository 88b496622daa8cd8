//! The options of a page.

use serde::{Deserialize, Serialize};

use crate::compare::GateOptions;
use crate::error::Result;
use crate::store::Store;

/// Default number of runs in the history of a page.
pub const PAGE_HISTORY: u32 = 10;

/// Maximum number of runs in the history of a page.
pub const MAX_PAGE_HISTORY: u32 = 1000;

/// The options of a page.
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
pub struct PageOptions {
    /// The baseline, named as in [`Store::find_run`](crate::Store::find_run); without it the page shows one run.
    pub baseline: Option<String>,
    /// The title; without it, one is made from the names of the runs.
    pub title: Option<String>,
    /// The number of cases that come with their texts at most: those with the largest losses first, then those that
    /// failed, then the others in order.
    pub max_cases: Option<usize>,
    /// Parts that are left out of every case.
    pub redact: Vec<Field>,
    /// Number of runs of the suite in the history at most.
    pub history: u32,
    /// Scorers whose lower scores are better, in the runs that have them; `gate` may only name scorers of the runs.
    pub lower_is_better: Vec<String>,
    /// Filters that the page offers by name.
    pub presets: Vec<Preset>,
    /// How the runs are compared, and the acceptable loss.
    pub gate: GateOptions,
}

impl Default for PageOptions {
    fn default() -> Self {
        PageOptions {
            baseline: None,
            title: None,
            max_cases: None,
            redact: vec![],
            history: PAGE_HISTORY,
            lower_is_better: vec![],
            presets: vec![],
            gate: GateOptions::default(),
        }
    }
}

impl PageOptions {
    /// Returns the options for these runs: `gate` names those scorers of `lower_is_better` that one of them has.
    pub(super) fn for_runs(&self, store: &Store, runs: &[String], operation: &str) -> Result<Self> {
        let mut options = self.clone();
        for scorer in &self.lower_is_better {
            for run_id in runs {
                if store.has_scorer(run_id, scorer, operation)? {
                    options.gate.comparison.lower_is_better.push(scorer.clone());
                    break;
                }
            }
        }
        Ok(options)
    }

    pub(super) fn leaves_out(&self, field: Field) -> bool {
        self.redact.contains(&field)
    }
}

/// A filter under a name, for all who read the page.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Preset {
    /// The text of its button.
    pub name: String,
    /// The filter, as in the page.
    pub filter: String,
    /// The column to sort by, as in the address of the page: `latency`, or `-latency` for descending. Without it, the
    /// order stays.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sort: Option<String>,
}

/// A part of a case that can be left out of a page.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Field {
    /// The name of the case.
    Key,
    /// The input.
    Input,
    /// The expected answer.
    Expected,
    /// The model's output.
    Output,
    /// The error.
    Error,
    /// The scorers' reasons, and the answers that they extracted.
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
