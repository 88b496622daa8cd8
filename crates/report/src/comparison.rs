//! Writes a comparison for the terminal.

use crate::cell::Cell;
use crate::cells::{ends, label, legend, level, mean, p};
use crate::chart::Axis;
use crate::colour::Role;
use crate::diffs::write_diffs;
use crate::grouped::grouped_notes;
use crate::numbers::{count, counted, delta, figure, signed};
use crate::page::Page;
use crate::table::{Column, Table};
use crate::usage::write_usage;
use runstore::compare::{Comparison, Ends, Method, OfBoth, RunReference, ScorerComparison, Slice};

/// Columns of a chart.
pub const CHART: usize = 25;

/// Writes a complete comparison.
pub fn write_comparison(page: &mut Page, comparison: &Comparison) {
    write_runs(page, comparison);
    if !comparison.scorers.is_empty() {
        page.blank();
        write_scorers(page, comparison);
    }
    write_rest(page, comparison);
}

/// Writes everything except the table of scorers.
pub fn write_rest(page: &mut Page, comparison: &Comparison) {
    if !comparison.slices.is_empty() {
        page.blank();
        write_slices(page, comparison);
    }
    write_usage(page, comparison);
    write_diffs(page, comparison);
    for note in grouped_notes(&comparison.notes) {
        page.words("note: ", &note.text(), Role::Unsure);
    }
}

/// Writes which runs are compared, and how many cases can be compared.
pub fn write_runs(page: &mut Page, comparison: &Comparison) {
    page.fields(&[
        ("baseline", labels(&comparison.baseline_runs).into()),
        ("candidate", labels(&comparison.candidate_runs).into()),
        ("cases", coverage(comparison).into()),
    ]);
}

fn labels(runs: &[RunReference]) -> String {
    runs.iter().map(label).collect::<Vec<_>>().join(", ")
}

fn coverage(comparison: &Comparison) -> String {
    format!(
        "{}; paired by {}, {}",
        coverage_counts(comparison),
        comparison.pairing.by,
        comparison.pairing.reason
    )
}

/// Writes how many cases could be compared, and why others could not.
pub(crate) fn coverage_counts(comparison: &Comparison) -> String {
    let coverage = &comparison.coverage;
    let mut parts = vec![format!("{} in both", count(coverage.both))];
    let mut add = |number: usize, what: &str| {
        if number > 0 {
            parts.push(format!("{} {what}", count(number)));
        }
    };
    add(coverage.only_baseline, "only in the baseline");
    add(coverage.only_candidate, "only in the candidate");
    let errored = |trials: usize| match trials {
        0 | 1 => "errored".to_owned(),
        trials => format!("errored in some of {trials} trials"),
    };
    let OfBoth { baseline, candidate } = coverage.trials;
    add(coverage.errored.baseline, &format!("{} in the baseline", errored(baseline)));
    add(coverage.errored.candidate, &format!("{} in the candidate", errored(candidate)));
    add(coverage.unscored.baseline, "unscored in the baseline");
    add(coverage.unscored.candidate, "unscored in the candidate");
    if comparison.has_single_runs() && baseline != candidate && baseline.min(candidate) > 0 {
        let trials = counted(baseline, "trial");
        parts.push(format!(
            "at most {trials} of a case in the baseline, {candidate} in the candidate"
        ));
    }
    parts.join(", ")
}

fn write_scorers(page: &mut Page, comparison: &Comparison) {
    let axis = axis(&comparison.scorers);
    let mut columns = vec![
        Column::text("scorer").cut_to(10),
        Column::number("baseline").left_out(2),
        Column::number("candidate").left_out(1),
        Column::number("delta"),
        Column::text(&level(1.0 - comparison.alpha)),
    ];
    columns.extend(axis.map(|axis| chart_column(axis).left_out(5)));
    columns.extend([
        Column::number("p"),
        Column::number("cases").left_out(3),
        Column::text("better/worse").left_out(4),
        Column::text("effect").left_out(7),
        Column::number("visible from").left_out(6),
    ]);
    let mut table = Table::new(columns);
    for scorer in &comparison.scorers {
        table.row(row(scorer, axis));
    }
    page.table(&table);
    write_directions(page, comparison.scorers.iter().map(|one| (&one.scorer, one.lower_is_better)));
    if page.shows(&table, "p") {
        page.words("", &legend_of_p(comparison), Role::Faint);
    }
    page.words("", &told_methods(&comparison.scorers), Role::Faint);
}

fn methods(comparison: &Comparison) -> impl Iterator<Item = Option<Method>> {
    comparison.scorers.iter().map(|scorer| scorer.method)
}

pub(crate) fn legend_of_p(comparison: &Comparison) -> String {
    let p_values = comparison.scorers.iter().filter_map(|scorer| scorer.p_adjusted);
    legend(comparison.alpha, &p_values.collect::<Vec<_>>(), "scorer", methods(comparison))
}

