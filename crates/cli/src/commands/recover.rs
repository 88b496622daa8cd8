//! `runstore recover`

use crate::answer::Answer;
use crate::arguments::Recover;
use crate::failure::Failure;
use crate::run_table::{self, RunRow};
use crate::session::Session;
use crate::stale_reason;
use crate::suite_name;
use runstore::maintenance::{RecoverOptions, RecoverReport, RecoveredRun, recover_runs};
use runstore_report::colour::Role;
use runstore_report::numbers::counted;
use runstore_report::page::Page;
use runstore_report::times::parse_duration;

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
        let now = session.now();
        run_table::write(page, &report.runs, |run| row(run, now), &suites, now);
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

fn row(run: &RecoveredRun, now: i64) -> RunRow<'_> {
    RunRow {
        id: &run.id,
        suite_id: &run.suite_id,
        name: &run.name,
        model: &run.model,
        started_at: run.started_at,
        cases: run.cases,
        why: Some(stale_reason::words(run.reason, run.finished_at, now)),
    }
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
