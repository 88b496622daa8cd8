//! The operations, one file per aggregate, with the SQL beside its row mapping.

mod annotations;
mod baselines;
mod benchmarks;
mod case_columns;
mod case_ids;
mod case_list;
mod cases;
mod damage;
mod ended_runs;
mod heartbeats;
mod ids;
mod missing_cases;
mod open_run;
mod packed;
mod page_cases;
mod prompts;
mod results;
mod rows;
mod run_keywords;
mod run_label;
mod run_name;
mod run_owner;
mod run_position;
mod run_query;
mod run_rows;
mod run_sample;
mod run_scores;
mod running_runs;
mod runs;
mod score_columns;
mod scored_cases;
mod scorer_names;
mod scores;
mod suites;
mod summary;
mod thresholds;
mod trajectories;
mod unite_suites;
mod verdicts;

use std::cell::RefCell;
use std::rc::Rc;

pub use annotations::{Annotation, HUMAN, Judgement, NewAnnotation};
pub use case_columns::{
    CaseColumns, JsonCheck, JsonColumn, NumberColumn, Position, TextColumn, TextKind,
};
pub use case_list::{CaseList, CaseQuery};
pub use damage::{OnDamage, despite_damage, refuse};
pub(crate) use ended_runs::{EndedRuns, delete_ended};
pub use packed::{PackedCases, PackedResults, PackedRows, PackedScores, PackedTrajectories};
pub use page_cases::{CaseStart, Description, Remark, RunTotals, WholeCase, WholeScore};
pub use results::OnConflict;
pub(crate) use rows::remove_unfinished;
pub use rows::{
    ExistingRun, ImportState, ImportedRows, RowImport, RunExport, RunReading, StoreSink,
};
pub use run_label::{date, date_and_time};
pub use run_name::NamedRun;
pub use run_rows::more_of_run;
pub use run_sample::{CaseContent, CaseTexts, CasesToRead, RunSample, SampledCase};
pub use run_scores::RunScores;
pub use running_runs::StaleReason;
pub(crate) use running_runs::{RunningRun, fail, running};
pub use score_columns::{FailingCases, ScoreColumns};
pub use summary::{Sum, Total, Usage};
pub use trajectories::TrajectoryPage;
pub(crate) use trajectories::{TextsInUse, check_text, drop_unused};

use crate::db::{
    Borrowed, Bundled, Connection, Driver, InterruptScope, Interrupter, OpenOptions, Transaction,
    snapshot, transaction,
};
use crate::error::{Code, Result, StoreError};
use crate::process::OpenStore;
use crate::schema;
use heartbeats::Heartbeats;

/// Stores suites, runs, cases, scores, prompts, baselines and verdicts in one SQLite database.
///
/// ```
/// use runstore::db::OpenOptions;
/// use runstore::model::{NewCase, NewRun};
///
/// let store = runstore::Store::open(":memory:", &OpenOptions::default())?;
/// let suite = store.create_suite("capitals")?;
/// let run = store.create_run(&NewRun { suite_id: &suite.id, name: "first", model: "m", ..NewRun::default() })?;
/// store.save_cases([Ok(NewCase { run_id: &run, input: "\"France\"", output: Some("Paris"), ..NewCase::default() })])?;
/// assert_eq!(store.count_cases(&run)?, 1);
/// # Ok::<(), runstore::StoreError>(())
/// ```
pub struct Store {
    /// `None` once closed. Reference-counted, because code of the host that a borrowed handle calls may close the
    /// store.
    db: RefCell<Option<Rc<dyn Connection>>>,
    /// The open batches of the host, innermost last.
    batches: RefCell<Vec<Transaction>>,
    /// Names the file in errors.
    place: String,
    heartbeats: Heartbeats,
    /// Distinguishes this store from others of its process.
    open: OpenStore,
}

impl Store {
    /// Opens a file, creating it if necessary, or a store in memory (`:memory:`).
    pub fn open(path: &str, options: &OpenOptions) -> Result<Store> {
        let opened = Bundled::open(path, options);
        let place = if path.is_empty() { "a temporary store" } else { path };
        Store::on(place, opened.map(|db| Rc::new(db) as Rc<dyn Connection>))
    }

