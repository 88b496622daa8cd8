//! Whole runs as packed rows, for functions of the second addon: out of a store and into one, batch by batch.

use napi::Env;
use napi::bindgen_prelude::{Uint8Array, Unknown};
use napi_derive::napi;

use super::chunk::Columns;
use super::error::Result;
use super::returned::Returned;
use super::rows::Each;
use super::store::NativeStore;
use super::values::{Flat, Maker, Raw};
use crate::db::OwnedValue;
use crate::model::RowBatch;
use crate::results::read_run_rows;
use crate::rows::{decode, encode, pack_state, unpack_state};
use crate::store::{ExistingRun, ImportState, ImportedRows, RowImport, RunReading};
use crate::{Store, error};

#[napi]
impl NativeStore {
    /// Returns the next buffer of a run and the state to continue from, `null` at its end. Without a state it starts.
    #[napi(catch_unwind)]
    pub fn export_rows(
        &self,
        run_id: String,
        state: Option<Uint8Array>,
    ) -> Result<Returned<Option<Flat>>> {
        let state = state.map(|state| state.to_vec());
        self.run(move |store| {
            let mut reading = match state {
                Some(state) => unpack_state(&state)?,
                None => RunReading::of(&run_id),
            };
            let Some(batch) = store.export_next(&mut reading)? else { return Ok(None) };
            let both = [encode(&batch)?, pack_state(&reading)?];
            Ok(Some(Flat(both.map(OwnedValue::Blob).into())))
        })
    }

    /// Reads the buffers of a run as of one moment; on request with the results that were computed for it.
    #[napi(catch_unwind)]
    pub fn read_run_rows(
        &self,
        env: Env,
        operation: String,
        run_id: String,
        counted: bool,
        each: Each<'_, PackedBatch>,
        to_array: Unknown<'_>,
    ) -> Result<Returned<()>> {
        self.read(env, each, to_array, move |store, each| {
            let mut take = |batch: RowBatch| each(&mut PackedBatch(encode(&batch)?));
            match counted {
                true => read_run_rows(store, &run_id, &operation, &mut take),
                false => store.read_run(&run_id, &operation, &mut take),
            }
        })
    }

    /// Returns whether a run with this id exists and was imported completely.
    #[napi(catch_unwind)]
    pub fn holds_run(&self, operation: String, run_id: String) -> Result<Returned<bool>> {
        self.run(move |store| store.holds_run(&run_id, &operation))
    }

    #[napi(catch_unwind)]
    pub fn count_trajectories(&self, operation: String, run_id: String) -> Result<Returned<f64>> {
        self.run(move |store| Ok(store.count_trajectories(&run_id, &operation)? as f64))
    }

    /// Imports a buffer; returns the state for the next one and, at the end of a run, its result as JSON.
    #[napi(catch_unwind)]
    pub fn import_rows(
        &self,
        operation: String,
        state: Option<Uint8Array>,
        rows: Uint8Array,
        suite_id: Option<String>,
        keep_existing: bool,
    ) -> Result<Returned<Flat>> {
        let (state, rows) = (state.map(|state| state.to_vec()), rows.to_vec());
        self.run(move |store| {
            let mut state: ImportState = match state {
                Some(state) => unpack_state(&state)?,
                None => ImportState::new(options(suite_id, keep_existing)),
            };
            let taken = decode(&rows).and_then(|batch| store.import_next(&mut state, batch));
            let ended = taken.map_err(|error| error.during(&operation))?;
            Ok(Flat(vec![OwnedValue::Blob(pack_state(&state)?), report(ended.as_ref())?]))
        })
    }

    /// Removes what an import has left of an unfinished run.
    #[napi(catch_unwind)]
    pub fn abort_import(&self, state: Uint8Array) -> Result<Returned<()>> {
        let state = state.to_vec();
        self.run(move |store: &Store| store.abort_import(&mut unpack_state(&state)?))
    }

    /// Fails unless the last run of an import has ended.
    #[napi(catch_unwind)]
    pub fn end_import(&self, state: Uint8Array) -> Result<Returned<()>> {
        let state = state.to_vec();
        self.run(move |_| unpack_state::<ImportState>(&state)?.check_ended())
    }
}

/// A batch for JavaScript, as one buffer.
#[derive(Default)]
pub struct PackedBatch(Vec<u8>);

impl Columns for PackedBatch {
    fn cross(&self, make: Maker, _gather: Raw) -> napi::Result<Raw> {
        make.copied(&self.0)
    }
}

fn options(suite_id: Option<String>, keep_existing: bool) -> RowImport {
    let existing = if keep_existing { ExistingRun::Keep } else { ExistingRun::Refuse };
    RowImport { suite_id, existing }
}

fn report(ended: Option<&ImportedRows>) -> error::Result<OwnedValue> {
    let Some(ended) = ended else { return Ok(OwnedValue::Null) };
    let json = serde_json::to_vec(ended)
        .map_err(|error| error::StoreError::new(error::Code::Internal, error.to_string()))?;
    Ok(OwnedValue::Text(json))
}
