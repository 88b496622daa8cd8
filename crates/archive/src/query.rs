//! Queries for entries.

use runstore::error::{Argument, Result, StoreError};
use serde::Deserialize;

use crate::log::{Files, Listed};
use crate::time::Moment;

/// Conditions that must all be met; omitted ones are ignored.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields, rename_all = "camelCase")]
pub struct Query {
    /// Model, exactly.
    pub model_id: Option<String>,
    /// Suite, exactly.
    pub task_id: Option<String>,
    /// Scorer, exactly.
    pub metric_name: Option<String>,
    /// Verdict, exactly.
    pub verdict: Option<String>,
    /// Milliseconds since the epoch, inclusive. Runs without a valid time match no period.
    pub since: Option<f64>,
    /// As [`Self::since`].
    pub until: Option<f64>,
    /// Newest first; otherwise in the order in which they were archived.
    pub newest_first: bool,
    /// Maximum number of entries.
    pub limit: Option<usize>,
    /// Continues after this entry: the id at the end of the previous page.
    pub cursor: Option<String>,
}

impl Query {
    /// Returns the entries that meet the conditions.
    pub(crate) fn select<'f>(&self, files: &'f Files) -> Result<Vec<Listed<'f>>> {
        let (since, until) = (bound(self.since, "since")?, bound(self.until, "until")?);
        let is_within = |listed: &Listed<'_>| match (since, until) {
            (None, None) => true,
            _ => listed.at().is_some_and(|at| {
                since.is_none_or(|since| at >= since) && until.is_none_or(|until| at <= until)
            }),
        };
        let is_meant = |listed: &Listed<'_>| self.names(*listed) && is_within(listed);
        let mut found: Vec<_> = files.iter().filter(is_meant).collect();
        if self.newest_first {
            found.sort_by_key(|listed| std::cmp::Reverse(listed.at()));
        }
        if let Some(cursor) = &self.cursor {
            let place = found.iter().position(|listed| listed.run_id() == cursor);
            let place = place.ok_or_else(|| unknown_cursor(cursor))?;
            found.drain(..=place);
        }
        found.truncate(self.limit.unwrap_or(usize::MAX));
        Ok(found)
    }

    fn names(&self, listed: Listed<'_>) -> bool {
        let is = |wanted: &Option<String>, found: Option<&str>| {
            wanted.as_deref().is_none_or(|wanted| Some(wanted) == found)
        };
        is(&self.model_id, Some(listed.model_id()))
            && is(&self.task_id, Some(listed.task_id()))
            && is(&self.metric_name, Some(listed.metric_name()))
            && is(&self.verdict, listed.verdict())
    }
}

fn unknown_cursor(cursor: &str) -> StoreError {
    let argument = Argument::option_of("query", "cursor");
    let wanted = "one that the same query returned before";
    StoreError::value(argument, wanted, format_args!("\"{cursor}\""))
}

fn bound(ms: Option<f64>, name: &'static str) -> Result<Option<Moment>> {
    let moment = ms.map(Moment::of_ms).transpose();
    moment.map_err(|error| error.at(Argument::option_of("query", name)))
}
