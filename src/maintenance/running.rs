//! Runs that are `running`, and whether anybody still works on them.

use serde::Serialize;

use crate::db::{Connection, Row, Value};
use crate::error::Result;
use crate::process::{Life, Process};
use crate::store::{OWNER_COLUMNS, owner};

/// Why a run that is `running` does not seem to be.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub enum StaleReason {
    /// The process that worked on it has ended.
    Gone,
    /// The machine that it was worked on was started again.
    Rebooted,
    /// Nobody can tell whether its process lives, and there was no heartbeat for too long.
    Silent,
    /// Its process lives, and has not written to it for too long.
    Idle,
}

impl StaleReason {
    /// Returns whether it is certain that nobody works on it.
    pub fn is_certain(self) -> bool {
        matches!(self, StaleReason::Gone | StaleReason::Rebooted)
    }
}

/// A run that is `running`.
pub(super) struct RunningRun {
    pub(super) id: String,
    pub(super) suite_id: String,
    pub(super) name: String,
    pub(super) model: String,
    pub(super) started_at: i64,
    pub(super) cases: i64,
    /// The process that works on it, where one said so.
    pub(super) owner: Option<Process>,
    pub(super) life: Life,
    /// Milliseconds since the epoch; not later than now, and not before it was started.
    pub(super) last_heartbeat_at: i64,
}

impl RunningRun {
    /// Returns why nobody works on it any more; after `older_than_ms` without a heartbeat, that is a reason where
    /// nothing else is known.
    pub(super) fn abandoned(&self, older_than_ms: Option<i64>, now: i64) -> Option<StaleReason> {
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
    pub(super) fn is_silent(&self, ms: i64, now: i64) -> bool {
        now.saturating_sub(self.last_heartbeat_at) > ms
    }
}

/// Returns the running runs of a suite, or of all suites, oldest first.
pub(super) fn running(
    db: &dyn Connection,
    suite_id: Option<&str>,
    now: i64,
) -> Result<Vec<RunningRun>> {
    // Programs that give no heartbeat may say when they began with each case.
    let sql = format!(
        "SELECT id, suite_id, name, model, started_at, (SELECT count(*) FROM cases WHERE run_id = runs.id),
           coalesce(heartbeat_at, (SELECT max(started_at) FROM cases WHERE run_id = runs.id), started_at),
           {OWNER_COLUMNS}
         FROM runs WHERE status = 'running' AND id IS NOT NULL AND (? IS NULL OR suite_id = ?)
         ORDER BY started_at, rowid"
    );
    let suite_id = Value::optional_text(suite_id);
    db.query_all(&sql, &[suite_id, suite_id], |row| running_run(row, now))
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
        life: owner.as_ref().map_or(Life::Unknown, Process::life),
        owner,
        last_heartbeat_at: row.integer(6)?.max(started_at).min(now),
    })
}
