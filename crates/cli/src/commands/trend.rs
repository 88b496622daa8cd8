//! `runstore trend`

use super::history::{check_scorer, write_models};
use crate::answer::Answer;
use crate::arguments;
use crate::failure::Failure;
use crate::moment::Moment;
use crate::session::Session;
use crate::spanning::{self, Followers};
use crate::suite_name;
use runstore::compare::{
    Direction, HistoryOptions, HistoryRow, Trend, TrendOptions, TrendPoint, history, trend,
};
use runstore::store::Store;
use runstore_report::cell::Cell;
use runstore_report::chart::{Axis, sparkline};
use runstore_report::colour::Role;
use runstore_report::numbers::{counted, delta, figure, p_value, signed};
use runstore_report::page::Page;
use runstore_report::run_label::ShortIds;
use runstore_report::table::{Column, Table};
use runstore_report::times::date_time;
use runstore_report::{interval, level};

/// Width of a chart.
const CHART: usize = 25;

pub(super) fn answer(
    arguments: &arguments::Trend,
    session: &Session<'_>,
) -> Result<Answer, Failure> {
    let arguments::Trend { of, last, baseline, .. } = arguments;
    let followers = Followers { of, last: *last, baseline: baseline.as_deref() };
    spanning::at_one_moment(&followers, session, |store| answer_of(arguments, store, session))
}

fn answer_of(
    arguments: &arguments::Trend,
    store: &Moment<'_>,
    session: &Session<'_>,
) -> Result<Answer, Failure> {
    let suite = suite_name::find_or_only(store, arguments.of.suite.as_deref())?;
    let rows = rows(store, &suite.id, arguments)?;
    check_scorer(arguments.scorer.as_deref(), &rows, &suite)?;
    let scorers = match &arguments.scorer {
        Some(scorer) => vec![scorer.clone()],
        None => scorers(&rows),
    };
    let trends: Result<Vec<Trend>, _> = scorers
        .into_iter()
        .map(|scorer| trend(store, &suite.id, &options(arguments, scorer)))
        .collect();
    let trends = trends?;
    session.answer(&trends, |page| {
        page.title(&suite.name);
        if trends.is_empty() {
            page.line(&["There is no completed run with a score.".into()]);
        }
        write_models(page, &rows);
        trends.iter().for_each(|trend| write(page, trend, &arguments.of.lower_is_better));
    })
}

fn options(arguments: &arguments::Trend, scorer: String) -> TrendOptions {
    TrendOptions {
        scorer,
        model: arguments.of.model.clone(),
        last: arguments.last,
        baseline: arguments.baseline.clone(),
        alpha: arguments.alpha,
        reducer: arguments.of.reducer,
    }
}

/// Returns the runs of the trend, scorer by scorer.
fn rows(
    store: &Store,
    suite_id: &str,
    arguments: &arguments::Trend,
) -> Result<Vec<HistoryRow>, Failure> {
    let model = arguments.of.model.clone();
    let options = HistoryOptions { model, limit: arguments.last, ..HistoryOptions::default() };
    Ok(history(store, suite_id, &options)?)
}

/// Returns the scorers of these runs, by name.
fn scorers(rows: &[HistoryRow]) -> Vec<String> {
    let mut scorers: Vec<String> = rows.iter().map(|row| row.scorer_name.clone()).collect();
    scorers.sort_unstable();
    scorers.dedup();
    scorers
}

fn write(page: &mut Page, trend: &Trend, lower_is_better: &[String]) {
    let is_lower = lower_is_better.contains(&trend.scorer_name);
    page.blank();
    let means: Vec<f64> = trend.runs.iter().map(|run| run.mean).collect();
    let role = role(trend.direction, is_lower);
    page.line(&[
        Cell::new(&trend.scorer_name, Role::Title),
        "  ".into(),
        Cell::new(&sparkline(&means), role),
    ]);
    page.words("", &sentence(trend), role);
    if let Some(words) = drift(trend) {
        page.words(
            "",
            &words,
            self::role(trend.cusum.as_ref().map(|cusum| cusum.direction), is_lower),
        );
    }
    if !trend.runs.is_empty() {
        write_runs(page, trend, is_lower);
    }
}

fn role(direction: Option<Direction>, lower_is_better: bool) -> Role {
    match (direction, lower_is_better) {
        (Some(Direction::Rising), false) | (Some(Direction::Falling), true) => Role::Good,
        (Some(Direction::Rising), true) | (Some(Direction::Falling), false) => Role::Bad,
        _ => Role::Plain,
    }
}

fn sentence(trend: &Trend) -> String {
    let runs = counted(trend.n_runs, "run");
    let (Some(slope), Some(direction)) = (trend.slope, trend.direction) else {
        return format!("{runs}; a trend needs at least 3");
    };
    let (told, arrow) = match direction {
        Direction::Rising => ("rising", "▲"),
        Direction::Falling => ("falling", "▼"),
        Direction::Flat => ("no significant trend", "="),
    };
    let ends = trend.low.zip(trend.high);
    let ends = ends.map_or(String::new(), |(low, high)| format!(" {}", interval(low, high)));
    let p = trend.p_value.map_or(String::new(), |p| format!(", p {}", p_value(p)));
    let change = signed(slope);
    format!("{arrow} {told}: {change} a run{ends} ({}){p}, over {runs}", level(trend.level))
}

/// Says what adds up from run to run, when the line says nothing of it.
fn drift(trend: &Trend) -> Option<String> {
    let cusum = trend.cusum.as_ref()?;
    let (way, arrow) = match cusum.direction {
        Direction::Rising => ("up", "▲"),
        Direction::Falling => ("down", "▼"),
        Direction::Flat => return None,
    };
    let run = trend.runs.iter().find(|run| Some(&run.run_id) == cusum.run_id.as_ref())?;
    Some(format!("{arrow} the runs have drifted {way}: seen from {} on", date_time(run.started_at)))
}

fn write_runs(page: &mut Page, trend: &Trend, lower_is_better: bool) {
    let axis = Axis::over(trend.runs.iter().map(|run| run.mean), CHART);
    let title = axis.map_or_else(String::new, |axis| axis.title(figure));
    let mut table = Table::new([
        Column::text("started"),
        Column::text("id"),
        Column::number("mean"),
        Column::number("to previous").left_out(2),
        Column::number("to anchor").left_out(3),
        Column::text(&title).left_out(1),
    ]);
    let short = ShortIds::among(trend.runs.iter().map(|run| run.run_id.as_str()));
    let is_anchor = |run: &TrendPoint| trend.anchor_run_id.as_ref() == Some(&run.run_id);
    let mut previous: Option<&TrendPoint> = None;
    for run in &trend.runs {
        let above = |run: &TrendPoint| run.delta_anchor.map_or(0.0, |delta| delta.delta);
        let change = previous.map(|previous| above(run) - above(previous));
        table.row([
            date_time(run.started_at).into(),
            short.of(&run.run_id).into(),
            figure(run.mean).into(),
            Cell::optional(change, |change| delta(change, lower_is_better)),
            match run.delta_anchor {
                None if is_anchor(run) => "anchor".into(),
                other => Cell::optional(other, |other| delta(other.delta, lower_is_better)),
            },
            Cell::optional(axis, |axis| axis.bar(None, run.mean, &[]).into()),
        ]);
        previous = Some(run);
    }
    page.table(&table);
    if trend.n_apart > 0 {
        let words = format!(
            "{} without a case in common with the anchor; they cannot be compared.",
            counted(trend.n_apart, "run")
        );
        page.words("note: ", &words, Role::Unsure);
    }
}
