//! The `-wal` and the `-shm`, which SQLite keeps beside a database.
//!
//! SQLite opens them by name once and does not check them again. If they are deleted meanwhile, other connections do not see
//! what is only in the `-wal`, and the next one to open the database creates new files, with locks that we do not see.
//! Therefore we check them before each read and write, and create new files ourselves while the old ones are still open.
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
    /// To read, outside of any transaction.
    Read,
    /// To begin to write.
    Write,
    /// To end a transaction.
    Commit,
}

/// Checks the files beside a database. Each connection has one.
pub(super) struct WalFiles {
    /// `None` where there is no file.
    database: Option<CString>,
    busy_timeout: Duration,
    looked: Cell<Option<Instant>>,
}

/// What became of them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct WalState(c_int);

impl WalState {
    const WHOLE: WalState = WalState(0);
    const WAL_DELETED: WalState = WalState(1);
    const REPLACED: c_int = 2 | 8;

    /// Others have gone on with new files, which our locks know nothing of.
    fn is_replaced(self) -> bool {
        self.0 & Self::REPLACED != 0
    }

    /// The ends of the names that are concerned.
    fn names(self) -> &'static str {
        match (self.0 & 3 != 0, self.0 & 12 != 0) {
            (true, false) => "-wal",
            (false, _) => "-shm",
            (true, true) => "-wal and -shm",
        }
    }
}

impl WalFiles {
    /// Takes the path by which SQLite calls the file.
    pub(super) fn of(database: Option<&str>, busy_timeout: Duration) -> Self {
        let database = database.and_then(|path| CString::new(path).ok());
        WalFiles { database, busy_timeout, looked: Cell::default() }
    }

    /// Returns whether the connection may write the `-wal` back when it is closed: not where others have gone on.
    pub(super) fn may_checkpoint(&self) -> bool {
        !self.state().is_replaced()
    }

    /// Refuses what would be lost or wrong, after having tried to set it right.
    pub(super) fn check(&self, db: *mut ffi::sqlite3, purpose: Purpose) -> Result<()> {
        if purpose == Purpose::Read && !self.is_time_to_look() {
            return Ok(());
        }
        match self.state() {
            WalState::WHOLE => Ok(()),
            state => self.set_right(db, state, purpose),
        }
    }

    fn is_time_to_look(&self) -> bool {
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
        // With the -shm gone, others who open the database now would not see our locks.
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

    /// Leaves WAL mode, which writes all back and needs the file for us alone, and enters it again.
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
    // SAFETY: the connection is open, and no answer is asked for.
    let code = unsafe { ffi::sqlite3_exec(db, sql.as_ptr(), None, null_mut(), null_mut()) };
    if code == ffi::SQLITE_OK {
        return Ok(());
    }
    Err(sqlite_error(code, sql.to_string_lossy()))
}

/// Writes back what is in the `-wal`, as far as no reader is in the way; returns whether that was all.
fn write_back(db: *mut ffi::sqlite3) -> bool {
    let (mut frames, mut written) = (0, 0);
    let passive = ffi::SQLITE_CHECKPOINT_PASSIVE;
    let main = c"main".as_ptr();
    // SAFETY: the connection is open; the answers are written to the two numbers.
    let code =
        unsafe { ffi::sqlite3_wal_checkpoint_v2(db, main, passive, &mut frames, &mut written) };
    code == ffi::SQLITE_OK && frames == written
}
