//! `runstore baseline set|show|list|rm`

use serde::Serialize;

use super::runs::status_of;
use crate::answer::Answer;
use crate::arguments::{BaselineCommand, ListBaselines, NamedBaseline, SetBaseline};
use crate::failure::{Exit, Failure};
use crate::moment::Moment;
use crate::session::Session;
use crate::suite_name;
use runstore::model::{Baseline, Suite};
use runstore_report::cell::Cell;
use runstore_report::page::Page;
use runstore_report::run_label::short;
use runstore_report::table::{Column, Table};
use runstore_report::times::{ago, date_time};

pub(super) fn answer(command: &BaselineCommand, session: &Session<'_>) -> Result<Answer, Failure> {
    match command {
        BaselineCommand::Set(arguments) => set(arguments, session),
        BaselineCommand::Show(arguments) => {
            session.at_one_moment(|store| show(&arguments.baseline, store, session))
        }
        BaselineCommand::List(arguments) => {
            session.at_one_moment(|store| list(arguments, store, session))
        }
        BaselineCommand::Rm(arguments) => remove(&arguments.baseline, session),
    }
}

fn set(arguments: &SetBaseline, session: &Session<'_>) -> Result<Answer, Failure> {
    if arguments.name.is_empty() {
        return Err(Failure::usage("--name is empty").hint("give the baseline a name"));
    }
    let (run, suite, set) = session
        .all_or_nothing(|store| {
            let run = arguments.run.find(store)?;
            store.set_baseline(&run.suite_id, &run.id, &arguments.name)?;
            let suite = suite_name::find(store, &run.suite_id)?;
            let set = store.get_baseline(&run.suite_id, &arguments.name)?;
            Ok((run, set.ok_or_else(|| missing(&arguments.name, &suite))?, suite))
        })
        .map(|(run, set, suite)| (run, suite, aged(set, session)))?;
    let words = format!(
        "{} ({}, {}) is now the baseline {} of {}.",
        run.name,
        run.model,
        short(&run.id),
        set.name,
        suite.name
    );
    session.answer(&set, |page| page.line(&[words.into()]))
}

fn show(
    named: &NamedBaseline,
    store: &Moment<'_>,
    session: &Session<'_>,
) -> Result<Answer, Failure> {
    let suite = suite_name::find_or_only(store, named.suite.as_deref())?;
    let found = store.get_baseline(&suite.id, &named.name)?;
    let found = aged(found.ok_or_else(|| missing(&named.name, &suite))?, session);
    let status = status_of(&found.run, store.owner_ended(&found.run)?);
    session.answer(&found, |page| write_one(page, &found, &suite, status, session.now()))
}

/// Returns the baseline with its age at the time of the session.
fn aged(baseline: Baseline, session: &Session<'_>) -> Baseline {
    Baseline { age_ms: (session.now() - baseline.set_at).max(0), ..baseline }
}

fn write_one(page: &mut Page, baseline: &Baseline, suite: &Suite, status: Cell, now: i64) {
    let time = |ms: f64| Cell::from(format!("{} UTC ({})", date_time(ms), ago(ms, now)));
    let run = &baseline.run;
    page.title(&baseline.name);
    page.fields(&[
        ("suite", Cell::from(&suite.name)),
        ("run", Cell::from(&run.id)),
        ("name", Cell::from(&run.name)),
        ("model", Cell::from(&run.model)),
        ("status", status),
        ("started", time(run.started_at)),
        ("set", time(baseline.set_at as f64)),
    ]);
}

fn list(
    arguments: &ListBaselines,
    store: &Moment<'_>,
    session: &Session<'_>,
) -> Result<Answer, Failure> {
    let suites = match &arguments.suite {
        Some(suite) => vec![suite_name::find(store, suite)?],
        None => store.list_suites()?,
    };
    let mut baselines = vec![];
    for suite in &suites {
        let of_suite = store.list_baselines(&suite.id)?;
        baselines.extend(of_suite.into_iter().map(|baseline| aged(baseline, session)));
    }
    session.answer(&baselines, |page| write_all(page, &baselines, &suites, session.now()))
}

fn write_all(page: &mut Page, baselines: &[Baseline], suites: &[Suite], now: i64) {
    if baselines.is_empty() {
        return page
            .line(&["There is no baseline; run \"runstore baseline set RUN\" to set one.".into()]);
    }
    let mut table = Table::new([
        Column::text("suite").cut_to(8),
        Column::text("baseline").cut_to(8),
        Column::text("run"),
        Column::text("name").cut_to(8),
        Column::text("model").cut_to(6).left_out(2),
        Column::text("started").left_out(1),
        Column::text("set"),
    ]);
    for baseline in baselines {
        let suite = suites.iter().find(|suite| suite.id == baseline.suite_id);
        table.row([
            Cell::optional(suite, |suite| Cell::from(&suite.name)),
            Cell::from(&baseline.name),
            short(&baseline.run_id).into(),
            Cell::from(&baseline.run.name),
            Cell::from(&baseline.run.model),
            ago(baseline.run.started_at, now).into(),
            ago(baseline.set_at as f64, now).into(),
        ]);
    }
    page.table(&table);
}

/// A removed baseline.
#[derive(Serialize)]
struct Removed<'r> {
    suite_id: &'r str,
    name: &'r str,
    removed: bool,
}

fn remove(named: &NamedBaseline, session: &Session<'_>) -> Result<Answer, Failure> {
    let suite = session.all_or_nothing(|store| {
        let suite = suite_name::find_or_only(store, named.suite.as_deref())?;
        match store.remove_baseline(&suite.id, &named.name)? {
            true => Ok(suite),
            false => Err(missing(&named.name, &suite)),
        }
    })?;
    let removed = Removed { suite_id: &suite.id, name: &named.name, removed: true };
    let words = format!("The baseline {} of {} was removed.", named.name, suite.name);
    session.answer(&removed, |page| page.line(&[words.into()]))
}

fn missing(name: &str, suite: &Suite) -> Failure {
    Failure::new(Exit::Missing, format!("{} has no baseline \"{name}\"", suite.name))
        .hint(format!("\"runstore baseline list\" lists them, \"runstore baseline set RUN --name {name}\" creates it"))
}
