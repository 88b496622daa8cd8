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
const KNOWN: [&str; 8] = [
    APART,
    "runs_next",
    "prompts_legacy",
    "orphaned_runs",
    "orphaned_cases",
    "orphaned_scores",
    "orphaned_prompts",
    super::SET_ASIDE,
];

/// The newest columns of each table; without one of them the statement cannot be prepared.
const NEWEST_COLUMNS: &str = "SELECT created_at FROM suites WHERE 0 UNION ALL SELECT metadata FROM runs WHERE 0 \
     UNION ALL SELECT started_at FROM cases WHERE 0 UNION ALL SELECT answer FROM scores WHERE 0 \
     UNION ALL SELECT version FROM prompts WHERE 0";

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
    let number = if tables.numbered_apart { number_apart(db)? } else { user_version(db)? };
    let alone = tables.others.is_empty();
    if number == VERSION && tables.ours == NAMES.len() && (alone || is_complete(db)?) {
        return Ok(State::Current);
    }
    if tables.ours == 0 && !alone && !tables.numbered_apart && !db.is_shared() {
        return Ok(State::Foreign(tables.others));
    }
    // A newer runstore has all that we have; without that, and beside other tables, the number is theirs.
    let newer = number > VERSION && (alone || tables.numbered_apart || is_complete(db)?);
    Ok(if newer { State::Newer(number) } else { State::Older })
}

/// Writes down that the schema is the newest.
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
    match db.query_one(NEWEST_COLUMNS, &[], |_| Ok(())) {
        // No such table, or no such column.
        Err(error) if error.code == Code::Sqlite => Ok(false),
        outcome => outcome.map(|_| true),
    }
}

struct Tables {
    /// How many of ours there are.
    ours: usize,
    numbered_apart: bool,
    others: Vec<String>,
}

impl Tables {
    fn of(db: &dyn Connection) -> Result<Self> {
        let names = table::names(db)?;
        let is_one_of =
            |known: &[&str], name: &str| known.iter().any(|one| one.eq_ignore_ascii_case(name));
        Ok(Tables {
            ours: names.iter().filter(|name| is_one_of(&NAMES, name)).count(),
            numbered_apart: names.iter().any(|name| name == APART),
            others: names
                .into_iter()
                .filter(|name| !is_one_of(&NAMES, name) && !is_one_of(&KNOWN, name))
                .collect(),
        })
    }
}
