//! `runstore compare BASELINE CANDIDATE`

use crate::cli::answer::Answer;
use crate::cli::arguments::{Compare, Format};
use crate::cli::failure::Failure;
use crate::cli::report::{comparison_markdown, github, write_comparison};
use crate::cli::session::Session;
use crate::compare::compare;

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
        answer.remarks += &github::add_to_summary(&markdown, session.environment)?;
    }
    Ok(answer)
}
