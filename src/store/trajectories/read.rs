//! Reading trajectories, as the JSON that hosts parse: a row has few columns and many parts.

use std::rc::Rc;

use rustc_hash::FxHashMap;

use super::list::of_filter;
use super::position::{Position, bad_cursor};
use super::texts;
use crate::db::{Connection, Row, Statement, Step, Value};
use crate::error::{Code, Result, StoreError};
use crate::model::{Attempt, TrajectoryFilter};
use crate::store::Store;

/// Rows and bytes after which a chunk is full.
const ROWS: usize = 512;
const BYTES: usize = 1 << 20;

/// Bytes of one trajectory. Few bytes of a file can stand for many, and each chunk has to become one string.
const LONGEST: usize = (1 << 29) - 24;

/// Some trajectories, as one text.
#[derive(Debug, Default)]
pub struct TrajectoryChunk {
    /// A JSON array.
    pub rows: Vec<u8>,
    /// Where the next chunk begins; `None` when there is none.
    pub cursor: Option<String>,
}

impl Store {
    /// Returns trajectories of a run by benchmark and idx: those behind the cursor, at most `limit`, and no more than
    /// a chunk of some megabytes can hold.
    ///
    /// # Errors
    /// If the cursor is none of ours.
    pub fn trajectories_after(
        &self,
        run_id: &str,
        filter: &TrajectoryFilter<'_>,
        cursor: Option<&str>,
        limit: usize,
        operation: &str,
    ) -> Result<TrajectoryChunk> {
        self.run(operation, |db| {
            let after = cursor.map(Position::read).transpose()?;
            crate::db::snapshot(db, || {
                let most = limit.clamp(1, ROWS);
                let heads = heads(db, run_id, filter, after.as_ref(), most + 1)?;
                Writer::new(db, run_id)?.chunk(&heads, most)
            })
        })
    }

    /// Returns one trajectory as JSON.
    pub fn get_trajectory(
        &self,
        run_id: &str,
        benchmark: &str,
        idx: f64,
    ) -> Result<Option<Vec<u8>>> {
        self.run("getTrajectory", |db| {
            crate::db::snapshot(db, || {
                let key = [run_id.into(), benchmark.into(), idx.into()];
                let Some(head) = db.query_one(ONE, &key, Head::of)? else { return Ok(None) };
                let mut writer = Writer::new(db, run_id)?;
                writer.write(&head)?;
                Ok(Some(writer.json))
            })
        })
    }

    /// Returns how many trajectories a run has of each benchmark, by name; `operation` names what it is for in errors.
    pub fn trajectory_counts(&self, run_id: &str, operation: &str) -> Result<Vec<(String, u64)>> {
        let sql = "SELECT benchmark, count(*) AS number FROM trajectories WHERE run_id = ?
                   GROUP BY benchmark ORDER BY benchmark";
        let count = |row: &dyn Row| Ok((row.text(0)?, u64::try_from(row.integer(1)?).unwrap_or(0)));
        self.run(operation, |db| db.query_all(sql, &[run_id.into()], count))
    }

    /// Returns what counts of the trajectories of a benchmark; `operation` names what it is for in errors.
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
                time_seconds: row.optional_number(4)?.unwrap_or(0.0),
                metrics: row.optional_text(5)?,
            })
        };
        self.run(operation, |db| db.query_all(sql, &[run_id.into(), benchmark.into()], attempt))
    }
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

// Of two columns of one name, some handles return one.
const TURNS: &str = "SELECT role, turns.content AS own, is_parts, token_count, metadata, text_id, texts.content AS shared,
       texts.length, message FROM turns LEFT JOIN texts ON texts.id = text_id
     WHERE trajectory_id = ? ORDER BY position";

/// A trajectory without its turns.
struct Head {
    id: i64,
    benchmark: String,
    idx: i64,
    example_id: Option<String>,
    reward: f64,
    metrics: Option<String>,
    logs: Option<String>,
    error: Option<String>,
    time_seconds: f64,
    trial: Option<f64>,
    case_id: Option<String>,
    key: Option<String>,
}

impl Head {
    fn of(row: &dyn Row) -> Result<Self> {
        Ok(Head {
            id: row.integer(0)?,
            benchmark: row.text(1)?,
            idx: row.integer(2)?,
            example_id: row.optional_text(3)?,
            reward: row.optional_number(4)?.unwrap_or(0.0),
            metrics: row.optional_text(5)?,
            logs: row.optional_text(6)?,
            error: row.optional_text(7)?,
            time_seconds: row.optional_number(8)?.unwrap_or(0.0),
            trial: row.optional_number(9)?,
            case_id: row.optional_text(10)?,
            key: row.optional_text(11)?,
        })
    }
}

