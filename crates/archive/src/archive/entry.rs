//! What the log says of the file of a run, with the record of the run in it, so that a listing opens no Parquet.

use std::collections::BTreeMap;

use runstore::error::{Code, Result, StoreError};

use crate::log::{Action, Add, Remove};
use crate::names::{from_uri, inside, to_uri};
use crate::record::{ArchivedRun, Source};
use crate::time::Moment;

/// Returns what the log says of a file: with the record in it, so that a listing opens no Parquet.
pub(super) fn add_of(run: &ArchivedRun, size: u64) -> Result<Add> {
    let constants = [
        ("run_id", &run.run_id),
        ("model_id", &run.model_id),
        ("task_id", &run.task_id),
        ("metric_name", &run.metric_name),
    ];
    let bounds: BTreeMap<_, _> = constants.into_iter().filter(|_| run.n_items > 0).collect();
    let stats = serde_json::json!({
        "numRecords": run.n_items, "minValues": bounds, "maxValues": bounds, "nullCount": {"run_id": 0, "score": 0},
    });
    let (year, month) = run.moment().unwrap_or(Moment(0)).month();
    let (year, month) = partition(&run.path).unwrap_or((i64::from(year), i64::from(month)));
    Ok(Add {
        path: to_uri(&run.path),
        partition_values: [("year", year), ("month", month)]
            .map(|(name, value)| (name.to_owned(), Some(value.to_string())))
            .into(),
        size: i64::try_from(size).unwrap_or(i64::MAX),
        modification_time: Moment::now().0 / 1000,
        data_change: true,
        stats: Some(stats.to_string()),
        tags: Some(tags_of(run)),
    })
}

/// Returns the record that we put beside a file; `None` where another program added it.
pub(super) fn record_of(add: &Add) -> Result<Option<ArchivedRun>> {
    let Some(tags) = &add.tags else { return Ok(None) };
    let tag = |name: &str| tags.get(&format!("runstore.{name}")).cloned().flatten();
    let Some(run_id) = tag("run_id") else { return Ok(None) };
    let source = match (tag("source_run_id"), tag("body")) {
        (Some(run_id), Some(body)) => {
            inside(&body)?;
            Some(Source { run_id, body })
        }
        _ => None,
    };
    let number = |name: &str| {
        tag(name).and_then(|text| text.parse::<f64>().ok()).filter(|number| number.is_finite())
    };
    Ok(Some(ArchivedRun {
        run_id,
        model_id: tag("model_id").unwrap_or_default(),
        task_id: tag("task_id").unwrap_or_default(),
        metric_name: tag("metric_name").unwrap_or_default(),
        ts: tag("ts").unwrap_or_default(),
        path: from_uri(&add.path)?,
        n_items: tag("n_items").and_then(|text| text.parse().ok()).unwrap_or(0),
        config_hash: tag("config_hash").unwrap_or_default(),
        delta: number("delta"),
        p_value: number("p_value"),
        verdict: tag("verdict"),
        parent_run_id: tag("parent_run_id"),
        source,
    }))
}

/// Returns year and month that the folders of a path name.
fn partition(path: &str) -> Option<(i64, i64)> {
    let part = |name: &str| path.split('/').find_map(|part| part.strip_prefix(name))?.parse().ok();
    Some((part("year=")?, part("month=")?))
}

fn tags_of(run: &ArchivedRun) -> BTreeMap<String, Option<String>> {
    let number = |number: Option<f64>| {
        number.filter(|number| number.is_finite()).map(|number| number.to_string())
    };
    let some = |text: &str| Some(text.to_owned());
    let source = run.source.as_ref();
    [
        ("run_id", some(&run.run_id)),
        ("model_id", some(&run.model_id)),
        ("task_id", some(&run.task_id)),
        ("metric_name", some(&run.metric_name)),
        ("ts", some(&run.ts)),
        ("n_items", some(&run.n_items.to_string())),
        ("config_hash", some(&run.config_hash)),
        ("delta", number(run.delta)),
        ("p_value", number(run.p_value)),
        ("verdict", run.verdict.clone()),
        ("parent_run_id", run.parent_run_id.clone()),
        ("source_run_id", source.map(|source| source.run_id.clone())),
        ("body", source.map(|source| source.body.clone())),
    ]
    .into_iter()
    .filter(|(_, value)| value.is_some())
    .map(|(name, value)| (format!("runstore.{name}"), value))
    .collect()
}

pub(super) fn removals<'r>(runs: impl Iterator<Item = &'r ArchivedRun>) -> Vec<Action> {
    runs.map(removal).collect()
}

pub(super) fn removal(run: &ArchivedRun) -> Action {
    let deletion_timestamp = Some(Moment::now().0 / 1000);
    Action::Remove(Remove { path: to_uri(&run.path), deletion_timestamp, data_change: true })
}

pub(super) fn same_source(one: &ArchivedRun, other: &ArchivedRun) -> bool {
    one.source.as_ref().map(|source| &source.run_id)
        == other.source.as_ref().map(|source| &source.run_id)
}

pub(super) fn unknown(name: &str) -> StoreError {
    StoreError::new(Code::NotFound, format!("there is no run \"{name}\" in the archive"))
}
