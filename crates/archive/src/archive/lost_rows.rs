//! The files with all rows of runs whose entries were lost, or never committed.

use std::collections::BTreeSet;

use runstore::model::{RowBatch, RunHead};
use runstore::rows::RowSource;

use crate::body::BodyReader;
use crate::log::Snapshot;
use crate::names::escaped;
use crate::record::{ArchivedRun, Source};
use crate::storage::{Found, Storage};
use crate::time::Moment;
use crate::writer::{ROWS, config_hash, entry_id};

/// Files with the rows of runs that are in no entry.
pub(super) struct LostRows(Vec<Found>);

impl LostRows {
    pub(super) fn among(all: &[Found], log: &Snapshot) -> Self {
        let listed = log.files().iter().filter_map(|listed| listed.run().source);
        let listed: BTreeSet<String> = listed.map(|source| source.body).collect();
        let is_lost =
            |found: &&Found| found.path.starts_with(ROWS) && !listed.contains(&found.path);
        LostRows(all.iter().filter(is_lost).cloned().collect())
    }

    /// Adds to what a Parquet file says of its run where all of its rows are. If there are the rows of several attempts, those are
    /// taken that were written at nearly the same time. A run without rows stays as it is: its scores can be loaded.
    pub(super) fn complete(
        &self,
        storage: &dyn Storage,
        run: ArchivedRun,
        changed_at: i64,
    ) -> ArchivedRun {
        let name = escaped_name(&run);
        let is_meant = |found: &&Found| {
            let made = found.path.strip_prefix(ROWS).and_then(|path| path.strip_prefix(&name));
            // Twelve digits, "cbor" and "zst".
            made.is_some_and(|made| made.starts_with('.') && made.matches('.').count() == 3)
        };
        let mut meant: Vec<&Found> = self.0.iter().filter(is_meant).collect();
        meant.sort_by_key(|found| found.changed_at.abs_diff(changed_at));
        let completed = meant.iter().find_map(|found| {
            let head = head_of(storage, &found.path)?;
            let whole = with_rows(&run, &head, found.path.clone());
            is_of(&run, &whole).then_some(whole)
        });
        completed.unwrap_or(run)
    }
}

/// Returns the name that the rows of an entry's run have. A file without scores names its run only by its own name.
fn escaped_name(run: &ArchivedRun) -> String {
    if run.run_id.is_empty() {
        let name = run.path.rsplit_once("/run_id=").map_or("", |(_, name)| name);
        return name.rsplitn(3, '.').last().unwrap_or_default().to_owned();
    }
    let end = format!("::{}", run.metric_name);
    escaped(run.run_id.strip_suffix(&end).unwrap_or(&run.run_id))
}

fn head_of(storage: &dyn Storage, path: &str) -> Option<RunHead> {
    let file = storage.open(path).ok().flatten()?;
    match BodyReader::new(file, path).ok()?.next_batch().ok()?? {
        RowBatch::Run(head) => Some(*head),
        _ => None,
    }
}

/// Returns the entry of a scorer as its run describes it.
fn with_rows(
    run: &ArchivedRun,
    RunHead { suite, run: head, .. }: &RunHead,
    body: String,
) -> ArchivedRun {
    let started = Moment::of_ms(head.started_at);
    ArchivedRun {
        run_id: entry_id(&head.id, &run.metric_name),
        model_id: head.model.clone(),
        task_id: suite.name.clone(),
        config_hash: config_hash(head),
        ts: started.map_or_else(|_| run.ts.clone(), Moment::written),
        source: Some(Source { run_id: head.id.clone(), body }),
        ..run.clone()
    }
}

/// Returns whether a Parquet file is that of an entry: by what it says, if it has scores.
fn is_of(run: &ArchivedRun, entry: &ArchivedRun) -> bool {
    run.run_id.is_empty()
        || (&run.run_id, &run.model_id, &run.task_id, &run.config_hash)
            == (&entry.run_id, &entry.model_id, &entry.task_id, &entry.config_hash)
}
