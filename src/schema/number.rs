//! The version number of a database's schema.
//!
//! The number is `PRAGMA user_version`. A database that the caller shares through a handle has only one such number,
//! and the caller may use it; then ours is kept in a table, [`APART`].

use super::definition::{self, LEFT_OVER, every_column, names};
use super::orphans::ORPHANED;
use super::table;
use super::{SET_ASIDE, VERSION};
use crate::db::{Connection, Step};
use crate::error::{Code, Result};

/// Keeps our number if `user_version` belongs to someone else.
const APART: &str = "runstore_schema";

pub(super) enum State {
    Current,
    /// To be migrated, or created.
    Older,
    /// Written by a newer runstore.
    Newer(i64),
    /// Holds tables, none of them ours.
    Foreign(Vec<String>),
}

/// Returns whether the file has exactly the tables of this version. Nearly every opened file does, and then nothing
/// else needs to be checked.
pub(super) fn is_as_made(db: &dyn Connection) -> Result<bool> {
    if user_version(db)? != VERSION {
        return Ok(false);
    }
    let mut missing = definition::made().to_vec();
    let mut others = false;
    table::each_made(db, &mut |name, sql| {
        let found = missing
            .iter()
            .position(|(ours, made)| name == ours.as_bytes() && sql == made.as_bytes());
        others = found.map(|at| missing.swap_remove(at)).is_none();
        if others { Step::Stop } else { Step::Next }
    })?;
    Ok(!others && missing.is_empty())
}

pub(super) fn state(db: &dyn Connection) -> Result<State> {
    let tables = Tables::of(db)?;
    let number = number(db, &tables)?;
    let alone = tables.others.is_empty();
    if number == VERSION && tables.ours == names().count() && (alone || is_complete(db)?) {
        return Ok(State::Current);
    }
    if tables.ours == 0 && !alone && !tables.numbered_apart && !db.is_shared() {
        return Ok(State::Foreign(tables.others));
    }
    // A newer runstore has all of our columns. Without them, and beside other tables, the number is the caller's.
    let newer = number > VERSION && (alone || tables.numbered_apart || is_complete(db)?);
    Ok(if newer { State::Newer(number) } else { State::Older })
}

/// Returns whether the tables are those of an older schema, which can be migrated only when the file is opened for
/// writing.
pub(super) fn is_older(db: &dyn Connection) -> Result<bool> {
    let is_older = matches!(state(db)?, State::Older);
    Ok(is_older && number(db, &Tables::of(db)?)? != VERSION)
}

fn number(db: &dyn Connection, tables: &Tables) -> Result<i64> {
    if tables.numbered_apart { number_apart(db) } else { user_version(db) }
}

/// Records that the schema is the newest.
pub(super) fn set_current(db: &dyn Connection) -> Result<()> {
    let tables = Tables::of(db)?;
    let theirs = !tables.others.is_empty() && (db.is_shared() || user_version(db)? != 0);
    if !tables.numbered_apart && !theirs {
        return db.execute_script(&format!("PRAGMA user_version = {VERSION}"));
    }
    db.execute_script(&format!(
        "CREATE TABLE IF NOT EXISTS {APART} (version INTEGER NOT NULL);
         DELETE FROM {APART}; INSERT INTO {APART} (version) VALUES ({VERSION});"
    ))
}

fn user_version(db: &dyn Connection) -> Result<i64> {
    Ok(db.query_one("PRAGMA user_version", &[], |row| row.integer(0))?.unwrap_or(0))
}

fn number_apart(db: &dyn Connection) -> Result<i64> {
    let sql = format!("SELECT max(version) FROM {APART}");
    Ok(db.query_one(&sql, &[], |row| row.integer(0))?.unwrap_or(0))
}

fn is_complete(db: &dyn Connection) -> Result<bool> {
    match db.query_one(&every_column()?, &[], |_| Ok(())) {
        // No such table, or no such column.
        Err(error) if error.code == Code::Sqlite => Ok(false),
        outcome => outcome.map(|_| true),
    }
}

struct Tables {
    /// The number of our tables that exist.
    ours: usize,
    numbered_apart: bool,
    others: Vec<String>,
}

impl Tables {
    fn of(db: &dyn Connection) -> Result<Self> {
        let (ours, rest): (Vec<_>, Vec<_>) =
            table::names(db)?.into_iter().partition(|name| is_ours(name));
        Ok(Tables {
            ours: ours.len(),
            numbered_apart: rest.iter().any(|name| name == APART),
            others: rest.into_iter().filter(|name| !is_beside_ours(name)).collect(),
        })
    }
}

fn is_ours(table: &str) -> bool {
    names().any(|name| name.eq_ignore_ascii_case(table))
}

/// Returns whether a table was added by us, or by a migration of the reference.
fn is_beside_ours(table: &str) -> bool {
    let table = table.to_ascii_lowercase();
    table == APART
        || table == SET_ASIDE
        || LEFT_OVER.iter().any(|(left_over, _)| *left_over == table)
        || table.strip_prefix(ORPHANED).is_some_and(is_ours)
}
