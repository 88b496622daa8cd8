//! Scores that come from no store, as `lib/rows/archived.js` passes them: JSON with a list for each field.

use runstore::error::{Code, StoreError};
use runstore_archive::{Frame, Item, Score};
use serde::Deserialize;
use serde_json::value::RawValue;

use crate::json::unforeseen;

#[derive(Deserialize)]
struct Columns<'j> {
    run_id: String,
    model_id: String,
    task_id: String,
    metric_name: String,
    config_hash: String,
    #[serde(borrow)]
    items: ItemColumns<'j>,
}

/// The fields of the items; a list that is missing has no value.
#[derive(Deserialize)]
struct ItemColumns<'j> {
    item_id: Vec<String>,
    score: Vec<Score>,
    #[serde(default)]
    cluster_id: Vec<Option<String>>,
    #[serde(default)]
    epoch: Vec<Option<i32>>,
    #[serde(borrow, default)]
    metadata: Vec<Option<&'j RawValue>>,
}

/// Returns the scores.
pub(crate) fn frame(json: &str) -> runstore::Result<Frame> {
    let columns: Columns<'_> = serde_json::from_str(json).map_err(unforeseen)?;
    let Columns { run_id, model_id, task_id, metric_name, config_hash, items } = columns;
    Ok(Frame { run_id, model_id, task_id, metric_name, config_hash, items: items.rows()? })
}

impl ItemColumns<'_> {
    fn rows(self) -> runstore::Result<Vec<Item>> {
        if self.score.len() != self.item_id.len() {
            return Err(StoreError::new(Code::Internal, "there is not one score for each item"));
        }
        let mut clusters = self.cluster_id.into_iter();
        let mut epochs = self.epoch.into_iter();
        let mut metadata = self.metadata.into_iter();
        let row = |(item_id, Score(score))| Item {
            item_id,
            score,
            cluster_id: clusters.next().flatten(),
            epoch: epochs.next().flatten().unwrap_or(0),
            metadata_json: metadata.next().flatten().map_or("{}", RawValue::get).to_owned(),
        };
        Ok(self.item_id.into_iter().zip(self.score).map(row).collect())
    }
}
