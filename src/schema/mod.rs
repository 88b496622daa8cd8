//! The tables, and how older files become the newest.
//!
//! `PRAGMA user_version` numbers our schema. Version 0 is an empty file, or one of `@deepagents/evals` in any of its
//! historical shapes, which are recognised by their tables and columns.

mod read_only;
mod table;
mod upgrade;

use crate::db::{Connection, transaction};
use crate::error::{Code, Result, StoreError};

/// The schema that this version of runstore reads and writes.
pub const VERSION: i64 = 1;

const TABLES: &str = include_str!("v1.sql");
const INDEXES: &str = include_str!("indexes.sql");

/// Makes the newest schema out of whatever is there, all or nothing.
///
/// Many processes may do this at once: the first does the work while the others wait, then find it done.
pub fn prepare(db: &dyn Connection) -> Result<()> {
    if is_current(db)? {
        return Ok(());
    }
    let enforced = relax_foreign_keys(db)?;
    let outcome = transaction(db, || upgrade::to_current(db, enforced));
    restore_foreign_keys(db, enforced)?;
    match outcome {
        Err(error) if error.code == Code::ReadOnly => read_only::complete(db, error),
        outcome => outcome,
    }
}

fn is_current(db: &dyn Connection) -> Result<bool> {
    let version = version(db)?;
    if version > VERSION {
        return Err(StoreError::new(
            Code::SchemaTooNew,
            format!(
                "the file has schema {version}, this runstore knows schemas up to {VERSION}; \
                 install a newer runstore to open it"
            ),
        ));
    }
    Ok(version == VERSION)
}

fn version(db: &dyn Connection) -> Result<i64> {
    Ok(db.query_one("PRAGMA user_version", &[], |row| row.integer(0))?.unwrap_or(0))
}

/// Turns enforcement off, because dropping a rebuilt table would delete all rows that refer to it.
/// Returns whether it was on, and still is where a transaction of the caller's is open.
fn relax_foreign_keys(db: &dyn Connection) -> Result<Enforcement> {
    let on = || db.query_one("PRAGMA foreign_keys", &[], |row| row.integer(0)).map(|on| on == Some(1));
    if !on()? {
        return Ok(Enforcement::WasOff);
    }
    db.execute_script("PRAGMA foreign_keys = OFF")?;
    Ok(if on()? { Enforcement::StaysOn } else { Enforcement::TurnedOff })
}

fn restore_foreign_keys(db: &dyn Connection, enforced: Enforcement) -> Result<()> {
    match enforced {
        Enforcement::TurnedOff => db.execute_script("PRAGMA foreign_keys = ON"),
        _ => Ok(()),
    }
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Enforcement {
    WasOff,
    TurnedOff,
    StaysOn,
}