    /// Uses the caller's own handle; `place` names its file in errors.
    pub fn on_handle(driver: impl Driver + 'static, place: &str) -> Result<Store> {
        Store::on(place, Borrowed::new(driver).map(|db| Rc::new(db) as Rc<dyn Connection>))
    }

    fn on(place: &str, db: Result<Rc<dyn Connection>>) -> Result<Store> {
        let prepared = db.and_then(|db| schema::prepare(&*db).map(|()| db));
        let db = prepared.map_err(|error| error.during("open").in_file(place))?;
        Ok(Store {
            db: RefCell::new(Some(db)),
            batches: RefCell::default(),
            place: place.to_owned(),
            heartbeats: Heartbeats::default(),
            open: OpenStore::new(),
        })
    }

    /// Closes the store. Every later operation fails with [`Code::Closed`]; closing again does nothing.
    pub fn close(&self) -> Result<()> {
        if !self.batches.borrow().is_empty() {
            return Err(StoreError::new(Code::Busy, "a batch is being saved").during("close"));
        }
        if let Some(db) = self.db.take() {
            self.open.end();
            db.finish();
        }
        Ok(())
    }

    /// Returns a handle that interrupts operations of this store from another thread; `None` once closed, and for a
    /// borrowed handle.
    pub fn interrupter(&self) -> Option<Interrupter> {
        self.db.borrow().as_ref().and_then(|db| db.interrupter())
    }

    /// Runs `work`. Interrupts of this scope end it with [`Code::Interrupted`] whenever they arrive: during a
    /// statement, between two, or before the first.
    ///
    /// ```
    /// use runstore::db::{InterruptCount, OpenOptions};
    /// use runstore::{Code, Store};
    ///
    /// let store = Store::open(":memory:", &OpenOptions::default())?;
    /// let interrupts = InterruptCount::default();
    /// let scope = interrupts.from_now();
    /// interrupts.interrupt(); // from any thread
    /// let made = store.interruptible(scope, || store.create_suite("never"));
    /// assert_eq!(made.map_err(|error| error.code), Err(Code::Interrupted));
    /// # Ok::<(), runstore::StoreError>(())
    /// ```
    pub fn interruptible<T>(&self, scope: InterruptScope, work: impl FnOnce() -> T) -> T {
        let Some(db) = self.db.borrow().clone() else { return work() };
        db.heed(Some(scope));
        let _ended = Heeding(db);
        work()
    }

    /// Begins a transaction that spans several calls, for a batch that arrives in parts.
    pub fn begin_batch(&self, operation: &str) -> Result<()> {
        let begun = self.run(operation, |db| {
            db.expect_many_rows(true);
            Transaction::begin(db)
        })?;
        self.batches.borrow_mut().push(begun);
        Ok(())
    }

    /// Commits the innermost batch.
    pub fn commit_batch(&self, operation: &str) -> Result<()> {
        let batch = self.batches.borrow_mut().pop();
        let ended = self.run(operation, |db| batch.map_or(Ok(()), |batch| batch.commit(db)));
        self.expect_few_rows();
        ended
    }

    /// Rolls back the innermost batch.
    pub fn rollback_batch(&self) {
        let batch = self.batches.borrow_mut().pop();
        self.heartbeats.forget();
        if let (Some(batch), Some(db)) = (batch, self.db.borrow().clone()) {
            batch.rollback(&*db);
        }
        self.expect_few_rows();
    }

    fn expect_few_rows(&self) {
        if let (true, Some(db)) = (self.batches.borrow().is_empty(), &*self.db.borrow()) {
            db.expect_many_rows(false);
        }
    }

    /// Returns a number that changes whenever another connection has written to the file.
    pub fn data_version(&self) -> Result<i64> {
        let version = |row: &dyn crate::db::Row| row.integer(0);
        self.run("dataVersion", |db| {
            Ok(db.query_one("PRAGMA data_version", &[], version)?.unwrap_or_default())
        })
    }

