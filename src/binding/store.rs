//! The native class behind `RunStore`.

use std::time::Duration;

use napi::bindgen_prelude::{Object, ToNapiValue, Uint8Array, Unknown};
use napi::{Env, JsValue};
use napi_derive::napi;

use super::chunk::NativeChunk;
use super::comparison::Compared;
use super::driver::JsDriver;
use super::error::{Result, host, internal};
pub(super) use super::json::json;
use super::json::json_in_pieces;
use super::returned::Returned;
use super::thread::StoreThread;
use super::values::{Fields, Flat, Json, Maker};
use crate::compare::{self, CompareOptions, compare_runs};
use crate::db::{Durability, OpenOptions, OwnedValue, Row};
use crate::error::{self, Code, StoreError};
use crate::model::{NewRun, RunStatus};
use crate::store::{Store, more_of_run, refuse};

#[napi]
pub struct NativeStore {
    home: Home,
}

/// The thread of the store.
pub(super) enum Home {
    /// JavaScript's thread, which waits for each operation.
    Here(Store),
    /// A thread of its own.
    Thread(StoreThread),
}

#[napi]
impl NativeStore {
    #[napi(factory, catch_unwind)]
    pub fn open(path: String, read_only: bool, busy_timeout_ms: f64, full: bool) -> Result<Self> {
        let options = options(read_only, busy_timeout_ms, full);
        Ok(NativeStore { home: Home::Here(Store::open(&path, &options)?) })
    }

    #[napi(factory, catch_unwind)]
    pub fn on_handle(env: Env, functions: Object<'_>, place: String) -> Result<Self> {
        let driver = JsDriver::new(env, &functions).map_err(internal)?;
        Ok(NativeStore { home: Home::Here(Store::on_handle(driver, &place)?) })
    }

    /// Returns at once: the thread opens the store, and if that fails, each operation fails with the same error.
    #[napi(factory, catch_unwind)]
    pub fn open_on_thread(
        env: Env,
        path: String,
        read_only: bool,
        busy_timeout_ms: f64,
        full: bool,
    ) -> Result<Self> {
        let options = options(read_only, busy_timeout_ms, full);
        let thread = StoreThread::start(env, move || Store::open(&path, &options))?;
        Ok(NativeStore { home: Home::Thread(thread) })
    }

    /// Does nothing; it settles when the store is open.
    #[napi(catch_unwind)]
    pub fn opened(&self) -> Result<Returned<()>> {
        self.run(|_| Ok(()))
    }

    #[napi(catch_unwind)]
    pub fn close(&self) -> Result<Returned<()>> {
        Ok(match &self.home {
            Home::Here(store) => Returned::Value(store.close()?),
            Home::Thread(thread) => Returned::Promise(thread.close()?),
        })
    }

    /// Interrupts the store's own thread. A store on JavaScript's thread is never running when this is called.
    #[napi(catch_unwind)]
    pub fn interrupt(&self) {
        if let Home::Thread(thread) = &self.home {
            thread.interrupt();
        }
    }

    /// Returns the next chunk of the current read, `null` at its end.
    #[napi(catch_unwind)]
    pub fn next_chunk(&self) -> Result<Returned<Option<NativeChunk>>> {
        Ok(match &self.home {
            Home::Here(_) => Returned::Value(None),
            Home::Thread(thread) => Returned::Promise(thread.next_chunk()?),
        })
    }

    #[napi(catch_unwind)]
    pub fn stop_reading(&self) {
        if let Home::Thread(thread) = &self.home {
            thread.stop_reading();
        }
    }

    #[napi(catch_unwind)]
    pub fn create_suite(&self, name: String) -> Result<Returned<Json>> {
        self.run(move |store| json(&store.create_suite(&name)?))
    }

    #[napi(catch_unwind)]
    pub fn get_or_create_suite(&self, name: String) -> Result<Returned<Json>> {
        self.run(move |store| json(&store.get_or_create_suite(&name)?))
    }

    #[napi(catch_unwind)]
    pub fn unite_suites(&self, name: String) -> Result<Returned<Json>> {
        self.run(move |store| json(&store.unite_suites(&name)?))
    }

    #[napi(catch_unwind)]
    pub fn get_suite(&self, id: String) -> Result<Returned<Option<Json>>> {
        self.run(move |store| store.get_suite(&id)?.as_ref().map(json).transpose())
    }

    #[napi(catch_unwind)]
    pub fn find_suite_by_name(&self, name: String) -> Result<Returned<Option<Json>>> {
        self.run(move |store| store.find_suite_by_name(&name)?.as_ref().map(json).transpose())
    }

