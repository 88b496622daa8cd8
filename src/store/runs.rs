//! Runs.

use super::{Store, ids::Id, now};
use crate::db::{Row, Value};
use crate::error::{Code, Result, StoreError};
use crate::model::{NewRun, Run, RunStatus};
use serde_json::value::RawValue;

/// A macro, so that whole statements are constants.
macro_rules! columns {
    () => {
        "id, suite_id, name, model, config, started_at, finished_at, status, summary, tags, metadata"
    };
}

pub(super) use columns as run_columns;

/// How many columns these are.
pub(super) const WIDTH: usize = 11;

const BY_ID: &str = concat!("SELECT ", columns!(), " FROM runs WHERE id = ?");

/// Fewer letters of an id say nothing about which run is meant.
const LEAST_OF_ID: i64 = 4;

/// Returns the run whose columns come first in the row.
pub(super) fn run(row: &dyn Row) -> Result<Run> {
    let id = row.text(0)?;
    let json = |column, name| json(row.optional_text(column)?, name, &id);
    Ok(Run {
        suite_id: row.text(1)?,
        name: row.text(2)?,
        model: row.text(3)?,
        config: json(4, "config")?,
        started_at: row.optional_number(5)?.unwrap_or_default(),
        finished_at: row.optional_number(6)?,
        status: row.text(7)?,
        summary: json(8, "summary")?,
        tags: json(9, "tags")?,
        metadata: json(10, "metadata")?,
        id,
    })
}

/// Checks stored JSON, so that one damaged row is named and not mistaken for another.
fn json(text: Option<String>, name: &str, id: &str) -> Result<Option<Box<RawValue>>> {
    match text.filter(|text| !text.is_empty()).map(RawValue::from_string) {
        None => Ok(None),
        Some(Ok(value)) => Ok(Some(value)),
        Some(Err(error)) => Err(StoreError::new(
            Code::Corrupt,
            format!("{name} of run \"{id}\" is not JSON: {error}"),
        )),
    }
}

impl Store {
    /// Starts a run and returns its id.
    pub fn create_run(&self, new: &NewRun<'_>) -> Result<String> {
        let made = Id::random();
        let id = new.id.unwrap_or_else(|| made.as_str());
        let parameters = [
            id.into(),
            new.suite_id.into(),
            new.name.into(),
            new.model.into(),
            Value::optional_text(new.config),
            now().into(),
            Value::optional_text(new.tags),
            Value::optional_text(new.metadata),
        ];
        self.run("createRun", |db| {
            db.execute(
                "INSERT INTO runs (id, suite_id, name, model, config, started_at, tags, metadata)
                 VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
                &parameters,
            )
            .map_err(|error| explain(error, new, id))
        })?;
        Ok(id.to_owned())
    }

    /// Ends a run; `summary` is JSON text, and without it an earlier one is erased.
    pub fn finish_run(&self, id: &str, status: RunStatus, summary: Option<&str>) -> Result<()> {
        let sql = "UPDATE runs SET finished_at = ?, status = ?, summary = ? WHERE id = ?";
        let parameters =
            [now().into(), status.name().into(), Value::optional_text(summary), id.into()];
        self.run("finishRun", |db| db.execute(sql, &parameters)).map(drop)
    }

    /// Returns the run.
    pub fn get_run(&self, id: &str) -> Result<Option<Run>> {
        self.map_run(id, run)
    }

    /// Returns the run as [`Self::get_run`] does; `operation` names what it is for in errors.
    pub fn run_for(&self, operation: &str, id: &str) -> Result<Option<Run>> {
        self.run(operation, |db| db.query_one(BY_ID, &[id.into()], run))
    }

    /// Returns what `map` makes of the row of the run, whose columns are the fields of [`Run`] in their order.
    pub fn map_run<T>(&self, id: &str, map: impl Fn(&dyn Row) -> Result<T>) -> Result<Option<T>> {
        self.run("getRun", |db| db.query_one(BY_ID, &[id.into()], map))
    }

    /// Returns the runs of a suite, or of all suites, oldest first.
    pub fn list_runs(&self, suite_id: Option<&str>) -> Result<Vec<Run>> {
        self.run("listRuns", |db| match suite_id {
            Some(suite_id) => {
                let sql = concat!(
                    "SELECT ",
                    columns!(),
                    " FROM runs WHERE suite_id = ? ORDER BY started_at, rowid"
                );
                db.query_all(sql, &[suite_id.into()], run)
            }
            None => {
                let sql = concat!("SELECT ", columns!(), " FROM runs ORDER BY started_at, rowid");
                db.query_all(sql, &[], run)
            }
        })
    }

