//! Reading trajectories as typed rows.

use std::rc::Rc;

use rustc_hash::FxHashMap;

use super::texts;
use crate::db::{Connection, Row, Statement, Step, Value};
use crate::error::{Code, Result, StoreError};
use crate::model::{Role, TrajectoryRow, TurnRow};

const COLUMNS: &str =
    "id, benchmark, idx, example_id, reward, metrics, logs, error, time_seconds, trial, case_id";

// Of two columns of one name, some handles return one.
const TURNS: &str = "SELECT role, turns.content AS own, is_parts, token_count, metadata, text_id, texts.content AS shared,
       texts.length, message FROM turns LEFT JOIN texts ON texts.id = text_id
     WHERE trajectory_id = ? ORDER BY position";

/// Returns the trajectories of a run behind one of a benchmark and idx, in that order: no more than `most`, and no further
/// one once they hold `bytes` of text.
pub(in crate::store) fn read_rows(
    db: &dyn Connection,
    run_id: &str,
    after: Option<(&str, i64)>,
    most: usize,
    bytes: usize,
) -> Result<Vec<TrajectoryRow>> {
    let heads = heads(db, run_id, after, most)?;
    let mut turns = TurnReader::new(db)?;
    let (mut rows, mut taken) = (Vec::new(), 0);
    for (id, mut row) in heads {
        turns.read(id, &mut row)?;
        taken += row.turns.iter().map(length).sum::<usize>();
        taken += row.logs.as_ref().map_or(0, String::len);
        rows.push(row);
        if taken >= bytes {
            break;
        }
    }
    Ok(rows)
}

fn length(turn: &TurnRow) -> usize {
    [&turn.content, &turn.message].into_iter().flatten().map(String::len).sum()
}

fn heads(
    db: &dyn Connection,
    run_id: &str,
    after: Option<(&str, i64)>,
    most: usize,
) -> Result<Vec<(i64, TrajectoryRow)>> {
    let select = |condition: &str, values: &[Value<'_>], limit: usize| {
        let sql = format!(
            "SELECT {COLUMNS} FROM trajectories WHERE run_id = ? {condition} ORDER BY benchmark, idx LIMIT ?"
        );
        let limit = Value::Integer(i64::try_from(limit).unwrap_or(i64::MAX));
        let parameters: Vec<_> =
            [run_id.into()].into_iter().chain(values.iter().copied()).chain([limit]).collect();
        db.query_all(&sql, &parameters, head)
    };
    let Some((benchmark, idx)) = after else { return select("", &[], most) };
    // In one query, SQLite would read those before the position again.
    let mut heads =
        select("AND benchmark = ? AND idx > ?", &[benchmark.into(), Value::Integer(idx)], most)?;
    let left = most.saturating_sub(heads.len());
    if left > 0 {
        heads.append(&mut select("AND benchmark > ?", &[benchmark.into()], left)?);
    }
    Ok(heads)
}

fn head(row: &dyn Row) -> Result<(i64, TrajectoryRow)> {
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
    Ok((row.integer(0)?, trajectory))
}

/// A file from someone else may hold anything, behind which no reading would go on.
fn idx(row: &dyn Row, benchmark: &str) -> Result<i64> {
    match row.optional_number(2)? {
        Some(number) if number.fract() == 0.0 => row.integer(2),
        _ => {
            let what = format!("idx of a trajectory of benchmark \"{benchmark}\"");
            Err(StoreError::new(Code::Corrupt, format!("{what} is not a whole number")))
        }
    }
}

/// Bytes of shared texts that are remembered: they come again and again.
const MOST_KNOWN: usize = 8 << 20;

struct TurnReader<'c> {
    turns: Box<dyn Statement + 'c>,
    known: FxHashMap<i64, Rc<str>>,
    known_bytes: usize,
}

impl<'c> TurnReader<'c> {
    fn new(db: &'c dyn Connection) -> Result<Self> {
        Ok(TurnReader { turns: db.prepare(TURNS)?, known: FxHashMap::default(), known_bytes: 0 })
    }

    fn read(&mut self, id: i64, into: &mut TrajectoryRow) -> Result<()> {
        let TurnReader { turns, known, known_bytes } = self;
        let TrajectoryRow { benchmark, idx, turns: read, .. } = into;
        let place = |what: &str| {
            format!("{what} of a turn of trajectory {idx} of benchmark \"{benchmark}\"")
        };
        turns.query(&[id.into()], &mut |row| {
            // Some handles return integers as floats.
            let content = match row.optional_number(5)? {
                None => row.optional_text(1)?,
                Some(_) => Some(match known.get(&row.integer(5)?) {
                    Some(text) => text.to_string(),
                    None => {
                        let text = texts::text(row, 6, 7);
                        let text = text.map_err(|error| error.during(&place("content")))?;
                        let text = String::from_utf8_lossy(&text.unwrap_or_default()).into_owned();
                        *known_bytes += text.len();
                        if *known_bytes > MOST_KNOWN {
                            known.clear();
                            *known_bytes = text.len();
                        }
                        known.insert(row.integer(5)?, text.as_str().into());
                        text
                    }
                }),
            };
            let role = row.text(0)?;
            let role = Role::of_name(&role).ok_or_else(|| {
                StoreError::new(Code::Corrupt, format!("{} is \"{role}\"", place("the role")))
            })?;
            read.push(TurnRow {
                role,
                content,
                is_parts: row.integer(2)? != 0,
                token_count: row.optional_number(3)?,
                metadata: row.optional_text(4)?,
                message: row.optional_text(8)?,
            });
            Ok(Step::Next)
        })
    }
}
