//! The row of a run, with all of its columns.

use crate::db::{Connection, Row, Value};
use crate::error::Result;
use crate::model::{RunHead, RunRow, Suite};
use crate::store::thresholds;

/// A macro, so that whole statements are constants.
macro_rules! columns {
    () => {
        "id, suite_id, name, model, config, started_at, finished_at, status, summary, tags, metadata, label, \
         benchmarks, checkpoint_name, checkpoint_path, git, scores, benchmark_summary, owner_pid, owner_host, \
         owner_marks, heartbeat_at"
    };
}

/// Returns the run and its suite.
pub(super) fn find(db: &dyn Connection, run_id: &str) -> Result<Option<RunHead>> {
    let sql = concat!("SELECT ", columns!(), " FROM runs WHERE id = ?");
    let Some(run) = db.query_one(sql, &[run_id.into()], of_row)? else { return Ok(None) };
    let sql = "SELECT id, name, created_at FROM suites WHERE id = ?";
    let suite = |row: &dyn Row| {
        Ok(Suite { id: row.text(0)?, name: row.text(1)?, created_at: row.integer(2)? })
    };
    let suite = db.query_one(sql, &[run.suite_id.as_str().into()], suite)?;
    let thresholds = thresholds::of_suite(db, &run.suite_id)?;
    Ok(suite.map(|suite| RunHead { suite, run, thresholds }))
}

fn of_row(row: &dyn Row) -> Result<RunRow> {
    Ok(RunRow {
        id: row.text(0)?,
        suite_id: row.text(1)?,
        name: row.text(2)?,
        model: row.text(3)?,
        config: row.optional_text(4)?,
        started_at: row.optional_number(5)?.unwrap_or_default(),
        finished_at: row.optional_number(6)?,
        status: row.text(7)?,
        summary: row.optional_text(8)?,
        tags: row.optional_text(9)?,
        metadata: row.optional_text(10)?,
        label: row.optional_text(11)?,
        benchmarks: row.optional_text(12)?,
        checkpoint_name: row.optional_text(13)?,
        checkpoint_path: row.optional_text(14)?,
        git: row.optional_text(15)?,
        scores: row.optional_text(16)?,
        benchmark_summary: row.optional_text(17)?,
        owner_pid: row.optional_number(18)?,
        owner_host: row.optional_text(19)?,
        owner_marks: row.optional_text(20)?,
        heartbeat_at: row.optional_number(21)?,
    })
}

/// Inserts a run; `importing` is the kind of its import.
pub(super) fn insert(db: &dyn Connection, run: &RunRow, importing: i64) -> Result<()> {
    let texts = [
        &run.config,
        &run.summary,
        &run.tags,
        &run.metadata,
        &run.label,
        &run.benchmarks,
        &run.checkpoint_name,
        &run.checkpoint_path,
        &run.git,
        &run.scores,
        &run.benchmark_summary,
        &run.owner_host,
        &run.owner_marks,
    ];
    let mut values: Vec<Value<'_>> = vec![
        run.id.as_str().into(),
        run.suite_id.as_str().into(),
        run.name.as_str().into(),
        run.model.as_str().into(),
        run.status.as_str().into(),
        run.started_at.into(),
        Value::optional_real(run.finished_at),
        Value::optional_real(run.owner_pid),
        Value::optional_real(run.heartbeat_at),
        importing.into(),
    ];
    values.extend(texts.iter().map(|text| Value::optional_text(text.as_deref())));
    db.execute(
        "INSERT INTO runs (id, suite_id, name, model, status, started_at, finished_at, owner_pid, heartbeat_at, importing,
           config, summary, tags, metadata, label, benchmarks, checkpoint_name, checkpoint_path, git, scores,
           benchmark_summary, owner_host, owner_marks)
         VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        &values,
    )
    .map(drop)
}
