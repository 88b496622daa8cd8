//! Finished runs, which may be deleted.

use super::{TextsInUse, drop_unused};
use crate::db::{Connection, Row, Value};
use crate::error::Result;
use crate::model::PrunedRun;

/// Selects finished runs.
pub(crate) struct EndedRuns<'a> {
    /// Skips this many of the newest runs of each suite.
    pub(crate) behind_newest: u64,
    /// Milliseconds since the epoch.
    pub(crate) started_before: i64,
    /// Id of a suite.
    pub(crate) suite_id: Option<&'a str>,
}

impl EndedRuns<'_> {
    /// Returns the selected runs, oldest first, each with whether it is a baseline.
    pub(crate) fn read(&self, db: &dyn Connection) -> Result<Vec<(PrunedRun, bool)>> {
        let sql = "SELECT id, suite_id, name, model, started_at, (SELECT count(*) FROM cases WHERE run_id = ranked.id), baseline
             FROM (SELECT rowid AS place, *, id IN (SELECT run_id FROM baselines) AS baseline,
                     row_number() OVER (PARTITION BY suite_id ORDER BY started_at DESC, rowid DESC) AS newest
                   FROM runs WHERE status <> 'running' AND id IS NOT NULL) AS ranked
             WHERE newest > ? AND started_at < ? AND (? IS NULL OR suite_id = ?)
             ORDER BY started_at, place";
        let behind_newest = i64::try_from(self.behind_newest).unwrap_or(i64::MAX);
        let suite = Value::optional_text(self.suite_id);
        db.query_all(sql, &[behind_newest.into(), self.started_before.into(), suite, suite], run)
    }
}

fn run(row: &dyn Row) -> Result<(PrunedRun, bool)> {
    let run = PrunedRun {
        id: row.text(0)?,
        suite_id: row.text(1)?,
        name: row.text(2)?,
        model: row.text(3)?,
        started_at: row.integer(4)?,
        cases: row.integer(5)?,
    };
    Ok((run, row.integer(6)? != 0))
}

/// Deletes a finished run that is not a baseline, with all rows that belong to it; returns whether it existed.
pub(crate) fn delete_ended(db: &dyn Connection, id: &str) -> Result<bool> {
    let sql = "DELETE FROM runs WHERE id = ? AND status <> 'running' AND id NOT IN (SELECT run_id FROM baselines)";
    let texts = TextsInUse::of_runs(db, "id = ?", &[id.into()])?;
    let is_gone = db.execute(sql, &[id.into()])? > 0;
    drop_unused(db, &texts)?;
    Ok(is_gone)
}
