//! Cases and scores: packed from JavaScript, by column to JavaScript.

use napi::bindgen_prelude::{BufferSlice, Float64ArraySlice, Function, Int32ArraySlice, Unknown};
use napi::{Env, JsValue};
use napi_derive::napi;

use super::chunk::{Columns, Crossing};
use super::error::{Result, host};
use super::packed::{OwnedRows, packed, part};
use super::returned::Returned;
use super::store::{Home, NativeStore, parsed};
use super::values::{Cell, Flat, Maker, summary};
use crate::Store;
use crate::error::{self, Code, StoreError};
use crate::store::{
    CaseColumns, FailingCases, JsonCheck, OnConflict, PackedCases, PackedResults, PackedRows,
    PackedScores, Position,
};

/// Called with each chunk; returns whether to continue. A store on another thread has its chunks requested instead.
pub(super) type Each<'f, C> = Option<Function<'f, Crossing<'f, C>, bool>>;

#[napi]
impl NativeStore {
    #[napi(catch_unwind)]
    pub fn save_cases(
        &self,
        text: BufferSlice<'_>,
        lengths: Int32ArraySlice<'_>,
        numbers: Float64ArraySlice<'_>,
        rows: u32,
        first_row: u32,
        in_batch: bool,
    ) -> Result<Returned<()>> {
        let part = part(first_row, in_batch, rows == 1);
        self.save(&packed(&text, &lengths, &numbers, rows), move |store, packed| {
            store.save_cases_part(part, PackedCases::from(packed))
        })
    }

    #[napi(catch_unwind)]
    pub fn save_scores(
        &self,
        text: BufferSlice<'_>,
        lengths: Int32ArraySlice<'_>,
        numbers: Float64ArraySlice<'_>,
        rows: u32,
        first_row: u32,
        in_batch: bool,
    ) -> Result<Returned<()>> {
        let part = part(first_row, in_batch, rows == 1);
        self.save(&packed(&text, &lengths, &numbers, rows), move |store, packed| {
            store.save_scores_part(part, PackedScores::from(packed))
        })
    }

    #[napi(catch_unwind)]
    #[allow(clippy::too_many_arguments)] // positional, because an object costs more than the insert
    pub fn save_results(
        &self,
        run_id: String,
        on_conflict: String,
        text: BufferSlice<'_>,
        lengths: Int32ArraySlice<'_>,
        numbers: Float64ArraySlice<'_>,
        rows: u32,
        first_row: u32,
        in_batch: bool,
    ) -> Result<Returned<Vec<String>>> {
        let part = part(first_row, in_batch, false);
        let on_conflict = on_conflict_of("saveResults", &on_conflict)?;
        self.save(&packed(&text, &lengths, &numbers, rows), move |store, packed| {
            store.save_results(part, on_conflict, PackedResults::new(&run_id, packed))
        })
    }

    #[napi(catch_unwind)]
    pub fn read_cases(
        &self,
        env: Env,
        validates_json: bool,
        run_id: String,
        each: Each<'_, CaseColumns>,
        to_array: Unknown<'_>,
    ) -> Result<Returned<()>> {
        self.read(env, each, to_array, move |store, each| {
            store.read_cases(&run_id, json_check(validates_json), each)
        })
    }

    #[napi(catch_unwind)]
    pub fn read_failed_cases(
        &self,
        env: Env,
        validates_json: bool,
        run_id: String,
        each: Each<'_, CaseColumns>,
        to_array: Unknown<'_>,
    ) -> Result<Returned<()>> {
        self.read(env, each, to_array, move |store, each| {
            store.read_failed_cases(&run_id, json_check(validates_json), each)
        })
    }

    /// Takes the keys as JSON; returns the indexes of those that are missing.
    #[napi(catch_unwind)]
    pub fn missing_keys(&self, run_id: String, keys: String) -> Result<Returned<Vec<u32>>> {
        self.run(move |store| store.missing_keys(&run_id, &parsed::<Vec<String>>(&keys)?))
    }

    /// Returns the indexes of those that are missing.
    #[napi(catch_unwind)]
    pub fn missing_idxs(
        &self,
        run_id: String,
        idxs: Float64ArraySlice<'_>,
    ) -> Result<Returned<Vec<u32>>> {
        let idxs = idxs.to_vec();
        self.run(move |store| store.missing_idxs(&run_id, &idxs))
    }

