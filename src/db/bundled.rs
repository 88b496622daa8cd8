//! Our own SQLite, on a file or in memory.

use std::path::{Path, PathBuf};
use std::rc::Rc;
use std::time::Duration;

use rusqlite::{OpenFlags, ffi};

use super::interrupt::CurrentScope;
use super::statement::StatementCache;
use super::turnstile::Turnstile;
use super::wal::use_wal;
use super::wal_files::WalFiles;
use super::{Connection, EachStep, InterruptScope, Interrupter, Statement, copy, library};
use crate::error::{Code, Problem, Result, StoreError};

/// Which failures an acknowledged write survives.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Durability {
    /// The death of the process.
    #[default]
    Normal,
    /// A power failure as well.
    Full,
}

named!(Durability {
    Normal = "normal",
    Full = "full",
});

/// How a file is opened.
#[derive(Clone, Debug)]
pub struct OpenOptions {
    /// Opens an existing file for reading only.
    pub read_only: bool,
    /// How long a writer waits for the lock.
    pub busy_timeout: Duration,
    /// Which failures an acknowledged write survives.
    pub durability: Durability,
}

impl Default for OpenOptions {
    fn default() -> Self {
        OpenOptions {
            read_only: false,
            busy_timeout: Duration::from_secs(5),
            durability: Durability::default(),
        }
    }
}

/// A connection that we opened.
pub struct Bundled {
    // Dropped before the connection that its statements belong to.
    statements: StatementCache,
    connection: rusqlite::Connection,
    // Dropped after the connection that calls them. SQLite keeps their addresses, so they cannot be in a Box: moving a
    // Box asserts that no other pointer refers to its content.
    turnstile: Rc<Turnstile>,
    scope: Rc<CurrentScope>,
    beside: WalFiles,
    busy_timeout: Duration,
}

impl Drop for Bundled {
    fn drop(&mut self) {
        if !self.beside.may_checkpoint() {
            // Our WAL is outdated: others have read and written a newer one since.
            let leaves_wal = rusqlite::config::DbConfig::SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE;
            let _ = self.connection.set_db_config(leaves_wal, true);
        }
        Turnstile::close(&mut self.turnstile);
    }
}

/// Page cache in KiB during a batch. Without room in the cache, a page is written early, and then again. The cache
/// grows only when it is used.
const LARGE_CACHE_KIB: u32 = 64 * 1024;
/// Page cache in KiB otherwise. The summary of 10,000 cases reads this much, and takes a third less time when the pages
/// are cached. After many transactions, SQLite walks through the whole cache; with the large cache, that took a sixth
/// of the time to save ten cases.
const CACHE_KIB: u32 = 16 * 1024;

/// Size of the WAL, in pages, at which a commit runs a checkpoint: twice SQLite's default. When rows are saved one by
/// one, most pages in the WAL are versions of the same few, and a checkpoint writes only the last version of each.
const CHECKPOINT_PAGES: u32 = 2000;

/// Bytes of the largest row. Its texts must fit into strings of V8, which have at most 2²⁹ - 24 characters, and the
/// JSON texts of a chunk share one string. `lib/rows/packer.js` refuses larger rows by name.
pub const MAX_ROW_BYTES: i32 = (1 << 29) - (1 << 20);

impl Bundled {
    /// Opens a file, a `file:` URI, `:memory:`, or with an empty path a private temporary database.
    pub fn open(path: &str, options: &OpenOptions) -> Result<Bundled> {
        library::set_up();
        if let Some(file) = file_of(path) {
            prepare_place(&file, options.read_only)?;
        }
        let opened = Bundled::connect(path, flags(path, options.read_only), options);
        match (opened, file_of(path)) {
            (Err(error), Some(file)) if lacks_wal(&error, &file) => {
                let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_URI;
                Bundled::connect(&immutable(path), flags | common_flags(), options)
            }
            (opened, _) => opened,
        }
    }

    fn connect(path: &str, flags: OpenFlags, options: &OpenOptions) -> Result<Bundled> {
        let connection = rusqlite::Connection::open_with_flags(path, flags)?;
        if path == ":memory:" {
            // A batch takes an eighth less time than with 4 KiB; in a file, single rows would take a fifth more.
            connection.pragma_update(None, "page_size", 8192)?;
        }
        let bundled = Bundled::of(connection, options.busy_timeout);
        bundled.set_up(options).map_err(|error| explain_locks(path, error))?;
        Ok(bundled)
    }

    /// Opens a damaged file to read what is readable, although SQLite rejects its schema or its size.
    pub fn open_damaged(path: &str, read_only: bool) -> Result<Bundled> {
        library::set_up();
        prepare_place(Path::new(path), true)?;
        let connection = rusqlite::Connection::open_with_flags(path, flags(path, read_only))?;
        // The only pragma that SQLite accepts before it reads the schema.
        connection.execute_batch("PRAGMA writable_schema = ON")?;
        let trusted = rusqlite::config::DbConfig::SQLITE_DBCONFIG_TRUSTED_SCHEMA;
        connection.set_db_config(trusted, false)?;
        let damaged = Bundled::of(connection, OpenOptions::default().busy_timeout);
        damaged.bound()?;
        Ok(damaged)
    }

