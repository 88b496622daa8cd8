//! The tags of runs that were written before they were kept apart as well.

use crate::db::Connection;
use crate::error::Result;

/// The table that is filled.
pub(super) const TABLE: &str = "run_keywords";

/// Returns the query for the rows of [`TABLE`] that the tags in `runs` make. It runs on foreign files as well: what is
/// no array of texts has none.
pub(super) fn of_tags(runs: &str) -> String {
    format!(
        "SELECT run.id AS run_id, 'tag' AS kind, tag.value AS keyword, run.started_at AS started_at
         FROM {runs} AS run, json_each(CASE WHEN json_valid(run.tags) THEN run.tags END) AS tag
         WHERE json_type(run.tags) = 'array' AND tag.type = 'text'"
    )
}

/// Adds the keywords that are missing.
pub(super) fn fill(db: &dyn Connection) -> Result<()> {
    db.execute_script(&format!(
        "INSERT OR IGNORE INTO {TABLE} (run_id, kind, keyword, started_at) {}",
        of_tags("runs")
    ))
}
