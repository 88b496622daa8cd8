//! Installs the functions of `ofd_locks.c` in our SQLite, once, before the first file is opened, and reports which kind
//! of locks is in use.

use std::sync::atomic::{AtomicBool, Ordering};

/// Whether our SQLite uses open file description locks.
static IN_USE: AtomicBool = AtomicBool::new(false);

#[cfg(unix)]
pub(super) fn install() {
    // For file systems that refuse these locks, and for the test that shows why they are needed.
    if std::env::var_os("RUNSTORE_POSIX_LOCKS").is_none_or(|value| value != "1") {
        IN_USE.store(unix::replace_system_calls(), Ordering::Relaxed);
    }
}

/// A separate descriptor on a database file, for its turnstile.
#[cfg(unix)]
pub(super) use unix::Descriptor;

/// Returns the state of the files beside an open database, as `runstore_beside` reports it; 0 where our SQLite opens
/// files in its own way.
#[cfg(unix)]
pub(super) fn beside(database: &std::ffi::CStr) -> i32 {
    if IN_USE.load(Ordering::Relaxed) { unix::beside(database) } else { 0 }
}

/// An open file cannot be deleted there.
#[cfg(not(unix))]
pub(super) fn beside(_: &std::ffi::CStr) -> i32 {
    0
}

/// On Windows, locks already belong to the handle.
#[cfg(not(unix))]
pub(super) fn install() {}

/// There is no turnstile here.
#[cfg(not(unix))]
pub(super) enum Descriptor {}

#[cfg(not(unix))]
#[allow(missing_docs)]
impl Descriptor {
    pub(super) fn open(_: &str) -> Option<Descriptor> {
        None
    }
    pub(super) fn is_taken(&self) -> bool {
        match *self {}
    }
    pub(super) fn take(&self) -> bool {
        match *self {}
    }
    pub(super) fn leave(&self) {
        match *self {}
    }
}

#[cfg(unix)]
#[allow(unsafe_code)] // SQLite's own hook for this, `xSetSystemCall`, is reached only through its C structures
mod unix {
    use std::ffi::{CStr, c_char, c_int, c_void};
    use std::mem::transmute;

    use rusqlite::ffi;

    // The values of the system's headers; std does not export them.
    const O_RDWR: c_int = 2;
    const O_CLOEXEC: c_int = if cfg!(target_os = "macos") { 0x0100_0000 } else { 0o2_000_000 };

    type SystemCall = unsafe extern "C" fn();
    type Open = unsafe extern "C" fn(*const c_char, c_int, c_int) -> c_int;
    type Close = unsafe extern "C" fn(c_int) -> c_int;
    type Fcntl = unsafe extern "C" fn(c_int, c_int, ...) -> c_int;
    type Pwrite = unsafe extern "C" fn(c_int, *const c_void, usize, i64) -> isize;

    unsafe extern "C" {
        fn runstore_has_ofd_locks() -> c_int;
        fn runstore_open(path: *const c_char, flags: c_int, mode: c_int) -> c_int;
        fn runstore_close(descriptor: c_int) -> c_int;
        fn runstore_turnstile(descriptor: c_int, action: c_int) -> c_int;
        fn runstore_beside(database: *const c_char) -> c_int;
        fn runstore_fcntl(descriptor: c_int, command: c_int, ...) -> c_int;
        fn runstore_pwrite(
            descriptor: c_int,
            bytes: *const c_void,
            length: usize,
            offset: i64,
        ) -> isize;
    }

    pub(super) fn beside(database: &CStr) -> c_int {
        // SAFETY: the path is read up to its NUL.
        unsafe { runstore_beside(database.as_ptr()) }
    }

    /// Returns whether they were installed.
    pub(super) fn replace_system_calls() -> bool {
        // SAFETY: the VFS that SQLite returns lives forever, and its calls are replaced before we open any file. Each
        // function has the type to which SQLite casts the call of that name.
        unsafe {
            let vfs = ffi::sqlite3_vfs_find(std::ptr::null());
            if vfs.is_null() || runstore_has_ofd_locks() == 0 {
                return false;
            }
            let calls: [(&CStr, SystemCall); 4] = [
                (c"open", transmute::<Open, SystemCall>(runstore_open)),
                (c"close", transmute::<Close, SystemCall>(runstore_close)),
                (c"fcntl", transmute::<Fcntl, SystemCall>(runstore_fcntl)),
                (c"pwrite", transmute::<Pwrite, SystemCall>(runstore_pwrite)),
            ];
            if let Some(set) = (*vfs).xSetSystemCall {
                for (name, call) in calls {
                    set(vfs, name.as_ptr(), Some(call));
                }
                return true;
            }
            false
        }
    }

    /// A descriptor that can be closed without dropping any lock.
    pub(in super::super) struct Descriptor(c_int);

