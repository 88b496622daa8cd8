//! The owner of a run: the process that created or resumed it, or that wrote to it after the previous owner had ended.

use super::run_rows::no_run;
use super::{Store, now};
use crate::db::{Connection, Row, Value};
use crate::error::{Argument, Code, Result, StoreError};
use crate::model::{RUNNING, Run, RunOwner};
use crate::process::{Life, OpenStore, Process};

/// The columns that [`owner`] reads.
pub(crate) const OWNER_COLUMNS: &str = "owner_pid, owner_host, owner_marks";

/// Returns the process in the columns from `first` on; `None` for a run of a program that does not record it.
pub(crate) fn owner(row: &dyn Row, first: usize) -> Result<Option<Process>> {
    let pid = row.optional_number(first)?;
    let (host, identity) = (row.text(first + 1)?, row.text(first + 2)?);
    Ok(pid.map(|pid| Process { pid: pid as i64, host, identity }))
}

/// Returns the owner of the run that meets a condition; `None` when there is no such run.
pub(super) fn find(
    db: &dyn Connection,
    run_id: &str,
    condition: &str,
) -> Result<Option<Option<Process>>> {
    let sql = format!("SELECT {OWNER_COLUMNS} FROM runs WHERE id = ? {condition}");
    db.query_one(&sql, &[run_id.into()], |row| owner(row, 0))
}

/// Makes a process the owner of a run, with a current heartbeat.
pub(super) fn take(db: &dyn Connection, run_id: &str, process: &Process) -> Result<()> {
    let sql = "UPDATE runs SET owner_pid = ?, owner_host = ?, owner_marks = ?, heartbeat_at = ? WHERE id = ?";
    let Process { pid, host, identity } = process;
    let parameters = [
        Value::Integer(*pid),
        host.as_str().into(),
        identity.as_str().into(),
        now().into(),
        run_id.into(),
    ];
    db.execute(sql, &parameters).map(drop)
}

impl Store {
    /// Returns the owner of the run; `None` when it is unknown, or there is no such run.
    pub fn get_run_owner(&self, run_id: &str) -> Result<Option<RunOwner>> {
        let sql = format!("SELECT {OWNER_COLUMNS}, heartbeat_at FROM runs WHERE id = ?");
        let of_row = |row: &dyn Row| Ok((owner(row, 0)?, row.integer(3)?));
        let found = self.run("getRunOwner", |db| db.query_one(&sql, &[run_id.into()], of_row))?;
        Ok(found.and_then(|(process, heartbeat_at)| {
            let process = process?;
            let alive = match process.life() {
                Life::Alive => Some(true),
                Life::Unknown => None,
                Life::Gone | Life::Rebooted => Some(false),
            };
            let Process { pid, host, .. } = process;
            Some(RunOwner { run_id: run_id.to_owned(), pid, host, heartbeat_at, alive })
        }))
    }

    /// Whether a run is `running` according to its status only: the process that worked on it has ended.
    pub fn owner_ended(&self, run: &Run) -> Result<bool> {
        let owner = if run.status == RUNNING { self.get_run_owner(&run.id)? } else { None };
        Ok(owner.is_some_and(|owner| owner.alive == Some(false)))
    }

    /// Continues a run: it is `running` again, and this process becomes its owner. Everything is kept except the end time and
    /// the summary.
    ///
    /// A running run is taken over when its owner has ended; when that is unknown, only if its last heartbeat is older than
    /// `older_than_ms`.
    ///
    /// # Errors
    /// If there is no such run, or its owner (also another open store of this process) is or may be alive ([`Code::Busy`]).
    pub fn resume_run(&self, run_id: &str, older_than_ms: Option<i64>) -> Result<()> {
        self.write("resumeRun", |db| {
            let sql = format!(
                "SELECT {OWNER_COLUMNS}, status, coalesce(heartbeat_at, started_at) FROM runs WHERE id = ?"
            );
            let of_row = |row: &dyn Row| Ok((owner(row, 0)?, row.text(3)?, row.integer(4)?));
            super::rows::refuse_unfinished(db, run_id)?;
            let found = db.query_one(&sql, &[run_id.into()], of_row)?;
            let (owner, status, heartbeat_at) = found.ok_or_else(|| no_run(run_id))?;
            if status == RUNNING {
                let silence = Silence { ms: now().saturating_sub(heartbeat_at), older_than_ms };
                refuse_if_taken(run_id, owner.as_ref(), &self.open, silence)?;
            }
            let sql = "UPDATE runs SET status = 'running', finished_at = NULL, summary = NULL,
                                       scores = NULL, benchmark_summary = NULL
                       WHERE id = ?";
            db.execute(sql, &[run_id.into()])?;
            take(db, run_id, self.open.owner())
        })?;
        self.heartbeats.noted(run_id);
        Ok(())
    }
}

/// The age of a run's last heartbeat, and the age at which a run may be taken over from an unknown owner.
#[derive(Clone, Copy)]
struct Silence {
    ms: i64,
    older_than_ms: Option<i64>,
}

impl Silence {
    fn is_long_enough(self) -> bool {
        self.older_than_ms.is_some_and(|least| self.ms >= least)
    }
}

fn refuse_if_taken(
    run_id: &str,
    owner: Option<&Process>,
    open: &OpenStore,
    silence: Silence,
) -> Result<()> {
    let who = match owner {
        None => "another program".to_owned(),
        Some(owner) if owner.is_this() && !open.is_other_open(owner) => return Ok(()),
        Some(owner) if owner.is_this() => "another open store of this process".to_owned(),
        Some(Process { pid, host, .. }) => format!("process {pid} on \"{host}\""),
    };
    let other_process = owner.filter(|owner| !owner.is_this());
    let (why, is_certain) = match other_process.map_or(Life::Unknown, Process::life) {
        Life::Gone | Life::Rebooted => return Ok(()),
        Life::Unknown if silence.is_long_enough() => return Ok(()),
        Life::Alive => (format!("{who} is working on run \"{run_id}\""), true),
        Life::Unknown => {
            let silent = silence.ms.max(0) / 1000;
            let why = format!(
                "{who} may be working on run \"{run_id}\", whose last heartbeat was {silent} s ago"
            );
            (why, false)
        }
    };
    let taken = StoreError::new(Code::Busy, why);
    Err(match is_certain {
        true => taken,
        false => taken.remedied_by(
            Argument::option("older_than_ms"),
            "says after how long it may be taken over",
        ),
    })
}
