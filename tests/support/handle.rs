//! A handle that a caller lends to the store, as the façade's driver does, with an ear on each statement.

use std::cell::{Cell, RefCell};
use std::rc::Rc;

use runstore::Result;
use runstore::db::{Driver, EachPiece, OwnedValue, Step, Value};
use rusqlite::fallible_iterator::FallibleIterator;
use rusqlite::types::Value as Sqlite;

/// Called with each statement before it runs; may refuse it.
pub type Listener = dyn FnMut(&str) -> Result<()>;

/// Rows that are handed over at once: few, so that nearly every result comes in several pieces.
const PIECE: usize = 2;

pub struct Handle {
    pub connection: Rc<rusqlite::Connection>,
    /// Instructions that SQLite's machine took for reading.
    pub steps: Rc<Cell<i64>>,
    /// Rows that were read.
    pub rows: Rc<Cell<usize>>,
    listener: RefCell<Box<Listener>>,
}

impl Handle {
    pub fn new(connection: &Rc<rusqlite::Connection>) -> Handle {
        Handle::heard_by(connection, |_| Ok(()))
    }

    pub fn heard_by(
        connection: &Rc<rusqlite::Connection>,
        listener: impl FnMut(&str) -> Result<()> + 'static,
    ) -> Handle {
        Handle {
            connection: connection.clone(),
            steps: Rc::default(),
            rows: Rc::default(),
            listener: RefCell::new(Box::new(listener)),
        }
    }

    fn tell(&self, sql: &str) -> Result<()> {
        (self.listener.borrow_mut())(sql)
    }
}

fn bound(parameters: &[Value<'_>]) -> Vec<Sqlite> {
    let bind = |value: &Value<'_>| match value.into_owned() {
        OwnedValue::Null => Sqlite::Null,
        OwnedValue::Integer(number) => Sqlite::Integer(number),
        OwnedValue::Real(number) => Sqlite::Real(number),
        OwnedValue::Text(text) => Sqlite::Text(String::from_utf8(text).unwrap()),
        OwnedValue::Blob(bytes) => Sqlite::Blob(bytes),
    };
    parameters.iter().map(bind).collect()
}

impl Driver for Handle {
    fn execute_script(&self, sql: &str) -> Result<()> {
        let mut batch = rusqlite::Batch::new(&self.connection, sql);
        while let Some(mut statement) = batch.next()? {
            self.tell(&statement.expanded_sql().unwrap_or_default())?;
            let mut rows = statement.query([])?;
            while rows.next()?.is_some() {}
        }
        Ok(())
    }

    fn run(&self, sql: &str, parameters: &[Value<'_>]) -> Result<u64> {
        self.tell(sql)?;
        let mut statement = self.connection.prepare(sql)?;
        if statement.column_count() > 0 {
            statement.query(rusqlite::params_from_iter(bound(parameters)))?.next()?;
            return Ok(0);
        }
        Ok(statement.execute(rusqlite::params_from_iter(bound(parameters)))? as u64)
    }

    fn query(&self, sql: &str, parameters: &[Value<'_>], each: &mut EachPiece<'_>) -> Result<()> {
        self.tell(sql)?;
        let mut statement = self.connection.prepare(sql)?;
        let columns = statement.column_count();
        let mut rows = statement.query(rusqlite::params_from_iter(bound(parameters)))?;
        let mut outcome = Ok(Step::Next);
        let mut values = Vec::new();
        while let Some(row) = rows.next()? {
            self.rows.set(self.rows.get() + 1);
            if values.len() >= PIECE * columns.max(1) {
                outcome = each(&values, columns);
                values.clear();
                if !matches!(outcome, Ok(Step::Next)) {
                    break;
                }
            }
            for at in 0..columns {
                values.push(match row.get(at)? {
                    Sqlite::Null => OwnedValue::Null,
                    Sqlite::Integer(number) => OwnedValue::Integer(number),
                    Sqlite::Real(number) => OwnedValue::Real(number),
                    Sqlite::Text(text) => OwnedValue::Text(text.into_bytes()),
                    Sqlite::Blob(bytes) => OwnedValue::Blob(bytes),
                });
            }
        }
        drop(rows);
        let steps = statement.get_status(rusqlite::StatementStatus::VmStep);
        self.steps.set(self.steps.get() + i64::from(steps));
        match outcome {
            Ok(Step::Next) => each(&values, columns).map(drop),
            stopped => stopped.map(drop),
        }
    }

    fn in_transaction(&self) -> Result<bool> {
        Ok(!self.connection.is_autocommit())
    }
}
