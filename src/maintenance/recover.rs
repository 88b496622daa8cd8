//! Marks abandoned runs as failed.

use serde::Serialize;

use crate::Store;
use crate::db::{Connection, snapshot, transaction};
use crate::error::Result;
use crate::process::Life;
use crate::store::{RunningRun, StaleReason, fail, now, remove_unfinished, running};

/// Which runs are examined.
#[derive(Clone, Copy, Debug, Default)]
pub struct RecoverOptions<'a> {
    /// Id of a suite: only its runs are examined.
    pub suite_id: Option<&'a str>,
    /// Also marks runs whose process cannot be checked, if their last heartbeat is older than this, in milliseconds.
    pub older_than_ms: Option<i64>,
    /// Reports what would be done, without doing it.
    pub dry_run: bool,
}

/// A run that was marked as failed, or would be.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct RecoveredRun {
    /// Its id.
    pub id: String,
    /// Its suite.
    pub suite_id: String,
    /// Its name.
    pub name: String,
    /// Its model.
    pub model: String,
    /// Milliseconds since the epoch.
    pub started_at: i64,
    /// The time of its last heartbeat; milliseconds since the epoch.
    pub finished_at: i64,
    /// Cases that it has.
    pub cases: i64,
    /// Why; never [`StaleReason::Idle`].
    pub reason: StaleReason,
    /// Id of its process, if known.
    pub pid: Option<i64>,
    /// Name of the machine of that process.
    pub host: Option<String>,
    /// Whether it was removed instead: it was an unfinished import.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub removed: bool,
}

/// What [`recover_runs`] did.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct RecoverReport {
    /// The runs that were marked as failed, or would be, oldest first.
    pub runs: Vec<RecoveredRun>,
    /// Whether this was a dry run.
    pub dry_run: bool,
    /// Number of running runs that were left alone because their process is alive.
    pub alive: u64,
    /// Number of running runs that were left alone because it is unknown whether their process is alive.
    pub unknown: u64,
}

/// Marks runs as failed that are `running` although their process has ended, as of their last heartbeat.
///
/// A run whose process is alive is never changed, however old its last heartbeat is.
pub fn recover_runs(store: &Store, options: &RecoverOptions<'_>) -> Result<RecoverReport> {
    const OPERATION: &str = "recoverRuns";
    if let Some(suite_id) = options.suite_id {
        store.expect_suite(suite_id, OPERATION)?;
    }
    store.run(OPERATION, |db| match options.dry_run {
        true => snapshot(db, || recovering(db, options)),
        false => recover(db, options),
    })
}

/// Marks them all in one transaction.
pub(super) fn recover(db: &dyn Connection, options: &RecoverOptions<'_>) -> Result<RecoverReport> {
    transaction(db, || {
        let report = recovering(db, options)?;
        report.runs.iter().try_for_each(|run| match run.removed {
            true => remove_unfinished(db, &run.id).map(drop),
            false => fail(db, &run.id, run.finished_at),
        })?;
        Ok(report)
    })
}

/// Returns the runs to mark.
fn recovering(db: &dyn Connection, options: &RecoverOptions<'_>) -> Result<RecoverReport> {
    let now = now();
    let mut report = RecoverReport { dry_run: options.dry_run, ..RecoverReport::default() };
    for run in running(db, options.suite_id, now)? {
        match run.abandoned(options.older_than_ms, now) {
            Some(reason) => report.runs.push(recovered(run, reason)),
            None if run.life == Life::Alive => report.alive += 1,
            None => report.unknown += 1,
        }
    }
    Ok(report)
}

fn recovered(run: RunningRun, reason: StaleReason) -> RecoveredRun {
    let RunningRun {
        id,
        suite_id,
        name,
        model,
        started_at,
        cases,
        owner,
        is_importing,
        last_heartbeat_at,
        ..
    } = run;
    let (pid, host) = owner.map(|owner| (owner.pid, owner.host)).unzip();
    RecoveredRun {
        id,
        suite_id,
        name,
        model,
        started_at,
        finished_at: last_heartbeat_at,
        cases,
        reason,
        pid,
        host,
        removed: is_importing,
    }
}
