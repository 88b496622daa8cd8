//! Writes runs into a store, batch by batch.
//!
//! Rows are checked before the lock is taken, and written in short transactions, into a run that is `running` and
//! marked as being imported. A last transaction publishes it. An abandoned import is removed; the doctor and
//! `recoverRuns` find and remove what a crashed process has left.

use serde::{Deserialize, Serialize};

use super::publish::{Published, publish};
use super::remove::{INTO_SUITE, WITH_SUITE, remove_unfinished};
use super::{heads, insert};
use crate::db::Connection;
use crate::error::{Code, Result, RowKind, StoreError};
use crate::model::{RUNNING, RowBatch, RowCounts, RunHead, RunRow};
use crate::process::Process;
use crate::rows::{BatchOrder, MOST_ROWS, RowSink, check_batch};
use crate::store::run_rows::exists;
use crate::store::{Store, now, run_owner, thresholds};

const OPERATION: &str = "importRows";

/// What to do with a run whose id exists in the store.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum ExistingRun {
    /// It is an error ([`Code::Constraint`]).
    #[default]
    Refuse,
    /// The existing run stays, and the rows are skipped.
    Keep,
}

/// Options of an import.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct RowImport {
    /// Id of the suite that receives the runs, instead of their own.
    pub suite_id: Option<String>,
    /// What to do with a run that exists already.
    pub existing: ExistingRun,
}

/// The result for one imported run.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct ImportedRows {
    /// Its id.
    pub run_id: String,
    /// `false` if the run existed and was kept.
    pub is_new: bool,
    /// Number of its rows.
    pub counts: RowCounts,
    /// Names of baselines that refer to other runs of the suite, and were not changed.
    pub kept_baselines: Vec<String>,
    /// Prompts that exist with different content under the same name and version, and were not changed.
    pub kept_prompts: Vec<String>,
}

/// State of an import: small enough to be kept by the caller between two batches.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct ImportState {
    options: RowImport,
    order: BatchOrder,
    /// The run that is being imported, in its final state; `None` between two runs, and for a skipped run.
    run: Option<RunRow>,
    /// Id of the run that is being skipped.
    passed_over: Option<String>,
    /// Kept until the end: before, the run must not be found through its baselines.
    published: Published,
}

impl ImportState {
    /// Starts an import.
    pub fn new(options: RowImport) -> Self {
        ImportState { options, ..ImportState::default() }
    }

    /// Fails if the rows end in the middle of a run.
    pub fn check_ended(&self) -> Result<()> {
        match self.order.is_within_run() {
            false => Ok(()),
            true => {
                let message = format!("{OPERATION}: the rows end before the run does");
                Err(StoreError::new(Code::InvalidArgument, message))
            }
        }
    }
}

impl Store {
    /// Returns a sink that imports runs. If it is dropped in the middle of a run, nothing of that run remains.
    pub fn row_sink(&self, options: RowImport) -> StoreSink<'_> {
        StoreSink { store: self, state: ImportState::new(options), imported: vec![] }
    }

    /// Imports the next batch, with the state kept by the caller; returns the run at its end. After an error, call
    /// [`Self::abort_import`].
    ///
    /// # Errors
    /// If the batch is out of order, a value cannot be stored, or an id exists already.
    pub fn import_next(
        &self,
        state: &mut ImportState,
        batch: RowBatch,
    ) -> Result<Option<ImportedRows>> {
        let checked = state.order.next(&batch).and_then(|()| check_batch(&batch));
        checked.map_err(|error| error.during(OPERATION))?;
        match batch {
            RowBatch::Run(head) => self.begin_import(state, *head).map(|()| None),
            RowBatch::End(counts) => self.publish(state, counts).map(Some),
            batch => self.take_in(state, batch).map(|()| None),
        }
    }

    /// Removes the rows of an unfinished run.
    pub fn abort_import(&self, state: &mut ImportState) -> Result<()> {
        let given_up = std::mem::take(state);
        state.options = given_up.options;
        match given_up.run {
            Some(run) => self.run(OPERATION, |db| {
                // The interrupt that stopped the import must not stop the cleanup.
                db.heed(None);
                remove_unfinished(db, &run.id).map(drop)
            }),
            None => Ok(()),
        }
    }

    fn begin_import(&self, state: &mut ImportState, head: RunHead) -> Result<()> {
        let RunHead { suite, mut run, thresholds } = head;
        self.run(OPERATION, |db| remove_abandoned(db, &run.id))?;
        if state.options.existing == ExistingRun::Keep
            && self.run(OPERATION, |db| exists(db, &run.id))?
        {
            state.passed_over = Some(run.id);
            return Ok(());
        }
        if let Some(id) = &state.options.suite_id {
            run.suite_id.clone_from(id);
        }
        let may_make_suite = state.options.suite_id.is_none();
        self.write(OPERATION, |db| {
            let importing = match may_make_suite && make_suite(db, &suite)? {
                true => WITH_SUITE,
                false => INTO_SUITE,
            };
            heads::insert(db, &unfinished(&run), importing)
                .map_err(|error| explain(error, &run))?;
            thresholds::add_missing(db, &run.suite_id, &thresholds)
        })?;
        state.run = Some(run);
        Ok(())
    }

    fn take_in(&self, state: &mut ImportState, batch: RowBatch) -> Result<()> {
        let Some(run) = &state.run else { return Ok(()) };
        match batch {
            RowBatch::Cases(cases) => {
                self.put_rows(&run.id, |db| insert::cases(db, &run.id, &cases))
            }
            RowBatch::Trajectories(rows) => {
                self.put_rows(&run.id, |db| insert::trajectories(db, &run.id, &rows))
            }
            RowBatch::Results(rows) => {
                self.put_rows(&run.id, |db| insert::results(db, &run.id, &rows))
            }
            RowBatch::Baselines(rows) => keep(&mut state.published.baselines, rows),
            RowBatch::Verdicts(rows) => keep(&mut state.published.verdicts, rows),
            RowBatch::Prompts(rows) => keep(&mut state.published.prompts, rows),
            RowBatch::Run(_) | RowBatch::End(_) => Ok(()),
        }
    }

    /// Writes rows of the run, which must still exist and belong to this import.
    fn put_rows(
        &self,
        run_id: &str,
        insert: impl FnOnce(&dyn Connection) -> Result<()>,
    ) -> Result<()> {
        self.write(OPERATION, |db| {
            check_still_importing(db, run_id)?;
            self.heartbeat(db, run_id)?;
            insert(db)
        })
    }

    fn publish(&self, state: &mut ImportState, counts: RowCounts) -> Result<ImportedRows> {
        let no_names = || (vec![], vec![]);
        let (run_id, is_new, (kept_baselines, kept_prompts)) =
            match (&state.run, &state.passed_over) {
                (Some(run), _) => {
                    let kept = self.write(OPERATION, |db| {
                        check_still_importing(db, &run.id)?;
                        publish(db, run, &state.published)
                    })?;
                    (run.id.clone(), true, kept)
                }
                (None, passed_over) => (passed_over.clone().unwrap_or_default(), false, no_names()),
            };
        *state = ImportState::new(std::mem::take(&mut state.options));
        Ok(ImportedRows { run_id, is_new, counts, kept_baselines, kept_prompts })
    }
}

