//! Reports and run files for JavaScript: rows arrive packed from the first addon, and are returned packed. No store is
//! opened here. With `later`, a function works on another thread and returns a promise.

use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};

use napi::bindgen_prelude::Uint8Array;
use napi_derive::napi;
use runstore::error::{Code, StoreError};
use runstore::model::{RowBatch, RowCounts};
use runstore::node_error::Result;
use runstore::rows::{RowSink, decode, encode};
use runstore_cli::exporting::{RunArchive, RunExport};
use runstore_formats::run_file::{
    FileSample, Rows, RunFile, RunFileOptions, RunFileWriter, find_run_file, list_run_files,
    read_document, read_rows,
};
use runstore_report::export::{ExportFormat, Runs};
use serde::Serialize;

use crate::json::{json, parsed};
use crate::shared::{Copied, Returned, Shared};
use crate::worker::Worker;

const IMPORT: &str = "importRunFile";

/// Takes the packed rows of runs, and writes a file, on its own thread.
#[napi]
pub struct RowTaker {
    operation: &'static str,
    taking: Shared<Taker>,
    /// Number of cases and trajectories so far.
    rows: Arc<AtomicU64>,
}

/// An archive whose progress is that of its rows.
type Archive = RunArchive<fn(u64, u64)>;

/// Rows on their way, or all that was made of them.
enum Taker {
    Running(Worker<Taking>),
    Done(Taking),
}

impl Taker {
    /// Waits until all rows are taken.
    fn ended(self) -> runstore::Result<Taking> {
        match self {
            Taker::Running(mut worker) => worker.end(),
            Taker::Done(taking) => Ok(taking),
        }
    }
}

enum Taking {
    RunFile(Box<RunFileWriter>),
    RunFileText(Box<RunFileWriter>),
    Export(Box<RunExport>),
    Archive(Box<Archive>),
}

#[napi]
impl RowTaker {
    /// Starts a run file in a folder; the options are JSON.
    #[napi(factory, catch_unwind)]
    pub fn run_file(folder: String, options: String) -> Result<Self> {
        RowTaker::of("writeRunFile", || {
            let writer = RunFileWriter::new(Path::new(&folder), parsed(&options)?)?;
            Ok(Taking::RunFile(Box::new(writer)))
        })
    }

    /// Starts a run file that is written to another path.
    #[napi(factory, catch_unwind)]
    pub fn run_file_text(options: String) -> Result<Self> {
        RowTaker::of("exportRun", || {
            let writer = RunFileWriter::new(Path::new("."), parsed(&options)?)?;
            Ok(Taking::RunFileText(Box::new(writer)))
        })
    }

    /// Starts an export of one or several runs in one format.
    #[napi(factory, catch_unwind)]
    pub fn export(format: String, several: bool) -> Result<Self> {
        RowTaker::of("exportRun", || {
            let unknown = || StoreError::new(Code::Internal, format!("no format {format:?}"));
            let format = ExportFormat::of_name(&format).ok_or_else(unknown)?;
            let export = RunExport::new(format, runs(several))?;
            Ok(Taking::Export(Box::new(export)))
        })
    }

    /// Starts an archive of one run or several; the options are those of its run files.
    #[napi(factory, catch_unwind)]
    pub fn archive(options: String, several: bool) -> Result<Self> {
        RowTaker::of("archiveRun", || {
            let options = parsed::<RunFileOptions>(&options)?;
            let archive = Archive::new(options, runs(several), |_, _| ())?;
            Ok(Taking::Archive(Box::new(archive)))
        })
    }

    /// Takes the next rows. An error may be that of earlier ones.
    #[napi(catch_unwind)]
    pub fn put(&self, later: bool, rows: Uint8Array) -> Result<Returned<()>> {
        let rows = rows.to_vec();
        self.taking.run(self.operation, later, move |taker| match taker {
            Taker::Running(worker) => worker.put(rows),
            Taker::Done(_) => Err(StoreError::new(Code::Internal, "rows follow the last ones")),
        })
    }

    /// Waits until all rows are taken.
    #[napi(catch_unwind)]
    pub fn settle(&self, later: bool) -> Result<Returned<()>> {
        self.taking.run(self.operation, later, move |taker| {
            if let Taker::Running(worker) = taker {
                *taker = Taker::Done(worker.end()?);
            }
            Ok(())
        })
    }

    /// Returns the number of cases and trajectories so far.
    #[napi(catch_unwind)]
    pub fn rows(&self) -> f64 {
        self.rows.load(Ordering::Relaxed) as f64
    }

    /// Finishes the file, and returns its description as JSON. Without a path, a run file is written to its folder
    /// under its id, and an export is returned as text.
    #[napi(catch_unwind)]
    pub fn finish(&self, later: bool, path: Option<String>) -> Result<Returned<String>> {
        let path = path.map(PathBuf::from);
        self.taking.finish(self.operation, later, move |taker| taker.ended()?.finish(path))
    }

    /// Discards an unfinished file.
    #[napi(catch_unwind)]
    pub fn abort(&self) {
        self.taking.drop_state();
    }
}

impl RowTaker {
    fn of(
        operation: &'static str,
        begin: impl FnOnce() -> runstore::Result<Taking>,
    ) -> Result<Self> {
        let rows = Arc::new(AtomicU64::default());
        let taken = rows.clone();
        let take = move |taking: &mut Taking, buffer: &[u8]| {
            let batch = decode(buffer)?;
            let mut counts = RowCounts::default();
            counts.add(&batch);
            taking.put(batch)?;
            taken.fetch_add(counts.cases + counts.trajectories, Ordering::Relaxed);
            Ok(())
        };
        let worker = begin().and_then(|taking| Worker::start(taking, take));
        let worker = worker.map_err(|error| error.during(operation))?;
        Ok(RowTaker { operation, taking: Shared::new(Taker::Running(worker)), rows })
    }
}

