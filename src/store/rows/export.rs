//! Reads a run from a store, batch by batch.

use std::hash::{Hash, Hasher};

use serde::{Deserialize, Serialize};

use super::{heads, trail};
use crate::db::{Connection, OwnedValue, Row, Step, Value, snapshot};
use crate::error::{Code, Result, StoreError};
use crate::model::{CaseRow, RowBatch, RowCounts, RunHead, ScoreRow};
use crate::rows::{BATCH_BYTES, BATCH_ROWS, RowSource};
use crate::store::Store;
use crate::store::run_rows::no_run;
use crate::store::trajectories;

const OPERATION: &str = "exportRows";

/// How far a run was read. It is small, and no statement stays open in between.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct RunReading {
    run_id: String,
    place: Place,
    /// Number of rows read so far.
    counts: RowCounts,
    /// Digest of the run at the beginning.
    digest: u64,
}

/// Where a reading continues.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
enum Place {
    Run,
    /// After a case, identified by its idx and rowid.
    Cases(Option<(OwnedValue, i64)>),
    /// After a trajectory.
    Trajectories(Option<trajectories::Position>),
    Results,
    Baselines,
    Verdicts,
    Prompts,
    End,
    Done,
}

impl RunReading {
    /// Starts reading a run.
    pub fn of(run_id: &str) -> Self {
        let (counts, digest) = Default::default();
        RunReading { run_id: run_id.to_owned(), place: Place::Run, counts, digest }
    }

    pub(super) fn next(&mut self, db: &dyn Connection) -> Result<Option<RowBatch>> {
        while self.place != Place::Done {
            let batch = self.step(db)?;
            if let Some(batch) = batch {
                self.counts.add(&batch);
                return Ok(Some(batch));
            }
        }
        Ok(None)
    }

    /// Reads the next batch, if there is one, and advances.
    fn step(&mut self, db: &dyn Connection) -> Result<Option<RowBatch>> {
        let id = self.run_id.as_str();
        let (batch, place) = match &self.place {
            Place::Run => {
                let head = heads::find(db, id)?.ok_or_else(|| no_run(id))?;
                refuse_unfinished(db, id)?;
                self.digest = digest(&head)?;
                (Some(RowBatch::Run(Box::new(head))), Place::Cases(None))
            }
            Place::Cases(after) => {
                let (cases, last) = cases(db, id, after.as_ref())?;
                let next = last.map_or(Place::Trajectories(None), |last| Place::Cases(Some(last)));
                (some(cases, RowBatch::Cases), next)
            }
            Place::Trajectories(after) => {
                let rows = trajectories::read_batch(db, id, after.as_ref())?;
                let last = rows.last().map(trajectories::Position::of);
                let next = last.map_or(Place::Results, |last| Place::Trajectories(Some(last)));
                (some(rows, RowBatch::Trajectories), next)
            }
            Place::Results => (some(trail::results(db, id)?, RowBatch::Results), Place::Baselines),
            Place::Baselines => {
                (some(trail::baselines(db, id)?, RowBatch::Baselines), Place::Verdicts)
            }
            Place::Verdicts => (some(trail::verdicts(db, id)?, RowBatch::Verdicts), Place::Prompts),
            Place::Prompts => {
                let head = heads::find(db, id)?.ok_or_else(|| changed(id))?;
                (some(trail::prompts(db, &head.run)?, RowBatch::Prompts), Place::End)
            }
            Place::End => {
                self.check_unchanged(db)?;
                (Some(RowBatch::End(self.counts)), Place::Done)
            }
            Place::Done => (None, Place::Done),
        };
        self.place = place;
        Ok(batch)
    }

