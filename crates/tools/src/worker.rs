//! A thread that takes packed rows while the store reads the next ones.

use std::panic::resume_unwind;
use std::sync::mpsc::{SyncSender, sync_channel};
use std::thread::{Builder, JoinHandle};

use runstore::error::{Code, Result, StoreError};

/// Buffers that wait at most, of a megabyte each.
const WAITING: usize = 2;

/// A thread that takes buffers, and what it makes of them.
pub(crate) struct Worker<S> {
    buffers: Option<SyncSender<Vec<u8>>>,
    thread: Option<JoinHandle<Result<S>>>,
}

impl<S: Send + 'static> Worker<S> {
    /// Starts a thread that calls `take` with each buffer.
    pub(crate) fn start(
        mut state: S,
        take: impl Fn(&mut S, &[u8]) -> Result<()> + Send + 'static,
    ) -> Result<Self> {
        let (buffers, waiting) = sync_channel::<Vec<u8>>(WAITING);
        let work =
            move || waiting.iter().try_for_each(|buffer| take(&mut state, &buffer)).map(|()| state);
        let thread = Builder::new().name("runstore-report".to_owned()).spawn(work);
        let thread = thread.map_err(|error| {
            StoreError::new(Code::Io, format!("cannot start a thread: {error}"))
        })?;
        Ok(Worker { buffers: Some(buffers), thread: Some(thread) })
    }

    /// Hands over a buffer, and waits while too many are waiting.
    ///
    /// # Errors
    /// What an earlier buffer has caused.
    pub(crate) fn put(&mut self, buffer: Vec<u8>) -> Result<()> {
        match self.buffers.as_ref().map(|buffers| buffers.send(buffer)) {
            Some(Ok(())) => Ok(()),
            _ => self.end().and_then(|_| Err(is_over())),
        }
    }

    /// Waits until all buffers are taken, and returns the result.
    ///
    /// # Errors
    /// What a buffer has caused.
    pub(crate) fn end(&mut self) -> Result<S> {
        drop(self.buffers.take());
        let thread = self.thread.take().ok_or_else(is_over)?;
        thread.join().unwrap_or_else(|panic| resume_unwind(panic))
    }
}

impl<S> Drop for Worker<S> {
    fn drop(&mut self) {
        drop(self.buffers.take());
        // The addon must not be unloaded under a running thread.
        let _ = self.thread.take().map(JoinHandle::join);
    }
}

fn is_over() -> StoreError {
    StoreError::new(Code::Internal, "the rows were taken before")
}

#[cfg(test)]
#[allow(clippy::unwrap_used)] // a failing test is meant to panic
mod tests {
    use super::*;

    fn summing() -> Worker<u64> {
        Worker::start(0, |sum, buffer| match buffer {
            [] => Err(StoreError::new(Code::InvalidArgument, "nothing")),
            buffer => {
                *sum += buffer.iter().map(|byte| u64::from(*byte)).sum::<u64>();
                Ok(())
            }
        })
        .unwrap()
    }

    #[test]
    fn all_buffers_are_taken_in_their_order() {
        let mut worker = summing();
        (0..100).for_each(|at| worker.put(vec![at]).unwrap());
        assert_eq!(worker.end().unwrap(), 4950);
    }

    #[test]
    fn an_error_comes_out_once_at_the_next_buffer_or_at_the_end() {
        let mut worker = summing();
        worker.put(vec![]).unwrap();
        assert_eq!(worker.end().unwrap_err().message(), "nothing");
        let mut worker = summing();
        let errors: Vec<_> = (0..100).filter_map(|_| worker.put(vec![]).err()).collect();
        assert_eq!(errors.first().unwrap().message(), "nothing");
        assert!(errors.iter().skip(1).all(|error| error.code == Code::Internal));
    }

    #[test]
    fn a_worker_that_is_dropped_leaves_no_thread() {
        let held = std::sync::Arc::new(());
        let of_thread = held.clone();
        let mut worker = Worker::start((), move |(), _| {
            let _ = &of_thread;
            Ok(())
        })
        .unwrap();
        worker.put(vec![1]).unwrap();
        drop(worker);
        assert_eq!(std::sync::Arc::strong_count(&held), 1);
    }
}
