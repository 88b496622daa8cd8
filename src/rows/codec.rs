//! Batches as buffers: four bytes that identify the format, one for the version, and the batch in the wire format of
//! postcard.
//!
//! Lengths come before texts, but no length causes an allocation by itself, so a hostile buffer costs at most a small
//! multiple of its own size.

use crate::error::{Code, Result, StoreError};
use crate::model::RowBatch;

/// The version that [`encode`] writes and [`decode`] reads. It changes with every change of a row.
pub const VERSION: u8 = 2;

/// Maximum size of a buffer in bytes: the longest trajectory that can be saved fits.
pub const LONGEST_BUFFER: usize = 1 << 30;

/// Maximum number of rows in a batch.
pub const MOST_ROWS: usize = 1 << 16;

const MAGIC: [u8; 4] = *b"RSRB";
const HEADER: usize = MAGIC.len() + 1;

/// Packs a batch into a buffer.
///
/// # Errors
/// If the batch has too many rows, or needs more than [`LONGEST_BUFFER`].
pub fn encode(batch: &RowBatch) -> Result<Vec<u8>> {
    check_rows(batch)?;
    let mut buffer = Vec::with_capacity(4096);
    buffer.extend_from_slice(&MAGIC);
    buffer.push(VERSION);
    let buffer = postcard::to_extend(batch, buffer)
        .map_err(|error| StoreError::new(Code::Internal, format!("packed rows: {error}")))?;
    check_length(buffer.len())?;
    Ok(buffer)
}

/// Reads a batch that [`encode`] packed.
///
/// # Errors
/// If it is not such a buffer ([`Code::InvalidArgument`]), of another version, or larger than allowed
/// ([`Code::TooLarge`]).
pub fn decode(buffer: &[u8]) -> Result<RowBatch> {
    check_length(buffer.len())?;
    let header = buffer.split_at_checked(HEADER).filter(|(header, _)| header.starts_with(&MAGIC));
    let (header, body) = header.ok_or_else(|| malformed("they begin with something else"))?;
    match header.last() {
        Some(&VERSION) => {}
        Some(other) => {
            let message = format!("packed rows are of version {other}, and this is {VERSION}");
            return Err(StoreError::new(Code::InvalidArgument, message));
        }
        None => return Err(malformed("they are empty")),
    }
    let read = postcard::take_from_bytes::<RowBatch>(body);
    let (batch, rest) = read.map_err(|error| malformed(&error.to_string()))?;
    if !rest.is_empty() {
        return Err(malformed(&format!("{} bytes follow the last row", rest.len())));
    }
    check_rows(&batch)?;
    Ok(batch)
}

/// Packs the state of an import or export between two batches, for a host that keeps it.
pub fn pack_state<T: serde::Serialize>(state: &T) -> Result<Vec<u8>> {
    postcard::to_stdvec(state)
        .map_err(|error| StoreError::new(Code::Internal, format!("packed rows: {error}")))
}

/// Reads what [`pack_state`] packed, in the same process.
pub fn unpack_state<T: serde::de::DeserializeOwned>(state: &[u8]) -> Result<T> {
    postcard::from_bytes(state).map_err(|error| malformed(&format!("their state: {error}")))
}

fn check_rows(batch: &RowBatch) -> Result<()> {
    let rows = match batch {
        RowBatch::Run(_) | RowBatch::End(_) => 1,
        RowBatch::Cases(rows) => rows.len(),
        RowBatch::Trajectories(rows) => rows.len(),
        RowBatch::Results(rows) => rows.len(),
        RowBatch::Baselines(rows) => rows.len(),
        RowBatch::Verdicts(rows) => rows.len(),
        RowBatch::Prompts(rows) => rows.len(),
    };
    match rows <= MOST_ROWS {
        true => Ok(()),
        false => Err(too_large(&format!("{rows} rows, and at most {MOST_ROWS} are allowed"))),
    }
}

fn check_length(bytes: usize) -> Result<()> {
    match bytes <= LONGEST_BUFFER {
        true => Ok(()),
        false => {
            Err(too_large(&format!("{bytes} bytes, and at most {LONGEST_BUFFER} are allowed")))
        }
    }
}

fn too_large(what: &str) -> StoreError {
    StoreError::new(Code::TooLarge, format!("packed rows have {what}"))
}

fn malformed(why: &str) -> StoreError {
    StoreError::new(Code::InvalidArgument, format!("packed rows are malformed: {why}"))
}
