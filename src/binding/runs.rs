//! The methods of `RunStore` on the life of a run: queries, changes, results of benchmarks, reports.

use napi_derive::napi;

use super::error::Result;
use super::returned::Returned;
use super::store::{NativeStore, json, parsed};
use super::values::Json;
use crate::model::{NewRun, Resume, RunStatus};
use crate::results::{self, FinalizeOptions, ReportOptions};
use crate::store::refuse;

#[napi]
impl NativeStore {
    #[napi(catch_unwind)]
    pub fn query_runs(&self, query: String) -> Result<Returned<Json>> {
        self.run(move |store| json(&store.query_runs(&parsed(&query)?, &refuse)?))
    }

    /// `resume` is the id of a run, or empty for the latest; without it, a new run is created.
    #[napi(catch_unwind)]
    #[allow(clippy::too_many_arguments)] // those of `createRun`, with a suite by its name
    pub fn open_run(
        &self,
        suite: String,
        resume: Option<String>,
        name: String,
        model: String,
        config: Option<String>,
        id: Option<String>,
        tags: Option<String>,
        metadata: Option<String>,
        more: Option<String>,
    ) -> Result<Returned<Json>> {
        self.run(move |store| {
            let more = more.as_deref().map(parsed).transpose()?;
            let new = NewRun {
                id: id.as_deref(),
                suite_id: "",
                name: &name,
                model: &model,
                config: config.as_deref(),
                tags: tags.as_deref(),
                metadata: metadata.as_deref(),
                more: more.as_ref(),
            };
            let resume = match resume.as_deref() {
                None => Resume::Never,
                Some("") => Resume::Latest,
                Some(id) => Resume::Run(id),
            };
            json(&store.open_run(&suite, &new, resume)?)
        })
    }

    #[napi(catch_unwind)]
    pub fn update_run(&self, id: String, changes: String) -> Result<Returned<()>> {
        self.run(move |store| store.update_run(&id, &parsed(&changes)?))
    }

    #[napi(catch_unwind)]
    pub fn resume_run(&self, id: String, older_than_ms: Option<f64>) -> Result<Returned<()>> {
        self.run(move |store| store.resume_run(&id, older_than_ms.map(|age| age as i64)))
    }

    #[napi(catch_unwind)]
    pub fn get_run_owner(&self, id: String) -> Result<Returned<Option<Json>>> {
        self.run(move |store| store.get_run_owner(&id)?.as_ref().map(json).transpose())
    }

    #[napi(catch_unwind)]
    pub fn save_benchmark_result(&self, run_id: String, result: String) -> Result<Returned<()>> {
        self.run(move |store| store.save_benchmark_result(&run_id, &parsed(&result)?))
    }

    #[napi(catch_unwind)]
    pub fn get_benchmark_result(
        &self,
        run_id: String,
        benchmark: String,
        threshold: f64,
    ) -> Result<Returned<Option<Json>>> {
        self.run(move |store| {
            let found = results::get_benchmark_result(store, &run_id, &benchmark, threshold)?;
            found.as_ref().map(json).transpose()
        })
    }

    #[napi(catch_unwind)]
    pub fn list_benchmarks(&self, run_id: String) -> Result<Returned<Json>> {
        self.run(move |store| json(&store.list_benchmarks(&run_id)?))
    }

    #[napi(catch_unwind)]
    pub fn finalize_run(
        &self,
        id: String,
        completed: bool,
        threshold: f64,
    ) -> Result<Returned<Json>> {
        self.run(move |store| {
            let status = if completed { RunStatus::Completed } else { RunStatus::Failed };
            json(&results::finalize_run(store, &id, FinalizeOptions { status, threshold })?)
        })
    }

    #[napi(catch_unwind)]
    pub fn read_summary(&self, id: String) -> Result<Returned<Option<Json>>> {
        self.run(move |store| store.read_summary(&id)?.as_ref().map(json).transpose())
    }

    #[napi(catch_unwind)]
    pub fn get_run_report(
        &self,
        id: String,
        threshold: f64,
        reducer: String,
    ) -> Result<Returned<Json>> {
        self.run(move |store| {
            let passing = crate::scorecard::Passing::AtLeast(threshold);
            let options = ReportOptions { passing, reducer: parsed(&reducer)? };
            json(&results::get_run_report(store, &id, &options)?)
        })
    }
}
