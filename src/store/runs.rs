//! Runs.

use std::path::Path;

use serde_json::value::RawValue;

use super::damage::{OnDamage, refuse};
use super::run_keywords::{self, Keywords};
use super::run_label::label_of;
use super::run_rows::{exists, no_run, run, run_columns as columns};
use super::{Store, TextsInUse, drop_unused, ids::Id, now, run_owner};
use crate::db::{Connection, Row, Value};
use crate::error::{Result, RowKind, StoreError};
use crate::git;
use crate::model::{Checkpoint, MoreOfNewRun, NewRun, Run, RunChanges, RunStatus};
use crate::process::Process;

const BY_ID: &str = concat!("SELECT ", columns!(), " FROM runs WHERE id = ?");

/// Fewer characters of an id do not identify a run.
const LEAST_OF_ID: i64 = 4;

impl Store {
    /// Starts a run and returns its id.
    pub fn create_run(&self, new: &NewRun<'_>) -> Result<String> {
        let made = Id::random();
        let id = new.id.unwrap_or_else(|| made.as_str());
        let nothing = MoreOfNewRun::default();
        let more = new.more.unwrap_or(&nothing);
        let keywords = Keywords::of(new.tags, more.benchmarks.as_deref());
        let git = git_state(more.git.as_deref(), more.working_tree.as_deref());
        let insert = |db: &dyn Connection| {
            let started_at = more.started_at.unwrap_or_else(|| now() as f64);
            insert(db, id, new, more, git.as_deref(), started_at, self.open.owner())
                .map_err(|error| explain(error, new, id))?;
            keywords.insert(db, id, started_at)
        };
        match keywords.is_empty() {
            true => self.run("createRun", insert)?,
            false => self.write("createRun", insert)?,
        }
        self.heartbeats.noted(id);
        Ok(id.to_owned())
    }

    /// Changes the given fields of a run.
    ///
    /// # Errors
    /// If there is no such run.
    pub fn update_run(&self, id: &str, changes: &RunChanges) -> Result<()> {
        let changed = Changed::of(changes);
        self.write("updateRun", |db| {
            if !exists(db, id)? {
                return Err(no_run(id));
            }
            if !changed.columns.is_empty() {
                let values = changed.columns.iter().map(|(_, value)| value.as_deref());
                let parameters: Vec<_> =
                    values.map(Value::optional_text).chain([id.into()]).collect();
                let sets: Vec<_> =
                    changed.columns.iter().map(|(name, _)| format!("{name} = ?")).collect();
                db.execute(
                    &format!("UPDATE runs SET {} WHERE id = ?", sets.join(", ")),
                    &parameters,
                )?;
            }
            run_keywords::update(db, id, changes)
        })
    }

    /// Ends a run; `summary` is JSON text, and `None` erases an earlier summary.
    pub fn finish_run(&self, id: &str, status: RunStatus, summary: Option<&str>) -> Result<()> {
        let sql = "UPDATE runs SET finished_at = ?, status = ?, summary = ? WHERE id = ?";
        let parameters =
            [now().into(), status.name().into(), Value::optional_text(summary), id.into()];
        self.run("finishRun", |db| db.execute(sql, &parameters)).map(drop)
    }

    /// Returns the run; `on` decides about values that are not JSON.
    pub fn get_run(&self, id: &str, on: &OnDamage<'_>) -> Result<Option<Run>> {
        self.map_run(id, |row| run(row, on))
    }

    /// Returns a run that `operation` needs.
    ///
    /// # Errors
    /// If there is no such run, or one of its values cannot be read.
    pub fn needed_run(&self, operation: &str, id: &str) -> Result<Run> {
        self.run(operation, |db| {
            let found = db.query_one(BY_ID, &[id.into()], |row| run(row, &refuse))?;
            found.ok_or_else(|| no_run(id))
        })
    }

    /// Returns whether a run with this id exists. One that is still being imported does not count. Errors name
    /// `operation`.
    pub fn holds_run(&self, id: &str, operation: &str) -> Result<bool> {
        let sql = "SELECT 1 FROM runs WHERE id = ? AND importing IS NULL";
        let found = self.run(operation, |db| db.query_one(sql, &[id.into()], |_| Ok(())));
        found.map(|found| found.is_some())
    }

    /// Returns the error for a run that an operation needs and that does not exist.
    pub(crate) fn no_run(&self, operation: &str, id: &str) -> StoreError {
        no_run(id).during(operation).in_file(&self.place)
    }