    impl Descriptor {
        /// Opens the file; `None` if it cannot be written, or if we use another kind of locks.
        pub(in super::super) fn open(path: &str) -> Option<Descriptor> {
            if !super::IN_USE.load(super::Ordering::Relaxed) {
                return None;
            }
            let path = std::ffi::CString::new(path).ok()?;
            // SAFETY: the path ends with a NUL; the descriptor is closed by `runstore_close` alone.
            let descriptor = unsafe { runstore_open(path.as_ptr(), O_RDWR | O_CLOEXEC, 0) };
            (descriptor >= 0).then_some(Descriptor(descriptor))
        }

        pub(in super::super) fn is_taken(&self) -> bool {
            self.turnstile(0)
        }

        pub(in super::super) fn take(&self) -> bool {
            self.turnstile(1)
        }

        pub(in super::super) fn leave(&self) {
            self.turnstile(2);
        }

        fn turnstile(&self, action: c_int) -> bool {
            // SAFETY: the descriptor is open and not shared.
            unsafe { runstore_turnstile(self.0, action) == 1 }
        }
    }

    impl Drop for Descriptor {
        fn drop(&mut self) {
            // A parked descriptor would keep the lock.
            self.leave();
            // SAFETY: the descriptor is open, and closed once.
            unsafe { runstore_close(self.0) };
        }
    }
}

#[cfg(all(test, unix))]
#[allow(clippy::unwrap_used)] // a failing test is meant to panic
mod tests {
    use std::path::Path;

    use crate::db::{Bundled, Connection, OpenOptions};

    fn open(file: &Path) -> Bundled {
        Bundled::open(file.to_str().unwrap(), &OpenOptions::default()).unwrap()
    }

    fn count(db: &dyn Connection, sql: &str) -> i64 {
        db.query_one(sql, &[], |row| row.integer(0)).unwrap().unwrap()
    }

    /// Opens what another process finds after this one was killed: the file and its -wal in their current state.
    fn left_behind(file: &Path) -> Bundled {
        let beside = |file: &Path, end: &str| format!("{}{end}", file.display());
        let copy = file.with_file_name("copy.db");
        std::fs::copy(file, &copy).unwrap();
        std::fs::copy(beside(file, "-wal"), beside(&copy, "-wal")).unwrap();
        open(&copy)
    }

    #[test]
    fn a_committed_transaction_is_in_the_wal_after_its_pages_were_written_several_times() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("store.db");
        let db = open(&file);
        db.settle().unwrap();
        // With so few cached pages, a transaction writes each of its pages to the WAL several times.
        db.execute_script("PRAGMA cache_size = 10; PRAGMA wal_autocheckpoint = 0").unwrap();
        db.execute_script("CREATE TABLE t (id BLOB PRIMARY KEY, text TEXT)").unwrap();
        for transaction in 1..=5 {
            db.execute_script(
                "BEGIN IMMEDIATE;
                 WITH RECURSIVE n(i) AS (VALUES (1) UNION ALL SELECT i + 1 FROM n WHERE i < 1000)
                 INSERT INTO t SELECT randomblob(16), printf('%0200d', i) FROM n;
                 COMMIT",
            )
            .unwrap();
            let found = left_behind(&file);
            assert_eq!(count(&found, "SELECT count(*) FROM t"), transaction * 1000);
            let whole = "SELECT integrity_check = 'ok' FROM pragma_integrity_check";
            assert_eq!(count(&found, whole), 1);
        }
    }

    #[test]
    fn a_rollback_does_not_overwrite_later_writes_of_others() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("store.db");
        let (one, other) = (open(&file), open(&file));
        one.settle().unwrap();
        one.execute_script("PRAGMA cache_size = 10; CREATE TABLE t (i INTEGER, text TEXT)")
            .unwrap();
        let insert =
            "WITH RECURSIVE n(i) AS (VALUES (1) UNION ALL SELECT i + 1 FROM n WHERE i < 500)
                      INSERT INTO t SELECT i, printf('%0200d', i) FROM n;";
        for round in 1..=5 {
            one.execute_script(&format!("BEGIN IMMEDIATE; {insert} ROLLBACK")).unwrap();
            other.execute_script(insert).unwrap();
            assert_eq!(count(&one, "SELECT count(*) FROM t"), round * 500);
            assert_eq!(count(&left_behind(&file), "SELECT count(*) FROM t"), round * 500);
        }
    }

    /// Its descriptor must not be treated as that of a WAL, whatever the name is.
    #[test]
    fn a_database_may_have_a_name_that_ends_in_wal() {
        let folder = tempfile::tempdir().unwrap();
        for name in ["a-wal", "a-shm"] {
            let db = open(&folder.path().join(name));
            db.settle().unwrap();
            db.execute_script("CREATE TABLE t (i INTEGER); INSERT INTO t VALUES (1)").unwrap();
            assert_eq!(count(&db, "SELECT i FROM t"), 1);
        }
    }
}
