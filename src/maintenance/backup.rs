//! Copies a store that others may be writing to.

use std::path::Path;

use serde::Serialize;

use super::new_file::NewFile;
use super::space::file_of;
use crate::Store;
use crate::db::EachStep;
use crate::error::Result;

/// The result of [`backup`].
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct BackupReport {
    /// Path of the copy.
    pub path: String,
    /// Its size.
    pub bytes: u64,
}

/// Copies a snapshot of the store to `path`, while others may write.
///
/// The copy appears under its name once it is complete and on the disk. It replaces an older copy, but never a file
/// that is not a database. `each` is called with the progress; its error stops and removes the copy.
pub fn backup(store: &Store, path: &str, each: &mut EachStep<'_>) -> Result<BackupReport> {
    store.run("backup", |db| {
        let source = file_of(db)?;
        let file = NewFile::replacing(Path::new(path), source.as_deref().map(Path::new))?;
        db.copy_into(file.path()?, each)?;
        Ok(BackupReport { path: path.to_owned(), bytes: file.publish()? })
    })
}
