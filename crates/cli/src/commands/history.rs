//! `runstore history`

use std::collections::BTreeSet;

use crate::answer::Answer;
use crate::arguments::History;
use crate::failure::Failure;
use crate::moment::Moment;
use crate::session::Session;
use crate::spanning::{self, Followers};
use crate::{scorer_name, suite_name};
use runstore::compare::{HistoryOptions, HistoryRow, RunDelta, history};
use runstore::model::Suite;
use runstore_report::cell::Cell;
use runstore_report::chart::{Axis, sparkline};
use runstore_report::colour::Role;
use runstore_report::level;
use runstore_report::numbers::{count, counted, delta, figure};
use runstore_report::page::Page;
use runstore_report::run_label::ShortIds;
use runstore_report::table::{Column, Table};
use runstore_report::times::{date_time, parse_time};

/// Width of a chart on terminals with at least this width.
const CHART: usize = 25;
const WIDE: usize = 100;
/// Width of a chart on narrower terminals.
const NARROW_CHART: usize = 15;

pub(super) fn answer(arguments: &History, session: &Session<'_>) -> Result<Answer, Failure> {
    let History { of, limit, baseline, .. } = arguments;
    let followers = Followers { of, last: *limit, baseline: baseline.as_deref() };
    spanning::at_one_moment(&followers, session, |store| answer_of(arguments, store, session))
}

fn answer_of(
    arguments: &History,
    store: &Moment<'_>,
    session: &Session<'_>,
) -> Result<Answer, Failure> {
    let suite = suite_name::find_or_only(store, arguments.of.suite.as_deref())?;
    let options = HistoryOptions {
        scorer: arguments.scorer.clone(),
        model: arguments.of.model.clone(),
        since: arguments.since.as_deref().map(|text| since(text, session.now())).transpose()?,
        limit: arguments.limit,
        baseline: arguments.baseline.clone(),
        reducer: arguments.of.reducer,
    };
    let rows = history(store, &suite.id, &options)?;
    if rows.iter().all(|row| row.n == 0) {
        let rows = history(store, &suite.id, &HistoryOptions { scorer: None, ..options })?;
        check_scorer(arguments.scorer.as_deref(), &rows, &suite)?;
    }
    session.answer(&rows, |page| {
        page.title(&suite.name);
        write(page, &rows, &arguments.of.lower_is_better);
    })
}

/// Refuses a scorer that scored none of these runs, although others did.
pub(super) fn check_scorer(
    given: Option<&str>,
    rows: &[HistoryRow],
    suite: &Suite,
) -> Result<(), Failure> {
    let known: BTreeSet<&str> = rows.iter().map(|row| row.scorer_name.as_str()).collect();
    let known: Vec<&str> = known.into_iter().collect();
    scorer_name::check(
        given,
        &known,
        &format!("none of the latest runs of \"{}\" has a", suite.name),
    )
}

/// Returns the time that `--since` names.
pub(super) fn since(text: &str, now: i64) -> Result<f64, Failure> {
    parse_time(text, now).map(|time| time as f64).ok_or_else(|| {
        Failure::usage(format!("--since does not understand \"{text}\""))
            .hint("give it a date (2026-11-01), a time (2026-11-01T12:00Z) or an age (30d, 12h)")
    })
}

fn write(page: &mut Page, rows: &[HistoryRow], lower_is_better: &[String]) {
    let mut scorers: Vec<&str> = rows.iter().map(|row| row.scorer_name.as_str()).collect();
    scorers.sort_unstable();
    scorers.dedup();
    if scorers.is_empty() {
        page.line(&["There is no completed run with a score.".into()]);
    }
    write_models(page, rows);
    let short = ShortIds::among(rows.iter().map(|row| row.run_id.as_str()));
    for scorer in scorers {
        let of_scorer: Vec<&HistoryRow> =
            rows.iter().filter(|row| row.scorer_name == scorer).collect();
        page.blank();
        write_head(page, scorer, &of_scorer);
        let is_lower = lower_is_better.iter().any(|name| name == scorer);
        write_table(page, &of_scorer, &short, is_lower);
    }
}

/// Notes that the runs are of several models, which may be the only reason for a change.
pub(super) fn write_models(page: &mut Page, rows: &[HistoryRow]) {
    let mut models: Vec<&str> = rows.iter().map(|row| row.model.as_str()).collect();
    models.sort_unstable();
    models.dedup();
    if models.len() > 1 {
        let words = format!(
            "These are runs of {} models ({}); --model shows those of one.",
            models.len(),
            models.join(", ")
        );
        page.words("note: ", &words, Role::Unsure);
    }
}

