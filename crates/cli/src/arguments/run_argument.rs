//! The argument that names a run.

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
