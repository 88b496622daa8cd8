//! Transactions and savepoints.

use super::Connection;
use crate::error::Result;

/// More attempts than consecutive interrupts can hit.
const UNDO_ATTEMPTS: usize = 100;

/// Runs `body` in a transaction of its own, or in a savepoint of the one that is open.
///
/// An error of `body` rolls back everything that it did and is returned; a failed rollback never hides it.
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

/// Runs several reading statements on the same snapshot. Writers do not wait for them.
pub fn snapshot<T>(db: &dyn Connection, body: impl FnOnce() -> Result<T>) -> Result<T> {
    if db.in_transaction()? {
        return body();
    }
    db.execute("BEGIN", &[])?;
    let read = body();
    // The rows have been read. If a damaged file refuses the end of the transaction, they are still valid.
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
    /// Takes the write lock at once, so that a later statement cannot fail because another writer has it.
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

    /// Rolls back as far as possible. After a full disk or an I/O error, SQLite has already rolled back; the original
    /// error is the one to report.
    ///
    /// An interrupt may hit the rollback itself, which is then repeated: later writes would be lost in a transaction
    /// that stays open.
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
