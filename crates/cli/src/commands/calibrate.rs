//! `runstore calibrate`

use crate::answer::Answer;
use crate::arguments;
use crate::failure::Failure;
use crate::moment::Moment;
use crate::session::Session;
use crate::suite_name;
use runstore::compare::{Calibration, CalibrationOptions, ScorerCalibration, calibrate};
use runstore_report::cell::Cell;
use runstore_report::colour::Role;
use runstore_report::numbers::{count, counted, figure, p_value, percent};
use runstore_report::page::Page;
use runstore_report::table::{Column, Table};

/// Below this p-value, runs are reported to drift.
const DRIFT: f64 = 0.05;

pub(super) fn answer(
    arguments: &arguments::Calibrate,
    store: &Moment<'_>,
    session: &Session<'_>,
) -> Result<Answer, Failure> {
    let suite = suite_name::find_or_only(store, arguments.suite.as_deref())?;
    let options = CalibrationOptions {
        runs: arguments.runs.clone(),
        model: arguments.model.clone(),
        last: arguments.last,
        alpha: arguments.alpha,
        ..CalibrationOptions::default()
    };
    let calibration = calibrate(store, &suite.id, &options)?;
    session.answer(&calibration, |page| write(page, &suite.name, &calibration))
}

fn write(page: &mut Page, suite: &str, calibration: &Calibration) {
    page.title(suite);
    let runs = counted(calibration.runs.len(), "run");
    let of = calibration.model.as_ref().map_or(String::new(), |model| format!(" of {model}"));
    page.line(&[format!("{runs}{of}, taken as repetitions of one another").into()]);
    page.blank();
    let mut table = Table::new([
        Column::text("scorer").cut_to(12),
        Column::number("cases").left_out(2),
        Column::number("mean").left_out(3),
        Column::number("sd of runs").left_out(4),
        Column::number("average difference"),
        Column::number("meaningful from"),
        Column::number("p of drift").left_out(1),
    ]);
    calibration.scorers.iter().for_each(|scorer| table.row(row(scorer)));
    page.table(&table);
    page.blank();
    let level = percent(1.0 - calibration.alpha);
    let words = format!(
        "The means of two runs of the same system differ by less than \"meaningful from\" in {level} of comparisons. More \
         runs determine this limit more exactly, which usually makes it smaller."
    );
    page.words("", &words, Role::Faint);
    let drifting = calibration.scorers.iter().filter(|scorer| drifts(scorer));
    for scorer in drifting {
        let words = format!(
            "{}: whole runs differ more than independent answers would (p {}). More cases do not help against this; compare \
             several runs on each side.",
            scorer.scorer,
            p_value(scorer.p_drift.unwrap_or_default())
        );
        page.words("- ", &words, Role::Plain);
    }
}

fn drifts(scorer: &ScorerCalibration) -> bool {
    scorer.p_drift.is_some_and(|p| p < DRIFT)
}

fn row(scorer: &ScorerCalibration) -> [Cell; 7] {
    let told = |number: Option<f64>| Cell::optional(number, |number| figure(number).into());
    [
        scorer.scorer.as_str().into(),
        count(scorer.cases).into(),
        told(scorer.mean),
        told(scorer.sd),
        told(scorer.expected_difference),
        told(scorer.smallest_difference),
        Cell::optional(scorer.p_drift, |p| p_value(p).into()),
    ]
}
