//! Reads the documented keys of a run file.

use std::path::Path;

use runstore::error::{Argument, Code, Result, StoreError};
use runstore::rows::check_thresholds;
use serde::de::{Error as _, IgnoredAny, MapAccess};

use super::VERSION;
use super::document::{FileSample, Pipeline, RunFile, from_file};
use super::number::Number;
use super::parse::{Each, Fields, List, Object, Reading};

const OPERATION: &str = "readRunFile";

/// The kind of a file's content beyond its documented keys.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Rows {
    /// The rows of its runs, without loss.
    Whole,
    /// None: the file was written by another program, or by hand.
    None,
}

/// Reads the documented keys of a file. `each` is called with the samples and the key of their pipeline; they are not
/// kept. `watch` is called with the number of bytes read so far.
///
/// # Errors
/// If there is no such file, it is not JSON, or a key is missing or has the wrong type; the message contains the place.
pub fn read_document(
    path: &Path,
    watch: &dyn Fn(u64),
    each: &mut dyn FnMut(&str, FileSample) -> Result<()>,
) -> Result<(RunFile, Rows)> {
    document(&Reading::of(path, watch), each).map_err(|error| error.during(OPERATION))
}

/// As [`read_document`].
pub(super) fn document(
    reading: &Reading<'_>,
    each: &mut dyn FnMut(&str, FileSample) -> Result<()>,
) -> Result<(RunFile, Rows)> {
    let mut document = Document { reading, each, found: Found::default() };
    reading.read(&mut document)?;
    let found = document.found;
    let file = found.file(reading)?;
    let rows = if found.has_rows { Rows::Whole } else { Rows::None };
    Ok((file, rows))
}

/// The documented keys found so far.
#[derive(Default)]
struct Found {
    run_id: Option<String>,
    elapsed_seconds: Option<Number>,
    failed_pipelines: Option<Vec<serde_json::Value>>,
    rollup_scorecard: Option<super::FileScorecard>,
    pipeline_results: Option<Vec<(String, Pipeline)>>,
    metadata: Option<super::FileMetadata>,
    has_rows: bool,
}

impl Found {
    fn file(&self, reading: &Reading<'_>) -> Result<RunFile> {
        let missing = |key: &str| reading.refused(&format!("it has no {key}"));
        let rollup_scorecard =
            self.rollup_scorecard.clone().ok_or_else(|| missing("rollup_scorecard"))?;
        let pipeline_results =
            self.pipeline_results.clone().ok_or_else(|| missing("pipeline_results"))?;
        let of_file = |thresholds, place: String| {
            check_thresholds(&from_file(thresholds), &Argument::new(place))
                .map_err(|error| reading.refused(&error.message()))
        };
        of_file(&rollup_scorecard.thresholds, "rollup_scorecard.thresholds".to_owned())?;
        for (model, pipeline) in &pipeline_results {
            let place = format!("pipeline_results[{model:?}].final_scorecard.thresholds");
            of_file(&pipeline.final_scorecard.thresholds, place)?;
        }
        Ok(RunFile {
            run_id: self.run_id.clone().ok_or_else(|| missing("run_id"))?,
            elapsed_seconds: self.elapsed_seconds.ok_or_else(|| missing("elapsed_seconds"))?,
            failed_pipelines: self.failed_pipelines.clone().unwrap_or_default(),
            rollup_scorecard,
            pipeline_results,
            metadata: self.metadata.clone().ok_or_else(|| missing("metadata"))?,
        })
    }
}

struct Document<'r, 'e> {
    reading: &'r Reading<'r>,
    each: &'e mut dyn FnMut(&str, FileSample) -> Result<()>,
    found: Found,
}

