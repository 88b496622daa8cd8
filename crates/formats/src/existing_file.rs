//! Files that are read.

use std::fs::File;
use std::io::{Error, ErrorKind};
use std::path::Path;

use runstore::error::{Code, Result, StoreError};

/// Says why a file cannot be taken.
pub(crate) fn refused(path: &Path, why: &str) -> StoreError {
    StoreError::new(Code::Corrupt, format!("cannot read {}: {why}", path.display()))
        .in_file(&path.display().to_string())
}

/// Opens a file, and nothing else that has a path: a pipe would be waited for.
pub(crate) fn open(path: &Path) -> Result<File> {
    let failed = |error: Error| match error.kind() {
        ErrorKind::NotFound => {
            StoreError::new(Code::NotFound, format!("there is no file {}", path.display()))
                .in_file(&path.display().to_string())
        }
        _ => StoreError::io("read", path, &error),
    };
    if !std::fs::metadata(path).map_err(failed)?.is_file() {
        return Err(refused(path, "it is no file"));
    }
    File::open(path).map_err(failed)
}
