//! `runstore check RUN`

use crate::answer::Answer;
use crate::arguments::{Check, Format};
use crate::failure::{Exit, Failure};
use crate::github_summary::{add_to_output, add_to_summary};
use crate::moment::Moment;
use crate::session::Session;
use runstore::scorecard::{Grade, RunScorecard, get_scorecard, words};
use runstore_report::room::Room;
use runstore_report::scorecard::{
    Worst, scorecard_annotation, scorecard_markdown, scorecard_outputs, write_scorecard,
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
            session.answer(&card, |page| write_scorecard(page, &card, &mut shown))?
        }
    };
    answer = concluded(answer, &card, arguments.warn_as_failure, session);
    if arguments.report.github {
        answer.remarks += &scorecard_annotation(&card);
        let markdown = scorecard_markdown(&card, title, &mut worst, Room::Summary);
        answer.remarks += &add_to_summary(&markdown, session.environment)?;
        add_to_output(&scorecard_outputs(&card), session.environment)?;
    }
    Ok(answer)
}

/// Sets the exit code of the verdict; without a verdict, explains why.
fn concluded(
    answer: Answer,
    card: &RunScorecard,
    warn_as_failure: bool,
    session: &Session<'_>,
) -> Answer {
    match card.card.verdict {
        Grade::Pass => answer,
        Grade::Fail => Answer { exit: Exit::Rejected, ..answer },
        Grade::Warn if warn_as_failure => Answer { exit: Exit::Uncertain, ..answer },
        Grade::Warn => answer,
        Grade::None => {
            let reasons: Vec<_> = card.card.reasons.iter().map(words::reason).collect();
            let failure =
                Failure::new(Exit::Data, format!("there is no verdict: {}", reasons.join("; ")))
                    .hint("a verdict needs scores, and thresholds of the suite; \"runstore thresholds set\" sets them");
            answer.with(&failure, session.environment)
        }
    }
}
