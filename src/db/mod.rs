//! A connection to SQLite behind one trait, so that each query is written once.
//!
//! [`Bundled`] is our own SQLite on a file or in memory; [`Borrowed`] is the caller's handle.

mod borrowed;
mod bundled;
mod copy;
mod interrupt;
mod library;
mod ofd_locks;
mod sqlite_error;
mod statement;
mod transaction;
mod turnstile;
mod wal;
mod wal_files;

pub use borrowed::{Borrowed, Driver};
pub use bundled::{Bundled, Durability, MAX_ROW_BYTES, OpenOptions};
pub use copy::{CopyProgress, EachStep};
pub use interrupt::{InterruptCount, InterruptScope, Interrupter};
pub(crate) use sqlite_error::is_damage;
pub use sqlite_error::sqlite_error;
pub(crate) use transaction::Transaction;
pub use transaction::{snapshot, transaction};

use crate::error::Result;

/// A value that goes into a statement or comes out of a row.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Value<'a> {
    /// SQL NULL.
    Null,
    /// A 64-bit integer.
    Integer(i64),
    /// A float. SQLite stores NaN as NULL.
    Real(f64),
    /// Text, as the stored bytes. We write UTF-8; the bytes that we read may be invalid.
    Text(&'a [u8]),
    /// Bytes.
    Blob(&'a [u8]),
}

impl<'a> Value<'a> {
    /// Returns the text, or NULL.
    pub fn optional_text(text: Option<&'a str>) -> Self {
        text.map_or(Value::Null, Value::from)
    }

    /// Returns the number, or NULL for `None` and NaN.
    pub fn optional_real(number: Option<f64>) -> Self {
        number.map_or(Value::Null, Value::Real)
    }

    /// Returns a copy that owns its bytes.
    pub fn into_owned(self) -> OwnedValue {
        match self {
            Value::Null => OwnedValue::Null,
            Value::Integer(number) => OwnedValue::Integer(number),
            Value::Real(number) => OwnedValue::Real(number),
            Value::Text(text) => OwnedValue::Text(text.to_vec()),
            Value::Blob(bytes) => OwnedValue::Blob(bytes.to_vec()),
        }
    }
}

impl<'a> From<&'a str> for Value<'a> {
    fn from(text: &'a str) -> Self {
        Value::Text(text.as_bytes())
    }
}

impl From<i64> for Value<'_> {
    fn from(number: i64) -> Self {
        Value::Integer(number)
    }
}

impl From<f64> for Value<'_> {
    fn from(number: f64) -> Self {
        Value::Real(number)
    }
}

/// A [`Value`] that owns its bytes.
#[derive(Clone, Debug, PartialEq, serde::Serialize, serde::Deserialize)]
#[allow(missing_docs)] // the variants are those of `Value`
pub enum OwnedValue {
    Null,
    Integer(i64),
    Real(f64),
    Text(Vec<u8>),
    Blob(Vec<u8>),
}

impl OwnedValue {
    /// Returns the value, borrowed.
    pub fn as_value(&self) -> Value<'_> {
        match self {
            OwnedValue::Null => Value::Null,
            OwnedValue::Integer(number) => Value::Integer(*number),
            OwnedValue::Real(number) => Value::Real(*number),
            OwnedValue::Text(text) => Value::Text(text),
            OwnedValue::Blob(bytes) => Value::Blob(bytes),
        }
    }
}

/// A row of a result while it is being read.
pub trait Row {
    /// Returns the value of a column, counted from 0.
    fn value(&self, column: usize) -> Result<Value<'_>>;
}

