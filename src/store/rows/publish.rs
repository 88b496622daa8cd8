//! Publishes an imported run, with its verdicts, baselines and prompts.

use serde::{Deserialize, Serialize};

use crate::db::{Connection, Value};
use crate::error::Result;
use crate::model::{BaselineRow, Prompt, RunRow, VerdictRow};
use crate::store::run_keywords::Keywords;

/// The baselines and prompts that were not changed.
pub(super) type Kept = (Vec<String>, Vec<String>);

/// What becomes visible together with the run.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub(super) struct Published {
    pub(super) baselines: Vec<BaselineRow>,
    pub(super) verdicts: Vec<VerdictRow>,
    pub(super) prompts: Vec<Prompt>,
}

/// Gives the run its final state: from now on it is found.
pub(super) fn publish(db: &dyn Connection, run: &RunRow, with: &Published) -> Result<Kept> {
    let sql = "UPDATE runs SET status = ?, finished_at = ?, owner_pid = ?, owner_host = ?, owner_marks = ?,
                 heartbeat_at = ?, importing = NULL WHERE id = ?";
    let values = [
        run.status.as_str().into(),
        Value::optional_real(run.finished_at),
        Value::optional_real(run.owner_pid),
        Value::optional_text(run.owner_host.as_deref()),
        Value::optional_text(run.owner_marks.as_deref()),
        Value::optional_real(run.heartbeat_at),
        run.id.as_str().into(),
    ];
    db.execute(sql, &values)?;
    let benchmarks: Vec<String> =
        run.benchmarks.as_deref().and_then(|json| crate::json::read(json).ok()).unwrap_or_default();
    Keywords::of(run.tags.as_deref(), Some(&benchmarks)).insert(db, &run.id, run.started_at)?;
    insert_verdicts(db, run, &with.verdicts)?;
    Ok((insert_baselines(db, run, &with.baselines)?, insert_prompts(db, &with.prompts)?))
}

fn insert_verdicts(db: &dyn Connection, run: &RunRow, rows: &[VerdictRow]) -> Result<()> {
    let mut insert = db.prepare(
        "INSERT INTO verdicts (id, suite_id, baseline_run_id, candidate_run_id, decision, alpha, scorers, created_at)
         VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
    )?;
    rows.iter().try_for_each(|row| {
        let values = [
            row.id.as_str().into(),
            run.suite_id.as_str().into(),
            row.baseline_run_id.as_str().into(),
            run.id.as_str().into(),
            row.decision.as_str().into(),
            row.alpha.into(),
            row.scorers.as_str().into(),
            row.created_at.into(),
        ];
        insert.execute(&values).map(drop)
    })
}

/// Sets the run as baseline under the names that no other run of its suite has; returns the other names.
fn insert_baselines(
    db: &dyn Connection,
    run: &RunRow,
    rows: &[BaselineRow],
) -> Result<Vec<String>> {
    let sql =
        "INSERT OR IGNORE INTO baselines (suite_id, name, run_id, set_at) VALUES (?, ?, ?, ?)";
    let mut insert = db.prepare(sql)?;
    let mut kept = Vec::new();
    for row in rows {
        let values = [
            run.suite_id.as_str().into(),
            row.name.as_str().into(),
            run.id.as_str().into(),
            row.set_at.into(),
        ];
        if insert.execute(&values)? == 0 {
            kept.push(row.name.clone());
        }
    }
    Ok(kept)
}

/// Inserts the prompts that do not exist; returns those that exist with different content.
fn insert_prompts(db: &dyn Connection, prompts: &[Prompt]) -> Result<Vec<String>> {
    let sql = "INSERT OR IGNORE INTO prompts (id, name, version, content, created_at) VALUES (?, ?, ?, ?, ?)";
    let same = "SELECT 1 FROM prompts WHERE name = ? AND version = ? AND content = ?";
    let mut kept = Vec::new();
    for Prompt { id, name, version, content, created_at } in prompts {
        let (name, content) = (name.as_str(), content.as_str());
        let key = [name.into(), Value::Integer(*version), content.into()];
        let values = [id.as_str().into(), key[0], key[1], key[2], Value::Integer(*created_at)];
        if db.execute(sql, &values)? == 0 && db.query_one(same, &key, |_| Ok(()))?.is_none() {
            kept.push(format!("{name} {version}"));
        }
    }
    Ok(kept)
}
