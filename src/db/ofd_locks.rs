//! Installs `ofd_locks.c` as the `fcntl` of our SQLite, once, before the first file is opened.

#[cfg(unix)]
pub(super) fn install() {
    use std::sync::Once;
    static INSTALLED: Once = Once::new();
    INSTALLED.call_once(|| {
        // For file systems that refuse these locks, and for the test that shows what they prevent.
        if std::env::var_os("RUNSTORE_POSIX_LOCKS").is_none_or(|value| value != "1") {
            replace_fcntl();
        }
    });
}

/// Windows' locks belong to the handle already.
#[cfg(not(unix))]
pub(super) fn install() {}

#[cfg(unix)]
#[allow(unsafe_code)] // SQLite's own hook for this, `xSetSystemCall`, is reached only through its C structures
fn replace_fcntl() {
    use rusqlite::ffi;
    use std::ffi::c_int;

    unsafe extern "C" {
        fn runstore_fcntl(descriptor: c_int, command: c_int, ...) -> c_int;
        fn runstore_has_ofd_locks() -> c_int;
    }
    // SAFETY: the VFS that SQLite returns lives for ever, and its registered calls are exchanged before any
    // file is opened by us; `runstore_fcntl` has the type that SQLite casts "fcntl" to, int(int, int, ...).
    unsafe {
        let vfs = ffi::sqlite3_vfs_find(std::ptr::null());
        if runstore_has_ofd_locks() == 0 || vfs.is_null() {
            return;
        }
        if let Some(set_system_call) = (*vfs).xSetSystemCall {
            let function: unsafe extern "C" fn(c_int, c_int, ...) -> c_int = runstore_fcntl;
            let pointer = std::mem::transmute::<
                unsafe extern "C" fn(c_int, c_int, ...) -> c_int,
                unsafe extern "C" fn(),
            >(function);
            set_system_call(vfs, c"fcntl".as_ptr(), Some(pointer));
        }
    }
}
