//! Exports runs: to a run file, to one of the formats of `crates/report`, or to an archive of several files.

use std::io::{Read, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use runstore::error::{Code, StoreError};
use runstore::model::RowBatch;
use runstore::rows::RowSink;
use runstore_formats::new_file::replace;
use runstore_formats::run_file::{RunFileOptions, RunFileWriter};
use runstore_report::export::{ExportFormat, Exporter, Runs};
use serde::Serialize;
use sha2::{Digest, Sha256};
use tempfile::SpooledTempFile;
use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, ZipWriter};

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

    /// Returns the written text.
    ///
    /// # Errors
    /// If the run did not end.
    pub fn finish(self) -> runstore::Result<Vec<u8>> {
        self.exporter.finish()?;
        let mut bytes = vec![];
        self.text.copy(&mut bytes).map_err(unreadable)?;
        Ok(bytes)
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
        self.exporter.put_batch(batch)
    }
}

fn unreadable(error: std::io::Error) -> StoreError {
    StoreError::new(Code::Io, format!("cannot read a temporary file: {error}"))
}

/// The files of an archive besides the run file.
const PARTS: [(&str, ExportFormat); 4] = [
    ("summary.json", ExportFormat::SummaryJson),
    ("metrics.csv", ExportFormat::Csv),
    ("cases.csv", ExportFormat::CsvCases),
    ("report.md", ExportFormat::JobSummary),
];

/// Writes a run as a ZIP with its run file, its summary, its metrics and cases as CSV, and its report.
pub struct RunArchive {
    folder: tempfile::TempDir,
    run_file: RunFileWriter,
    parts: Vec<(&'static str, RunExport)>,
}

/// A written archive.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct WrittenArchive {
    /// The run.
    pub run_id: String,
    /// Its path.
    pub path: PathBuf,
    /// Its size.
    pub bytes: u64,
    /// Its files.
    pub files: Vec<ArchivedFile>,
}

/// A file of an archive, as in its manifest.
#[derive(Clone, Debug, Serialize)]
pub struct ArchivedFile {
    /// Its name.
    pub name: String,
    /// Its size.
    pub bytes: u64,
    /// Its hash, in hexadecimal digits.
    pub sha256: String,
}

impl RunArchive {
    /// Starts an archive.
    ///
    /// # Errors
    /// If temporary files cannot be created.
    pub fn new(options: RunFileOptions) -> runstore::Result<Self> {
        let folder = tempfile::tempdir()
            .map_err(|error| StoreError::io("write to", &std::env::temp_dir(), &error))?;
        let run_file = RunFileWriter::new(folder.path(), options)?;
        let part = |(name, format)| Ok((name, RunExport::new(format, Runs::One)?));
        let parts = PARTS.into_iter().map(part).collect::<runstore::Result<_>>()?;
        Ok(RunArchive { folder, run_file, parts })
    }

    /// Writes the archive, replacing an older one.
    ///
    /// # Errors
    /// If the run did not end, or the file cannot be written; then nothing has changed.
    pub fn finish_as(self, path: &Path) -> runstore::Result<WrittenArchive> {
        let written = self.run_file.finish()?;
        let run_file = std::fs::File::open(&written.path)
            .map_err(|error| StoreError::io("read", &written.path, &error))?;
        let mut sources: Vec<(String, Box<dyn Read>)> =
            vec![(format!("{}.json", written.run_id), Box::new(run_file))];
        for (name, part) in self.parts {
            part.exporter.finish()?;
            sources.push((name.to_owned(), Box::new(Rewound::new(part.text).map_err(unreadable)?)));
        }
        let mut files = vec![];
        let mut zipped = SpooledTempFile::new(IN_MEMORY);
        zip(&written.run_id, sources, &mut zipped, &mut files)
            .map_err(|error| StoreError::io("write", path, &error))?;
        let bytes = replace(path, |to| std::io::copy(&mut zipped, to).map(drop))?;
        drop(self.folder);
        Ok(WrittenArchive { run_id: written.run_id, path: path.to_owned(), bytes, files })
    }
}

impl RowSink for RunArchive {
    fn put_batch(&mut self, batch: RowBatch) -> runstore::Result<()> {
        for (_, part) in &mut self.parts {
            part.put_batch(batch.clone())?;
        }
        self.run_file.put_batch(batch)
    }
}

/// A temporary file, read from the start.
struct Rewound(SharedSpool);

impl Rewound {
    fn new(spool: SharedSpool) -> std::io::Result<Self> {
        spool.file().seek(SeekFrom::Start(0))?;
        Ok(Rewound(spool))
    }
}

impl Read for Rewound {
    fn read(&mut self, into: &mut [u8]) -> std::io::Result<usize> {
        self.0.file().read(into)
    }
}

/// Writes the files, and a manifest at the end.
fn zip(
    run_id: &str,
    sources: Vec<(String, Box<dyn Read>)>,
    to: &mut SpooledTempFile,
    files: &mut Vec<ArchivedFile>,
) -> std::io::Result<()> {
    let mut zip = ZipWriter::new(&mut *to);
    // A constant time, so that the same run produces the same bytes.
    let options = SimpleFileOptions::default()
        .compression_method(CompressionMethod::Deflated)
        .last_modified_time(zip::DateTime::default())
        .large_file(true);
    for (name, source) in sources {
        zip.start_file(&*name, options)?;
        files.push(copy_hashed(name, source, &mut zip)?);
    }
    let manifest = serde_json::json!({ "version": 1, "run_id": run_id, "files": files });
    zip.start_file("manifest.json", options)?;
    serde_json::to_writer_pretty(&mut zip, &manifest)?;
    zip.finish()?;
    to.seek(SeekFrom::Start(0)).map(drop)
}

fn copy_hashed(
    name: String,
    mut source: Box<dyn Read>,
    to: &mut impl Write,
) -> std::io::Result<ArchivedFile> {
    let (mut hash, mut bytes, mut buffer) = (Sha256::new(), 0, vec![0; 1 << 16]);
    loop {
        let read = source.read(&mut buffer)?;
        let Some(part) = buffer.get(..read).filter(|part| !part.is_empty()) else { break };
        hash.update(part);
        to.write_all(part)?;
        bytes += read as u64;
    }
    let sha256 = hash.finalize().iter().map(|byte| format!("{byte:02x}")).collect();
    Ok(ArchivedFile { name, bytes, sha256 })
}
