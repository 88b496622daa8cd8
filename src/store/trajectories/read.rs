//! Reads trajectories with their turns as typed rows.

use rustc_hash::FxHashMap;
use serde::de::IgnoredAny;

use super::list::of_filter;
use super::position::{Position, bad_cursor};
use super::texts;
use crate::db::{Connection, Row, Statement, Step, Value, snapshot};
use crate::error::{Code, Result, StoreError};
use crate::model::{Attempt, Role, Trajectory, TrajectoryFilter, TrajectoryRow, TurnRow};
use crate::rows::{BATCH_BYTES, BATCH_ROWS, LONGEST_TRAJECTORY};
use crate::store::Store;

/// Some trajectories.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct TrajectoryPage {
    /// By benchmark and idx. Their JSON texts are valid.
    pub rows: Vec<Trajectory>,
    /// Where the next page begins; `None` at the end.
    pub cursor: Option<String>,
}

impl Store {
    /// Returns the trajectories of a run after the cursor, by benchmark and idx: at most `limit`, and at most a batch
    /// of a few megabytes. Errors name `operation`.
    ///
    /// # Errors
    /// If there is no such run, the cursor is not valid, or a stored value has the wrong type.
    pub fn trajectories_after(
        &self,
        run_id: &str,
        filter: &TrajectoryFilter<'_>,
        cursor: Option<&str>,
        limit: usize,
        operation: &str,
    ) -> Result<TrajectoryPage> {
        let page = self.run(operation, |db| {
            let after = cursor.map(Position::read).transpose()?;
            snapshot(db, || {
                let most = limit.clamp(1, BATCH_ROWS);
                let heads = heads(db, run_id, filter, after.as_ref(), most + 1)?;
                let found = heads.len();
                let rows = with_turns(db, run_id, heads, most)?;
                let is_last = rows.len() == found;
                let last = rows.last().filter(|_| !is_last);
                let cursor = last.map(|last| Position::of(&last.row).written());
                Ok(TrajectoryPage { rows, cursor })
            })
        })?;
        if cursor.is_none() && page.rows.is_empty() {
            self.expect_run(run_id, operation)?;
        }
        Ok(page)
    }

    /// Returns one trajectory.
    ///
    /// # Errors
    /// If a stored value has the wrong type.
    pub fn get_trajectory(
        &self,
        run_id: &str,
        benchmark: &str,
        idx: f64,
    ) -> Result<Option<Trajectory>> {
        self.run("getTrajectory", |db| {
            snapshot(db, || {
                let key = [run_id.into(), benchmark.into(), idx.into()];
                let head = db.query_one(ONE, &key, Head::of)?;
                Ok(with_turns(db, run_id, Vec::from_iter(head), 1)?.pop())
            })
        })
    }

    /// Returns the outcomes of the trajectories of a benchmark; errors name `operation`.
    pub fn attempts(&self, run_id: &str, benchmark: &str, operation: &str) -> Result<Vec<Attempt>> {
        let sql =
            "SELECT example_id, idx, reward, error IS NOT NULL AS errored, time_seconds, metrics
                   FROM trajectories WHERE run_id = ? AND benchmark = ? ORDER BY idx";
        let attempt = |row: &dyn Row| {
            Ok(Attempt {
                example_id: row.optional_text(0)?,
                idx: row.integer(1)?,
                reward: row.optional_number(2)?.unwrap_or(0.0),
                is_errored: row.integer(3)? != 0,
                time_seconds: row.optional_number(4)?,
                metrics: row.optional_text(5)?,
            })
        };
        self.run(operation, |db| db.query_all(sql, &[run_id.into(), benchmark.into()], attempt))
    }
}

/// Returns a batch of the trajectories of a run after a benchmark and idx; empty at the end.
pub(in crate::store) fn read_batch(
    db: &dyn Connection,
    run_id: &str,
    after: Option<&Position>,
) -> Result<Vec<TrajectoryRow>> {
    let heads = heads(db, run_id, &TrajectoryFilter::default(), after, BATCH_ROWS)?;
    let read = with_turns(db, run_id, heads, BATCH_ROWS)?;
    Ok(read.into_iter().map(|read| read.row).collect())
}

/// A macro, so that whole statements are constants.
macro_rules! columns {
    () => {
        "id, benchmark, idx, example_id, reward, metrics, logs, error, time_seconds, trial, case_id,
         (SELECT key FROM cases WHERE cases.id = case_id) AS key"
    };
}

const ONE: &str = concat!(
    "SELECT ",
    columns!(),
    " FROM trajectories WHERE run_id = ? AND benchmark = ? AND idx = ?"
);

// Some handles return only one of two columns with the same name.
const TURNS: &str = "SELECT role, turns.content AS own, is_parts, token_count, metadata, text_id, texts.content AS shared,
       texts.length, message FROM turns LEFT JOIN texts ON texts.id = text_id
     WHERE trajectory_id = ? ORDER BY position";

/// A trajectory whose turns are still to be read.
struct Head {
    id: i64,
    row: TrajectoryRow,
    key: Option<String>,
}

