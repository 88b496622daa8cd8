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
use runstore::scorecard::{RunScorecard, scorecard_by_thresholds};
use runstore::store::Store;
use runstore_report::colour::Role;
use runstore_report::room::Room;
use runstore_report::scorecard::{brief_scorecards_markdown, write_brief_scorecards};
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
            write_brief_scorecards(page, &cards, &report.comparison.candidate_runs);
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
    let cards = runs.iter().map(|run| scorecard_by_thresholds(store, &run.id, "gate"));
    let cards = cards.collect::<runstore::Result<Vec<_>>>()?;
    Ok(cards.into_iter().flatten().collect())
}

fn markdown(report: &GateReport, cards: &[RunScorecard], room: Room) -> String {
    let of = &report.comparison.candidate_runs;
    verdict_markdown(report, room) + &brief_scorecards_markdown(cards, of)
}

fn exit_of(decision: Decision) -> Exit {
    match decision {
        Decision::Allow => Exit::Done,
        Decision::Reject => Exit::Rejected,
        Decision::Inconclusive => Exit::Uncertain,
    }
}
