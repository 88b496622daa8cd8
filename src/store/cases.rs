//! Cases.

use super::{
    CaseColumns, JsonCheck, Part, Position, Store,
    case_columns::{COLUMNS, IDX, ROWID},
    ids::given_or_new,
};
use crate::db::{Connection, Row, Statement, Step, Value};
use crate::error::{Argument, Result, RowKind, StoreError};
use crate::model::NewCase;
use crate::rows::BATCH_ROWS;

/// The rows and bytes after which a chunk is returned: enough to make a crossing cheap, few enough to stay in the
/// processor's cache.
pub(super) const CHUNK_ROWS: usize = BATCH_ROWS;
const CHUNK_BYTES: usize = 256 * 1024;

impl Store {
    /// Saves cases, all or none.
    pub fn save_cases<'a>(
        &self,
        cases: impl IntoIterator<Item = Result<NewCase<'a>>>,
    ) -> Result<()> {
        self.save_cases_part(Part::WHOLE, cases)
    }

    /// Saves cases that may be part of a batch.
    pub fn save_cases_part<'a>(
        &self,
        part: Part,
        cases: impl IntoIterator<Item = Result<NewCase<'a>>>,
    ) -> Result<()> {
        self.write_part("saveCases", part, |db| {
            let mut inserter = CaseInserter::new(db)?;
            let mut run_before = "";
            let mut last = None;
            cases.into_iter().zip(part.first_row..).try_for_each(|(case, row)| {
                let case = case?;
                if case.run_id != run_before {
                    self.heartbeat(db, case.run_id)?;
                    run_before = case.run_id;
                }
                last = case.id.map(|id| (id, case.run_id));
                inserter.insert(&case).map_err(|error| error.at(Argument::row("cases", row)))
            })?;
            if let Some((id, run_id)) = last {
                self.heartbeats.saved_case(id, run_id);
            }
            Ok(())
        })
    }

    /// Passes the cases of a run to a callback in chunks, by idx and then in the order they were saved.
    pub fn read_cases(
        &self,
        run_id: &str,
        check: JsonCheck,
        each: impl FnMut(&mut CaseColumns) -> Result<()>,
    ) -> Result<()> {
        self.read_cases_that("getCases", check, run_id, "", each)
    }

    /// Passes the cases with an error to a callback, like [`Self::read_cases`].
    ///
    /// # Errors
    /// Also if there is no such run.
    pub fn read_failed_cases(
        &self,
        run_id: &str,
        check: JsonCheck,
        mut each: impl FnMut(&mut CaseColumns) -> Result<()>,
    ) -> Result<()> {
        const OPERATION: &str = "failedCases";
        let mut is_empty = true;
        self.read_cases_that(OPERATION, check, run_id, "AND c.error IS NOT NULL", |chunk| {
            is_empty = false;
            each(chunk)
        })?;
        if is_empty { self.expect_run(run_id, OPERATION) } else { Ok(()) }
    }

    fn read_cases_that(
        &self,
        operation: &str,
        check: JsonCheck,
        run_id: &str,
        condition: &str,
        mut each: impl FnMut(&mut CaseColumns) -> Result<()>,
    ) -> Result<()> {
        let sql = format!(
            "SELECT {COLUMNS} FROM cases c WHERE c.run_id = ? {condition} ORDER BY c.idx, c.rowid"
        );
        self.run(operation, |db| {
            let mut chunk = CaseColumns::default();
            chunk.begin(check);
            db.prepare(&sql)?.query(&[run_id.into()], &mut |row| {
                chunk.push(row)?;
                if is_full(&chunk, CHUNK_ROWS) {
                    each(chunk.finished())?;
                    chunk.begin(check);
                }
                Ok(Step::Next)
            })?;
            if chunk.rows() > 0 { each(chunk.finished()) } else { Ok(()) }
        })
    }

    /// Returns the cases of a run after a position, at most `limit`.
    ///
    /// # Errors
    /// Also if there is no such run.
    pub fn cases_after(
        &self,
        run_id: &str,
        check: JsonCheck,
        after: Option<&Position>,
        limit: usize,
    ) -> Result<CaseColumns> {
        let from =
            |place: &str| format!("SELECT {COLUMNS} FROM cases c WHERE c.run_id = ? {place}");
        let (idx, rowid) = (IDX + 1, ROWID + 1);
        let mut parameters = vec![Value::from(run_id)];
        let rows = match after {
            // Not `(idx, rowid) > (?, ?)`, for which SQLite rereads all cases with this idx.
            Some(position) => {
                let same_idx = position.idx.as_value();
                let rowid = Value::Integer(position.rowid);
                parameters.extend([same_idx, rowid, Value::from(run_id), same_idx]);
                let rest_of_idx = from("AND c.idx = ? AND c.rowid > ?");
                format!("{rest_of_idx} UNION ALL {}", from("AND c.idx > ?"))
            }
            None => from(""),
        };
        let sql = format!("{rows} ORDER BY {idx}, {rowid} LIMIT ?");
        parameters.push(Value::Integer(i64::try_from(limit).unwrap_or(i64::MAX)));
        const OPERATION: &str = "iterateCases";
        let chunk = self.run(OPERATION, |db| {
            let mut chunk = CaseColumns::default();
            chunk.begin(check);
            db.prepare(&sql)?.query(&parameters, &mut |row| {
                chunk.push(row)?;
                Ok(if is_full(&chunk, usize::MAX) { Step::Stop } else { Step::Next })
            })?;
            chunk.finished();
            Ok(chunk)
        })?;
        if after.is_none() && chunk.rows() == 0 {
            self.expect_run(run_id, OPERATION)?;
        }
        Ok(chunk)
    }

    /// Returns the number of cases of a run, counting each attempt.
    ///
    /// # Errors
    /// Also if there is no such run.
    pub fn count_cases(&self, run_id: &str) -> Result<u64> {
        self.cases_of(run_id, "countCases")
    }

    /// Like [`count_cases`](Self::count_cases); errors name `operation`.
    pub fn cases_of(&self, run_id: &str, operation: &str) -> Result<u64> {
        let sql = "SELECT count(*) FROM cases WHERE run_id = ?";
        let count = |row: &dyn Row| row.integer(0);
        let count = self.run(operation, |db| db.query_one(sql, &[run_id.into()], count))?;
        let count = count.and_then(|count| u64::try_from(count).ok()).unwrap_or(0);
        if count == 0 {
            self.expect_run(run_id, operation)?;
        }
        Ok(count)
    }
}

