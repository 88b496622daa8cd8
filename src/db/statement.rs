//! Prepared statements on SQLite's C interface.
//!
//! rusqlite opens, configures and closes the connection. Its statements copy every bound text and check every column
//! that is read; with a dozen of each per row, this is the larger part of our own time. Here, texts are bound without a
//! copy, and read from SQLite's memory.
#![allow(unsafe_code)] // SQLite's interface is C

use std::cell::RefCell;
use std::ffi::{CStr, c_int};
use std::ptr::{self, NonNull};
use std::rc::Rc;

use rusqlite::ffi;
use rustc_hash::FxHashMap;

use super::interrupt::CurrentScope;
use super::sqlite_error::{moved, sqlite_error};
use super::turnstile::Turnstile;
use super::wal_files::{Purpose, WalFiles};
use super::{EachRow, Row, Statement, Step, Value};
use crate::error::{Code, Result, StoreError};

type RawStatement = NonNull<ffi::sqlite3_stmt>;

/// The statements of one connection, prepared once and used again.
#[derive(Default)]
pub(super) struct StatementCache {
    places: RefCell<FxHashMap<Rc<str>, usize>>,
    /// The idle statements of each text. A second use at the same time prepares another statement.
    idle: RefCell<Vec<Vec<RawStatement>>>,
}

impl StatementCache {
    /// Returns an idle statement.
    pub(super) fn prepare<'c>(
        &'c self,
        connection: &'c rusqlite::Connection,
        turnstile: &'c Turnstile,
        scope: &'c CurrentScope,
        beside: &'c WalFiles,
        sql: &str,
    ) -> Result<Prepared<'c>> {
        // SAFETY: the handle is used while `connection` is borrowed, and is not closed meanwhile.
        let db = unsafe { connection.handle() };
        let place = self.place(sql);
        let raw = match self.idle.borrow_mut().get_mut(place).and_then(Vec::pop) {
            Some(raw) => raw,
            None => prepare(db, sql)?,
        };
        let commits = sql == "COMMIT";
        // The end of a transaction is exempt: it is short, and an interrupt leads to a rollback.
        let scope = (!commits && !sql.starts_with("ROLLBACK") && !sql.starts_with("RELEASE"))
            .then_some(scope);
        Ok(Prepared { raw, db, turnstile, scope, beside, commits, cache: self, place })
    }

    fn place(&self, sql: &str) -> usize {
        let mut places = self.places.borrow_mut();
        if let Some(place) = places.get(sql) {
            return *place;
        }
        let mut idle = self.idle.borrow_mut();
        places.insert(Rc::from(sql), idle.len());
        idle.push(Vec::new());
        idle.len() - 1
    }

    fn give_back(&self, place: usize, raw: RawStatement) {
        match self.idle.borrow_mut().get_mut(place) {
            Some(idle) => idle.push(raw),
            // SAFETY: the statement is not in use and not shared.
            None => drop(unsafe { ffi::sqlite3_finalize(raw.as_ptr()) }),
        }
    }
}

impl Drop for StatementCache {
    fn drop(&mut self) {
        for raw in self.idle.borrow_mut().drain(..).flatten() {
            // SAFETY: each statement is finalised once; the connection outlives its cache.
            unsafe { ffi::sqlite3_finalize(raw.as_ptr()) };
        }
    }
}

fn prepare(db: *mut ffi::sqlite3, sql: &str) -> Result<RawStatement> {
    let length = c_int::try_from(sql.len()).map_err(|_| too_long())?;
    let mut raw = ptr::null_mut();
    let flags = ffi::SQLITE_PREPARE_PERSISTENT;
    // SAFETY: `db` is open; `sql` is read up to `length`; `raw` is written.
    let code = unsafe {
        ffi::sqlite3_prepare_v3(db, sql.as_ptr().cast(), length, flags, &mut raw, ptr::null_mut())
    };
    if code != ffi::SQLITE_OK {
        return Err(last_error(db));
    }
    NonNull::new(raw).ok_or_else(|| StoreError::new(Code::Internal, "an empty statement"))
}

fn too_long() -> StoreError {
    StoreError::new(Code::TooLarge, "a text is longer than SQLite takes")
}

/// Returns the error of the last failed call.
fn last_error(db: *mut ffi::sqlite3) -> StoreError {
    // SAFETY: `db` is open; SQLite's message is valid until the next call, and copied before it.
    let (code, message) = unsafe {
        let message = CStr::from_ptr(ffi::sqlite3_errmsg(db)).to_string_lossy().into_owned();
        (ffi::sqlite3_extended_errcode(db), message)
    };
    sqlite_error(code, message)
}

