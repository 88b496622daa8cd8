//! `runstore archive list`

use runstore_archive::{Archive, ArchivedRun};
use runstore_report::cell::Cell;
use runstore_report::colour::Role;
use runstore_report::numbers::{count, p_value, signed};
use runstore_report::page::Page;
use runstore_report::spreadsheet::csv;
use runstore_report::table::{Column, Table};
use serde::Serialize;

use super::entries::{TITLES, cells, query, short_ids, started, verdict};
use crate::answer::Answer;
use crate::arguments::ListArchived;
use crate::failure::Failure;
use crate::session::Session;

#[derive(Serialize)]
struct Listed {
    runs: Vec<ArchivedRun>,
}

pub(super) fn answer(
    arguments: &ListArchived,
    archive: &Archive,
    session: &Session<'_>,
) -> Result<Answer, Failure> {
    let listed = Listed { runs: archive.runs(&query(&arguments.entries, session)?)? };
    if arguments.entries.csv {
        return Ok(csv(&TITLES, listed.runs.iter().map(cells)).into());
    }
    session.answer(&listed, |page| write(page, &listed.runs))
}

fn write(page: &mut Page, runs: &[ArchivedRun]) {
    if runs.is_empty() {
        return page.words("", super::NONE, Role::Plain);
    }
    let short = short_ids(runs.iter());
    let mut table = Table::new([
        Column::text("run").cut_to(8),
        Column::text("started"),
        Column::text("suite").cut_to(8).left_out(1),
        Column::text("model").cut_to(8),
        Column::text("scorer").cut_to(8).left_out(2),
        Column::number("scores").left_out(3),
        Column::number("delta"),
        Column::number("p").left_out(4),
        Column::text("verdict"),
    ]);
    for run in runs {
        table.row([
            short.of(run.run()).into(),
            started(run),
            Cell::from(&run.task_id),
            Cell::from(&run.model_id),
            Cell::from(&run.metric_name),
            count(run.n_items).into(),
            Cell::optional(run.delta, |delta| signed(delta).into()),
            Cell::optional(run.p_value, |p| p_value(p).into()),
            verdict(run),
        ]);
    }
    page.table(&table);
}
