//! The archive of a project.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use runstore::error::{Code, Result, StoreError};
use runstore::model::RowBatch;
use runstore::rows::RowSource;
use serde::Deserialize;
use tempfile::NamedTempFile;

use crate::body::BodyReader;
use crate::item::Item;
use crate::log::{self, Action, Add, Remove, Snapshot};
use crate::manifest::{self, Manifest};
use crate::names::{check_project, from_uri, inside, to_uri};
use crate::query::Query;
use crate::record::{ArchivedRun, Decision, Source};
use crate::score_file::{Constants, ScoreFileReader, ScoreFileWriter};
use crate::storage::{LONGEST_MANIFEST, Local, Storage, Tag};
use crate::time::Moment;
use crate::writer::{RunWriter, again, unique};

/// The state of the manifest as we wrote it last, so that nothing has to read it to see that nobody else wrote since.
const FOLDED: &str = "_runstore/folded";

/// Characters of an id that may stand for all of it.
const SHORTEST_START: usize = 4;

/// With more runs than that, the manifest is not written after every commit.
const SMALL: usize = 2000;
/// How old a large manifest may get while runs are written; [`Archive::close`] brings it up to date.
const OLD: Duration = Duration::from_secs(5);

/// What an archive is opened with.
#[derive(Clone, Debug)]
pub struct Options {
    /// Whether the first commit says that only runstore may write and clean up the table. Others may read it all the same.
    pub guard: bool,
}

impl Default for Options {
    fn default() -> Self {
        Options { guard: true }
    }
}

/// Scores that come from no store, in the shape of evalsig's exchange format.
#[derive(Clone, Debug, Deserialize)]
pub struct Frame {
    /// Id of the entry.
    pub run_id: String,
    /// Model.
    pub model_id: String,
    /// Suite.
    pub task_id: String,
    /// Scorer.
    pub metric_name: String,
    /// Equal for runs of equal configuration.
    #[serde(default)]
    pub config_hash: String,
    /// At least one.
    pub items: Vec<Item>,
}

/// The runs of one project, in a folder.
pub struct Archive {
    storage: Box<dyn Storage>,
    project: String,
    options: Options,
    state: Mutex<State>,
}

#[derive(Default)]
struct State {
    log: Snapshot,
    /// The manifest that was compared with the log.
    compared: Option<Tag>,
    /// What others wrote beside the log, until a commit adopts it.
    foreign: Vec<Action>,
    /// The entries after [`Self::log`] and [`Self::foreign`].
    listing: Option<Vec<ArchivedRun>>,
    folded_at: Option<Instant>,
    is_behind: bool,
}

/// A run whose files are written, but in no listing.
pub(crate) struct Staged {
    pub(crate) files: Vec<StagedFile>,
    pub(crate) body: Option<(NamedTempFile, String)>,
}

pub(crate) struct StagedFile {
    pub(crate) file: NamedTempFile,
    pub(crate) record: ArchivedRun,
}

impl Archive {
    /// Opens the archive of a project in a folder. What is not there is made by the first run that is written.
    ///
    /// # Errors
    /// If the name of the project cannot be that of a folder.
    pub fn open(root: PathBuf, project: &str, options: Options) -> Result<Arc<Self>> {
        check_project(project)?;
        let storage = Box::new(Local::new(root.join(project)));
        Ok(Arc::new(Archive {
            storage,
            project: project.to_owned(),
            options,
            state: Mutex::default(),
        }))
    }

    pub(crate) fn storage(&self) -> &dyn Storage {
        &*self.storage
    }

    pub(crate) fn project(&self) -> &str {
        &self.project
    }

    /// Returns a sink for the rows of runs.
    pub fn writer(self: &Arc<Self>) -> RunWriter {
        RunWriter::new(Arc::clone(self))
    }

