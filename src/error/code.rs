//! The permanent codes.

/// The kind of an error, in terms that a caller can act on. The names are permanent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Code {
    /// An argument has the wrong value.
    InvalidArgument,
    /// An id exists already, or a referenced row does not exist.
    Constraint,
    /// A file that has to exist does not.
    NotFound,
    /// A name matches several runs.
    Ambiguous,
    /// A run was to be compared with itself.
    SameRun,
    /// A file exists that must not, or must not be replaced.
    Exists,
    /// The store, or the handle that it uses, was closed.
    Closed,
    /// Other processes kept the file locked for too long.
    Busy,
    /// A write to a file that cannot be written.
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
    /// A value is larger than SQLite accepts.
    TooLarge,
    /// The operation was interrupted.
    Interrupted,
    /// Any other error of SQLite.
    Sqlite,
    /// An exception of the host's own code, to be passed on unchanged.
    Host,
    /// A bug in runstore.
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
}
