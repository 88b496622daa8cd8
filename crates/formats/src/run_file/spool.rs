//! Buffers parts of a file that must follow parts that are known later.

use std::io::{BufWriter, Read, Result, Seek, SeekFrom, Write};

use serde::Serialize;
use tempfile::SpooledTempFile;

/// Number of bytes kept in memory.
const IN_MEMORY: usize = 4 << 20;

/// Number of bytes copied at once. `std::io::copy` copies 8 KiB at a time, which takes more system calls.
const COPIED: usize = 1 << 18;

/// Buffered text, which moves to the disk once it is long.
pub(super) struct Spool {
    file: BufWriter<SpooledTempFile>,
    length: u64,
    /// The current row, which is serialized in many small pieces.
    row: Vec<u8>,
}

impl Spool {
    pub(super) fn new() -> Self {
        let file = BufWriter::with_capacity(1 << 16, SpooledTempFile::new(IN_MEMORY));
        Spool { file, length: 0, row: vec![] }
    }

    /// Returns the number of bytes written.
    pub(super) fn length(&self) -> u64 {
        self.length
    }

    /// Writes a separator, and a value as JSON.
    pub(super) fn json(&mut self, before: &[u8], value: &impl Serialize) -> Result<()> {
        let mut row = std::mem::take(&mut self.row);
        row.clear();
        row.extend_from_slice(before);
        serde_json::to_writer(&mut row, value)?;
        self.write_all(&row)?;
        self.row = row;
        Ok(())
    }

    /// Copies the bytes of a range.
    pub(super) fn copy(
        &mut self,
        from: u64,
        to: u64,
        into: &mut (impl Write + ?Sized),
    ) -> Result<()> {
        self.file.flush()?;
        let file = self.file.get_mut();
        file.seek(SeekFrom::Start(from))?;
        let mut left = file.take(to - from);
        let mut buffer = vec![0; COPIED];
        loop {
            let read = left.read(&mut buffer)?;
            let Some(part) = buffer.get(..read).filter(|part| !part.is_empty()) else { break };
            into.write_all(part)?;
        }
        left.into_inner().seek(SeekFrom::End(0)).map(drop)
    }
}

impl Write for Spool {
    fn write(&mut self, bytes: &[u8]) -> Result<usize> {
        let written = self.file.write(bytes)?;
        self.length += written as u64;
        Ok(written)
    }

    fn write_all(&mut self, bytes: &[u8]) -> Result<()> {
        self.file.write_all(bytes)?;
        self.length += bytes.len() as u64;
        Ok(())
    }

    fn flush(&mut self) -> Result<()> {
        self.file.flush()
    }
}
