//! `runstore gate BASELINE CANDIDATE`

use crate::answer::Answer;
use crate::arguments::{Format, Gate};
use crate::failure::{Exit, Failure};
use crate::github_summary::add_to_summary;
use crate::run_name;
use crate::session::Session;
use runstore::compare::gate;
use runstore::compare::words::Face;
use runstore::model::{Decision, NewVerdict};
use runstore_report::colour::Role;
use runstore_report::room::Room;
use runstore_report::{github, verdict_markdown, write_verdict};

pub(super) fn answer(arguments: &Gate, session: &Session<'_>) -> Result<Answer, Failure> {
    if arguments.record {
        session.writable_store()?;
    }
    let (baseline, candidate) = (arguments.pair.baselines(), arguments.pair.candidates());
    let report = session.at_one_moment(|store| {
        let options = arguments.options(store)?;
        gate(store, &baseline, &candidate, &options).map_err(|error| run_name::hinted(store, error))
    })?;
    let report = report.worded(Face::Command);
    if arguments.record {
        session.writable_store()?.record_verdict(&NewVerdict::from(&report))?;
    }
    let mut answer = match arguments.report.format {
        Format::Markdown => verdict_markdown(&report, Room::Comment).into(),
        Format::Text => session.answer(&report, |page| {
            write_verdict(page, &report);
            if arguments.record {
                page.words("", "The verdict is recorded; see \"runstore verdicts\".", Role::Faint);
            }
        })?,
    };
    answer.exit = exit_of(report.decision);
    if arguments.report.github {
        answer.remarks = github::verdict_annotation(&report);
        let markdown = verdict_markdown(&report, Room::Summary);
        answer.remarks += &add_to_summary(&markdown, session.environment)?;
    }
    Ok(answer)
}

fn exit_of(decision: Decision) -> Exit {
    match decision {
        Decision::Allow => Exit::Done,
        Decision::Reject => Exit::Rejected,
        Decision::Inconclusive => Exit::Uncertain,
    }
}
