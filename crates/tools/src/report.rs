//! Reports and run files for JavaScript: rows come packed from the first addon, and go back packed. No store is opened here.

use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};

use napi::bindgen_prelude::Uint8Array;
use napi_derive::napi;
use runstore::error::{Code, StoreError};
use runstore::model::RowBatch;
use runstore::rows::{RowSink, decode, encode};
use runstore_cli::exporting::{RunArchive, RunExport};
use runstore_formats::run_file::{
    FileSample, Rows, RunFile, RunFileOptions, RunFileWriter, find_run_file, list_run_files,
    read_document, read_rows,
};
use runstore_report::export::ExportFormat;
use serde::Serialize;

use crate::error::{Result, thrown};
use crate::json::{json, parsed};

/// Takes the packed rows of runs, and makes something of them.
#[napi]
pub struct RowTaker {
    taking: Option<Taking>,
}

enum Taking {
    RunFile(Box<RunFileWriter>),
    RunFileText(Box<RunFileWriter>),
    Export(Box<RunExport>),
    Archive(Box<RunArchive>),
}

#[napi]
impl RowTaker {
    /// Makes a run file in a folder; the options are JSON.
    #[napi(factory, catch_unwind)]
    pub fn run_file(folder: String, options: String) -> Result<Self> {
        let options = parsed::<RunFileOptions>(&options);
        let writer = options.and_then(|options| RunFileWriter::new(Path::new(&folder), options));
        writer
            .map(|writer| Taking::RunFile(Box::new(writer)).into())
            .map_err(|error| thrown(&error))
    }

    /// Makes a run file that goes elsewhere than into a folder of such files.
    #[napi(factory, catch_unwind)]
    pub fn run_file_text() -> Result<Self> {
        let options = RunFileOptions { source: "API".to_owned(), ..RunFileOptions::default() };
        let writer = RunFileWriter::new(Path::new("."), options);
        writer
            .map(|writer| Taking::RunFileText(Box::new(writer)).into())
            .map_err(|error| thrown(&error))
    }

    /// Makes an export in one format.
    #[napi(factory, catch_unwind)]
    pub fn export(format: String) -> Result<Self> {
        let export = format_of(&format).map(RunExport::new);
        export.map(|export| Taking::Export(Box::new(export)).into()).map_err(|error| thrown(&error))
    }

    /// Makes an archive; the options are those of its run file.
    #[napi(factory, catch_unwind)]
    pub fn archive(options: String) -> Result<Self> {
        let archive = parsed(&options).and_then(RunArchive::new);
        archive
            .map(|archive| Taking::Archive(Box::new(archive)).into())
            .map_err(|error| thrown(&error))
    }

    /// Takes the next rows.
    #[napi(catch_unwind)]
    pub fn put(&mut self, rows: Uint8Array) -> Result<()> {
        let put = |batch| match &mut self.taking {
            Some(Taking::RunFile(writer) | Taking::RunFileText(writer)) => writer.put_batch(batch),
            Some(Taking::Export(export)) => export.put_batch(batch),
            Some(Taking::Archive(archive)) => archive.put_batch(batch),
            None => Err(ended()),
        };
        decode(&rows).and_then(put).map_err(|error| thrown(&error))
    }

    /// Writes what was made, and returns as JSON what it is. A run file goes into its folder under its id where there is no
    /// path; an export is returned then, as text.
    #[napi(catch_unwind)]
    pub fn finish(&mut self, path: Option<String>) -> Result<String> {
        let taking = self.taking.take().ok_or_else(ended);
        taking
            .and_then(|taking| taking.finish(path.map(PathBuf::from)))
            .map_err(|error| thrown(&error))
    }
}

impl From<Taking> for RowTaker {
    fn from(taking: Taking) -> Self {
        RowTaker { taking: Some(taking) }
    }
}

impl Taking {
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
            (Taking::Archive(_), None) => Err(ended()),
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

fn ended() -> StoreError {
    StoreError::new(Code::Internal, "the rows were taken already")
}

fn format_of(name: &str) -> runstore::Result<ExportFormat> {
    ExportFormat::of_name(name)
        .ok_or_else(|| StoreError::new(Code::Internal, format!("no format {name:?}")))
}

/// Returns what stands in a run file, as JSON: `{ file, lossless }`.
#[napi(catch_unwind)]
pub fn read_run_file(path: String) -> Result<String> {
    read_file(Path::new(&path)).map_err(|error| thrown(&error))
}

fn read_file(path: &Path) -> runstore::Result<String> {
    let mut samples: HashMap<String, Vec<FileSample>> = HashMap::new();
    let (mut file, rows) = read_document(path, &mut |model, sample| {
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
    list_run_files(Path::new(&folder))
        .and_then(|files| json(&files))
        .map_err(|error| thrown(&error))
}

/// Returns the path of the run file that is meant by a name.
#[napi(catch_unwind)]
pub fn find_run_file_in(folder: String, name: String) -> Result<String> {
    let found = find_run_file(Path::new(&folder), &name);
    found.map(|path| path.display().to_string()).map_err(|error| thrown(&error))
}

/// The packed rows of a run file, one buffer after the other. A thread reads ahead, by two buffers at most.
#[napi]
pub struct RunFileRows {
    rows: Receiver<runstore::Result<Vec<u8>>>,
}

#[napi]
impl RunFileRows {
    /// Begins to read.
    #[napi(constructor, catch_unwind)]
    pub fn new(path: String) -> Result<Self> {
        let (sender, rows) = sync_channel(2);
        let read = move || {
            let mut sending = Sending(sender);
            if let Err(error) = read_rows(Path::new(&path), &mut sending) {
                // Where nobody waits for it any more, it is nobody's business.
                let _ = sending.0.send(Err(error));
            }
        };
        let started = std::thread::Builder::new().name("runstore-file".to_owned()).spawn(read);
        started.map_err(|error| {
            thrown(&StoreError::new(Code::Io, format!("cannot start a thread: {error}")))
        })?;
        Ok(RunFileRows { rows })
    }

    /// Returns the next buffer, `null` behind the last.
    #[napi(catch_unwind)]
    pub fn next(&self) -> Result<Option<Uint8Array>> {
        match self.rows.recv() {
            Ok(buffer) => buffer.map(|buffer| Some(buffer.into())).map_err(|error| thrown(&error)),
            Err(_) => Ok(None),
        }
    }
}

/// Packs batches and sends them.
struct Sending(SyncSender<runstore::Result<Vec<u8>>>);

impl RowSink for Sending {
    fn put_batch(&mut self, batch: RowBatch) -> runstore::Result<()> {
        let gone = |_| StoreError::new(Code::Interrupted, "nobody reads the rows any more");
        self.0.send(Ok(encode(&batch)?)).map_err(gone)
    }
}
