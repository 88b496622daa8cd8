//! Lists of trajectories, without what was said in them.

use crate::db::{Connection, Row, Value};
use crate::error::Result;
use crate::model::{Outcome, TrajectoryFilter, TrajectoryHead, TrajectoryList};
use crate::store::Store;

impl Store {
    /// Returns the trajectories that are asked for by benchmark and idx, at most `limit`, and how many there are.
    pub fn list_trajectories(
        &self,
        run_id: &str,
        filter: &TrajectoryFilter<'_>,
        limit: usize,
    ) -> Result<TrajectoryList> {
        let condition = condition(filter);
        let parameters: Vec<Value<'_>> =
            [Some(run_id), filter.benchmark].into_iter().flatten().map(Value::from).collect();
        self.run("listTrajectories", |db| {
            crate::db::snapshot(db, || {
                Ok(TrajectoryList {
                    total: total(db, &condition, &parameters)?,
                    trajectories: heads(db, &condition, &parameters, limit)?,
                })
            })
        })
    }
}

impl Store {
    /// Returns how many turns of a run have parts for their content; `operation` names what it is for in errors.
    pub fn count_turns_of_parts(&self, run_id: &str, operation: &str) -> Result<u64> {
        let sql = "SELECT count(*) FROM trajectories JOIN turns ON trajectory_id = trajectories.id
                   WHERE run_id = ? AND is_parts";
        let count = |row: &dyn Row| row.integer(0);
        let found = self.run(operation, |db| db.query_one(sql, &[run_id.into()], count))?;
        Ok(found.and_then(|count| u64::try_from(count).ok()).unwrap_or(0))
    }
}

fn condition(filter: &TrajectoryFilter<'_>) -> String {
    let of_benchmark = if filter.benchmark.is_some() { " AND benchmark = ?" } else { "" };
    format!("FROM trajectories WHERE run_id = ?{of_benchmark}{}", of_outcome(filter.outcome))
}

/// Returns what has to hold for a trajectory, with `AND` in front.
pub(super) fn of_outcome(outcome: Option<Outcome>) -> &'static str {
    match outcome {
        None => "",
        Some(Outcome::Correct) => " AND reward > 0",
        Some(Outcome::Incorrect) => " AND NOT reward > 0 AND error IS NULL",
        Some(Outcome::Error) => " AND error IS NOT NULL",
    }
}

fn total(db: &dyn Connection, condition: &str, parameters: &[Value<'_>]) -> Result<u64> {
    let sql = format!("SELECT count(*) {condition}");
    let total = db.query_one(&sql, parameters, |row| row.integer(0))?;
    Ok(total.and_then(|total| u64::try_from(total).ok()).unwrap_or(0))
}

fn heads(
    db: &dyn Connection,
    condition: &str,
    parameters: &[Value<'_>],
    limit: usize,
) -> Result<Vec<TrajectoryHead>> {
    let sql = format!(
        "SELECT benchmark, idx, example_id, reward, error, time_seconds,
                (SELECT count(*) FROM turns WHERE trajectory_id = trajectories.id) AS turns,
                (SELECT total(token_count) FROM turns WHERE trajectory_id = trajectories.id) AS tokens
         {condition} ORDER BY benchmark, idx LIMIT ?"
    );
    let limit = Value::Integer(i64::try_from(limit).unwrap_or(i64::MAX));
    db.query_all(&sql, &[parameters, &[limit]].concat(), head)
}

fn head(row: &dyn Row) -> Result<TrajectoryHead> {
    Ok(TrajectoryHead {
        benchmark: row.text(0)?,
        idx: row.integer(1)?,
        example_id: row.optional_text(2)?.unwrap_or_default(),
        reward: row.optional_number(3)?.unwrap_or(0.0),
        error: row.optional_text(4)?,
        time_seconds: row.optional_number(5)?.unwrap_or(0.0),
        turns: u64::try_from(row.integer(6)?).unwrap_or(0),
        token_count: row.optional_number(7)?.unwrap_or(0.0),
    })
}
