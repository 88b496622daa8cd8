//! A store on a thread of its own, behind `runstore/promises`.
//!
//! The thread opens the store, runs one job after the other, and ends when the store is closed or garbage-collected.

use std::cell::RefCell;
use std::sync::mpsc::{Receiver, Sender, channel};
use std::sync::{Arc, OnceLock};

use napi::Env;
use napi::bindgen_prelude::ToNapiValue;

use super::chunk::{Columns, NativeChunk};
use super::returned::{Deferred, guarded};
use super::values::Raw;
use crate::Store;
use crate::db::{InterruptCount, Interrupter};
use crate::error::{Code, Result, StoreError};

/// Called with the store, or with the reason why it could not be opened.
type Job = Box<dyn FnOnce(Result<&Store>) + Send>;

/// A job; `None` ends the thread.
type Request = Deferred<Option<NativeChunk>>;

/// The JavaScript side of the thread.
pub(super) struct StoreThread {
    env: Env,
    /// `None` once closed.
    jobs: RefCell<Option<Sender<Job>>>,
    /// Set once the store is open.
    interrupter: Arc<OnceLock<Interrupter>>,
    interrupts: InterruptCount,
    /// Requests the next chunk of the current read.
    requests: RefCell<Option<Sender<Request>>>,
}

impl StoreThread {
    /// Starts the thread, which opens the store.
    pub(super) fn start(
        env: Env,
        open: impl FnOnce() -> Result<Store> + Send + 'static,
    ) -> Result<StoreThread> {
        let (jobs, waiting) = channel();
        let interrupter = Arc::new(OnceLock::new());
        let shared = Arc::clone(&interrupter);
        std::thread::Builder::new()
            .name("runstore".to_owned())
            .spawn(move || work_off(&waiting, &guarded(open), &shared))
            .map_err(|error| {
                StoreError::new(Code::Io, format!("cannot start a thread: {error}")).during("open")
            })?;
        let (jobs, requests) = (RefCell::new(Some(jobs)), RefCell::default());
        Ok(StoreThread { env, jobs, interrupter, interrupts: InterruptCount::default(), requests })
    }

    /// Runs an operation on the thread; returns a promise of its result.
    pub(super) fn run<T: ToNapiValue + Send + 'static>(
        &self,
        work: impl FnOnce(&Store) -> Result<T> + Send + 'static,
    ) -> Result<Raw> {
        let (answer, promise) = Deferred::new(&self.env)?;
        let interrupts = self.interrupts.from_now();
        self.send(Box::new(move |store| {
            answer.settle(
                store.and_then(|store| guarded(|| store.interruptible(interrupts, || work(store)))),
            );
        }));
        Ok(promise)
    }

    /// Starts to read chunks on the thread; returns the promise of the first. The statement stays open while JavaScript
    /// creates rows from a chunk, and the next chunk is read meanwhile.
    pub(super) fn read<C: Columns + Default + 'static>(
        &self,
        read: impl FnOnce(&Store, &mut dyn FnMut(&mut C) -> Result<()>) -> Result<()> + Send + 'static,
    ) -> Result<Raw> {
        let (requests, waiting) = channel();
        *self.requests.borrow_mut() = Some(requests);
        let promise = self.next_chunk()?;
        let interrupts = self.interrupts.from_now();
        self.send(Box::new(move |store| {
            let ended = store.and_then(|store| {
                let mut serving = |chunk: &mut C| serve(&waiting, std::mem::take(chunk));
                guarded(|| store.interruptible(interrupts, || read(store, &mut serving)))
            });
            // After `stop_reading`, no more chunks are requested.
            if let Ok(request) = waiting.recv() {
                request.settle(ended.map(|()| None));
            }
        }));
        Ok(promise)
    }

    /// Returns the promise of the next chunk of the current read, of `null` at its end.
    pub(super) fn next_chunk(&self) -> Result<Raw> {
        let (request, promise) = Deferred::new(&self.env)?;
        match &*self.requests.borrow() {
            Some(requests) => {
                if let Err(refused) = requests.send(request) {
                    refused.0.settle(Ok(None));
                }
            }
            None => request.settle(Ok(None)),
        }
        Ok(promise)
    }

    /// Ends the current read, if there is one.
    pub(super) fn stop_reading(&self) {
        self.requests.take();
    }

    /// Interrupts all operations requested so far, whether they run, are between two statements or still wait.
    pub(super) fn interrupt(&self) {
        self.interrupts.interrupt();
        if let Some(interrupter) = self.interrupter.get() {
            interrupter.interrupt();
        }
    }

    /// Closes the store after all jobs requested so far, and ends the thread. A store that could not be opened is
    /// already closed.
    pub(super) fn close(&self) -> Result<Raw> {
        let (answer, promise) = Deferred::new(&self.env)?;
        let job: Job = Box::new(move |store| {
            answer.settle(store.map_or(Ok(()), |open| guarded(|| open.close())))
        });
        self.send(job);
        self.jobs.take();
        Ok(promise)
    }

    /// Sends a job to the thread. If the thread cannot take it, the job fails: a promise that is never settled would keep the
    /// process alive forever.
    fn send(&self, job: Job) {
        match &*self.jobs.borrow() {
            Some(jobs) => {
                if let Err(unsent) = jobs.send(job) {
                    let ended = StoreError::new(Code::Internal, "the store's thread has ended");
                    unsent.0(Err(ended));
                }
            }
            None => job(Err(StoreError::new(Code::Closed, "the store is closed"))),
        }
    }
}

/// Pending jobs need not finish: the environment ends, or the store was garbage-collected.
impl Drop for StoreThread {
    fn drop(&mut self) {
        self.stop_reading();
        self.interrupt();
    }
}

fn work_off(jobs: &Receiver<Job>, store: &Result<Store>, interrupter: &OnceLock<Interrupter>) {
    if let Some(found) = store.as_ref().ok().and_then(Store::interrupter) {
        // Only set here, once.
        let _ = interrupter.set(found);
    }
    for job in jobs {
        job(store.as_ref().map_err(Clone::clone));
    }
}

/// Waits until the chunk is requested, and sends it.
fn serve(requests: &Receiver<Request>, chunk: impl Columns + 'static) -> Result<()> {
    let request =
        requests.recv().map_err(|_| StoreError::new(Code::Interrupted, "reading was stopped"))?;
    request.settle(Ok(Some(NativeChunk::new(chunk))));
    Ok(())
}
