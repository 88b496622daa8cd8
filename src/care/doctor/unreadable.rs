//! Values that should be JSON and are not: the rows that hold them cannot be read.

use serde::Serialize;
use serde::de::IgnoredAny;

use crate::care::Findings;
use crate::db::{Connection, Row, Step, Value};
use crate::error::Result;
use crate::schema::{SET_ASIDE, columns, quoted, rowid_of};
use crate::store::now;

/// A value that is not JSON.
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

/// The columns of each table that hold JSON, and what stands for nothing in them.
const JSON: [(&str, &[(&str, &str)]); 4] = [
    ("runs", &[("config", "NULL"), ("summary", "NULL"), ("tags", "NULL"), ("metadata", "NULL")]),
    ("cases", &[("input", "'null'"), ("expected", "NULL"), ("metadata", "NULL")]),
    ("scores", &[("metadata", "NULL")]),
    ("verdicts", &[("scorers", "'[]'")]),
];

pub(super) fn find(db: &dyn Connection) -> Result<Findings<UnreadableValue>> {
    let mut found = Findings::default();
    each(db, &mut |value| {
        found.push(value);
        Ok(())
    })?;
    Ok(found)
}

/// Moves the values to a table of their own, from where they can be brought back, and returns how many there were. In
/// their rows, which stay, null takes their place. Has to run in a transaction.
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
    let name_of_rowid = rowid_of(&columns(db, table)?);
    let columns = JSON.iter().find(|(name, _)| *name == table).map_or(&[][..], |(_, found)| *found);
    let nothing = columns.iter().find(|(name, _)| *name == column).map_or("NULL", |one| one.1);
    let of_row = format!("FROM {table} WHERE {name_of_rowid} = ?");
    db.execute(
        &format!("INSERT INTO {SET_ASIDE} SELECT ?, id, ?, {column}, ? {of_row}"),
        &[table.into(), column.into(), now.into(), rowid.into()],
    )?;
    let sql = format!("UPDATE {table} SET {column} = {nothing} WHERE {name_of_rowid} = ?");
    db.execute(&sql, &[rowid.into()]).map(drop)
}

fn each(db: &dyn Connection, found: &mut dyn FnMut(UnreadableValue) -> Result<()>) -> Result<()> {
    for (table, of_json) in JSON {
        let present = columns(db, table)?;
        let is_there = |name: &str| present.iter().any(|one| one.name.eq_ignore_ascii_case(name));
        let names: Vec<_> = of_json.iter().map(|one| one.0).filter(|name| is_there(name)).collect();
        if names.is_empty() {
            continue;
        }
        let list: String = names.iter().map(|name| format!(", {}", quoted(name))).collect();
        let sql = format!("SELECT {}, id{list} FROM {table}", rowid_of(&present));
        db.prepare(&sql)?.query(&[], &mut |row| {
            names
                .iter()
                .zip(2..)
                .try_for_each(|(column, at)| check(row, table, column, at, found))?;
            Ok(Step::Next)
        })?;
    }
    Ok(())
}

fn check(
    row: &dyn Row,
    table: &'static str,
    column: &'static str,
    at: usize,
    found: &mut dyn FnMut(UnreadableValue) -> Result<()>,
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
