//! Thresholds and scorecards.

use napi_derive::napi;

use super::error::Result;
use super::returned::Returned;
use super::store::{NativeStore, json, parsed};
use super::values::Json;
use crate::scorecard::get_scorecard;

#[napi]
impl NativeStore {
    #[napi(catch_unwind)]
    pub fn set_thresholds(&self, suite_id: String, thresholds: String) -> Result<Returned<()>> {
        self.run(move |store| store.set_thresholds(&suite_id, &parsed(&thresholds)?))
    }

    #[napi(catch_unwind)]
    pub fn get_thresholds(&self, suite_id: String) -> Result<Returned<Json>> {
        self.run(move |store| json(&store.get_thresholds(&suite_id)?))
    }

    #[napi(catch_unwind)]
    pub fn get_scorecard(&self, run_id: String, with_samples: bool) -> Result<Returned<Json>> {
        self.run(move |store| {
            let mut samples = vec![];
            let mut card = get_scorecard(store, &run_id, &mut |sample| {
                if with_samples {
                    samples.push(sample);
                }
            })?;
            card.samples = with_samples.then_some(samples);
            json(&card)
        })
    }
}
