//! The two runs of a comparison.

use serde::Serialize;

use crate::error::Result;
use crate::model::Run;
use crate::store::Store;

/// Which of the two sides of a comparison.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Role {
    /// The run that others are compared with.
    Baseline,
    /// The run that is judged.
    Candidate,
}

impl Role {
    /// Returns `baseline` or `candidate`.
    pub fn name(self) -> &'static str {
        match self {
            Role::Baseline => "baseline",
            Role::Candidate => "candidate",
        }
    }
}

/// A compared run.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct RunReference {
    /// Its id.
    pub id: String,
    /// Its name.
    pub name: String,
    /// Its model.
    pub model: String,
    /// Its suite.
    pub suite_id: String,
    /// `running`, `completed` or `failed`.
    pub status: String,
    /// Milliseconds since the epoch.
    pub started_at: f64,
    /// Cases, counting each trial; `None` for a run that was not read.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub cases: Option<usize>,
    /// Whether it is running according to its status only: its process has ended.
    #[serde(skip)]
    pub owner_ended: bool,
}

impl RunReference {
    /// Returns the reference to a run, and looks whether its process has ended.
    pub fn of(store: &Store, run: &Run, cases: Option<usize>) -> Result<Self> {
        Ok(RunReference {
            id: run.id.clone(),
            name: run.name.clone(),
            model: run.model.clone(),
            suite_id: run.suite_id.clone(),
            status: run.status.clone(),
            started_at: run.started_at,
            cases,
            owner_ended: store.owner_ended(run)?,
        })
    }
}