    #[napi(catch_unwind)]
    pub fn list_suites(&self) -> Result<Returned<Json>> {
        self.run(move |store| json(&store.list_suites()?))
    }

    #[napi(catch_unwind)]
    pub fn rename_suite(&self, id: String, name: String) -> Result<Returned<()>> {
        self.run(move |store| store.rename_suite(&id, &name))
    }

    #[napi(catch_unwind)]
    pub fn delete_suite(&self, id: String) -> Result<Returned<()>> {
        self.run(move |store| store.delete_suite(&id))
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
    ) -> Result<Returned<String>> {
        self.run(move |store| {
            let more = more.as_deref().map(parsed).transpose()?;
            store.create_run(&NewRun {
                id: id.as_deref(),
                suite_id: &suite_id,
                name: &name,
                model: &model,
                config: config.as_deref(),
                tags: tags.as_deref(),
                metadata: metadata.as_deref(),
                more: more.as_ref(),
            })
        })
    }

    #[napi(catch_unwind)]
    pub fn finish_run(
        &self,
        id: String,
        completed: bool,
        summary: Option<String>,
    ) -> Result<Returned<()>> {
        self.run(move |store| {
            let status = if completed { RunStatus::Completed } else { RunStatus::Failed };
            store.finish_run(&id, status, summary.as_deref())
        })
    }

    #[napi(catch_unwind)]
    pub fn get_run(
        &self,
        env: Env,
        id: String,
        to_array: Unknown<'_>,
    ) -> Result<Returned<Option<Fields>>> {
        let store = match &self.home {
            Home::Here(store) => store,
            Home::Thread(thread) => return Ok(Returned::Promise(thread.run(fields_of_run(id))?)),
        };
        let make = Maker(env.raw());
        let found = store.map_run(&id, |row| {
            let mut values = [make.null().map_err(host)?; 12];
            for (column, value) in values.iter_mut().take(11).enumerate() {
                *value = make.value(row.value(column)?).map_err(host)?;
            }
            let more = more_of_run(row, &id, &refuse)?;
            if !more.is_empty() {
                values[11] = make.typed(json(&more)?).map_err(host)?;
            }
            Ok(values)
        })?;
        Ok(Returned::Value(found.map(|values| Fields { values, to_array: to_array.raw() })))
    }

    #[napi(catch_unwind)]
    pub fn list_runs(&self, suite_id: Option<String>) -> Result<Returned<Vec<Json>>> {
        self.run(move |store| json_in_pieces(&store.list_runs(suite_id.as_deref(), &refuse)?))
    }

    #[napi(catch_unwind)]
    pub fn get_latest_completed_run(
        &self,
        suite_id: String,
        model: Option<String>,
    ) -> Result<Returned<Option<Json>>> {
        self.run(move |store| {
            store
                .get_latest_completed_run(&suite_id, model.as_deref(), &refuse)?
                .as_ref()
                .map(json)
                .transpose()
        })
    }

    #[napi(catch_unwind)]
    pub fn rename_run(&self, id: String, name: String) -> Result<Returned<()>> {
        self.run(move |store| store.rename_run(&id, &name))
    }

    #[napi(catch_unwind)]
    pub fn reset_run(&self, id: String) -> Result<Returned<()>> {
        self.run(move |store| store.reset_run(&id))
    }

    #[napi(catch_unwind)]
    pub fn delete_run(&self, id: String) -> Result<Returned<()>> {
        self.run(move |store| store.delete_run(&id))
    }

    /// Deletes a run whose rows have a digest, and returns whether it had it.
    #[napi(catch_unwind)]
    pub fn delete_equal_run(&self, id: String, digest: Uint8Array) -> Result<Returned<bool>> {
        let digest = digest.to_vec();
        self.run(move |store| store.delete_equal_run(&id, &digest))
    }

    #[napi(catch_unwind)]
    pub fn begin_batch(&self, operation: String) -> Result<Returned<()>> {
        self.run(move |store| store.begin_batch(&operation))
    }

    #[napi(catch_unwind)]
    pub fn commit_batch(&self, operation: String) -> Result<Returned<()>> {
        self.run(move |store| store.commit_batch(&operation))
    }

    #[napi(catch_unwind)]
    pub fn rollback_batch(&self) -> Result<Returned<()>> {
        self.run(|store| {
            store.rollback_batch();
            Ok(())
        })
    }

    #[napi(catch_unwind)]
    pub fn compare_runs(
        &self,
        baseline: String,
        candidate: String,
        tolerance: f64,
        regression_threshold: f64,
    ) -> Result<Returned<Compared>> {
        self.run(move |store| {
            let options = CompareOptions { tolerance, regression_threshold };
            Ok(Compared(compare_runs(store, &baseline, &candidate, &options)?))
        })
    }

