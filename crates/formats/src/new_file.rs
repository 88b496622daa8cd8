//! Files that appear whole or not at all.

use std::fs::{self, File};
use std::io::{BufWriter, Result, Write};
use std::path::{Path, PathBuf};

use runstore::error::StoreError;
use tempfile::NamedTempFile;

/// Writes a file under another name in its folder, which is made, flushes it and renames it. An older file of the name stays
/// until then. Returns its size.
///
/// # Errors
/// Names the path; nothing is left of the new file.
pub fn replace(
    path: &Path,
    write: impl FnOnce(&mut dyn Write) -> Result<()>,
) -> runstore::Result<u64> {
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty());
    let folder = folder.map_or_else(|| PathBuf::from("."), Path::to_path_buf);
    fs::create_dir_all(&folder)
        .map_err(|error| StoreError::io("make the folder", &folder, &error))?;
    let write = || {
        let mut file = NamedTempFile::with_prefix_in(".runstore-", &folder)?;
        let mut writer = BufWriter::with_capacity(1 << 16, file.as_file_mut());
        write(&mut writer)?;
        writer.flush()?;
        drop(writer);
        keep(file, path, &folder)
    };
    write().map_err(|error| StoreError::io("write", path, &error))
}

fn keep(file: NamedTempFile, path: &Path, folder: &Path) -> Result<u64> {
    let bytes = file.as_file().metadata()?.len();
    let_others_read(file.as_file())?;
    file.as_file().sync_all()?;
    file.persist(path).map_err(|error| error.error)?;
    // Where a folder cannot be flushed, its file system does without.
    let _ = File::open(folder).and_then(|folder| folder.sync_all());
    Ok(bytes)
}

/// A temporary file is its owner's alone; one that is kept has the rights of any other.
#[cfg(unix)]
fn let_others_read(file: &File) -> Result<()> {
    use std::os::unix::fs::PermissionsExt;
    file.set_permissions(fs::Permissions::from_mode(0o644))
}

#[cfg(not(unix))]
fn let_others_read(_: &File) -> Result<()> {
    Ok(())
}
