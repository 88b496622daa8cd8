//! Baselines, by suite and name.

use super::damage::refuse;
use super::run_rows::{WIDTH, run, run_columns};
use super::{Store, now};
use crate::db::{Connection, Row};
use crate::error::{Argument, Code, Problem, Result, RowKind, StoreError};
use crate::model::Baseline;

/// The columns of the run come first: some handles return only one of two columns with the same name.
macro_rules! selected {
    () => {
        concat!(
            "SELECT ",
            run_columns!(),
            ", baseline, set_at FROM runs
             JOIN (SELECT run_id, name AS baseline, set_at FROM baselines WHERE suite_id = ?) ON run_id = id "
        )
    };
}

fn baseline(row: &dyn Row) -> Result<Baseline> {
    let run = run(row, &refuse)?;
    let set_at = row.integer(WIDTH + 1)?;
    Ok(Baseline {
        suite_id: run.suite_id.clone(),
        name: row.text(WIDTH)?,
        run_id: run.id.clone(),
        set_at,
        // The age is not negative even if the clock was set back.
        age_ms: (now() - set_at).max(0),
        run,
    })
}

impl Store {
    /// Makes a run the baseline with this name in its suite; replaces an earlier one.
    ///
    /// # Errors
    /// If the name is empty, or the suite has no such run.
    pub fn set_baseline(&self, suite_id: &str, run_id: &str, name: &str) -> Result<()> {
        // Not an upsert: on a file that cannot be written, a view would refuse it with a misleading error.
        let sql = "INSERT OR REPLACE INTO baselines (suite_id, name, run_id, set_at)
                   SELECT suite_id, ?, id, ? FROM runs WHERE id = ? AND suite_id = ?";
        let parameters = [name.into(), now().into(), run_id.into(), suite_id.into()];
        self.run("setBaseline", |db| {
            if name.is_empty() {
                return Err(StoreError::unsuitable(Argument::new("name"), "must not be empty"));
            }
            match db.execute(sql, &parameters)? {
                0 => Err(why_not(db, suite_id, run_id)?),
                _ => Ok(()),
            }
        })
    }

    /// Returns the baseline with this name.
    pub fn get_baseline(&self, suite_id: &str, name: &str) -> Result<Option<Baseline>> {
        self.baseline_for("getBaseline", suite_id, name)
    }

    /// Returns the baseline with this name; errors name `operation`.
    pub(crate) fn baseline_for(
        &self,
        operation: &str,
        suite_id: &str,
        name: &str,
    ) -> Result<Option<Baseline>> {
        let sql = concat!(selected!(), "WHERE baseline = ?");
        self.run(operation, |db| db.query_one(sql, &[suite_id.into(), name.into()], baseline))
    }

    /// Returns the baselines of a suite by name.
    pub fn list_baselines(&self, suite_id: &str) -> Result<Vec<Baseline>> {
        let sql = concat!(selected!(), "ORDER BY baseline");
        const OPERATION: &str = "listBaselines";
        let found = self.run(OPERATION, |db| db.query_all(sql, &[suite_id.into()], baseline))?;
        if found.is_empty() {
            self.expect_suite(suite_id, OPERATION)?;
        }
        Ok(found)
    }

    /// Removes a baseline, but not its run; returns whether it existed.
    pub fn remove_baseline(&self, suite_id: &str, name: &str) -> Result<bool> {
        let sql = "DELETE FROM baselines WHERE suite_id = ? AND name = ?";
        let removed =
            self.run("removeBaseline", |db| db.execute(sql, &[suite_id.into(), name.into()]))?;
        Ok(removed > 0)
    }
}

/// Returns the error for a run that is not in the suite.
fn why_not(db: &dyn Connection, suite_id: &str, run_id: &str) -> Result<StoreError> {
    let is_there = "SELECT 1 FROM suites WHERE id = ?";
    let suite = db.query_one(is_there, &[suite_id.into()], |_| Ok(()))?;
    let suite_of_run = "SELECT suite_id FROM runs WHERE id = ?";
    let problem = match (suite, db.query_one(suite_of_run, &[run_id.into()], |row| row.text(0))?) {
        (None, _) => Problem::Missing(RowKind::Suite.of_id(suite_id)),
        (_, None) => Problem::Missing(RowKind::Run.of_id(run_id)),
        (_, Some(other)) => {
            let words =
                format!("run \"{run_id}\" belongs to suite \"{other}\", not to \"{suite_id}\"");
            Problem::Other(words)
        }
    };
    Ok(StoreError::of(Code::Constraint, problem))
}