/// Writes the scorer, with the course of its mean.
fn write_head(page: &mut Page, scorer: &str, rows: &[&HistoryRow]) {
    let means: Vec<f64> = rows.iter().filter_map(|row| row.mean).collect();
    let way = match (means.first(), means.last()) {
        (Some(first), Some(last)) if means.len() > 1 => {
            format!("  {}  {} → {}", sparkline(&means), figure(*first), figure(*last))
        }
        _ => String::new(),
    };
    let runs = format!("  over {}", counted(rows.len(), "run"));
    page.line(&[Cell::new(scorer, Role::Title), way.into(), Cell::new(&runs, Role::Faint)]);
}

fn write_table(page: &mut Page, rows: &[&HistoryRow], short: &ShortIds<'_>, lower_is_better: bool) {
    let ends = rows.iter().flat_map(|row| [row.low, row.mean, row.high]).flatten();
    let axis = Axis::over(ends, if page.width < WIDE { NARROW_CHART } else { CHART });
    let has = |number: fn(&HistoryRow) -> usize| rows.iter().any(|row| number(row) > 0);
    let gaps = Gaps { unscored: has(|row| row.unscored), errored: has(|row| row.errored) };
    let anchor = Anchor::of(rows);
    let mut table = Table::new(columns(axis, gaps, anchor));
    for row in rows {
        table.row(cells(row, short, axis, gaps, anchor, lower_is_better));
    }
    page.table(&table);
    if rows.iter().filter_map(|row| row.delta_first).any(|delta| delta.n < most_cases(rows)) {
        let words = "Not all runs have the same cases: the means are over the cases of each run, the differences over those \
                     that both runs have.";
        page.words("note: ", words, Role::Unsure);
    }
    if let (Some(row), true) = (rows.first(), axis.is_some() && page.shows(&table, "chart")) {
        page.words(
            "",
            &format!("The chart shows the mean and its {}.", level(row.level)),
            Role::Faint,
        );
    }
}

/// Returns how many cases the largest run has.
fn most_cases(rows: &[&HistoryRow]) -> usize {
    rows.iter().map(|row| row.n).max().unwrap_or_default()
}

/// The reference for differences beside the previous run.
#[derive(Clone, Copy)]
enum Anchor {
    Baseline,
    /// The oldest run shown, if there is no baseline.
    First,
}

impl Anchor {
    fn of(rows: &[&HistoryRow]) -> Self {
        match rows.iter().any(|row| row.is_baseline || row.delta_baseline.is_some()) {
            true => Anchor::Baseline,
            false => Anchor::First,
        }
    }

    fn title(self) -> &'static str {
        match self {
            Anchor::Baseline => "to baseline",
            Anchor::First => "to first",
        }
    }
}

/// Which of the columns appear that are zero in a complete run.
#[derive(Clone, Copy)]
struct Gaps {
    unscored: bool,
    errored: bool,
}

fn columns(axis: Option<Axis>, gaps: Gaps, anchor: Anchor) -> Vec<Column> {
    let title = axis.map_or_else(String::new, |axis| axis.title(figure));
    let mut columns = vec![
        Column::text("started").left_out(4),
        Column::text("id"),
        Column::text("name").cut_to(8),
        Column::text("model").cut_to(6).left_out(6),
        Column::number("cases").left_out(7),
        Column::number("mean"),
        Column::text(&title).called("chart").left_out(1),
        Column::number("to previous").left_out(3),
        Column::number(anchor.title()).left_out(2),
    ];
    columns.extend(gaps.unscored.then(|| Column::number("unscored").left_out(5)));
    columns.extend(gaps.errored.then(|| Column::number("errored").left_out(5)));
    columns
}

fn cells(
    row: &HistoryRow,
    short: &ShortIds<'_>,
    axis: Option<Axis>,
    gaps: Gaps,
    anchor: Anchor,
    lower_is_better: bool,
) -> Vec<Cell> {
    let bar = axis.zip(row.mean).map(|(axis, mean)| axis.bar(row.low.zip(row.high), mean, &[]));
    let change = |change: Option<RunDelta>| {
        Cell::optional(change, |change| delta(change.delta, lower_is_better))
    };
    let mut cells = vec![
        date_time(row.started_at).into(),
        short.of(&row.run_id).into(),
        Cell::from(&row.name),
        Cell::from(&row.model),
        count(row.n).into(),
        Cell::optional(row.mean, |mean| figure(mean).into()),
        Cell::optional(bar, Cell::from),
        change(row.delta_previous),
        match anchor {
            Anchor::Baseline if row.is_baseline => "baseline".into(),
            Anchor::Baseline => change(row.delta_baseline),
            Anchor::First => change(row.delta_first),
        },
    ];
    cells.extend(gaps.unscored.then(|| count(row.unscored).into()));
    cells.extend(gaps.errored.then(|| count(row.errored).into()));
    cells
}
