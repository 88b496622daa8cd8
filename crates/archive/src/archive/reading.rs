//! Reads an archive: its entries, and the rows of each.

use runstore::error::{Code, Result, StoreError};
use runstore::store::Sum;

use super::{Archive, RunRows, ScoresAsRun};
use crate::body::BodyReader;
use crate::item::Item;
use crate::log::{Listed, Snapshot, lost};
use crate::query::Query;
use crate::record::{ArchivedRun, Source};
use crate::score_file::{ScoreFileReader, mean_of};

/// Minimum number of characters of an id prefix.
const SHORTEST_START: usize = 4;

impl Archive {
    /// Returns the entries that a query selects.
    ///
    /// # Errors
    /// If the log cannot be read, or requires a newer reader.
    pub fn runs(&self, query: &Query) -> Result<Vec<ArchivedRun>> {
        self.select(query, |found| Ok(found.iter().map(|listed| listed.run()).collect()))
    }

    /// Calls `take` with the entries that a query selects, before anything of them is copied.
    ///
    /// # Errors
    /// As [`Self::runs`], and those of `take`.
    pub fn select<T>(
        &self,
        query: &Query,
        take: impl FnOnce(&[Listed<'_>]) -> Result<T>,
    ) -> Result<T> {
        let mut known = self.known();
        self.refresh(&mut known)?;
        take(&query.select(known.snapshot().files())?)
    }

    /// Opens the rows of one entry, which are read in bounded memory.
    ///
    /// # Errors
    /// If there is no such entry, or the named run has several.
    pub fn items(&self, name: &str) -> Result<(ArchivedRun, Items)> {
        let run = one(name, self.entries_of(name)?)?;
        let items = self.items_of(&run)?;
        Ok((run, items))
    }

    /// Opens the rows of a run, to import them into a store: all rows of a run that came from a store, or the scores of a run
    /// that another program wrote.
    ///
    /// # Errors
    /// If there is no such run, or the name is ambiguous.
    pub fn rows(&self, name: &str) -> Result<RunRows> {
        let found = self.entries_of(name)?;
        match found.iter().find_map(|run| run.source.as_ref()) {
            Some(source) => Ok(RunRows::Whole(Box::new(self.body_of(source)?))),
            None => {
                let run = one(name, found)?;
                let items = self.items_of(&run)?;
                Ok(RunRows::Scores(Box::new(ScoresAsRun::new(run, items))))
            }
        }
    }

    /// Opens all rows of a run that came from a store.
    ///
    /// # Errors
    /// If there is no such run, or another program wrote it, with scores only.
    pub fn body(&self, name: &str) -> Result<BodyReader> {
        let found = self.entries_of(name)?;
        let source = found.iter().find_map(|run| run.source.as_ref()).ok_or_else(|| {
            let message = format!(
                "run \"{name}\" was not archived from a store: only its scores can be loaded"
            );
            StoreError::new(Code::InvalidArgument, message)
        })?;
        self.body_of(source)
    }

    /// Returns the mean of the scores of an entry: from the log, or from its file if another program wrote it. `None` without any,
    /// and where some are infinite or no numbers.
    ///
    /// # Errors
    /// If the file cannot be read.
    pub fn mean(&self, run: &ArchivedRun) -> Result<Option<f64>> {
        if run.mean.is_some() {
            return Ok(run.mean);
        }
        let (mut items, mut scores) = (self.items_of(run)?, Sum::default());
        loop {
            let some = items.next_items()?;
            if some.is_empty() {
                return Ok(mean_of(&scores));
            }
            some.iter().for_each(|item| scores.add(item.score));
        }
    }

    pub(super) fn body_of(&self, source: &Source) -> Result<BodyReader> {
        let file = self.storage.open(&source.body)?.ok_or_else(|| lost(&source.body))?;
        BodyReader::new(file, &source.body)
    }

    pub(super) fn items_of(&self, run: &ArchivedRun) -> Result<Items> {
        let file = self.storage.open(&run.path)?.ok_or_else(|| lost(&run.path))?;
        let reader = ScoreFileReader::new(file).map_err(|error| error.in_file(&run.path))?;
        Ok(Items { reader, path: run.path.clone() })
    }

    /// Returns the entries that a name means: one by its id, those of a run by the id of the run or by the start of it.
    ///
    /// # Errors
    /// If there is none, or several runs begin with it.
    pub fn entries_of(&self, name: &str) -> Result<Vec<ArchivedRun>> {
        let mut known = self.known();
        self.refresh(&mut known)?;
        called(known.snapshot(), name)
    }

    /// Returns the entries of the run of a store with exactly this id.
    pub(super) fn entries_of_run(&self, run_id: &str) -> Result<Vec<ArchivedRun>> {
        let mut known = self.known();
        self.refresh(&mut known)?;
        let is_of = |run: &ArchivedRun| run.source.as_ref().is_some_and(|of| of.run_id == run_id);
        let named = known.snapshot().files().named(run_id).map(Listed::run);
        Ok(named.filter(is_of).collect())
    }

    /// Returns all current entries, for a check of all files.
    pub(crate) fn entries(&self) -> Result<Vec<ArchivedRun>> {
        self.runs(&Query::default())
    }
}

/// The rows of an entry.
pub struct Items {
    reader: ScoreFileReader,
    path: String,
}

impl Items {
    /// Returns the next rows; none at the end.
    ///
    /// # Errors
    /// If the file is damaged.
    pub fn next_items(&mut self) -> Result<Vec<Item>> {
        self.reader.next_items().map_err(|error| error.in_file(&self.path))
    }
}

impl Items {
    /// Returns whether the file says that it has the scores of an entry; true if it has none.
    pub(super) fn are_of(&self, run: &ArchivedRun) -> Result<bool> {
        let Some(said) = self.reader.constants()? else { return Ok(true) };
        Ok(said.run_id == run.run_id
            && said.model_id == run.model_id
            && said.task_id == run.task_id
            && said.metric_name == run.metric_name
            && said.config_hash == run.config_hash)
    }
}

/// Returns whether a path is that of a run's file.
pub(crate) fn is_score_file(path: &str) -> bool {
    path.starts_with("year=")
        && path.ends_with(".parquet")
        && !path.split('/').any(|part| part.starts_with('.'))
}

/// Returns the entries with a name: one by its own id, or all of a run by its id or a prefix of it.
pub(super) fn called(snapshot: &Snapshot, name: &str) -> Result<Vec<ArchivedRun>> {
    let found: Vec<_> = snapshot.files().named(name).map(Listed::run).collect();
    if !found.is_empty() {
        return Ok(found);
    }
    let is_meant = |listed: &Listed<'_>| {
        name.len() >= SHORTEST_START && listed.name_of_run().starts_with(name)
    };
    let found: Vec<_> = snapshot.files().iter().filter(is_meant).map(Listed::run).collect();
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

/// Returns the only one of the entries that a name means.
fn one(name: &str, mut found: Vec<ArchivedRun>) -> Result<ArchivedRun> {
    match (found.pop(), found.is_empty()) {
        (Some(run), true) => Ok(run),
        (last, _) => {
            let names: Vec<_> =
                found.iter().chain(&last).map(|run| format!("\"{}\"", run.run_id)).collect();
            let message = format!(
                "run \"{name}\" has the scores of several scorers; name one: {}",
                names.join(", ")
            );
            Err(StoreError::new(Code::Ambiguous, message))
        }
    }
}

fn unknown(name: &str) -> StoreError {
    StoreError::new(Code::NotFound, format!("there is no run \"{name}\" in the archive"))
}