/// Returns at most `limit` trajectories behind a position: those of its benchmark, then those of the benchmarks after it.
/// In one query, SQLite would read those before the position again.
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

/// Writes trajectories as JSON.
struct Writer<'c> {
    run_id: String,
    turns: Box<dyn Statement + 'c>,
    json: Vec<u8>,
    /// What the texts of other tables become, by id: they come again and again.
    written: FxHashMap<(i64, bool), Rc<[u8]>>,
}

impl<'c> Writer<'c> {
    fn new(db: &'c dyn Connection, run_id: &str) -> Result<Self> {
        Ok(Writer {
            run_id: run_id.to_owned(),
            turns: db.prepare(TURNS)?,
            json: Vec::new(),
            written: FxHashMap::default(),
        })
    }

    fn chunk(mut self, heads: &[Head], most: usize) -> Result<TrajectoryChunk> {
        self.json.push(b'[');
        let mut cursor = None;
        for (at, head) in heads.iter().enumerate() {
            if at == most || (at > 0 && self.json.len() >= BYTES) {
                let last = heads.get(at - 1).map(|last| (&last.benchmark, last.idx));
                cursor = last.map(|(benchmark, idx)| {
                    Position { benchmark: benchmark.clone(), idx }.written()
                });
                break;
            }
            if at > 0 {
                self.json.push(b',');
            }
            self.write(head)?;
        }
        self.json.push(b']');
        Ok(TrajectoryChunk { rows: self.json, cursor })
    }

    fn write(&mut self, head: &Head) -> Result<()> {
        let json = &mut self.json;
        json.extend_from_slice(b"{\"run_id\":");
        string(json, &self.run_id)?;
        json.extend_from_slice(b",\"benchmark\":");
        string(json, &head.benchmark)?;
        json.extend_from_slice(format!(",\"idx\":{},\"example_id\":", head.idx).as_bytes());
        string(json, head.example_id.as_deref().unwrap_or_default())?;
        json.extend_from_slice(b",\"turns\":[");
        self.write_turns(head)?;
        let json = &mut self.json;
        json.extend_from_slice(b"],\"reward\":");
        number(json, head.reward);
        let of = |name| place(name, head);
        json.extend_from_slice(b",\"metrics\":");
        raw(json, head.metrics.as_deref().unwrap_or("{}"), &|| of("metrics"))?;
        json.extend_from_slice(b",\"logs\":");
        raw(json, head.logs.as_deref().unwrap_or("{}"), &|| of("logs"))?;
        json.extend_from_slice(b",\"error\":");
        match &head.error {
            Some(error) => string(json, error)?,
            None => json.extend_from_slice(b"null"),
        }
        json.extend_from_slice(b",\"time_seconds\":");
        number(json, head.time_seconds);
        write_case(json, head)?;
        json.push(b'}');
        Ok(())
    }

    fn write_turns(&mut self, head: &Head) -> Result<()> {
        let Writer { turns, json, written, .. } = self;
        let mut first = true;
        turns.query(&[head.id.into()], &mut |row| {
            if !std::mem::take(&mut first) {
                json.push(b',');
            }
            turn(row, head, json, written)?;
            if json.len() > LONGEST {
                let what = format!("trajectory {} of benchmark \"{}\"", head.idx, head.benchmark);
                let message = format!("{what} takes more JSON than a string can hold");
                return Err(StoreError::new(Code::TooLarge, message));
            }
            Ok(Step::Next)
        })
    }
}

/// Writes what is known of the case, where something is.
fn write_case(json: &mut Vec<u8>, head: &Head) -> Result<()> {
    if let Some(trial) = head.trial {
        json.extend_from_slice(b",\"trial\":");
        number(json, trial);
    }
    for (name, text) in [("case_id", &head.case_id), ("key", &head.key)] {
        if let Some(text) = text {
            json.extend_from_slice(format!(",\"{name}\":").as_bytes());
            string(json, text)?;
        }
    }
    Ok(())
}

