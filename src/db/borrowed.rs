//! The caller's own handle, used statement by statement.
//!
//! The file is not opened a second time. Because this is the caller's own connection, its open transaction, its
//! uncommitted rows and its in-memory databases are visible.

use std::time::Duration;

use super::wal::use_wal;
use super::{
    Connection, EachPiece, EachRow, EachStep, InterruptScope, Interrupter, OpenOptions, OwnedValue,
    Row, Statement, Step, Value,
};
use crate::error::{Code, Result, StoreError};

/// The functions of a borrowed handle. The owner of the handle prepares and caches the statements.
pub trait Driver {
    /// Runs several statements that take no parameters.
    fn execute_script(&self, sql: &str) -> Result<()>;
    /// Runs one statement and returns the number of rows it changed.
    fn run(&self, sql: &str, parameters: &[Value<'_>]) -> Result<u64>;
    /// Runs one statement and hands over its rows in pieces, until a piece is answered with [`Step::Stop`] or an error.
    fn query(&self, sql: &str, parameters: &[Value<'_>], each: &mut EachPiece<'_>) -> Result<()>;
    /// Returns whether a transaction is open.
    fn in_transaction(&self) -> Result<bool>;
}

/// A connection through a [`Driver`].
pub struct Borrowed<D> {
    driver: D,
}

impl<D: Driver> Borrowed<D> {
    /// Wraps the handle.
    pub fn new(driver: D) -> Result<Self> {
        let borrowed = Borrowed { driver };
        borrowed.set_up()?;
        Ok(borrowed)
    }

    fn set_up(&self) -> Result<()> {
        let connection: &dyn Connection = self;
        // node:sqlite has no busy timeout by default; a timeout that the caller has set stays.
        if connection.query_one("PRAGMA busy_timeout", &[], |row| row.integer(0))? == Some(0) {
            let ours = OpenOptions::default().busy_timeout.as_millis();
            connection.query_one(&format!("PRAGMA busy_timeout = {ours}"), &[], |_| Ok(()))?;
        }
        Ok(())
    }
}

impl<D: Driver> Connection for Borrowed<D> {
    fn prepare<'c>(&'c self, sql: &str) -> Result<Box<dyn Statement + 'c>> {
        Ok(Box::new(BorrowedStatement { driver: &self.driver, sql: sql.to_owned() }))
    }

    fn execute_script(&self, sql: &str) -> Result<()> {
        self.driver.execute_script(sql)
    }

    fn in_transaction(&self) -> Result<bool> {
        self.driver.in_transaction()
    }

    fn settle(&self) -> Result<()> {
        let connection: &dyn Connection = self;
        // SQLite allows none of these changes inside a transaction.
        if connection.in_transaction()? {
            return Ok(());
        }
        let timeout = connection.query_one("PRAGMA busy_timeout", &[], |row| row.integer(0))?;
        let timeout = Duration::from_millis(timeout.and_then(|ms| ms.try_into().ok()).unwrap_or(0));
        let turn = || connection.query_one("PRAGMA journal_mode = WAL", &[], |_| Ok(())).map(drop);
        match use_wal(timeout, turn) {
            Err(error) if error.code != Code::ReadOnly => return Err(error),
            _ => {}
        }
        self.execute_script("PRAGMA synchronous = NORMAL; PRAGMA foreign_keys = ON")
    }

    /// The cache size of the caller's handle is left to the caller.
    fn expect_many_rows(&self, _: bool) {}

    fn is_shared(&self) -> bool {
        true
    }

    /// The caller's copy of SQLite writes the file in one step (`VACUUM INTO`), so that the source is not opened a
    /// second time.
    fn copy_into(&self, file: &str, _each: &mut EachStep<'_>) -> Result<()> {
        if self.in_transaction()? {
            return Err(StoreError::new(Code::Busy, "a transaction is open on the handle"));
        }
        self.driver.run("VACUUM INTO ?", &[file.into()]).map(drop)
    }

    fn interrupter(&self) -> Option<Interrupter> {
        None
    }

    fn heed(&self, _: Option<InterruptScope>) {}

    fn finish(&self) {}
}

struct BorrowedStatement<'c, D> {
    driver: &'c D,
    sql: String,
}

impl<D: Driver> Statement for BorrowedStatement<'_, D> {
    fn execute(&mut self, parameters: &[Value<'_>]) -> Result<u64> {
        self.driver.run(&self.sql, parameters)
    }

    fn query(&mut self, parameters: &[Value<'_>], each: &mut EachRow<'_>) -> Result<()> {
        self.driver.query(&self.sql, parameters, &mut |values, columns| {
            for row in values.chunks(columns.max(1)) {
                if each(&BorrowedRow(row))? == Step::Stop {
                    return Ok(Step::Stop);
                }
            }
            Ok(Step::Next)
        })
    }
}

struct BorrowedRow<'v>(&'v [OwnedValue]);

impl Row for BorrowedRow<'_> {
    fn value(&self, column: usize) -> Result<Value<'_>> {
        self.0.get(column).map(OwnedValue::as_value).ok_or_else(|| {
            StoreError::new(Code::Internal, format!("the handle returned no column {column}"))
        })
    }
}
