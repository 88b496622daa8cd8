//! Runs that are `running`, and whether they are abandoned.

use serde::Serialize;

use super::run_owner::{OWNER_COLUMNS, owner};
use crate::db::{Connection, Row, Value};
use crate::error::Result;
use crate::process::{Life, Process};

/// Why a run that is `running` seems to be abandoned.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub enum StaleReason {
    /// The process that worked on it has ended.
    Gone,
    /// Its machine was restarted.
    Rebooted,
    /// It is unknown whether its process is alive, and its last heartbeat is too old.
    Silent,
    /// Its process is alive, but has not written to it for too long.
    Idle,
}

impl StaleReason {
    /// Returns whether it is certain that the process has ended.
    pub fn is_certain(self) -> bool {
        matches!(self, StaleReason::Gone | StaleReason::Rebooted)
    }
}

/// A run that is `running`.
pub(crate) struct RunningRun {
    pub(crate) id: String,
    pub(crate) suite_id: String,
    pub(crate) name: String,
    pub(crate) model: String,
    pub(crate) started_at: i64,
    pub(crate) cases: i64,
    /// Whether it is being imported: an unfinished import is removed instead of marked as failed.
    pub(crate) is_importing: bool,
    /// Its owner, if known.
    pub(crate) owner: Option<Process>,
    pub(crate) life: Life,
    /// Milliseconds since the epoch; not later than now, and not before it was started.
    pub(crate) last_heartbeat_at: i64,
}

impl RunningRun {
    /// Returns why the run is abandoned. If it is unknown whether its process is alive, it is abandoned when its last heartbeat
    /// is older than `older_than_ms`.
    pub(crate) fn abandoned(&self, older_than_ms: Option<i64>, now: i64) -> Option<StaleReason> {
        match self.life {
            Life::Alive => None,
            Life::Gone => Some(StaleReason::Gone),
            Life::Rebooted => Some(StaleReason::Rebooted),
            Life::Unknown => {
                let is_silent = older_than_ms.is_some_and(|least| self.is_silent(least, now));
                is_silent.then_some(StaleReason::Silent)
            }
        }
    }

    /// Returns whether there was no heartbeat for longer than that.
    pub(crate) fn is_silent(&self, ms: i64, now: i64) -> bool {
        now.saturating_sub(self.last_heartbeat_at) > ms
    }
}

/// Returns the running runs of a suite, or of all suites, oldest first.
pub(crate) fn running(
    db: &dyn Connection,
    suite_id: Option<&str>,
    now: i64,
) -> Result<Vec<RunningRun>> {
    // Programs that give no heartbeat may say when they began with each case.
    let sql = format!(
        "SELECT id, suite_id, name, model, started_at, (SELECT count(*) FROM cases WHERE run_id = runs.id),
           coalesce(heartbeat_at, (SELECT max(started_at) FROM cases WHERE run_id = runs.id), started_at),
           {OWNER_COLUMNS}, importing IS NOT NULL
         FROM runs WHERE status = 'running' AND id IS NOT NULL AND (? IS NULL OR suite_id = ?)
         ORDER BY started_at, rowid"
    );
    let suite_id = Value::optional_text(suite_id);
    db.query_all(&sql, &[suite_id, suite_id], |row| running_run(row, now))
}

/// Marks a run failed, as of a time, unless it is `running` no more.
pub(crate) fn fail(db: &dyn Connection, run_id: &str, finished_at: i64) -> Result<()> {
    let sql =
        "UPDATE runs SET status = 'failed', finished_at = ? WHERE id = ? AND status = 'running'";
    db.execute(sql, &[finished_at.into(), run_id.into()]).map(drop)
}

fn running_run(row: &dyn Row, now: i64) -> Result<RunningRun> {
    let (started_at, owner) = (row.integer(4)?, owner(row, 7)?);
    Ok(RunningRun {
        id: row.text(0)?,
        suite_id: row.text(1)?,
        name: row.text(2)?,
        model: row.text(3)?,
        started_at,
        cases: row.integer(5)?,
        is_importing: row.integer(10)? != 0,
        life: owner.as_ref().map_or(Life::Unknown, Process::life),
        owner,
        last_heartbeat_at: row.integer(6)?.max(started_at).min(now),
    })
}
