//! Runs that stream: a [`RowSource`] gives batches of rows, a [`RowSink`] takes them.
//!
//! A store is both ([`Store::export_run`](crate::Store::export_run), [`Store::row_sink`](crate::Store::row_sink)), and so is
//! every format. [`encode`] and [`decode`] pack a batch into a buffer, for a reader that is in another addon or process.

mod check;
mod codec;
mod order;
mod thresholds;
mod trajectory_json;

pub use check::check_batch;
pub use codec::{LONGEST_BUFFER, MOST_ROWS, VERSION, decode, encode, pack_state, unpack_state};
pub use order::BatchOrder;
pub use thresholds::check_thresholds;
pub use trajectory_json::LONGEST_TRAJECTORY;

use crate::error::Result;
use crate::model::RowBatch;

/// Rows and bytes of text after which a batch is full. A row that is longer is a batch of its own.
pub const BATCH_ROWS: usize = 512;
/// See [`BATCH_ROWS`].
pub const BATCH_BYTES: usize = 1 << 20;

/// Gives the rows of runs, one batch after the other, in the order that [`RowBatch`] tells.
pub trait RowSource {
    /// Returns the next batch, `None` behind the last.
    ///
    /// # Errors
    /// If the rows cannot be read, or are no longer those that the batches before were read from.
    fn next_batch(&mut self) -> Result<Option<RowBatch>>;
}

/// Takes the rows of runs. A run is there once its [`RowBatch::End`] was taken, and nothing of it is there before.
pub trait RowSink {
    /// Takes the next batch.
    ///
    /// # Errors
    /// If the batch is not the next one, or its rows cannot be kept. Nothing of the run is kept then.
    fn put_batch(&mut self, batch: RowBatch) -> Result<()>;
}

/// Takes everything from a source to a sink.
pub fn copy_rows(source: &mut dyn RowSource, sink: &mut dyn RowSink) -> Result<()> {
    while let Some(batch) = source.next_batch()? {
        sink.put_batch(batch)?;
    }
    Ok(())
}

/// Batches that are in memory already are a source.
impl<I: Iterator<Item = Result<RowBatch>>> RowSource for I {
    fn next_batch(&mut self) -> Result<Option<RowBatch>> {
        self.next().transpose()
    }
}

/// A list is a sink, for tests and for what is small.
impl RowSink for Vec<RowBatch> {
    fn put_batch(&mut self, batch: RowBatch) -> Result<()> {
        self.push(batch);
        Ok(())
    }
}
