//! The files of tinker's EvalStore, for `entries/tinker.js`: packed rows in and out. With `later`, a function works on
//! another thread and returns a promise.

use napi::bindgen_prelude::Uint8Array;
use napi_derive::napi;
use runstore::rows::{RowSink, RowSource, decode, encode};
use runstore_formats::tinker::{self, ExportOptions, ImportOptions, Progress};

use crate::json::json;
use crate::shared::{self, Copied, Returned, Shared};
use runstore::node_error::Result;

const IMPORT: &str = "importEvalStore";
const EXPORT: &str = "exportEvalStore";

/// The runs of an EvalStore, for a store.
#[napi]
pub struct EvalStoreImport(Shared<tinker::EvalStoreImport>);

#[napi(catch_unwind)]
pub fn open_eval_store(
    later: bool,
    path: String,
    suite: String,
    runs: Option<Vec<String>>,
    strict: bool,
    utc_offset: f64,
) -> Result<Returned<EvalStoreImport>> {
    let options = ImportOptions { suite, runs, strict, utc_offset: utc_offset as i32 };
    shared::run(IMPORT, later, move || {
        Ok(EvalStoreImport(Shared::new(tinker::EvalStoreImport::open(&path, options)?)))
    })
}

#[napi]
impl EvalStoreImport {
    #[napi(catch_unwind)]
    pub fn run_ids(&self) -> Result<Returned<Vec<String>>> {
        self.0.run(IMPORT, false, |import| Ok(import.run_ids().map(str::to_owned).collect()))
    }

    /// Takes the next rows of a run that the store already has.
    #[napi(catch_unwind)]
    pub fn compare(&self, later: bool, rows: Uint8Array) -> Result<Returned<()>> {
        let rows = rows.to_vec();
        self.0.run(IMPORT, later, move |import| import.put_batch(decode(&rows)?))
    }

    /// Returns the next rows for the store, `null` after the last.
    #[napi(catch_unwind)]
    pub fn next_rows(&self, later: bool) -> Result<Returned<Option<Copied>>> {
        self.0.run(IMPORT, later, |import| {
            let batch = import.next_batch()?;
            batch.map(|batch| encode(&batch).map(Copied)).transpose()
        })
    }

    /// Returns the progress and the total, in bytes.
    #[napi(catch_unwind)]
    pub fn progress(&self) -> Result<Returned<Vec<f64>>> {
        self.0.run(IMPORT, false, |import| Ok(numbers(import.progress())))
    }

    /// Returns the report, as JSON.
    #[napi(catch_unwind)]
    pub fn report(&self) -> Result<Returned<String>> {
        self.0.run(IMPORT, false, |import| json(&import.report()))
    }
}

/// Runs that are being written to an EvalStore.
#[napi]
pub struct EvalStoreExport(Shared<tinker::EvalStoreExport>);

#[napi(catch_unwind)]
pub fn begin_eval_store(
    later: bool,
    path: String,
    run_ids: Vec<String>,
    overwrite: bool,
    total: f64,
) -> Result<Returned<EvalStoreExport>> {
    let options = ExportOptions { overwrite, total: total as u64 };
    shared::run(EXPORT, later, move || {
        let begun = tinker::EvalStoreExport::begin(&path, &run_ids, options)?;
        Ok(EvalStoreExport(Shared::new(begun)))
    })
}

#[napi]
impl EvalStoreExport {
    /// Takes the next rows of a run.
    #[napi(catch_unwind)]
    pub fn put(&self, later: bool, rows: Uint8Array) -> Result<Returned<()>> {
        let rows = rows.to_vec();
        self.0.run(EXPORT, later, move |export| export.put_batch(decode(&rows)?))
    }

    /// Returns the progress and the total, in trajectories.
    #[napi(catch_unwind)]
    pub fn progress(&self) -> Result<Returned<Vec<f64>>> {
        self.0.run(EXPORT, false, |export| Ok(numbers(export.progress())))
    }

    /// Moves the runs to their places; returns the report, as JSON.
    #[napi(catch_unwind)]
    pub fn finish(&self, later: bool) -> Result<Returned<String>> {
        self.0.finish(EXPORT, later, |export| json(&export.finish()?))
    }

    /// Discards unfinished runs.
    #[napi(catch_unwind)]
    pub fn abort(&self) {
        self.0.drop_state();
    }
}

fn numbers(Progress { done, total }: Progress) -> Vec<f64> {
    vec![done as f64, total as f64]
}
