//! `runstore merge OUT IN…`

use crate::answer::Answer;
use crate::arguments::Merge;
use crate::environment::Environment;
use crate::failure::{Exit, Failure};
use crate::paths::{self, seen_from_folder};
use crate::session::Session;
use runstore::maintenance::{Conflict, MergeOptions, MergeReport, MergedFile, merge};
use runstore_report::cell::Cell;
use runstore_report::colour::Role;
use runstore_report::numbers::{count, counted};
use runstore_report::page::Page;
use runstore_report::table::{Column, Table};

/// Maximum number of conflicts shown.
const SHOWN: usize = 20;

pub(super) fn answer(arguments: &Merge, session: &Session<'_>) -> Result<Answer, Failure> {
    if session.names_store() {
        return Err(Failure::usage("merge takes no --store")
            .hint("name the store that receives all rows first, then the others"));
    }
    let environment = session.environment;
    let out = paths::output(&arguments.out, "OUT", environment)?;
    let inputs = arguments
        .inputs
        .iter()
        .map(|path| paths::text(paths::existing(path, "IN", environment)?))
        .collect::<Result<Vec<_>, _>>()?;
    let inputs: Vec<&str> = inputs.iter().map(String::as_str).collect();
    let options = MergeOptions { unite_suites: arguments.unite_suites };
    let report = merge(&out, &inputs, &options)?;
    session.answer_with(&report, contradiction(&report), |page| {
        if report.written {
            write(page, &report, environment);
        } else {
            write_conflicts(page, &report, environment);
        }
    })
}

/// Returns the failure when nothing was written.
fn contradiction(report: &MergeReport) -> Option<Failure> {
    let number = report.conflicts.count;
    let rows = if number == 1 { "row contradicts" } else { "rows contradict" };
    let message =
        format!("{} {rows} another of the same key, so nothing was written", count(number));
    let failure = Failure::new(Exit::Data, message)
        .hint("check which file is right, and merge without the other");
    (!report.written).then_some(failure)
}

fn write(page: &mut Page, report: &MergeReport, environment: &Environment<'_>) {
    let mut table = Table::new([
        Column::text("file").cut_to(12),
        Column::number("runs"),
        Column::number("attempts"),
        Column::number("scores"),
        Column::number("others").left_out(1),
        Column::number("there already"),
    ]);
    for file in &report.files {
        table.row([
            Cell::from(seen_from_folder(&file.path, environment)),
            count(added(file, |table| table == "runs")).into(),
            count(added(file, |table| table == "cases")).into(),
            count(added(file, |table| table == "scores")).into(),
            count(added(file, |table| !matches!(table, "runs" | "cases" | "scores"))).into(),
            count(file.tables.iter().map(|table| table.known).sum::<u64>()).into(),
        ]);
    }
    page.table(&table);
    page.blank();
    let files = counted(report.files.len(), "file");
    let out = seen_from_folder(&report.out, environment);
    page.words("", &format!("{out} contains the rows of {files}."), Role::Plain);
}

fn added(file: &MergedFile, is_meant: impl Fn(&str) -> bool) -> u64 {
    file.tables.iter().filter(|table| is_meant(table.table)).map(|table| table.added).sum()
}

fn write_conflicts(page: &mut Page, report: &MergeReport, environment: &Environment<'_>) {
    let conflicts = &report.conflicts;
    let mut table = Table::new([
        Column::text("table"),
        Column::text("key").cut_to(12),
        Column::text("what differs").cut_to(12),
        Column::text("file").cut_to(12),
    ]);
    for Conflict { table: name, key, columns, path } in conflicts.first.iter().take(SHOWN) {
        table.row([
            Cell::from(*name),
            Cell::from(key),
            columns.join(", ").into(),
            Cell::from(seen_from_folder(path, environment)),
        ]);
    }
    page.table(&table);
    page.more(conflicts.count, SHOWN);
}
