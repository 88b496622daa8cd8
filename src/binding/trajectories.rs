//! Trajectories: packed from JavaScript, JSON to JavaScript.

use napi::bindgen_prelude::{BufferSlice, Float64ArraySlice, Int32ArraySlice};
use napi_derive::napi;

use super::error::Result;
use super::json::fitting;
use super::packed::{packed, part};
use super::returned::Returned;
use super::rows::on_conflict_of;
use super::store::NativeStore;
use super::values::Json;
use crate::error;
use crate::model::{Outcome, Trajectory, TrajectoryFilter};
use crate::store::{PackedTrajectories, TrajectoryPage};

#[napi]
impl NativeStore {
    #[napi(catch_unwind)]
    #[allow(clippy::too_many_arguments)] // positional, as the other packed rows
    pub fn save_trajectories(
        &self,
        run_id: String,
        on_conflict: String,
        text: BufferSlice<'_>,
        lengths: Int32ArraySlice<'_>,
        numbers: Float64ArraySlice<'_>,
        rows: u32,
        first_row: u32,
        in_batch: bool,
    ) -> Result<Returned<()>> {
        let part = part(first_row, in_batch, false);
        let on_conflict = on_conflict_of("saveTrajectories", &on_conflict)?;
        self.save(&packed(&text, &lengths, &numbers, rows), move |store, packed| {
            let trajectories = PackedTrajectories::from(packed);
            store.save_trajectories(&run_id, part, on_conflict, trajectories)
        })
    }

    /// The batch is one trajectory: the turns to append, and the fields of the outcome to set.
    #[napi(catch_unwind)]
    pub fn append_turns(
        &self,
        run_id: String,
        text: BufferSlice<'_>,
        lengths: Int32ArraySlice<'_>,
        numbers: Float64ArraySlice<'_>,
    ) -> Result<Returned<f64>> {
        self.save(&packed(&text, &lengths, &numbers, 1), move |store, packed| {
            let mut turns = 0;
            for given in PackedTrajectories::from(packed) {
                turns = store.append_turns(&run_id, &given?)?;
            }
            Ok(turns as f64)
        })
    }

    #[napi(catch_unwind)]
    pub fn delete_trajectory(
        &self,
        run_id: String,
        benchmark: String,
        idx: f64,
    ) -> Result<Returned<bool>> {
        self.run(move |store| store.delete_trajectory(&run_id, &benchmark, idx as i64))
    }

    #[napi(catch_unwind)]
    pub fn get_trajectory(
        &self,
        run_id: String,
        benchmark: String,
        idx: f64,
    ) -> Result<Returned<Option<Json>>> {
        self.run(move |store| {
            let found = store.get_trajectory(&run_id, &benchmark, idx)?;
            let json = found.as_ref().map(one).transpose();
            json.map_err(|error| error.during("getTrajectory"))
        })
    }

    /// Returns `{"rows":[…],"cursor":…}`.
    #[napi(catch_unwind)]
    #[allow(clippy::too_many_arguments)] // positional, as the others
    pub fn trajectories_after(
        &self,
        operation: String,
        run_id: String,
        benchmark: Option<String>,
        outcome: Option<String>,
        case_id: Option<String>,
        key: Option<String>,
        trial: Option<f64>,
        cursor: Option<String>,
        limit: u32,
    ) -> Result<Returned<Json>> {
        self.run(move |store| {
            let filter = TrajectoryFilter {
                benchmark: benchmark.as_deref(),
                outcome: outcome.as_deref().and_then(Outcome::of_name),
                case_id: case_id.as_deref(),
                key: key.as_deref(),
                trial,
            };
            let (cursor, limit) = (cursor.as_deref(), limit as usize);
            let page = store.trajectories_after(&run_id, &filter, cursor, limit, &operation)?;
            written(&page).map_err(|error| error.during(&operation))
        })
    }
}

fn one(trajectory: &Trajectory) -> error::Result<Json> {
    let mut json = Vec::new();
    trajectory.write_json(&mut json)?;
    Ok(Json(json))
}

fn written(page: &TrajectoryPage) -> error::Result<Json> {
    let mut json = b"{\"rows\":[".to_vec();
    for (at, row) in page.rows.iter().enumerate() {
        if at > 0 {
            json.push(b',');
        }
        row.write_json(&mut json)?;
    }
    json.extend_from_slice(b"],\"cursor\":");
    let cursor = page.cursor.as_deref().map_or(serde_json::Value::Null, serde_json::Value::from);
    json.extend_from_slice(cursor.to_string().as_bytes());
    json.push(b'}');
    fitting(json)
}