    /// Returns the name of the file in errors.
    pub fn place(&self) -> &str {
        &self.place
    }

    /// Runs one statement, which is atomic by itself or only reads.
    pub(crate) fn run<T>(
        &self,
        operation: &str,
        body: impl FnOnce(&dyn Connection) -> Result<T>,
    ) -> Result<T> {
        let db = self.db.borrow().clone().ok_or_else(|| {
            StoreError::new(Code::Closed, "the store is closed").during(operation)
        })?;
        body(&*db).map_err(|error| error.during(operation).in_file(&self.place))
    }

    fn write_part<T>(
        &self,
        operation: &str,
        part: Part,
        body: impl FnOnce(&dyn Connection) -> Result<T>,
    ) -> Result<T> {
        let written = match part.atomic {
            Atomic::Transaction => self.write(operation, body),
            Atomic::Statement | Atomic::Batch => self.run(operation, body),
        };
        written.inspect_err(|_| self.heartbeats.forget())
    }

    /// Runs several operations that read, all on the same snapshot.
    pub fn at_one_moment<T, E: From<StoreError>>(
        &self,
        operation: &str,
        body: impl FnOnce() -> std::result::Result<T, E>,
    ) -> std::result::Result<T, E> {
        // The operations inside name themselves in their errors.
        self.run(operation, |db| snapshot(db, || Ok(body())))?
    }

    /// Runs several operations, all or nothing.
    pub fn all_or_nothing<T, E: From<StoreError>>(
        &self,
        operation: &str,
        body: impl FnOnce() -> std::result::Result<T, E>,
    ) -> std::result::Result<T, E> {
        self.begin_batch(operation)?;
        match body() {
            Ok(value) => Ok(self.commit_batch(operation).map(|()| value)?),
            Err(error) => {
                self.rollback_batch();
                Err(error)
            }
        }
    }

    /// Runs several statements, all or nothing.
    fn write<T>(
        &self,
        operation: &str,
        body: impl FnOnce(&dyn Connection) -> Result<T>,
    ) -> Result<T> {
        self.run(operation, |db| transaction(db, || body(db)))
    }
}

/// The part of a batch that is being saved.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Part {
    /// Index of the first row among all rows of the call.
    pub first_row: usize,
    /// How the rows are saved atomically.
    pub atomic: Atomic,
}

/// How rows are saved atomically.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Atomic {
    /// In a transaction of their own, or a savepoint in the open one.
    Transaction,
    /// By one statement.
    Statement,
    /// By the caller's batch, which is rolled back after an error. A savepoint inside it would copy every changed page.
    Batch,
}

impl Part {
    /// All rows at once.
    pub const WHOLE: Part = Part { first_row: 0, atomic: Atomic::Transaction };
}

/// Stops listening for interrupts, even if the work panics.
struct Heeding(Rc<dyn Connection>);

impl Drop for Heeding {
    fn drop(&mut self) {
        self.0.heed(None);
    }
}

/// Returns the current time of this machine in milliseconds since the epoch, as used for rows.
pub fn now() -> i64 {
    let since = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH);
    since.map_or(0, |time| i64::try_from(time.as_millis()).unwrap_or(i64::MAX))
}

/// For [`crate::fuzzing`].
#[cfg(feature = "fuzzing")]
pub(crate) mod fuzzing {
    use super::{run_position::Position, trajectories};
    use crate::error::Result;

    /// Reads the cursor of a page of runs and writes it again.
    pub fn cursor_of_runs(cursor: &str) -> Result<String> {
        Position::read(cursor).map(Position::written)
    }

    /// Reads the cursor of a page of trajectories and writes it again.
    pub fn cursor_of_trajectories(cursor: &str) -> Result<String> {
        trajectories::Position::read(cursor).map(|position| position.written())
    }

    /// Returns the text of a row of `texts`.
    pub fn decompress(compressed: &[u8], length: i64) -> Result<Vec<u8>> {
        trajectories::decompress(compressed, length)
    }
}