    /// Copies a damaged file, which cannot be opened again in the usual way, page by page.
    pub fn copy_damaged_into(&self, file: &str) -> Result<()> {
        copy::copy(&self.connection, file, &mut |_| Ok(()))
    }

    fn of(connection: rusqlite::Connection, busy_timeout: Duration) -> Bundled {
        let file = connection.path().filter(|path| !path.is_empty()).map(str::to_owned);
        let beside = WalFiles::of(file.as_deref(), busy_timeout);
        let turnstile = Turnstile::new(file, busy_timeout);
        turnstile.install(&connection);
        let statements = StatementCache::default();
        let scope = Rc::default();
        Bundled { statements, connection, turnstile, scope, beside, busy_timeout }
    }

    /// Returns how often SQLite has re-prepared a statement by itself.
    #[cfg(test)]
    pub(super) fn prepared_again(&self, sql: &str) -> Result<i32> {
        let Bundled { statements, connection, turnstile, scope, beside, .. } = self;
        Ok(statements.prepare(connection, turnstile, scope, beside, sql)?.prepared_again())
    }

    /// Opens the same file once more for reading; `None` without a file.
    fn again(&self) -> Result<Option<Bundled>> {
        let options = OpenOptions {
            read_only: true,
            busy_timeout: self.busy_timeout,
            ..OpenOptions::default()
        };
        match self.connection.path() {
            Some(path) if !path.is_empty() => Bundled::open(path, &options).map(Some),
            _ => Ok(None),
        }
    }

    /// Returns whether the database is read-only, by our option or because of the file's permissions.
    pub fn is_read_only(&self) -> Result<bool> {
        Ok(self.connection.is_readonly("main")?)
    }

    /// Views and triggers in a file from someone else may be malicious. They cannot call functions that reach beyond
    /// the file, and no statement can change the text of the schema.
    fn distrust(&self) -> Result<()> {
        use rusqlite::config::DbConfig::{
            SQLITE_DBCONFIG_DEFENSIVE, SQLITE_DBCONFIG_TRUSTED_SCHEMA,
        };
        self.connection.set_db_config(SQLITE_DBCONFIG_DEFENSIVE, true)?;
        self.connection.set_db_config(SQLITE_DBCONFIG_TRUSTED_SCHEMA, false)?;
        Ok(())
    }

    /// Our own statements stay far below these limits; they bound the triggers and expressions in a file.
    fn bound(&self) -> Result<()> {
        use rusqlite::limits::Limit;
        for (limit, most) in [
            (Limit::SQLITE_LIMIT_LENGTH, MAX_ROW_BYTES),
            (Limit::SQLITE_LIMIT_EXPR_DEPTH, 200),
            (Limit::SQLITE_LIMIT_COMPOUND_SELECT, 100),
            (Limit::SQLITE_LIMIT_VDBE_OP, 100_000),
            (Limit::SQLITE_LIMIT_TRIGGER_DEPTH, 20),
            (Limit::SQLITE_LIMIT_LIKE_PATTERN_LENGTH, 10_000),
        ] {
            self.connection.set_limit(limit, most)?;
        }
        Ok(())
    }

    // Plans do not depend on bound values. Otherwise SQLite re-prepares some statements each time, which made creating
    // a version of a prompt take twice as long.
    fn keep_plans(&self) -> Result<()> {
        let stable = rusqlite::config::DbConfig::SQLITE_DBCONFIG_ENABLE_QPSG;
        self.connection.set_db_config(stable, true)?;
        Ok(())
    }

    fn set_up(&self, options: &OpenOptions) -> Result<()> {
        self.distrust()?;
        self.bound()?;
        self.keep_plans()?;
        let synchronous = match options.durability {
            Durability::Normal => "NORMAL",
            // In WAL mode, EXTRA equals FULL. While a new file is switched to WAL, EXTRA also syncs the deletion of the
            // rollback journal: a journal that reappears after a power failure would undo everything saved since.
            Durability::Full => "EXTRA",
        };
        self.execute_script(&format!(
            "PRAGMA synchronous = {synchronous}; PRAGMA foreign_keys = ON; PRAGMA cache_size = -{CACHE_KIB}; \
             PRAGMA wal_autocheckpoint = {CHECKPOINT_PAGES};"
        ))
    }

    fn turn_to_wal(&self) -> Result<()> {
        Ok(self.connection.query_row("PRAGMA journal_mode = WAL", [], |_| Ok(()))?)
    }
}

/// Returns the file that a path names, `None` for memory, temporary databases and URIs.
fn file_of(path: &str) -> Option<PathBuf> {
    let is_file = !path.is_empty() && path != ":memory:" && !path.starts_with("file:");
    is_file.then(|| PathBuf::from(path))
}

