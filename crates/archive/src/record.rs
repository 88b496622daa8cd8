//! What is known of an archived run without opening its file.

use serde::{Deserialize, Serialize};

use crate::time::Moment;

/// One entry of a listing: the scores of one scorer in one run, which is what evalsig calls a run.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct ArchivedRun {
    /// Id in the archive: that of the run, `::`, and the scorer. A run that evalsig wrote keeps its own.
    pub run_id: String,
    /// Model.
    pub model_id: String,
    /// Suite.
    pub task_id: String,
    /// Scorer.
    pub metric_name: String,
    /// When the run began, ISO 8601.
    pub ts: String,
    /// Its Parquet file, relative to the project.
    pub path: String,
    /// Rows of that file: scored cases, over all trials.
    pub n_items: u64,
    /// Equal for runs of equal configuration.
    #[serde(default)]
    pub config_hash: String,
    /// Difference to the run that it was compared with.
    #[serde(default)]
    pub delta: Option<f64>,
    /// Of that comparison.
    #[serde(default)]
    pub p_value: Option<f64>,
    /// `ALLOW`, `REJECT` or `INCONCLUSIVE`, or what another program wrote.
    #[serde(default)]
    pub verdict: Option<String>,
    /// Id, in the archive, of the run that it was compared with.
    #[serde(default)]
    pub parent_run_id: Option<String>,
    /// What only runs have that came out of a store.
    #[serde(skip)]
    pub source: Option<Source>,
}

/// Where an archived run came from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Source {
    /// Id of the run in its store.
    pub run_id: String,
    /// The file that has everything of the run, relative to the project.
    pub body: String,
}

impl ArchivedRun {
    /// Returns when the run began; `None` where another program wrote something that is no time.
    pub(crate) fn moment(&self) -> Option<Moment> {
        Moment::read(&self.ts)
    }

    /// Returns the id of the run that this is the entry of.
    pub fn run(&self) -> &str {
        self.source.as_ref().map_or(&self.run_id, |source| &source.run_id)
    }
}

/// What a comparison said of a run, which is kept beside it.
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
