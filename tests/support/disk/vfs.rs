//! The disk as SQLite sees it.
#![allow(unsafe_code)] // a VFS of SQLite is a structure of C functions

use std::ffi::{CStr, CString, c_char, c_int, c_void};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, MutexGuard};

use rusqlite::ffi;

use super::{Call, Change, Disk, FileData, State};

/// What SQLite holds of an open file.
#[repr(C)]
struct OpenFile {
    base: ffi::sqlite3_file,
    disk: *const Mutex<State>,
    name: *mut String,
    connection: usize,
}

/// Makes the disk known to SQLite, for as long as the process lives.
pub(super) fn register(disk: &Disk) {
    let name = CString::new(disk.name.as_str()).unwrap();
    // SAFETY: SQLite's own VFS lives for ever, and what it is asked for here needs no file.
    let system = unsafe { &*ffi::sqlite3_vfs_find(std::ptr::null()) };
    let vfs = ffi::sqlite3_vfs {
        iVersion: 2,
        szOsFile: size_of::<OpenFile>() as c_int,
        mxPathname: 1024,
        pNext: std::ptr::null_mut(),
        zName: name.into_raw(),
        pAppData: Arc::into_raw(disk.state.clone()).cast_mut().cast(),
        xOpen: Some(open),
        xDelete: Some(delete),
        xAccess: Some(access),
        xFullPathname: Some(full_pathname),
        xRandomness: system.xRandomness,
        xSleep: system.xSleep,
        xCurrentTime: system.xCurrentTime,
        xCurrentTimeInt64: system.xCurrentTimeInt64,
        // SAFETY: a structure of numbers, pointers and optional functions, for which zero means none.
        ..unsafe { std::mem::zeroed() }
    };
    // SAFETY: the structure is never freed.
    unsafe { ffi::sqlite3_vfs_register(Box::into_raw(Box::new(vfs)), 0) };
}

static METHODS: ffi::sqlite3_io_methods = ffi::sqlite3_io_methods {
    iVersion: 2,
    xClose: Some(close),
    xRead: Some(read),
    xWrite: Some(write),
    xTruncate: Some(truncate),
    xSync: Some(sync),
    xFileSize: Some(file_size),
    xLock: Some(lock),
    xUnlock: Some(unlock),
    xCheckReservedLock: Some(check_reserved_lock),
    xFileControl: Some(file_control),
    xSectorSize: Some(sector_size),
    xDeviceCharacteristics: Some(device_characteristics),
    xShmMap: Some(shm_map),
    xShmLock: Some(shm_lock),
    xShmBarrier: Some(shm_barrier),
    xShmUnmap: Some(shm_unmap),
    xFetch: None,
    xUnfetch: None,
};

fn code(outcome: Result<(), i32>) -> c_int {
    outcome.err().unwrap_or(ffi::SQLITE_OK)
}

/// # Safety
///
/// `vfs` is one that [`register`] made.
unsafe fn state_of<'v>(vfs: *mut ffi::sqlite3_vfs) -> MutexGuard<'v, State> {
    // SAFETY: it holds a reference that is never given back.
    unsafe { (*(*vfs).pAppData.cast::<Mutex<State>>()).lock().unwrap() }
}

/// Counts the call, and does it on the file.
///
/// # Safety
///
/// `file` is one that [`open`] opened.
unsafe fn with_file(
    file: *mut ffi::sqlite3_file,
    call: Option<Call>,
    work: impl FnOnce(&mut FileData, usize) -> Result<(), i32>,
) -> c_int {
    // SAFETY: as above; the disk is never freed, and the name not before the file is closed.
    let (disk, name, connection) = unsafe {
        let file = &*file.cast::<OpenFile>();
        (&*file.disk, &*file.name, file.connection)
    };
    let mut state = disk.lock().unwrap();
    let counted = call.map_or(Ok(()), |call| state.call(call));
    // A file that was removed lives on for those who have it open.
    let data = state.files.entry(name.clone()).or_default();
    code(counted.and_then(|()| work(data, connection)))
}

