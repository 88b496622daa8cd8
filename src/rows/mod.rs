//! Runs that stream: a [`RowSource`] gives batches of rows, a [`RowSink`] takes them.
//!
//! A store ([`Store::export_run`](crate::Store::export_run), [`Store::row_sink`](crate::Store::row_sink)) and each
//! format implement both. [`encode`] and [`decode`] pack a batch into a buffer, for a reader in another addon or
//! process.

mod check;
mod codec;
mod digest;
mod order;
mod thresholds;
mod trajectory_json;

pub use check::check_batch;
pub use codec::{LONGEST_BUFFER, MOST_ROWS, VERSION, decode, encode, pack_state, unpack_state};
pub use digest::RowsDigest;
pub use order::BatchOrder;
pub use thresholds::{check_threshold, check_thresholds};
pub use trajectory_json::LONGEST_TRAJECTORY;

use crate::error::Result;
use crate::model::RowBatch;

/// A batch is full after this many rows or bytes of text. A row that is longer is a batch of its own.
pub const BATCH_ROWS: usize = 512;
/// See [`BATCH_ROWS`].
pub const BATCH_BYTES: usize = 1 << 20;

/// Gives the rows of runs, batch by batch, in the order that [`RowBatch`] defines.
pub trait RowSource {
    /// Returns the next batch, `None` after the last.
    ///
    /// # Errors
    /// If the rows cannot be read, or have changed since the previous batch.
    fn next_batch(&mut self) -> Result<Option<RowBatch>>;
}

/// Takes the rows of runs. A run becomes visible, as a whole, when its [`RowBatch::End`] is taken.
pub trait RowSink {
    /// Takes the next batch.
    ///
    /// # Errors
    /// If the batch is out of order, or its rows cannot be saved. Then nothing of the run is saved.
    fn put_batch(&mut self, batch: RowBatch) -> Result<()>;
}

/// Moves everything from a source to a sink.
pub fn copy_rows(source: &mut dyn RowSource, sink: &mut dyn RowSink) -> Result<()> {
    while let Some(batch) = source.next_batch()? {
        sink.put_batch(batch)?;
    }
    Ok(())
}

/// Batches in memory are a source.
impl<I: Iterator<Item = Result<RowBatch>>> RowSource for I {
    fn next_batch(&mut self) -> Result<Option<RowBatch>> {
        self.next().transpose()
    }
}

/// A list is a sink, for tests and small runs.
impl RowSink for Vec<RowBatch> {
    fn put_batch(&mut self, batch: RowBatch) -> Result<()> {
        self.push(batch);
        Ok(())
    }
}
