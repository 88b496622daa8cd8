//! Whole runs as packed rows, for functions of the second addon: out of a store and into one, batch by batch.

use napi::bindgen_prelude::Uint8Array;
use napi_derive::napi;

use super::error::Result;
use super::returned::Returned;
use super::store::NativeStore;
use super::values::Flat;
use crate::Store;
use crate::db::OwnedValue;
use crate::error;
use crate::rows::{decode, encode, pack_state, unpack_state};
use crate::store::{ExistingRun, ImportState, ImportedRows, RowImport, RunReading};

#[napi]
impl NativeStore {
    /// Returns the next buffer of a run and where the reading goes on, `null` at its end. Without a state it begins.
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

    /// Takes a buffer in; returns the state for the next one, and at the end of a run what became of it, as JSON.
    #[napi(catch_unwind)]
    pub fn import_rows(
        &self,
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
            let batch = decode(&rows).map_err(|error| error.during("importRows"))?;
            let ended = store.import_next(&mut state, batch)?;
            Ok(Flat(vec![OwnedValue::Blob(pack_state(&state)?), report(ended.as_ref())?]))
        })
    }

    /// Removes what an import has left of a run that it did not end.
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
