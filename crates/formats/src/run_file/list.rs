//! Lists the run files of a folder.

use std::path::{Path, PathBuf};

use runstore::error::{Code, Result, StoreError};
use serde::Serialize;

use super::document::RunFile;
use super::read::{Rows, read_document};

const OPERATION: &str = "listRunFiles";

/// A run file, with its summary or the reason why it cannot be read.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct ListedFile {
    /// The name of the file without its extension, which is the id of the run.
    pub run_id: String,
    /// Its path.
    pub path: PathBuf,
    /// Its size.
    pub bytes: u64,
    /// Its modification time, in milliseconds since the epoch.
    pub changed_at: f64,
    /// The suite.
    pub suite_name: Option<String>,
    /// The models.
    pub pipeline_ids: Vec<String>,
    /// Number of samples.
    pub samples: u64,
    /// Duration of the run in seconds.
    pub elapsed_seconds: Option<f64>,
    /// The verdict of the rollup scorecard, as in the file.
    pub verdict: Option<String>,
    /// Whether the run can be imported into a store without loss.
    pub lossless: bool,
    /// Why the file cannot be read.
    pub error: Option<String>,
}

/// Returns the run files of a folder, newest first; none if there is no such folder. A file that cannot be read is
/// listed with the reason; files that are not run files are skipped.
///
/// # Errors
/// If the folder cannot be read.
pub fn list_run_files(folder: &Path) -> Result<Vec<ListedFile>> {
    let failed = |error: std::io::Error| StoreError::io("read", folder, &error).during(OPERATION);
    let entries = match std::fs::read_dir(folder) {
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(vec![]),
        entries => entries.map_err(failed)?,
    };
    let mut files = vec![];
    for entry in entries {
        files.extend(listed(&entry.map_err(failed)?.path()));
    }
    let newest =
        |file: &ListedFile| (std::cmp::Reverse(file.changed_at as i64), file.run_id.clone());
    files.sort_by_cached_key(newest);
    Ok(files)
}

/// Returns the summary of a file; nothing if its name is not that of a JSON file.
fn listed(path: &Path) -> Option<ListedFile> {
    let run_id = path.file_name()?.to_str()?.strip_suffix(".json")?;
    let metadata = std::fs::metadata(path).ok().filter(std::fs::Metadata::is_file)?;
    if run_id.starts_with('.') {
        return None;
    }
    let since = metadata.modified().ok()?.duration_since(std::time::UNIX_EPOCH).ok()?;
    let mut file = ListedFile {
        run_id: run_id.to_owned(),
        path: path.to_owned(),
        bytes: metadata.len(),
        changed_at: since.as_millis() as f64,
        suite_name: None,
        pipeline_ids: vec![],
        samples: 0,
        elapsed_seconds: None,
        verdict: None,
        lossless: false,
        error: None,
    };
    match read_document(path, &mut |_, _| {
        file.samples += 1;
        Ok(())
    })
    .and_then(|read| named_for(read, run_id, path))
    {
        Ok((read, rows)) => {
            file.suite_name = Some(read.metadata.suite_name);
            file.pipeline_ids = read.pipeline_results.into_iter().map(|(model, _)| model).collect();
            file.elapsed_seconds = Some(read.elapsed_seconds.0);
            file.verdict = read.rollup_scorecard.verdict;
            file.lossless = rows == Rows::Whole;
        }
        Err(error) => file.error = Some(error.message()),
    }
    Some(file)
}

/// Refuses a file whose name differs from the id of its run.
fn named_for(read: (RunFile, Rows), run_id: &str, path: &Path) -> Result<(RunFile, Rows)> {
    match read.0.run_id == run_id {
        true => Ok(read),
        false => {
            let message =
                format!("{} holds the run {:?}; rename the file", path.display(), read.0.run_id);
            Err(StoreError::new(Code::Corrupt, message).during(OPERATION))
        }
    }
}
