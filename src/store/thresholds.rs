//! The thresholds of a suite, by metric.

use super::Store;
use crate::db::{Connection, Row, Value};
use crate::error::{Argument, Code, Result, RowKind, StoreError};
use crate::model::{Threshold, Thresholds};
use crate::rows::check_thresholds;

const INSERT: &str = "INTO thresholds (suite_id, metric, pass_floor, warn_floor, pass_ceiling, warn_ceiling) \
                      VALUES (?, ?, ?, ?, ?, ?)";

fn threshold(row: &dyn Row) -> Result<(String, Threshold)> {
    Ok((
        row.text(0)?,
        Threshold {
            pass_floor: row.optional_number(1)?,
            warn_floor: row.optional_number(2)?,
            pass_ceiling: row.optional_number(3)?,
            warn_ceiling: row.optional_number(4)?,
        },
    ))
}

/// Returns the thresholds of a suite.
pub(super) fn of_suite(db: &dyn Connection, suite_id: &str) -> Result<Thresholds> {
    let sql = "SELECT metric, pass_floor, warn_floor, pass_ceiling, warn_ceiling FROM thresholds WHERE suite_id = ?";
    Ok(db.query_all(sql, &[suite_id.into()], threshold)?.into_iter().collect())
}

/// Adds the thresholds of metrics for which the suite has none.
pub(super) fn add_missing(
    db: &dyn Connection,
    suite_id: &str,
    thresholds: &Thresholds,
) -> Result<()> {
    put(db, suite_id, thresholds, "INSERT OR IGNORE")
}

fn put(db: &dyn Connection, suite_id: &str, thresholds: &Thresholds, insert: &str) -> Result<()> {
    let mut statement = db.prepare(&format!("{insert} {INSERT}"))?;
    thresholds.iter().try_for_each(|(metric, limits)| {
        let limits =
            [limits.pass_floor, limits.warn_floor, limits.pass_ceiling, limits.warn_ceiling];
        let [a, b, c, d] = limits.map(Value::optional_real);
        statement.execute(&[suite_id.into(), metric.as_str().into(), a, b, c, d]).map(drop)
    })
}

impl Store {
    /// Saves the thresholds of a suite; replaces all earlier ones.
    ///
    /// # Errors
    /// If a threshold is contradictory, or there is no such suite.
    pub fn set_thresholds(&self, suite_id: &str, thresholds: &Thresholds) -> Result<()> {
        self.write("setThresholds", |db| {
            check_thresholds(thresholds, &Argument::new("thresholds"))?;
            let is_there = "SELECT 1 FROM suites WHERE id = ?";
            db.query_one(is_there, &[suite_id.into()], |_| Ok(()))?
                .ok_or_else(|| StoreError::missing(Code::Constraint, RowKind::Suite, suite_id))?;
            db.execute("DELETE FROM thresholds WHERE suite_id = ?", &[suite_id.into()])?;
            put(db, suite_id, thresholds, "INSERT")
        })
    }

    /// Returns the thresholds of a suite by metric; none for a suite without thresholds or an unknown suite.
    pub fn get_thresholds(&self, suite_id: &str) -> Result<Thresholds> {
        self.thresholds_for("getThresholds", suite_id)
    }

    /// The same; errors name `operation`.
    pub(crate) fn thresholds_for(&self, operation: &str, suite_id: &str) -> Result<Thresholds> {
        self.run(operation, |db| of_suite(db, suite_id))
    }

    /// Returns the thresholds of the suite of a run; none if there is no such run. Errors name `operation`.
    pub(crate) fn thresholds_of_run(&self, operation: &str, run_id: &str) -> Result<Thresholds> {
        let sql = "SELECT suite_id FROM runs WHERE id = ?";
        self.run(operation, |db| match db.query_one(sql, &[run_id.into()], |row| row.text(0))? {
            Some(suite_id) => of_suite(db, &suite_id),
            None => Ok(Thresholds::new()),
        })
    }
}
