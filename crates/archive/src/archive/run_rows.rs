//! A run of the archive as rows for a store: all rows of a run that came from a store, or the scores that another program wrote.

use runstore::error::Result;
use runstore::model::{CaseRow, RowBatch, RowCounts, RunHead, RunRow, ScoreRow, Suite};
use runstore::rows::RowSource;
use serde_json::json;
use serde_json::value::RawValue;
use sha2::{Digest, Sha256};

use super::Items;
use crate::body::BodyReader;
use crate::item::Item;
use crate::python_json::without_odd_numbers;
use crate::record::ArchivedRun;

/// The rows of a run, for a store.
pub enum RunRows {
    /// All rows of a run that came from a store.
    Whole(Box<BodyReader>),
    /// The scores of a run that another program wrote.
    Scores(Box<ScoresAsRun>),
}

impl RunRows {
    /// Returns the name of the suite if only its name is known: the run belongs into the suite of that name, if the store has one.
    pub fn suite_name(&self) -> Option<&str> {
        match self {
            RunRows::Whole(_) => None,
            RunRows::Scores(scores) => Some(&scores.run.task_id),
        }
    }

    /// Returns how much was read, and how much there is in total, in bytes or scores.
    pub fn progress(&self) -> (u64, u64) {
        match self {
            RunRows::Whole(body) => body.progress(),
            RunRows::Scores(scores) => (scores.counts.cases, scores.run.n_items),
        }
    }
}

impl RowSource for RunRows {
    fn next_batch(&mut self) -> Result<Option<RowBatch>> {
        match self {
            RunRows::Whole(body) => body.next_batch(),
            RunRows::Scores(scores) => scores.next_batch(),
        }
    }
}

/// The scores of an entry as a run with a case for each score. The ids are derived from the id of the entry, so they are the same
/// in every store.
pub struct ScoresAsRun {
    run: ArchivedRun,
    items: Items,
    counts: RowCounts,
    next: Next,
}

enum Next {
    Run,
    Cases,
    Nothing,
}

impl ScoresAsRun {
    pub(super) fn new(run: ArchivedRun, items: Items) -> Self {
        ScoresAsRun { run, items, counts: RowCounts::default(), next: Next::Run }
    }

    fn head(&self) -> RunHead {
        let ArchivedRun { run_id, model_id, task_id, .. } = &self.run;
        let suite_id = id_of("suite", task_id, 0);
        let started_at = self.run.started_at().unwrap_or(0.0);
        RunHead {
            suite: Suite {
                id: suite_id.clone(),
                name: task_id.clone(),
                created_at: started_at as i64,
            },
            run: RunRow {
                id: run_id.clone(),
                suite_id,
                name: run_id.clone(),
                model: model_id.clone(),
                started_at,
                status: "completed".to_owned(),
                metadata: Some(json!({ "evalsig": self.said() }).to_string()),
                ..RunRow::default()
            },
            thresholds: Default::default(),
        }
    }

    /// Returns the fields of the entry for which a store has no column.
    fn said(&self) -> serde_json::Value {
        let ArchivedRun {
            metric_name, config_hash, delta, p_value, verdict, parent_run_id, ..
        } = &self.run;
        json!({
            "metric_name": metric_name,
            "config_hash": config_hash,
            "delta": delta,
            "p_value": p_value,
            "verdict": verdict,
            "parent_run_id": parent_run_id,
        })
    }

    fn case(&self, idx: u64, item: Item) -> CaseRow {
        let Item { item_id, score, cluster_id, epoch, metadata_json } = item;
        // A store cannot hold NaN: such a case is unscored.
        let scores = (!score.is_nan()).then(|| ScoreRow {
            id: id_of("score", &self.run.run_id, idx),
            scorer_name: self.run.metric_name.clone(),
            score,
            ..ScoreRow::default()
        });
        CaseRow {
            id: id_of("case", &self.run.run_id, idx),
            idx: idx as f64,
            input: json!(item_id).to_string(),
            key: (!item_id.is_empty()).then_some(item_id),
            trial: Some(f64::from(epoch)),
            cluster: cluster_id,
            metadata: metadata_of(&metadata_json),
            scores: scores.into_iter().collect(),
            ..CaseRow::default()
        }
    }
}

impl RowSource for ScoresAsRun {
    fn next_batch(&mut self) -> Result<Option<RowBatch>> {
        let batch = match self.next {
            Next::Run => {
                self.next = Next::Cases;
                RowBatch::Run(Box::new(self.head()))
            }
            Next::Cases => {
                let (first, items) = (self.counts.cases, self.items.next_items()?);
                if items.is_empty() {
                    self.next = Next::Nothing;
                    return Ok(Some(RowBatch::End(self.counts)));
                }
                RowBatch::Cases(
                    (first..).zip(items).map(|(idx, item)| self.case(idx, item)).collect(),
                )
            }
            Next::Nothing => return Ok(None),
        };
        self.counts.add(&batch);
        Ok(Some(batch))
    }
}

/// Derives the id of a row: the same each time, and greater than the ids of the rows before it.
fn id_of(kind: &str, name: &str, number: u64) -> String {
    let digest = Sha256::digest([kind, "\0", name].concat());
    let mut bytes = [0; 16];
    bytes.iter_mut().zip(digest).take(8).for_each(|(byte, of_digest)| *byte = of_digest);
    bytes
        .iter_mut()
        .skip(8)
        .zip(number.to_be_bytes())
        .for_each(|(byte, of_number)| *byte = of_number);
    uuid::Builder::from_custom_bytes(bytes).into_uuid().to_string()
}

/// Returns the metadata of an item as an object, as cases require; `None` if it is empty.
fn metadata_of(text: &str) -> Option<String> {
    let is_json = |text: &str| serde_json::from_str::<&RawValue>(text).is_ok();
    let json = if is_json(text) { text.to_owned() } else { without_odd_numbers(text) };
    match json.trim() {
        "{}" | "null" | "" => None,
        _ if !is_json(&json) => Some(json!({ "text": text }).to_string()),
        object if object.starts_with('{') => Some(object.to_owned()),
        other => Some(format!("{{\"value\":{other}}}")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn metadata_becomes_an_object_whatever_it_was() {
        for (text, wanted) in [
            ("{}", None),
            ("null", None),
            ("{\"a\": \"NaN\"}", Some("{\"a\": \"NaN\"}")),
            ("{\"a\": [NaN, -Infinity]}", Some("{\"a\": [null, null]}")),
            ("[1]", Some("{\"value\":[1]}")),
            ("{cut", Some("{\"text\":\"{cut\"}")),
        ] {
            assert_eq!(metadata_of(text).as_deref(), wanted, "{text}");
        }
    }

    #[test]
    fn ids_are_the_same_each_time_and_ascend() {
        let ids: Vec<String> = (0..300).map(|number| id_of("case", "r", number)).collect();
        assert!(ids.is_sorted_by(|one, next| one < next));
        assert_eq!(ids.first(), Some(&id_of("case", "r", 0)));
        assert_ne!(id_of("case", "r", 0), id_of("case", "s", 0));
        assert_ne!(id_of("case", "r", 0), id_of("score", "r", 0));
    }
}
