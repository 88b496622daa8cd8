//! Runs into an archive, and out of it again.

use runstore::error::{Code, Result, StoreError};
use serde::Deserialize;
use tempfile::NamedTempFile;

use super::Archive;
use super::entry::{add_of, removals, same_source};
use super::reading::called;
use crate::item::Item;
use crate::log::{self, Action};
use crate::record::{ArchivedRun, Decision};
use crate::score_file::{Constants, ScoreFileWriter};
use crate::time::Moment;
use crate::writer::{again, unique};

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
                let size = file.as_file().metadata();
                let size = size.map_err(|error| StoreError::io("read", file.path(), &error))?.len();
                self.storage.publish(file, &record.path)?;
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
    pub(super) fn commit(
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
}
