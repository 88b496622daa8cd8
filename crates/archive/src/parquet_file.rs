//! Opens Parquet files from untrusted sources: the sizes they claim are checked before memory is allocated.

use std::fs::File;
use std::io::{self, BufRead, Read, Seek};
use std::panic::{AssertUnwindSafe, catch_unwind};

use bytes::Bytes;
use parquet::errors::{ParquetError, Result as ParquetResult};
use parquet::file::reader::{ChunkReader, FileReader, Length, SerializedFileReader};
use runstore::error::{Code, Result, StoreError};

/// Maximum size of a page, in bytes. Writers create pages of a megabyte, or of one row if that is longer.
const LONGEST_PAGE: u64 = 256 << 20;

/// Maximum number of rows per byte of a file. Equal rows take almost no space, but the rows of a run differ.
const MOST_ROWS_A_BYTE: u64 = 1_000;

/// A file with at most this many bytes is read at once. Otherwise each column of each group of rows takes some reads.
const READ_AT_ONCE: u64 = 16 << 20;

/// Size of the footer that follows the pages and the metadata, in bytes.
const TAIL: u64 = 8;

/// Opens a file that evalsig, an engine or we wrote.
///
/// # Errors
/// If it is not Parquet, or claims more rows than its size allows.
pub(crate) fn open(file: File) -> Result<SerializedFileReader<Bounded>> {
    let bytes = file.len();
    let source = Bounded::of(file).map_err(|error| damaged(&error.into()))?;
    let reader = guarded(|| SerializedFileReader::new(source).map_err(|error| damaged(&error)))?;
    let rows = reader.metadata().file_metadata().num_rows();
    match u64::try_from(rows).is_ok_and(|rows| rows <= bytes.saturating_mul(MOST_ROWS_A_BYTE)) {
        true => Ok(reader),
        false => {
            let message =
                format!("the Parquet file has {bytes} bytes, and says that it has {rows} rows");
            Err(StoreError::new(Code::TooLarge, message))
        }
    }
}

/// Returns the error for an unreadable file.
pub(crate) fn damaged(error: &ParquetError) -> StoreError {
    StoreError::new(Code::Corrupt, format!("the Parquet file cannot be read: {error}"))
}

/// Reads from a file. The Parquet reader panics on some damaged files, for instance without a dictionary that pages refer to.
///
/// # Errors
/// If it cannot be read, or the reader panics.
pub(crate) fn guarded<T>(read: impl FnOnce() -> Result<T>) -> Result<T> {
    catch_unwind(AssertUnwindSafe(read)).unwrap_or_else(|_| {
        Err(StoreError::new(
            Code::Corrupt,
            "the Parquet file cannot be read: it contradicts itself",
        ))
    })
}

/// A file that refuses pages above the maximum size.
pub(crate) enum Bounded {
    File(File),
    Memory(Bytes),
}

impl Bounded {
    fn of(mut file: File) -> io::Result<Self> {
        let length = Length::len(&file);
        if length > READ_AT_ONCE {
            return Ok(Bounded::File(file));
        }
        file.rewind()?;
        let mut bytes = Vec::with_capacity(usize::try_from(length).unwrap_or(0));
        file.take(length).read_to_end(&mut bytes)?;
        Ok(Bounded::Memory(bytes.into()))
    }
}

impl Length for Bounded {
    fn len(&self) -> u64 {
        match self {
            Bounded::File(file) => Length::len(file),
            Bounded::Memory(bytes) => Length::len(bytes),
        }
    }
}

impl ChunkReader for Bounded {
    type T = Box<dyn BufRead>;

    /// Called at the start of each page, and once for the footer.
    fn get_read(&self, start: u64) -> ParquetResult<Self::T> {
        let mut reader: Self::T = match self {
            Bounded::File(file) => Box::new(file.get_read(start)?),
            Bounded::Memory(bytes) => Box::new(bytes.get_read(start)?),
        };
        if start.saturating_add(TAIL) != self.len() {
            let most = i64::try_from(LONGEST_PAGE).unwrap_or(i64::MAX);
            match length_of_page(reader.fill_buf()?) {
                Some(bytes) if bytes <= most => {}
                Some(bytes) => {
                    let message = format!("a page of {bytes} bytes is longer than any may be");
                    return Err(ParquetError::General(message));
                }
                None => {
                    return Err(ParquetError::General(
                        "a page does not begin with its length".into(),
                    ));
                }
            }
        }
        Ok(reader)
    }

    fn get_bytes(&self, start: u64, length: usize) -> ParquetResult<Bytes> {
        match self {
            Bounded::File(file) => file.get_bytes(start, length),
            Bounded::Memory(bytes) => bytes.get_bytes(start, length),
        }
    }
}

/// Returns the uncompressed size of a page: the second field of its header, in Thrift's compact protocol. The first field is a
/// number as well.
fn length_of_page(header: &[u8]) -> Option<i64> {
    const INTEGERS: [u8; 3] = [4, 5, 6];
    let mut header = header.iter().copied();
    let mut field = 0;
    loop {
        let byte = header.next()?;
        field = match byte >> 4 {
            0 => number(&mut header)?,
            more => field + i64::from(more),
        };
        if !INTEGERS.contains(&(byte & 0x0f)) {
            return None;
        }
        let value = number(&mut header)?;
        if field == 2 {
            return Some(value);
        }
    }
}

/// Reads a number in Thrift's encoding: seven bits per byte, with the sign in the lowest bit.
fn number(bytes: &mut impl Iterator<Item = u8>) -> Option<i64> {
    let mut zigzag = 0_u64;
    for shift in (0..64).step_by(7) {
        let byte = bytes.next()?;
        zigzag |= u64::from(byte & 0x7f) << shift;
        if byte < 0x80 {
            return Some((zigzag >> 1).cast_signed() ^ -(zigzag & 1).cast_signed());
        }
    }
    None
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)] // a failing test is meant to panic

    use std::io::Write;

    use super::*;

    #[test]
    fn the_length_of_a_page_is_read_however_its_header_is_written() {
        // Type 0, 300 bytes, compressed to 20: with the numbers of the fields as differences, and in full.
        assert_eq!(length_of_page(&[0x15, 0x00, 0x15, 0xd8, 0x04, 0x15, 0x28]), Some(300));
        assert_eq!(length_of_page(&[0x05, 0x02, 0x00, 0x05, 0x04, 0xd8, 0x04]), Some(300));
        assert_eq!(length_of_page(&[0x25, 0xd8, 0x04]), Some(300));
        for odd in [&[][..], &[0x00], &[0x15], &[0x5c, 0x15, 0x00], &[0x15; 3], &[0xff; 20]] {
            assert_eq!(length_of_page(odd), None, "{odd:?}");
        }
    }

    #[test]
    fn a_page_that_says_that_it_has_gigabytes_is_refused() {
        let mut file = tempfile::tempfile().unwrap();
        // 2^31 − 2 bytes.
        file.write_all(&[0x15, 0x00, 0x15, 0xfc, 0xff, 0xff, 0xff, 0x0f, 0x15, 0x28]).unwrap();
        file.write_all(&[0; 100]).unwrap();
        for source in [Bounded::of(file.try_clone().unwrap()).unwrap(), Bounded::File(file)] {
            let error = source.get_read(0).err().unwrap();
            assert!(error.to_string().contains("2147483646 bytes"), "{error}");
        }
    }
}
