//! `runstore gate BASELINE CANDIDATE`

use crate::cli::answer::Answer;
use crate::cli::arguments::{Format, Gate};
use crate::cli::colour::Role;
use crate::cli::failure::Failure;
use crate::cli::report::{github, verdict_markdown, write_verdict};
use crate::cli::session::Session;
use crate::compare::{GateReport, gate};
use crate::model::{Decision, NewVerdict};

pub(super) fn answer(arguments: &Gate, session: &Session<'_>) -> Result<Answer, Failure> {
    let store = if arguments.record { session.writable_store() } else { session.store() }?;
    let (baseline, candidate) = arguments.pair.find(store)?;
    let report = gate(store, &baseline.id, &candidate.id, &arguments.options()?)?;
    if arguments.record {
        store.record_verdict(&NewVerdict::from(&report))?;
    }
    let mut answer = match arguments.report.format {
        Format::Markdown => verdict_markdown(&report).into(),
        Format::Text => session.answer(&report, |page| {
            write_verdict(page, &report);
            if arguments.record {
                page.words("", "The verdict is kept; see \"runstore verdicts\".", Role::Faint);
            }
        })?,
    };
    answer.code = code(&report);
    if arguments.report.github {
        answer.remarks = github::verdict_annotation(&report);
        let markdown = verdict_markdown(&report);
        answer.remarks += &github::add_to_summary(&markdown, session.environment)?;
    }
    Ok(answer)
}

/// Returns the exit code that tells the decision.
fn code(report: &GateReport) -> u8 {
    match report.decision {
        Decision::Allow => 0,
        Decision::Reject => 1,
        Decision::Inconclusive => 2,
    }
}