fn runs(several: bool) -> Runs {
    if several { Runs::Several } else { Runs::One }
}

impl Taking {
    fn put(&mut self, batch: RowBatch) -> runstore::Result<()> {
        match self {
            Taking::RunFile(writer) | Taking::RunFileText(writer) => writer.put_batch(batch),
            Taking::Export(export) => export.put_batch(batch),
            Taking::Archive(archive) => archive.put_batch(batch),
        }
    }

    fn finish(self, path: Option<PathBuf>) -> runstore::Result<String> {
        match (self, path) {
            (Taking::RunFile(writer), None) => json(&writer.finish()?),
            (Taking::RunFile(writer) | Taking::RunFileText(writer), Some(path)) => {
                json(&writer.finish_as(&path)?)
            }
            (Taking::RunFileText(writer), None) => {
                let mut text = vec![];
                writer.write_to(&mut text)?;
                utf8(text)
            }
            (Taking::Archive(archive), Some(path)) => json(&archive.finish_as(&path)?),
            (Taking::Archive(_), None) => {
                Err(StoreError::new(Code::Internal, "an archive has no text"))
            }
            (Taking::Export(export), Some(path)) => {
                let bytes = export.finish_as(&path)?;
                json(&serde_json::json!({ "path": path, "bytes": bytes }))
            }
            (Taking::Export(export), None) => utf8(export.finish()?),
        }
    }
}

fn utf8(text: Vec<u8>) -> runstore::Result<String> {
    String::from_utf8(text).map_err(|error| StoreError::new(Code::Internal, error.to_string()))
}

/// Returns the content of a run file, as JSON: `{ file, lossless }`.
#[napi(catch_unwind)]
pub fn read_run_file(path: String) -> Result<String> {
    Ok(read_file(Path::new(&path))?)
}

fn read_file(path: &Path) -> runstore::Result<String> {
    let mut samples: HashMap<String, Vec<FileSample>> = HashMap::new();
    let (mut file, rows) = read_document(path, &|_| (), &mut |model, sample| {
        match samples.get_mut(model) {
            Some(known) => known.push(sample),
            None => drop(samples.insert(model.to_owned(), vec![sample])),
        }
        Ok(())
    })?;
    for (model, pipeline) in &mut file.pipeline_results {
        pipeline.per_sample_scorecards = samples.remove(model).unwrap_or_default();
    }
    json(&ReadFile { file: &file, lossless: rows == Rows::Whole })
}

#[derive(Serialize)]
struct ReadFile<'f> {
    file: &'f RunFile,
    lossless: bool,
}

/// Returns the run files of a folder, as JSON.
#[napi(catch_unwind)]
pub fn list_run_files_in(folder: String) -> Result<String> {
    Ok(json(&list_run_files(Path::new(&folder), &mut |_, _| ())?)?)
}

/// Returns the path of a run file by its name.
#[napi(catch_unwind)]
pub fn find_run_file_in(folder: String, name: String) -> Result<String> {
    Ok(find_run_file(Path::new(&folder), &name)?.display().to_string())
}

/// The packed rows of a run file, buffer by buffer. A thread reads at most two buffers ahead.
#[napi]
pub struct RunFileRows {
    rows: Shared<Receiver<runstore::Result<Vec<u8>>>>,
    /// Bytes read, and in total.
    read: Arc<AtomicU64>,
    length: u64,
}

#[napi]
impl RunFileRows {
    /// Starts to read.
    #[napi(constructor, catch_unwind)]
    pub fn new(path: String) -> Result<Self> {
        let length = std::fs::metadata(&path).map_or(0, |file| file.len());
        let read = Arc::new(AtomicU64::new(0));
        let (sender, rows) = sync_channel(2);
        let reading = read.clone();
        let work = move || {
            let mut sending = Sending(sender);
            if let Err(error) = read_rows(Path::new(&path), &reading, &mut sending) {
                // If the reader was dropped, the error is not needed.
                let _ = sending.0.send(Err(error));
            }
        };
        let started = std::thread::Builder::new().name("runstore-file".to_owned()).spawn(work);
        started.map_err(|error| {
            StoreError::new(Code::Io, format!("cannot start a thread: {error}"))
        })?;
        Ok(RunFileRows { rows: Shared::new(rows), read, length })
    }

    /// Returns the next buffer, `null` after the last.
    #[napi(catch_unwind)]
    pub fn next(&self, later: bool) -> Result<Returned<Option<Copied>>> {
        self.rows.run(IMPORT, later, |rows| match rows.recv() {
            Ok(buffer) => buffer.map(|buffer| Some(Copied(buffer))),
            Err(_) => Ok(None),
        })
    }

    /// Returns the progress and the total, in bytes.
    #[napi(catch_unwind)]
    pub fn progress(&self) -> Vec<f64> {
        vec![self.read.load(Ordering::Relaxed) as f64, self.length as f64]
    }

    /// Ends the thread.
    #[napi(catch_unwind)]
    pub fn abort(&self) {
        self.rows.drop_state();
    }
}

/// Packs batches and sends them.
struct Sending(SyncSender<runstore::Result<Vec<u8>>>);

impl RowSink for Sending {
    fn put_batch(&mut self, batch: RowBatch) -> runstore::Result<()> {
        let gone = |_| StoreError::new(Code::Interrupted, "reading was stopped");
        self.0.send(Ok(encode(&batch)?)).map_err(gone)
    }
}
