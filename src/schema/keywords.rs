//! Keywords for the tags of runs that were written before tags were also kept in a table of their own.

use crate::db::Connection;
use crate::error::Result;

/// The table to fill.
pub(super) const TABLE: &str = "run_keywords";

/// Returns the query for the rows of [`TABLE`] that follow from the tags in `runs`. It also runs on foreign files; tags
/// that are not an array of texts give no rows.
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