/// Returns the column of a chart, which has the ends of its axis for a title.
pub(crate) fn chart_column(axis: Axis) -> Column {
    Column::text(&axis.title(signed)).called("chart")
}

/// Returns an interval on its axis, over marks at certain numbers; nothing without an interval.
pub(crate) fn bar(
    axis: Axis,
    ends: Option<Ends>,
    delta: Option<f64>,
    marks: &[(f64, char)],
) -> Cell {
    let bar =
        ends.zip(delta).map(|(ends, delta)| axis.bar(Some((ends.low, ends.high)), delta, marks));
    Cell::optional(bar, Cell::from)
}

fn row(scorer: &ScorerComparison, axis: Option<Axis>) -> Vec<Cell> {
    let changed = format!("{}/{}", count(scorer.improved), count(scorer.regressed));
    let mut cells = vec![
        Cell::from(&scorer.scorer),
        mean(scorer.baseline_mean),
        mean(scorer.candidate_mean),
        Cell::optional(scorer.delta, |change| delta(change, scorer.lower_is_better)),
        ends(scorer.interval),
    ];
    cells.extend(axis.map(|axis| bar(axis, scorer.interval, scorer.delta, &[(0.0, '│')])));
    cells.extend([
        p(scorer.p_adjusted, scorer.significant),
        count(scorer.n).into(),
        changed.into(),
        Cell::optional(scorer.effect_size, |effect| effect.magnitude.into()),
        Cell::optional(scorer.minimum_detectable_effect, |size| figure(size).into()),
    ]);
    cells
}

/// Notes the scorers for which lower is better, so that a minus and ▼ are a gain.
pub(crate) fn write_directions<'s>(
    page: &mut Page,
    scorers: impl Iterator<Item = (&'s String, bool)>,
) {
    if let Some(words) = directions(scorers) {
        page.words("", &words, Role::Faint);
    }
}

/// Returns `Lower is better for seconds: there, ▼ is a gain and ▲ a loss.`
pub(crate) fn directions<'s>(scorers: impl Iterator<Item = (&'s String, bool)>) -> Option<String> {
    let lower = scorers.filter(|(_, lower_is_better)| *lower_is_better);
    let names: Vec<&str> = lower.map(|(name, _)| name.as_str()).collect();
    (!names.is_empty()).then(|| {
        format!("Lower is better for {}: there, ▼ is a gain and ▲ a loss.", names.join(", "))
    })
}

/// Returns the axis for the differences of all scorers; `None` where none has an interval.
fn axis(scorers: &[ScorerComparison]) -> Option<Axis> {
    let intervals = scorers.iter().filter_map(|scorer| scorer.interval);
    let ends = intervals.flat_map(|ends| [ends.low, 0.0, ends.high]);
    Axis::over(ends, CHART)
}

/// Explains each method once.
fn told_methods(scorers: &[ScorerComparison]) -> String {
    let mut ways: Vec<(String, Vec<&str>)> = vec![];
    for scorer in scorers {
        let Some(method) = scorer.method else { continue };
        let way = format!("{} and {}", method.test, method.interval);
        match ways.iter_mut().find(|(known, _)| *known == way) {
            Some((_, names)) => names.push(&scorer.scorer),
            None => ways.push((way, vec![&scorer.scorer])),
        }
    }
    let told = ways.iter().map(|(way, names)| format!("{}: {way}", names.join(", ")));
    told.collect::<Vec<_>>().join("; ")
}

fn write_slices(page: &mut Page, comparison: &Comparison) {
    let mut table = Table::new([
        Column::text("slice").cut_to(8),
        Column::text("scorer").cut_to(8),
        Column::number("cases").left_out(2),
        Column::number("baseline").left_out(4),
        Column::number("candidate").left_out(3),
        Column::number("delta"),
        Column::text(&level(1.0 - comparison.alpha)).left_out(1),
        Column::number("p"),
    ]);
    let by_lower = |slice: &Slice| {
        comparison.scorers.iter().any(|one| one.scorer == slice.scorer && one.lower_is_better)
    };
    for slice in &comparison.slices {
        table.row([
            Cell::optional(slice.value.as_ref(), Cell::from),
            Cell::from(&slice.scorer),
            count(slice.n).into(),
            figure(slice.baseline_mean).into(),
            figure(slice.candidate_mean).into(),
            delta(slice.delta, by_lower(slice)),
            ends(slice.interval),
            p(slice.p_adjusted, slice.significant),
        ]);
    }
    page.table(&table);
    let p_values: Vec<f64> =
        comparison.slices.iter().filter_map(|slice| slice.p_adjusted).collect();
    let legend = legend(comparison.alpha, &p_values, "test", methods(comparison));
    page.words("", &legend, Role::Faint);
}