impl Head {
    fn of(row: &dyn Row) -> Result<Self> {
        let benchmark = row.text(1)?;
        let trajectory = TrajectoryRow {
            idx: idx(row, &benchmark)?,
            benchmark,
            example_id: row.optional_text(3)?,
            reward: row.optional_number(4)?.unwrap_or(0.0),
            metrics: row.optional_text(5)?,
            logs: row.optional_text(6)?,
            error: row.optional_text(7)?,
            time_seconds: row.optional_number(8)?,
            trial: row.optional_number(9)?,
            case_id: row.optional_text(10)?,
            turns: vec![],
        };
        check_json("metrics", trajectory.metrics.as_deref(), &trajectory)?;
        check_json("logs", trajectory.logs.as_deref(), &trajectory)?;
        Ok(Head { id: row.integer(0)?, row: trajectory, key: row.optional_text(11)? })
    }
}

/// Returns idx as an integer. Files of other programs may contain any value. If a number changed when converted to an
/// integer, SQLite would find the same row again, and reading would never end.
fn idx(row: &dyn Row, benchmark: &str) -> Result<i64> {
    const SAFE: f64 = 9_007_199_254_740_991.0;
    match row.value(2)? {
        Value::Integer(idx) => Ok(idx),
        // Some handles return integers as floats.
        Value::Real(idx) if idx.fract() == 0.0 && idx.abs() <= SAFE => Ok(idx as i64),
        _ => {
            let what = format!("idx of a trajectory of benchmark \"{benchmark}\"");
            Err(StoreError::new(Code::Corrupt, format!("{what} is not a whole number")))
        }
    }
}

/// Returns at most `limit` trajectories after a position: those of its benchmark, then those of later benchmarks. In a
/// single query, SQLite would reread those before the position.
fn heads(
    db: &dyn Connection,
    run_id: &str,
    filter: &TrajectoryFilter<'_>,
    after: Option<&Position>,
    limit: usize,
) -> Result<Vec<Head>> {
    let select = |condition: &str, values: &[Value<'_>], limit| {
        select_heads(db, run_id, filter, condition, values, limit)
    };
    let rest_of = |after: &Position| {
        let values = [after.benchmark.as_str().into(), after.idx.into()];
        select("AND benchmark = ? AND idx > ?", &values, limit)
    };
    match (filter.benchmark, after) {
        (None, None) => select("", &[], limit),
        (Some(benchmark), None) => select("AND benchmark = ?", &[benchmark.into()], limit),
        (Some(benchmark), Some(after)) if benchmark == after.benchmark => rest_of(after),
        (Some(_), Some(after)) => Err(bad_cursor(&after.written())),
        (None, Some(after)) => {
            let mut heads = rest_of(after)?;
            let left = limit.saturating_sub(heads.len());
            if left > 0 {
                let values = [after.benchmark.as_str().into()];
                heads.append(&mut select("AND benchmark > ?", &values, left)?);
            }
            Ok(heads)
        }
    }
}

fn select_heads(
    db: &dyn Connection,
    run_id: &str,
    filter: &TrajectoryFilter<'_>,
    condition: &str,
    values: &[Value<'_>],
    limit: usize,
) -> Result<Vec<Head>> {
    let (of_filter, of_filter_values) = of_filter(run_id, filter);
    let sql = format!(
        "SELECT {} FROM trajectories WHERE run_id = ? {condition} {of_filter}
         ORDER BY benchmark, idx LIMIT ?",
        columns!()
    );
    let mut parameters = vec![Value::from(run_id)];
    parameters.extend_from_slice(values);
    parameters.extend(of_filter_values);
    parameters.push(Value::Integer(i64::try_from(limit).unwrap_or(i64::MAX)));
    db.query_all(&sql, &parameters, Head::of)
}

/// Reads the turns of the first trajectories: at most `most`, until they make a batch.
fn with_turns(
    db: &dyn Connection,
    run_id: &str,
    heads: Vec<Head>,
    most: usize,
) -> Result<Vec<Trajectory>> {
    let mut turns = TurnReader::new(db)?;
    let (mut rows, mut bytes) = (Vec::new(), 0);
    for Head { id, mut row, key } in heads.into_iter().take(most) {
        bytes += turns.read(id, &mut row)? + row.logs.as_ref().map_or(0, String::len);
        rows.push(Trajectory { run_id: run_id.to_owned(), row, key });
        if bytes >= BATCH_BYTES {
            break;
        }
    }
    Ok(rows)
}

/// Bytes of shared texts that are cached: the same ones occur again and again.
const MOST_KNOWN: usize = 8 << 20;

struct TurnReader<'c> {
    turns: Box<dyn Statement + 'c>,
    known: FxHashMap<i64, String>,
    known_bytes: usize,
}

impl<'c> TurnReader<'c> {
    fn new(db: &'c dyn Connection) -> Result<Self> {
        Ok(TurnReader { turns: db.prepare(TURNS)?, known: FxHashMap::default(), known_bytes: 0 })
    }

