//! Doctor, backup, pruning, merging and salvage. Reports are passed as JSON.

use napi::Env;
use napi::bindgen_prelude::Unknown;
use napi_derive::napi;

use super::error::Result;
use super::returned::Returned;
use super::rows::Each;
use super::store::{NativeStore, json};
use super::values::Json;
use super::work::WorkStep;
use crate::maintenance::{self, DoctorOptions, MergeOptions, PruneOptions, RecoverOptions};

#[napi]
impl NativeStore {
    #[napi(catch_unwind)]
    pub fn doctor(
        &self,
        stale_after_ms: f64,
        fix: bool,
        fail_stale_runs: bool,
    ) -> Result<Returned<Json>> {
        self.run(move |store| {
            let stale_after_ms = stale_after_ms as i64;
            json(&maintenance::doctor(
                store,
                &DoctorOptions { stale_after_ms, fix, fail_stale_runs },
            )?)
        })
    }

    /// Passes the progress to `each`, and the report at the end.
    #[napi(catch_unwind)]
    pub fn backup(
        &self,
        env: Env,
        path: String,
        each: Each<'_, WorkStep>,
        to_array: Unknown<'_>,
    ) -> Result<Returned<()>> {
        self.read(env, each, to_array, move |store, each| {
            let report = maintenance::backup(store, &path, &mut |now| {
                each(&mut WorkStep::Done(now.done_pages as f64, now.total_pages as f64))
            })?;
            each(&mut WorkStep::Report(json(&report)?))
        })
    }

    #[napi(catch_unwind)]
    pub fn prune(
        &self,
        keep: Option<f64>,
        older_than_ms: Option<f64>,
        max_bytes: Option<f64>,
        suite_id: Option<String>,
        dry_run: bool,
    ) -> Result<Returned<Json>> {
        self.run(move |store| {
            let options = PruneOptions {
                keep: keep.map(|keep| keep as u64),
                older_than_ms: older_than_ms.map(|age| age as i64),
                max_bytes: max_bytes.map(|most| most as u64),
                suite_id: suite_id.as_deref(),
                dry_run,
            };
            json(&maintenance::prune(store, &options, &mut |_, _| {})?)
        })
    }

    #[napi(catch_unwind)]
    pub fn recover_runs(
        &self,
        suite_id: Option<String>,
        older_than_ms: Option<f64>,
        dry_run: bool,
    ) -> Result<Returned<Json>> {
        self.run(move |store| {
            let options = RecoverOptions {
                suite_id: suite_id.as_deref(),
                older_than_ms: older_than_ms.map(|age| age as i64),
                dry_run,
            };
            json(&maintenance::recover_runs(store, &options)?)
        })
    }

    #[napi(catch_unwind)]
    pub fn vacuum(&self) -> Result<Returned<Json>> {
        self.run(move |store| json(&maintenance::vacuum(store)?))
    }
}

#[napi(catch_unwind)]
pub fn merge(out: String, inputs: Vec<String>, unite_suites: bool) -> Result<Json> {
    let inputs: Vec<&str> = inputs.iter().map(String::as_str).collect();
    Ok(json(&maintenance::merge(&out, &inputs, &MergeOptions { unite_suites })?)?)
}

#[napi(catch_unwind)]
pub fn salvage(path: String, out: String) -> Result<Json> {
    Ok(json(&maintenance::salvage(&path, &out)?)?)
}
