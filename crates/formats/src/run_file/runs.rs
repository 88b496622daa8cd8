//! Reads the runs of a file: the rows under our own key, or rows made from the documented keys.

use std::path::Path;
use std::sync::atomic::{AtomicU64, Ordering};

use runstore::error::Result;
use runstore::rows::RowSink;

use super::convert;
use super::parse::{Reading, unwatched};
use super::read::{Rows, read_document};
use super::rows::read_whole;

/// Reads the runs of a file. Without our own key, they are created from its scorecards.
///
/// `read` is set to the number of bytes of the file that have become rows.
///
/// # Errors
/// As [`read_document`](super::read_document); errors of the sink are passed on.
pub fn read_rows(path: &Path, read: &AtomicU64, sink: &mut dyn RowSink) -> Result<()> {
    let (file, rows) = read_document(path, &unwatched, &mut |_, _| Ok(()))?;
    let watch = |bytes| read.store(bytes, Ordering::Relaxed);
    match rows {
        Rows::None => convert::rows_of(&Reading::of(path, &watch), &file, sink),
        Rows::Whole => read_whole(path, &watch, sink),
    }
}
