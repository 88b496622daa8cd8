//! Out of a store into the files of an EvalStore.

use super::db::DbRun;
use super::disk::{DiskRun, Found};
use super::folder::{Folder, METADATA, check_name};
use super::report::{ExportReport, ExportStatus, ExportedRun, Progress};
use super::writing::{self, OPERATION, Place};
use crate::error::{Code, Result, StoreError};
use crate::store::Store;

/// How runs are exported.
#[derive(Clone, Copy, Debug, Default)]
pub struct ExportOptions {
    /// Writes a run in the place of one that has the same id and another content.
    pub overwrite: bool,
}

/// Writes runs into an EvalStore, which is made where there is none. Each run appears as a whole. One that is there
/// already with the same content is left as it is.
///
/// # Errors
/// If there is no such run; before anything is written, if an id or the name of a benchmark cannot be that of a folder,
/// or a run is there with another content.
pub fn export_eval_store(
    store: &Store,
    run_ids: &[&str],
    path: &str,
    options: ExportOptions,
    progress: &mut dyn FnMut(Progress) -> Result<()>,
) -> Result<ExportReport> {
    export(store, run_ids, path, options, progress).map_err(|error| error.during(OPERATION))
}

fn export(
    store: &Store,
    run_ids: &[&str],
    path: &str,
    options: ExportOptions,
    progress: &mut dyn FnMut(Progress) -> Result<()>,
) -> Result<ExportReport> {
    let mut total = 0;
    for run_id in run_ids {
        total += check(store, run_id)?;
    }
    let folder = Folder::make(path)?;
    for run_id in run_ids {
        state(store, &folder, run_id, options)?;
    }
    let (mut done, mut runs) = (0, Vec::new());
    for run_id in run_ids {
        let mut advance = |count| {
            done += count;
            progress(Progress { done, total })
        };
        // The export is of one snapshot, while others may write to the store.
        let written = store
            .at_one_moment(OPERATION, || write(store, &folder, run_id, options, &mut advance))?;
        runs.push(written);
    }
    Ok(ExportReport { path: path.to_owned(), runs })
}

fn stored(store: &Store, run_id: &str) -> Result<DbRun> {
    let found = DbRun::find(store, run_id, OPERATION)?;
    found.ok_or_else(|| {
        StoreError::new(Code::NotFound, format!("there is no run with id \"{run_id}\""))
    })
}

/// Checks what names files and folders; returns how many trajectories there are.
fn check(store: &Store, run_id: &str) -> Result<u64> {
    let stored = stored(store, run_id)?;
    check_name(run_id, "the id of run")?;
    for benchmark in stored.benchmarks() {
        check_name(benchmark, &format!("of run \"{run_id}\", benchmark"))?;
    }
    Ok(stored.count())
}

/// Says what becomes of a run, if that may be.
fn state(
    store: &Store,
    folder: &Folder,
    run_id: &str,
    options: ExportOptions,
) -> Result<ExportStatus> {
    let differing = match DiskRun::find(folder, run_id)? {
        Found::Nothing => Place::of(folder, run_id).is_taken()?.then(|| METADATA.to_owned()),
        Found::Unreadable(_) => Some(METADATA.to_owned()),
        Found::Run(filed) => match stored(store, run_id)?.difference(store, &filed)? {
            None => return Ok(ExportStatus::Unchanged),
            differing => differing,
        },
    };
    match differing {
        None => Ok(ExportStatus::Exported),
        Some(_) if options.overwrite => Ok(ExportStatus::Overwritten),
        Some(file) => {
            let place = folder.run(run_id).path.join(file);
            let message = format!(
                "run \"{run_id}\" is there already with another content, see {}",
                place.display()
            );
            Err(StoreError::new(Code::Exists, message))
        }
    }
}

fn write(
    store: &Store,
    folder: &Folder,
    run_id: &str,
    options: ExportOptions,
    advance: &mut dyn FnMut(u64) -> Result<()>,
) -> Result<ExportedRun> {
    let stored = stored(store, run_id)?;
    let status = state(store, folder, run_id, options)?;
    match status {
        ExportStatus::Unchanged => advance(stored.count())?,
        _ => writing::write(store, folder, &stored, advance)?,
    }
    writing::list(folder, &stored.file)?;
    Ok(ExportedRun {
        run_id: run_id.to_owned(),
        status,
        results: stored.results.len() as u64,
        trajectories: stored.count(),
        losses: stored.losses,
    })
}
