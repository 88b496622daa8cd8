//! Installs the functions of `ofd_locks.c` in our SQLite, once, before the first file is opened, and knows which locks
//! it has there.

use std::sync::atomic::{AtomicBool, Ordering};

/// Whether our SQLite locks by open file description.
static IN_USE: AtomicBool = AtomicBool::new(false);

#[cfg(unix)]
pub(super) fn install() {
    use std::sync::Once;
    static INSTALLED: Once = Once::new();
    INSTALLED.call_once(|| {
        // For file systems that refuse these locks, and for the test that shows what they prevent.
        if std::env::var_os("RUNSTORE_POSIX_LOCKS").is_none_or(|value| value != "1") {
            IN_USE.store(unix::replace_system_calls(), Ordering::Relaxed);
        }
    });
}

/// A descriptor of our own on a database file, for its turnstile.
#[cfg(unix)]
pub(super) use unix::Descriptor;

/// Returns what became of the files beside a database while they are open, as `runstore_beside` has it; 0 where our SQLite
/// opens files by itself.
#[cfg(unix)]
pub(super) fn beside(database: &std::ffi::CStr) -> i32 {
    if IN_USE.load(Ordering::Relaxed) { unix::beside(database) } else { 0 }
}

/// A file that is open cannot be deleted.
#[cfg(not(unix))]
pub(super) fn beside(_: &std::ffi::CStr) -> i32 {
    0
}

/// Windows' locks belong to the handle already.
#[cfg(not(unix))]
pub(super) fn install() {}

/// There is no turnstile.
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
    use std::ffi::{CStr, c_char, c_int};
    use std::mem::transmute;

    use rusqlite::ffi;

    // As the system's own headers have them; std does not pass them on.
    const O_RDWR: c_int = 2;
    const O_CLOEXEC: c_int = if cfg!(target_os = "macos") { 0x0100_0000 } else { 0o2_000_000 };

    type SystemCall = unsafe extern "C" fn();
    type Open = unsafe extern "C" fn(*const c_char, c_int, c_int) -> c_int;
    type Close = unsafe extern "C" fn(c_int) -> c_int;
    type Fcntl = unsafe extern "C" fn(c_int, c_int, ...) -> c_int;

    unsafe extern "C" {
        fn runstore_has_ofd_locks() -> c_int;
        fn runstore_open(path: *const c_char, flags: c_int, mode: c_int) -> c_int;
        fn runstore_close(descriptor: c_int) -> c_int;
        fn runstore_turnstile(descriptor: c_int, action: c_int) -> c_int;
        fn runstore_beside(database: *const c_char) -> c_int;
        fn runstore_fcntl(descriptor: c_int, command: c_int, ...) -> c_int;
    }

    pub(super) fn beside(database: &CStr) -> c_int {
        // SAFETY: the path is read up to its NUL.
        unsafe { runstore_beside(database.as_ptr()) }
    }

    /// Returns whether it was done.
    pub(super) fn replace_system_calls() -> bool {
        // SAFETY: the VFS that SQLite returns lives for ever, and its calls are exchanged before any file is opened
        // by us. Each function has the type that SQLite casts the call of that name to.
        unsafe {
            let vfs = ffi::sqlite3_vfs_find(std::ptr::null());
            if vfs.is_null() || runstore_has_ofd_locks() == 0 {
                return false;
            }
            let calls: [(&CStr, SystemCall); 3] = [
                (c"open", transmute::<Open, SystemCall>(runstore_open)),
                (c"close", transmute::<Close, SystemCall>(runstore_close)),
                (c"fcntl", transmute::<Fcntl, SystemCall>(runstore_fcntl)),
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

    /// A descriptor whose closing drops no lock of anybody's.
    pub(in super::super) struct Descriptor(c_int);

    impl Descriptor {
        /// Opens the file; `None` where it cannot be written, or our locks are of another kind.
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
            // SAFETY: the descriptor is open, and nobody else has it.
            unsafe { runstore_turnstile(self.0, action) == 1 }
        }
    }

    impl Drop for Descriptor {
        fn drop(&mut self) {
            // Parked, it would keep the lock.
            self.leave();
            // SAFETY: the descriptor is open, and closed once.
            unsafe { runstore_close(self.0) };
        }
    }
}
