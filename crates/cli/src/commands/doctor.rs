//! `runstore doctor`

use crate::answer::Answer;
use crate::arguments::Doctor;
use crate::failure::{Exit, Failure};
use crate::session::Session;
use crate::stale_reason;
use runstore::maintenance::{DoctorOptions, DoctorReport, Findings, Space, StaleRun, doctor};
use runstore_report::cell::Cell;
use runstore_report::colour::Role;
use runstore_report::numbers::count;
use runstore_report::page::Page;
use runstore_report::run_label::short;
use runstore_report::sizes::bytes;
use runstore_report::table::{Column, Table};
use runstore_report::times::{ago, parse_duration};

/// Maximum number of findings of a kind shown.
const SHOWN: usize = 10;

pub(super) fn answer(arguments: &Doctor, session: &Session<'_>) -> Result<Answer, Failure> {
    if let Some(out) = &arguments.salvage {
        return super::salvage::answer(out, session);
    }
    let stale_after = stale_after(arguments, session)?;
    let changes = arguments.fix || arguments.fail_stale_runs;
    let store = if changes { session.writable_store() } else { session.store() }?;
    let options = DoctorOptions {
        stale_after_ms: session.age_by_the_machine(stale_after),
        fix: arguments.fix,
        fail_stale_runs: arguments.fail_stale_runs,
    };
    let report = aged(doctor(store, &options)?, session);
    session.answer_with(&report, illness(&report, arguments.fix), |page| {
        write(page, &report, session);
    })
}

fn stale_after(arguments: &Doctor, session: &Session<'_>) -> Result<i64, Failure> {
    parse_duration(&arguments.stale, session.now()).ok_or_else(|| {
        Failure::usage(format!("--stale does not understand \"{}\"", arguments.stale))
            .hint("give it a duration with its unit (12h, 7d)")
    })
}

/// Returns the report with ages at the time of the session.
fn aged(mut report: DoctorReport, session: &Session<'_>) -> DoctorReport {
    for run in &mut report.stale_runs.first {
        run.age_ms = session.now().saturating_sub(run.started_at);
    }
    report
}

/// Returns the failure for an unhealthy store.
fn illness(report: &DoctorReport, was_fixed: bool) -> Option<Failure> {
    let fix = "run \"runstore doctor --fix\" to repair what can be repaired without losing data";
    let salvage = "run \"runstore doctor --salvage OUT\" to copy what can be read into a new store";
    let hint = match (was_fixed, report.integrity.is_empty()) {
        (true, _) => salvage.to_owned(),
        (false, true) => fix.to_owned(),
        (false, false) => format!("{fix}, {salvage}"),
    };
    let failure = Failure::new(Exit::Data, "the store is not healthy").hint(hint);
    (!report.healthy).then_some(failure)
}

fn write(page: &mut Page, report: &DoctorReport, session: &Session<'_>) {
    page.fields(&[
        ("file", verdict(report.integrity.count, "damage")),
        ("references", verdict(report.dangling.count, "dangling row")),
        ("schema", verdict(report.schema.count, "difference")),
        ("JSON", verdict(report.unreadable.count, "unreadable value")),
        ("stale runs", stale(report.stale_runs.count)),
        ("space", space(report.space)),
    ]);
    write_list(page, "Damage", &report.integrity, |line| line.replace('\n', " "));
    write_list(page, "Dangling rows", &report.dangling, |row| {
        format!("{}, row {}: there is no such row in {}", row.table, row.rowid, row.parent)
    });
    write_list(page, "Schema", &report.schema, String::clone);
    write_list(page, "Unreadable values", &report.unreadable, |value| {
        let id = value.id.as_deref().unwrap_or("without an id");
        format!("{} of {} {id}: {}", value.column, value.table, value.reason)
    });
    write_stale_runs(page, &report.stale_runs, session.now());
    write_words(
        page,
        "Done",
        report.fixed.iter().map(|fix| format!("{}: {}", fix.action, count(fix.count))),
    );
    write_words(page, "Advice", report.advice.iter().cloned());
}

fn verdict(number: u64, what: &str) -> Cell {
    match number {
        0 => Cell::new("ok", Role::Good),
        number => Cell::new(&format!("{} × {what}", count(number)), Role::Bad),
    }
}

fn stale(number: u64) -> Cell {
    match number {
        0 => Cell::from("none"),
        number => Cell::new(&count(number), Role::Unsure),
    }
}

fn space(space: Space) -> Cell {
    let free = match space.free_bytes {
        0 => String::new(),
        free => format!(", {} of them free", bytes(free)),
    };
    Cell::from(format!("{}{free}", bytes(space.total())))
}

fn write_list<T>(page: &mut Page, title: &str, found: &Findings<T>, told: impl Fn(&T) -> String) {
    write_words(page, title, found.first.iter().take(SHOWN).map(told));
    page.more(found.count, SHOWN);
}

fn write_words(page: &mut Page, title: &str, words: impl Iterator<Item = String>) {
    let mut words = words.peekable();
    if words.peek().is_some() {
        page.blank();
        page.title(title);
        words.for_each(|words| page.words("- ", &words, Role::Plain));
    }
}

fn write_stale_runs(page: &mut Page, found: &Findings<StaleRun>, now: i64) {
    if found.is_empty() {
        return;
    }
    page.blank();
    page.title("Stale runs");
    let mut table = Table::new([
        Column::text("run"),
        Column::text("name").cut_to(8),
        Column::text("model").cut_to(6).left_out(1),
        Column::text("started").left_out(2),
        Column::number("attempts").left_out(3),
        Column::text("why"),
    ]);
    for run in found.first.iter().take(SHOWN) {
        table.row([
            short(&run.id).into(),
            Cell::from(&run.name),
            Cell::from(&run.model),
            ago(run.started_at as f64, now).into(),
            count(run.cases).into(),
            stale_reason::words(run.reason, run.last_heartbeat_at, now).into(),
        ]);
    }
    page.table(&table);
    page.more(found.count, SHOWN);
}
