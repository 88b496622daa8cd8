//! Deletes old runs, and returns their space to the disk.

use serde::Serialize;

use super::space::{Space, used_bytes};
use super::vacuum::compact;
use crate::Store;
use crate::db::{Connection, Transaction, transaction};
use crate::error::{Argument, Code, Problem, Result, StoreError};
use crate::model::PrunedRun;
use crate::store::{EndedRuns, delete_ended, now};

/// Selects the runs to delete. At least one of the first three options is required.
#[derive(Clone, Copy, Debug, Default)]
pub struct PruneOptions<'a> {
    /// Number of the newest finished runs of each suite that are always kept. Without another option, all others are
    /// deleted.
    pub keep: Option<u64>,
    /// Deletes runs that started longer ago than this, in milliseconds.
    pub older_than_ms: Option<i64>,
    /// Deletes the oldest runs until the rest takes at most this many bytes.
    pub max_bytes: Option<u64>,
    /// Id of a suite: only its runs are considered.
    pub suite_id: Option<&'a str>,
    /// Only reports what would be deleted.
    pub dry_run: bool,
}

/// The result of [`prune`].
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct PruneReport {
    /// The deleted runs, oldest first.
    pub runs: Vec<PrunedRun>,
    /// Whether this was a dry run.
    pub dry_run: bool,
    /// Number of finished runs that were kept because they are baselines.
    pub baselines: u64,
    /// Size of all files of the store before, in bytes.
    pub bytes_before: u64,
    /// Size afterwards. In a dry run with a size limit, an estimate; in other dry runs, `None`.
    pub bytes_after: Option<u64>,
}

/// Deletes old runs with their cases, scores and verdicts, and returns their space to the disk. Baselines and running
/// runs stay.
///
/// Each run is deleted in a transaction of its own, so that other writers need not wait for all of them. `each` is called
/// before the first and after each, with the number of cases in the runs so far and in all that may be deleted.
pub fn prune(
    store: &Store,
    options: &PruneOptions<'_>,
    each: &mut dyn FnMut(u64, u64),
) -> Result<PruneReport> {
    if let Some(suite_id) = options.suite_id {
        store.expect_suite(suite_id, "prune")?;
    }
    store.run("prune", |db| {
        if options.keep.is_none() && options.older_than_ms.is_none() && options.max_bytes.is_none()
        {
            let needed = ["keep", "older_than_ms", "max_bytes"].map(Argument::option);
            return Err(StoreError::of(Code::InvalidArgument, Problem::NoneOf(needed.to_vec())));
        }
        let before = Space::of(db)?.total();
        let (candidates, baselines) = candidates(db, options)?;
        let (runs, bytes_after) = match (options.dry_run, options.max_bytes) {
            (false, _) => {
                let gone = delete(db, candidates, options, each)?;
                let nothing_is_gone = gone.is_empty();
                (gone, Some(give_back(db, nothing_is_gone)?))
            }
            (true, Some(_)) => rehearse(db, candidates, options, each)?,
            (true, None) => (candidates, None),
        };
        let dry_run = options.dry_run;
        Ok(PruneReport { runs, dry_run, baselines, bytes_before: before, bytes_after })
    })
}

/// Returns the runs that may be deleted, oldest first, and the number of those that may not because they are baselines.
fn candidates(db: &dyn Connection, options: &PruneOptions<'_>) -> Result<(Vec<PrunedRun>, u64)> {
    let asked = EndedRuns {
        behind_newest: options.keep.unwrap_or(0),
        started_before: options.older_than_ms.map_or(i64::MAX, |age| now().saturating_sub(age)),
        suite_id: options.suite_id,
    };
    let found = asked.read(db)?;
    let baselines = found.iter().filter(|(_, is_baseline)| *is_baseline).count() as u64;
    let runs = found.into_iter().filter(|(_, is_baseline)| !is_baseline).map(|(run, _)| run);
    Ok((runs.collect(), baselines))
}

/// Deletes runs until the rest is small enough, and returns the deleted ones.
fn delete(
    db: &dyn Connection,
    candidates: Vec<PrunedRun>,
    options: &PruneOptions<'_>,
    each: &mut dyn FnMut(u64, u64),
) -> Result<Vec<PrunedRun>> {
    let mut gone = Vec::new();
    let cases = |run: &PrunedRun| run.cases.unsigned_abs();
    let (mut done, total) = (0, candidates.iter().map(cases).sum());
    each(done, total);
    for run in candidates {
        if is_small_enough(db, options)? {
            break;
        }
        done += cases(&run);
        // Meanwhile, it may have become a baseline or been restarted.
        if transaction(db, || delete_ended(db, &run.id))? {
            gone.push(run);
        }
        each(done, total);
    }
    Ok(gone)
}

fn is_small_enough(db: &dyn Connection, options: &PruneOptions<'_>) -> Result<bool> {
    match options.max_bytes {
        Some(most) => Ok(used_bytes(db)? <= most),
        None => Ok(false),
    }
}

/// Deletes and rolls back: the space that a run takes is known only afterwards.
fn rehearse(
    db: &dyn Connection,
    candidates: Vec<PrunedRun>,
    options: &PruneOptions<'_>,
    each: &mut dyn FnMut(u64, u64),
) -> Result<(Vec<PrunedRun>, Option<u64>)> {
    let open = Transaction::begin(db)?;
    let gone = delete(db, candidates, options, each);
    let used = used_bytes(db);
    open.rollback(db);
    Ok((gone?, Some(used?)))
}

fn give_back(db: &dyn Connection, nothing_is_gone: bool) -> Result<u64> {
    if !nothing_is_gone && !db.in_transaction()? {
        match compact(db) {
            // Other connections are active; the space is free for new rows, and returned to the disk later.
            Err(error) if error.code == Code::Busy => {}
            compacted => compacted?,
        }
    }
    Ok(Space::of(db)?.total())
}
