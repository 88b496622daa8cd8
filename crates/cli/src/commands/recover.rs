//! `runstore recover`

use crate::answer::Answer;
use crate::arguments::Recover;
use crate::failure::Failure;
use crate::session::Session;
use crate::stale_reason;
use crate::suite_name;
use runstore::maintenance::{RecoverOptions, RecoverReport, RecoveredRun, recover_runs};
use runstore::model::Suite;
use runstore_report::cell::Cell;
use runstore_report::colour::Role;
use runstore_report::numbers::{count, counted};
use runstore_report::page::Page;
use runstore_report::run_label::short;
use runstore_report::table::{Column, Table};
use runstore_report::times::{ago, parse_duration};

/// Maximum number of runs shown.
const SHOWN: usize = 20;

pub(super) fn answer(arguments: &Recover, session: &Session<'_>) -> Result<Answer, Failure> {
    let older_than_ms = older_than(arguments, session)?;
    let store = if arguments.dry_run { session.store() } else { session.writable_store() }?;
    let suite_id =
        session.at_one_moment(|store| suite_name::find_id(store, arguments.suite.as_deref()))?;
    let suite_id = suite_id.as_deref();
    let options = RecoverOptions { suite_id, older_than_ms, dry_run: arguments.dry_run };
    let report = recover_runs(store, &options)?;
    let suites = if session.is_json() { vec![] } else { store.list_suites()? };
    session.answer(&report, |page| {
        write_runs(page, &report.runs, &suites, session.now());
        write_sum(page, &report);
    })
}

fn older_than(arguments: &Recover, session: &Session<'_>) -> Result<Option<i64>, Failure> {
    let Some(text) = &arguments.older_than else { return Ok(None) };
    let age = parse_duration(text, session.now()).ok_or_else(|| {
        Failure::usage(format!("--older-than does not understand \"{text}\""))
            .hint("give it a duration with its unit (2h, 1d)")
    })?;
    Ok(Some(session.age_by_the_machine(age)))
}

fn write_runs(page: &mut Page, runs: &[RecoveredRun], suites: &[Suite], now: i64) {
    if runs.is_empty() {
        return;
    }
    let mut table = Table::new([
        Column::text("run"),
        Column::text("suite").cut_to(8).left_out(2),
        Column::text("name").cut_to(8),
        Column::text("model").cut_to(6).left_out(1),
        Column::text("started").left_out(3),
        Column::number("attempts").left_out(4),
        Column::text("why"),
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
            stale_reason::words(run.reason, run.finished_at, now).into(),
        ]);
    }
    page.table(&table);
    page.more(runs.len() as u64, SHOWN);
    page.blank();
}

fn write_sum(page: &mut Page, report: &RecoverReport) {
    let removed = report.runs.iter().filter(|run| run.removed).count();
    let done = [
        (report.runs.len() - removed, "marked as failed"),
        (removed, "of unfinished imports removed"),
    ];
    for (number, what) in done.into_iter().filter(|(number, _)| *number > 0) {
        let runs = counted(number, "run");
        let words = match report.dry_run {
            false => format!("{runs} {what}."),
            true => format!("{runs} would be {what}; nothing was changed."),
        };
        page.words("", &words, Role::Plain);
    }
    if report.runs.is_empty() {
        page.words("", "There is nothing to recover.", Role::Plain);
    }
    let left = |number: u64| counted(usize::try_from(number).unwrap_or(usize::MAX), "run");
    if report.alive > 0 {
        let words = format!("{} left alone: the process is alive.", left(report.alive));
        page.words("", &words, Role::Faint);
    }
    if report.unknown > 0 {
        let words = format!(
            "{} left alone: it is unknown whether the process is alive. Use --older-than to mark such runs by the age of their last heartbeat.",
            left(report.unknown)
        );
        page.words("", &words, Role::Unsure);
    }
}
