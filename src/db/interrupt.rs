//! Ending from outside what a connection is doing.
//!
//! SQLite forgets an interrupt that comes while no statement runs: the next one begins as if nothing had been. So they are
//! counted. Work that may be interrupted knows the count at which it was asked for; where that has grown, no statement of
//! it begins any more, and one that runs ends at its next look.
#![allow(unsafe_code)] // SQLite's progress handler is a C function

use std::cell::RefCell;
use std::ffi::{c_int, c_void};
use std::rc::Rc;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use rusqlite::ffi;

use crate::error::{Code, Result, StoreError};

/// Instructions of SQLite between two looks at the count: well under a millisecond.
const LOOK_EVERY: c_int = 10_000;

/// Interrupts the statement that a connection is running, from any thread.
pub struct Interrupter(pub(super) rusqlite::InterruptHandle);

impl Interrupter {
    /// Ends the running statement, and a wait for others; with none running, or once the connection is closed, does
    /// nothing. See [`InterruptCount`] for interrupts that are not lost.
    pub fn interrupt(&self) {
        self.0.interrupt();
    }
}

/// The number of interrupts so far. Clones share one count.
#[derive(Clone, Debug, Default)]
pub struct InterruptCount(Arc<AtomicU64>);

impl InterruptCount {
    /// Ends all work that was asked for before: see [`crate::Store::interruptible`].
    pub fn interrupt(&self) {
        self.0.fetch_add(1, Ordering::Relaxed);
    }

    /// Returns what ends work that is asked for now: the interrupts that come from now on.
    pub fn from_now(&self) -> InterruptScope {
        InterruptScope { count: self.clone(), since: self.0.load(Ordering::Relaxed) }
    }
}

/// The interrupts since a moment.
#[derive(Clone, Debug)]
pub struct InterruptScope {
    count: InterruptCount,
    since: u64,
}

impl InterruptScope {
    /// Returns whether there was an interrupt since.
    pub fn is_interrupted(&self) -> bool {
        self.count.0.load(Ordering::Relaxed) != self.since
    }
}

/// What may end the work that a connection is doing. It has one, which outlives it.
#[derive(Default)]
pub(super) struct CurrentScope(RefCell<Option<InterruptScope>>);

impl CurrentScope {
    /// Has SQLite look at the scope while it works, or, with `None`, no longer.
    pub(super) fn set(self: &Rc<Self>, scope: Option<InterruptScope>, db: &rusqlite::Connection) {
        let look: Option<unsafe extern "C" fn(*mut c_void) -> c_int> =
            if scope.is_some() { Some(on_progress) } else { None };
        *self.0.borrow_mut() = scope;
        let context = Rc::as_ptr(self).cast_mut().cast::<c_void>();
        // SAFETY: the connection is open, and what `context` points to is dropped after it.
        unsafe { ffi::sqlite3_progress_handler(db.handle(), LOOK_EVERY, look, context) };
    }

    /// Fails where an interrupt has come.
    pub(super) fn check(&self) -> Result<()> {
        match self.is_interrupted() {
            true => Err(StoreError::new(Code::Interrupted, "interrupted")),
            false => Ok(()),
        }
    }

    fn is_interrupted(&self) -> bool {
        self.0.borrow().as_ref().is_some_and(InterruptScope::is_interrupted)
    }
}

/// SQLite's progress handler: anything but 0 ends the statement.
unsafe extern "C" fn on_progress(context: *mut c_void) -> c_int {
    // SAFETY: `context` is the scope of the connection, which outlives it; only this thread uses it.
    let current = unsafe { &*context.cast::<CurrentScope>() };
    c_int::from(current.is_interrupted())
}