    /// Refuses an id that no run has: for reads that found nothing of the run. Errors name `operation`.
    pub(crate) fn expect_run(&self, id: &str, operation: &str) -> Result<()> {
        match self.run(operation, |db| exists(db, id))? {
            true => Ok(()),
            false => Err(self.no_run(operation, id)),
        }
    }

    /// Returns the result of `map` for the row of the run, whose columns are the fields of [`Run`] in order.
    pub fn map_run<T>(&self, id: &str, map: impl Fn(&dyn Row) -> Result<T>) -> Result<Option<T>> {
        self.run("getRun", |db| db.query_one(BY_ID, &[id.into()], map))
    }

    /// Returns the runs of a suite, or of all suites, oldest first; `on` decides about values that are not JSON.
    pub fn list_runs(&self, suite_id: Option<&str>, on: &OnDamage<'_>) -> Result<Vec<Run>> {
        let run = |row: &dyn Row| run(row, on);
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

    /// Returns the most recently started completed run of the suite, and of the model if given; `on` decides about
    /// values that are not JSON.
    pub fn get_latest_completed_run(
        &self,
        suite_id: &str,
        model: Option<&str>,
        on: &OnDamage<'_>,
    ) -> Result<Option<Run>> {
        let run = |row: &dyn Row| run(row, on);
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

    /// Returns the runs that a text may refer to, of the suite if given: with this id or name, or with an id that
    /// begins with it, if it has at least four characters. Oldest first.
    pub fn find_runs(&self, text: &str, suite_id: Option<&str>) -> Result<Vec<Run>> {
        let characters = text.chars().count() as i64;
        let prefix = if characters < LEAST_OF_ID { Value::Null } else { text.into() };
        let sql = concat!(
            "SELECT ",
            columns!(),
            " FROM runs WHERE (id = ? OR name = ? OR substr(id, 1, ?) = ?) AND suite_id = COALESCE(?, suite_id)
             ORDER BY started_at, rowid"
        );
        let parameters =
            [text.into(), text.into(), characters.into(), prefix, Value::optional_text(suite_id)];
        let run = |row: &dyn Row| run(row, &refuse);
        self.run("findRuns", |db| db.query_all(sql, &parameters, run))
    }

    /// Returns the ids directly before and after an id, in the order of their bytes.
    pub fn ids_beside(&self, id: &str) -> Result<Vec<String>> {
        let sql = "SELECT max(id) AS beside FROM runs WHERE id < ? UNION ALL SELECT min(id) FROM runs WHERE id > ?";
        let ids = |row: &dyn Row| row.optional_text(0);
        let found = self.run("listRuns", |db| db.query_all(sql, &[id.into(), id.into()], ids))?;
        Ok(found.into_iter().flatten().collect())
    }

    /// Returns for each suite with runs: its id, the number of runs, and when the last one was started.
    pub fn run_counts(&self) -> Result<Vec<(String, u64, f64)>> {
        let sql = "SELECT suite_id, count(*) AS number, max(started_at) AS last FROM runs GROUP BY suite_id";
        let counts = |row: &dyn Row| {
            let number = u64::try_from(row.integer(1)?).unwrap_or(0);
            Ok((row.text(0)?, number, row.optional_number(2)?.unwrap_or_default()))
        };
        self.run("listSuites", |db| db.query_all(sql, &[], counts))
    }

    /// Returns the most recently started completed runs of the suite, and of the model if given: at most `limit`,
    /// newest first. Values that are not JSON are omitted. Errors name `operation`.
    pub fn latest_completed_runs(
        &self,
        suite_id: &str,
        model: Option<&str>,
        limit: u32,
        operation: &str,
    ) -> Result<Vec<Run>> {
        // The model is a text of any content.
        let sql = concat!(
            "SELECT ",
            columns!(),
            " FROM runs WHERE suite_id = ? AND status = 'completed' AND model = COALESCE(?, model)
             ORDER BY started_at DESC, rowid DESC LIMIT ?"
        );
        let parameters =
            [suite_id.into(), Value::optional_text(model), Value::Integer(limit.into())];
        let run = |row: &dyn Row| run(row, &|_| Ok(()));
        self.run(operation, |db| db.query_all(sql, &parameters, run))
    }

    /// Renames a run.
    pub fn rename_run(&self, id: &str, name: &str) -> Result<()> {
        let sql = "UPDATE runs SET name = ? WHERE id = ?";
        self.run("renameRun", |db| db.execute(sql, &[name.into(), id.into()])).map(drop)
    }

    /// Deletes the cases, scores, results and trajectories of a run and starts it again.
    pub fn reset_run(&self, id: &str) -> Result<()> {
        self.write("resetRun", |db| {
            db.execute("DELETE FROM cases WHERE run_id = ?", &[id.into()])?;
            db.execute("DELETE FROM benchmark_results WHERE run_id = ?", &[id.into()])?;
            let texts = TextsInUse::of_runs(db, "id = ?", &[id.into()])?;
            db.execute("DELETE FROM trajectories WHERE run_id = ?", &[id.into()])?;
            drop_unused(db, &texts)?;
            let started_at = now();
            let sql = "UPDATE runs SET status = 'running', started_at = ?, finished_at = NULL, summary = NULL,
                                       scores = NULL, benchmark_summary = NULL
                       WHERE id = ?";
            db.execute(sql, &[started_at.into(), id.into()])?;
            run_owner::take(db, id, self.open.owner())?;
            run_keywords::start_again(db, id, started_at)
        })
    }

    /// Deletes a run with its cases, scores, results, trajectories, baselines and verdicts.
    pub fn delete_run(&self, id: &str) -> Result<()> {
        self.write("deleteRun", |db| delete(db, id))
    }
}

pub(super) fn delete(db: &dyn Connection, id: &str) -> Result<()> {
    let texts = TextsInUse::of_runs(db, "id = ?", &[id.into()])?;
    db.execute("DELETE FROM runs WHERE id = ?", &[id.into()])?;
    drop_unused(db, &texts)
}

fn insert(
    db: &dyn Connection,
    id: &str,
    new: &NewRun<'_>,
    more: &MoreOfNewRun,
    git: Option<&str>,
    started_at: f64,
    owner: &Process,
) -> Result<()> {
    let label = label_of(more, id, started_at);
    let benchmarks = more.benchmarks.as_ref().map(json_array);
    let Checkpoint { name, path } = more.checkpoint.clone().unwrap_or_default();
    let parameters = [
        id.into(),
        new.suite_id.into(),
        new.name.into(),
        new.model.into(),
        Value::optional_text(new.config),
        started_at.into(),
        Value::optional_text(new.tags),
        Value::optional_text(new.metadata),
        Value::optional_text(label.as_deref()),
        Value::optional_text(benchmarks.as_deref()),
        Value::optional_text(name.as_deref()),
        Value::optional_text(path.as_deref()),
        Value::optional_text(git),
        owner.pid.into(),
        owner.host.as_str().into(),
        owner.identity.as_str().into(),
        now().into(),
    ];
    db.execute(
        "INSERT INTO runs (id, suite_id, name, model, config, started_at, tags, metadata,
                           label, benchmarks, checkpoint_name, checkpoint_path, git,
                           owner_pid, owner_host, owner_marks, heartbeat_at)
         VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        &parameters,
    )
    .map(drop)
}

/// Returns the state of the code as JSON: the given one, or that of a working tree.
fn git_state(given: Option<&RawValue>, working_tree: Option<&str>) -> Option<String> {
    let of_tree = || git::working_tree(Path::new(working_tree?));
    match given {
        Some(given) => Some(given.get().to_owned()),
        None => of_tree().and_then(|tree| serde_json::to_string(&tree).ok()),
    }
}

fn json_array(texts: &Vec<String>) -> String {
    serde_json::Value::from(texts.as_slice()).to_string()
}

/// The columns of a run to change.
#[derive(Default)]
struct Changed {
    columns: Vec<(&'static str, Option<String>)>,
}

impl Changed {
    fn of(changes: &RunChanges) -> Self {
        let mut changed = Changed::default();
        changed.set("tags", changes.tags.as_ref(), json_array);
        changed.set("metadata", changes.metadata.as_ref(), |json| json.get().to_owned());
        changed.set("label", changes.label.as_ref(), String::clone);
        changed.set("benchmarks", changes.benchmarks.as_ref(), json_array);
        if changes.git.is_some() || changes.working_tree.is_some() {
            let given = changes.git.as_ref().and_then(|given| given.as_deref());
            changed.columns.push(("git", git_state(given, changes.working_tree.as_deref())));
        }
        if let Some(checkpoint) = &changes.checkpoint {
            let Checkpoint { name, path } = checkpoint.clone().unwrap_or_default();
            changed.columns.push(("checkpoint_name", name));
            changed.columns.push(("checkpoint_path", path));
        }
        changed
    }

    fn set<T>(
        &mut self,
        name: &'static str,
        change: Option<&Option<T>>,
        written: impl Fn(&T) -> String,
    ) {
        if let Some(value) = change {
            self.columns.push((name, value.as_ref().map(written)));
        }
    }
}

fn explain(error: StoreError, new: &NewRun<'_>, id: &str) -> StoreError {
    error.explained(|| RowKind::Run.of_id(id), || RowKind::Suite.of_id(new.suite_id))
}
