//! Runs that were begun and never ended.

use serde::Serialize;

use crate::care::Findings;
use crate::db::{Connection, Step, Value};
use crate::error::Result;
use crate::store::now;

/// A run that has been `running` for too long.
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
    /// Cases that it has.
    pub cases: i64,
}

const IS_STALE: &str = "status = 'running' AND started_at < ?";

pub(super) fn find(db: &dyn Connection, after_ms: i64) -> Result<Findings<StaleRun>> {
    let (now, mut found) = (now(), Findings::default());
    let sql = format!(
        "SELECT id, suite_id, name, model, started_at, (SELECT count(*) FROM cases WHERE run_id = runs.id)
         FROM runs WHERE {IS_STALE} ORDER BY started_at, rowid"
    );
    db.prepare(&sql)?.query(&[Value::Integer(now.saturating_sub(after_ms))], &mut |row| {
        let started_at = row.integer(4)?;
        found.push(StaleRun {
            id: row.text(0)?,
            suite_id: row.text(1)?,
            name: row.text(2)?,
            model: row.text(3)?,
            started_at,
            age_ms: now.saturating_sub(started_at),
            cases: row.integer(5)?,
        });
        Ok(Step::Next)
    })?;
    Ok(found)
}

/// Marks stale runs failed, as of now, and returns how many there were.
pub(super) fn mark_failed(db: &dyn Connection, after_ms: i64) -> Result<u64> {
    let now = now();
    let sql = format!("UPDATE runs SET status = 'failed', finished_at = ? WHERE {IS_STALE}");
    db.execute(&sql, &[now.into(), now.saturating_sub(after_ms).into()])
}
