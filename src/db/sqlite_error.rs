//! Maps SQLite's result codes to error codes.

use rusqlite::ffi;

use crate::error::{Code, Problem, StoreError, Violated};

/// Makes an error from SQLite's extended result code and its message.
pub fn sqlite_error(extended: i32, words: impl Into<String>) -> StoreError {
    let problem = Problem::Sqlite { words: words.into(), violated: violated(extended) };
    let mut error = StoreError::of(code_of(extended), problem);
    error.sqlite = Some(extended);
    error
}

/// Makes the error for a file that has moved since it was opened.
pub(super) fn moved(words: impl Into<String>) -> StoreError {
    let mut error = StoreError::new(Code::Io, words);
    error.sqlite = Some(ffi::SQLITE_READONLY_DBMOVED);
    error
}

/// Returns the code for an (extended) result code of SQLite.
fn code_of(extended: i32) -> Code {
    // The shared memory is a file too, and could not be extended.
    if extended == ffi::SQLITE_IOERR_SHMSIZE {
        return Code::DiskFull;
    }
    match extended & 0xff {
        ffi::SQLITE_CONSTRAINT => Code::Constraint,
        ffi::SQLITE_BUSY | ffi::SQLITE_LOCKED => Code::Busy,
        ffi::SQLITE_READONLY => Code::ReadOnly,
        ffi::SQLITE_CORRUPT => Code::Corrupt,
        ffi::SQLITE_NOTADB => Code::NotADatabase,
        ffi::SQLITE_FULL => Code::DiskFull,
        ffi::SQLITE_IOERR | ffi::SQLITE_CANTOPEN | ffi::SQLITE_PERM | ffi::SQLITE_NOLFS => Code::Io,
        ffi::SQLITE_TOOBIG => Code::TooLarge,
        ffi::SQLITE_INTERRUPT => Code::Interrupted,
        _ => Code::Sqlite,
    }
}

fn violated(extended: i32) -> Option<Violated> {
    match extended {
        ffi::SQLITE_CONSTRAINT_PRIMARYKEY | ffi::SQLITE_CONSTRAINT_UNIQUE => Some(Violated::Unique),
        ffi::SQLITE_CONSTRAINT_FOREIGNKEY => Some(Violated::Reference),
        _ => None,
    }
}

/// Returns whether an error reports damage in the file.
pub fn is_damage(error: &StoreError) -> bool {
    let of_file =
        [ffi::SQLITE_IOERR_CORRUPTFS, ffi::SQLITE_IOERR_DATA, ffi::SQLITE_IOERR_SHORT_READ];
    matches!(error.code, Code::Corrupt | Code::NotADatabase)
        || error.sqlite.is_some_and(|code| of_file.contains(&code))
}

impl From<rusqlite::Error> for StoreError {
    fn from(error: rusqlite::Error) -> Self {
        match error {
            rusqlite::Error::SqliteFailure(failure, message) => {
                let text = message.unwrap_or_else(|| failure.to_string());
                sqlite_error(failure.extended_code, text)
            }
            rusqlite::Error::SqlInputError { error, msg, .. } => {
                sqlite_error(error.extended_code, msg)
            }
            other => StoreError::new(Code::Internal, other.to_string()),
        }
    }
}
