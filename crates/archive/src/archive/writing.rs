//! Writes runs to an archive, and removes them.

use std::collections::BTreeSet;

use runstore::error::{Code, Result, StoreError};
use serde::Deserialize;
use tempfile::NamedTempFile;

use super::reading::called;
use super::{Archive, Known};
use crate::item::Item;
use crate::log::{self, Action, Listed, Snapshot, add_of, removal};
use crate::record::{ArchivedRun, Decision};
use crate::score_file::{Constants, ScoreFileWriter, Written};
use crate::time::Moment;
use crate::writer::unique;

/// Scores that do not come from a store, in the shape of evalsig's exchange format.
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
    /// Equal for runs with the same configuration.
    #[serde(default)]
    pub config_hash: String,
    /// At least one.
    pub items: Vec<Item>,
}

/// A run whose files are written, but not yet listed.
pub(crate) struct Staged {
    pub(crate) files: Vec<StagedFile>,
    pub(crate) body: Option<(NamedTempFile, String)>,
}

/// Scores whose file is written, but not yet listed. Dropping them removes it.
pub struct StagedFrame(pub(crate) Staged);

pub(crate) struct StagedFile {
    pub(crate) file: NamedTempFile,
    pub(crate) record: ArchivedRun,
}

impl Archive {
    /// Writes scores that do not come from a store, and returns their entry.
    ///
    /// # Errors
    /// If there are no scores: evalsig could not load such a run.
    pub fn write_frame(
        &self,
        frame: Frame,
        started_at: Option<f64>,
        decision: Decision,
    ) -> Result<ArchivedRun> {
        self.add(vec![self.stage(frame, started_at, decision)?.0])?
            .pop()
            .ok_or_else(|| StoreError::new(Code::Internal, "no entry was made"))
    }

    /// Writes the file for scores that do not come from a store, for [`RunWriter::put_staged`](crate::RunWriter::put_staged). Several
    /// threads may do so at the same time.
    ///
    /// # Errors
    /// If there are no scores, or the file cannot be written.
    pub fn stage(
        &self,
        frame: Frame,
        started_at: Option<f64>,
        decision: Decision,
    ) -> Result<StagedFrame> {
        if frame.items.is_empty() {
            return Err(StoreError::new(Code::InvalidArgument, "a run needs at least one item"));
        }
        let moment = started_at.map_or_else(|| Ok(Moment::now()), Moment::of_ms)?;
        self.check_before_writing()?;
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
        let mut writer = ScoreFileWriter::new(&file, constants)?;
        frame.items.into_iter().try_for_each(|item| writer.put(item))?;
        let Written { rows, mean } = writer.finish()?;
        let record = ArchivedRun {
            run_id: frame.run_id,
            model_id: frame.model_id,
            task_id: frame.task_id,
            metric_name: frame.metric_name,
            ts: moment.written(),
            path,
            n_items: rows,
            config_hash: frame.config_hash,
            delta: decision.delta,
            p_value: decision.p_value,
            verdict: decision.verdict,
            parent_run_id: decision.parent_run_id,
            mean,
            source: None,
        };
        Ok(StagedFrame(Staged { files: vec![StagedFile { file, record }], body: None }))
    }

    /// Adds runs whose files are written, all in one entry of the log. Runs with the same names are replaced.
    pub(crate) fn add(&self, staged: Vec<Staged>) -> Result<Vec<ArchivedRun>> {
        let (mut records, mut adds, mut written) = (Vec::new(), Vec::new(), Vec::new());
        for Staged { files, body } in staged {
            written.extend(body);
            for StagedFile { file, record } in files {
                let size = file.as_file().metadata();
                let size = size.map_err(|error| StoreError::io("read", file.path(), &error))?.len();
                adds.push(add_of(&record, size, Moment::now().0 / 1000)?);
                written.push((file, record.path.clone()));
                records.push(record);
            }
        }
        self.check_adding(&records)?;
        self.storage.publish_all(written)?;
        if adds.is_empty() {
            return Ok(records);
        }
        self.commit("WRITE", &mut |snapshot| {
            let mut actions = replaced(snapshot, &records);
            actions.extend(adds.iter().cloned().map(|add| Action::Add(Box::new(add))));
            Ok(actions)
        })?;
        self.fold_if_due();
        Ok(records)
    }

    /// Fails if it is already known that no run can be committed. It is called before the first temporary file.
    pub(crate) fn check_before_writing(&self) -> Result<()> {
        let mut known = self.known();
        if known.is_checked { Ok(()) } else { self.check_commit(&mut known) }
    }

    /// Fails if it is already known that the commit of these runs would fail: files without it would be left behind.
    fn check_adding(&self, records: &[ArchivedRun]) -> Result<()> {
        let mut known = self.known();
        self.check_commit(&mut known)?;
        match replaced(known.snapshot(), records).is_empty() {
            true => Ok(()),
            false => known.log.check_removable(),
        }
    }

    fn check_commit(&self, known: &mut Known) -> Result<()> {
        self.refresh(known)?;
        log::check_commit(self.storage(), &known.log)?;
        known.is_checked = true;
        Ok(())
    }

    /// Removes the entries of a run from the archive and returns them. Their files stay until [`Self::vacuum`].
    ///
    /// # Errors
    /// If there is no such run.
    pub fn delete(&self, name: &str) -> Result<Vec<ArchivedRun>> {
        let mut gone = Vec::new();
        self.commit("DELETE", &mut |snapshot| {
            gone = called(snapshot, name)?;
            Ok(gone.iter().map(|run| removal(&run.path)).collect())
        })?;
        self.fold_if_due();
        Ok(gone)
    }

    /// Commits the actions that `actions` returns for the entries, with what other programs wrote meanwhile.
    pub(super) fn commit(
        &self,
        operation: &str,
        actions: &mut dyn FnMut(&Snapshot) -> Result<Vec<Action>>,
    ) -> Result<()> {
        let mut known = self.known();
        self.refresh(&mut known)?;
        let foreign = std::mem::take(&mut known.foreign);
        let log = &mut known.log;
        let guard = self.options.guard;
        let committed = log::commit(self.storage(), log, operation, guard, &mut |snapshot| {
            let wanted = match foreign.is_empty() {
                true => actions(snapshot)?,
                false => actions(&snapshot.with(&foreign)?)?,
            };
            let all: Vec<_> = foreign.iter().cloned().chain(wanted).collect();
            if all.iter().any(|action| matches!(action, Action::Remove(_))) {
                snapshot.check_removable()?;
            }
            Ok(all)
        });
        match committed {
            Ok(is_new) => {
                known.is_behind |= is_new;
                known.look()
            }
            Err(error) => {
                // A removed file may be found again.
                known.set_foreign(vec![], None)?;
                Err(error)
            }
        }
    }
}

/// Returns the removals of files that have the ids of new entries, or belong to a rewritten run.
fn replaced(snapshot: &Snapshot, records: &[ArchivedRun]) -> Vec<Action> {
    let mut paths = BTreeSet::new();
    for new in records {
        let is_replaced = |old: &Listed<'_>| {
            old.run_id() == new.run_id || (new.source.is_some() && old.name_of_run() == new.run())
        };
        let olds = [new.run_id.as_str(), new.run()].map(|name| snapshot.files().named(name));
        paths.extend(olds.into_iter().flatten().filter(is_replaced).map(Listed::path));
    }
    paths.into_iter().map(removal).collect()
}
