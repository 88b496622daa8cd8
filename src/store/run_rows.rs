//! Maps rows of the table of runs.

use super::damage::{OnDamage, json};
use crate::db::{Connection, Row};
use crate::error::{Code, Result, RowKind, StoreError};
use crate::model::{Checkpoint, MoreOfRun, Run};

/// A macro, so that whole statements are constants.
macro_rules! columns {
    () => {
        "id, suite_id, name, model, config, started_at, finished_at, status, summary, tags, metadata, \
         label, benchmarks, checkpoint_name, checkpoint_path, git, scores, importing"
    };
}

pub(super) use columns as run_columns;

/// Number of these columns.
pub(super) const WIDTH: usize = 18;

/// Index of the first rarely used column.
const MORE: usize = 11;

/// The error for a run that must exist.
pub(super) fn no_run(id: &str) -> StoreError {
    StoreError::missing(Code::NotFound, RowKind::Run, id)
}

/// Returns whether there is such a run, finished or not.
pub(super) fn exists(db: &dyn Connection, id: &str) -> Result<bool> {
    let found = db.query_one("SELECT 1 FROM runs WHERE id = ?", &[id.into()], |_| Ok(()))?;
    Ok(found.is_some())
}

/// Returns the run whose columns come first in the row; `on` decides about values that are not JSON.
pub(super) fn run(row: &dyn Row, on: &OnDamage<'_>) -> Result<Run> {
    let id = row.text(0)?;
    let json = |column, name| json(row.optional_text(column)?, ("runs", &id, name), on);
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
        more: more_of_run(row, &id, on)?,
        id,
    })
}

/// Returns the rarely used fields.
pub fn more_of_run(row: &dyn Row, id: &str, on: &OnDamage<'_>) -> Result<MoreOfRun> {
    let json = |column, name| json(row.optional_text(column)?, ("runs", id, name), on);
    let (name, path) = (row.optional_text(MORE + 2)?, row.optional_text(MORE + 3)?);
    Ok(MoreOfRun {
        label: row.optional_text(MORE)?,
        benchmarks: json(MORE + 1, "benchmarks")?,
        checkpoint: (name.is_some() || path.is_some()).then_some(Checkpoint { name, path }),
        git: json(MORE + 4, "git")?,
        scores: json(MORE + 5, "scores")?,
        importing: row.optional_number(MORE + 6)?.map(|_| true),
    })
}
