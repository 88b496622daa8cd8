//! `runstore prune`

use crate::answer::Answer;
use crate::arguments::Prune;
use crate::failure::Failure;
use crate::progress::Progress;
use crate::session::Session;
use crate::suite_name;
use runstore::maintenance::{PruneOptions, PruneReport, PrunedRun, prune};
use runstore::model::Suite;
use runstore_report::cell::Cell;
use runstore_report::colour::Role;
use runstore_report::numbers::{count, counted};
use runstore_report::page::Page;
use runstore_report::run_label::short;
use runstore_report::sizes::{bytes, parse_bytes};
use runstore_report::table::{Column, Table};
use runstore_report::times::{ago, parse_duration};

/// With fewer cases, no progress is shown.
const LONG: u64 = 5000;

/// Maximum number of runs shown.
const SHOWN: usize = 20;

pub(super) fn answer(arguments: &Prune, session: &Session<'_>) -> Result<Answer, Failure> {
    let (older_than_ms, max_bytes) = (older_than(arguments, session)?, max_bytes(arguments)?);
    // The size after deletion is measured by deleting the runs and rolling back.
    let only_reads = arguments.dry_run && max_bytes.is_none();
    let store = if only_reads { session.store() } else { session.writable_store() }?;
    let suite_id =
        session.at_one_moment(|store| suite_name::find_id(store, arguments.suite.as_deref()))?;
    let options = PruneOptions {
        keep: arguments.keep,
        older_than_ms,
        max_bytes,
        suite_id: suite_id.as_deref(),
        dry_run: arguments.dry_run,
    };
    let mut progress = Progress::new("prune", session.environment);
    let report = prune(store, &options, &mut |done, total| {
        if total >= LONG {
            progress.show(done, total);
        }
    });
    drop(progress);
    let report = report?;
    let suites = if session.is_json() { vec![] } else { store.list_suites()? };
    session.answer(&report, |page| {
        write_runs(page, &report.runs, &suites, session.now());
        write_sum(page, &report);
        write_shortfall(page, &report, max_bytes);
    })
}

fn older_than(arguments: &Prune, session: &Session<'_>) -> Result<Option<i64>, Failure> {
    let Some(text) = &arguments.older_than else { return Ok(None) };
    let age = parse_duration(text, session.now()).ok_or_else(|| {
        Failure::usage(format!("--older-than does not understand \"{text}\""))
            .hint("give it a duration with its unit (30d, 12h, 2 weeks)")
    })?;
    Ok(Some(session.age_by_the_machine(age)))
}

fn max_bytes(arguments: &Prune) -> Result<Option<u64>, Failure> {
    let Some(text) = &arguments.max_size else { return Ok(None) };
    parse_bytes(text).map(Some).ok_or_else(|| {
        Failure::usage(format!("--max-size does not understand \"{text}\""))
            .hint("give it a size with its unit (1GB, 500MB, 1GiB)")
    })
}

fn write_runs(page: &mut Page, runs: &[PrunedRun], suites: &[Suite], now: i64) {
    if runs.is_empty() {
        return;
    }
    let mut table = Table::new([
        Column::text("run"),
        Column::text("suite").cut_to(8),
        Column::text("name").cut_to(8),
        Column::text("model").cut_to(6).left_out(2),
        Column::text("started"),
        Column::number("attempts").left_out(1),
    ]);
    for run in runs.iter().take(SHOWN) {
        let suite = suites.iter().find(|suite| suite.id == run.suite_id);
        table.row([
            short(&run.id).into(),
            Cell::optional(suite, |suite| Cell::from(&suite.name)),
            Cell::from(&run.name),
            Cell::from(&run.model),
            ago(run.started_at as f64, now).into(),
            count(run.cases).into(),
        ]);
    }
    page.table(&table);
    page.more(runs.len() as u64, SHOWN);
    page.blank();
}

fn write_sum(page: &mut Page, report: &PruneReport) {
    let runs = counted(report.runs.len(), "run");
    let mut words = match (report.runs.len(), report.dry_run) {
        (0, _) => "There is nothing to prune".to_owned(),
        (_, false) => format!("{runs} deleted"),
        (_, true) => format!("{runs} would be deleted; nothing was"),
    };
    match report.bytes_after {
        Some(after) if after < report.bytes_before => words.push_str(&format!(
            ": the store {} {}, not {}.",
            if report.dry_run { "would take about" } else { "takes" },
            bytes(after),
            bytes(report.bytes_before)
        )),
        _ => words.push_str(&format!(": the store takes {}.", bytes(report.bytes_before))),
    }
    page.words("", &words, Role::Plain);
    if report.baselines > 0 {
        let kept = counted(usize::try_from(report.baselines).unwrap_or(usize::MAX), "baseline");
        page.words("", &format!("{kept} kept."), Role::Faint);
    }
}

/// Notes that the runs that must be kept are larger than the requested size.
fn write_shortfall(page: &mut Page, report: &PruneReport, max_bytes: Option<u64>) {
    let left = report.bytes_after.zip(max_bytes).filter(|(after, most)| after > most);
    if let Some((_, most)) = left {
        let words = format!("That is more than {}: the remaining runs are protected.", bytes(most));
        page.words("", &words, Role::Unsure);
    }
}
