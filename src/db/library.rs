//! Process-wide settings of our copy of SQLite, made before the first database is opened.
#![allow(unsafe_code)] // SQLite's interface is C

use std::sync::Once;

use rusqlite::ffi;

use super::ofd_locks;

pub(super) fn set_up() {
    static DONE: Once = Once::new();
    DONE.call_once(|| {
        keep_no_statistics_of_memory();
        ofd_locks::install();
    });
}

/// By default, SQLite counts every allocation under a lock, and nothing reads the counts.
fn keep_no_statistics_of_memory() {
    let off: std::ffi::c_int = 0;
    // SAFETY: this option takes one int. If SQLite is in use already, it refuses, and nothing changes.
    unsafe { ffi::sqlite3_config(ffi::SQLITE_CONFIG_MEMSTATUS, off) };
}