impl dyn Row + '_ {
    /// Returns the text. Invalid UTF-8 becomes U+FFFD, and a number its decimal form.
    pub fn text(&self, column: usize) -> Result<String> {
        Ok(self.optional_text(column)?.unwrap_or_default())
    }

    /// Returns the text as [`Self::text`] does, `None` for NULL.
    pub fn optional_text(&self, column: usize) -> Result<Option<String>> {
        Ok(match self.value(column)? {
            Value::Null => None,
            Value::Integer(number) => Some(number.to_string()),
            Value::Real(number) => Some(number.to_string()),
            Value::Text(bytes) | Value::Blob(bytes) => {
                Some(String::from_utf8_lossy(bytes).into_owned())
            }
        })
    }

    /// Returns the number, `None` for NULL and other types.
    pub fn optional_number(&self, column: usize) -> Result<Option<f64>> {
        Ok(match self.value(column)? {
            Value::Integer(number) => Some(number as f64),
            Value::Real(number) => Some(number),
            _ => None,
        })
    }

    /// Returns the integer, 0 for other types.
    pub fn integer(&self, column: usize) -> Result<i64> {
        Ok(match self.value(column)? {
            Value::Integer(number) => number,
            Value::Real(number) => number as i64,
            _ => 0,
        })
    }
}

/// Whether a query continues after a row.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Step {
    /// Continue with the next row.
    Next,
    /// Stop reading.
    Stop,
}

/// Called with each row of a query.
pub type EachRow<'f> = dyn FnMut(&dyn Row) -> Result<Step> + 'f;

/// Called with some rows of a borrowed handle: their values, row by row, and the number of columns.
pub type EachPiece<'f> = dyn FnMut(&[OwnedValue], usize) -> Result<Step> + 'f;

/// A prepared statement, which can be run any number of times.
pub trait Statement {
    /// Runs the statement and returns the number of rows it changed.
    fn execute(&mut self, parameters: &[Value<'_>]) -> Result<u64>;
    /// Runs the statement and hands over its rows one by one.
    fn query(&mut self, parameters: &[Value<'_>], each: &mut EachRow<'_>) -> Result<()>;
}

/// A connection to one database.
pub trait Connection {
    /// Prepares a statement, or takes one that was prepared before.
    fn prepare<'c>(&'c self, sql: &str) -> Result<Box<dyn Statement + 'c>>;
    /// Runs several statements that take no parameters.
    fn execute_script(&self, sql: &str) -> Result<()>;
    /// Returns whether a transaction is open.
    fn in_transaction(&self) -> Result<bool>;
    /// Sets the journal mode. Called once the file is known to be a store, because it changes the file itself.
    fn settle(&self) -> Result<()>;
    /// Announces whether many rows or few will be written in one transaction. This only affects speed.
    fn expect_many_rows(&self, many: bool);
    /// Returns whether the database may hold other tables than ours, as the caller's handle does.
    fn is_shared(&self) -> bool;
    /// Copies a snapshot into a file that does not exist yet, while others may write.
    ///
    /// `each` is called with the progress; an error of it ends the copy. An incomplete copy may be left behind.
    fn copy_into(&self, file: &str, each: &mut EachStep<'_>) -> Result<()>;
    /// Returns what interrupts a statement of this connection, `None` for a borrowed handle.
    fn interrupter(&self) -> Option<Interrupter>;
    /// Lets interrupts end what is done from now on, until it is called with `None`. On a borrowed handle it does
    /// nothing.
    fn heed(&self, interrupts: Option<InterruptScope>);
    /// Called before a connection is dropped. Our own connection closes; a borrowed handle stays open.
    fn finish(&self);
}

impl dyn Connection + '_ {
    /// Runs one statement once.
    pub fn execute(&self, sql: &str, parameters: &[Value<'_>]) -> Result<u64> {
        self.prepare(sql)?.execute(parameters)
    }

    /// Returns the first row, mapped.
    pub fn query_one<T>(
        &self,
        sql: &str,
        parameters: &[Value<'_>],
        map: impl Fn(&dyn Row) -> Result<T>,
    ) -> Result<Option<T>> {
        let mut found = None;
        self.prepare(sql)?.query(parameters, &mut |row| {
            found = Some(map(row)?);
            Ok(Step::Stop)
        })?;
        Ok(found)
    }

    /// Returns all rows, mapped.
    pub fn query_all<T>(
        &self,
        sql: &str,
        parameters: &[Value<'_>],
        map: impl Fn(&dyn Row) -> Result<T>,
    ) -> Result<Vec<T>> {
        let mut rows = Vec::new();
        self.prepare(sql)?.query(parameters, &mut |row| {
            rows.push(map(row)?);
            Ok(Step::Next)
        })?;
        Ok(rows)
    }
}
