//! The files of tinker's EvalStore. Reports cross as JSON.

use napi_derive::napi;

use super::error::Result;
use super::returned::Returned;
use super::store::{NativeStore, json};
use super::values::Json;
use crate::tinker::{ExportOptions, ImportOptions, export_eval_store, import_eval_store};

#[napi]
impl NativeStore {
    #[napi(catch_unwind)]
    pub fn import_eval_store(
        &self,
        path: String,
        suite: String,
        runs: Option<Vec<String>>,
        strict: bool,
        utc_offset: f64,
    ) -> Result<Returned<Json>> {
        self.run(move |store| {
            let (suite, runs) = (suite.as_str(), runs.as_deref());
            let options = ImportOptions { suite, runs, strict, utc_offset: utc_offset as i32 };
            json(&import_eval_store(store, &path, &options, &mut |_| {})?)
        })
    }

    #[napi(catch_unwind)]
    pub fn export_eval_store(
        &self,
        run_ids: Vec<String>,
        path: String,
        overwrite: bool,
    ) -> Result<Returned<Json>> {
        self.run(move |store| {
            let ids: Vec<&str> = run_ids.iter().map(String::as_str).collect();
            let options = ExportOptions { overwrite };
            json(&export_eval_store(store, &ids, &path, options, &mut |_| {})?)
        })
    }
}
