//! The files that GitHub Actions provides to a job: its summary and the outputs of the step.

use std::io::Write;
use std::path::Path;

use crate::environment::Environment;
use crate::failure::{Exit, Failure};

/// Appends to the summary of the job; outside of a job, says so on stderr.
pub(crate) fn add_to_summary(
    markdown: &str,
    environment: &Environment<'_>,
) -> Result<String, Failure> {
    match append("GITHUB_STEP_SUMMARY", &format!("{markdown}\n"), environment)? {
        true => Ok(String::new()),
        false => Ok("GITHUB_STEP_SUMMARY is not set, so no job summary was written\n".to_owned()),
    }
}

/// Appends to the outputs of the step, if there are any.
pub(crate) fn add_to_output(lines: &str, environment: &Environment<'_>) -> Result<(), Failure> {
    append("GITHUB_OUTPUT", lines, environment).map(drop)
}

/// Appends to the file that a variable names; returns whether it is set.
fn append(variable: &str, text: &str, environment: &Environment<'_>) -> Result<bool, Failure> {
    let Some(path) = environment.variable(variable) else { return Ok(false) };
    let path = environment.folder.join(Path::new(path));
    let file = std::fs::OpenOptions::new().create(true).append(true).open(&path);
    file.and_then(|mut file| file.write_all(text.as_bytes())).map_err(|error| {
        Failure::new(Exit::Io, format!("cannot add to {}: {error}", path.display()))
            .hint(format!("check {variable}, or omit --github"))
    })?;
    Ok(true)
}
