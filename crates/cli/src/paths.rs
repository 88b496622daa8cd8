//! Paths in the arguments: relative to the working directory; output files need not exist.

use std::path::{Path, PathBuf};

use super::environment::Environment;
use super::failure::{Exit, Failure};

/// Returns the path of an existing file.
pub(super) fn existing(
    path: &Path,
    by: &str,
    environment: &Environment<'_>,
) -> Result<PathBuf, Failure> {
    let path = from_folder(path, by, environment)?;
    if path.is_file() {
        return Ok(path);
    }
    let what = if path.is_dir() { "is a folder" } else { "does not exist" };
    Err(Failure::new(Exit::Missing, format!("{} {what}", path.display()))
        .hint(format!("give {by} the path of the file of a run store")))
}

/// Returns the path of an existing folder.
pub(super) fn folder(
    path: &Path,
    by: &str,
    environment: &Environment<'_>,
) -> Result<String, Failure> {
    let path = from_folder(path, by, environment)?;
    if path.is_dir() {
        return text(path);
    }
    let what = if path.exists() { "is not a folder" } else { "does not exist" };
    Err(Failure::new(Exit::Missing, format!("{} {what}", path.display()))
        .hint(format!("give {by} the path of a directory")))
}

/// Returns the path of a file to create.
pub(super) fn output(
    path: &Path,
    by: &str,
    environment: &Environment<'_>,
) -> Result<String, Failure> {
    text(from_folder(path, by, environment)?)
}

/// Returns a path in the form that SQLite accepts.
pub(super) fn text(path: PathBuf) -> Result<String, Failure> {
    path.into_os_string().into_string().map_err(|path| {
        Failure::usage(format!("the path {} is not UTF-8", path.display()))
            .hint("rename the file, or run the command in its directory")
    })
}

/// Returns a path relative to the working directory, if it is inside.
pub(super) fn seen_from_folder<'p>(path: &'p str, environment: &Environment<'_>) -> &'p str {
    let below = Path::new(path).strip_prefix(&environment.folder).ok();
    below.and_then(Path::to_str).unwrap_or(path)
}

fn from_folder(path: &Path, by: &str, environment: &Environment<'_>) -> Result<PathBuf, Failure> {
    if path.as_os_str().is_empty() {
        return Err(
            Failure::usage(format!("{by} is empty")).hint(format!("give {by} the path of a file"))
        );
    }
    Ok(environment.folder.join(path))
}
