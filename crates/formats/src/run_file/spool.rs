//! Buffers parts of a file that must follow parts that are known later.

use std::io::{Read, Result, Seek, SeekFrom, Write, copy};

use tempfile::SpooledTempFile;

/// Number of bytes kept in memory.
const IN_MEMORY: usize = 4 << 20;

/// Buffered text, which moves to the disk once it is long.
pub(super) struct Spool {
    file: std::io::BufWriter<SpooledTempFile>,
    length: u64,
}

impl Spool {
    pub(super) fn new() -> Self {
        Spool { file: std::io::BufWriter::new(SpooledTempFile::new(IN_MEMORY)), length: 0 }
    }

    /// Returns the number of bytes written.
    pub(super) fn length(&self) -> u64 {
        self.length
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
        copy(&mut file.take(to - from), into)?;
        file.seek(SeekFrom::End(0)).map(drop)
    }
}

impl Write for Spool {
    fn write(&mut self, bytes: &[u8]) -> Result<usize> {
        let written = self.file.write(bytes)?;
        self.length += written as u64;
        Ok(written)
    }

    fn flush(&mut self) -> Result<()> {
        self.file.flush()
    }
}
