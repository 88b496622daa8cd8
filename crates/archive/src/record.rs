//! The description of an archived run, which is available without opening its file.

use serde::{Deserialize, Serialize};

use crate::time::Moment;

/// One entry of a listing: the scores of one scorer in one run, which evalsig calls a run.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct ArchivedRun {
    /// Id in the archive: the id of the run, `::`, and the scorer. A run that evalsig wrote keeps its own id.
    pub run_id: String,
    /// Model.
    pub model_id: String,
    /// Suite.
    pub task_id: String,
    /// Scorer.
    pub metric_name: String,
    /// When the run started, ISO 8601.
    pub ts: String,
    /// Its Parquet file, relative to the project.
    pub path: String,
    /// Number of rows in that file: scored cases, counting each trial.
    pub n_items: u64,
    /// Equal for runs with the same configuration.
    #[serde(default)]
    pub config_hash: String,
    /// Difference from the run that it was compared with.
    #[serde(default)]
    pub delta: Option<f64>,
    /// The p-value of that comparison.
    #[serde(default)]
    pub p_value: Option<f64>,
    /// `ALLOW`, `REJECT` or `INCONCLUSIVE`, or the word of another program.
    #[serde(default)]
    pub verdict: Option<String>,
    /// Id, in the archive, of the run that it was compared with.
    #[serde(default)]
    pub parent_run_id: Option<String>,
    /// Mean of the scores; `None` if the log does not contain it: [`Archive::mean`](crate::Archive::mean) then reads the scores.
    #[serde(skip)]
    pub mean: Option<f64>,
    /// Present for runs that came from a store.
    #[serde(skip)]
    pub source: Option<Source>,
}

/// The origin of an archived run.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Source {
    /// Id of the run in its store.
    pub run_id: String,
    /// The file with all rows of the run, relative to the project.
    pub body: String,
}

impl ArchivedRun {
    /// Returns when the run started; `None` if another program wrote an invalid time.
    pub(crate) fn moment(&self) -> Option<Moment> {
        Moment::read(&self.ts)
    }

    /// Returns when the run started, in milliseconds since the epoch; `None` if another program wrote an invalid time.
    pub fn started_at(&self) -> Option<f64> {
        self.moment().map(|at| at.0 as f64 / 1000.0)
    }

    /// Returns the id of the entry's run.
    pub fn run(&self) -> &str {
        self.source.as_ref().map_or(&self.run_id, |source| &source.run_id)
    }
}

/// The result of a comparison, which is stored beside the run.
#[derive(Clone, Debug, Default, PartialEq, Deserialize)]
#[serde(default, deny_unknown_fields, rename_all = "camelCase")]
pub struct Decision {
    /// See [`ArchivedRun::delta`].
    pub delta: Option<f64>,
    /// See [`ArchivedRun::p_value`].
    pub p_value: Option<f64>,
    /// See [`ArchivedRun::verdict`].
    pub verdict: Option<String>,
    /// See [`ArchivedRun::parent_run_id`].
    pub parent_run_id: Option<String>,
}