    /// Returns the entries that a query asks for.
    ///
    /// # Errors
    /// If the log cannot be read, or needs a reader that knows more.
    pub fn runs(&self, query: &Query) -> Result<Vec<ArchivedRun>> {
        let mut state = self.state();
        self.refresh(&mut state)?;
        query.answer(self.listing(&mut state)?.iter().cloned())
    }

    /// Returns the rows of one entry, to be read in bounded memory.
    ///
    /// # Errors
    /// If there is none of that name, or the run that it names has several.
    pub fn items(&self, name: &str) -> Result<(ArchivedRun, Items)> {
        let run = self.one(name)?;
        let file = self.storage.open(&run.path)?.ok_or_else(|| lost(&run.path))?;
        let reader = ScoreFileReader::new(file).map_err(|error| error.in_file(&run.path))?;
        Ok((run.clone(), Items { reader, path: run.path }))
    }

    /// Returns everything of a run that came out of a store.
    ///
    /// # Errors
    /// If there is no such run, or it was written by another program, which keeps scores only.
    pub fn body(&self, name: &str) -> Result<BodyReader> {
        let found = self.called(name)?;
        let source = found.iter().find_map(|run| run.source.as_ref()).ok_or_else(|| {
            let message = format!(
                "run \"{name}\" was not archived from a store: only its scores can be loaded"
            );
            StoreError::new(Code::InvalidArgument, message)
        })?;
        let file = self.storage.open(&source.body)?.ok_or_else(|| lost(&source.body))?;
        BodyReader::new(file).map_err(|error| error.in_file(&source.body))
    }

    /// Returns whether the archive gives a run back row by row as a source has it.
    ///
    /// # Errors
    /// If the rows of the source cannot be read.
    pub fn holds(self: &Arc<Self>, name: &str, source: &mut dyn RowSource) -> Result<bool> {
        let mut comparison = self.compare(name);
        while let Some(batch) = source.next_batch()? {
            if !comparison.is_next(&batch)? {
                return Ok(false);
            }
        }
        Ok(true)
    }

    /// Begins to compare a run with the rows that a store has of it.
    pub fn compare(self: &Arc<Self>, name: &str) -> Comparison {
        Comparison { archive: Arc::clone(self), name: name.to_owned(), body: None }
    }

    /// Writes scores that come from no store, and returns their entry.
    ///
    /// # Errors
    /// If there are none: evalsig could not load such a run.
    pub fn write_frame(
        &self,
        frame: Frame,
        started_at: Option<f64>,
        decision: Decision,
    ) -> Result<ArchivedRun> {
        if frame.items.is_empty() {
            return Err(StoreError::new(Code::InvalidArgument, "a run needs at least one item"));
        }
        let moment = started_at.map_or_else(|| Ok(Moment::now()), Moment::of_ms)?;
        let (year, month) = moment.month();
        let path =
            format!("year={year:04}/month={month:02}/run_id={}.parquet", unique(&frame.run_id));
        let file = self.storage.scratch(&path)?;
        let constants = Constants {
            project_id: self.project.clone(),
            run_id: frame.run_id.clone(),
            model_id: frame.model_id.clone(),
            task_id: frame.task_id.clone(),
            metric_name: frame.metric_name.clone(),
            config_hash: frame.config_hash.clone(),
            ts: moment.0,
        };
        let mut writer = ScoreFileWriter::new(again(&file)?, constants)?;
        frame.items.into_iter().try_for_each(|item| writer.put(item))?;
        let record = ArchivedRun {
            run_id: frame.run_id,
            model_id: frame.model_id,
            task_id: frame.task_id,
            metric_name: frame.metric_name,
            ts: moment.written(),
            path,
            n_items: writer.finish()?,
            config_hash: frame.config_hash,
            delta: decision.delta,
            p_value: decision.p_value,
            verdict: decision.verdict,
            parent_run_id: decision.parent_run_id,
            source: None,
        };
        let staged = Staged { files: vec![StagedFile { file, record }], body: None };
        self.add(vec![staged])?
            .pop()
            .ok_or_else(|| StoreError::new(Code::Internal, "no entry was made"))
    }

