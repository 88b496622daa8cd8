//! `runstore report import FILE…`

use super::source::copy_file;
use crate::answer::Answer;
use crate::arguments::ReportImport;
use crate::failure::Failure;
use crate::session::Session;
use crate::suite_name;
use runstore::store::{ExistingRun, ImportedRows, RowImport};
use runstore_report::cell::Cell;
use runstore_report::colour::Role;
use runstore_report::numbers::count;
use runstore_report::table::{Column, Table};

pub(super) fn answer(arguments: &ReportImport, session: &Session<'_>) -> Result<Answer, Failure> {
    let store = session.store_to_fill()?;
    let suite_id =
        session.at_one_moment(|store| suite_name::find_id(store, arguments.suite.as_deref()))?;
    let existing = if arguments.keep_existing { ExistingRun::Keep } else { ExistingRun::Refuse };
    let mut imported: Vec<ImportedRows> = vec![];
    for file in &arguments.files {
        let options = RowImport { suite_id: suite_id.clone(), existing };
        let mut sink = store.row_sink(options);
        copy_file(&session.environment.folder.join(file), "import", &mut sink, session)?;
        imported.extend(sink.imported().iter().cloned());
    }
    imported_answer(&imported, session)
}

/// Returns the results of the imported runs.
pub(in super::super) fn imported_answer(
    imported: &Vec<ImportedRows>,
    session: &Session<'_>,
) -> Result<Answer, Failure> {
    session.answer(imported, |page| {
        let mut table = Table::new([
            Column::text("run").cut_to(12),
            Column::text("status"),
            Column::number("attempts"),
            Column::number("trajectories").left_out(1),
        ]);
        for run in imported {
            table.row([
                Cell::from(&run.run_id),
                match run.is_new {
                    true => "imported".into(),
                    false => Cell::new("there already", Role::Faint),
                },
                count(run.counts.cases).into(),
                count(run.counts.trajectories).into(),
            ]);
        }
        page.table(&table);
    })
}
