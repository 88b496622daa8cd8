//! `runstore archive pull`

use runstore::error::{Code, StoreError};
use runstore::rows::{RowSink, RowSource};
use runstore::store::{ExistingRun, ImportedRows, RowImport};
use runstore_archive::Archive;
use runstore_report::cell::Cell;
use runstore_report::colour::Role;
use runstore_report::numbers::{count, counted};
use runstore_report::page::Page;
use runstore_report::table::{Column, Table};
use serde::Serialize;

use super::hinted;
use crate::answer::Answer;
use crate::arguments::Pull;
use crate::failure::Failure;
use crate::progress::Progress;
use crate::session::Session;

/// With fewer runs, whose files have fewer bytes, no progress is shown.
const MANY: usize = 10;
const MUCH: u64 = 1 << 20;

#[derive(Serialize)]
struct Pulled {
    runs: Vec<ImportedRows>,
}

pub(super) fn answer(
    arguments: &Pull,
    archive: &Archive,
    session: &Session<'_>,
) -> Result<Answer, Failure> {
    // Missing runs are reported before a store is created.
    for run in &arguments.runs {
        archive.entries_of(run).map_err(hinted)?;
    }
    let store = session.store_to_fill()?;
    let existing = if arguments.keep_existing { ExistingRun::Keep } else { ExistingRun::Refuse };
    let mut progress = Progress::new("pull", session.environment);
    let mut pulled = Pulled { runs: vec![] };
    for (at, run) in arguments.runs.iter().enumerate() {
        let mut rows = archive.rows(run).map_err(hinted)?;
        let suite_id = rows.suite_name().map(|name| store.find_suite_by_name(name)).transpose()?;
        let suite_id = suite_id.flatten().map(|suite| suite.id);
        let mut sink = store.row_sink(RowImport { suite_id, existing });
        while let Some(batch) = rows.next_batch()? {
            sink.put_batch(batch).map_err(taken)?;
            let part = rows.progress();
            if arguments.runs.len() >= MANY || part.1 >= MUCH {
                progress.show_part(at, arguments.runs.len(), part);
            }
        }
        pulled.runs.extend_from_slice(sink.imported());
    }
    drop(progress);
    session.answer(&pulled, |page| write(page, &pulled.runs))
}

/// Adds a hint to the error for a run that the store already contains.
fn taken(error: StoreError) -> Failure {
    let is_there = error.code == Code::Constraint;
    let failure = Failure::from(error);
    if is_there {
        failure.hint("--keep-existing leaves such a run alone; --store pulls into another file")
    } else {
        failure
    }
}

fn write(page: &mut Page, runs: &[ImportedRows]) {
    let mut table = Table::new([
        Column::text("run").cut_to(12),
        Column::text("status"),
        Column::number("attempts"),
        Column::number("scores"),
        Column::number("trajectories").left_out(1),
    ]);
    for run in runs {
        table.row([
            Cell::from(&run.run_id),
            if run.is_new { "pulled".into() } else { Cell::new("there already", Role::Faint) },
            count(run.counts.cases).into(),
            count(run.counts.scores).into(),
            count(run.counts.trajectories).into(),
        ]);
    }
    page.table(&table);
    page.blank();
    let new = runs.iter().filter(|run| run.is_new).count();
    page.words("", &format!("{} pulled.", counted(new, "run")), Role::Plain);
}
