//! A ZIP of runs: each with its run file and its reports, and a manifest of all files.

use std::io::{Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};

use runstore::error::{Argument, Code, StoreError};
use runstore::model::RowBatch;
use runstore::rows::{BatchOrder, RowSink};
use runstore_formats::new_file::replace;
use runstore_formats::run_file::{RunFileOptions, RunFileWriter};
use runstore_report::export::{ExportFormat, Runs};
use serde::Serialize;
use sha2::{Digest, Sha256};
use tempfile::SpooledTempFile;
use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, ZipWriter};

use super::{IN_MEMORY, RunExport};

const OPERATION: &str = "archiveRun";

/// The files of a run besides its run file.
const PARTS: [(&str, ExportFormat); 4] = [
    ("summary.json", ExportFormat::SummaryJson),
    ("metrics.csv", ExportFormat::Csv),
    ("cases.csv", ExportFormat::CsvCases),
    ("report.md", ExportFormat::JobSummary),
];

/// Writes runs as a ZIP: of each its run file, its summary, its metrics and cases as CSV, and its report. With several runs,
/// each has a folder of its own.
pub struct RunArchive<P> {
    options: RunFileOptions,
    runs: Runs,
    order: BatchOrder,
    current: Option<OneRun>,
    zip: ZipWriter<SpooledTempFile>,
    run_ids: Vec<String>,
    files: Vec<ArchivedFile>,
    /// Is given the number of compressed bytes of a run, and the total.
    progress: P,
}

/// A written archive.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct WrittenArchive {
    /// The runs, by the ids of their files.
    pub run_ids: Vec<String>,
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

impl<P: FnMut(u64, u64)> RunArchive<P> {
    /// Starts an archive.
    ///
    /// # Errors
    /// If there are several runs, and the options have the id of one.
    pub fn new(options: RunFileOptions, runs: Runs, progress: P) -> runstore::Result<Self> {
        if options.run_id.is_some() && runs == Runs::Several {
            let words = "is the id of one run, and there are several";
            return Err(StoreError::unsuitable(Argument::option("run_id"), words));
        }
        Ok(RunArchive {
            options,
            runs,
            order: BatchOrder::default(),
            current: None,
            zip: ZipWriter::new(SpooledTempFile::new(IN_MEMORY)),
            run_ids: vec![],
            files: vec![],
            progress,
        })
    }

    /// Writes the archive, replacing an older one.
    ///
    /// # Errors
    /// If the last run did not end, or the file cannot be written; then nothing has changed.
    pub fn finish_as(mut self, path: &Path) -> runstore::Result<WrittenArchive> {
        if self.run_ids.is_empty() || self.order.is_within_run() {
            return Err(refused("the rows end before the run does"));
        }
        let written =
            self.finish_zip().and_then(|mut zip| replace(path, |to| copy_whole(&mut zip, to)));
        let bytes = written.map_err(|error| error.during(OPERATION))?;
        let RunArchive { run_ids, files, .. } = self;
        Ok(WrittenArchive { run_ids, path: path.to_owned(), bytes, files })
    }

    /// Adds the manifest, and returns the whole ZIP.
    fn finish_zip(&mut self) -> runstore::Result<SpooledTempFile> {
        let (run_ids, files) = (&self.run_ids, &self.files);
        let manifest = serde_json::json!({ "version": 1, "run_ids": run_ids, "files": files });
        self.zip.start_file("manifest.json", entry()).map_err(unwritten)?;
        serde_json::to_writer_pretty(&mut self.zip, &manifest)
            .map_err(std::io::Error::from)
            .map_err(unwritten)?;
        let nothing = ZipWriter::new(SpooledTempFile::new(0));
        std::mem::replace(&mut self.zip, nothing).finish().map_err(unwritten)
    }

    fn begin(&mut self, run_id: &str) -> runstore::Result<()> {
        let run_id = self.options.run_id.clone().unwrap_or_else(|| run_id.to_owned());
        if self.run_ids.contains(&run_id) {
            return Err(refused(&format!("the run {run_id:?} is there twice")));
        }
        if self.runs == Runs::One && !self.run_ids.is_empty() {
            return Err(refused("another run follows the only one"));
        }
        self.current = Some(OneRun::new(run_id, &self.options)?);
        Ok(())
    }

