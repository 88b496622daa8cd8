//! A file of the table, and the run in it.

use std::collections::BTreeMap;

use runstore::error::{Code, Result, StoreError};

use super::action::{Action, Add, Remove};
use super::row::{NewFile, Row};
use super::tags::{Tag, Tags, Texts};
use crate::names::to_uri;
use crate::record::{ArchivedRun, Source};
use crate::score_file::{Constants, ScoreFileReader};
use crate::storage::Storage;
use crate::time::Moment;

/// A current file of the log, with the description of its run.
#[derive(Clone, Copy)]
pub struct Listed<'l> {
    texts: &'l str,
    row: &'l Row,
}

impl<'l> Listed<'l> {
    pub(super) fn new(texts: &'l str, row: &'l Row) -> Self {
        Listed { texts, row }
    }

    fn tag(self, tag: Tag) -> Option<&'l str> {
        self.row.tag(self.texts, tag)
    }

    fn text(self, tag: Tag) -> &'l str {
        self.tag(tag).unwrap_or_default()
    }

    fn number(self, tag: Tag) -> Option<f64> {
        let number = self.tag(tag).and_then(|text| text.parse::<f64>().ok());
        number.filter(|number| number.is_finite())
    }

    /// Returns all of our tags.
    pub(super) fn tags(self) -> Texts<'l> {
        self.row.tags(self.texts)
    }

    /// See [`ArchivedRun::path`].
    pub fn path(self) -> &'l str {
        self.row.path(self.texts)
    }

    /// Returns the id of the entry, once it is known.
    pub(super) fn id(self) -> Option<&'l str> {
        self.tag(Tag::RunId)
    }

    /// See [`ArchivedRun::run_id`].
    pub fn run_id(self) -> &'l str {
        self.text(Tag::RunId)
    }

    /// See [`ArchivedRun::model_id`].
    pub fn model_id(self) -> &'l str {
        self.text(Tag::ModelId)
    }

    /// See [`ArchivedRun::task_id`].
    pub fn task_id(self) -> &'l str {
        self.text(Tag::TaskId)
    }

    /// See [`ArchivedRun::metric_name`].
    pub fn metric_name(self) -> &'l str {
        self.text(Tag::MetricName)
    }

    /// See [`ArchivedRun::ts`].
    pub fn ts(self) -> &'l str {
        self.text(Tag::Ts)
    }

    /// See [`ArchivedRun::config_hash`].
    pub fn config_hash(self) -> &'l str {
        self.text(Tag::ConfigHash)
    }

    /// See [`ArchivedRun::n_items`].
    pub fn n_items(self) -> u64 {
        self.text(Tag::NItems).parse().unwrap_or(0)
    }

    /// See [`ArchivedRun::delta`].
    pub fn delta(self) -> Option<f64> {
        self.number(Tag::Delta)
    }

    /// See [`ArchivedRun::p_value`].
    pub fn p_value(self) -> Option<f64> {
        self.number(Tag::PValue)
    }

    /// See [`ArchivedRun::verdict`].
    pub fn verdict(self) -> Option<&'l str> {
        self.tag(Tag::Verdict)
    }

    /// See [`ArchivedRun::parent_run_id`].
    pub fn parent_run_id(self) -> Option<&'l str> {
        self.tag(Tag::ParentRunId)
    }

    /// Returns the id of the run in its store, and the file with all of its rows.
    fn source(self) -> Option<(&'l str, &'l str)> {
        self.tag(Tag::SourceRunId).zip(self.tag(Tag::Body))
    }

    /// Returns the id of the entry's run.
    pub(crate) fn name_of_run(self) -> &'l str {
        self.source().map_or(self.run_id(), |(run_id, _)| run_id)
    }

    /// Returns the id of the entry's run, if it is not that of the entry.
    pub(super) fn other_run(self) -> Option<&'l str> {
        Some(self.name_of_run()).filter(|run| *run != self.run_id())
    }

    /// Returns when the run started; `None` if another program wrote an invalid time.
    pub(crate) fn at(self) -> Option<Moment> {
        self.row.at
    }

    pub(crate) fn size(self) -> u64 {
        self.row.size
    }

    /// Returns when the file was written, in milliseconds since the epoch.
    pub(crate) fn modified_at(self) -> i64 {
        self.row.modified_at
    }

    /// Returns the description of the run.
    pub fn run(self) -> ArchivedRun {
        ArchivedRun {
            run_id: self.run_id().to_owned(),
            model_id: self.model_id().to_owned(),
            task_id: self.task_id().to_owned(),
            metric_name: self.metric_name().to_owned(),
            ts: self.ts().to_owned(),
            path: self.path().to_owned(),
            n_items: self.n_items(),
            config_hash: self.config_hash().to_owned(),
            delta: self.delta(),
            p_value: self.p_value(),
            verdict: self.verdict().map(str::to_owned),
            parent_run_id: self.parent_run_id().map(str::to_owned),
            mean: self.number(Tag::Mean),
            source: self
                .source()
                .map(|(run_id, body)| Source { run_id: run_id.to_owned(), body: body.to_owned() }),
        }
    }

    /// Returns the action that adds the file.
    pub(super) fn add(self) -> Result<Add> {
        match &self.row.original {
            Some(add) => Ok((**add).clone()),
            None => add_of(&self.run(), self.size(), self.modified_at()),
        }
    }

    /// Returns the action that added the file, if another program wrote it or it has unknown fields.
    pub(super) fn original(self) -> Option<Box<Add>> {
        self.row.original.clone()
    }

    /// Returns the file as it was added.
    pub(super) fn as_new(self) -> NewFile<'l> {
        NewFile {
            path: self.path(),
            tags: self.tags(),
            size: self.size(),
            modified_at: self.modified_at(),
            original: self.original(),
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
pub(crate) fn removal(path: &str) -> Action {
    let deletion_timestamp = Some(Moment::now().0 / 1000);
    Action::Remove(Remove { path: to_uri(path), deletion_timestamp, data_change: true })
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

/// Returns the description of a run as tags.
pub(super) fn tags_of(run: &ArchivedRun) -> Tags {
    let number = |number: Option<f64>| {
        number.filter(|number| number.is_finite()).map(|number| number.to_string())
    };
    let some = |text: &str| Some(text.to_owned());
    let source = run.source.as_ref();
    let mut tags = Tags::default();
    for (tag, value) in [
        (Tag::RunId, some(&run.run_id)),
        (Tag::ModelId, some(&run.model_id)),
        (Tag::TaskId, some(&run.task_id)),
        (Tag::MetricName, some(&run.metric_name)),
        (Tag::Ts, some(&run.ts)),
        (Tag::NItems, Some(run.n_items.to_string())),
        (Tag::ConfigHash, some(&run.config_hash)),
        (Tag::Delta, number(run.delta)),
        (Tag::PValue, number(run.p_value)),
        (Tag::Mean, number(run.mean)),
        (Tag::Verdict, run.verdict.clone()),
        (Tag::ParentRunId, run.parent_run_id.clone()),
        (Tag::SourceRunId, source.map(|source| source.run_id.clone())),
        (Tag::Body, source.map(|source| source.body.clone())),
    ] {
        tags.set(tag, value);
    }
    tags
}
