//! Interrupting a connection's work from another thread.
//!
//! SQLite ignores an interrupt while no statement runs. So interrupts are counted: interruptible work remembers the
//! count at its start. When the count has grown, no further statement of the work begins, and a running one ends at the
//! next call of the progress handler.
#![allow(unsafe_code)] // SQLite's progress handler is a C function

use std::cell::RefCell;
use std::ffi::{c_int, c_void};
use std::rc::Rc;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use rusqlite::ffi;

use crate::error::{Code, Result, StoreError};

/// Instructions of SQLite between two calls of the progress handler: well under a millisecond.
const LOOK_EVERY: c_int = 10_000;

/// Interrupts the statement that a connection is running, from any thread.
pub struct Interrupter(pub(super) rusqlite::InterruptHandle);

impl Interrupter {
    /// Ends the running statement, and a wait for other connections. Without a running statement, or after the
    /// connection is closed, it does nothing. [`InterruptCount`] also ends statements that begin later.
    pub fn interrupt(&self) {
        self.0.interrupt();
    }
}

/// The number of interrupts so far. Clones share one count.
#[derive(Clone, Debug, Default)]
pub struct InterruptCount(Arc<AtomicU64>);

impl InterruptCount {
    /// Interrupts all work that was requested before: see [`crate::Store::interruptible`].
    pub fn interrupt(&self) {
        self.0.fetch_add(1, Ordering::Relaxed);
    }

    /// Returns a scope for work that is requested now: later interrupts end it.
    pub fn from_now(&self) -> InterruptScope {
        InterruptScope { count: self.clone(), since: self.0.load(Ordering::Relaxed) }
    }
}

/// The interrupts since a certain moment.
#[derive(Clone, Debug)]
pub struct InterruptScope {
    count: InterruptCount,
    since: u64,
}

impl InterruptScope {
    /// Returns whether there was an interrupt since that moment.
    pub fn is_interrupted(&self) -> bool {
        self.count.0.load(Ordering::Relaxed) != self.since
    }
}

/// What may interrupt the work of a connection. Each connection has one, which outlives it.
#[derive(Default)]
pub(super) struct CurrentScope(RefCell<Option<InterruptScope>>);

impl CurrentScope {
    /// Installs the progress handler for the scope; `None` removes it.
    pub(super) fn set(self: &Rc<Self>, scope: Option<InterruptScope>, db: &rusqlite::Connection) {
        let look: Option<unsafe extern "C" fn(*mut c_void) -> c_int> =
            if scope.is_some() { Some(on_progress) } else { None };
        *self.0.borrow_mut() = scope;
        let context = Rc::as_ptr(self).cast_mut().cast::<c_void>();
        // SAFETY: the connection is open, and what `context` points to is dropped after it.
        unsafe { ffi::sqlite3_progress_handler(db.handle(), LOOK_EVERY, look, context) };
    }

    /// Fails after an interrupt.
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

/// SQLite's progress handler: a result other than 0 ends the statement.
unsafe extern "C" fn on_progress(context: *mut c_void) -> c_int {
    // SAFETY: `context` is the scope of the connection, which outlives it; only this thread uses it.
    let current = unsafe { &*context.cast::<CurrentScope>() };
    c_int::from(current.is_interrupted())
}
