//! The class behind `RunStore`.

use std::time::Duration;

use napi::bindgen_prelude::{
    BufferSlice, Float64ArraySlice, Function, Int32ArraySlice, Object, Unknown,
};
use napi::{Env, JsValue};
use napi_derive::napi;

use super::columns::{Cases, Failing};
use super::comparison::Compared;
use super::driver::JsDriver;
use super::error::Result;
use super::values::{Cell, Fields, Flat, Json, Maker};
use crate::compare::{self, CompareOptions, compare_runs};
use crate::db::{Durability, OpenOptions, OwnedValue};
use crate::error::{Code, StoreError};
use crate::model::{NewRun, RunStatus, RunSummary};
use crate::store::{
    Atomic, PackedCases, PackedResults, PackedRows, PackedScores, Part, Position, Store,
    more_of_run,
};

#[napi]
pub struct NativeStore {
    pub(super) store: Store,
}

#[napi]
impl NativeStore {
    #[napi(factory, catch_unwind)]
    pub fn open(path: String, read_only: bool, busy_timeout_ms: f64, full: bool) -> Result<Self> {
        let options = OpenOptions {
            read_only,
            busy_timeout: Duration::from_millis(busy_timeout_ms as u64),
            durability: if full { Durability::Full } else { Durability::Normal },
        };
        Ok(NativeStore { store: Store::open(&path, &options)? })
    }

    #[napi(factory, catch_unwind)]
    pub fn on_handle(env: Env, functions: Object<'_>, place: String) -> Result<Self> {
        let driver = JsDriver::new(env, &functions).map_err(internal)?;
        Ok(NativeStore { store: Store::on_handle(driver, &place)? })
    }

    #[napi(catch_unwind)]
    pub fn close(&self) -> Result<()> {
        Ok(self.store.close()?)
    }

    #[napi(catch_unwind)]
    pub fn create_suite(&self, name: String) -> Result<Json> {
        json(&self.store.create_suite(&name)?)
    }

    #[napi(catch_unwind)]
    pub fn get_suite(&self, id: String) -> Result<Option<Json>> {
        self.store.get_suite(&id)?.as_ref().map(json).transpose()
    }

    #[napi(catch_unwind)]
    pub fn find_suite_by_name(&self, name: String) -> Result<Option<Json>> {
        self.store.find_suite_by_name(&name)?.as_ref().map(json).transpose()
    }

    #[napi(catch_unwind)]
    pub fn list_suites(&self) -> Result<Json> {
        json(&self.store.list_suites()?)
    }

    #[napi(catch_unwind)]
    pub fn rename_suite(&self, id: String, name: String) -> Result<()> {
        Ok(self.store.rename_suite(&id, &name)?)
    }

    #[napi(catch_unwind)]
    pub fn delete_suite(&self, id: String) -> Result<()> {
        Ok(self.store.delete_suite(&id)?)
    }

    #[napi(catch_unwind)]
    #[allow(clippy::too_many_arguments)] // positional, because an object costs more than the insert
    pub fn create_run(
        &self,
        suite_id: String,
        name: String,
        model: String,
        config: Option<String>,
        id: Option<String>,
        tags: Option<String>,
        metadata: Option<String>,
        more: Option<String>,
    ) -> Result<String> {
        let more = more.as_deref().map(parsed).transpose()?;
        Ok(self.store.create_run(&NewRun {
            id: id.as_deref(),
            suite_id: &suite_id,
            name: &name,
            model: &model,
            config: config.as_deref(),
            tags: tags.as_deref(),
            metadata: metadata.as_deref(),
            more: more.as_ref(),
        })?)
    }

    #[napi(catch_unwind)]
    pub fn finish_run(&self, id: String, completed: bool, summary: Option<String>) -> Result<()> {
        let status = if completed { RunStatus::Completed } else { RunStatus::Failed };
        Ok(self.store.finish_run(&id, status, summary.as_deref())?)
    }

    #[napi(catch_unwind)]
    pub fn get_run(&self, env: Env, id: String, gather: Unknown<'_>) -> Result<Option<Fields>> {
        let make = Maker(env.raw());
        let found = self.store.map_run(&id, |row| {
            let mut values = [make.null().map_err(host)?; 12];
            for (column, value) in values.iter_mut().take(11).enumerate() {
                *value = make.value(row.value(column)?).map_err(host)?;
            }
            let more = more_of_run(row, &id)?;
            if !more.is_empty() {
                values[11] = make.typed(written(&more)?).map_err(host)?;
            }
            Ok(values)
        })?;
        Ok(found.map(|values| Fields { values, gather: gather.raw() }))
    }

    #[napi(catch_unwind)]
    pub fn list_runs(&self, suite_id: Option<String>) -> Result<Json> {
        json(&self.store.list_runs(suite_id.as_deref())?)
    }

