//! Packed rows from JavaScript, read at once or later.

use napi::bindgen_prelude::{BufferSlice, Float64ArraySlice, Int32ArraySlice};

use crate::store::{Atomic, PackedRows, Part};

pub(super) fn packed<'a>(
    text: &'a BufferSlice<'_>,
    lengths: &'a Int32ArraySlice<'_>,
    numbers: &'a Float64ArraySlice<'_>,
    rows: u32,
) -> PackedRows<'a> {
    PackedRows { text, lengths, numbers, rows: rows as usize }
}

pub(super) fn part(first_row: u32, in_batch: bool, one_statement: bool) -> Part {
    let atomic = match (in_batch, one_statement) {
        (true, _) => Atomic::Batch,
        (false, true) => Atomic::Statement,
        (false, false) => Atomic::Transaction,
    };
    Part { first_row: first_row as usize, atomic }
}

/// A copy for another thread: JavaScript reuses its buffers.
pub(super) struct OwnedRows {
    text: Vec<u8>,
    lengths: Vec<i32>,
    numbers: Vec<f64>,
    rows: usize,
}

impl From<&PackedRows<'_>> for OwnedRows {
    fn from(packed: &PackedRows<'_>) -> Self {
        OwnedRows {
            text: packed.text.to_vec(),
            lengths: packed.lengths.to_vec(),
            numbers: packed.numbers.to_vec(),
            rows: packed.rows,
        }
    }
}

impl OwnedRows {
    pub(super) fn as_packed(&self) -> PackedRows<'_> {
        let OwnedRows { text, lengths, numbers, rows } = self;
        PackedRows { text, lengths, numbers, rows: *rows }
    }
}
