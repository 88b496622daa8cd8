//! Ending runs whose process has ended before them.

use serde::Serialize;

use crate::Store;
use crate::db::{Connection, snapshot, transaction};
use crate::error::Result;
use crate::process::Life;
use crate::store::{RunningRun, StaleReason, fail, now, remove_unfinished, running};

/// Which runs are to be looked at, and what may be done.
#[derive(Clone, Copy, Debug, Default)]
pub struct RecoverOptions<'a> {
    /// Looks at the runs of this suite alone; an id.
    pub suite_id: Option<&'a str>,
    /// Where nobody can tell whether the process of a run lives, it is given up after so long without a heartbeat, in
    /// milliseconds. Without it such runs are left alone.
    pub older_than_ms: Option<i64>,
    /// Only says what would be done.
    pub dry_run: bool,
}

/// A run that was marked failed, or would be.
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
    /// Its last heartbeat, which is taken for its end; milliseconds since the epoch.
    pub finished_at: i64,
    /// Cases that it has.
    pub cases: i64,
    /// Why; never [`StaleReason::Idle`].
    pub reason: StaleReason,
    /// Number of its process, where that is known.
    pub pid: Option<i64>,
    /// Name of the machine of that.
    pub host: Option<String>,
    /// Whether it was removed, not failed: an import had begun it, and nobody had seen it as a run.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub removed: bool,
}

/// What [`recover_runs`] did.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct RecoverReport {
    /// The runs that are failed now, or would be, oldest first.
    pub runs: Vec<RecoveredRun>,
    /// Whether nothing was changed because that was asked for.
    pub dry_run: bool,
    /// Running runs that were left because their process lives.
    pub alive: u64,
    /// Running runs that were left because nobody can tell whether their process lives.
    pub unknown: u64,
}

/// Marks runs failed that are `running` and that nobody works on any more, as of their last heartbeat.
///
/// That is known of runs whose process was one of this machine and has ended. A run whose process lives is never touched,
/// however long it has been silent.
pub fn recover_runs(store: &Store, options: &RecoverOptions<'_>) -> Result<RecoverReport> {
    store.run("recoverRuns", |db| match options.dry_run {
        true => snapshot(db, || recovering(db, options)),
        false => recover(db, options),
    })
}

/// Does so; all of them at once, or none.
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

/// Returns what is to be done.
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
