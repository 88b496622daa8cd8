//! Exports runs: to one of the formats of `crates/report`, or to an archive of several files.

mod archive;

use std::io::{Seek, SeekFrom, Write};
use std::path::Path;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

pub use archive::{ArchivedFile, RunArchive, WrittenArchive};
use runstore::error::StoreError;
use runstore::model::RowBatch;
use runstore::rows::RowSink;
use runstore_formats::new_file::replace;
use runstore_report::export::{ExportFormat, Exporter, Runs};
use tempfile::SpooledTempFile;

/// Bytes of an export kept in memory before they go to a temporary file.
const IN_MEMORY: usize = 4 << 20;

/// Collects runs, and writes them to one file at the end.
pub struct RunExport {
    exporter: Exporter<'static>,
    text: SharedSpool,
}

/// A temporary file shared with the exporter.
#[derive(Clone)]
struct SharedSpool(Arc<Mutex<SpooledTempFile>>);

impl SharedSpool {
    fn new() -> Self {
        SharedSpool(Arc::new(Mutex::new(SpooledTempFile::new(IN_MEMORY))))
    }

    fn file(&self) -> MutexGuard<'_, SpooledTempFile> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Copies its content.
    fn copy(&self, to: &mut (impl Write + ?Sized)) -> std::io::Result<u64> {
        let mut file = self.file();
        file.seek(SeekFrom::Start(0))?;
        std::io::copy(&mut *file, to)
    }
}

impl Write for SharedSpool {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.file().write(bytes)
    }

    fn flush(&mut self) -> std::io::Result<()> {
        self.file().flush()
    }
}

impl RunExport {
    /// Starts an export.
    ///
    /// # Errors
    /// If there are several runs, and the format holds one.
    pub fn new(format: ExportFormat, runs: Runs) -> runstore::Result<Self> {
        let text = SharedSpool::new();
        let writer = std::io::BufWriter::with_capacity(1 << 16, text.clone());
        Ok(RunExport { exporter: Exporter::new(format, runs, writer)?, text })
    }

    /// Adds rows.
    ///
    /// # Errors
    /// If they are not the next ones, or cannot be written.
    pub fn put(&mut self, batch: &RowBatch) -> runstore::Result<()> {
        self.exporter.put(batch)
    }

    /// Returns the number of bytes written so far; some may still be on their way.
    fn length(&self) -> u64 {
        self.text.file().stream_position().unwrap_or_default()
    }

    /// Returns the written text.
    ///
    /// # Errors
    /// If the run did not end.
    pub fn finish(self) -> runstore::Result<Vec<u8>> {
        let mut bytes = vec![];
        self.write_to(&mut bytes)?;
        Ok(bytes)
    }

    /// Copies the written text.
    fn write_to(self, to: &mut dyn Write) -> runstore::Result<()> {
        self.exporter.finish()?;
        self.text.copy(to).map(drop).map_err(uncopied)
    }

    /// Writes it to a file, replacing an older one; returns its size.
    ///
    /// # Errors
    /// If the run did not end, or the file cannot be written.
    pub fn finish_as(self, path: &Path) -> runstore::Result<u64> {
        self.exporter.finish()?;
        replace(path, |to| self.text.copy(to).map(drop))
    }
}

impl RowSink for RunExport {
    fn put_batch(&mut self, batch: RowBatch) -> runstore::Result<()> {
        self.put(&batch)
    }
}

fn uncopied(error: std::io::Error) -> StoreError {
    StoreError::io("copy", Path::new("a temporary file"), &error)
}