    /// Reads the turns of a trajectory; returns their size in bytes.
    fn read(&mut self, id: i64, into: &mut TrajectoryRow) -> Result<usize> {
        let TurnReader { turns, known, known_bytes } = self;
        let (mut read, mut bytes) = (Vec::new(), 0);
        turns.query(&[id.into()], &mut |row| {
            let mut turn = turn(row, into)?;
            // Some handles return integers as floats.
            if row.optional_number(5)?.is_some() {
                turn.content = Some(shared_text(row, into, known, known_bytes)?);
            }
            // The doctor empties what it cannot read.
            let parts = turn.content.as_deref().filter(|_| turn.is_parts);
            check_json("content of a turn", parts.filter(|parts| !parts.is_empty()), into)?;
            bytes += length(&turn);
            // A few bytes of a file can decompress to many.
            if bytes > LONGEST_TRAJECTORY {
                return Err(into.too_long());
            }
            read.push(turn);
            Ok(Step::Next)
        })?;
        into.turns = read;
        Ok(bytes)
    }
}

/// Returns a turn with its own text.
fn turn(row: &dyn Row, of: &TrajectoryRow) -> Result<TurnRow> {
    let role = row.text(0)?;
    let role = Role::of_name(&role).ok_or_else(|| {
        StoreError::new(Code::Corrupt, format!("{} is \"{role}\"", place("role of a turn", of)))
    })?;
    let metadata = row.optional_text(4)?;
    check_json("metadata of a turn", metadata.as_deref(), of)?;
    let message = row.optional_text(8)?;
    check_object("message of a turn", message.as_deref(), of)?;
    Ok(TurnRow {
        role,
        content: row.optional_text(1)?,
        is_parts: row.integer(2)? != 0,
        token_count: row.optional_number(3)?,
        metadata,
        message,
    })
}

fn shared_text(
    row: &dyn Row,
    of: &TrajectoryRow,
    known: &mut FxHashMap<i64, String>,
    known_bytes: &mut usize,
) -> Result<String> {
    let id = row.integer(5)?;
    if let Some(text) = known.get(&id) {
        return Ok(text.clone());
    }
    let text = texts::text(row, 6, 7);
    let text = text.map_err(|error| error.about(&place("content of a turn", of)))?;
    let text = String::from_utf8_lossy(&text.unwrap_or_default()).into_owned();
    *known_bytes += text.len();
    if *known_bytes > MOST_KNOWN {
        known.clear();
        *known_bytes = text.len();
    }
    known.insert(id, text.clone());
    Ok(text)
}

/// Refuses a stored text that should be JSON and is not; the error names it.
fn check_json(what: &str, json: Option<&str>, of: &TrajectoryRow) -> Result<()> {
    match json.map(serde_json::from_str::<IgnoredAny>) {
        None | Some(Ok(_)) => Ok(()),
        Some(Err(error)) => {
            let message = format!("{} is not JSON: {error}", place(what, of));
            Err(StoreError::new(Code::Corrupt, message))
        }
    }
}

fn check_object(what: &str, json: Option<&str>, of: &TrajectoryRow) -> Result<()> {
    check_json(what, json, of)?;
    match json.is_none_or(|json| json.trim_start().starts_with('{')) {
        true => Ok(()),
        false => {
            let message = format!("{} is not a JSON object", place(what, of));
            Err(StoreError::new(Code::Corrupt, message))
        }
    }
}

fn length(turn: &TurnRow) -> usize {
    let texts = [&turn.content, &turn.metadata, &turn.message];
    texts.into_iter().flatten().map(String::len).sum()
}

fn place(what: &str, of: &TrajectoryRow) -> String {
    format!("{what} of trajectory {} of benchmark \"{}\"", of.idx, of.benchmark)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)] // a failing test is meant to panic

    use super::*;
    use crate::db::{Bundled, OpenOptions};

    #[test]
    fn an_index_leads_to_a_trajectory_and_to_its_turns() {
        let db = Bundled::open(":memory:", &OpenOptions::default()).unwrap();
        crate::schema::prepare(&db).unwrap();
        let db: &dyn Connection = &db;
        let plan = |sql: &str, parameters: &[Value<'_>]| {
            db.query_all(&format!("EXPLAIN QUERY PLAN {sql}"), parameters, |row| row.text(3))
                .unwrap()
        };
        let key = ["r".into(), "b".into(), 0.0.into()];
        let plan_of_one = plan(ONE, &key);
        let expected = "sqlite_autoindex_trajectories_1 (run_id=? AND benchmark=? AND idx=?)";
        let is_sought = plan_of_one.iter().all(|step| !step.starts_with("SCAN"));
        assert!(is_sought && plan_of_one[0].ends_with(expected), "{plan_of_one:?}");
        let plan_of_turns = plan(TURNS, &[0.into()]);
        assert!(
            plan_of_turns[0].ends_with("sqlite_autoindex_turns_1 (trajectory_id=?)"),
            "{plan_of_turns:?}"
        );
        assert!(plan_of_turns[1].contains("texts USING INTEGER PRIMARY KEY"), "{plan_of_turns:?}");
        assert_eq!(plan_of_turns.len(), 2);
    }
}
