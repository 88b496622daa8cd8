//! The content of pages, and annotations of cases; called only by `lib/page/` and `entries/report.js`.

use napi_derive::napi;

use super::error::Result;
use super::json::json_in_pieces;
use super::returned::Returned;
use super::store::{NativeStore, json, parsed};
use super::values::Json;
use crate::error::{Code, StoreError};
use crate::page::{self, Page, RowIds};

#[napi]
impl NativeStore {
    /// Returns the title, the index, and the ids of the rows.
    #[napi(catch_unwind)]
    pub fn page(
        &self,
        operation: String,
        run: String,
        options: String,
    ) -> Result<Returned<Vec<Json>>> {
        self.run(move |store| {
            let page = page::page(store, &run, &parsed(&options)?, &operation)?;
            let parts = [json(&page.title), json(&page.index), json(&page.ids)];
            parts.into_iter().map(|part| part.map_err(|error| too_many(error, &page))).collect()
        })
    }

    /// Returns the index and the ids of the first rows of large runs; nothing for smaller ones.
    #[napi(catch_unwind)]
    pub fn page_beginning(
        &self,
        operation: String,
        run: String,
        options: String,
    ) -> Result<Returned<Vec<Json>>> {
        self.run(move |store| match page::beginning(store, &run, &parsed(&options)?, &operation)? {
            Some(page) => Ok(vec![json(&page.index)?, json(&page.ids)?]),
            None => Ok(vec![]),
        })
    }

    #[napi(catch_unwind)]
    pub fn run_figures(&self, operation: String, run_id: String) -> Result<Returned<Json>> {
        self.run(move |store| json(&page::run_figures(store, &run_id, &operation)?))
    }

    #[napi(catch_unwind)]
    pub fn data_version(&self) -> Result<Returned<f64>> {
        self.run(|store| Ok(store.data_version()? as f64))
    }

    #[napi(catch_unwind)]
    pub fn save_annotations(&self, annotations: String) -> Result<Returned<()>> {
        self.run(move |store| store.save_annotations(&parsed::<Vec<_>>(&annotations)?))
    }

    #[napi(catch_unwind)]
    pub fn list_annotations(&self, run_id: String) -> Result<Returned<Vec<Json>>> {
        self.run(move |store| json_in_pieces(&store.list_annotations(&run_id)?))
    }

    #[napi(catch_unwind)]
    pub fn page_bodies(
        &self,
        operation: String,
        ids: String,
        redact: String,
    ) -> Result<Returned<Json>> {
        self.run(move |store| {
            let rows: Vec<Option<RowIds>> = parsed(&ids)?;
            json(&page::bodies(store, &rows, &parsed::<Vec<_>>(&redact)?, &operation)?)
        })
    }
}

/// Says what to do about a page whose figures do not fit into a string, where texts are not the cause.
fn too_many(error: StoreError, page: &Page) -> StoreError {
    if error.code != Code::TooLarge {
        return error;
    }
    let (cases, scorers) = (page.ids.len(), page.index.scorers.len());
    let message = format!(
        "the scores of {cases} cases by {scorers} scorers do not fit into one page; choose fewer scorers, or export the run"
    );
    StoreError::new(Code::TooLarge, message)
}