    #[napi(catch_unwind)]
    pub fn compare(
        &self,
        baseline: Vec<String>,
        candidate: Vec<String>,
        options: String,
    ) -> Result<Returned<Json>> {
        self.run(move |store| {
            let [baseline, candidate] = [&baseline, &candidate].map(|names| texts(names));
            json(&compare::compare(store, &baseline, &candidate, &parsed(&options)?)?)
        })
    }

    #[napi(catch_unwind)]
    pub fn gate(
        &self,
        baseline: Vec<String>,
        candidate: Vec<String>,
        options: String,
    ) -> Result<Returned<Json>> {
        self.run(move |store| {
            let [baseline, candidate] = [&baseline, &candidate].map(|names| texts(names));
            json(&compare::gate(store, &baseline, &candidate, &parsed(&options)?)?)
        })
    }

    #[napi(catch_unwind)]
    pub fn judge_agreement(&self, run_id: String, options: String) -> Result<Returned<Json>> {
        self.run(move |store| json(&compare::judge_agreement(store, &run_id, &parsed(&options)?)?))
    }

    #[napi(catch_unwind)]
    pub fn calibrate(&self, suite_id: String, options: String) -> Result<Returned<Json>> {
        self.run(move |store| json(&compare::calibrate(store, &suite_id, &parsed(&options)?)?))
    }

    #[napi(catch_unwind)]
    pub fn create_prompt(&self, name: String, content: String) -> Result<Returned<Json>> {
        self.run(move |store| json(&store.create_prompt(&name, &content)?))
    }

    #[napi(catch_unwind)]
    pub fn list_prompts(&self) -> Result<Returned<Vec<Json>>> {
        self.run(move |store| json_in_pieces(&store.list_prompts()?))
    }

    #[napi(catch_unwind)]
    pub fn get_prompt(&self, id: String) -> Result<Returned<Option<Json>>> {
        self.run(move |store| store.get_prompt(&id)?.as_ref().map(json).transpose())
    }

    #[napi(catch_unwind)]
    pub fn get_latest_prompt(&self, name: String) -> Result<Returned<Option<Json>>> {
        self.run(move |store| store.get_latest_prompt(&name)?.as_ref().map(json).transpose())
    }

    #[napi(catch_unwind)]
    pub fn get_prompt_version(&self, name: String, version: f64) -> Result<Returned<Option<Json>>> {
        self.run(move |store| {
            store.get_prompt_version(&name, version)?.as_ref().map(json).transpose()
        })
    }

    #[napi(catch_unwind)]
    pub fn delete_prompt(&self, id: String) -> Result<Returned<()>> {
        self.run(move |store| store.delete_prompt(&id))
    }
}

impl NativeStore {
    pub(super) fn home(&self) -> &Home {
        &self.home
    }

    /// Runs an operation on the thread of the store.
    pub(super) fn run<T: ToNapiValue + Send + 'static>(
        &self,
        work: impl FnOnce(&Store) -> error::Result<T> + Send + 'static,
    ) -> Result<Returned<T>> {
        Ok(match &self.home {
            Home::Here(store) => Returned::Value(work(store)?),
            Home::Thread(thread) => Returned::Promise(thread.run(work)?),
        })
    }
}

fn options(read_only: bool, busy_timeout_ms: f64, full: bool) -> OpenOptions {
    OpenOptions {
        read_only,
        busy_timeout: Duration::from_millis(busy_timeout_ms as u64),
        durability: if full { Durability::Full } else { Durability::Normal },
    }
}

/// The fields of a run, for a thread that cannot create JavaScript values.
fn fields_of_run(id: String) -> impl FnOnce(&Store) -> error::Result<Option<Flat>> + Send {
    move |store| {
        let owned = |row: &dyn Row| {
            let fields = (0..11).map(|column| Ok(row.value(column)?.into_owned()));
            let mut fields = fields.collect::<error::Result<Vec<_>>>()?;
            let more = more_of_run(row, &id, &refuse)?;
            fields.push(match more.is_empty() {
                true => OwnedValue::Null,
                false => OwnedValue::Text(json(&more)?.0),
            });
            Ok(fields)
        };
        Ok(store.map_run(&id, owned)?.map(Flat))
    }
}

/// Options as JSON, which JavaScript wrote after checking them.
pub(super) fn parsed<T: serde::de::DeserializeOwned>(options: &str) -> error::Result<T> {
    crate::json::read(options).map_err(|error| StoreError::new(Code::Internal, error.to_string()))
}

fn texts(names: &[String]) -> Vec<&str> {
    names.iter().map(String::as_str).collect()
}
