//! Removing a run that was never published: of an import that was given up, or whose process has died.

use crate::db::{Connection, Value, transaction};
use crate::error::Result;
use crate::store::{TextsInUse, drop_unused};

/// Rows removed per transaction: others may write in between.
const CASES: i64 = 2000;
const TRAJECTORIES: i64 = 200;

/// A run that is being imported, into a suite that was there, or into one that was made for it.
pub(super) const INTO_SUITE: i64 = 1;
pub(super) const WITH_SUITE: i64 = 2;

/// Removes the run and what was made for it, unless it is a run that is there. Returns whether there was something to remove.
///
/// In several transactions, unless the caller has one open. The run goes last, so that what is interrupted can be repeated.
pub(crate) fn remove_unfinished(db: &dyn Connection, run_id: &str) -> Result<bool> {
    let sql = "SELECT importing, suite_id FROM runs WHERE id = ? AND importing IS NOT NULL";
    let found = db.query_one(sql, &[run_id.into()], |row| Ok((row.integer(0)?, row.text(1)?)))?;
    let Some((importing, suite_id)) = found else { return Ok(false) };
    while remove_cases(db, run_id)? || remove_trajectories(db, run_id)? {}
    transaction(db, || {
        let sql = "DELETE FROM runs WHERE id = ? AND importing IS NOT NULL";
        db.execute(sql, &[run_id.into()])?;
        if importing == WITH_SUITE {
            let sql = "DELETE FROM suites WHERE id = ? AND NOT EXISTS (SELECT 1 FROM runs WHERE suite_id = suites.id)";
            db.execute(sql, &[suite_id.as_str().into()])?;
        }
        Ok(())
    })?;
    Ok(true)
}

fn remove_cases(db: &dyn Connection, run_id: &str) -> Result<bool> {
    let sql = "DELETE FROM cases WHERE rowid IN (SELECT rowid FROM cases WHERE run_id = ? LIMIT ?)";
    let removed = transaction(db, || db.execute(sql, &[run_id.into(), Value::Integer(CASES)]))?;
    Ok(removed > 0)
}

fn remove_trajectories(db: &dyn Connection, run_id: &str) -> Result<bool> {
    transaction(db, || {
        let some = [run_id.into(), Value::Integer(TRAJECTORIES)];
        let texts = TextsInUse::of_some_trajectories(db, &some)?;
        let sql = "DELETE FROM trajectories WHERE id IN (SELECT id FROM trajectories WHERE run_id = ? LIMIT ?)";
        let removed = db.execute(sql, &some)?;
        drop_unused(db, &texts)?;
        Ok(removed > 0)
    })
}
