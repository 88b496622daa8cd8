//! `runstore thresholds show|set|rm|clear`

use serde::Serialize;

use crate::answer::Answer;
use crate::arguments::{OfSuite, RemoveThreshold, SetThreshold, ThresholdsCommand};
use crate::failure::{Exit, Failure};
use crate::moment::Moment;
use crate::session::Session;
use crate::suite_name;
use runstore::error::Argument;
use runstore::model::{Suite, Threshold, Thresholds};
use runstore::rows::check_threshold;
use runstore::scorecard::{FIXED_METRICS, get_scorecard};
use runstore::store::refuse;
use runstore_report::cell::Cell;
use runstore_report::colour::Role;
use runstore_report::numbers::counted;
use runstore_report::page::Page;
use runstore_report::table::{Column, Table};

/// The thresholds of a suite.
#[derive(Serialize)]
struct Asked {
    suite: Suite,
    thresholds: Thresholds,
}

pub(super) fn answer(
    command: &ThresholdsCommand,
    session: &Session<'_>,
) -> Result<Answer, Failure> {
    match command {
        ThresholdsCommand::Show(arguments) => {
            session.at_one_moment(|store| show(&arguments.of, store, session))
        }
        ThresholdsCommand::Set(arguments) => set(arguments, session),
        ThresholdsCommand::Rm(arguments) => remove(arguments, session),
        ThresholdsCommand::Clear(arguments) => clear(&arguments.of, session),
    }
}

fn show(of: &OfSuite, store: &Moment<'_>, session: &Session<'_>) -> Result<Answer, Failure> {
    let asked = Asked::of(of, store)?;
    session.answer(&asked, |page| write(page, &asked))
}

fn set(arguments: &SetThreshold, session: &Session<'_>) -> Result<Answer, Failure> {
    // The store would name the metric as well; here, the limits are options.
    check_threshold(&arguments.threshold(), &Argument::new("options"))?;
    let asked = changed(&arguments.of, session, |store, asked| {
        if !arguments.new {
            refuse_misspelt(&arguments.metric, asked, store)?;
        }
        asked.thresholds.insert(arguments.metric.clone(), arguments.threshold());
        Ok(())
    })?;
    session.answer(&asked, |page| write(page, &asked))
}

fn remove(arguments: &RemoveThreshold, session: &Session<'_>) -> Result<Answer, Failure> {
    let metric = &arguments.metric;
    let asked = changed(&arguments.of, session, |_, asked| {
        let removed = asked.thresholds.remove(metric);
        removed.map(drop).ok_or_else(|| none_on(metric, asked))
    })?;
    session.answer(&asked, |page| write(page, &asked))
}

fn clear(of: &OfSuite, session: &Session<'_>) -> Result<Answer, Failure> {
    let mut before = 0;
    let asked = changed(of, session, |_, asked| {
        before = asked.thresholds.len();
        asked.thresholds.clear();
        Ok(())
    })?;
    let words = format!("Removed {} of {}.", counted(before, "threshold"), asked.suite.name);
    session.answer(&asked, |page| page.words("", &words, Role::Plain))
}

impl Asked {
    fn of(of: &OfSuite, store: &Moment<'_>) -> Result<Self, Failure> {
        let suite = suite_name::find_or_only(store, of.suite.as_deref())?;
        let thresholds = store.get_thresholds(&suite.id)?;
        Ok(Asked { suite, thresholds })
    }
}

/// Changes the thresholds, and returns the new ones.
fn changed(
    of: &OfSuite,
    session: &Session<'_>,
    mut change: impl FnMut(&Moment<'_>, &mut Asked) -> Result<(), Failure>,
) -> Result<Asked, Failure> {
    session.all_or_nothing(|store| {
        let mut asked = Asked::of(of, store)?;
        change(store, &mut asked)?;
        store.set_thresholds(&asked.suite.id, &asked.thresholds)?;
        Ok(asked)
    })
}

/// A threshold on a metric that no run has prevents any verdict, so a misspelt metric is refused.
fn refuse_misspelt(metric: &str, asked: &Asked, store: &Moment<'_>) -> Result<(), Failure> {
    let known = metrics(asked, store)?;
    if known.iter().any(|one| one == metric) {
        return Ok(());
    }
    match closest(metric, known.iter().map(String::as_str)) {
        None => Ok(()),
        Some(meant) => {
            Err(Failure::usage(format!("no run of {} has a metric \"{metric}\"", asked.suite.name))
                .hint(format!("did you mean {meant}? --new sets it anyway")))
        }
    }
}

/// Returns the metrics of every run, and those of the last completed one.
fn metrics(asked: &Asked, store: &Moment<'_>) -> Result<Vec<String>, Failure> {
    let mut known = FIXED_METRICS.map(str::to_owned).to_vec();
    if let Some(run) = store.get_latest_completed_run(&asked.suite.id, None, &refuse)? {
        known.extend(get_scorecard(store, &run.id, &mut |_| {})?.card.metrics.into_keys());
    }
    Ok(known)
}

fn none_on(metric: &str, asked: &Asked) -> Failure {
    let names = asked.thresholds.keys().map(String::as_str);
    let hint = match (closest(metric, names.clone()), asked.thresholds.is_empty()) {
        (Some(meant), _) => format!("did you mean {meant}?"),
        (None, true) => "the suite has no thresholds".to_owned(),
        (None, false) => format!("there are {}", names.collect::<Vec<_>>().join(", ")),
    };
    Failure::new(Exit::Missing, format!("{} has no threshold on \"{metric}\"", asked.suite.name))
        .hint(hint)
}

/// Returns the nearest name, if at most a third of its characters differ.
fn closest<'n>(given: &str, names: impl Iterator<Item = &'n str>) -> Option<&'n str> {
    let distance = |name: &str| strsim::damerau_levenshtein(given, name);
    let near = names.filter(|name| distance(name) <= (name.chars().count() / 3).max(1));
    near.min_by_key(|name| distance(name))
}

fn write(page: &mut Page, asked: &Asked) {
    if asked.thresholds.is_empty() {
        let words = format!(
            "{} has no thresholds; \"runstore thresholds set\" sets one.",
            asked.suite.name
        );
        return page.words("", &words, Role::Plain);
    }
    let limit = |name| Column::number(name);
    let mut table = Table::new([
        Column::text("metric").cut_to(12),
        limit("pass floor"),
        limit("warn floor"),
        limit("pass ceiling"),
        limit("warn ceiling"),
    ]);
    for (metric, threshold) in &asked.thresholds {
        let Threshold { pass_floor, warn_floor, pass_ceiling, warn_ceiling } = threshold;
        let limit = |value: &Option<f64>| Cell::optional(*value, |value| value.to_string().into());
        table.row([
            Cell::from(metric),
            limit(pass_floor),
            limit(warn_floor),
            limit(pass_ceiling),
            limit(warn_ceiling),
        ]);
    }
    page.table(&table);
}
