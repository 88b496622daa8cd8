//! Installs the functions of `ofd_locks.c` in our SQLite, once, before the first file is opened.

#[cfg(unix)]
pub(super) fn install() {
    use std::sync::Once;
    static INSTALLED: Once = Once::new();
    INSTALLED.call_once(|| {
        // For file systems that refuse these locks, and for the test that shows what they prevent.
        if std::env::var_os("RUNSTORE_POSIX_LOCKS").is_none_or(|value| value != "1") {
            unix::replace_system_calls();
        }
    });
}

/// Windows' locks belong to the handle already.
#[cfg(not(unix))]
pub(super) fn install() {}

#[cfg(unix)]
#[allow(unsafe_code)] // SQLite's own hook for this, `xSetSystemCall`, is reached only through its C structures
mod unix {
    use std::ffi::{CStr, c_char, c_int};
    use std::mem::transmute;

    use rusqlite::ffi;

    type SystemCall = unsafe extern "C" fn();
    type Open = unsafe extern "C" fn(*const c_char, c_int, c_int) -> c_int;
    type Close = unsafe extern "C" fn(c_int) -> c_int;
    type Fcntl = unsafe extern "C" fn(c_int, c_int, ...) -> c_int;

    unsafe extern "C" {
        fn runstore_has_ofd_locks() -> c_int;
        fn runstore_open(path: *const c_char, flags: c_int, mode: c_int) -> c_int;
        fn runstore_close(descriptor: c_int) -> c_int;
        fn runstore_fcntl(descriptor: c_int, command: c_int, ...) -> c_int;
    }

    pub(super) fn replace_system_calls() {
        // SAFETY: the VFS that SQLite returns lives for ever, and its calls are exchanged before any file is opened
        // by us. Each function has the type that SQLite casts the call of that name to.
        unsafe {
            let vfs = ffi::sqlite3_vfs_find(std::ptr::null());
            if vfs.is_null() || runstore_has_ofd_locks() == 0 {
                return;
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
            }
        }
    }
}
