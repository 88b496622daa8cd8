//! A run in the files of an EvalStore.

use std::collections::BTreeMap;

use super::file_state::FileState;
use super::folder::{Folder, METADATA, RESULT, RUNS, SUMMARY, TRAJECTORIES};
use super::python_json::canonical;
use super::report::{Remark, Remarks};
use super::result_file::{self, ResultFile};
use super::run_file::{self, RunFile};
use super::trajectory_file::TrajectoryFile;
use runstore::error::{Code, Result, StoreError};
use runstore::maintenance::Findings;

/// The content of the folder of a run.
pub(super) enum Found {
    /// No run.
    Nothing,
    /// A run that cannot be read, and why.
    Unreadable(String),
    /// A run.
    Run(Box<DiskRun>),
}

/// A run, without its trajectories.
pub(super) struct DiskRun {
    folder: Folder,
    pub(super) file: RunFile,
    /// Canonical JSON.
    pub(super) summary: Option<String>,
    pub(super) results: Vec<ResultFile>,
    /// The benchmarks with trajectories, sorted.
    pub(super) benchmarks: Vec<String>,
    /// The states of their files when the run was found.
    states: BTreeMap<String, FileState>,
    pub(super) remarks: Remarks,
}

impl DiskRun {
    /// Reads the run with this name; `None` if there is none, or no EvalStore.
    pub(super) fn find(store: &Folder, name: &str) -> Result<Found> {
        let folder = store.run(name);
        // A link may lead anywhere, but the other runs must stay readable.
        let text = match folder.read(METADATA) {
            Ok(None) => return Ok(Found::Nothing),
            Ok(Some(text)) => text,
            Err(error) => return Ok(Found::Unreadable(error.message())),
        };
        let (file, changes) = match run_file::read(&text, name) {
            Ok(read) => read,
            Err(reason) => return Ok(Found::Unreadable(format!("{METADATA}: {reason}"))),
        };
        let mut remarks = Remarks::default();
        changes.into_iter().for_each(|change| remarks.change(METADATA, None, change));
        let (results, benchmarks, states) = Default::default();
        let mut run = DiskRun { folder, file, summary: None, results, benchmarks, states, remarks };
        run.read_summary();
        run.read_benchmarks(store)?;
        Ok(Found::Run(Box::new(run)))
    }

    fn read_summary(&mut self) {
        let DiskRun { folder, remarks, .. } = self;
        match folder.read(SUMMARY).map(|text| text.map(|text| canonical(&text))) {
            Ok(None) => {}
            Ok(Some(Ok(made))) if made.json.starts_with('{') => self.summary = Some(made.json),
            Ok(Some(Ok(_))) => remarks.skip(SUMMARY, None, "it is not an object".to_owned()),
            Ok(Some(Err(reason))) => remarks.skip(SUMMARY, None, reason),
            Err(error) => remarks.skip(SUMMARY, None, error.message()),
        }
    }

    fn read_benchmarks(&mut self, store: &Folder) -> Result<()> {
        let DiskRun { folder, file, remarks, results, benchmarks, states, .. } = self;
        for benchmark in store.names(&format!("{RUNS}/{}", file.run_id))? {
            let path = format!("{benchmark}/{RESULT}");
            let read = match folder.read(&path) {
                Ok(text) => text.map(|text| result_file::read(&text, &benchmark)).transpose(),
                Err(error) => Err(error.message()),
            };
            match read {
                Ok(None) => {}
                Ok(Some((result, change))) => {
                    change.into_iter().for_each(|change| remarks.change(&path, None, change));
                    results.push(result);
                }
                Err(reason) => remarks.skip(&path, None, reason),
            }
            let path = format!("{benchmark}/{TRAJECTORIES}");
            match folder.open(&path) {
                Ok(None) => {}
                Ok(Some(file)) => {
                    states
                        .insert(benchmark.clone(), FileState::of(&file, &folder.path.join(&path))?);
                    benchmarks.push(benchmark);
                }
                Err(error) => remarks.skip(&path, None, error.message()),
            }
        }
        Ok(())
    }

    /// Returns the size of the files of trajectories, in bytes.
    pub(super) fn bytes(&self) -> u64 {
        let paths = self.benchmarks.iter().map(|name| format!("{name}/{TRAJECTORIES}"));
        paths.map(|path| self.folder.size(&path)).sum()
    }

    /// Returns the trajectories of a benchmark; `None` where it has none.
    pub(super) fn trajectories(&self, benchmark: &str) -> Result<Option<TrajectoryFile>> {
        let Some(state) = self.states.get(benchmark) else { return Ok(None) };
        let name = format!("{benchmark}/{TRAJECTORIES}");
        let path = self.folder.path.join(&name);
        let file = self.folder.open(&name)?.ok_or_else(|| state.changed(&path))?;
        TrajectoryFile::open(file, benchmark, name, path, state.clone()).map(Some)
    }
}

/// The error for files that must be valid.
pub(super) fn unreadable(run_id: &str, skipped: &Findings<Remark>) -> Option<StoreError> {
    let Remark { file, line, reason } = skipped.first.first()?;
    let line = line.map_or(String::new(), |line| format!(" line {line}"));
    let message = format!("run \"{run_id}\", {file}{line}: {reason}");
    Some(StoreError::new(Code::Corrupt, message))
}