    /// Adds runs whose files are written: all of them in one entry of the log. What had their names before is replaced.
    pub(crate) fn add(&self, staged: Vec<Staged>) -> Result<Vec<ArchivedRun>> {
        let mut records = Vec::new();
        let mut adds = Vec::new();
        for Staged { files, body } in staged {
            if let Some((file, path)) = body {
                self.storage.publish(file, &path)?;
            }
            for StagedFile { file, record } in files {
                self.storage.publish(file, &record.path)?;
                let (size, _) =
                    self.storage.state(&record.path)?.ok_or_else(|| lost(&record.path))?;
                adds.push(add_of(&record, size)?);
                records.push(record);
            }
        }
        if adds.is_empty() {
            return Ok(records);
        }
        let is_replaced = |run: &ArchivedRun| {
            records.iter().any(|new| {
                new.run_id == run.run_id || (new.source.is_some() && same_source(new, run))
            })
        };
        self.commit("WRITE", &mut |listing| {
            let mut actions = removals(listing.iter().filter(|run| is_replaced(run)));
            actions.extend(adds.iter().cloned().map(|add| Action::Add(Box::new(add))));
            Ok(actions)
        })?;
        self.fold_if_due()?;
        Ok(records)
    }

    /// Takes the entries of a run out of the archive and returns them. Their files stay for [`Self::vacuum`].
    ///
    /// # Errors
    /// If there is none of that name.
    pub fn delete(&self, name: &str) -> Result<Vec<ArchivedRun>> {
        let mut gone = Vec::new();
        self.commit("DELETE", &mut |listing| {
            gone = called(listing, name)?;
            Ok(removals(gone.iter()))
        })?;
        self.fold_if_due()?;
        Ok(gone)
    }

    /// Commits what `actions` makes of the entries, with what others wrote meanwhile.
    fn commit(
        &self,
        operation: &str,
        actions: &mut dyn FnMut(&[ArchivedRun]) -> Result<Vec<Action>>,
    ) -> Result<()> {
        let mut state = self.state();
        self.refresh(&mut state)?;
        let foreign = std::mem::take(&mut state.foreign);
        let mut log = std::mem::take(&mut state.log);
        let committed =
            log::commit(self.storage(), &mut log, operation, self.options.guard, &mut |snapshot| {
                let mut view = snapshot.clone();
                view.describe(&foreign)?;
                let wanted = actions(&self.entries(&view)?)?;
                if wanted.iter().any(|action| matches!(action, Action::Remove(_))) {
                    snapshot.check_removable()?;
                }
                Ok(foreign.iter().cloned().chain(wanted).collect())
            });
        state.log = log;
        state.listing = None;
        match committed {
            Ok(is_new) => {
                state.is_behind |= is_new;
                Ok(())
            }
            Err(error) => {
                state.compared = None;
                Err(error)
            }
        }
    }

    /// Writes the manifest anew, and takes what others wrote beside the log into it.
    ///
    /// # Errors
    /// If the manifest that is there cannot be read; [`Self::rebuild`] replaces it.
    pub fn fold(&self) -> Result<()> {
        self.adopt()?;
        let mut state = self.state();
        let mut failure = None;
        self.storage.change(manifest::PATH, &mut |old| {
            log::refresh(self.storage(), &mut state.log)?;
            state.listing = None;
            if let Some(old) = old.as_deref() {
                let manifest = Manifest::parse(old)?;
                let foreign = self.foreign(&manifest, &state.log)?;
                if !foreign.is_empty() {
                    // evalsig wrote between the two looks. Nothing is written over: it is adopted next time.
                    failure = Some(StoreError::new(
                        Code::Busy,
                        "another program writes the manifest; fold it again",
                    ));
                    return Ok(None);
                }
            }
            let runs = self.entries(&state.log)?;
            let version = state.log.version();
            let runs = runs.into_iter().filter(|run| run.n_items > 0).collect();
            Manifest::new(&self.project, runs, version).to_bytes().map(Some)
        })?;
        if let Some(failure) = failure {
            state.compared = None;
            return Err(failure);
        }
        self.remember_manifest(&mut state)
    }

