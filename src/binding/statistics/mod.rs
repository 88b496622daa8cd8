//! The functions behind `runstore/statistics`: those of [`crate::stats`] on arrays, called by `statistics.js`.

mod agreement;
mod arguments;
mod bounded;
mod clustered;
mod evalsig;
mod pass_at_k;
mod planning;
mod proportions;
mod results;
mod tests_of_means;

use super::error::{ErrorCode, Result};
use crate::error::JavaScript;
use crate::error::{Argument, Face, Step, StoreError};
use crate::stats::StatsError;

/// The arguments of the statistics that are options in JavaScript.
const OPTIONS: [&str; 14] = [
    "alpha",
    "alternative",
    "icc",
    "level",
    "margin",
    "mean_cluster_size",
    "method",
    "mode",
    "n_clusters",
    "power",
    "range",
    "resamples",
    "rho",
    "sigma_bound",
];

/// Returns the place of an argument in JavaScript's signature.
fn argument(name: &'static str) -> Argument {
    match name {
        "passed" => Argument::new("samples").then(Step::Field(name.into())),
        name if OPTIONS.contains(&name) => Argument::option(name),
        name => Argument::new(name),
    }
}

impl From<StatsError> for napi::Error<ErrorCode> {
    fn from(error: StatsError) -> Self {
        let reason = error.reason_naming(&|name| JavaScript.argument(&argument(name)));
        StoreError::unsuitable(argument(error.argument()), reason).into()
    }
}
