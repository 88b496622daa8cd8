//! `runstore judges RUN`

use crate::answer::Answer;
use crate::arguments::Judges;
use crate::failure::Failure;
use crate::moment::Moment;
use crate::session::Session;
use runstore::compare::{
    Confusion, Estimated, HumanMean, JudgeAgreement, JudgeOptions, judge_agreement,
};
use runstore::error::{Argument, StoreError, number};
use runstore::model::Run;
use runstore_report::cell::Cell;
use runstore_report::colour::Role;
use runstore_report::level;
use runstore_report::numbers::{count, counted, figure, percent, signed};
use runstore_report::page::Page;
use runstore_report::run_label::short;
use runstore_report::table::{Column, Table};

pub(super) fn answer(
    arguments: &Judges,
    store: &Moment<'_>,
    session: &Session<'_>,
) -> Result<Answer, Failure> {
    let run = arguments.run.find(store)?;
    refuse_alpha(arguments.alpha)?;
    let options = JudgeOptions {
        human: arguments.human.clone(),
        judge: arguments.judge.clone(),
        level: 1.0 - arguments.alpha,
        threshold: arguments.threshold,
    };
    let agreement = judge_agreement(store, &run.id, &options)?;
    session.answer(&agreement, |page| write(page, &run, &agreement))
}

/// The core is given the level, which is not what was typed.
fn refuse_alpha(alpha: f64) -> Result<(), StoreError> {
    match alpha > 0.0 && alpha < 1.0 {
        true => Ok(()),
        false => {
            Err(StoreError::value(Argument::option("alpha"), "between 0 and 1", number(alpha)))
        }
    }
}

fn write(page: &mut Page, run: &Run, agreement: &JudgeAgreement) {
    page.title(&format!("{} ({}, {})", run.name, run.model, short(&run.id)));
    page.fields(&[
        ("human", Cell::from(&agreement.human)),
        ("judge", Cell::from(&agreement.judge)),
        ("attempts", attempts(agreement).into()),
    ]);
    if let Some(threshold) = agreement.threshold {
        let words = format!("Scores of at least {} count as 1, others as 0.", figure(threshold));
        page.words("", &words, Role::Faint);
    }
    if agreement.n == 0 {
        return page.line(&["No attempt was scored by both.".into()]);
    }
    page.blank();
    write_figures(page, agreement);
    if let Some(confusion) = &agreement.confusion {
        page.blank();
        write_confusion(page, confusion);
    }
}

fn attempts(agreement: &JudgeAgreement) -> String {
    let mut parts = vec![format!("{} scored by both", count(agreement.n))];
    for (number, who) in [(agreement.only_human, "human"), (agreement.only_judge, "judge")] {
        if number > 0 {
            parts.push(format!("{} by the {who} alone", count(number)));
        }
    }
    parts.join(", ")
}

fn write_figures(page: &mut Page, agreement: &JudgeAgreement) {
    let mut table = Table::new([
        Column::text("figure"),
        Column::number("estimate"),
        Column::text(&level(agreement.level)),
        Column::text("meaning").cut_to(20).left_out(1),
    ]);
    let mut add = |name: &str, of: Option<Estimated>, told: fn(f64) -> String, says: &str| {
        let Some(of) = of else { return };
        let ends = format!("[{}, {}]", told(of.low), told(of.high));
        table.row([name.into(), told(of.estimate).into(), ends.into(), says.into()]);
    };
    add("same score", agreement.agreement, percent, "share of the attempts");
    let by_chance = "1 is full agreement, 0 is chance";
    add("kappa", agreement.kappa, figure, by_chance);
    add("weighted kappa", agreement.weighted_kappa, figure, "near scores agree in part");
    add("alpha", agreement.alpha, figure, "Krippendorff's, by squared distance");
    add("bias", agreement.bias, signed, "mean of judge − human");
    if let Some(HumanMean { human_only, with_judge, .. }) = agreement.human_mean {
        add("human mean", Some(human_only), figure, "from the human's scores alone");
        add("with the judge", with_judge, figure, "the same, using what only the judge scored");
    }
    page.table(&table);
}

/// Writes the number of each pair of scores, the human's in rows and the judge's in columns.
fn write_confusion(page: &mut Page, confusion: &Confusion) {
    let judged = confusion.categories.iter().map(|score| Column::number(&format!("judge {score}")));
    let mut table = Table::new([vec![Column::text("human")], judged.collect()].concat());
    for (score, counts) in confusion.categories.iter().zip(&confusion.counts) {
        let cells = counts.iter().map(|number| Cell::from(count(*number)));
        table.row([vec![Cell::from(score.to_string())], cells.collect()].concat());
    }
    page.table(&table);
    let apart: usize = (confusion.counts.iter().enumerate())
        .flat_map(|(row, counts)| counts.iter().enumerate().filter(move |(at, _)| *at != row))
        .map(|(_, number)| number)
        .sum();
    page.words("", &format!("They differ in {}.", counted(apart, "attempt")), Role::Faint);
}
