//! The summary of a job of GitHub Actions.

use std::io::Write;
use std::path::Path;

use crate::environment::Environment;
use crate::failure::{Exit, Failure};

/// Adds to the summary of the job; says on stderr where there is none.
pub(crate) fn add_to_summary(
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
