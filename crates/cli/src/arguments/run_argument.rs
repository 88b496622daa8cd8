//! The arguments that name a run, or several.

use clap::Args;

use crate::failure::Failure;
use crate::moment::Moment;
use crate::{run_name, suite_name};
use runstore::model::Run;

/// Names one run.
#[derive(Args, Debug)]
pub(crate) struct RunArgument {
    /// The run: id, its first four or more characters, name, latest, latest:NAME, baseline or baseline:NAME
    #[arg(value_name = "RUN")]
    pub(crate) run: String,
    /// The suite that names of runs refer to, by name or id
    #[arg(long, value_name = "SUITE")]
    pub(crate) suite: Option<String>,
}

impl RunArgument {
    /// Returns the run that is meant.
    pub(crate) fn find(&self, store: &Moment<'_>) -> Result<Run, Failure> {
        let suite_id = suite_name::find_id(store, self.suite.as_deref())?;
        run_name::find(store, &self.run, suite_id.as_deref())
    }
}

/// Names one or more runs.
#[derive(Args, Debug)]
pub(crate) struct RunsArgument {
    /// The runs: id, its first four or more characters, name, latest, latest:NAME, baseline or baseline:NAME
    #[arg(value_name = "RUN", required = true)]
    runs: Vec<String>,
    /// The suite that names of runs refer to, by name or id
    #[arg(long, value_name = "SUITE")]
    suite: Option<String>,
}

impl RunsArgument {
    /// Returns the runs that are meant, as often as they are named.
    pub(crate) fn find(&self, store: &Moment<'_>) -> Result<Vec<Run>, Failure> {
        let suite_id = suite_name::find_id(store, self.suite.as_deref())?;
        self.runs.iter().map(|run| run_name::find(store, run, suite_id.as_deref())).collect()
    }

    /// Returns each of the runs once, however often it is named.
    pub(crate) fn find_each(&self, store: &Moment<'_>) -> Result<Vec<Run>, Failure> {
        let mut runs: Vec<Run> = vec![];
        for run in self.find(store)? {
            if runs.iter().all(|known| known.id != run.id) {
                runs.push(run);
            }
        }
        Ok(runs)
    }
}
