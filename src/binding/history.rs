//! The methods of `RunStore` on several runs: baselines, verdicts, history and trend.

use napi_derive::napi;

use super::error::Result;
use super::returned::Returned;
use super::store::{NativeStore, json, parsed};
use super::values::Json;
use crate::compare;
use crate::model::VerdictFilter;

#[napi]
impl NativeStore {
    #[napi(catch_unwind)]
    pub fn set_baseline(
        &self,
        suite_id: String,
        run_id: String,
        name: String,
    ) -> Result<Returned<()>> {
        self.run(move |store| store.set_baseline(&suite_id, &run_id, &name))
    }

    #[napi(catch_unwind)]
    pub fn get_baseline(&self, suite_id: String, name: String) -> Result<Returned<Option<Json>>> {
        self.run(move |store| store.get_baseline(&suite_id, &name)?.as_ref().map(json).transpose())
    }

    #[napi(catch_unwind)]
    pub fn list_baselines(&self, suite_id: String) -> Result<Returned<Json>> {
        self.run(move |store| json(&store.list_baselines(&suite_id)?))
    }

    #[napi(catch_unwind)]
    pub fn remove_baseline(&self, suite_id: String, name: String) -> Result<Returned<bool>> {
        self.run(move |store| store.remove_baseline(&suite_id, &name))
    }

    #[napi(catch_unwind)]
    pub fn record_verdict(&self, verdict: String) -> Result<Returned<String>> {
        self.run(move |store| store.record_verdict(&parsed(&verdict)?))
    }

    #[napi(catch_unwind)]
    pub fn list_verdicts(
        &self,
        suite_id: Option<String>,
        run_id: Option<String>,
        limit: Option<u32>,
    ) -> Result<Returned<Json>> {
        self.run(move |store| {
            json(&store.list_verdicts(&VerdictFilter {
                suite_id: suite_id.as_deref(),
                run_id: run_id.as_deref(),
                limit,
            })?)
        })
    }

    #[napi(catch_unwind)]
    pub fn history(&self, suite_id: String, options: String) -> Result<Returned<Json>> {
        self.run(move |store| json(&compare::history(store, &suite_id, &parsed(&options)?)?))
    }

    #[napi(catch_unwind)]
    pub fn trend(&self, suite_id: String, options: String) -> Result<Returned<Json>> {
        self.run(move |store| json(&compare::trend(store, &suite_id, &parsed(&options)?)?))
    }
}
