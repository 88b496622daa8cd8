//! Finds runs that never ended.

use serde::Serialize;

use super::DoctorOptions;
use crate::db::Connection;
use crate::error::Result;
use crate::maintenance::Findings;
use crate::maintenance::recover::{RecoverOptions, recover};
use crate::process::Life;
use crate::store::now;
use crate::store::{RunningRun, StaleReason, running};

/// A run that is `running`, but does not seem to be.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct StaleRun {
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
    /// Milliseconds since it was started.
    pub age_ms: i64,
    /// Its last heartbeat, in milliseconds since the epoch.
    pub last_heartbeat_at: i64,
    /// Number of its cases.
    pub cases: i64,
    /// Why it does not seem to be running.
    pub reason: StaleReason,
    /// Whether it is an unfinished import, which is removed instead of marked as failed.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub importing: bool,
}

/// Returns why it is stale.
fn reason_of(run: &RunningRun, after_ms: i64, now: i64) -> Option<StaleReason> {
    let is_idle = run.life == Life::Alive && run.is_silent(after_ms, now);
    run.abandoned(Some(after_ms), now).or_else(|| is_idle.then_some(StaleReason::Idle))
}

pub(super) fn find(db: &dyn Connection, after_ms: i64) -> Result<Findings<StaleRun>> {
    let (now, mut found) = (now(), Findings::default());
    for run in running(db, None, now)? {
        if let Some(reason) = reason_of(&run, after_ms, now) {
            found.push(stale(run, reason, now));
        }
    }
    Ok(found)
}

fn stale(run: RunningRun, reason: StaleReason, now: i64) -> StaleRun {
    let RunningRun {
        id,
        suite_id,
        name,
        model,
        started_at,
        cases,
        last_heartbeat_at,
        is_importing: importing,
        ..
    } = run;
    let age_ms = now.saturating_sub(started_at);
    StaleRun {
        id,
        suite_id,
        name,
        model,
        started_at,
        age_ms,
        last_heartbeat_at,
        cases,
        reason,
        importing,
    }
}

/// Marks abandoned runs as failed and returns their number; silent runs only with `fail_stale_runs`.
pub(super) fn mark_failed(db: &dyn Connection, options: &DoctorOptions) -> Result<u64> {
    let older_than_ms = options.fail_stale_runs.then_some(options.stale_after_ms);
    let marked = recover(db, &RecoverOptions { older_than_ms, ..RecoverOptions::default() })?;
    Ok(marked.runs.len() as u64)
}
