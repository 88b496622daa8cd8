//! Finds a run file by name.

use std::path::{Path, PathBuf};

use runstore::error::{Code, Result, StoreError};

use super::list::{NamedFile, named_files};

/// Minimum number of characters of an id prefix.
const SHORTEST: usize = 4;

/// Returns a file of a folder: by its id, a prefix of at least four characters, or `latest`.
///
/// # Errors
/// If there is none, or the prefix is ambiguous.
pub fn find_run_file(folder: &Path, name: &str) -> Result<PathBuf> {
    let files = named_files(folder)?;
    if let Some(exact) = files.iter().find(|file| file.run_id == name) {
        return Ok(exact.path.clone());
    }
    let begins =
        |file: &&NamedFile| name.chars().count() >= SHORTEST && file.run_id.starts_with(name);
    let found: Vec<&NamedFile> = match name {
        "latest" => files.iter().take(1).collect(),
        _ => files.iter().filter(begins).collect(),
    };
    match found[..] {
        [only] => Ok(only.path.clone()),
        [] => {
            let message = format!("there is no run file {name:?} in {}", folder.display());
            Err(StoreError::new(Code::NotFound, message))
        }
        [first, second, ..] => {
            let message = format!(
                "{name:?} is the start of several run files in {}: {}, {}",
                folder.display(),
                first.run_id,
                second.run_id
            );
            Err(StoreError::new(Code::Ambiguous, message))
        }
    }
}