/// A store as a [`RowSink`].
pub struct StoreSink<'s> {
    store: &'s Store,
    state: ImportState,
    imported: Vec<ImportedRows>,
}

impl StoreSink<'_> {
    /// Returns the runs imported so far.
    pub fn imported(&self) -> &[ImportedRows] {
        &self.imported
    }
}

impl RowSink for StoreSink<'_> {
    fn put_batch(&mut self, batch: RowBatch) -> Result<()> {
        match self.store.import_next(&mut self.state, batch) {
            Ok(ended) => {
                self.imported.extend(ended);
                Ok(())
            }
            Err(error) => {
                // The original error is the one to report; the doctor removes what remains.
                let _ = self.store.abort_import(&mut self.state);
                Err(error)
            }
        }
    }
}

impl Drop for StoreSink<'_> {
    fn drop(&mut self) {
        let _ = self.store.abort_import(&mut self.state);
    }
}

/// The run in its state before the end, while this process works on it.
fn unfinished(run: &RunRow) -> RunRow {
    let Process { pid, host, identity } = Process::this();
    RunRow {
        status: RUNNING.to_owned(),
        finished_at: None,
        owner_pid: Some(pid as f64),
        owner_host: Some(host),
        owner_marks: Some(identity),
        heartbeat_at: Some(now() as f64),
        ..run.clone()
    }
}

/// An unfinished import of a process that has ended does not count as a run.
fn remove_abandoned(db: &dyn Connection, run_id: &str) -> Result<()> {
    match run_owner::find(db, run_id, "AND importing IS NOT NULL")? {
        Some(Some(owner)) if owner.life().is_over() => remove_unfinished(db, run_id).map(drop),
        _ => Ok(()),
    }
}

/// Creates the suite if necessary; returns whether it was created.
fn make_suite(db: &dyn Connection, suite: &crate::model::Suite) -> Result<bool> {
    let sql = "INSERT OR IGNORE INTO suites (id, name, created_at) VALUES (?, ?, ?)";
    let values = [suite.id.as_str().into(), suite.name.as_str().into(), suite.created_at.into()];
    Ok(db.execute(sql, &values)? > 0)
}

fn explain(error: StoreError, run: &RunRow) -> StoreError {
    error.explained(|| RowKind::Run.of_id(&run.id), || RowKind::Suite.of_id(&run.suite_id))
}

fn check_still_importing(db: &dyn Connection, run_id: &str) -> Result<()> {
    let sql = "SELECT 1 FROM runs WHERE id = ? AND importing IS NOT NULL";
    match db.query_one(sql, &[run_id.into()], |_| Ok(()))? {
        Some(()) => Ok(()),
        None => {
            let message = format!("run \"{run_id}\" was removed while it was imported");
            Err(StoreError::new(Code::Constraint, message))
        }
    }
}

/// Keeps rows until the end of the run.
fn keep<T>(kept: &mut Vec<T>, mut rows: Vec<T>) -> Result<()> {
    if kept.len() + rows.len() > MOST_ROWS {
        let message =
            format!("{OPERATION}: a run has at most {MOST_ROWS} baselines, verdicts or prompts");
        return Err(StoreError::new(Code::TooLarge, message));
    }
    kept.append(&mut rows);
    Ok(())
}