unsafe extern "C" fn open(
    vfs: *mut ffi::sqlite3_vfs,
    name: ffi::sqlite3_filename,
    file: *mut ffi::sqlite3_file,
    flags: c_int,
    out_flags: *mut c_int,
) -> c_int {
    static OPENED: AtomicUsize = AtomicUsize::new(1);
    // SAFETY: SQLite gives a name or none, room for the file, and room for the flags or none.
    unsafe {
        (*file).pMethods = std::ptr::null();
        let mut state = state_of(vfs);
        let connection = OPENED.fetch_add(1, Ordering::Relaxed);
        let name = match name.is_null() {
            true => format!("temporary {connection}"),
            false => CStr::from_ptr(name).to_string_lossy().into_owned(),
        };
        if let Err(code) = state.call(Call::Open) {
            return code;
        }
        if !state.files.contains_key(&name) && flags & ffi::SQLITE_OPEN_CREATE == 0 {
            return ffi::SQLITE_CANTOPEN;
        }
        state.files.entry(name.clone()).or_default();
        let opened = file.cast::<OpenFile>();
        (*opened).disk = (*vfs).pAppData.cast::<Mutex<State>>();
        (*opened).name = Box::into_raw(Box::new(name));
        (*opened).connection = connection;
        (*file).pMethods = &raw const METHODS;
        if !out_flags.is_null() {
            *out_flags = flags;
        }
    }
    ffi::SQLITE_OK
}

unsafe extern "C" fn delete(
    vfs: *mut ffi::sqlite3_vfs,
    name: *const c_char,
    sync_folder: c_int,
) -> c_int {
    // SAFETY: SQLite gives a VFS of ours and a name.
    let (mut state, name) = unsafe { (state_of(vfs), CStr::from_ptr(name).to_string_lossy()) };
    if let Err(code) = state.call(Call::Delete) {
        return code;
    }
    let Some(deleted) = state.files.remove(name.as_ref()) else {
        return ffi::SQLITE_IOERR_DELETE_NOENT;
    };
    let told = if sync_folder == 0 { Ok(()) } else { state.call(Call::SyncFolder) };
    let sync_folder = if told.is_ok() { sync_folder } else { 0 };
    match deleted.durable {
        Some(durable) if sync_folder == 0 => state.ghosts.insert(name.into_owned(), durable),
        _ if sync_folder != 0 => state.ghosts.remove(name.as_ref()),
        _ => None,
    };
    code(told)
}

unsafe extern "C" fn access(
    vfs: *mut ffi::sqlite3_vfs,
    name: *const c_char,
    _flags: c_int,
    out: *mut c_int,
) -> c_int {
    // SAFETY: as in `delete`; `out` is room for the answer.
    unsafe {
        let mut state = state_of(vfs);
        let outcome = state.call(Call::Access);
        *out =
            c_int::from(state.files.contains_key(CStr::from_ptr(name).to_string_lossy().as_ref()));
        code(outcome)
    }
}

unsafe extern "C" fn full_pathname(
    _: *mut ffi::sqlite3_vfs,
    name: *const c_char,
    room: c_int,
    out: *mut c_char,
) -> c_int {
    // SAFETY: SQLite gives a name, and so much room.
    unsafe {
        let bytes = CStr::from_ptr(name).to_bytes_with_nul();
        if bytes.len() > room as usize {
            return ffi::SQLITE_CANTOPEN;
        }
        std::ptr::copy_nonoverlapping(bytes.as_ptr().cast(), out, bytes.len());
    }
    ffi::SQLITE_OK
}

unsafe extern "C" fn close(file: *mut ffi::sqlite3_file) -> c_int {
    // SAFETY: SQLite closes a file once, and does not use it afterwards.
    unsafe {
        with_file(file, None, |data, connection| {
            data.locks.remove(&connection);
            Ok(())
        });
        drop(Box::from_raw((*file.cast::<OpenFile>()).name));
    }
    ffi::SQLITE_OK
}

unsafe extern "C" fn read(
    file: *mut ffi::sqlite3_file,
    out: *mut c_void,
    amount: c_int,
    at: ffi::sqlite3_int64,
) -> c_int {
    // SAFETY: SQLite gives a file of ours and room for the bytes.
    unsafe {
        let out = std::slice::from_raw_parts_mut(out.cast::<u8>(), amount as usize);
        with_file(file, Some(Call::Read), |data, _| {
            let at = (at as usize).min(data.current.len());
            let there = &data.current[at..(at + out.len()).min(data.current.len())];
            out[..there.len()].copy_from_slice(there);
            out[there.len()..].fill(0);
            if there.len() == out.len() { Ok(()) } else { Err(ffi::SQLITE_IOERR_SHORT_READ) }
        })
    }
}