    #[napi(catch_unwind)]
    pub fn get_latest_completed_run(
        &self,
        suite_id: String,
        model: Option<String>,
    ) -> Result<Option<Json>> {
        self.store
            .get_latest_completed_run(&suite_id, model.as_deref())?
            .as_ref()
            .map(json)
            .transpose()
    }

    #[napi(catch_unwind)]
    pub fn rename_run(&self, id: String, name: String) -> Result<()> {
        Ok(self.store.rename_run(&id, &name)?)
    }

    #[napi(catch_unwind)]
    pub fn reset_run(&self, id: String) -> Result<()> {
        Ok(self.store.reset_run(&id)?)
    }

    #[napi(catch_unwind)]
    pub fn delete_run(&self, id: String) -> Result<()> {
        Ok(self.store.delete_run(&id)?)
    }

    #[napi(catch_unwind)]
    pub fn begin_batch(&self, operation: String) -> Result<()> {
        Ok(self.store.begin_batch(&operation)?)
    }

    #[napi(catch_unwind)]
    pub fn commit_batch(&self, operation: String) -> Result<()> {
        Ok(self.store.commit_batch(&operation)?)
    }

    #[napi(catch_unwind)]
    pub fn rollback_batch(&self) {
        self.store.rollback_batch();
    }

    #[napi(catch_unwind)]
    pub fn save_cases(
        &self,
        text: BufferSlice<'_>,
        lengths: Int32ArraySlice<'_>,
        numbers: Float64ArraySlice<'_>,
        rows: u32,
        first_row: u32,
        in_batch: bool,
    ) -> Result<()> {
        let packed = packed(&text, &lengths, &numbers, rows);
        let part = part(first_row, in_batch, rows == 1);
        Ok(self.store.save_cases_part(part, PackedCases::from(&packed))?)
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
    ) -> Result<()> {
        let packed = packed(&text, &lengths, &numbers, rows);
        let part = part(first_row, in_batch, rows == 1);
        Ok(self.store.save_scores_part(part, PackedScores::from(&packed))?)
    }

    #[napi(catch_unwind)]
    #[allow(clippy::too_many_arguments)] // positional, because an object costs more than the insert
    pub fn save_results(
        &self,
        run_id: String,
        text: BufferSlice<'_>,
        lengths: Int32ArraySlice<'_>,
        numbers: Float64ArraySlice<'_>,
        rows: u32,
        first_row: u32,
        in_batch: bool,
    ) -> Result<Vec<String>> {
        let packed = packed(&text, &lengths, &numbers, rows);
        let results = PackedResults::new(&run_id, &packed);
        Ok(self.store.save_results(part(first_row, in_batch, false), results)?)
    }

    #[napi(catch_unwind)]
    pub fn read_cases(
        &self,
        env: Env,
        run_id: String,
        each: Function<'_, Cases<'_>, Unknown<'_>>,
        gather: Unknown<'_>,
    ) -> Result<()> {
        let (make, gather) = (Maker(env.raw()), gather.raw());
        Ok(self.store.read_cases(&run_id, |chunk| {
            make.scope(|| each.call(Cases { cases: chunk, gather }).map(drop)).map_err(host)
        })?)
    }

    #[napi(catch_unwind)]
    pub fn read_failing_cases(
        &self,
        env: Env,
        run_id: String,
        threshold: f64,
        each: Function<'_, Failing<'_>, Unknown<'_>>,
        gather: Unknown<'_>,
    ) -> Result<()> {
        let (make, gather) = (Maker(env.raw()), gather.raw());
        Ok(self.store.read_failing_cases(&run_id, threshold, |chunk| {
            make.scope(|| each.call(Failing { failing: chunk, gather }).map(drop)).map_err(host)
        })?)
    }

    #[napi(catch_unwind)]
    pub fn cases_after(
        &self,
        run_id: String,
        idx: Cell,
        rowid: Option<f64>,
        limit: u32,
        each: Function<'_, Cases<'_>, Unknown<'_>>,
        gather: Unknown<'_>,
    ) -> Result<()> {
        let after = rowid.map(|rowid| Position { idx: idx.0, rowid: rowid as i64 });
        let chunk = self.store.cases_after(&run_id, after.as_ref(), limit as usize)?;
        each.call(Cases { cases: &chunk, gather: gather.raw() }).map(drop).map_err(internal)
    }

    #[napi(catch_unwind)]
    pub fn case_texts(&self, run_id: String) -> Result<Vec<Vec<Option<String>>>> {
        Ok(self.store.case_texts(&run_id)?.into_iter().map(Vec::from).collect())
    }

