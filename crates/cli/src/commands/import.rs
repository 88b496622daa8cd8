//! `runstore import tinker PATH`, `runstore import jsonl FILE`

use super::import_jsonl;
use crate::answer::Answer;
use crate::arguments::{ImportCommand, ImportTinker};
use crate::failure::Failure;
use crate::paths;
use crate::progress::Progress;
use crate::session::Session;
use runstore::Store;
use runstore::error::{Code, StoreError};
use runstore::results::read_run_rows;
use runstore::rows::{RowSink, RowSource};
use runstore::store::RowImport;
use runstore_formats::tinker::{
    EvalStoreImport, ImportOptions, ImportReport, ImportStatus, Progress as Done, Remark,
};
use runstore_report::cell::Cell;
use runstore_report::colour::Role;
use runstore_report::numbers::{count, counted};
use runstore_report::page::Page;
use runstore_report::table::{Column, Table};

/// With fewer bytes, no progress is shown.
const LONG: u64 = 64 << 10;

/// Maximum number of remarks shown.
const SHOWN: usize = 20;

pub(super) fn answer(command: &ImportCommand, session: &Session<'_>) -> Result<Answer, Failure> {
    match command {
        ImportCommand::Tinker(arguments) => tinker(arguments, session),
        ImportCommand::Jsonl(arguments) => import_jsonl::answer(arguments, session),
    }
}

fn tinker(arguments: &ImportTinker, session: &Session<'_>) -> Result<Answer, Failure> {
    let path = paths::folder(&arguments.path, "PATH", session.environment)?;
    let store = session.store_to_fill()?;
    let options = ImportOptions {
        suite: arguments.suite.clone(),
        runs: Some(arguments.run.clone()).filter(|runs| !runs.is_empty()),
        strict: arguments.strict,
        utc_offset: arguments.utc_offset,
    };
    let mut progress = Progress::new("import", session.environment);
    let report = EvalStoreImport::open(&path, options).and_then(|import| {
        fill(store, import, &mut |now| {
            if now.total >= LONG {
                progress.show(now.done, now.total);
            }
        })
    });
    drop(progress);
    let report = report.map_err(explain)?;
    session.answer(&report, |page| write(page, &report))
}

/// Adds new runs, after all others were compared with those in the store.
fn fill(
    store: &Store,
    mut import: EvalStoreImport,
    show: &mut dyn FnMut(Done),
) -> runstore::Result<ImportReport> {
    const OPERATION: &str = "import";
    for id in import.run_ids().map(str::to_owned).collect::<Vec<_>>() {
        if store.holds_run(&id, OPERATION)? {
            read_run_rows(store, &id, OPERATION, &mut |batch| import.put_batch(batch))?;
        }
    }
    let suite = store.find_suite_by_name(import.suite_name())?;
    let into = RowImport { suite_id: suite.map(|suite| suite.id), ..RowImport::default() };
    let mut sink = store.row_sink(into);
    while let Some(batch) = import.next_batch()? {
        sink.put_batch(batch)?;
        show(import.progress());
    }
    Ok(import.report())
}

/// Adds a hint to errors about invalid files.
fn explain(error: StoreError) -> Failure {
    let hint = match error.code {
        Code::NotFound => {
            "give PATH the directory that contains \"runs\", and --run the name of a directory in it"
        }
        Code::InvalidArgument => "give --run the name of a directory in \"runs\"",
        Code::Corrupt => "repair the file, or omit --strict and --run to import what can be read",
        Code::Constraint => "import into another file with --store",
        _ => return error.into(),
    };
    Failure::from(error).hint(hint)
}

fn write(page: &mut Page, report: &ImportReport) {
    if report.runs.is_empty() {
        page.line(&["There is no run that can be imported.".into()]);
    } else {
        write_runs(page, report);
    }
    let remarks = || {
        report
            .runs
            .iter()
            .flat_map(|run| [("left out", run, &run.skipped), ("changed", run, &run.changed)])
    };
    let told = remarks()
        .flat_map(|(what, run, found)| found.first.iter().map(move |one| (what, run, one)));
    for (what, run, remark) in told.take(SHOWN) {
        page.words("", &format!("{what}: {}: {}", run.run_id, words(remark)), Role::Unsure);
    }
    page.more(remarks().map(|(_, _, found)| found.count).sum(), SHOWN);
    for unread in report.unread.first.iter().take(SHOWN) {
        page.words("", &format!("not a run: {}: {}", unread.run, unread.reason), Role::Bad);
    }
    page.more(report.unread.count, SHOWN);
}

fn write_runs(page: &mut Page, report: &ImportReport) {
    let mut table = Table::new([
        Column::text("run").cut_to(12),
        Column::text("status"),
        Column::number("results").left_out(1),
        Column::number("trajectories"),
        Column::number("left out"),
        Column::number("changed").left_out(2),
    ]);
    let worry = |number: u64| {
        Cell::new(&count(number), if number > 0 { Role::Unsure } else { Role::Plain })
    };
    for run in &report.runs {
        table.row([
            Cell::from(&run.run_id),
            match run.status {
                ImportStatus::Imported => "imported".into(),
                ImportStatus::Unchanged => Cell::new("there already", Role::Faint),
            },
            count(run.results).into(),
            count(run.trajectories).into(),
            worry(run.skipped.count),
            worry(run.changed.count),
        ]);
    }
    page.table(&table);
    let new = report.runs.iter().filter(|run| run.status == ImportStatus::Imported).count();
    page.blank();
    page.words("", &format!("{} imported.", counted(new, "run")), Role::Plain);
}

fn words(remark: &Remark) -> String {
    let line = remark.line.map_or(String::new(), |line| format!(" line {line}"));
    format!("{}{line}: {}", remark.file, remark.reason)
}
