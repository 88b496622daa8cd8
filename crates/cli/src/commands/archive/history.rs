//! `runstore archive history`

use std::collections::HashMap;

use runstore_archive::{Archive, ArchivedRun, Query};
use runstore_report::cell::Cell;
use runstore_report::colour::Role;
use runstore_report::numbers::{count, figure, p_value, signed};
use runstore_report::page::Page;
use runstore_report::run_label::ShortIds;
use runstore_report::spreadsheet::{csv, number};
use runstore_report::table::{Column, Table};
use serde::Serialize;

use super::entries::{TITLES, cells, query, short_ids, started, verdict};
use crate::answer::Answer;
use crate::arguments::ArchivedHistory;
use crate::failure::Failure;
use crate::progress::Progress;
use crate::session::Session;

/// With fewer entries, no progress is shown.
const MANY: u64 = 100;

/// An entry, compared with the previous one.
#[derive(Serialize)]
struct Row {
    #[serde(flatten)]
    run: ArchivedRun,
    mean: Option<f64>,
    change: Option<f64>,
}

pub(super) fn answer(
    arguments: &ArchivedHistory,
    archive: &Archive,
    session: &Session<'_>,
) -> Result<Answer, Failure> {
    // The entry before the first may be older than --since.
    let query = query(&arguments.entries, session)?;
    let shown = archive.runs(&query)?;
    let before = Query { since: None, limit: None, verdict: None, ..query };
    let rows = rows(archive, shown, archive.runs(&before)?, session)?;
    if arguments.entries.csv {
        let titles: Vec<&str> = TITLES.into_iter().chain(["mean", "change"]).collect();
        let cells =
            rows.iter().map(|row| cells(&row.run).own(number(row.mean)).own(number(row.change)));
        return Ok(csv(&titles, cells).into());
    }
    session.answer(&rows, |page| write(page, &rows))
}

/// Returns the selected entries, oldest first. `all` contains their previous entries, newest first, as does `shown`.
fn rows(
    archive: &Archive,
    shown: Vec<ArchivedRun>,
    all: Vec<ArchivedRun>,
    session: &Session<'_>,
) -> Result<Vec<Row>, Failure> {
    let mut progress = Progress::new("read", session.environment);
    let mut means = Means::new(archive);
    let mut befores = Befores::of(all);
    let (total, mut rows) = (shown.len() as u64, Vec::with_capacity(shown.len()));
    for (at, run) in shown.into_iter().enumerate() {
        if total >= MANY {
            progress.show(at as u64, total);
        }
        let mean = means.of(&run)?;
        let before = befores.before(&run).map(|before| means.of(&before)).transpose()?.flatten();
        let change = mean.zip(before).map(|(mean, before)| mean - before);
        rows.push(Row { run, mean, change });
    }
    rows.reverse();
    Ok(rows)
}

/// The known means: an entry is read once, even if it also precedes another.
struct Means<'a> {
    archive: &'a Archive,
    known: HashMap<String, Option<f64>>,
}

impl<'a> Means<'a> {
    fn new(archive: &'a Archive) -> Self {
        Means { archive, known: HashMap::new() }
    }

    fn of(&mut self, run: &ArchivedRun) -> Result<Option<f64>, Failure> {
        if let Some(mean) = self.known.get(&run.path) {
            return Ok(*mean);
        }
        let mean = self.archive.mean(run)?;
        self.known.insert(run.path.clone(), mean);
        Ok(mean)
    }
}

/// The entries of each suite, model and scorer, oldest first.
struct Befores(HashMap<[String; 3], Vec<ArchivedRun>>);

impl Befores {
    fn of(all: Vec<ArchivedRun>) -> Self {
        let mut lines: HashMap<[String; 3], Vec<ArchivedRun>> = HashMap::new();
        for run in all.into_iter().rev() {
            lines.entry(line(&run)).or_default().push(run);
        }
        Befores(lines)
    }

    /// Returns the entry before this one. Call it newest first: newer entries are dropped.
    fn before(&mut self, run: &ArchivedRun) -> Option<ArchivedRun> {
        let line = self.0.get_mut(&line(run))?;
        while line.pop()?.path != run.path {}
        line.last().cloned()
    }
}

fn line(run: &ArchivedRun) -> [String; 3] {
    [&run.task_id, &run.model_id, &run.metric_name].map(String::clone)
}

fn write(page: &mut Page, rows: &[Row]) {
    if rows.is_empty() {
        return page.words("", super::NONE, Role::Plain);
    }
    let short = short_ids(rows.iter().map(|row| &row.run));
    let mut table = Table::new([
        Column::text("started").left_out(5),
        Column::text("run").cut_to(8),
        Column::text("suite").cut_to(8).left_out(2),
        Column::text("model").cut_to(8).left_out(3),
        Column::text("scorer").cut_to(8).left_out(1),
        Column::number("scores").left_out(8),
        Column::number("mean"),
        Column::number("change").left_out(6),
        Column::number("delta"),
        Column::number("p").left_out(7),
        Column::text("verdict"),
        Column::text("compared with").cut_to(8).left_out(9),
    ]);
    for Row { run, mean, change } in rows {
        table.row([
            started(run),
            short.of(run.run()).into(),
            Cell::from(&run.task_id),
            Cell::from(&run.model_id),
            Cell::from(&run.metric_name),
            count(run.n_items).into(),
            Cell::optional(*mean, |mean| figure(mean).into()),
            Cell::optional(*change, |change| signed(change).into()),
            Cell::optional(run.delta, |delta| signed(delta).into()),
            Cell::optional(run.p_value, |p| p_value(p).into()),
            verdict(run),
            Cell::optional(run.parent_run_id.as_deref(), |parent| {
                compared_with(run, parent, &short)
            }),
        ]);
    }
    page.table(&table);
}

/// Returns the run that an entry was compared with, without the scorer, which is the same.
fn compared_with(run: &ArchivedRun, parent: &str, short: &ShortIds<'_>) -> Cell {
    let scorer = format!("::{}", run.metric_name);
    let id = parent.strip_suffix(&scorer).filter(|_| run.source.is_some()).unwrap_or(parent);
    match short.of(id) {
        whole if whole == id => runstore_report::run_label::short(id).into(),
        short => short.into(),
    }
}