    #[napi(catch_unwind)]
    pub fn count_cases(&self, run_id: String) -> Result<f64> {
        Ok(self.store.count_cases(&run_id)? as f64)
    }

    #[napi(catch_unwind)]
    pub fn get_run_summary(&self, run_id: String, threshold: f64) -> Result<Flat> {
        Ok(summary(self.store.get_run_summary(&run_id, threshold)?))
    }

    #[napi(catch_unwind)]
    pub fn compare_runs(
        &self,
        baseline: String,
        candidate: String,
        tolerance: f64,
        regression_threshold: f64,
    ) -> Result<Compared> {
        let options = CompareOptions { tolerance, regression_threshold };
        Ok(Compared(compare_runs(&self.store, &baseline, &candidate, &options)?))
    }

    #[napi(catch_unwind)]
    pub fn compare(&self, baseline: String, candidate: String, options: String) -> Result<Json> {
        json(&compare::compare(&self.store, &baseline, &candidate, &parsed(&options)?)?)
    }

    #[napi(catch_unwind)]
    pub fn gate(&self, baseline: String, candidate: String, options: String) -> Result<Json> {
        json(&compare::gate(&self.store, &baseline, &candidate, &parsed(&options)?)?)
    }

    #[napi(catch_unwind)]
    pub fn create_prompt(&self, name: String, content: String) -> Result<Json> {
        json(&self.store.create_prompt(&name, &content)?)
    }

    #[napi(catch_unwind)]
    pub fn list_prompts(&self) -> Result<Json> {
        json(&self.store.list_prompts()?)
    }

    #[napi(catch_unwind)]
    pub fn get_prompt(&self, id: String) -> Result<Option<Json>> {
        self.store.get_prompt(&id)?.as_ref().map(json).transpose()
    }

    #[napi(catch_unwind)]
    pub fn get_latest_prompt(&self, name: String) -> Result<Option<Json>> {
        self.store.get_latest_prompt(&name)?.as_ref().map(json).transpose()
    }

    #[napi(catch_unwind)]
    pub fn get_prompt_version(&self, name: String, version: f64) -> Result<Option<Json>> {
        self.store.get_prompt_version(&name, version)?.as_ref().map(json).transpose()
    }

    #[napi(catch_unwind)]
    pub fn delete_prompt(&self, id: String) -> Result<()> {
        Ok(self.store.delete_prompt(&id)?)
    }
}

pub(super) fn packed<'a>(
    text: &'a BufferSlice<'_>,
    lengths: &'a Int32ArraySlice<'_>,
    numbers: &'a Float64ArraySlice<'_>,
    rows: u32,
) -> PackedRows<'a> {
    PackedRows { text, lengths, numbers, rows: rows as usize }
}

pub(super) fn part(first_row: u32, in_batch: bool, one_statement: bool) -> Part {
    let atomic = match (in_batch, one_statement) {
        (true, _) => Atomic::Batch,
        (false, true) => Atomic::Statement,
        (false, false) => Atomic::Transaction,
    };
    Part { first_row: first_row as usize, atomic }
}

fn internal<S: AsRef<str> + From<napi::Status>>(error: napi::Error) -> napi::Error<S> {
    napi::Error::new(S::from(error.status), error.reason.clone())
}

/// An exception in a function of the façade; it is pending, and goes out as it is.
pub(super) fn host(error: napi::Error) -> StoreError {
    StoreError::new(Code::Host, error.reason.clone())
}

/// Options as JSON, which the façade made of checked values.
pub(super) fn parsed<T: serde::de::DeserializeOwned>(options: &str) -> Result<T> {
    serde_json::from_str(options)
        .map_err(|error| StoreError::new(Code::Internal, error.to_string()).into())
}

/// Rows as JSON: one string crosses, and V8 makes the objects.
pub(super) fn json<T: serde::Serialize>(rows: &T) -> Result<Json> {
    Ok(written(rows)?)
}

fn written<T: serde::Serialize>(rows: &T) -> Result<Json, StoreError> {
    serde_json::to_vec(rows)
        .map(Json)
        .map_err(|error| StoreError::new(Code::Internal, error.to_string()))
}

/// The six numbers, then name and mean of each scorer.
fn summary(summary: RunSummary) -> Flat {
    let mut values: Vec<OwnedValue> = [
        summary.total_cases as f64,
        summary.pass_count as f64,
        summary.fail_count as f64,
        summary.total_latency_ms,
        summary.total_tokens_in,
        summary.total_tokens_out,
    ]
    .map(OwnedValue::Real)
    .into();
    for (name, mean) in summary.mean_scores {
        values.push(OwnedValue::Text(name.into_bytes()));
        values.push(mean.map_or(OwnedValue::Null, OwnedValue::Real));
    }
    Flat(values)
}