    /// Compresses the files of the current run.
    fn end(&mut self) -> runstore::Result<()> {
        let Some(run) = self.current.take() else { return Ok(()) };
        let total = run.length();
        let OneRun { run_id, run_file, parts } = run;
        let folder = match self.runs {
            Runs::One => String::new(),
            Runs::Several => format!("{run_id}/"),
        };
        let mut done = 0;
        let name = format!("{folder}{run_id}.json");
        self.add(name, &mut done, total, |to| run_file.write_to(to))?;
        for (name, part) in parts {
            self.add(format!("{folder}{name}"), &mut done, total, |to| part.write_to(to))?;
        }
        self.run_ids.push(run_id);
        Ok(())
    }

    /// Compresses a file; `done` counts bytes of the run.
    fn add(
        &mut self,
        name: String,
        done: &mut u64,
        total: u64,
        write: impl FnOnce(&mut dyn Write) -> runstore::Result<()>,
    ) -> runstore::Result<()> {
        self.zip.start_file(&*name, entry()).map_err(unwritten)?;
        let before = *done;
        let progress = &mut self.progress;
        let advance = |bytes: u64| {
            *done = before + bytes;
            progress((*done).min(total), total);
        };
        let mut to = Hashed { to: &mut self.zip, hash: Sha256::new(), bytes: 0, advance };
        write(&mut to)?;
        let file = to.file(name);
        self.files.push(file);
        Ok(())
    }
}

impl<P: FnMut(u64, u64)> RowSink for RunArchive<P> {
    fn put_batch(&mut self, batch: RowBatch) -> runstore::Result<()> {
        self.order.next(&batch)?;
        if let RowBatch::Run(head) = &batch {
            self.begin(&head.run.id)?;
        }
        let Some(current) = &mut self.current else { return Ok(()) };
        let ends = matches!(batch, RowBatch::End(_));
        current.put(batch)?;
        if ends { self.end() } else { Ok(()) }
    }
}

/// The files of a run while its rows arrive.
struct OneRun {
    run_id: String,
    run_file: RunFileWriter,
    parts: Vec<(&'static str, RunExport)>,
}

impl OneRun {
    fn new(run_id: String, options: &RunFileOptions) -> runstore::Result<Self> {
        let options = RunFileOptions { run_id: Some(run_id.clone()), ..options.clone() };
        // The file goes into the archive, not into a folder.
        let run_file = RunFileWriter::new(Path::new(""), options)?;
        let part = |(name, format)| Ok((name, RunExport::new(format, Runs::One)?));
        let parts = PARTS.into_iter().map(part).collect::<runstore::Result<_>>()?;
        Ok(OneRun { run_id, run_file, parts })
    }

    fn put(&mut self, batch: RowBatch) -> runstore::Result<()> {
        self.parts.iter_mut().try_for_each(|(_, part)| part.put(&batch))?;
        self.run_file.put_batch(batch)
    }

    /// Returns about how many bytes its files have.
    fn length(&self) -> u64 {
        let parts = self.parts.iter().map(|(_, part)| part.length());
        self.run_file.length() + parts.sum::<u64>()
    }
}

/// Passes bytes on, and takes note of them.
struct Hashed<W, A> {
    to: W,
    hash: Sha256,
    bytes: u64,
    advance: A,
}

impl<W, A> Hashed<W, A> {
    fn file(self, name: String) -> ArchivedFile {
        let sha256 = self.hash.finalize().iter().map(|byte| format!("{byte:02x}")).collect();
        ArchivedFile { name, bytes: self.bytes, sha256 }
    }
}

impl<W: Write, A: FnMut(u64)> Write for Hashed<W, A> {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        let written = self.to.write(bytes)?;
        self.hash.update(bytes.get(..written).unwrap_or_default());
        self.bytes += written as u64;
        (self.advance)(self.bytes);
        Ok(written)
    }

    fn flush(&mut self) -> std::io::Result<()> {
        self.to.flush()
    }
}

/// A constant time, so that the same run produces the same bytes.
fn entry() -> SimpleFileOptions {
    SimpleFileOptions::default()
        .compression_method(CompressionMethod::Deflated)
        .last_modified_time(zip::DateTime::default())
        .large_file(true)
}

fn copy_whole(zip: &mut SpooledTempFile, to: &mut dyn Write) -> std::io::Result<()> {
    zip.seek(SeekFrom::Start(0))?;
    std::io::copy(zip, to).map(drop)
}

fn refused(why: &str) -> StoreError {
    StoreError::new(Code::InvalidArgument, why).during(OPERATION)
}

fn unwritten(error: impl Into<std::io::Error>) -> StoreError {
    StoreError::io("write to", &std::env::temp_dir(), &error.into())
}
