//! Suites.

use super::{Store, TextsInUse, drop_unused, ids::Id, now};
use crate::db::{Connection, Row};
use crate::error::{Code, Result, RowKind, StoreError};
use crate::model::Suite;

/// A macro, so that whole statements are constants.
macro_rules! columns {
    () => {
        "id, name, created_at"
    };
}

fn suite(row: &dyn Row) -> Result<Suite> {
    Ok(Suite { id: row.text(0)?, name: row.text(1)?, created_at: row.integer(2)? })
}

fn make(db: &dyn Connection, name: &str) -> Result<Suite> {
    let made =
        Suite { id: Id::new().as_str().to_owned(), name: name.to_owned(), created_at: now() };
    db.execute(
        "INSERT INTO suites (id, name, created_at) VALUES (?, ?, ?)",
        &[made.id.as_str().into(), name.into(), made.created_at.into()],
    )?;
    Ok(made)
}

fn by_name(db: &dyn Connection, name: &str) -> Result<Option<Suite>> {
    let sql = concat!(
        "SELECT ",
        columns!(),
        " FROM suites WHERE name = ? ORDER BY created_at DESC, rowid DESC LIMIT 1"
    );
    db.query_one(sql, &[name.into()], suite)
}

/// Returns the id of the suite with this id, or else of the newest one with this name.
pub(super) fn id_by_id_or_name(db: &dyn Connection, text: &str) -> Result<Option<String>> {
    let sql = "SELECT id FROM suites WHERE id = ?";
    match db.query_one(sql, &[text.into()], |row| row.text(0))? {
        Some(id) => Ok(Some(id)),
        None => Ok(by_name(db, text)?.map(|suite| suite.id)),
    }
}

/// Returns all suites with this name, newest first.
pub(super) fn all_by_name(db: &dyn Connection, name: &str) -> Result<Vec<Suite>> {
    let sql = concat!(
        "SELECT ",
        columns!(),
        " FROM suites WHERE name = ? ORDER BY created_at DESC, rowid DESC"
    );
    db.query_all(sql, &[name.into()], suite)
}

/// Looks again under the write lock: another process may have created it meanwhile.
fn found_or_made(db: &dyn Connection, name: &str) -> Result<Suite> {
    by_name(db, name)?.map_or_else(|| make(db, name), Ok)
}

impl Store {
    /// Refuses an id that no suite has: for operations that found nothing of the suite. Errors name `operation`.
    pub(crate) fn expect_suite(&self, id: &str, operation: &str) -> Result<()> {
        let sql = "SELECT 1 FROM suites WHERE id = ?";
        match self.run(operation, |db| db.query_one(sql, &[id.into()], |_| Ok(())))? {
            Some(()) => Ok(()),
            None => {
                let missing = StoreError::missing(Code::NotFound, RowKind::Suite, id);
                Err(missing.during(operation).in_file(&self.place))
            }
        }
    }

    /// Creates a suite.
    pub fn create_suite(&self, name: &str) -> Result<Suite> {
        self.run("createSuite", |db| make(db, name))
    }

    /// Returns the newest suite with exactly this name; creates it if necessary. Processes that ask for the same name
    /// at the same time get the same suite.
    pub fn get_or_create_suite(&self, name: &str) -> Result<Suite> {
        self.get_or_create_suite_for("getOrCreateSuite", name)
    }

    pub(super) fn get_or_create_suite_for(&self, operation: &str, name: &str) -> Result<Suite> {
        // It usually exists, and reading does not wait for writers.
        let found = self.run(operation, |db| by_name(db, name))?;
        found.map_or_else(|| self.write(operation, |db| found_or_made(db, name)), Ok)
    }

    /// Returns the suite.
    pub fn get_suite(&self, id: &str) -> Result<Option<Suite>> {
        let sql = concat!("SELECT ", columns!(), " FROM suites WHERE id = ?");
        self.run("getSuite", |db| db.query_one(sql, &[id.into()], suite))
    }

    /// Returns the newest suite with exactly this name.
    pub fn find_suite_by_name(&self, name: &str) -> Result<Option<Suite>> {
        self.run("findSuiteByName", |db| by_name(db, name))
    }

    /// Returns all suites, newest first.
    pub fn list_suites(&self) -> Result<Vec<Suite>> {
        let sql =
            concat!("SELECT ", columns!(), " FROM suites ORDER BY created_at DESC, rowid DESC");
        self.run("listSuites", |db| db.query_all(sql, &[], suite))
    }

    /// Renames a suite.
    pub fn rename_suite(&self, id: &str, name: &str) -> Result<()> {
        let sql = "UPDATE suites SET name = ? WHERE id = ?";
        self.run("renameSuite", |db| db.execute(sql, &[name.into(), id.into()])).map(drop)
    }

    /// Deletes a suite with its runs and all rows that belong to them.
    pub fn delete_suite(&self, id: &str) -> Result<()> {
        self.write("deleteSuite", |db| {
            let texts = TextsInUse::of_runs(db, "suite_id = ?", &[id.into()])?;
            db.execute("DELETE FROM suites WHERE id = ?", &[id.into()])?;
            drop_unused(db, &texts)
        })
    }
}
