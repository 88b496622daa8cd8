//! A run as it stands in the store, seen as an EvalStore would have it.

use std::collections::BTreeMap;

use serde_json::value::RawValue;

use super::disk::{DiskRun, Remarks};
use super::fields::comparable;
use super::line::{self, Line};
use super::report::Loss;
use super::result_file::ResultFile;
use super::run_file::RunFile;
use crate::error::{Code, Result, StoreError};
use crate::model::{Run, TrajectoryFilter};
use crate::results::get_benchmark_result;
use crate::store::Store;

/// A case passes when its lowest score is at least this: the store's default threshold.
const THRESHOLD: f64 = 0.5;

/// A run, but for its trajectories.
pub(super) struct DbRun {
    pub(super) file: RunFile,
    /// Canonical JSON.
    pub(super) summary: Option<String>,
    pub(super) results: Vec<ResultFile>,
    /// How many trajectories there are, by benchmark.
    pub(super) trajectories: Vec<(String, u64)>,
    pub(super) losses: Vec<Loss>,
}

impl DbRun {
    pub(super) fn find(store: &Store, run_id: &str, operation: &str) -> Result<Option<DbRun>> {
        let Some(run) = store.run_for(operation, run_id)? else { return Ok(None) };
        let file = RunFile::of(&run);
        let summary = store.read_summary(run_id)?.map(|json| comparable(json.get()));
        Ok(Some(DbRun {
            results: results(store, &run, operation)?,
            trajectories: store.trajectory_counts(run_id, operation)?,
            losses: losses(store, &run, operation)?,
            summary,
            file,
        }))
    }

    /// Returns the names of the benchmarks that something is written of, sorted.
    pub(super) fn benchmarks(&self) -> Vec<&str> {
        let results = self.results.iter().map(|result| result.name.as_str());
        let mut names: Vec<&str> =
            results.chain(self.trajectories.iter().map(|(name, _)| name.as_str())).collect();
        names.sort_unstable();
        names.dedup();
        names
    }

    pub(super) fn count(&self) -> u64 {
        self.trajectories.iter().map(|(_, count)| count).sum()
    }

    /// Returns which file says something else than the store; `None` where all is the same.
    pub(super) fn difference(&self, store: &Store, filed: &DiskRun) -> Result<Option<String>> {
        if self.file != filed.file {
            return Ok(Some("metadata.json".to_owned()));
        }
        if self.summary != filed.summary {
            return Ok(Some("summary.json".to_owned()));
        }
        if self.results != filed.results {
            let names = |results: &[ResultFile]| -> Vec<String> {
                results.iter().map(|result| result.name.clone()).collect()
            };
            let differing = self.results.iter().find(|result| !filed.results.contains(result));
            let name = differing.map(|result| result.name.clone());
            let name = name.or_else(|| {
                names(&filed.results).into_iter().find(|name| !names(&self.results).contains(name))
            });
            return Ok(Some(format!("{}/result.json", name.unwrap_or_default())));
        }
        let mut names: Vec<&str> =
            self.trajectories.iter().map(|(name, _)| name.as_str()).collect();
        names.extend(filed.benchmarks.iter().map(String::as_str));
        names.sort_unstable();
        names.dedup();
        for name in names {
            if !self.has_same_trajectories(store, filed, name)? {
                return Ok(Some(format!("{name}/trajectories.jsonl")));
            }
        }
        Ok(None)
    }

    fn has_same_trajectories(&self, store: &Store, filed: &DiskRun, name: &str) -> Result<bool> {
        let expected = self.trajectories.iter().find(|(one, _)| one == name);
        let (mut count, mut is_same) = (0, true);
        filed.each_trajectory(name, &mut Remarks::default(), &mut |line, _| {
            count += 1;
            is_same = is_same && {
                let row = store.get_trajectory(&self.file.run_id, name, line.idx as f64)?;
                row.map(|row| of_row(&row)).transpose()?.is_some_and(|row| row == line)
            };
            Ok(())
        })?;
        Ok(is_same && count == expected.map_or(0, |(_, count)| *count))
    }

    /// Hands over the trajectories of a benchmark by idx.
    pub(super) fn each_trajectory(
        &self,
        store: &Store,
        benchmark: &str,
        operation: &str,
        each: &mut dyn FnMut(&Line) -> Result<()>,
    ) -> Result<()> {
        let filter = TrajectoryFilter { benchmark: Some(benchmark), ..TrajectoryFilter::default() };
        let mut cursor: Option<String> = None;
        loop {
            let (id, after) = (&self.file.run_id, cursor.as_deref());
            let chunk = store.trajectories_after(id, &filter, after, usize::MAX, operation)?;
            let rows: Vec<&RawValue> = serde_json::from_slice(&chunk.rows)
                .map_err(|error| StoreError::new(Code::Internal, error.to_string()))?;
            for row in rows {
                each(&of_row(row.get().as_bytes())?)?;
            }
            cursor = chunk.cursor;
            if cursor.is_none() {
                return Ok(());
            }
        }
    }
}

/// Reads a trajectory as the store returns it.
fn of_row(row: &[u8]) -> Result<Line> {
    let text = String::from_utf8_lossy(row);
    let read = line::read(&text).map_err(|reason| {
        StoreError::new(Code::TooLarge, format!("a trajectory cannot be a line of JSON: {reason}"))
    })?;
    Ok(read.line)
}

/// Returns the results that were saved, and of a run that was finalized those that were counted for it.
fn results(store: &Store, run: &Run, operation: &str) -> Result<Vec<ResultFile>> {
    let scores = run.more.scores.as_ref().map(|scores| scores.get());
    let scores: BTreeMap<String, serde_json::Value> =
        scores.and_then(|scores| crate::json::read(scores).ok()).unwrap_or_default();
    let mut results = Vec::new();
    for benchmark in store.benchmarks_of(&run.id, operation)? {
        let saved = store.saved_benchmark_result(&run.id, &benchmark, operation)?;
        let result = match saved {
            None if scores.contains_key(&benchmark) => {
                get_benchmark_result(store, &run.id, &benchmark, THRESHOLD)?
            }
            saved => saved,
        };
        results.extend(result.as_ref().map(ResultFile::of));
    }
    Ok(results)
}

/// Counts what an EvalStore has no place for.
fn losses(store: &Store, run: &Run, operation: &str) -> Result<Vec<Loss>> {
    let has = |json: &Option<Box<RawValue>>| u64::from(json.is_some());
    let tags = run.tags.as_ref().and_then(|tags| crate::json::read::<Vec<String>>(tags.get()).ok());
    let only_ours =
        run.metadata.as_ref().is_some_and(|json| json.get().starts_with("{\"tinker\":"));
    Ok([
        ("cases", store.count_cases(&run.id)?),
        ("parts", store.count_turns_of_parts(&run.id, operation)?),
        ("messages", store.count_turns_with_messages(&run.id, operation)?),
        ("tags", tags.map_or(0, |tags| tags.len() as u64)),
        ("metadata", if only_ours { 0 } else { has(&run.metadata) }),
        ("git", has(&run.more.git)),
        ("summary", has(&run.summary)),
    ]
    .into_iter()
    .filter(|(_, count)| *count > 0)
    .map(|(what, count)| Loss { what, count })
    .collect())
}