    /// Returns the completed run of the suite, and of the model if given, that was started last.
    pub fn get_latest_completed_run(
        &self,
        suite_id: &str,
        model: Option<&str>,
    ) -> Result<Option<Run>> {
        let of_any_model = concat!(
            "SELECT ",
            columns!(),
            " FROM runs WHERE suite_id = ? AND status = 'completed'
             ORDER BY started_at DESC, rowid DESC LIMIT 1"
        );
        let of_model = concat!(
            "SELECT ",
            columns!(),
            " FROM runs WHERE suite_id = ? AND status = 'completed' AND model = ?
             ORDER BY started_at DESC, rowid DESC LIMIT 1"
        );
        self.run("getLatestCompletedRun", |db| match model {
            Some(model) => db.query_one(of_model, &[suite_id.into(), model.into()], run),
            None => db.query_one(of_any_model, &[suite_id.into()], run),
        })
    }

    /// Returns the completed run that was started last, of the suite and the model if they are given.
    pub fn latest_completed_run(
        &self,
        suite_id: Option<&str>,
        model: Option<&str>,
    ) -> Result<Option<Run>> {
        let sql = concat!(
            "SELECT ",
            columns!(),
            " FROM runs WHERE status = 'completed' AND suite_id = COALESCE(?, suite_id) AND model = COALESCE(?, model)
             ORDER BY started_at DESC, rowid DESC LIMIT 1"
        );
        let parameters = [Value::optional_text(suite_id), Value::optional_text(model)];
        self.run("latestCompletedRun", |db| db.query_one(sql, &parameters, run))
    }

    /// Returns the runs that a person may mean by a text, of the suite if it is given: those of this id or name, and
    /// those whose id begins with it, if it has four letters or more. Oldest first.
    pub fn find_runs(&self, text: &str, suite_id: Option<&str>) -> Result<Vec<Run>> {
        let letters = text.chars().count() as i64;
        let prefix = if letters < LEAST_OF_ID { Value::Null } else { text.into() };
        let sql = concat!(
            "SELECT ",
            columns!(),
            " FROM runs WHERE (id = ? OR name = ? OR substr(id, 1, ?) = ?) AND suite_id = COALESCE(?, suite_id)
             ORDER BY started_at, rowid"
        );
        let parameters =
            [text.into(), text.into(), letters.into(), prefix, Value::optional_text(suite_id)];
        self.run("findRuns", |db| db.query_all(sql, &parameters, run))
    }

    /// Returns the completed runs of the suite, and of the model if given, that were started last: at most `limit`,
    /// newest first. `operation` names what they are for in errors.
    pub fn latest_completed_runs(
        &self,
        suite_id: &str,
        model: Option<&str>,
        limit: u32,
        operation: &str,
    ) -> Result<Vec<Run>> {
        // Whatever the model is, it is a text.
        let sql = concat!(
            "SELECT ",
            columns!(),
            " FROM runs WHERE suite_id = ? AND status = 'completed' AND model = COALESCE(?, model)
             ORDER BY started_at DESC, rowid DESC LIMIT ?"
        );
        let parameters =
            [suite_id.into(), Value::optional_text(model), Value::Integer(limit.into())];
        self.run(operation, |db| db.query_all(sql, &parameters, run))
    }

    /// Renames a run.
    pub fn rename_run(&self, id: &str, name: &str) -> Result<()> {
        let sql = "UPDATE runs SET name = ? WHERE id = ?";
        self.run("renameRun", |db| db.execute(sql, &[name.into(), id.into()])).map(drop)
    }

    /// Deletes the cases and scores of a run and starts it again.
    pub fn reset_run(&self, id: &str) -> Result<()> {
        self.write("resetRun", |db| {
            db.execute("DELETE FROM cases WHERE run_id = ?", &[id.into()])?;
            let sql = "UPDATE runs SET status = 'running', started_at = ?, finished_at = NULL, summary = NULL
                       WHERE id = ?";
            db.execute(sql, &[now().into(), id.into()]).map(drop)
        })
    }

    /// Deletes a run with its cases and scores, the baselines that it is and the verdicts on it.
    pub fn delete_run(&self, id: &str) -> Result<()> {
        let sql = "DELETE FROM runs WHERE id = ?";
        self.run("deleteRun", |db| db.execute(sql, &[id.into()])).map(drop)
    }
}

fn explain(mut error: StoreError, new: &NewRun<'_>, id: &str) -> StoreError {
    if error.is_duplicate() {
        error.message = format!("there is a run with id \"{id}\" already");
    } else if error.is_dangling() {
        error.message = format!("there is no suite with id \"{}\"", new.suite_id);
    }
    error
}
