//! `runstore archive pull`

use runstore::error::{Code, StoreError};
use runstore::rows::copy_rows;
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
use crate::session::Session;

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
        archive.body(run).map_err(hinted)?;
    }
    let store = session.store_to_fill()?;
    let existing = if arguments.keep_existing { ExistingRun::Keep } else { ExistingRun::Refuse };
    let mut sink = store.row_sink(RowImport { suite_id: None, existing });
    for run in &arguments.runs {
        copy_rows(&mut archive.body(run)?, &mut sink).map_err(taken)?;
    }
    let pulled = Pulled { runs: sink.imported().to_vec() };
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
        Column::number("cases"),
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
