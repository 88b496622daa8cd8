//! Finds values that should be JSON and are not, and texts that cannot be decompressed: their rows cannot be read.

use serde::Serialize;
use serde::de::IgnoredAny;

use crate::db::{Connection, Row, Step, Value};
use crate::error::Result;
use crate::maintenance::Findings;
use crate::schema::{Column, SET_ASIDE, columns, quoted, rowid_of};
use crate::store::{check_text, now};

/// A value that cannot be read.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct UnreadableValue {
    /// The table.
    pub table: &'static str,
    /// The id of the row.
    pub id: Option<String>,
    /// Its rowid.
    pub rowid: i64,
    /// The column.
    pub column: &'static str,
    /// Why it cannot be read.
    pub reason: String,
}

/// The JSON columns of each table, and the value that stands for nothing in them.
const JSON: Columns = &[
    (
        "runs",
        &[
            ("config", "NULL"),
            ("summary", "NULL"),
            ("tags", "NULL"),
            ("metadata", "NULL"),
            ("benchmarks", "NULL"),
            ("git", "NULL"),
            ("scores", "NULL"),
            ("benchmark_summary", "NULL"),
        ],
    ),
    ("cases", &[("input", "'null'"), ("expected", "NULL"), ("metadata", "NULL")]),
    ("scores", &[("metadata", "NULL")]),
    ("verdicts", &[("scorers", "'[]'")]),
    ("benchmark_results", &[("metrics", "'{}'"), ("pass_at_k", "'{}'")]),
    ("trajectories", &[("metrics", "NULL"), ("logs", "NULL")]),
    ("turns", &[("metadata", "NULL"), ("message", "NULL")]),
];

/// The contents of turns with several parts, which are JSON as well.
const PARTS: Columns = &[("turns", &[("content", "'[]'")])];

/// The texts of turns. A removed one must also lose its hash: otherwise saving the same text again would refer to it.
const TEXTS: Columns = &[("texts", &[("content", "'', length = 0, hash = randomblob(32)")])];

type Columns = &'static [(&'static str, &'static [(&'static str, &'static str)])];

/// Returns the column that identifies a row best.
fn id_of(present: &[Column]) -> &'static str {
    let known = ["id", "run_id", "trajectory_id"];
    let is_there = |name: &&str| present.iter().any(|one| one.name.eq_ignore_ascii_case(name));
    known.into_iter().find(is_there).unwrap_or("NULL")
}

pub(super) fn find(db: &dyn Connection) -> Result<Findings<UnreadableValue>> {
    let mut found = Findings::default();
    each(db, &mut |value| {
        found.push(value);
        Ok(())
    })?;
    Ok(found)
}

/// Moves the values to a table of their own, from which they can be restored, and returns their number. Their rows
/// stay, with null in their place. Must run in a transaction.
pub(crate) fn set_aside(db: &dyn Connection) -> Result<u64> {
    let mut found = Vec::new();
    each(db, &mut |value| {
        found.push((value.table, value.rowid, value.column));
        Ok(())
    })?;
    if found.is_empty() {
        return Ok(0);
    }
    db.execute_script(&format!(
        "CREATE TABLE IF NOT EXISTS {SET_ASIDE} (
           table_name TEXT NOT NULL, row_id TEXT, column_name TEXT NOT NULL, value, set_aside_at INTEGER NOT NULL)"
    ))?;
    let now = now();
    found.iter().try_for_each(|(table, rowid, column)| move_one(db, table, *rowid, column, now))?;
    Ok(found.len() as u64)
}

fn move_one(db: &dyn Connection, table: &str, rowid: i64, column: &str, now: i64) -> Result<()> {
    let present = columns(db, table)?;
    let (name_of_rowid, id) = (rowid_of(&present), id_of(&present));
    let columns = JSON.iter().chain(PARTS).chain(TEXTS).filter(|(name, _)| *name == table);
    let nothing = columns.flat_map(|one| one.1).find(|one| one.0 == column);
    let nothing = nothing.map_or("NULL", |one| one.1);
    let of_row = format!("FROM {table} WHERE {name_of_rowid} = ?");
    db.execute(
        &format!("INSERT INTO {SET_ASIDE} SELECT ?, {id}, ?, {column}, ? {of_row}"),
        &[table.into(), column.into(), now.into(), rowid.into()],
    )?;
    let sql = format!("UPDATE {table} SET {column} = {nothing} WHERE {name_of_rowid} = ?");
    db.execute(&sql, &[rowid.into()]).map(drop)
}

type Found<'f> = dyn FnMut(UnreadableValue) -> Result<()> + 'f;

fn each(db: &dyn Connection, found: &mut Found<'_>) -> Result<()> {
    JSON.iter().try_for_each(|(table, names)| each_json(db, table, names, "1", found))?;
    // A file of an older schema has neither, and a damaged one may lack either.
    let is_there = |table: &str, column: &str| -> Result<bool> {
        Ok(columns(db, table)?.iter().any(|one| one.name == column))
    };
    let has_turns = is_there("turns", "is_parts")? && is_there("turns", "text_id")?;
    if has_turns {
        let in_turns = "is_parts AND text_id IS NULL";
        PARTS.iter().try_for_each(|(table, names)| each_json(db, table, names, in_turns, found))?;
    }
    if has_turns && is_there("texts", "content")? { each_text(db, found) } else { Ok(()) }
}

fn each_text(db: &dyn Connection, found: &mut Found<'_>) -> Result<()> {
    let sql = "SELECT id, content, length, hash,
                 EXISTS (SELECT 1 FROM turns WHERE text_id = texts.id AND is_parts) AS has_parts
               FROM texts";
    db.prepare(sql)?.query(&[], &mut |row| {
        if let Err(reason) = check_text(row)? {
            let (table, column) = ("texts", "content");
            let (id, rowid) = (row.optional_text(0)?, row.integer(0)?);
            found(UnreadableValue { table, id, rowid, column, reason })?;
        }
        Ok(Step::Next)
    })
}

/// Checks the JSON columns of a table, in the rows that meet a condition.
fn each_json(
    db: &dyn Connection,
    table: &'static str,
    of_json: &[(&'static str, &str)],
    condition: &str,
    found: &mut Found<'_>,
) -> Result<()> {
    let present = columns(db, table)?;
    let is_there = |name: &str| present.iter().any(|one| one.name.eq_ignore_ascii_case(name));
    let names: Vec<_> = of_json.iter().map(|one| one.0).filter(|name| is_there(name)).collect();
    if names.is_empty() {
        return Ok(());
    }
    let list: String = names.iter().map(|name| format!(", {}", quoted(name))).collect();
    let (rowid, id) = (rowid_of(&present), id_of(&present));
    let sql = format!("SELECT {rowid}, {id}{list} FROM {table} WHERE {condition}");
    db.prepare(&sql)?.query(&[], &mut |row| {
        let mut checked = names.iter().zip(2..);
        checked.try_for_each(|(column, at)| check(row, table, column, at, found))?;
        Ok(Step::Next)
    })
}

fn check(
    row: &dyn Row,
    table: &'static str,
    column: &'static str,
    at: usize,
    found: &mut Found<'_>,
) -> Result<()> {
    let text = match row.value(at)? {
        Value::Text(text) | Value::Blob(text) if !text.is_empty() => text,
        _ => return Ok(()),
    };
    match serde_json::from_slice::<IgnoredAny>(text) {
        Ok(_) => Ok(()),
        Err(error) => found(UnreadableValue {
            table,
            id: row.optional_text(1)?,
            rowid: row.integer(0)?,
            column,
            reason: error.to_string(),
        }),
    }
}
