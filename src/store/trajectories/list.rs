//! Lists of trajectories, without their turns.

use crate::db::{Connection, Row, Value};
use crate::error::Result;
use crate::model::{Outcome, TrajectoryFilter, TrajectoryHead, TrajectoryList};
use crate::store::Store;

impl Store {
    /// Returns the matching trajectories by benchmark and idx, at most `limit`, and their total number.
    pub fn list_trajectories(
        &self,
        run_id: &str,
        filter: &TrajectoryFilter<'_>,
        limit: usize,
    ) -> Result<TrajectoryList> {
        let (of_filter, values) = of_filter(run_id, filter);
        let of_benchmark = if filter.benchmark.is_some() { " AND benchmark = ?" } else { "" };
        let condition = format!("FROM trajectories WHERE run_id = ?{of_benchmark}{of_filter}");
        let mut parameters: Vec<Value<'_>> =
            [Some(run_id), filter.benchmark].into_iter().flatten().map(Value::from).collect();
        parameters.extend(values);
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
    /// Returns the number of trajectories of a run; errors name `operation`.
    ///
    /// # Errors
    /// If there is no such run.
    pub fn count_trajectories(&self, run_id: &str, operation: &str) -> Result<u64> {
        let sql = "SELECT (SELECT count(*) FROM trajectories WHERE run_id = runs.id) AS number FROM runs WHERE id = ?";
        let count = |row: &dyn Row| Ok(u64::try_from(row.integer(0)?).unwrap_or(0));
        let found = self.run(operation, |db| db.query_one(sql, &[run_id.into()], count))?;
        found.ok_or_else(|| self.no_run(operation, run_id))
    }
}

/// Returns the conditions other than the benchmark, preceded by `AND`, and their values.
pub(super) fn of_filter<'f>(
    run_id: &'f str,
    filter: &TrajectoryFilter<'f>,
) -> (String, Vec<Value<'f>>) {
    let mut condition = of_outcome(filter.outcome).to_owned();
    let mut values = Vec::new();
    if let Some(id) = filter.case_id {
        condition.push_str(" AND case_id = ?");
        values.push(id.into());
    }
    if let Some(key) = filter.key {
        condition.push_str(" AND case_id IN (SELECT id FROM cases WHERE run_id = ? AND key = ?)");
        values.extend([Value::from(run_id), key.into()]);
    }
    if let Some(trial) = filter.trial {
        condition.push_str(" AND trial = ?");
        values.push(trial.into());
    }
    (condition, values)
}

fn of_outcome(outcome: Option<Outcome>) -> &'static str {
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
        "SELECT benchmark, idx, example_id, reward, error, time_seconds, trial, case_id,
                (SELECT count(*) FROM turns WHERE trajectory_id = trajectories.id) AS turns,
                (SELECT CASE WHEN count(token_count) > 0 THEN total(token_count) END FROM turns
                  WHERE trajectory_id = trajectories.id) AS tokens
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
        time_seconds: row.optional_number(5)?,
        trial: row.optional_number(6)?,
        case_id: row.optional_text(7)?,
        turns: u64::try_from(row.integer(8)?).unwrap_or(0),
        token_count: row.optional_number(9)?,
    })
}