    /// Makes the manifest anew from the log and from the files that are there, whatever it says now.
    pub fn rebuild(&self) -> Result<()> {
        let mut state = self.state();
        log::refresh(self.storage(), &mut state.log)?;
        let unlisted = self.unlisted(&state.log)?;
        state.foreign = unlisted;
        state.compared = self.storage.state(manifest::PATH)?.map(|(_, tag)| tag);
        state.listing = None;
        drop(state);
        self.commit_foreign()?;
        let mut state = self.state();
        self.storage.change(manifest::PATH, &mut |_| {
            let runs =
                self.entries(&state.log)?.into_iter().filter(|run| run.n_items > 0).collect();
            Manifest::new(&self.project, runs, state.log.version()).to_bytes().map(Some)
        })?;
        self.remember_manifest(&mut state)
    }

    /// Brings the manifest up to date, if runs were written since.
    pub fn close(&self) -> Result<()> {
        let is_behind = self.state().is_behind;
        if is_behind { self.fold() } else { Ok(()) }
    }

    /// Commits what others wrote beside the log.
    fn adopt(&self) -> Result<()> {
        let mut state = self.state();
        self.refresh(&mut state)?;
        let is_there = !state.foreign.is_empty();
        drop(state);
        if is_there { self.commit_foreign() } else { Ok(()) }
    }

    fn commit_foreign(&self) -> Result<()> {
        self.commit("ADOPT", &mut |_| Ok(vec![]))
    }

    fn fold_if_due(&self) -> Result<()> {
        let state = self.state();
        let is_due = state.log.files().count() <= SMALL
            || state.folded_at.is_none_or(|at| at.elapsed() >= OLD);
        drop(state);
        match is_due.then(|| self.fold()) {
            // The run is in the log; the manifest follows.
            Some(Err(error)) if error.code == Code::Busy => Ok(()),
            Some(folded) => folded,
            None => Ok(()),
        }
    }

    fn remember_manifest(&self, state: &mut State) -> Result<()> {
        let tag = self.storage.state(manifest::PATH)?.map(|(_, tag)| tag);
        if let Some(tag) = &tag {
            self.storage.change(FOLDED, &mut |_| Ok(Some(tag.0.clone().into_bytes())))?;
        }
        state.compared = tag;
        state.folded_at = Some(Instant::now());
        state.is_behind = false;
        Ok(())
    }

    /// Reads what was committed since, and what others wrote beside the log.
    fn refresh(&self, state: &mut State) -> Result<()> {
        if log::refresh(self.storage(), &mut state.log)? {
            state.listing = None;
        }
        let tag = self.storage.state(manifest::PATH)?.map(|(_, tag)| tag);
        if tag == state.compared {
            return Ok(());
        }
        state.listing = None;
        state.foreign = match &tag {
            Some(tag) if !self.is_ours(tag)? => {
                let bytes =
                    self.storage.read(manifest::PATH, LONGEST_MANIFEST)?.unwrap_or_default();
                self.foreign(&Manifest::parse(&bytes)?, &state.log)?
            }
            _ => vec![],
        };
        state.compared = tag;
        Ok(())
    }

    fn is_ours(&self, tag: &Tag) -> Result<bool> {
        Ok(self.storage.read(FOLDED, 1000)?.is_some_and(|folded| folded == tag.0.as_bytes()))
    }