pub(super) fn is_full(chunk: &CaseColumns, rows: usize) -> bool {
    chunk.rows() >= rows || chunk.bytes() >= CHUNK_BYTES
}

/// Inserts cases one by one.
pub(super) struct CaseInserter<'c> {
    db: &'c dyn Connection,
    plain: Box<dyn Statement + 'c>,
    /// Prepared when a case sets fields that `@deepagents/evals` does not have.
    full: Option<Box<dyn Statement + 'c>>,
}

impl<'c> CaseInserter<'c> {
    pub(super) fn new(db: &'c dyn Connection) -> Result<Self> {
        let plain = db.prepare(
            "INSERT INTO cases (id, run_id, idx, input, output, expected, latency_ms, tokens_in, tokens_out, error)
             VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        )?;
        Ok(CaseInserter { db, plain, full: None })
    }

    pub(super) fn insert(&mut self, case: &NewCase<'_>) -> Result<()> {
        let mut place = None;
        self.insert_as(given_or_new(case.id, &mut place), case)
    }

    pub(super) fn insert_as(&mut self, id: &str, case: &NewCase<'_>) -> Result<()> {
        let plain = values_of(id, case);
        let inserted = if case.more == Default::default() {
            self.plain.execute(&plain)
        } else {
            self.insert_full(&plain, case)
        };
        inserted.map(drop).map_err(|error| explain(error, id, case.run_id))
    }

    fn insert_full(&mut self, plain: &[Value<'_>], case: &NewCase<'_>) -> Result<u64> {
        let mut all = plain.to_vec();
        all.extend(more_of(case));
        let statement = match &mut self.full {
            Some(statement) => statement,
            none => none.insert(self.db.prepare(
                "INSERT INTO cases (id, run_id, idx, input, output, expected, latency_ms, tokens_in, tokens_out, error,
                   key, trial, benchmark, cluster, metadata, cost_usd, started_at)
                 VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            )?),
        };
        statement.execute(&all)
    }
}

/// Replaces an existing case with another one with the same id. Its position among cases with the same idx, and what
/// other programs store with it, stay.
pub(super) struct CaseUpdater<'c>(Box<dyn Statement + 'c>);

impl<'c> CaseUpdater<'c> {
    pub(super) fn new(db: &'c dyn Connection) -> Result<Self> {
        let update = db.prepare(
            "UPDATE cases SET idx = ?, input = ?, output = ?, expected = ?, latency_ms = ?, tokens_in = ?, tokens_out = ?,
               error = ?, key = ?, trial = ?, benchmark = ?, cluster = ?, metadata = ?, cost_usd = ?, started_at = ?
             WHERE id = ?",
        )?;
        Ok(CaseUpdater(update))
    }

    pub(super) fn update(&mut self, id: &str, case: &NewCase<'_>) -> Result<()> {
        let plain = values_of(id, case);
        let [id, _run_id, rest @ ..] = plain;
        let all: Vec<_> = rest.into_iter().chain(more_of(case)).chain([id]).collect();
        self.0.execute(&all).map(drop)
    }
}

/// id, run_id and the other columns of `@deepagents/evals`.
fn values_of<'v>(id: &'v str, case: &NewCase<'v>) -> [Value<'v>; 10] {
    [
        id.into(),
        case.run_id.into(),
        case.idx.into(),
        case.input.into(),
        Value::optional_text(case.output),
        Value::optional_text(case.expected),
        Value::optional_real(case.latency_ms),
        Value::optional_real(case.tokens_in),
        Value::optional_real(case.tokens_out),
        Value::optional_text(case.error),
    ]
}

/// The rarely used fields.
fn more_of<'v>(case: &NewCase<'v>) -> [Value<'v>; 7] {
    let more = &case.more;
    [
        Value::optional_text(more.key),
        Value::optional_real(more.trial),
        Value::optional_text(more.benchmark),
        Value::optional_text(more.cluster),
        Value::optional_text(more.metadata),
        Value::optional_real(more.cost_usd),
        Value::optional_real(more.started_at),
    ]
}

fn explain(error: StoreError, id: &str, run_id: &str) -> StoreError {
    error.explained(|| RowKind::Case.of_id(id), || RowKind::Run.of_id(run_id))
}