unsafe extern "C" fn write(
    file: *mut ffi::sqlite3_file,
    bytes: *const c_void,
    amount: c_int,
    at: ffi::sqlite3_int64,
) -> c_int {
    // SAFETY: SQLite gives a file of ours and so many bytes.
    unsafe {
        let bytes = std::slice::from_raw_parts(bytes.cast::<u8>(), amount as usize).to_vec();
        let write = |bytes: Vec<u8>| {
            with_file(file, Some(Call::Write), |data, _| {
                change(data, Change::Write(at as usize, bytes));
                Ok(())
            })
        };
        let disk = &*(*file.cast::<OpenFile>()).disk;
        let counted = disk.lock().unwrap().call(Call::HalfWrite);
        match counted {
            Ok(()) => write(bytes),
            Err(code) => {
                write(bytes[..bytes.len() / 2].to_vec());
                code
            }
        }
    }
}

unsafe extern "C" fn truncate(file: *mut ffi::sqlite3_file, size: ffi::sqlite3_int64) -> c_int {
    // SAFETY: SQLite gives a file of ours.
    unsafe {
        with_file(file, Some(Call::Truncate), |data, _| {
            change(data, Change::Truncate(size as usize));
            Ok(())
        })
    }
}

fn change(data: &mut FileData, change: Change) {
    change.apply(&mut data.current);
    data.pending.push(change);
}

unsafe extern "C" fn sync(file: *mut ffi::sqlite3_file, _flags: c_int) -> c_int {
    // SAFETY: SQLite gives a file of ours.
    unsafe {
        with_file(file, Some(Call::Sync), |data, _| {
            let durable = data.durable.get_or_insert_default();
            data.pending.drain(..).for_each(|change| change.apply(durable));
            Ok(())
        })
    }
}

unsafe extern "C" fn file_size(
    file: *mut ffi::sqlite3_file,
    out: *mut ffi::sqlite3_int64,
) -> c_int {
    // SAFETY: SQLite gives a file of ours and room for the answer.
    unsafe {
        with_file(file, Some(Call::Size), |data, _| {
            *out = data.current.len() as ffi::sqlite3_int64;
            Ok(())
        })
    }
}

unsafe extern "C" fn lock(file: *mut ffi::sqlite3_file, level: c_int) -> c_int {
    // SAFETY: SQLite gives a file of ours.
    unsafe {
        with_file(file, Some(Call::Lock), |data, connection| {
            let others = data.locks.iter().filter(|(other, _)| **other != connection);
            let highest = others.map(|(_, level)| *level).max().unwrap_or(ffi::SQLITE_LOCK_NONE);
            let allowed = match level {
                ffi::SQLITE_LOCK_SHARED => highest < ffi::SQLITE_LOCK_PENDING,
                ffi::SQLITE_LOCK_RESERVED => highest < ffi::SQLITE_LOCK_RESERVED,
                _ => highest == ffi::SQLITE_LOCK_NONE,
            };
            if !allowed {
                return Err(ffi::SQLITE_BUSY);
            }
            let held = data.locks.entry(connection).or_default();
            *held = level.max(*held);
            Ok(())
        })
    }
}

unsafe extern "C" fn unlock(file: *mut ffi::sqlite3_file, level: c_int) -> c_int {
    // SAFETY: SQLite gives a file of ours.
    unsafe {
        with_file(file, None, |data, connection| {
            match level {
                ffi::SQLITE_LOCK_NONE => data.locks.remove(&connection),
                _ => data.locks.insert(connection, level),
            };
            Ok(())
        })
    }
}

unsafe extern "C" fn check_reserved_lock(file: *mut ffi::sqlite3_file, out: *mut c_int) -> c_int {
    // SAFETY: SQLite gives a file of ours and room for the answer.
    unsafe {
        with_file(file, None, |data, _| {
            let is_reserved = data.locks.values().any(|level| *level >= ffi::SQLITE_LOCK_RESERVED);
            *out = c_int::from(is_reserved);
            Ok(())
        })
    }
}

unsafe extern "C" fn file_control(_: *mut ffi::sqlite3_file, _: c_int, _: *mut c_void) -> c_int {
    ffi::SQLITE_NOTFOUND
}

unsafe extern "C" fn sector_size(_: *mut ffi::sqlite3_file) -> c_int {
    super::SECTOR as c_int
}

/// As SQLite takes every disk to be on Unix: a write that is torn leaves the bytes around it alone.
unsafe extern "C" fn device_characteristics(_: *mut ffi::sqlite3_file) -> c_int {
    ffi::SQLITE_IOCAP_POWERSAFE_OVERWRITE
}

unsafe extern "C" fn shm_map(
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

unsafe extern "C" fn shm_lock(
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

unsafe extern "C" fn shm_barrier(_: *mut ffi::sqlite3_file) {}

/// The last one out lets go of the memory.
unsafe extern "C" fn shm_unmap(file: *mut ffi::sqlite3_file, deletes: c_int) -> c_int {
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
