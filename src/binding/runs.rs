//! What `RunStore` knows of the life of a run: queries, changes, results of benchmarks, reports.

use std::path::Path;

use napi_derive::napi;

use super::error::Result;
use super::store::{NativeStore, json, parsed};
use super::values::Json;
use crate::git;
use crate::model::RunStatus;
use crate::results::{self, FinalizeOptions};

#[napi]
impl NativeStore {
    #[napi(catch_unwind)]
    pub fn working_tree(&self, directory: String) -> Result<Option<Json>> {
        git::working_tree(Path::new(&directory)).as_ref().map(json).transpose()
    }

    #[napi(catch_unwind)]
    pub fn query_runs(&self, query: String) -> Result<Json> {
        json(&self.store.query_runs(&parsed(&query)?)?)
    }

    #[napi(catch_unwind)]
    pub fn update_run(&self, id: String, changes: String) -> Result<()> {
        Ok(self.store.update_run(&id, &parsed(&changes)?)?)
    }

    #[napi(catch_unwind)]
    pub fn save_benchmark_result(&self, run_id: String, result: String) -> Result<()> {
        Ok(self.store.save_benchmark_result(&run_id, &parsed(&result)?)?)
    }

    #[napi(catch_unwind)]
    pub fn get_benchmark_result(
        &self,
        run_id: String,
        benchmark: String,
        threshold: f64,
    ) -> Result<Option<Json>> {
        let found = results::get_benchmark_result(&self.store, &run_id, &benchmark, threshold)?;
        found.as_ref().map(json).transpose()
    }

    #[napi(catch_unwind)]
    pub fn list_benchmarks(&self, run_id: String) -> Result<Json> {
        json(&self.store.list_benchmarks(&run_id)?)
    }

    #[napi(catch_unwind)]
    pub fn finalize_run(&self, id: String, completed: bool, threshold: f64) -> Result<Json> {
        let status = if completed { RunStatus::Completed } else { RunStatus::Failed };
        json(&results::finalize_run(&self.store, &id, FinalizeOptions { status, threshold })?)
    }

    #[napi(catch_unwind)]
    pub fn read_summary(&self, id: String) -> Result<Option<Json>> {
        self.store.read_summary(&id)?.as_ref().map(json).transpose()
    }

    #[napi(catch_unwind)]
    pub fn get_run_report(&self, id: String, threshold: f64) -> Result<Json> {
        json(&results::get_run_report(&self.store, &id, threshold)?)
    }
}