fn prepare_place(file: &Path, read_only: bool) -> Result<()> {
    // Links are followed, as SQLite does: the caller chose the path.
    match std::fs::metadata(file) {
        Ok(found) => return refuse_other_kinds(file, &found),
        Err(error) if read_only && error.kind() == std::io::ErrorKind::NotFound => {
            return Err(StoreError::new(
                Code::NotFound,
                format!("{} does not exist", file.display()),
            ));
        }
        // SQLite reports what is wrong with it.
        Err(_) if read_only => return Ok(()),
        Err(_) => {}
    }
    match file.parent() {
        Some(folder) if !folder.as_os_str().is_empty() => std::fs::create_dir_all(folder)
            .map_err(|error| StoreError::io("create the directory", folder, &error)),
        _ => Ok(()),
    }
}

/// Opening a FIFO would block forever, and a device discards what is written.
fn refuse_other_kinds(file: &Path, found: &std::fs::Metadata) -> Result<()> {
    let kind = match found.file_type() {
        kind if kind.is_file() => return Ok(()),
        kind if kind.is_dir() => "a directory",
        _ => "a device, a FIFO or a socket",
    };
    let message = format!("cannot open {}: it is {kind}, not a file", file.display());
    Err(StoreError::new(Code::Io, message))
}

fn common_flags() -> OpenFlags {
    OpenFlags::SQLITE_OPEN_NO_MUTEX | OpenFlags::SQLITE_OPEN_EXRESCODE
}

/// Returns whether SQLite refused a file in WAL mode because its folder is read-only and has no WAL. SQLite cannot
/// create one there; without a WAL, the file is complete by itself.
fn lacks_wal(error: &StoreError, file: &Path) -> bool {
    let mut wal = file.as_os_str().to_owned();
    wal.push("-wal");
    error.sqlite == Some(ffi::SQLITE_READONLY_DIRECTORY)
        && matches!(Path::new(&wal).try_exists(), Ok(false))
}

/// Returns the URI by which SQLite reads a file as immutable, without locks or a WAL.
fn immutable(path: &str) -> String {
    let path = path.replace('%', "%25").replace('?', "%3f").replace('#', "%23");
    format!("file:{path}?immutable=1")
}

fn flags(path: &str, read_only: bool) -> OpenFlags {
    let mut flags = common_flags();
    flags |= if read_only {
        OpenFlags::SQLITE_OPEN_READ_ONLY
    } else {
        OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_CREATE
    };
    if path.starts_with("file:") {
        flags |= OpenFlags::SQLITE_OPEN_URI;
    }
    flags
}

/// Says what to do on a file system without open file description locks.
fn explain_locks(path: &str, mut error: StoreError) -> StoreError {
    let of_locking = [ffi::SQLITE_IOERR_LOCK, ffi::SQLITE_IOERR_RDLOCK, ffi::SQLITE_IOERR_UNLOCK];
    if error.sqlite.is_some_and(|code| of_locking.contains(&code)) {
        let words = format!(
            "the file system of {path} refuses open file description locks, which keep other copies of SQLite \
             in this process from dropping ours; put the store on another file system, or set \
             RUNSTORE_POSIX_LOCKS=1 if nothing else in this process opens the file ({})",
            error.message()
        );
        error.problem = Problem::Other(words);
    }
    error
}

impl Connection for Bundled {
    fn prepare<'c>(&'c self, sql: &str) -> Result<Box<dyn Statement + 'c>> {
        let Bundled { statements, connection, turnstile, scope, beside, .. } = self;
        Ok(Box::new(statements.prepare(connection, turnstile, scope, beside, sql)?))
    }

    fn execute_script(&self, sql: &str) -> Result<()> {
        Ok(self.connection.execute_batch(sql)?)
    }

    fn in_transaction(&self) -> Result<bool> {
        Ok(!self.connection.is_autocommit())
    }

    fn settle(&self) -> Result<()> {
        if self.is_read_only()? {
            return Ok(());
        }
        use_wal(self.busy_timeout, || self.turn_to_wal())
    }

    fn expect_many_rows(&self, many: bool) {
        let kib = if many { LARGE_CACHE_KIB } else { CACHE_KIB };
        // The cache size only affects speed, so a failure is ignored.
        let _ = self.execute_script(&format!("PRAGMA cache_size = -{kib}"));
    }

    fn is_shared(&self) -> bool {
        false
    }

    /// Reads through a separate connection, so that the copy contains neither an open batch of this connection nor rows
    /// that are saved meanwhile.
    fn copy_into(&self, file: &str, each: &mut EachStep<'_>) -> Result<()> {
        match self.again()? {
            Some(other) => copy::copy(&other.connection, file, each),
            None => copy::copy(&self.connection, file, each),
        }
    }

    fn interrupter(&self) -> Option<Interrupter> {
        Some(Interrupter(self.connection.get_interrupt_handle()))
    }

    fn heed(&self, interrupts: Option<InterruptScope>) {
        self.scope.set(interrupts, &self.connection);
    }

    /// SQLite checkpoints and removes the WAL when the last connection closes. While others remain, a connection that
    /// has written checkpoints as much as it can.
    fn finish(&self) {
        if !self.turnstile.has_written() || !self.beside.may_checkpoint() {
            return;
        }
        // The rest stays in the WAL for the next connection.
        let _ = self.connection.query_row("PRAGMA wal_checkpoint(PASSIVE)", [], |_| Ok(()));
    }
}
