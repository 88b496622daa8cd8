//! A run in a store, in the form of an EvalStore. It is built from the rows of the run.

use std::collections::{BTreeMap, BTreeSet};

use runstore::error::{Code, Result, StoreError};
use runstore::model::{ResultRow, RowBatch, RunRow, TrajectoryRow};
use runstore::rows::check_batch;
use rustc_hash::FxHashMap;
use sha2::{Digest, Sha256};

use super::disk::DiskRun;
use super::fields::comparable;
use super::line;
use super::report::{Loss, Remarks};
use super::result_file::ResultFile;
use super::run_file::RunFile;

/// The SHA-256 of a written line.
type LineDigest = [u8; 32];

/// A run; of its trajectories, only digests are kept.
pub(super) struct DbRun {
    pub(super) file: RunFile,
    /// Canonical JSON.
    pub(super) summary: Option<String>,
    pub(super) results: Vec<ResultFile>,
    /// By benchmark and idx.
    trajectories: BTreeMap<String, FxHashMap<i64, LineDigest>>,
    losses: Losses,
}

/// Takes each line and its benchmark.
pub(super) type TakeLine<'t> = &'t mut dyn FnMut(&str, &[u8]) -> Result<()>;

impl DbRun {
    /// Starts with the row of the run.
    pub(super) fn of(run: &RunRow) -> Self {
        DbRun {
            file: RunFile::of(run),
            summary: run.benchmark_summary.as_deref().map(comparable),
            results: vec![],
            trajectories: BTreeMap::new(),
            losses: Losses::of(run),
        }
    }

    /// Takes other rows of the run.
    pub(super) fn put(&mut self, batch: &RowBatch, each: TakeLine<'_>) -> Result<()> {
        match batch {
            RowBatch::Cases(cases) => self.losses.cases += cases.len() as u64,
            RowBatch::Trajectories(rows) => {
                rows.iter().try_for_each(|row| self.put_trajectory(row, each))?;
            }
            RowBatch::Results(rows) => self.put_results(rows),
            _ => {}
        }
        Ok(())
    }

    fn put_trajectory(&mut self, row: &TrajectoryRow, each: TakeLine<'_>) -> Result<()> {
        self.losses.parts += row.turns.iter().filter(|turn| turn.is_parts).count() as u64;
        self.losses.messages +=
            row.turns.iter().filter(|turn| turn.message.is_some()).count() as u64;
        let written = line::of_row(row)?.written();
        let digest = Sha256::digest(&written).into();
        match self.trajectories.get_mut(&row.benchmark) {
            Some(of_benchmark) => of_benchmark.insert(row.idx, digest),
            None => {
                let of_benchmark = FxHashMap::from_iter([(row.idx, digest)]);
                self.trajectories.insert(row.benchmark.clone(), of_benchmark);
                None
            }
        };
        each(&row.benchmark, &written)
    }

    fn put_results(&mut self, rows: &[ResultRow]) {
        self.results.extend(rows.iter().map(ResultFile::of));
    }

    /// Returns the number of trajectories.
    pub(super) fn count(&self) -> u64 {
        self.trajectories.values().map(|of_benchmark| of_benchmark.len() as u64).sum()
    }

    /// Returns what an EvalStore cannot represent.
    pub(super) fn losses(&self) -> Vec<Loss> {
        self.losses.listed()
    }

    /// Returns the file that differs from the store; `None` if all are equal.
    pub(super) fn difference(&self, disk: &DiskRun) -> Result<Option<String>> {
        if self.file != disk.file {
            return Ok(Some("metadata.json".to_owned()));
        }
        if self.summary != disk.summary {
            return Ok(Some("summary.json".to_owned()));
        }
        if self.results != disk.results {
            return Ok(Some(format!("{}/result.json", self.differing_result(disk))));
        }
        let names = self.trajectories.keys().chain(&disk.benchmarks).collect::<BTreeSet<_>>();
        for name in names {
            if !self.has_same_trajectories(disk, name)? {
                return Ok(Some(format!("{name}/trajectories.jsonl")));
            }
        }
        Ok(None)
    }

    /// Returns a benchmark whose result only one of the two has.
    fn differing_result(&self, disk: &DiskRun) -> String {
        let ours = self.results.iter().find(|result| !disk.results.contains(result));
        let theirs = || disk.results.iter().find(|result| !self.results.contains(result));
        ours.or_else(theirs).map(|result| result.name.clone()).unwrap_or_default()
    }

    fn has_same_trajectories(&self, disk: &DiskRun, name: &str) -> Result<bool> {
        let none = FxHashMap::default();
        let expected = self.trajectories.get(name).unwrap_or(&none);
        let Some(mut file) = disk.trajectories(name)? else { return Ok(expected.is_empty()) };
        let mut count = 0;
        let mut remarks = Remarks::default();
        while let Some(line) = file.next(&mut remarks)? {
            count += 1;
            let digest: LineDigest = Sha256::digest(line.written()).into();
            if expected.get(&line.idx) != Some(&digest) {
                return Ok(false);
            }
        }
        Ok(count == expected.len())
    }
}

/// Refuses damaged rows, which could not be read back.
pub(super) fn check_stored(batch: &RowBatch) -> Result<()> {
    check_batch(batch).map_err(|error| StoreError::new(Code::Corrupt, error.message()))
}

/// The number of items that an EvalStore cannot represent.
struct Losses {
    cases: u64,
    parts: u64,
    messages: u64,
    tags: u64,
    metadata: u64,
    git: u64,
    summary: u64,
}

impl Losses {
    fn of(run: &RunRow) -> Self {
        let has = |json: &Option<String>| u64::from(json.is_some());
        let tags = run.tags.as_deref().and_then(|tags| runstore::json::read(tags).ok());
        let only_ours =
            run.metadata.as_deref().is_some_and(|json| json.starts_with("{\"tinker\":"));
        Losses {
            cases: 0,
            parts: 0,
            messages: 0,
            tags: tags.map_or(0, |tags: Vec<String>| tags.len() as u64),
            metadata: if only_ours { 0 } else { has(&run.metadata) },
            git: has(&run.git),
            summary: has(&run.summary),
        }
    }

    fn listed(&self) -> Vec<Loss> {
        let all = [
            ("cases", self.cases),
            ("parts", self.parts),
            ("messages", self.messages),
            ("tags", self.tags),
            ("metadata", self.metadata),
            ("git", self.git),
            ("summary", self.summary),
        ];
        let some = all.into_iter().filter(|(_, count)| *count > 0);
        some.map(|(what, count)| Loss { what, count }).collect()
    }
}
