//! Waiting for the write lock in turn.
//!
//! In SQLite, waiting writers sleep for increasing times, up to a tenth of a second, while a new writer, or the one
//! that has just released the lock, finds it free: some wait for seconds, others not at all. Here, a writer that has to
//! wait first takes a second lock, the turnstile. Its holder is next; other writers, including the one that has just
//! written, see that it is taken and queue up. See ADR 0004.
#![allow(unsafe_code)] // SQLite's busy handler is a C function

use std::cell::{Cell, OnceCell};
use std::ffi::{c_int, c_void};
use std::rc::Rc;
use std::time::{Duration, Instant};

use rusqlite::ffi;

use super::ofd_locks::Descriptor;

/// For this long after getting the lock, a writer need not queue up again: its cached pages are still valid.
const TURN: Duration = Duration::from_millis(1);

/// How the writers of one file wait for each other. Each connection has one.
pub(super) struct Turnstile {
    timeout: Duration,
    path: Option<String>,
    /// Null until it is installed.
    db: Cell<*mut ffi::sqlite3>,
    /// Opened on first use: readers need none.
    descriptor: OnceCell<Option<Descriptor>>,
    /// Whether a writing statement is running.
    writing: Cell<bool>,
    /// Whether a writing statement has ever run.
    has_written: Cell<bool>,
    /// When this connection entered the turnstile.
    taken: Cell<Option<Instant>>,
    /// When the turn of this connection began.
    turn: Cell<Option<Instant>>,
    /// When this connection began to wait, for the turnstile or for another lock.
    since: Cell<Option<Instant>>,
    random: Cell<u32>,
}

impl Turnstile {
    /// A database without a path has no other writers.
    pub(super) fn new(path: Option<String>, timeout: Duration) -> Rc<Turnstile> {
        let seed = uuid::Uuid::new_v4().as_u128() as u32 | 1;
        Rc::new(Turnstile {
            timeout,
            path,
            db: Cell::new(std::ptr::null_mut()),
            descriptor: OnceCell::new(),
            writing: Cell::new(false),
            has_written: Cell::new(false),
            taken: Cell::new(None),
            turn: Cell::new(None),
            since: Cell::new(None),
            random: Cell::new(seed),
        })
    }

    /// Installs the busy handler of the connection, which the turnstile must outlive.
    pub(super) fn install(self: &Rc<Self>, connection: &rusqlite::Connection) {
        let context = Rc::as_ptr(self).cast_mut().cast::<c_void>();
        // SAFETY: the connection is open, and the turnstile, which does not move with its `Rc`, is dropped after it.
        unsafe {
            self.db.set(connection.handle());
            ffi::sqlite3_busy_handler(connection.handle(), Some(on_busy), context);
        }
    }

    /// Called before a statement that will take the write lock; waits behind other waiting writers.
    pub(super) fn enter(&self) {
        self.writing.set(true);
        self.has_written.set(true);
        if self.is_our_turn() {
            return;
        }
        let is_taken = self.descriptor().is_some_and(Descriptor::is_taken);
        if is_taken && !self.timeout.is_zero() {
            self.queue_up();
        }
    }

    /// Called after that statement.
    pub(super) fn leave(&self) {
        self.writing.set(false);
        self.since.set(None);
        let was_next = self.taken.take().is_some();
        if was_next && let Some(descriptor) = self.descriptor() {
            descriptor.leave();
        }
        if was_next || !self.is_our_turn() {
            self.turn.set(Some(Instant::now()));
        }
    }

    /// Returns whether this connection has written, or tried to.
    pub(super) fn has_written(&self) -> bool {
        self.has_written.get()
    }

    fn is_our_turn(&self) -> bool {
        self.turn.get().is_some_and(|began| began.elapsed() < TURN)
    }

    /// Closes the descriptor before the connection is closed.
    pub(super) fn close(this: &mut Rc<Self>) {
        this.leave();
        if let Some(turnstile) = Rc::get_mut(this) {
            turnstile.descriptor = OnceCell::from(None);
        }
    }

    fn descriptor(&self) -> Option<&Descriptor> {
        let open = || self.path.as_deref().and_then(Descriptor::open);
        self.descriptor.get_or_init(open).as_ref()
    }

    /// Waits until this connection holds the turnstile, or the timeout is over.
    fn queue_up(&self) {
        let Some(descriptor) = self.descriptor() else { return };
        while self.taken.get().is_none() {
            if descriptor.take() {
                self.taken.set(Some(Instant::now()));
            } else if self.is_over() {
                return;
            } else {
                self.sleep(queueing_pause(self.waited()));
            }
        }
    }

    /// Waits for a lock; returns whether to try again. The wait of a reader starts again each time; a writer may already
    /// have waited in the queue.
    fn wait(&self, is_first: bool) -> bool {
        if is_first && !self.writing.get() {
            self.since.set(None);
        }
        if self.is_over() {
            return false;
        }
        match self.taken.get() {
            None if self.writing.get() && self.descriptor().is_some() => self.queue_up(),
            // The sleep depends on the time in the turnstile, not in the queue: while its holder sleeps, the write lock
            // may be free.
            Some(taken) => self.sleep(next_pause(taken.elapsed())),
            None => self.sleep(next_pause(self.waited())),
        }
        true
    }

    /// Returns whether the timeout is over or the connection was interrupted.
    fn is_over(&self) -> bool {
        let db = self.db.get();
        // SAFETY: a waiting connection is open; before it is open, the pointer is null.
        let is_interrupted = !db.is_null() && unsafe { ffi::sqlite3_is_interrupted(db) } != 0;
        is_interrupted || self.waited() >= self.timeout
    }

    fn waited(&self) -> Duration {
        let since = self.since.get().unwrap_or_else(|| {
            let now = Instant::now();
            self.since.set(Some(now));
            now
        });
        since.elapsed()
    }

    /// Sleeps for 0.5 to 1.5 times this duration, so that writers do not wake in step.
    fn sleep(&self, about: Duration) {
        let mut random = self.random.get();
        random ^= random << 13;
        random ^= random >> 17;
        random ^= random << 5;
        self.random.set(random);
        std::thread::sleep(about.mul_f64(0.5 + f64::from(random) / f64::from(u32::MAX)));
    }
}

/// How long the holder of the turnstile sleeps between two attempts: very briefly at first.
fn next_pause(waited: Duration) -> Duration {
    (waited / 16).clamp(Duration::from_micros(20), Duration::from_millis(1))
}

/// How long the others sleep: less after a longer wait, but more behind a batch that takes seconds.
fn queueing_pause(waited: Duration) -> Duration {
    match waited.as_millis() {
        0..2 => Duration::from_micros(1000),
        2..8 => Duration::from_micros(500),
        8..200 => Duration::from_micros(200),
        _ => Duration::from_micros(2000),
    }
}

/// SQLite's busy handler.
unsafe extern "C" fn on_busy(context: *mut c_void, times: c_int) -> c_int {
    // SAFETY: `context` is the installed turnstile; it is alive, and only this thread uses it.
    let turnstile = unsafe { &*context.cast::<Turnstile>() };
    c_int::from(turnstile.wait(times == 0))
}