/// A statement in use; it returns to its cache when it is dropped.
pub(super) struct Prepared<'c> {
    raw: RawStatement,
    db: *mut ffi::sqlite3,
    turnstile: &'c Turnstile,
    /// The interrupts that keep it from starting.
    scope: Option<&'c CurrentScope>,
    beside: &'c WalFiles,
    commits: bool,
    cache: &'c StatementCache,
    place: usize,
}

impl Drop for Prepared<'_> {
    fn drop(&mut self) {
        self.cache.give_back(self.place, self.raw);
    }
}

/// Ends a use, also after an error: closes the cursor, clears the bindings, and lets other writers proceed.
struct Use<'s> {
    statement: &'s Prepared<'s>,
    /// Whether the statement takes the write lock itself, so that it waits in turn.
    entered: bool,
}

impl Drop for Use<'_> {
    fn drop(&mut self) {
        let raw = self.statement.raw.as_ptr();
        // SAFETY: the statement is alive.
        unsafe {
            ffi::sqlite3_reset(raw);
            ffi::sqlite3_clear_bindings(raw);
        }
        if self.entered {
            self.statement.turnstile.leave();
        }
    }
}

#[cfg(test)]
impl Prepared<'_> {
    /// Returns how often SQLite has re-prepared the statement by itself.
    pub(super) fn prepared_again(&self) -> c_int {
        // SAFETY: the statement is alive.
        unsafe { ffi::sqlite3_stmt_status(self.raw.as_ptr(), ffi::SQLITE_STMTSTATUS_REPREPARE, 0) }
    }
}

impl Prepared<'_> {
    fn bind(&self, parameters: &[Value<'_>]) -> Result<Use<'_>> {
        let using = self.begin_use()?;
        // SAFETY: the statement is alive.
        let wanted = unsafe { ffi::sqlite3_bind_parameter_count(self.raw.as_ptr()) };
        if usize::try_from(wanted) != Ok(parameters.len()) {
            return Err(StoreError::new(
                Code::Internal,
                format!("{} parameters for {}", parameters.len(), self.sql()),
            ));
        }
        for (value, at) in parameters.iter().zip(1..) {
            self.bind_one(at, *value)?;
        }
        Ok(using)
    }

    fn begin_use(&self) -> Result<Use<'_>> {
        let purpose = self.purpose();
        if let Some(purpose) = purpose {
            self.beside.check(self.db, purpose)?;
            if purpose != Purpose::Read {
                self.refuse_moved_file()?;
            }
        }
        let entered = purpose == Some(Purpose::Write);
        if entered {
            self.turnstile.enter();
        }
        let using = Use { statement: self, entered };
        self.scope.map_or(Ok(()), CurrentScope::check)?;
        Ok(using)
    }

    /// Returns what the statement does to the files, `None` inside a transaction.
    fn purpose(&self) -> Option<Purpose> {
        // SAFETY: the connection is open and the statement alive.
        let (is_alone, reads) = unsafe {
            let is_alone = ffi::sqlite3_get_autocommit(self.db) != 0;
            (is_alone, ffi::sqlite3_stmt_readonly(self.raw.as_ptr()) != 0)
        };
        match (is_alone, reads) {
            (true, true) => Some(Purpose::Read),
            (true, false) => Some(Purpose::Write),
            (false, _) => self.commits.then_some(Purpose::Commit),
        }
    }

    /// Writes to a file that is no longer in its place would be lost when the last connection closes it.
    fn refuse_moved_file(&self) -> Result<()> {
        let mut has_moved: c_int = 0;
        let (main, asked) = (c"main", ffi::SQLITE_FCNTL_HAS_MOVED);
        // SAFETY: the connection is open; the answer is written to `has_moved`.
        unsafe {
            let answer = (&raw mut has_moved).cast();
            ffi::sqlite3_file_control(self.db, main.as_ptr(), asked, answer);
        }
        if has_moved == 0 {
            return Ok(());
        }
        Err(moved("the file was deleted, moved or replaced while it was open; nothing was written"))
    }

    fn bind_one(&self, at: c_int, value: Value<'_>) -> Result<()> {
        let raw = self.raw.as_ptr();
        let length = |bytes: &[u8]| u64::try_from(bytes.len()).map_err(|_| too_long());
        // SAFETY: the statement is alive and not running. Texts and bytes are not copied: they outlive the `Use` that
        // the caller of `bind` holds, which unbinds them.
        let code = unsafe {
            match value {
                Value::Null => ffi::sqlite3_bind_null(raw, at),
                Value::Integer(number) => ffi::sqlite3_bind_int64(raw, at, number),
                Value::Real(number) => ffi::sqlite3_bind_double(raw, at, number),
                Value::Text(text) => {
                    let (start, encoding) = (text.as_ptr().cast(), ffi::SQLITE_UTF8 as u8);
                    ffi::sqlite3_bind_text64(
                        raw,
                        at,
                        start,
                        length(text)?,
                        ffi::SQLITE_STATIC(),
                        encoding,
                    )
                }
                // The pointer of an empty slice may be null, which SQLite would take for NULL.
                Value::Blob([]) => ffi::sqlite3_bind_zeroblob(raw, at, 0),
                Value::Blob(bytes) => {
                    let start = bytes.as_ptr().cast();
                    ffi::sqlite3_bind_blob64(raw, at, start, length(bytes)?, ffi::SQLITE_STATIC())
                }
            }
        };
        if code == ffi::SQLITE_OK { Ok(()) } else { Err(last_error(self.db)) }
    }

    fn sql(&self) -> String {
        // SAFETY: the statement is alive, and its text is copied.
        let sql = unsafe { CStr::from_ptr(ffi::sqlite3_sql(self.raw.as_ptr())) };
        sql.to_string_lossy().into_owned()
    }

    /// Steps to the next row; returns whether there is one.
    fn step(&self) -> Result<bool> {
        // SAFETY: the statement is alive.
        match unsafe { ffi::sqlite3_step(self.raw.as_ptr()) } {
            ffi::SQLITE_ROW => Ok(true),
            ffi::SQLITE_DONE => Ok(false),
            _ => Err(last_error(self.db)),
        }
    }
}

