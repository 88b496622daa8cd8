//! Waiting for others who keep the file locked.
//!
//! SQLite's own busy handler sleeps its time out even when it is interrupted; this one looks up between two naps.
#![allow(unsafe_code)] // SQLite's interface is C

use std::ffi::{c_int, c_void};
use std::time::Duration;

use rusqlite::ffi;

use crate::error::{Result, StoreError};

/// How long each nap is, in milliseconds, as in SQLite's own handler; the last one is repeated.
const NAPS: [u64; 12] = [1, 2, 5, 10, 15, 20, 25, 25, 25, 50, 50, 100];

/// What the handler of one connection knows; it has to outlive that connection.
pub(super) struct Patience {
    db: *mut ffi::sqlite3,
    timeout_ms: u64,
}

impl Patience {
    /// Lets a connection wait for others, for `timeout` at most.
    pub(super) fn of(
        connection: &rusqlite::Connection,
        timeout: Duration,
    ) -> Result<Box<Patience>> {
        // SAFETY: the handle is used while the connection is open, by the connection itself.
        let db = unsafe { connection.handle() };
        let timeout_ms = u64::try_from(timeout.as_millis()).unwrap_or(u64::MAX);
        let patience = Box::new(Patience { db, timeout_ms });
        let state = std::ptr::from_ref(&*patience).cast_mut().cast();
        // SAFETY: the box does not move, and its owner keeps it longer than the connection.
        match unsafe { ffi::sqlite3_busy_handler(db, Some(nap), state) } {
            ffi::SQLITE_OK => Ok(patience),
            code => Err(StoreError::sqlite(code, "the busy handler is refused")),
        }
    }

    /// Returns the nap that follows `count` others, `None` when the time is over.
    fn nap(&self, count: usize) -> Option<Duration> {
        let [.., longest] = NAPS;
        let slept: u64 = (0..count.min(NAPS.len())).filter_map(|at| NAPS.get(at)).sum::<u64>()
            + longest * count.saturating_sub(NAPS.len()) as u64;
        let left = self.timeout_ms.checked_sub(slept).filter(|left| *left > 0)?;
        Some(Duration::from_millis(NAPS.get(count).copied().unwrap_or(longest).min(left)))
    }
}

/// Returns 1 to try again, 0 to give up.
unsafe extern "C" fn nap(state: *mut c_void, count: c_int) -> c_int {
    // SAFETY: `state` is what `Patience::of` registered, and is only read.
    let patience = unsafe { &*state.cast::<Patience>() };
    // SAFETY: the connection is the one that waits here.
    if unsafe { ffi::sqlite3_is_interrupted(patience.db) } != 0 {
        return 0;
    }
    match patience.nap(usize::try_from(count).unwrap_or(0)) {
        Some(nap) => {
            std::thread::sleep(nap);
            1
        }
        None => 0,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn naps(timeout_ms: u64) -> Vec<u64> {
        let patience = Patience { db: std::ptr::null_mut(), timeout_ms };
        let milliseconds = |nap: Duration| u64::try_from(nap.as_millis()).unwrap_or(0);
        (0..).map_while(|count| patience.nap(count).map(milliseconds)).collect()
    }

    #[test]
    fn the_naps_add_up_to_the_timeout() {
        assert_eq!(naps(0), []);
        assert_eq!(naps(4), [1, 2, 1]);
        for timeout_ms in [1, 328, 329, 5000, 5001] {
            assert_eq!(naps(timeout_ms).iter().sum::<u64>(), timeout_ms);
        }
    }
}
