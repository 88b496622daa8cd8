//! A file of the table, and the run in it.

use std::collections::BTreeMap;

use runstore::error::{Code, Result, StoreError};

use super::action::{Action, Add, Remove};
use super::tags::Tags;
use crate::names::{from_uri, inside, to_uri};
use crate::record::{ArchivedRun, Source};
use crate::score_file::{Constants, ScoreFileReader};
use crate::storage::Storage;
use crate::time::Moment;

/// A current file of the log, with the description of its run.
#[derive(Clone)]
pub(crate) struct Listed {
    pub(crate) run: ArchivedRun,
    /// When the run started; `None` if another program wrote an invalid time.
    pub(crate) at: Option<Moment>,
    pub(crate) size: u64,
    /// Milliseconds since the epoch.
    pub(crate) modified_at: i64,
    /// The action, if another program wrote it or it has unknown fields.
    original: Option<Box<Add>>,
}

impl Listed {
    /// Reads an action, and returns whether it describes the run in the file; those of other programs do not.
    pub(super) fn read(mut add: Add) -> Result<(Self, bool)> {
        let path = from_uri(&add.path)?;
        let is_ours = add.tags.as_ref().is_some_and(Tags::are_ours);
        let tags = if is_ours { add.tags.take() } else { add.tags.clone() };
        let run = run_of(&path, tags.unwrap_or_default())?;
        let is_known = run.is_some();
        let run = run.unwrap_or_else(|| ArchivedRun { path, ..ArchivedRun::default() });
        let (size, modified_at) = (add.size, add.modification_time);
        add.data_change = false;
        let original = (!is_ours).then(|| Box::new(add));
        Ok((Listed::new(run, size, modified_at, original), is_known))
    }

    /// Creates the record of our own file in a checkpoint.
    pub(super) fn of_tags(
        path: &str,
        tags: Tags,
        size: i64,
        modified_at: i64,
    ) -> Result<Option<Self>> {
        let run = run_of(&from_uri(path)?, tags)?;
        Ok(run.map(|run| Listed::new(run, size, modified_at, None)))
    }

    fn new(run: ArchivedRun, size: i64, modified_at: i64, original: Option<Box<Add>>) -> Self {
        let size = u64::try_from(size).unwrap_or(0);
        Listed { at: run.moment(), run, size, modified_at, original }
    }

    /// Takes the description of the run from the file itself.
    pub(super) fn set_run(&mut self, run: ArchivedRun) {
        self.at = run.moment();
        self.run = run;
    }

    /// Returns the action that adds the file.
    pub(super) fn add(&self) -> Result<Add> {
        match &self.original {
            Some(add) => Ok((**add).clone()),
            None => add_of(&self.run, self.size, self.modified_at),
        }
    }
}

/// Returns the description of a file for the log.
///
/// # Errors
/// If the JSON cannot be written.
pub(crate) fn add_of(run: &ArchivedRun, size: u64, modified_at: i64) -> Result<Add> {
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
        modification_time: modified_at,
        data_change: true,
        stats: Some(stats.to_string()),
        tags: Some(tags_of(run)),
    })
}

/// Returns the action that removes the file from the table.
pub(crate) fn removal(run: &ArchivedRun) -> Action {
    let deletion_timestamp = Some(Moment::now().0 / 1000);
    Action::Remove(Remove { path: to_uri(&run.path), deletion_timestamp, data_change: true })
}

/// Returns the description of the run in a file.
pub(crate) fn run_in(storage: &dyn Storage, path: &str) -> Result<ArchivedRun> {
    let file = storage.open(path)?.ok_or_else(|| lost(path))?;
    let read = || -> Result<ArchivedRun> {
        let reader = ScoreFileReader::new(file)?;
        let Constants { run_id, model_id, task_id, metric_name, config_hash, .. } =
            reader.constants()?.unwrap_or_default();
        let (path, n_items) = (path.to_owned(), reader.rows());
        Ok(ArchivedRun {
            run_id,
            model_id,
            task_id,
            metric_name,
            path,
            n_items,
            config_hash,
            ..ArchivedRun::default()
        })
    };
    read().map_err(|error| error.in_file(path))
}

/// Returns the error for a file that is in the log but missing.
pub(crate) fn lost(path: &str) -> StoreError {
    StoreError::new(Code::Corrupt, format!("the file {path} of the archive is missing"))
}

/// Returns the year and month in the folders of a path.
fn partition(path: &str) -> Option<(i64, i64)> {
    let part = |name: &str| path.split('/').find_map(|part| part.strip_prefix(name))?.parse().ok();
    Some((part("year=")?, part("month=")?))
}

/// Returns the run that tags describe; `None` where they are not ours.
fn run_of(path: &str, mut tags: Tags) -> Result<Option<ArchivedRun>> {
    let Some(run_id) = tags.take("run_id") else { return Ok(None) };
    let source = match (tags.take("source_run_id"), tags.take("body")) {
        (Some(run_id), Some(body)) => {
            inside(&body)?;
            Some(Source { run_id, body })
        }
        _ => None,
    };
    let mut number = |name: &str| {
        let number = tags.take(name).and_then(|text| text.parse::<f64>().ok());
        number.filter(|number| number.is_finite())
    };
    let (delta, p_value, mean) = (number("delta"), number("p_value"), number("mean"));
    let mut text = |name: &str| tags.take(name).unwrap_or_default();
    Ok(Some(ArchivedRun {
        run_id,
        model_id: text("model_id"),
        task_id: text("task_id"),
        metric_name: text("metric_name"),
        ts: text("ts"),
        path: path.to_owned(),
        n_items: text("n_items").parse().unwrap_or(0),
        config_hash: text("config_hash"),
        delta,
        p_value,
        verdict: tags.take("verdict"),
        parent_run_id: tags.take("parent_run_id"),
        mean,
        source,
    }))
}

fn tags_of(run: &ArchivedRun) -> Tags {
    let number = |number: Option<f64>| {
        number.filter(|number| number.is_finite()).map(|number| number.to_string())
    };
    let some = |text: &str| Some(text.to_owned());
    let source = run.source.as_ref();
    let mut tags = Tags::default();
    for (name, value) in [
        ("run_id", some(&run.run_id)),
        ("model_id", some(&run.model_id)),
        ("task_id", some(&run.task_id)),
        ("metric_name", some(&run.metric_name)),
        ("ts", some(&run.ts)),
        ("n_items", Some(run.n_items.to_string())),
        ("config_hash", some(&run.config_hash)),
        ("delta", number(run.delta)),
        ("p_value", number(run.p_value)),
        ("mean", number(run.mean)),
        ("verdict", run.verdict.clone()),
        ("parent_run_id", run.parent_run_id.clone()),
        ("source_run_id", source.map(|source| source.run_id.clone())),
        ("body", source.map(|source| source.body.clone())),
    ] {
        tags.set(name, value);
    }
    tags
}
