//! Lists the run files of a folder.

use std::cell::RefCell;
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

/// A file with the name of a run file.
pub(super) struct NamedFile {
    pub(super) run_id: String,
    pub(super) path: PathBuf,
    bytes: u64,
    changed_at: f64,
}

/// Returns the run files of a folder, newest first; none if there is no such folder. A file that cannot be read is
/// listed with the reason; files that are not run files are skipped. `watch` is called with the number of bytes read so
/// far, and the total.
///
/// # Errors
/// If the folder cannot be read.
pub fn list_run_files(folder: &Path, watch: &mut dyn FnMut(u64, u64)) -> Result<Vec<ListedFile>> {
    let files = named_files(folder).map_err(|error| error.during(OPERATION))?;
    let total = files.iter().map(|file| file.bytes).sum();
    let mut before = 0;
    let listed = files.into_iter().map(|file| {
        let bytes = file.bytes;
        let watch = RefCell::new(&mut *watch);
        let file = listed(file, &|done| watch.borrow_mut()(before + done.min(bytes), total));
        before += bytes;
        file
    });
    Ok(listed.collect())
}

/// Returns the files of a folder that are run files by their names, newest first, without reading them.
pub(super) fn named_files(folder: &Path) -> Result<Vec<NamedFile>> {
    let failed = |error: std::io::Error| StoreError::io("read", folder, &error);
    let entries = match std::fs::read_dir(folder) {
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(vec![]),
        entries => entries.map_err(failed)?,
    };
    let mut files = vec![];
    for entry in entries {
        files.extend(named(&entry.map_err(failed)?.path()));
    }
    let newest =
        |file: &NamedFile| (std::cmp::Reverse(file.changed_at as i64), file.run_id.clone());
    files.sort_by_cached_key(newest);
    Ok(files)
}

/// Returns nothing if the name is not that of a JSON file.
fn named(path: &Path) -> Option<NamedFile> {
    let run_id = path.file_name()?.to_str()?.strip_suffix(".json")?;
    let metadata = std::fs::metadata(path).ok().filter(std::fs::Metadata::is_file)?;
    if run_id.starts_with('.') {
        return None;
    }
    let since = metadata.modified().ok()?.duration_since(std::time::UNIX_EPOCH).ok()?;
    Some(NamedFile {
        run_id: run_id.to_owned(),
        path: path.to_owned(),
        bytes: metadata.len(),
        changed_at: since.as_millis() as f64,
    })
}

/// Reads what a file says.
fn listed(file: NamedFile, watch: &dyn Fn(u64)) -> ListedFile {
    let NamedFile { run_id, path, bytes, changed_at } = file;
    let mut samples = 0;
    let read = read_document(&path, watch, &mut |_, _| {
        samples += 1;
        Ok(())
    });
    let unread = ListedFile {
        bytes,
        changed_at,
        samples,
        suite_name: None,
        pipeline_ids: vec![],
        elapsed_seconds: None,
        verdict: None,
        lossless: false,
        error: None,
        run_id,
        path,
    };
    match read.and_then(|read| named_for(read, &unread.run_id, &unread.path)) {
        Ok((read, rows)) => ListedFile {
            suite_name: Some(read.metadata.suite_name),
            pipeline_ids: read.pipeline_results.into_iter().map(|(model, _)| model).collect(),
            elapsed_seconds: Some(read.elapsed_seconds.0),
            verdict: read.rollup_scorecard.verdict,
            lossless: rows == Rows::Whole,
            ..unread
        },
        Err(error) => ListedFile { error: Some(error.message()), ..unread },
    }
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