    #[napi(catch_unwind)]
    #[allow(clippy::too_many_arguments)] // positional, as all others
    pub fn read_failing_cases(
        &self,
        env: Env,
        validates_json: bool,
        run_id: String,
        threshold: f64,
        each: Each<'_, FailingCases>,
        to_array: Unknown<'_>,
    ) -> Result<Returned<()>> {
        self.read(env, each, to_array, move |store, each| {
            store.read_failing_cases(&run_id, json_check(validates_json), threshold, each)
        })
    }

    #[napi(catch_unwind)]
    #[allow(clippy::too_many_arguments)] // positional, as all others
    pub fn cases_after(
        &self,
        env: Env,
        validates_json: bool,
        run_id: String,
        idx: Cell,
        rowid: Option<f64>,
        limit: u32,
        each: Each<'_, CaseColumns>,
        to_array: Unknown<'_>,
    ) -> Result<Returned<()>> {
        let after = rowid.map(|rowid| Position { idx: idx.0, rowid: rowid as i64 });
        self.read(env, each, to_array, move |store, each| {
            let check = json_check(validates_json);
            each(&mut store.cases_after(&run_id, check, after.as_ref(), limit as usize)?)
        })
    }

    #[napi(catch_unwind)]
    pub fn count_cases(&self, operation: String, run_id: String) -> Result<Returned<f64>> {
        self.run(move |store| Ok(store.cases_of(&run_id, &operation)? as f64))
    }

    #[napi(catch_unwind)]
    pub fn get_run_summary(&self, run_id: String, threshold: f64) -> Result<Returned<Flat>> {
        self.run(move |store| Ok(summary(store.get_run_summary(&run_id, threshold)?)))
    }
}

pub(super) fn on_conflict_of(operation: &'static str, name: &str) -> error::Result<OnConflict> {
    OnConflict::of_name(name).ok_or_else(|| {
        let argument = error::Argument::option("on_conflict");
        let expected = "error, replace or ignore";
        error::StoreError::value(argument, expected, format_args!("\"{name}\"")).during(operation)
    })
}

fn json_check(validates: bool) -> JsonCheck {
    if validates { JsonCheck::Validate } else { JsonCheck::Skip }
}

impl NativeStore {
    /// Saves packed rows; another thread gets a copy of them.
    pub(super) fn save<T: napi::bindgen_prelude::ToNapiValue + Send + 'static>(
        &self,
        packed: &PackedRows<'_>,
        save: impl FnOnce(&Store, &PackedRows<'_>) -> error::Result<T> + Send + 'static,
    ) -> Result<Returned<T>> {
        Ok(match self.home() {
            Home::Here(store) => Returned::Value(save(store, packed)?),
            Home::Thread(thread) => {
                let rows = OwnedRows::from(packed);
                Returned::Promise(thread.run(move |store| save(store, &rows.as_packed()))?)
            }
        })
    }

    /// Reads chunks. On this thread, passes each to `each`; on another thread, returns the promise of the first.
    pub(super) fn read<C: Columns + Default + 'static>(
        &self,
        env: Env,
        each: Each<'_, C>,
        to_array: Unknown<'_>,
        read: impl FnOnce(&Store, &mut dyn FnMut(&mut C) -> error::Result<()>) -> error::Result<()>
        + Send
        + 'static,
    ) -> Result<Returned<()>> {
        let store = match self.home() {
            Home::Here(store) => store,
            Home::Thread(thread) => return Ok(Returned::Promise(thread.read(read)?)),
        };
        let each =
            each.ok_or_else(|| StoreError::new(Code::Internal, "the chunks have no receiver"))?;
        let (make, to_array) = (Maker(env.raw()), to_array.raw());
        let mut hand_over = |chunk: &mut C| match make
            .scope(|| each.call(Crossing { chunk, to_array }))
            .map_err(host)?
        {
            true => Ok(()),
            false => Err(StoreError::new(Code::Interrupted, "reading was stopped")),
        };
        read(store, &mut hand_over)?;
        Ok(Returned::Value(()))
    }
}
