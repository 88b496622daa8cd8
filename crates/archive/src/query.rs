//! Queries for entries.

use runstore::error::{Argument, Result, StoreError};
use serde::Deserialize;

use crate::log::Listed;
use crate::record::ArchivedRun;
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
    pub(crate) fn answer<'l>(
        &self,
        entries: impl Iterator<Item = &'l Listed>,
    ) -> Result<Vec<ArchivedRun>> {
        let (since, until) = (bound(self.since, "since")?, bound(self.until, "until")?);
        let is_within = |listed: &Listed| match (since, until) {
            (None, None) => true,
            _ => listed.at.is_some_and(|at| {
                since.is_none_or(|since| at >= since) && until.is_none_or(|until| at <= until)
            }),
        };
        let mut found: Vec<_> =
            entries.filter(|listed| self.names(&listed.run) && is_within(listed)).collect();
        if self.newest_first {
            found.sort_by_key(|listed| std::cmp::Reverse(listed.at));
        }
        if let Some(cursor) = &self.cursor {
            let place =
                found.iter().position(|listed| listed.run.run_id == *cursor).ok_or_else(|| {
                    let argument = Argument::option_of("query", "cursor");
                    StoreError::value(
                        argument,
                        "one that the same query returned before",
                        format_args!("\"{cursor}\""),
                    )
                })?;
            found.drain(..=place);
        }
        let wanted = found.iter().take(self.limit.unwrap_or(usize::MAX));
        Ok(wanted.map(|listed| listed.run.clone()).collect())
    }

    fn names(&self, run: &ArchivedRun) -> bool {
        let is = |wanted: &Option<String>, found: &str| {
            wanted.as_ref().is_none_or(|wanted| wanted == found)
        };
        is(&self.model_id, &run.model_id)
            && is(&self.task_id, &run.task_id)
            && is(&self.metric_name, &run.metric_name)
            && self.verdict.as_ref().is_none_or(|wanted| run.verdict.as_ref() == Some(wanted))
    }
}

fn bound(ms: Option<f64>, name: &'static str) -> Result<Option<Moment>> {
    let moment = ms.map(Moment::of_ms).transpose();
    moment.map_err(|error| error.at(Argument::option_of("query", name)))
}
