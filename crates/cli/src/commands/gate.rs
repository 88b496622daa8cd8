//! `runstore gate BASELINE CANDIDATE`

use crate::answer::Answer;
use crate::arguments::{Format, Gate};
use crate::failure::{Exit, Failure};
use crate::github_summary::add_to_summary;
use crate::run_name;
use crate::session::Session;
use runstore::compare::words::Face;
use runstore::compare::{GateReport, RunReference, gate};
use runstore::model::{Decision, NewVerdict};
use runstore::scorecard::{RunScorecard, get_scorecard};
use runstore::store::Store;
use runstore_report::colour::Role;
use runstore_report::room::Room;
use runstore_report::scorecard::{brief_scorecard_markdown, write_brief_scorecard};
use runstore_report::{github, verdict_markdown, write_verdict};

pub(super) fn answer(arguments: &Gate, session: &Session<'_>) -> Result<Answer, Failure> {
    if arguments.record {
        session.writable_store()?;
    }
    let (baseline, candidate) = (arguments.pair.baselines(), arguments.pair.candidates());
    let (report, cards) = session.at_one_moment(|store| {
        let options = arguments.options(store)?;
        let report = gate(store, &baseline, &candidate, &options)
            .map_err(|error| run_name::hinted(store, error))?;
        let cards = scorecards(store, &report.comparison.candidate_runs)?;
        Ok((report, cards))
    })?;
    let report = report.worded(Face::Command);
    if arguments.record {
        session.writable_store()?.record_verdict(&NewVerdict::from(&report))?;
    }
    let mut answer = match arguments.report.format {
        Format::Markdown => markdown(&report, &cards, Room::Comment).into(),
        Format::Text => session.answer(&report, |page| {
            write_verdict(page, &report);
            cards.iter().for_each(|card| write_brief_scorecard(page, card));
            if arguments.record {
                page.words("", "The verdict is recorded; see \"runstore verdicts\".", Role::Faint);
            }
        })?,
    };
    answer.exit = exit_of(report.decision);
    if arguments.report.github {
        answer.remarks = github::verdict_annotation(&report);
        let markdown = markdown(&report, &cards, Room::Summary);
        answer.remarks += &add_to_summary(&markdown, session.environment)?;
    }
    Ok(answer)
}

/// Returns the scorecards of the candidates, if their suite has thresholds.
fn scorecards(store: &Store, runs: &[RunReference]) -> Result<Vec<RunScorecard>, Failure> {
    let cards = runs.iter().map(|run| get_scorecard(store, &run.id, &mut drop));
    let mut cards = cards.collect::<runstore::Result<Vec<_>>>()?;
    cards.retain(|card| !card.card.thresholds.is_empty());
    Ok(cards)
}

fn markdown(report: &GateReport, cards: &[RunScorecard], room: Room) -> String {
    verdict_markdown(report, room) + &cards.iter().map(brief_scorecard_markdown).collect::<String>()
}

fn exit_of(decision: Decision) -> Exit {
    match decision {
        Decision::Allow => Exit::Done,
        Decision::Reject => Exit::Rejected,
        Decision::Inconclusive => Exit::Uncertain,
    }
}
