//! The `-wal` and the `-shm`, which SQLite keeps beside a database.
//!
//! SQLite opens them by name once and does not check them again. If they are deleted meanwhile, other connections do
//! not see the content of the `-wal`, and the next one to open the database creates new files, with locks that are
//! invisible here. Therefore they are checked before each read and write, and created again while the old ones are still
//! open.
#![allow(unsafe_code)] // SQLite's interface is C

use std::cell::Cell;
use std::ffi::{CStr, CString, c_int};
use std::ptr::null_mut;
use std::time::{Duration, Instant};

use rusqlite::ffi;

use super::ofd_locks;
use super::sqlite_error::{moved, sqlite_error};
use super::wal::use_wal;
use crate::error::{Result, StoreError};

/// The time between two checks by readers.
const BETWEEN_LOOKS: Duration = Duration::from_millis(10);

/// The operation before which the files are checked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Purpose {
    /// A read outside any transaction.
    Read,
    /// The start of a write.
    Write,
    /// The end of a transaction.
    Commit,
}

/// Checks the files beside a database. Each connection has one.
pub(super) struct WalFiles {
    /// `None` without a file.
    database: Option<CString>,
    busy_timeout: Duration,
    looked: Cell<Option<Instant>>,
}

/// The state of the two files.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct WalState(c_int);

impl WalState {
    const WHOLE: WalState = WalState(0);
    const WAL_DELETED: WalState = WalState(1);
    const REPLACED: c_int = 2 | 8;

    /// Other processes have created new files, with locks that are invisible here.
    fn is_replaced(self) -> bool {
        self.0 & Self::REPLACED != 0
    }

    /// The suffixes of the affected files.
    fn names(self) -> &'static str {
        match (self.0 & 3 != 0, self.0 & 12 != 0) {
            (true, false) => "-wal",
            (false, _) => "-shm",
            (true, true) => "-wal and -shm",
        }
    }
}

impl WalFiles {
    /// Takes the path by which SQLite refers to the file.
    pub(super) fn of(database: Option<&str>, busy_timeout: Duration) -> Self {
        let database = database.and_then(|path| CString::new(path).ok());
        WalFiles { database, busy_timeout, looked: Cell::default() }
    }

    /// Returns whether the connection may checkpoint the `-wal` when it closes: not after others have created a new
    /// one.
    pub(super) fn may_checkpoint(&self) -> bool {
        !self.state().is_replaced()
    }

    /// Refuses an operation that would be lost or return stale rows, after an attempt to restore the files.
    pub(super) fn check(&self, db: *mut ffi::sqlite3, purpose: Purpose) -> Result<()> {
        if purpose == Purpose::Read && !self.is_check_due() {
            return Ok(());
        }
        match self.state() {
            WalState::WHOLE => Ok(()),
            state => self.set_right(db, state, purpose),
        }
    }

    fn is_check_due(&self) -> bool {
        if self.database.is_none() {
            return false;
        }
        let is_time = self.looked.get().is_none_or(|looked| looked.elapsed() >= BETWEEN_LOOKS);
        if is_time {
            self.looked.set(Some(Instant::now()));
        }
        is_time
    }

    fn state(&self) -> WalState {
        self.database.as_deref().map_or(WalState::WHOLE, |path| WalState(ofd_locks::beside(path)))
    }

    #[cold]
    fn set_right(&self, db: *mut ffi::sqlite3, state: WalState, purpose: Purpose) -> Result<()> {
        if state.is_replaced() {
            return Err(self.error(
                state,
                "other processes have created a new one since; close the store and open it again",
            ));
        }
        if purpose == Purpose::Commit {
            return Err(self.error(state, "nothing of this transaction was saved; try again"));
        }
        if self.begin_new_files(db) {
            return Ok(());
        }
        // Without the -shm, processes that open the database now would not see our locks.
        let is_safe = state == WalState::WAL_DELETED && write_back(db);
        match purpose {
            Purpose::Read => Ok(()),
            _ if is_safe => Err(self.error(
                state,
                "nothing was written; what was saved before is in the file itself now; it goes on when all others \
                 who have the file open have closed it",
            )),
            _ => Err(self.error(
                state,
                "nothing was written; it continues when all other processes have closed the file",
            )),
        }
    }

    /// Leaves WAL mode, which requires exclusive access and writes everything to the database, and enters it again.
    fn begin_new_files(&self, db: *mut ffi::sqlite3) -> bool {
        run(db, c"PRAGMA journal_mode = DELETE").is_ok()
            && use_wal(self.busy_timeout, || run(db, c"PRAGMA journal_mode = WAL")).is_ok()
            && self.state() == WalState::WHOLE
    }

    fn error(&self, state: WalState, what: &str) -> StoreError {
        let path = self.database.as_deref().unwrap_or_default().to_string_lossy();
        let names = state.names();
        moved(format!("the {names} of {path} was deleted while it was open: {what}"))
    }
}

fn run(db: *mut ffi::sqlite3, sql: &CStr) -> Result<()> {
    // SAFETY: the connection is open, and no result is requested.
    let code = unsafe { ffi::sqlite3_exec(db, sql.as_ptr(), None, null_mut(), null_mut()) };
    if code == ffi::SQLITE_OK {
        return Ok(());
    }
    Err(sqlite_error(code, sql.to_string_lossy()))
}

/// Runs a checkpoint, as far as readers allow; returns whether it was complete.
fn write_back(db: *mut ffi::sqlite3) -> bool {
    let (mut frames, mut written) = (0, 0);
    let passive = ffi::SQLITE_CHECKPOINT_PASSIVE;
    let main = c"main".as_ptr();
    // SAFETY: the connection is open; the results are written to the two numbers.
    let code =
        unsafe { ffi::sqlite3_wal_checkpoint_v2(db, main, passive, &mut frames, &mut written) };
    code == ffi::SQLITE_OK && frames == written
}
