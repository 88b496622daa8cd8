//! `runstore export tinker PATH RUN…`

use crate::answer::Answer;
use crate::arguments::{ExportCommand, ExportTinker};
use crate::failure::Failure;
use crate::paths;
use crate::progress::Progress;
use crate::session::Session;
use runstore::Store;
use runstore::error::{Code, StoreError};
use runstore::results::read_run_rows;
use runstore::rows::RowSink;
use runstore_formats::tinker::{
    EvalStoreExport, ExportOptions, ExportReport, ExportStatus, ExportedRun, Progress as Done,
};
use runstore_report::cell::Cell;
use runstore_report::colour::Role;
use runstore_report::numbers::{count, counted};
use runstore_report::page::Page;
use runstore_report::table::{Column, Table};

/// With fewer trajectories, no progress is shown.
const LONG: u64 = 1000;

pub(super) fn answer(command: &ExportCommand, session: &Session<'_>) -> Result<Answer, Failure> {
    match command {
        ExportCommand::Tinker(arguments) => tinker(arguments, session),
    }
}

fn tinker(arguments: &ExportTinker, session: &Session<'_>) -> Result<Answer, Failure> {
    let path = paths::output(&arguments.path, "PATH", session.environment)?;
    let report = session.at_one_moment(|store| {
        let runs = arguments.runs.find_each(store)?;
        let ids: Vec<String> = runs.into_iter().map(|run| run.id).collect();
        let mut progress = Progress::new("export", session.environment);
        let show = &mut |now: Done| {
            if now.total >= LONG {
                progress.show(now.done, now.total);
            }
        };
        write_files(store, &ids, &path, arguments.overwrite, show).map_err(explain)
    })?;
    let shown = paths::seen_from_folder(&report.path, session.environment);
    session.answer(&report, |page| write(page, &report, shown))
}

fn write_files(
    store: &Store,
    ids: &[String],
    path: &str,
    overwrite: bool,
    show: &mut dyn FnMut(Done),
) -> runstore::Result<ExportReport> {
    const OPERATION: &str = "export";
    let counts = ids.iter().map(|id| store.count_trajectories(id, OPERATION));
    let options = ExportOptions { overwrite, total: counts.sum::<runstore::Result<u64>>()? };
    let mut export = EvalStoreExport::begin(path, ids, options)?;
    for id in ids {
        read_run_rows(store, id, OPERATION, &mut |batch| {
            export.put_batch(batch)?;
            show(export.progress());
            Ok(())
        })?;
    }
    export.finish()
}

/// Adds a hint to errors about existing files.
fn explain(error: StoreError) -> Failure {
    let hint = match error.code {
        Code::Exists => "use --overwrite to replace a run; move files of your own elsewhere first",
        Code::InvalidArgument => {
            "import the run under another id, or give the benchmark another name"
        }
        _ => return error.into(),
    };
    Failure::from(error).hint(hint)
}

fn write(page: &mut Page, report: &ExportReport, path: &str) {
    let mut table = Table::new([
        Column::text("run").cut_to(12),
        Column::text("status"),
        Column::number("results").left_out(1),
        Column::number("trajectories"),
        Column::text("not written").cut_to(8),
    ]);
    for run in &report.runs {
        table.row([
            Cell::from(&run.run_id),
            match run.status {
                ExportStatus::Exported => "exported".into(),
                ExportStatus::Unchanged => Cell::new("there already", Role::Faint),
                ExportStatus::Overwritten => Cell::new("overwritten", Role::Unsure),
            },
            count(run.results).into(),
            count(run.trajectories).into(),
            losses(run),
        ]);
    }
    page.table(&table);
    page.blank();
    let runs = counted(report.runs.len(), "run");
    page.words("", &format!("{runs} in {path}."), Role::Plain);
}

fn losses(run: &ExportedRun) -> Cell {
    let told = run.losses.iter().map(|loss| match loss.what {
        "parts" => format!("parts as such ({})", count(loss.count)),
        "messages" => format!("tool calls and the like ({})", count(loss.count)),
        what => format!("{what} ({})", count(loss.count)),
    });
    let told = told.collect::<Vec<_>>().join(", ");
    Cell::optional(Some(told).filter(|told| !told.is_empty()), |told| {
        Cell::new(&told, Role::Unsure)
    })
}