fn turn(
    row: &dyn Row,
    head: &Head,
    json: &mut Vec<u8>,
    written: &mut FxHashMap<(i64, bool), Rc<[u8]>>,
) -> Result<()> {
    json.extend_from_slice(b"{\"role\":");
    string(json, &row.text(0)?)?;
    json.extend_from_slice(b",\"content\":");
    let is_parts = row.integer(2)? != 0;
    // Some handles return integers as floats.
    match row.optional_number(5)? {
        Some(_) => {
            let key = (row.integer(5)?, is_parts);
            let text = match written.get(&key) {
                Some(text) => text.clone(),
                None => {
                    let text = texts::text(row, 6, 7);
                    let text =
                        text.map_err(|error| error.about(&place("content of a turn", head)))?;
                    let text = text.unwrap_or_default();
                    let text: Rc<[u8]> = content(&text, is_parts, head)?.into();
                    written.insert(key, text.clone());
                    text
                }
            };
            json.extend_from_slice(&text);
        }
        None => match row.optional_text(1)? {
            Some(text) => json.extend_from_slice(&content(text.as_bytes(), is_parts, head)?),
            None => json.extend_from_slice(b"null"),
        },
    }
    json.extend_from_slice(b",\"token_count\":");
    number(json, row.optional_number(3)?.unwrap_or(0.0));
    json.extend_from_slice(b",\"metadata\":");
    let metadata = row.optional_text(4)?;
    raw(json, metadata.as_deref().unwrap_or("{}"), &|| place("metadata of a turn", head))?;
    if let Some(message) = row.optional_text(8)? {
        write_message(json, &message, head)?;
    }
    json.push(b'}');
    Ok(())
}

/// Writes the fields of an object as further fields of the one that is being written.
fn write_message(json: &mut Vec<u8>, message: &str, head: &Head) -> Result<()> {
    let what = || place("message of a turn", head);
    let fields = message.trim().strip_prefix('{').and_then(|rest| rest.strip_suffix('}'));
    let Some(fields) = fields else {
        return Err(StoreError::new(Code::Corrupt, format!("{} is not a JSON object", what())));
    };
    if !fields.trim().is_empty() {
        raw(&mut Vec::new(), message, &what)?;
        json.push(b',');
        json.extend_from_slice(fields.as_bytes());
    }
    Ok(())
}

fn content(text: &[u8], is_parts: bool, head: &Head) -> Result<Vec<u8>> {
    let mut json = Vec::with_capacity(text.len() + 2);
    let text = String::from_utf8_lossy(text);
    match is_parts {
        // Set aside by the doctor.
        true if text.is_empty() => json.extend_from_slice(b"[]"),
        true => raw(&mut json, &text, &|| place("content of a turn", head))?,
        false => string(&mut json, &text)?,
    }
    Ok(json)
}

fn place(what: &str, head: &Head) -> String {
    format!("{what} of trajectory {} of benchmark \"{}\"", head.idx, head.benchmark)
}

fn string(json: &mut Vec<u8>, text: &str) -> Result<()> {
    serde_json::to_writer(json, text)
        .map_err(|error| StoreError::new(Code::Internal, error.to_string()))
}

/// Writes a number; of the infinite ones, which JSON does not have, something as large.
fn number(json: &mut Vec<u8>, number: f64) {
    let text = match number {
        number if number == f64::INFINITY => "1e999".to_owned(),
        number if number == f64::NEG_INFINITY => "-1e999".to_owned(),
        number => number.to_string(),
    };
    json.extend_from_slice(text.as_bytes());
}

/// Writes what was stored as JSON, so that one damaged value is named.
fn raw(json: &mut Vec<u8>, text: &str, what: &dyn Fn() -> String) -> Result<()> {
    match serde_json::from_str::<serde::de::IgnoredAny>(text) {
        Ok(_) => json.extend_from_slice(text.as_bytes()),
        Err(error) => {
            let message = format!("{} is not JSON: {error}", what());
            return Err(StoreError::new(Code::Corrupt, message));
        }
    }
    Ok(())
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
        assert!(plan_of_one.len() == 1 && plan_of_one[0].ends_with(expected), "{plan_of_one:?}");
        let plan_of_turns = plan(TURNS, &[0.into()]);
        assert!(
            plan_of_turns[0].ends_with("sqlite_autoindex_turns_1 (trajectory_id=?)"),
            "{plan_of_turns:?}"
        );
        assert!(plan_of_turns[1].contains("texts USING INTEGER PRIMARY KEY"), "{plan_of_turns:?}");
        assert_eq!(plan_of_turns.len(), 2);
    }
}
