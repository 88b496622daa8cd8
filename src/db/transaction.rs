//! All or nothing.

use super::Connection;
use crate::error::Result;

/// More than interrupts can hit one after the other.
const UNDO_ATTEMPTS: usize = 100;

/// Runs `body` in a transaction of its own, or in a savepoint of the one that is open.
///
/// An error of `body` undoes everything that it did and is returned; a failure to undo never masks it.
pub fn transaction<T>(db: &dyn Connection, body: impl FnOnce() -> Result<T>) -> Result<T> {
    let open = Transaction::begin(db)?;
    match body() {
        Ok(value) => open.commit(db).map(|()| value),
        Err(error) => {
            open.rollback(db);
            Err(error)
        }
    }
}

/// Runs several statements that read, all on the same snapshot. Writers do not wait for them.
pub fn snapshot<T>(db: &dyn Connection, body: impl FnOnce() -> Result<T>) -> Result<T> {
    if db.in_transaction()? {
        return body();
    }
    db.execute("BEGIN", &[])?;
    let read = body();
    // What was read was read: that a damaged file refuses even the end of a transaction makes it no worse.
    if db.execute("COMMIT", &[]).is_err() {
        Transaction::Own.rollback(db);
    }
    read
}

/// A transaction, or a savepoint in one, that the caller ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Transaction {
    Own,
    Savepoint,
}

impl Transaction {
    /// Takes the write lock at once, so that a later statement cannot fail for want of it.
    pub(crate) fn begin(db: &dyn Connection) -> Result<Transaction> {
        if db.in_transaction()? {
            db.execute("SAVEPOINT runstore", &[])?;
            return Ok(Transaction::Savepoint);
        }
        db.execute("BEGIN IMMEDIATE", &[])?;
        Ok(Transaction::Own)
    }

    pub(crate) fn commit(self, db: &dyn Connection) -> Result<()> {
        let sql = match self {
            Transaction::Own => "COMMIT",
            Transaction::Savepoint => "RELEASE runstore",
        };
        db.execute(sql, &[]).map(drop).inspect_err(|_| self.rollback(db))
    }

    /// Undoes what can be undone. SQLite has rolled back by itself after a full disk or an I/O error;
    /// the error that led here is the one to report.
    ///
    /// An interrupt that was meant for what failed may hit the undoing of it, which is tried again then: a transaction
    /// left open would swallow what is saved after it.
    pub(crate) fn rollback(self, db: &dyn Connection) {
        for _ in 0..UNDO_ATTEMPTS {
            if !db.in_transaction().unwrap_or(false) || self.undo(db).is_ok() {
                return;
            }
        }
    }

    fn undo(self, db: &dyn Connection) -> Result<()> {
        match self {
            Transaction::Own => db.execute("ROLLBACK", &[]).map(drop),
            Transaction::Savepoint => {
                db.execute("ROLLBACK TO runstore", &[])?;
                db.execute("RELEASE runstore", &[]).map(drop)
            }
        }
    }
}