impl<'de> Fields<'de> for Document<'_, '_> {
    fn field<A: MapAccess<'de>>(
        &mut self,
        key: String,
        map: &mut A,
    ) -> std::result::Result<(), A::Error> {
        let Document { reading, each, found } = self;
        match key.as_str() {
            "run_id" => found.run_id = Some(map.next_value()?),
            "elapsed_seconds" => found.elapsed_seconds = Some(map.next_value()?),
            "failed_pipelines" => found.failed_pipelines = Some(map.next_value()?),
            "rollup_scorecard" => found.rollup_scorecard = Some(map.next_value()?),
            "metadata" => found.metadata = Some(map.next_value()?),
            "pipeline_results" => {
                let mut pipelines = Pipelines { reading, each: &mut **each, read: vec![] };
                map.next_value_seed(Object { reading, fields: &mut pipelines })?;
                found.pipeline_results = Some(pipelines.read);
            }
            "runstore" => {
                let mut ours = Version { version: None };
                map.next_value_seed(Object { reading, fields: &mut ours })?;
                ours.check(reading).map_err(|error| reading.give_up::<A::Error>(error))?;
                found.has_rows = true;
            }
            _ => drop(map.next_value::<IgnoredAny>()?),
        }
        Ok(())
    }
}

struct Pipelines<'r, 'e> {
    reading: &'r Reading<'r>,
    each: &'e mut dyn FnMut(&str, FileSample) -> Result<()>,
    read: Vec<(String, Pipeline)>,
}

impl<'de> Fields<'de> for Pipelines<'_, '_> {
    fn field<A: MapAccess<'de>>(
        &mut self,
        model: String,
        map: &mut A,
    ) -> std::result::Result<(), A::Error> {
        let (reading, each) = (self.reading, &mut *self.each);
        let mut one = OnePipeline { reading, model: &model, each, found: Default::default() };
        map.next_value_seed(Object { reading, fields: &mut one })?;
        let (run_id, elapsed, failed, card) = one.found;
        let missing = |key: &str| A::Error::custom(format!("missing field `{key}`"));
        let pipeline = Pipeline {
            run_id: run_id.unwrap_or_default(),
            elapsed_seconds: elapsed.unwrap_or_default(),
            failed_samples: failed.unwrap_or_default(),
            final_scorecard: card.ok_or_else(|| missing("final_scorecard"))?,
            per_sample_scorecards: vec![],
        };
        self.read.push((model, pipeline));
        Ok(())
    }
}

/// The keys of a pipeline found so far.
type FoundPipeline =
    (Option<String>, Option<Number>, Option<Vec<String>>, Option<super::FileScorecard>);

struct OnePipeline<'r, 'e> {
    reading: &'r Reading<'r>,
    model: &'e str,
    each: &'e mut dyn FnMut(&str, FileSample) -> Result<()>,
    found: FoundPipeline,
}

impl<'de> Fields<'de> for OnePipeline<'_, '_> {
    fn field<A: MapAccess<'de>>(
        &mut self,
        key: String,
        map: &mut A,
    ) -> std::result::Result<(), A::Error> {
        let OnePipeline { reading, model, each, found } = self;
        match key.as_str() {
            "run_id" => found.0 = Some(map.next_value()?),
            "elapsed_seconds" => found.1 = Some(map.next_value()?),
            "failed_samples" => found.2 = Some(map.next_value()?),
            "final_scorecard" => found.3 = Some(map.next_value()?),
            "per_sample_scorecards" => {
                let take = |sample: FileSample| {
                    let thresholds = from_file(&sample.thresholds);
                    check_thresholds(&thresholds, &Argument::new("thresholds"))
                        .map_err(|error| reading.refused(&error.message()))?;
                    each(model, sample)
                };
                let items = &mut Each::new(reading, take);
                map.next_value_seed(List { reading, items })?;
            }
            _ => drop(map.next_value::<IgnoredAny>()?),
        }
        Ok(())
    }
}

/// Our own key; only its version is read.
struct Version {
    version: Option<u64>,
}

impl Version {
    fn check(&self, reading: &Reading<'_>) -> Result<()> {
        match self.version {
            Some(VERSION) => Ok(()),
            Some(newer) if newer > VERSION => Err(StoreError::new(
                Code::SchemaTooNew,
                format!(
                    "{}: its key \"runstore\" is of version {newer}, and this runstore knows {VERSION}; install a newer one",
                    reading.name()
                ),
            )),
            _ => Err(reading.refused("its key \"runstore\" has no version that is known")),
        }
    }
}

impl<'de> Fields<'de> for Version {
    fn field<A: MapAccess<'de>>(
        &mut self,
        key: String,
        map: &mut A,
    ) -> std::result::Result<(), A::Error> {
        match key.as_str() {
            "version" => self.version = Some(map.next_value()?),
            _ => drop(map.next_value::<IgnoredAny>()?),
        }
        Ok(())
    }
}
