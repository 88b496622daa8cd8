//! `runstore compare BASELINE CANDIDATE`

use crate::answer::Answer;
use crate::arguments::{Compare, Format};
use crate::failure::Failure;
use crate::github_summary::add_to_summary;
use crate::moment::Moment;
use crate::run_name;
use crate::session::Session;
use runstore::compare::compare;
use runstore::compare::words::Face;
use runstore_report::room::Room;
use runstore_report::{comparison_markdown, github, write_comparison};

pub(super) fn answer(
    arguments: &Compare,
    store: &Moment<'_>,
    session: &Session<'_>,
) -> Result<Answer, Failure> {
    let (baseline, candidate) = (arguments.pair.baselines(), arguments.pair.candidates());
    let comparison = compare(store, &baseline, &candidate, &arguments.options(store)?)
        .map_err(|error| run_name::hinted(store, error))?
        .worded(Face::Command);
    let mut answer = match arguments.report.format {
        Format::Markdown => comparison_markdown(&comparison, Room::Comment).into(),
        Format::Text => session.answer(&comparison, |page| write_comparison(page, &comparison))?,
    };
    if arguments.report.github {
        answer.remarks = github::comparison_annotations(&comparison);
        let markdown = comparison_markdown(&comparison, Room::Summary);
        answer.remarks += &add_to_summary(&markdown, session.environment)?;
    }
    Ok(answer)
}
