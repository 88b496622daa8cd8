//! `runstore prune`

use crate::answer::Answer;
use crate::arguments::Prune;
use crate::failure::Failure;
use crate::progress::Progress;
use crate::run_table::{self, RunRow};
use crate::session::Session;
use crate::suite_name;
use runstore::maintenance::{PruneOptions, PruneReport, PrunedRun, prune};
use runstore_report::colour::Role;
use runstore_report::numbers::counted;
use runstore_report::page::Page;
use runstore_report::sizes::{bytes, parse_bytes};
use runstore_report::times::parse_duration;

/// With fewer cases, no progress is shown.
const LONG: u64 = 5000;

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
        run_table::write(page, &report.runs, row, &suites, session.now());
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

fn row(run: &PrunedRun) -> RunRow<'_> {
    RunRow {
        id: &run.id,
        suite_id: &run.suite_id,
        name: &run.name,
        model: &run.model,
        started_at: run.started_at,
        cases: run.cases,
        why: None,
    }
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
