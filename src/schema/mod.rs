//! The tables, and the migration of older files.
//!
//! `PRAGMA user_version` numbers our schema. Version 0 is an empty file, or one of `@deepagents/evals` in any of its
//! historical shapes, which are recognised by their tables and columns. A migration adds whatever a file lacks,
//! regardless of its version.

mod definition;
mod drift;
mod keywords;
mod number;
mod orphans;
mod read_only;
mod rebuild;
mod table;
mod upgrade;

pub(crate) use drift::drift;
pub(crate) use table::{Column, columns, find as find_column, names, quoted, rowid_of};

use crate::db::{Connection, transaction};
use crate::error::{Code, Result, StoreError};
use number::State;

/// The schema that this version of runstore reads and writes.
pub const VERSION: i64 = 5;

/// The table to which the doctor moves unreadable values.
pub(crate) const SET_ASIDE: &str = "damaged_values";

/// Migrates any older file to the newest schema, in one transaction.
///
/// Many processes may do this at once: the first does the work while the others wait, then find it done.
/// A file with a newer schema, or without a run store, is refused unchanged.
pub fn prepare(db: &dyn Connection) -> Result<()> {
    if number::is_as_made(db)? {
        return db.settle();
    }
    // An old file may have many rows to rewrite.
    db.expect_many_rows(true);
    let prepared = prepare_other(db);
    db.expect_many_rows(false);
    prepared
}

/// Prepares a file whose tables are not exactly those of this version.
fn prepare_other(db: &dyn Connection) -> Result<()> {
    let current = is_current(db)?;
    if current { upgrade::check_current(db) } else { upgrade::check_tables(db) }?;
    db.settle()?;
    if current {
        return Ok(());
    }
    let foreign_keys = relax_foreign_keys(db)?;
    let outcome = transaction(db, || match is_current(db)? {
        true => Ok(()),
        false => upgrade::to_current(db, foreign_keys),
    });
    let restored = restore_foreign_keys(db, foreign_keys);
    match outcome {
        Err(error) if error.code == Code::ReadOnly => read_only::complete(db),
        outcome => outcome.and(restored),
    }
}

/// Restores the schema after it was changed, in one transaction. Rows with dangling references are set aside.
pub(crate) fn repair(db: &dyn Connection) -> Result<()> {
    let foreign_keys = relax_foreign_keys(db)?;
    let outcome = transaction(db, || upgrade::to_current(db, foreign_keys));
    let restored = restore_foreign_keys(db, foreign_keys);
    outcome.and(restored)
}

/// Returns whether the file has an older schema, which stays unchanged while the file is only read.
pub(crate) fn is_older(db: &dyn Connection) -> Result<bool> {
    number::is_older(db)
}

/// One of our tables: its name and its statement.
pub(crate) struct Table {
    pub name: &'static str,
    pub columns: Vec<Column>,
}

/// Returns our tables in the newest schema, each after those that it references.
pub(crate) fn tables() -> Result<Vec<Table>> {
    let wanted = definition::Wanted::new()?;
    definition::names().map(|name| Ok(Table { name, columns: wanted.columns(name)? })).collect()
}

/// Returns the name of each of our tables, and its statement as SQLite stores it.
pub(crate) fn declarations() -> &'static [(&'static str, &'static str)] {
    definition::made()
}

/// Returns why a table of ours cannot be one of a run store, if it exists.
pub(crate) fn check_table(db: &dyn Connection, name: &str) -> Result<()> {
    upgrade::check_table(db, name, &definition::Wanted::new()?)
}

/// Returns whether the schema is the newest; an error for a file that must not be changed.
fn is_current(db: &dyn Connection) -> Result<bool> {
    match number::state(db)? {
        State::Current => Ok(true),
        State::Older => Ok(false),
        State::Newer(version) => Err(StoreError::new(
            Code::SchemaTooNew,
            format!(
                "the file has schema {version} (its user_version), this runstore knows schemas up to {VERSION}; \
                 install a newer runstore to open it"
            ),
        )),
        State::Foreign(tables) => Err(StoreError::new(
            Code::Schema,
            format!(
                "the file is not a run store: its tables are {}; give the store a file of its own",
                tables.join(", ")
            ),
        )),
    }
}

/// Turns off enforcement, because dropping a rebuilt table would delete all rows that reference it.
fn relax_foreign_keys(db: &dyn Connection) -> Result<ForeignKeys> {
    let on =
        || db.query_one("PRAGMA foreign_keys", &[], |row| row.integer(0)).map(|on| on == Some(1));
    if !on()? {
        return Ok(ForeignKeys::WereOff);
    }
    db.execute_script("PRAGMA foreign_keys = OFF")?;
    Ok(if on()? { ForeignKeys::StayOn } else { ForeignKeys::TurnedOff })
}

fn restore_foreign_keys(db: &dyn Connection, before: ForeignKeys) -> Result<()> {
    match before {
        ForeignKeys::TurnedOff => db.execute_script("PRAGMA foreign_keys = ON"),
        ForeignKeys::WereOff | ForeignKeys::StayOn => Ok(()),
    }
}

/// Whether SQLite enforces foreign keys while the schema is made.
#[derive(Clone, Copy, PartialEq, Eq)]
enum ForeignKeys {
    WereOff,
    TurnedOff,
    /// A transaction of the caller is open, in which SQLite cannot turn off enforcement.
    StayOn,
}

/// For [`crate::fuzzing`].
#[cfg(feature = "fuzzing")]
pub(crate) mod fuzzing {
    use super::definition;

    /// Returns the names of the columns in a `CREATE TABLE`.
    pub fn column_names(sql: &str) -> Vec<String> {
        definition::column_names_in(sql)
    }

    /// Returns the statement by which a migration replaces an older table `runs`.
    pub fn with_additions(sql: &str) -> String {
        definition::with_additions("runs", "next", sql).unwrap_or_default()
    }
}
