//! The files of tinker's EvalStore. The progress is handed over, and the report at the end, as JSON.

use napi::Env;
use napi::bindgen_prelude::Unknown;
use napi_derive::napi;

use super::error::Result;
use super::returned::Returned;
use super::rows::Each;
use super::store::{NativeStore, json};
use super::work::WorkStep;
use crate::error;
use crate::tinker::{ExportOptions, ImportOptions, Progress, export_eval_store, import_eval_store};

#[napi]
impl NativeStore {
    #[napi(catch_unwind)]
    #[allow(clippy::too_many_arguments)] // positional, as the other operations
    pub fn import_eval_store(
        &self,
        env: Env,
        path: String,
        suite: String,
        runs: Option<Vec<String>>,
        strict: bool,
        utc_offset: f64,
        each: Each<'_, WorkStep>,
        gather: Unknown<'_>,
    ) -> Result<Returned<()>> {
        self.read(env, each, gather, move |store, each| {
            let (suite, runs) = (suite.as_str(), runs.as_deref());
            let options = ImportOptions { suite, runs, strict, utc_offset: utc_offset as i32 };
            let report = import_eval_store(store, &path, &options, &mut |now| tell(each, now))?;
            each(&mut WorkStep::Report(json(&report)?))
        })
    }

    #[napi(catch_unwind)]
    pub fn export_eval_store(
        &self,
        env: Env,
        run_ids: Vec<String>,
        path: String,
        overwrite: bool,
        each: Each<'_, WorkStep>,
        gather: Unknown<'_>,
    ) -> Result<Returned<()>> {
        self.read(env, each, gather, move |store, each| {
            let ids: Vec<&str> = run_ids.iter().map(String::as_str).collect();
            let options = ExportOptions { overwrite };
            let report =
                export_eval_store(store, &ids, &path, options, &mut |now| tell(each, now))?;
            each(&mut WorkStep::Report(json(&report)?))
        })
    }
}

/// Hands the progress over; an error ends the work.
fn tell(
    each: &mut dyn FnMut(&mut WorkStep) -> error::Result<()>,
    now: Progress,
) -> error::Result<()> {
    each(&mut WorkStep::Done(now.done as f64, now.total as f64))
}
