//! The caller's handle, through the functions of `lib/connection/driver.js`.
//!
//! These functions never throw: they return a text when SQLite, or the caller's own code, refused the call.

use napi::Env;
use napi::bindgen_prelude::JsObjectValue;
use napi::bindgen_prelude::{Either, FnArgs, FunctionRef, Object};

use super::values::{Cell, Flat, Maker};
use crate::db::{Driver, EachPiece, OwnedValue, Step, Value, sqlite_error};
use crate::error::{Code, Result, StoreError};

type Statement = FnArgs<(String, Flat)>;

pub(super) struct JsDriver {
    env: Env,
    exec: FunctionRef<String, Option<String>>,
    run: FunctionRef<Statement, Either<String, f64>>,
    open: FunctionRef<Statement, Either<String, Vec<Cell>>>,
    next: FunctionRef<f64, Either<String, Vec<Cell>>>,
    close: FunctionRef<f64, Option<String>>,
    in_transaction: FunctionRef<(), bool>,
}

impl JsDriver {
    pub(super) fn new(env: Env, functions: &Object<'_>) -> napi::Result<Self> {
        Ok(JsDriver {
            env,
            exec: functions.get_named_property("exec")?,
            run: functions.get_named_property("run")?,
            open: functions.get_named_property("open")?,
            next: functions.get_named_property("next")?,
            close: functions.get_named_property("close")?,
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

    fn query(&self, sql: &str, parameters: &[Value<'_>], each: &mut EachPiece<'_>) -> Result<()> {
        let mut piece = self.first_piece(sql, parameters)?;
        loop {
            match each(&piece.values, piece.columns) {
                Ok(Step::Next) => {}
                stopped => {
                    piece.reading.map_or(Ok(()), |reading| self.end(reading))?;
                    return stopped.map(drop);
                }
            }
            match piece.reading {
                Some(reading) => piece = self.next_piece(reading)?,
                None => return Ok(()),
            }
        }
    }

    fn in_transaction(&self) -> Result<bool> {
        let ask = self.in_transaction.borrow_back(&self.env).map_err(broken)?;
        ask.call(()).map_err(broken)
    }
}

impl JsDriver {
    fn first_piece(&self, sql: &str, parameters: &[Value<'_>]) -> Result<Piece> {
        self.in_scope(|| {
            let open = self.open.borrow_back(&self.env)?;
            open.call(statement(sql, parameters))
        })
    }

    fn next_piece(&self, reading: f64) -> Result<Piece> {
        self.in_scope(|| self.next.borrow_back(&self.env)?.call(reading))
    }

    fn end(&self, reading: f64) -> Result<()> {
        let close = self.close.borrow_back(&self.env).map_err(broken)?;
        close.call(reading).map_err(broken)?.map_or(Ok(()), |refusal| Err(refused(&refusal)))
    }

    /// Requests a piece. JavaScript values created for it are released at once, not at the end of the whole operation.
    fn in_scope(
        &self,
        ask: impl FnOnce() -> napi::Result<Either<String, Vec<Cell>>>,
    ) -> Result<Piece> {
        match Maker(self.env.raw()).scope(ask).map_err(broken)? {
            Either::A(refusal) => Err(refused(&refusal)),
            Either::B(cells) => Ok(Piece::of(cells)),
        }
    }
}

/// Some rows of a result.
struct Piece {
    columns: usize,
    /// The number under which the following rows are requested.
    reading: Option<f64>,
    values: Vec<OwnedValue>,
}

impl Piece {
    fn of(cells: Vec<Cell>) -> Self {
        let mut values = cells.into_iter().map(|cell| cell.0);
        let mut number = || match values.next() {
            Some(OwnedValue::Real(number)) => number,
            _ => 0.0,
        };
        let (columns, reading) = (number() as usize, number());
        Piece { columns, reading: Some(reading).filter(|one| *one > 0.0), values: values.collect() }
    }
}

fn statement(sql: &str, parameters: &[Value<'_>]) -> Statement {
    FnArgs {
        data: (sql.to_owned(), Flat(parameters.iter().map(|value| value.into_owned()).collect())),
    }
}

/// Parses `1555 UNIQUE constraint failed: cases.id`. Without a number it is an exception of the caller's own code,
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