impl Statement for Prepared<'_> {
    fn execute(&mut self, parameters: &[Value<'_>]) -> Result<u64> {
        let _using = self.bind(parameters)?;
        while self.step()? {}
        // SAFETY: `db` is open.
        let changes = unsafe { ffi::sqlite3_changes64(self.db) };
        Ok(u64::try_from(changes).unwrap_or(0))
    }

    fn query(&mut self, parameters: &[Value<'_>], each: &mut EachRow<'_>) -> Result<()> {
        let _using = self.bind(parameters)?;
        // SAFETY: the statement is alive.
        let columns = unsafe { ffi::sqlite3_column_count(self.raw.as_ptr()) };
        while self.step()? {
            if each(&CurrentRow { statement: self, columns })? == Step::Stop {
                break;
            }
        }
        Ok(())
    }
}

/// The current row of a statement.
struct CurrentRow<'s> {
    statement: &'s Prepared<'s>,
    columns: c_int,
}

impl Row for CurrentRow<'_> {
    fn value(&self, column: usize) -> Result<Value<'_>> {
        let raw = self.statement.raw.as_ptr();
        let at = c_int::try_from(column).ok().filter(|at| *at < self.columns).ok_or_else(|| {
            StoreError::new(
                Code::Internal,
                format!("no column {column} in {}", self.statement.sql()),
            )
        })?;
        // SAFETY: the current row has this column. The borrowed bytes are valid until the next step, which cannot
        // happen while this row is borrowed. The text is requested before its length.
        unsafe {
            Ok(match ffi::sqlite3_column_type(raw, at) {
                ffi::SQLITE_INTEGER => Value::Integer(ffi::sqlite3_column_int64(raw, at)),
                ffi::SQLITE_FLOAT => Value::Real(ffi::sqlite3_column_double(raw, at)),
                ffi::SQLITE_TEXT => Value::Text(bytes(raw, at, ffi::sqlite3_column_text(raw, at))),
                ffi::SQLITE_BLOB => {
                    Value::Blob(bytes(raw, at, ffi::sqlite3_column_blob(raw, at).cast()))
                }
                _ => Value::Null,
            })
        }
    }
}

/// # Safety
///
/// `start` is what SQLite returned for this column of the current row.
unsafe fn bytes<'r>(raw: *mut ffi::sqlite3_stmt, column: c_int, start: *const u8) -> &'r [u8] {
    // SAFETY: unless `start` is null, SQLite has this many bytes there.
    unsafe {
        let length = ffi::sqlite3_column_bytes(raw, column);
        match usize::try_from(length) {
            Ok(length) if !start.is_null() => std::slice::from_raw_parts(start, length),
            _ => &[],
        }
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)] // a failing test is meant to panic

    use crate::db::{Bundled, Connection, OpenOptions};

    #[test]
    fn a_statement_is_prepared_once_whatever_is_bound() {
        let db = Bundled::open(":memory:", &OpenOptions::default()).unwrap();
        crate::schema::prepare(&db).unwrap();
        let sql = "INSERT INTO prompts (id, name, version, content)
                   SELECT ?, ?, COALESCE(MAX(version), 0) + 1, 'x' FROM prompts WHERE name = ?";
        for (id, name) in [("1", "a"), ("2", "b"), ("3", "a")] {
            (&db as &dyn Connection).execute(sql, &[id.into(), name.into(), name.into()]).unwrap();
        }
        let again = db.prepared_again(sql).unwrap();
        assert_eq!(again, 0);
    }
}
