//! The one error of the core: a permanent code, and a message for a person.

use std::fmt;

/// What went wrong, in the terms a caller can act on. The names are permanent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Code {
    /// An argument has the wrong value.
    InvalidArgument,
    /// An id exists already, or something that is referred to does not.
    Constraint,
    /// A file that has to exist does not.
    NotFound,
    /// A name that may mean several.
    Ambiguous,
    /// A run that is to be compared with itself.
    SameRun,
    /// A file that must not exist does, or is none that may be replaced.
    Exists,
    /// The store, or the handle that it uses, was closed.
    Closed,
    /// Others kept the file locked for too long.
    Busy,
    /// A write where nothing can be written.
    ReadOnly,
    /// The file is damaged.
    Corrupt,
    /// The file is not a SQLite database.
    NotADatabase,
    /// The tables are not those of a run store, or cannot be migrated.
    Schema,
    /// The file was written by a newer runstore.
    SchemaTooNew,
    /// The disk or quota is full.
    DiskFull,
    /// The operating system refused.
    Io,
    /// A value is larger than SQLite takes.
    TooLarge,
    /// The operation was interrupted.
    Interrupted,
    /// Any other error of SQLite.
    Sqlite,
    /// An exception of the host's own code, to be passed on as it is.
    Host,
    /// A fault in runstore itself.
    Internal,
}

impl Code {
    /// Returns the public name, for instance `ERR_RUNSTORE_BUSY`.
    pub fn name(self) -> &'static str {
        match self {
            Code::InvalidArgument => "ERR_RUNSTORE_INVALID_ARGUMENT",
            Code::Constraint => "ERR_RUNSTORE_CONSTRAINT",
            Code::NotFound => "ERR_RUNSTORE_NOT_FOUND",
            Code::Ambiguous => "ERR_RUNSTORE_AMBIGUOUS",
            Code::SameRun => "ERR_RUNSTORE_SAME_RUN",
            Code::Exists => "ERR_RUNSTORE_EXISTS",
            Code::Closed => "ERR_RUNSTORE_CLOSED",
            Code::Busy => "ERR_RUNSTORE_BUSY",
            Code::ReadOnly => "ERR_RUNSTORE_READONLY",
            Code::Corrupt => "ERR_RUNSTORE_CORRUPT",
            Code::NotADatabase => "ERR_RUNSTORE_NOT_A_DATABASE",
            Code::Schema => "ERR_RUNSTORE_SCHEMA",
            Code::SchemaTooNew => "ERR_RUNSTORE_SCHEMA_TOO_NEW",
            Code::DiskFull => "ERR_RUNSTORE_DISK_FULL",
            Code::Io => "ERR_RUNSTORE_IO",
            Code::TooLarge => "ERR_RUNSTORE_TOO_LARGE",
            Code::Interrupted => "ERR_RUNSTORE_INTERRUPTED",
            Code::Sqlite => "ERR_RUNSTORE_SQLITE",
            Code::Host => "ERR_RUNSTORE_HOST",
            Code::Internal => "ERR_RUNSTORE_INTERNAL",
        }
    }

    /// Returns the code for one of SQLite's (extended) result codes.
    pub fn of_sqlite(extended: i32) -> Code {
        use rusqlite::ffi;
        // The shared memory is a file as well, which could not be made longer.
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
            ffi::SQLITE_IOERR | ffi::SQLITE_CANTOPEN | ffi::SQLITE_PERM | ffi::SQLITE_NOLFS => {
                Code::Io
            }
            ffi::SQLITE_TOOBIG => Code::TooLarge,
            ffi::SQLITE_INTERRUPT => Code::Interrupted,
            _ => Code::Sqlite,
        }
    }
}

/// An error of the store.
#[derive(Clone, Debug)]
pub struct StoreError {
    /// What a caller can act on.
    pub code: Code,
    /// What happened to which argument, row or file.
    pub message: String,
    /// SQLite's extended result code, when SQLite was involved.
    pub sqlite: Option<i32>,
}

/// The result of everything in the core.
pub type Result<T, E = StoreError> = std::result::Result<T, E>;

impl StoreError {
    /// Makes an error in which SQLite was not involved.
    pub fn new(code: Code, message: impl Into<String>) -> Self {
        StoreError { code, message: message.into(), sqlite: None }
    }

    /// Makes an error from SQLite's extended result code and its own words.
    pub fn sqlite(extended: i32, message: impl Into<String>) -> Self {
        StoreError {
            code: Code::of_sqlite(extended),
            message: message.into(),
            sqlite: Some(extended),
        }
    }

    /// Makes an error for a file operation of the operating system.
    pub fn io(doing: &str, path: &std::path::Path, error: &std::io::Error) -> Self {
        let code = match error.kind() {
            std::io::ErrorKind::StorageFull | std::io::ErrorKind::QuotaExceeded => Code::DiskFull,
            std::io::ErrorKind::ReadOnlyFilesystem => Code::ReadOnly,
            _ => Code::Io,
        };
        StoreError::new(code, format!("cannot {doing} {}: {error}", path.display()))
    }

    /// Puts what was being done before the message; a host's own exception stays as it is.
    #[must_use]
    pub fn during(mut self, operation: &str) -> Self {
        if self.code != Code::Host {
            self.message = format!("{operation}: {}", self.message);
        }
        self
    }

    /// Puts the file behind the message, unless the message names it already.
    #[must_use]
    pub fn in_file(mut self, path: &str) -> Self {
        if self.code != Code::Host && !self.message.contains(path) {
            self.message = format!("{} (in {path})", self.message);
        }
        self
    }

    /// Returns whether SQLite refused the value of a unique column.
    pub fn is_duplicate(&self) -> bool {
        use rusqlite::ffi::{SQLITE_CONSTRAINT_PRIMARYKEY, SQLITE_CONSTRAINT_UNIQUE};
        matches!(self.sqlite, Some(SQLITE_CONSTRAINT_PRIMARYKEY | SQLITE_CONSTRAINT_UNIQUE))
    }

    /// Returns whether SQLite refused a reference to a row that does not exist.
    pub fn is_dangling(&self) -> bool {
        self.sqlite == Some(rusqlite::ffi::SQLITE_CONSTRAINT_FOREIGNKEY)
    }
}

impl fmt::Display for StoreError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl std::error::Error for StoreError {}

impl From<rusqlite::Error> for StoreError {
    fn from(error: rusqlite::Error) -> Self {
        match error {
            rusqlite::Error::SqliteFailure(failure, message) => {
                let text = message.unwrap_or_else(|| failure.to_string());
                StoreError::sqlite(failure.extended_code, text)
            }
            rusqlite::Error::SqlInputError { error, msg, .. } => {
                StoreError::sqlite(error.extended_code, msg)
            }
            other => StoreError::new(Code::Internal, other.to_string()),
        }
    }
}
