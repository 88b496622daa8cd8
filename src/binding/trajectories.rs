//! Trajectories: packed on their way in, JSON on their way out.

use napi::bindgen_prelude::{BufferSlice, Float64ArraySlice, Int32ArraySlice};
use napi_derive::napi;

use super::error::Result;
use super::store::{NativeStore, packed, part};
use super::values::Json;
use crate::model::{Outcome, TrajectoryFilter};
use crate::store::{PackedTrajectories, TrajectoryChunk};

#[napi]
impl NativeStore {
    #[napi(catch_unwind)]
    #[allow(clippy::too_many_arguments)] // positional, as the other packed rows
    pub fn save_trajectories(
        &self,
        run_id: String,
        text: BufferSlice<'_>,
        lengths: Int32ArraySlice<'_>,
        numbers: Float64ArraySlice<'_>,
        rows: u32,
        first_row: u32,
        in_batch: bool,
    ) -> Result<()> {
        let packed = packed(&text, &lengths, &numbers, rows);
        let part = part(first_row, in_batch, false);
        Ok(self.store.save_trajectories(&run_id, part, PackedTrajectories::from(&packed))?)
    }

    /// The batch is one trajectory: the turns to add, and what is known of the outcome.
    #[napi(catch_unwind)]
    pub fn append_turns(
        &self,
        run_id: String,
        text: BufferSlice<'_>,
        lengths: Int32ArraySlice<'_>,
        numbers: Float64ArraySlice<'_>,
    ) -> Result<f64> {
        let packed = packed(&text, &lengths, &numbers, 1);
        let mut turns = 0;
        for given in PackedTrajectories::from(&packed) {
            turns = self.store.append_turns(&run_id, &given?)?;
        }
        Ok(turns as f64)
    }

    #[napi(catch_unwind)]
    pub fn get_trajectory(
        &self,
        run_id: String,
        benchmark: String,
        idx: f64,
    ) -> Result<Option<Json>> {
        Ok(self.store.get_trajectory(&run_id, &benchmark, idx)?.map(Json))
    }

    /// Returns `{"rows":[…],"cursor":…}`.
    #[napi(catch_unwind)]
    pub fn trajectories_after(
        &self,
        operation: String,
        run_id: String,
        benchmark: Option<String>,
        outcome: Option<String>,
        cursor: Option<String>,
        limit: u32,
    ) -> Result<Json> {
        let filter = TrajectoryFilter {
            benchmark: benchmark.as_deref(),
            outcome: outcome.as_deref().and_then(Outcome::of_name),
        };
        let (cursor, limit) = (cursor.as_deref(), limit as usize);
        let chunk = self.store.trajectories_after(&run_id, &filter, cursor, limit, &operation)?;
        Ok(written(chunk))
    }
}

fn written(chunk: TrajectoryChunk) -> Json {
    let mut json = b"{\"rows\":".to_vec();
    json.extend(chunk.rows);
    json.extend_from_slice(b",\"cursor\":");
    let cursor = chunk.cursor.map_or(serde_json::Value::Null, serde_json::Value::from);
    json.extend_from_slice(cursor.to_string().as_bytes());
    json.push(b'}');
    Json(json)
}
