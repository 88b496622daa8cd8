//! `runstore check RUN`

use crate::answer::Answer;
use crate::arguments::{Check, Format};
use crate::failure::{Exit, Failure};
use crate::github_summary::{add_to_output, add_to_summary};
use crate::moment::Moment;
use crate::session::Session;
use runstore::compare::words::status_in_words;
use runstore::model::Run;
use runstore::scorecard::{Grade, GradeReason, RunScorecard, get_scorecard, words};
use runstore_report::room::Room;
use runstore_report::run_label::short;
use runstore_report::scorecard::{
    Worst, scorecard_annotation, scorecard_markdown, scorecard_outputs, write_figures,
    write_scorecard,
};

/// Maximum number of cases shown.
const SHOWN: usize = 10;

/// Maximum number of cases kept for Markdown, which shows as many as fit.
const KEPT: usize = 10_000;

pub(super) fn answer(
    arguments: &Check,
    store: &Moment<'_>,
    session: &Session<'_>,
) -> Result<Answer, Failure> {
    let run = arguments.run.find(store)?;
    let is_markdown = arguments.report.format == Format::Markdown || arguments.report.github;
    let mut worst = Worst::new(if is_markdown { KEPT } else { SHOWN });
    let card = get_scorecard(store, &run.id, &mut |sample| worst.add(sample))?;
    let title = if run.name.is_empty() { &run.id } else { &run.name };
    let mut answer = match arguments.report.format {
        Format::Markdown => scorecard_markdown(&card, title, &mut worst, Room::Comment).into(),
        Format::Text => {
            let mut shown = worst.first(SHOWN);
            session.answer(&card, |page| match card.card.verdict {
                // The failure says why there is none.
                Grade::None => write_figures(page, &card, &mut shown),
                _ => write_scorecard(page, &card, &mut shown),
            })?
        }
    };
    answer = match card.card.verdict {
        Grade::None => {
            let failure = no_verdict(&card, &run, store.owner_ended(&run)?);
            answer.with(&failure, session.environment)
        }
        verdict => Answer { exit: exit_of(verdict, arguments.warn_as_failure), ..answer },
    };
    if arguments.report.github {
        answer.remarks += &scorecard_annotation(&card);
        let markdown = scorecard_markdown(&card, title, &mut worst, Room::Summary);
        answer.remarks += &add_to_summary(&markdown, session.environment)?;
        add_to_output(&scorecard_outputs(&card), session.environment)?;
    }
    Ok(answer)
}

fn exit_of(verdict: Grade, warn_as_failure: bool) -> Exit {
    match verdict {
        Grade::Fail => Exit::Rejected,
        Grade::Warn if warn_as_failure => Exit::Uncertain,
        Grade::Warn | Grade::Pass => Exit::Done,
        Grade::None => Exit::Data,
    }
}

/// Explains what a verdict needs, and how the user can provide it.
fn no_verdict(card: &RunScorecard, run: &Run, owner_ended: bool) -> Failure {
    let (mut missing, mut remedies) = (vec![], vec![]);
    for reason in &card.card.reasons {
        let (what, remedy) = match reason {
            GradeReason::Unfinished if owner_ended => {
                let status = status_in_words(&run.status, owner_ended);
                let remedy = "continue it with resumeRun, or run it again; \"runstore recover\" marks it as failed";
                (format!("the status of the run is {status}"), remedy.to_owned())
            }
            reason => (words::reason(reason), remedy(reason, run)),
        };
        missing.push(what);
        if !remedies.contains(&remedy) {
            remedies.push(remedy);
        }
    }
    let missing = missing.join("; ");
    Failure::new(Exit::Data, format!("no verdict: {missing}")).hint(remedies.join("; "))
}

fn remedy(reason: &GradeReason, run: &Run) -> String {
    match reason {
        GradeReason::NoThresholds => format!(
            "set one, for instance with \"runstore thresholds set pass_rate --pass-floor 0.9 --suite {}\"",
            run.suite_id
        ),
        GradeReason::NoScores => {
            let id = short(&run.id);
            format!("save scores with saveScores or saveResults; \"runstore cases {id} --errored\" lists what failed")
        }
        GradeReason::Unfinished => "check it when it has completed".to_owned(),
        _ => "save the scores or measurements of this metric, or remove its threshold with \"runstore thresholds rm\"".to_owned(),
    }
}
