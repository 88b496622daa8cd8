//! The doctor, backups, pruning, merging and salvage. Reports cross as JSON.

use napi::bindgen_prelude::{FnArgs, Function};
use napi_derive::napi;

use super::error::Result;
use super::store::{NativeStore, host, json};
use super::values::Json;
use crate::care::{self, DoctorOptions, MergeOptions, PruneOptions};
use crate::error::{Code, StoreError};

/// Pages copied and pages in all; answers whether to go on.
type Progress<'f> = Function<'f, FnArgs<(f64, f64)>, bool>;

#[napi]
impl NativeStore {
    #[napi(catch_unwind)]
    pub fn doctor(&self, stale_after_ms: f64, fix: bool, fail_stale_runs: bool) -> Result<Json> {
        let stale_after_ms = stale_after_ms as i64;
        json(&care::doctor(&self.store, &DoctorOptions { stale_after_ms, fix, fail_stale_runs })?)
    }

    #[napi(catch_unwind)]
    pub fn backup(&self, path: String, progress: Option<Progress<'_>>) -> Result<Json> {
        let report = care::backup(&self.store, &path, &mut |now| {
            let Some(progress) = &progress else { return Ok(()) };
            let pages = FnArgs { data: (now.done_pages as f64, now.total_pages as f64) };
            match progress.call(pages).map_err(host)? {
                true => Ok(()),
                false => Err(StoreError::new(Code::Interrupted, "the copy was stopped")),
            }
        })?;
        json(&report)
    }

    #[napi(catch_unwind)]
    pub fn prune(
        &self,
        keep: Option<f64>,
        older_than_ms: Option<f64>,
        max_bytes: Option<f64>,
        suite_id: Option<String>,
        dry_run: bool,
    ) -> Result<Json> {
        let options = PruneOptions {
            keep: keep.map(|keep| keep as u64),
            older_than_ms: older_than_ms.map(|age| age as i64),
            max_bytes: max_bytes.map(|most| most as u64),
            suite_id: suite_id.as_deref(),
            dry_run,
        };
        json(&care::prune(&self.store, &options)?)
    }

    #[napi(catch_unwind)]
    pub fn vacuum(&self) -> Result<Json> {
        json(&care::vacuum(&self.store)?)
    }
}

#[napi(catch_unwind)]
pub fn merge(out: String, inputs: Vec<String>, unite_suites: bool) -> Result<Json> {
    let inputs: Vec<&str> = inputs.iter().map(String::as_str).collect();
    json(&care::merge(&out, &inputs, &MergeOptions { unite_suites })?)
}

#[napi(catch_unwind)]
pub fn salvage(path: String, out: String) -> Result<Json> {
    json(&care::salvage(&path, &out)?)
}
