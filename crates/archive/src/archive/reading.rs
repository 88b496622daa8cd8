//! What is in an archive: its entries, and the rows of each.

use runstore::error::{Code, Result, StoreError};

use super::entry::{record_of, unknown};
use super::{Archive, State, lost};
use crate::body::BodyReader;
use crate::item::Item;
use crate::log::Snapshot;
use crate::names::from_uri;
use crate::query::Query;
use crate::record::ArchivedRun;
use crate::score_file::{Constants, ScoreFileReader};

/// Characters of an id that may stand for all of it.
const SHORTEST_START: usize = 4;

impl Archive {
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

    pub(super) fn listing<'s>(&self, state: &'s mut State) -> Result<&'s [ArchivedRun]> {
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
    pub(super) fn entries(&self, log: &Snapshot) -> Result<Vec<ArchivedRun>> {
        log.files()
            .map(|add| match record_of(add)? {
                Some(run) => Ok(run),
                None => self.record_in(&from_uri(&add.path)?),
            })
            .collect()
    }

    /// Returns what a file says of its run.
    pub(super) fn record_in(&self, path: &str) -> Result<ArchivedRun> {
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
pub(super) fn called(listing: &[ArchivedRun], name: &str) -> Result<Vec<ArchivedRun>> {
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