    /// Returns what a manifest knows and the log does not: runs that evalsig wrote, or wrote over.
    fn foreign(&self, manifest: &Manifest, log: &Snapshot) -> Result<Vec<Action>> {
        let mut actions = Vec::new();
        let listed = self.entries(log)?;
        let by_id: BTreeMap<&str, &ArchivedRun> =
            listed.iter().map(|run| (run.run_id.as_str(), run)).collect();
        for run in &manifest.runs {
            inside(&run.path).map_err(|error| error.in_file(manifest::PATH))?;
            let Some((size, _)) = self.storage.state(&run.path)? else { continue };
            let known = log.file(&run.path);
            if known.is_some_and(|known| known.size as u64 == size) {
                continue;
            }
            // We write no entry twice: of two with one id, the manifest's that the log lacks is the newer.
            if let Some(old) = by_id.get(run.run_id.as_str()).filter(|old| old.path != run.path) {
                // A manifest that was made before the log changed names files that are gone from it.
                if manifest.runstore_log_version.is_some() {
                    continue;
                }
                actions.push(removal(old));
            } else if manifest.runstore_log_version.is_some() && known.is_none() {
                continue;
            }
            actions.push(Action::Add(Box::new(add_of(run, size)?)));
        }
        Ok(actions)
    }

    /// Returns the Parquet files that are in no entry of the log.
    fn unlisted(&self, log: &Snapshot) -> Result<Vec<Action>> {
        let mut actions = Vec::new();
        for found in self.storage.list("")?.iter().filter(|found| is_score_file(&found.path)) {
            if log.file(&found.path).is_none() {
                let mut run = self.record_in(&found.path)?;
                run.ts = Moment(found.changed_at * 1000).written();
                actions.push(Action::Add(Box::new(add_of(&run, found.bytes)?)));
            }
        }
        Ok(actions)
    }

