//! The Parquet files: one row per scored case and trial, in the twelve columns of evalsig.

mod reading;
mod writing;

use runstore::store::Sum;

pub(crate) use reading::ScoreFileReader;
pub(crate) use writing::{ScoreFileWriter, Written};

/// The columns, in order, with their Delta types. They are public and stable.
pub(crate) const COLUMNS: [(&str, &str); 12] = [
    ("project_id", "string"),
    ("run_id", "string"),
    ("model_id", "string"),
    ("task_id", "string"),
    ("metric_name", "string"),
    ("item_id", "string"),
    ("cluster_id", "string"),
    ("epoch", "integer"),
    ("score", "double"),
    ("config_hash", "string"),
    ("ts", "timestamp"),
    ("metadata_json", "string"),
];

/// The values that all rows of a file share.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Constants {
    pub(crate) project_id: String,
    pub(crate) run_id: String,
    pub(crate) model_id: String,
    pub(crate) task_id: String,
    pub(crate) metric_name: String,
    pub(crate) config_hash: String,
    pub(crate) ts: i64,
}

/// Returns the mean of the scores; `None` without any, and where some are infinite or no numbers.
pub(crate) fn mean_of(scores: &Sum) -> Option<f64> {
    scores.mean().filter(|mean| mean.is_finite())
}
