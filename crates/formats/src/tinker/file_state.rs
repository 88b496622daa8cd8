//! Detects whether a file has changed since it was found.

use std::fs::File;
use std::path::Path;
use std::time::SystemTime;

use runstore::error::{Code, Result, StoreError};

/// Properties that change with the content of a file, or when another file replaces it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct FileState {
    length: u64,
    modified: Option<SystemTime>,
    inode: u64,
}

impl FileState {
    pub(super) fn of(file: &File, path: &Path) -> Result<Self> {
        let found = file.metadata().map_err(|error| StoreError::io("read", path, &error))?;
        Ok(FileState { length: found.len(), modified: found.modified().ok(), inode: inode(&found) })
    }

    /// Fails if the file has changed.
    pub(super) fn check(&self, file: &File, path: &Path) -> Result<()> {
        match *self == FileState::of(file, path)? {
            true => Ok(()),
            false => Err(self.changed(path)),
        }
    }

    /// Returns the error for a file that has changed or is gone.
    pub(super) fn changed(&self, path: &Path) -> StoreError {
        let advice = "try again when no process writes to it";
        let message = format!("{} was changed while it was read; {advice}", path.display());
        StoreError::new(Code::Busy, message)
    }
}

#[cfg(unix)]
fn inode(found: &std::fs::Metadata) -> u64 {
    std::os::unix::fs::MetadataExt::ino(found)
}

#[cfg(not(unix))]
fn inode(_: &std::fs::Metadata) -> u64 {
    0
}