    fn listing<'s>(&self, state: &'s mut State) -> Result<&'s [ArchivedRun]> {
        if state.listing.is_none() {
            let listing = match state.foreign.is_empty() {
                true => self.entries(&state.log)?,
                false => {
                    let mut view = state.log.clone();
                    view.describe(&state.foreign)?;
                    self.entries(&view)?
                }
            };
            state.listing = Some(listing);
        }
        Ok(state.listing.as_deref().unwrap_or_default())
    }

    /// Returns an entry for each file. Only of a file that another program added is the file itself read.
    fn entries(&self, log: &Snapshot) -> Result<Vec<ArchivedRun>> {
        log.files()
            .map(|add| match record_of(add)? {
                Some(run) => Ok(run),
                None => self.record_in(&from_uri(&add.path)?),
            })
            .collect()
    }

    /// Returns what a file says of its run.
    fn record_in(&self, path: &str) -> Result<ArchivedRun> {
        let file = self.storage.open(path)?.ok_or_else(|| lost(path))?;
        let read = || -> Result<ArchivedRun> {
            let reader = ScoreFileReader::new(file)?;
            let Constants { run_id, model_id, task_id, metric_name, config_hash, .. } =
                reader.constants()?.unwrap_or_default();
            Ok(ArchivedRun {
                run_id,
                model_id,
                task_id,
                metric_name,
                ts: String::new(),
                path: path.to_owned(),
                n_items: reader.rows(),
                config_hash,
                delta: None,
                p_value: None,
                verdict: None,
                parent_run_id: None,
                source: None,
            })
        };
        read().map_err(|error| error.in_file(path))
    }

    fn called(&self, name: &str) -> Result<Vec<ArchivedRun>> {
        let mut state = self.state();
        self.refresh(&mut state)?;
        called(self.listing(&mut state)?, name)
    }

    fn one(&self, name: &str) -> Result<ArchivedRun> {
        let mut found = self.called(name)?;
        match found.len() {
            1 => found.pop().ok_or_else(|| unknown(name)),
            _ => {
                let names: Vec<_> = found.iter().map(|run| format!("\"{}\"", run.run_id)).collect();
                let message = format!(
                    "run \"{name}\" has the scores of several scorers; name one: {}",
                    names.join(", ")
                );
                Err(StoreError::new(Code::Ambiguous, message))
            }
        }
    }

    /// Returns the state at this moment, for what looks at all files.
    pub(crate) fn whole(&self) -> Result<(Snapshot, Vec<ArchivedRun>)> {
        let mut state = self.state();
        self.refresh(&mut state)?;
        let listing = self.listing(&mut state)?.to_vec();
        Ok((state.log.clone(), listing))
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// A run of an archive beside the same run of a store.
pub struct Comparison {
    archive: Arc<Archive>,
    name: String,
    body: Option<BodyReader>,
}

impl Comparison {
    /// Returns whether the next rows of the archive are these. A run that the archive lacks or cannot read has none.
    ///
    /// # Errors
    /// If the log cannot be read.
    pub fn is_next(&mut self, batch: &RowBatch) -> Result<bool> {
        let is_absent = |error: &StoreError| {
            matches!(error.code, Code::NotFound | Code::Corrupt | Code::InvalidArgument)
        };
        if self.body.is_none() {
            match self.archive.body(&self.name) {
                Ok(body) => self.body = Some(body),
                Err(error) if is_absent(&error) => return Ok(false),
                Err(error) => return Err(error),
            }
        }
        let next = self.body.as_mut().and_then(|body| body.next_batch().ok().flatten());
        Ok(next.as_ref() == Some(batch))
    }
}

/// The rows of an entry.
pub struct Items {
    reader: ScoreFileReader,
    path: String,
}

impl Items {
    /// Returns the next rows, none at the end.
    ///
    /// # Errors
    /// If the file is damaged.
    pub fn next_items(&mut self) -> Result<Vec<Item>> {
        self.reader.next_items().map_err(|error| error.in_file(&self.path))
    }
}

/// Returns whether a file lies where those of runs do.
pub(crate) fn is_score_file(path: &str) -> bool {
    path.starts_with("year=")
        && path.ends_with(".parquet")
        && !path.split('/').any(|part| part.starts_with('.'))
}

/// Returns the entries that a name means: one by its id, those of a run by the id of the run or by the start of it.
fn called(listing: &[ArchivedRun], name: &str) -> Result<Vec<ArchivedRun>> {
    let named = |is: &dyn Fn(&ArchivedRun) -> bool| -> Vec<ArchivedRun> {
        listing.iter().filter(|run| is(run)).cloned().collect()
    };
    let found = named(&|run| run.is_called(name));
    if !found.is_empty() {
        return Ok(found);
    }
    let found = match name.len() >= SHORTEST_START {
        true => named(&|run| run.run().starts_with(name)),
        false => vec![],
    };
    let mut runs: Vec<_> = found.iter().map(|run| format!("\"{}\"", run.run())).collect();
    runs.dedup();
    match runs.len() {
        0 => Err(unknown(name)),
        1 => Ok(found),
        _ => {
            let message =
                format!("several runs of the archive begin with \"{name}\": {}", runs.join(", "));
            Err(StoreError::new(Code::Ambiguous, message))
        }
    }
}

fn same_source(one: &ArchivedRun, other: &ArchivedRun) -> bool {
    one.source.as_ref().map(|source| &source.run_id)
        == other.source.as_ref().map(|source| &source.run_id)
}

fn removals<'r>(runs: impl Iterator<Item = &'r ArchivedRun>) -> Vec<Action> {
    runs.map(removal).collect()
}

fn removal(run: &ArchivedRun) -> Action {
    let deletion_timestamp = Some(Moment::now().0 / 1000);
    Action::Remove(Remove { path: to_uri(&run.path), deletion_timestamp, data_change: true })
}

/// Returns what the log says of a file: with the record in it, so that a listing opens no Parquet.
fn add_of(run: &ArchivedRun, size: u64) -> Result<Add> {
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

/// Returns the record that we put beside a file; `None` where another program added it.
fn record_of(add: &Add) -> Result<Option<ArchivedRun>> {
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

fn unknown(name: &str) -> StoreError {
    StoreError::new(Code::NotFound, format!("there is no run \"{name}\" in the archive"))
}

fn lost(path: &str) -> StoreError {
    StoreError::new(Code::Corrupt, format!("the file {path} of the archive is not there"))
}