    /// A run that was read in several steps must not have changed in between.
    fn check_unchanged(&self, db: &dyn Connection) -> Result<()> {
        let id = self.run_id.as_str();
        let head = heads::find(db, id)?.ok_or_else(|| changed(id))?;
        let counts = trail::counts(db, id)?;
        let read =
            [self.counts.cases, self.counts.scores, self.counts.trajectories, self.counts.turns];
        match digest(&head)? == self.digest && counts == read {
            true => Ok(()),
            false => Err(changed(id)),
        }
    }
}

fn some<T>(rows: Vec<T>, batch: impl FnOnce(Vec<T>) -> RowBatch) -> Option<RowBatch> {
    (!rows.is_empty()).then(|| batch(rows))
}

fn changed(id: &str) -> StoreError {
    let message =
        format!("run \"{id}\" was changed while it was read; read it again once it is finished");
    StoreError::new(Code::Busy, message)
}

/// Refuses a run whose import is unfinished.
pub(in crate::store) fn refuse_unfinished(db: &dyn Connection, id: &str) -> Result<()> {
    let sql = "SELECT 1 FROM runs WHERE id = ? AND importing IS NOT NULL";
    match db.query_one(sql, &[id.into()], |_| Ok(()))? {
        None => Ok(()),
        Some(()) => {
            let message = format!("run \"{id}\" is still being imported");
            Err(StoreError::new(Code::Busy, message))
        }
    }
}

/// Heartbeats are ignored: they change while a run is read.
fn digest(head: &RunHead) -> Result<u64> {
    let mut head = head.clone();
    head.run.heartbeat_at = None;
    let json = serde_json::to_vec(&head)
        .map_err(|error| StoreError::new(Code::Internal, error.to_string()))?;
    let mut hasher = rustc_hash::FxHasher::default();
    json.hash(&mut hasher);
    Ok(hasher.finish())
}

/// The position of a case in its run.
type CasePlace = (OwnedValue, i64);

const CASES: &str = "SELECT id, idx, input, output, expected, latency_ms, tokens_in, tokens_out, error, key, trial, \
     benchmark, cluster, metadata, cost_usd, started_at, rowid AS place FROM cases WHERE run_id = ?";

/// Reads the cases after a position; returns the position of the last. No cases means the end.
fn cases(
    db: &dyn Connection,
    run_id: &str,
    after: Option<&CasePlace>,
) -> Result<(Vec<CaseRow>, Option<CasePlace>)> {
    let mut page = CasePage { rows: vec![], bytes: 0, last: None };
    match after {
        // Not `(idx, rowid) > (?, ?)`, for which SQLite rereads all cases with this idx.
        Some((idx, rowid)) => {
            let place = [run_id.into(), idx.as_value(), Value::Integer(*rowid)];
            page.read(db, "AND idx = ? AND rowid > ?", &place)?;
            if !page.is_full() {
                page.read(db, "AND idx > ?", &place[..2])?;
            }
        }
        None => page.read(db, "", &[run_id.into()])?,
    }
    page.read_scores(db)?;
    Ok((page.rows, page.last))
}

struct CasePage {
    rows: Vec<CaseRow>,
    bytes: usize,
    last: Option<CasePlace>,
}

impl CasePage {
    fn is_full(&self) -> bool {
        self.rows.len() >= BATCH_ROWS || self.bytes >= BATCH_BYTES
    }

