//! A handle of the caller's, reached through four functions of `lib/connection/driver.js`.
//!
//! Those never throw: they answer with a text where SQLite, or the caller's own code, refused.

use napi::Env;
use napi::bindgen_prelude::JsObjectValue;
use napi::bindgen_prelude::{Either, FnArgs, FunctionRef, Object};

use super::values::{Cell, Flat};
use crate::db::{Driver, OwnedValue, Value, sqlite_error};
use crate::error::{Code, Result, StoreError};

type Statement = FnArgs<(String, Flat)>;

pub(super) struct JsDriver {
    env: Env,
    exec: FunctionRef<String, Option<String>>,
    run: FunctionRef<Statement, Either<String, f64>>,
    all: FunctionRef<Statement, Either<String, Vec<Cell>>>,
    in_transaction: FunctionRef<(), bool>,
}

impl JsDriver {
    pub(super) fn new(env: Env, functions: &Object<'_>) -> napi::Result<Self> {
        Ok(JsDriver {
            env,
            exec: functions.get_named_property("exec")?,
            run: functions.get_named_property("run")?,
            all: functions.get_named_property("all")?,
            in_transaction: functions.get_named_property("inTransaction")?,
        })
    }
}

impl Driver for JsDriver {
    fn execute_script(&self, sql: &str) -> Result<()> {
        let exec = self.exec.borrow_back(&self.env).map_err(broken)?;
        exec.call(sql.to_owned()).map_err(broken)?.map_or(Ok(()), |refusal| Err(refused(&refusal)))
    }

    fn run(&self, sql: &str, parameters: &[Value<'_>]) -> Result<u64> {
        let run = self.run.borrow_back(&self.env).map_err(broken)?;
        match run.call(statement(sql, parameters)).map_err(broken)? {
            Either::A(refusal) => Err(refused(&refusal)),
            Either::B(changes) => Ok(changes as u64),
        }
    }

    fn all(&self, sql: &str, parameters: &[Value<'_>]) -> Result<(Vec<OwnedValue>, usize)> {
        let all = self.all.borrow_back(&self.env).map_err(broken)?;
        match all.call(statement(sql, parameters)).map_err(broken)? {
            Either::A(refusal) => Err(refused(&refusal)),
            Either::B(cells) => {
                let mut values = cells.into_iter().map(|cell| cell.0);
                let columns = match values.next() {
                    Some(OwnedValue::Real(columns)) => columns as usize,
                    _ => 0,
                };
                Ok((values.collect(), columns))
            }
        }
    }

    fn in_transaction(&self) -> Result<bool> {
        let ask = self.in_transaction.borrow_back(&self.env).map_err(broken)?;
        ask.call(()).map_err(broken)
    }
}

fn statement(sql: &str, parameters: &[Value<'_>]) -> Statement {
    FnArgs {
        data: (sql.to_owned(), Flat(parameters.iter().map(|value| value.into_owned()).collect())),
    }
}

/// Reads `1555 UNIQUE constraint failed: cases.id`; without a number it is an exception of the caller's own,
/// which `lib/connection/driver.js` keeps.
fn refused(refusal: &str) -> StoreError {
    let (number, message) = refusal.split_once(' ').unwrap_or((refusal, ""));
    match (number, number.parse::<i32>()) {
        ("closed", _) => StoreError::new(Code::Closed, message),
        (_, Ok(code)) => sqlite_error(code, message),
        _ => StoreError::new(Code::Host, refusal),
    }
}

fn broken(error: napi::Error) -> StoreError {
    StoreError::new(Code::Internal, format!("the handle's functions fail: {error}"))
}
