//! The memory that the users of a database share, and its locks.
#![allow(unsafe_code)] // a VFS of SQLite is a structure of C functions

use std::ffi::{c_int, c_void};

use rusqlite::ffi;

use super::Call;
use super::vfs::with_file;

pub(super) unsafe extern "C" fn shm_map(
    file: *mut ffi::sqlite3_file,
    region: c_int,
    _size: c_int,
    extend: c_int,
    out: *mut *mut c_void,
) -> c_int {
    // SAFETY: SQLite gives a file of ours and room for the answer. The regions are boxed, and stay where they are.
    unsafe {
        *out = std::ptr::null_mut();
        with_file(file, Some(Call::MapShm), |data, _| {
            while data.shm.len() <= region as usize {
                if extend == 0 {
                    return Ok(());
                }
                data.shm.push(Box::new([0; 32768]));
            }
            *out = data.shm[region as usize].as_mut_ptr().cast();
            Ok(())
        })
    }
}

pub(super) unsafe extern "C" fn shm_lock(
    file: *mut ffi::sqlite3_file,
    first: c_int,
    count: c_int,
    flags: c_int,
) -> c_int {
    let unlocks = flags & ffi::SQLITE_SHM_UNLOCK != 0;
    let shares = flags & ffi::SQLITE_SHM_SHARED != 0;
    // SAFETY: SQLite gives a file of ours.
    unsafe {
        with_file(file, (!unlocks).then_some(Call::Shm), |data, _| {
            let locks = &mut data.shm_locks[first as usize..(first + count) as usize];
            match (unlocks, shares) {
                (true, true) => locks[0] -= 1,
                (true, false) => locks.fill(0),
                (false, true) if locks[0] >= 0 => locks[0] += 1,
                (false, false) if locks.iter().all(|one| *one == 0) => locks.fill(-1),
                _ => return Err(ffi::SQLITE_BUSY),
            }
            Ok(())
        })
    }
}

pub(super) unsafe extern "C" fn shm_barrier(_: *mut ffi::sqlite3_file) {}

/// The last one out lets go of the memory.
pub(super) unsafe extern "C" fn shm_unmap(file: *mut ffi::sqlite3_file, deletes: c_int) -> c_int {
    // SAFETY: SQLite gives a file of ours, and does not touch the memory afterwards.
    unsafe {
        with_file(file, None, |data, _| {
            if deletes != 0 {
                data.shm.clear();
                data.shm_locks = [0; 8];
            }
            Ok(())
        })
    }
}
