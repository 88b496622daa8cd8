//! Reads what is readable in a damaged file: each result is a `Readable` as JSON.

use napi_derive::napi;

use super::error::Result;
use super::returned::Returned;
use super::store::{NativeStore, json, parsed};
use super::values::Json;
use crate::store::{OnDamage, despite_damage};
use crate::{Store, error};

#[napi]
impl NativeStore {
    #[napi(catch_unwind)]
    pub fn readable_run(&self, id: String) -> Result<Returned<Json>> {
        self.readable(move |store, on| store.get_run(&id, on))
    }

    #[napi(catch_unwind)]
    pub fn readable_runs(&self, suite_id: Option<String>) -> Result<Returned<Json>> {
        self.readable(move |store, on| store.list_runs(suite_id.as_deref(), on))
    }

    #[napi(catch_unwind)]
    pub fn readable_latest_completed_run(
        &self,
        suite_id: String,
        model: Option<String>,
    ) -> Result<Returned<Json>> {
        self.readable(move |store, on| {
            store.get_latest_completed_run(&suite_id, model.as_deref(), on)
        })
    }

    #[napi(catch_unwind)]
    pub fn readable_page(&self, query: String) -> Result<Returned<Json>> {
        self.readable(move |store, on| store.query_runs(&parsed(&query)?, on))
    }
}

impl NativeStore {
    fn readable<T: serde::Serialize>(
        &self,
        read: impl FnOnce(&Store, &OnDamage<'_>) -> error::Result<T> + Send + 'static,
    ) -> Result<Returned<Json>> {
        self.run(move |store| json(&despite_damage(|on| read(store, on))?))
    }
}
