//! `runstore compare BASELINE CANDIDATE`

use crate::answer::Answer;
use crate::arguments::{Compare, Format};
use crate::failure::Failure;
use crate::github_summary::add_to_summary;
use crate::session::Session;
use runstore::compare::compare;
use runstore_report::{comparison_markdown, github, write_comparison};

pub(super) fn answer(arguments: &Compare, session: &Session<'_>) -> Result<Answer, Failure> {
    let store = session.store()?;
    let (baseline, candidate) = arguments.pair.find(store)?;
    let comparison = compare(store, &baseline.id, &candidate.id, &arguments.how.options())?;
    let mut answer = match arguments.report.format {
        Format::Markdown => comparison_markdown(&comparison).into(),
        Format::Text => session.answer(&comparison, |page| write_comparison(page, &comparison))?,
    };
    if arguments.report.github {
        answer.remarks = github::comparison_annotations(&comparison);
        let markdown = comparison_markdown(&comparison);
        answer.remarks += &add_to_summary(&markdown, session.environment)?;
    }
    Ok(answer)
}
