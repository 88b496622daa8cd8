//! `runstore doctor --salvage OUT`

use std::path::Path;

use crate::answer::Answer;
use crate::failure::Failure;
use crate::paths::{self, seen_from_folder};
use crate::session::Session;
use runstore::maintenance::{SalvageReport, SalvagedTable, salvage};
use runstore_report::cell::Cell;
use runstore_report::colour::Role;
use runstore_report::numbers::count;
use runstore_report::page::Page;
use runstore_report::table::{Column, Table};

pub(super) fn answer(out: &Path, session: &Session<'_>) -> Result<Answer, Failure> {
    let out = paths::output(out, "OUT", session.environment)?;
    let report = salvage(&session.store_path()?, &out)?;
    let shown = seen_from_folder(&report.out, session.environment);
    session.answer(&report, |page| {
        write_tables(page, &report.tables);
        page.blank();
        page.words("", &format!("{shown} contains what could be read."), Role::Plain);
        write_remarks(page, &report);
    })
}

fn write_tables(page: &mut Page, tables: &[SalvagedTable]) {
    let mut table = Table::new([
        Column::text("table").cut_to(8),
        Column::number("rescued"),
        Column::number("too damaged"),
        Column::number("known to be lost"),
        Column::number("unreadable places").left_out(1),
    ]);
    for salvaged in tables {
        table.row([
            Cell::from(&salvaged.name),
            count(salvaged.rows).into(),
            loss(salvaged.refused.count),
            loss(salvaged.lost.count),
            loss(salvaged.unreadable.len() as u64),
        ]);
    }
    page.table(&table);
}

fn loss(number: u64) -> Cell {
    Cell::new(&count(number), if number == 0 { Role::Plain } else { Role::Bad })
}

fn write_remarks(page: &mut Page, report: &SalvageReport) {
    let mut remark = |words: String| page.words("- ", &words, Role::Plain);
    if report.orphaned > 0 {
        remark(format!(
            "rows that refer to what was lost, now in the tables orphaned_*: {}",
            count(report.orphaned)
        ));
    }
    if report.set_aside > 0 {
        remark(format!(
            "values that cannot be read, now in the table damaged_values: {}",
            count(report.set_aside)
        ));
    }
    report.problems.iter().for_each(|problem| remark(problem.clone()));
}
