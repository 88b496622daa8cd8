//! What a job of GitHub Actions shows: its summary, and annotations.

use std::io::Write;
use std::path::Path;

use crate::cli::environment::Environment;
use crate::cli::escape::printable;
use crate::cli::failure::{Exit, Failure};
use crate::compare::{Comparison, GateReport};
use crate::model::Decision;

/// Returns the annotation for a verdict.
pub(in crate::cli) fn verdict_annotation(report: &GateReport) -> String {
    let kind = match report.decision {
        Decision::Allow => "notice",
        Decision::Reject => "error",
        Decision::Inconclusive => "warning",
    };
    let title = format!("runstore gate: {}", report.decision.name());
    annotation(kind, &title, &report.reasons.join("; "))
}

/// Returns an annotation for each scorer that got worse beyond chance.
pub(in crate::cli) fn comparison_annotations(comparison: &Comparison) -> String {
    let worse = comparison.scorers.iter().filter_map(|scorer| {
        let delta = scorer.delta.filter(|_| scorer.significant)?;
        let is_worse = if scorer.lower_is_better { delta > 0.0 } else { delta < 0.0 };
        let message = format!(
            "{}: {} over {} cases",
            scorer.scorer,
            crate::cli::numbers::signed(delta),
            scorer.n
        );
        is_worse.then(|| annotation("warning", "runstore compare: worse", &message))
    });
    worse.collect()
}

/// Returns a workflow command, by GitHub's rules for what it may hold.
fn annotation(kind: &str, title: &str, message: &str) -> String {
    let data = |text: &str| printable(text).replace('%', "%25");
    let property = data(title).replace(':', "%3A").replace(',', "%2C");
    format!("::{kind} title={property}::{}\n", data(message))
}

/// Adds to the summary of the job; says on stderr where there is none.
pub(in crate::cli) fn add_to_summary(
    markdown: &str,
    environment: &Environment<'_>,
) -> Result<String, Failure> {
    let Some(path) = environment.variable("GITHUB_STEP_SUMMARY") else {
        return Ok("GITHUB_STEP_SUMMARY is not set, so there is no summary of a job to add to\n"
            .to_owned());
    };
    let path = environment.folder.join(Path::new(path));
    let file = std::fs::OpenOptions::new().create(true).append(true).open(&path);
    file.and_then(|mut file| writeln!(file, "{markdown}")).map_err(|error| {
        Failure::new(Exit::Io, format!("cannot add to {}: {error}", path.display()))
            .hint("see what GITHUB_STEP_SUMMARY names, or leave out --github")
    })?;
    Ok(String::new())
}
