//! The tags and benchmarks of runs, stored separately so that runs can be found by them.

use crate::db::{Connection, Value};
use crate::error::Result;
use crate::json;
use crate::model::RunChanges;

/// The keywords of a run.
#[derive(Default)]
pub(super) struct Keywords<'a> {
    tags: Vec<String>,
    benchmarks: &'a [String],
}

impl<'a> Keywords<'a> {
    /// Reads the tags from JSON.
    pub(super) fn of(tags: Option<&str>, benchmarks: Option<&'a [String]>) -> Self {
        // The caller's tags are an array of texts; anything else contains no tags.
        let tags = tags.and_then(|tags| json::read(tags).ok()).unwrap_or_default();
        Keywords { tags, benchmarks: benchmarks.unwrap_or_default() }
    }

    pub(super) fn is_empty(&self) -> bool {
        self.tags.is_empty() && self.benchmarks.is_empty()
    }

    pub(super) fn insert(&self, db: &dyn Connection, run_id: &str, started_at: f64) -> Result<()> {
        insert(db, run_id, "tag", &self.tags, started_at)?;
        insert(db, run_id, "benchmark", self.benchmarks, started_at)
    }
}

fn insert(
    db: &dyn Connection,
    run_id: &str,
    kind: &str,
    keywords: &[String],
    started_at: f64,
) -> Result<()> {
    let sql = "INSERT OR IGNORE INTO run_keywords (run_id, kind, keyword, started_at) VALUES (?, ?, ?, ?)";
    keywords.iter().try_for_each(|keyword| {
        db.execute(sql, &[run_id.into(), kind.into(), keyword.as_str().into(), started_at.into()])
            .map(drop)
    })
}

/// Replaces the given kinds of keywords of a run.
pub(super) fn update(db: &dyn Connection, run_id: &str, changes: &RunChanges) -> Result<()> {
    for (kind, keywords) in [("tag", &changes.tags), ("benchmark", &changes.benchmarks)] {
        let Some(keywords) = keywords else { continue };
        let delete = "DELETE FROM run_keywords WHERE run_id = ? AND kind = ?";
        db.execute(delete, &[run_id.into(), kind.into()])?;
        let started_at = "SELECT started_at FROM runs WHERE id = ?";
        let started_at =
            db.query_one(started_at, &[run_id.into()], |row| row.optional_number(0))?.flatten();
        insert(
            db,
            run_id,
            kind,
            keywords.as_deref().unwrap_or_default(),
            started_at.unwrap_or(0.0),
        )?;
    }
    Ok(())
}

/// Sets the time of the run.
pub(super) fn start_again(db: &dyn Connection, run_id: &str, started_at: i64) -> Result<()> {
    let sql = "UPDATE run_keywords SET started_at = ? WHERE run_id = ?";
    db.execute(sql, &[Value::Integer(started_at), run_id.into()]).map(drop)
}
