//! `runstore report list`

use serde::Serialize;

use super::super::runs::NO_RUN;
use super::source::{Counted, list_files};
use crate::answer::Answer;
use crate::arguments::ReportList;
use crate::failure::Failure;
use crate::moment::Moment;
use crate::session::Session;
use crate::suite_name;
use runstore::scorecard::get_scorecard;
use runstore::store::refuse;
use runstore_formats::run_file::ListedFile;
use runstore_report::cell::Cell;
use runstore_report::colour::Role;
use runstore_report::numbers::count;
use runstore_report::page::Page;
use runstore_report::run_label::short;
use runstore_report::sizes::bytes;
use runstore_report::table::{Column, Table};
use runstore_report::times::ago;

/// A run of the store, with its verdict.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct ListedRun {
    run_id: String,
    name: String,
    model: String,
    started_at: f64,
    verdict: &'static str,
    pass_rate: Option<f64>,
    total_cases: f64,
}

pub(super) fn answer(arguments: &ReportList, session: &Session<'_>) -> Result<Answer, Failure> {
    match &arguments.place.results_dir {
        Some(folder) => {
            let mut files = list_files(folder, session)?;
            let all = files.len();
            files.truncate(limit(arguments));
            session.answer(&files, |page| match all {
                0 => page.line(&["The folder has no run file.".into()]),
                _ => write_files(page, &files, all, session.now()),
            })
        }
        None => session.at_one_moment(|store| runs(arguments, store, session)),
    }
}

fn limit(arguments: &ReportList) -> usize {
    if arguments.limit == 0 { usize::MAX } else { arguments.limit }
}

fn runs(
    arguments: &ReportList,
    store: &Moment<'_>,
    session: &Session<'_>,
) -> Result<Answer, Failure> {
    let suite_id = suite_name::find_id(store, arguments.place.suite.as_deref())?;
    let mut runs = store.list_runs(suite_id.as_deref(), &refuse)?;
    runs.sort_by(|one, other| other.started_at.total_cmp(&one.started_at));
    let all = runs.len();
    runs.truncate(limit(arguments));
    let cases: runstore::Result<u64> = runs.iter().map(|run| store.count_cases(&run.id)).sum();
    let mut counted = Counted::new("list", cases?, session);
    let mut listed = vec![];
    for run in runs {
        let card = get_scorecard(store, &run.id, &mut |_| counted.add(1))?.card;
        let metric = |name: &str| card.metrics.get(name).copied();
        listed.push(ListedRun {
            verdict: card.verdict.name(),
            pass_rate: metric("pass_rate"),
            total_cases: metric("total_cases").unwrap_or_default(),
            run_id: run.id,
            name: run.name,
            model: run.model,
            started_at: run.started_at,
        });
    }
    drop(counted);
    let is_empty = all == 0 && store.run_counts()?.is_empty();
    session.answer(&listed, |page| match (is_empty, all) {
        (true, _) => page.words("", NO_RUN, Role::Plain),
        (false, 0) => page.line(&["There is no such run.".into()]),
        (false, _) => write_runs(page, &listed, all, session.now()),
    })
}

fn write_runs(page: &mut Page, runs: &[ListedRun], all: usize, now: i64) {
    let mut table = Table::new([
        Column::text("run"),
        Column::text("name").cut_to(8),
        Column::text("model").cut_to(6).left_out(2),
        Column::text("started"),
        Column::text("verdict"),
        Column::number("passed").left_out(1),
        Column::number("attempts").left_out(3),
    ]);
    for run in runs {
        table.row([
            short(&run.run_id).into(),
            Cell::from(&run.name),
            Cell::from(&run.model),
            ago(run.started_at, now).into(),
            verdict(Some(run.verdict)),
            Cell::optional(run.pass_rate, |rate| runstore_report::numbers::percent(rate).into()),
            count(run.total_cases as u64).into(),
        ]);
    }
    page.table(&table);
    page.more(all as u64, runs.len());
}

fn write_files(page: &mut Page, files: &[ListedFile], all: usize, now: i64) {
    let mut table = Table::new([
        Column::text("run").cut_to(16),
        Column::text("suite").cut_to(8),
        Column::text("models").cut_to(6).left_out(2),
        Column::text("changed").left_out(3),
        Column::text("verdict"),
        Column::number("samples").left_out(1),
        Column::number("size").left_out(4),
    ]);
    for file in files {
        table.row([
            Cell::from(&file.run_id),
            Cell::optional(file.suite_name.as_ref(), Cell::from),
            Cell::from(file.pipeline_ids.join(", ")),
            ago(file.changed_at, now).into(),
            match file.error.is_some() {
                true => Cell::new("unreadable", Role::Bad),
                false => verdict(file.verdict.as_deref()),
            },
            count(file.samples).into(),
            bytes(file.bytes).into(),
        ]);
    }
    page.table(&table);
    page.more(all as u64, files.len());
    for error in files.iter().filter_map(|file| file.error.as_ref()) {
        page.words("! ", error, Role::Bad);
    }
}

fn verdict(word: Option<&str>) -> Cell {
    let role = match word {
        Some("pass") => Role::Good,
        Some("fail") => Role::Bad,
        _ => Role::Unsure,
    };
    Cell::optional(word, |word| Cell::new(word, role))
}