    fn read(&mut self, db: &dyn Connection, place: &str, parameters: &[Value<'_>]) -> Result<()> {
        let sql = format!("{CASES} {place} ORDER BY idx, rowid");
        db.prepare(&sql)?.query(parameters, &mut |row| {
            let case = case(row)?;
            self.bytes += length(&case);
            self.rows.push(case);
            self.last = Some((row.value(1)?.into_owned(), row.integer(16)?));
            Ok(if self.is_full() { Step::Stop } else { Step::Next })
        })
    }

    /// Reads the scores of each case in the order they were saved. They are sorted here: SQLite would build a temporary
    /// b-tree for the few scores of every case.
    fn read_scores(&mut self, db: &dyn Connection) -> Result<()> {
        let sql = "SELECT id, scorer_name, score, reason, metadata, answer, rowid AS place FROM scores WHERE case_id = ?";
        let mut scores = db.prepare(sql)?;
        let mut placed: Vec<(i64, ScoreRow)> = vec![];
        self.rows.iter_mut().try_for_each(|case| {
            scores.query(&[case.id.as_str().into()], &mut |row| {
                placed.push((row.integer(6)?, score(row)?));
                Ok(Step::Next)
            })?;
            placed.sort_unstable_by_key(|(place, _)| *place);
            case.scores.extend(placed.drain(..).map(|(_, score)| score));
            Ok(())
        })
    }
}

fn case(row: &dyn Row) -> Result<CaseRow> {
    let id = row.text(0)?;
    let idx = row.optional_number(1)?.ok_or_else(|| {
        StoreError::new(Code::Corrupt, format!("idx of case \"{id}\" is not a number"))
    })?;
    Ok(CaseRow {
        id,
        idx,
        input: row.text(2)?,
        output: row.optional_text(3)?,
        expected: row.optional_text(4)?,
        latency_ms: row.optional_number(5)?,
        tokens_in: row.optional_number(6)?,
        tokens_out: row.optional_number(7)?,
        error: row.optional_text(8)?,
        key: row.optional_text(9)?,
        trial: row.optional_number(10)?,
        benchmark: row.optional_text(11)?,
        cluster: row.optional_text(12)?,
        metadata: row.optional_text(13)?,
        cost_usd: row.optional_number(14)?,
        started_at: row.optional_number(15)?,
        scores: vec![],
    })
}

fn score(row: &dyn Row) -> Result<ScoreRow> {
    Ok(ScoreRow {
        id: row.text(0)?,
        scorer_name: row.text(1)?,
        score: row.optional_number(2)?.unwrap_or_default(),
        reason: row.optional_text(3)?,
        metadata: row.optional_text(4)?,
        answer: row.optional_text(5)?,
    })
}

fn length(case: &CaseRow) -> usize {
    let texts = [&case.output, &case.expected, &case.error, &case.metadata];
    let texts = texts.iter().filter_map(|text| text.as_ref()).map(String::len);
    case.input.len() + texts.sum::<usize>()
}

/// A run of a store, as a [`RowSource`].
pub struct RunExport<'s> {
    store: &'s Store,
    reading: RunReading,
}

impl RowSource for RunExport<'_> {
    fn next_batch(&mut self) -> Result<Option<RowBatch>> {
        self.store.export_next(&mut self.reading)
    }
}

impl Store {
    /// Returns the rows of a run: the run, its suite, and all rows that belong to it.
    ///
    /// Each batch is read on request, and nothing is locked in between. If the run is changed meanwhile, the end is an
    /// error ([`Code::Busy`]), not a mixture of two states.
    pub fn export_run(&self, run_id: &str) -> RunExport<'_> {
        RunExport { store: self, reading: RunReading::of(run_id) }
    }

    /// Passes the same rows to a callback, read as of one moment; errors name `operation`.
    ///
    /// # Errors
    /// If there is no such run, or it is still being imported.
    pub fn read_run(
        &self,
        run_id: &str,
        operation: &str,
        take: &mut dyn FnMut(RowBatch) -> Result<()>,
    ) -> Result<()> {
        let read = || {
            let mut rows = self.export_run(run_id);
            while let Some(batch) = rows.next_batch()? {
                take(batch)?;
            }
            Ok(())
        };
        self.at_one_moment(operation, read).map_err(|error: StoreError| error.during(operation))
    }

    /// Returns the next batch of a reading whose state is kept by the caller; `None` at the end.
    ///
    /// # Errors
    /// If there is no such run, or it was changed after the reading began.
    pub fn export_next(&self, reading: &mut RunReading) -> Result<Option<RowBatch>> {
        self.run(OPERATION, |db| snapshot(db, || reading.next(db)))
    }
}
