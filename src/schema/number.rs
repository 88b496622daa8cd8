//! Where a database stands: the number of its schema.
//!
//! The number is `PRAGMA user_version`. A database that the caller shares with us by a handle has one such number
//! too, and it may be the caller's; ours is then kept in a table, [`APART`].

use super::table;
use super::{NAMES, VERSION};
use crate::db::Connection;
use crate::error::{Code, Result};

/// Keeps our number where `user_version` is someone else's.
const APART: &str = "runstore_schema";

/// Tables of ours, or of `@deepagents/evals`, besides [`NAMES`].
const KNOWN: [&str; 7] = [
    APART,
    "runs_next",
    "prompts_legacy",
    "orphaned_runs",
    "orphaned_cases",
    "orphaned_scores",
    "orphaned_prompts",
];

/// One column of each table, the newest that it has: with all of them the schema is complete.
const NEWEST_COLUMNS: &str = "SELECT (SELECT suites.created_at FROM suites), (SELECT runs.metadata FROM runs), \
     (SELECT cases.started_at FROM cases), (SELECT scores.answer FROM scores), \
     (SELECT prompts.version FROM prompts) LIMIT 0";

pub(super) enum State {
    Current,
    /// To be migrated, or made.
    Older,
    /// Written by a newer runstore.
    Newer(i64),
    /// Holds tables, none of them ours.
    Foreign(Vec<String>),
}

pub(super) fn state(db: &dyn Connection) -> Result<State> {
    let tables = Tables::of(db)?;
    if !tables.numbered_apart
        && !tables.any_ours
        && !tables.others.is_empty()
        && !super::is_shared(db)
    {
        return Ok(State::Foreign(tables.others));
    }
    let complete = tables.any_ours && is_complete(db)?;
    let number = if tables.numbered_apart { number_apart(db)? } else { user_version(db)? };
    // A newer runstore has all that we have; without that, and beside other tables, the number is theirs.
    let ours = complete || tables.numbered_apart || tables.others.is_empty();
    Ok(match number {
        _ if number > VERSION && ours => State::Newer(number),
        _ if number == VERSION && complete => State::Current,
        _ => State::Older,
    })
}

/// Writes down that the schema is the newest.
pub(super) fn set_current(db: &dyn Connection) -> Result<()> {
    let tables = Tables::of(db)?;
    let theirs = !tables.others.is_empty() && (super::is_shared(db) || user_version(db)? != 0);
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
    match db.query_one(NEWEST_COLUMNS, &[], |_| Ok(())) {
        Ok(_) => Ok(true),
        // No such table, or no such column.
        Err(error) if error.code == Code::Sqlite => Ok(false),
        Err(error) => Err(error),
    }
}

struct Tables {
    any_ours: bool,
    numbered_apart: bool,
    others: Vec<String>,
}

impl Tables {
    fn of(db: &dyn Connection) -> Result<Self> {
        let names = table::names(db)?;
        let is_one_of =
            |known: &[&str], name: &str| known.iter().any(|one| one.eq_ignore_ascii_case(name));
        Ok(Tables {
            any_ours: names.iter().any(|name| is_one_of(&NAMES, name)),
            numbered_apart: names.iter().any(|name| name == APART),
            others: names
                .into_iter()
                .filter(|name| !is_one_of(&NAMES, name) && !is_one_of(&KNOWN, name))
                .collect(),
        })
    }
}
