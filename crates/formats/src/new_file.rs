//! Files that appear complete or not at all.

use std::fs::{self, File};
use std::io::{self, BufWriter, ErrorKind, Write};
use std::path::{Path, PathBuf};

use runstore::error::{Code, Result, StoreError};
use runstore::maintenance::sync_folder;
use tempfile::{Builder, NamedTempFile};

/// A file under construction, with a temporary name in its folder until it is kept. An older file of its name stays
/// until then; dropping this one before removes it.
///
/// A path that is not a file, such as a pipe or `/dev/stdout`, is written directly, because it cannot be replaced.
pub struct NewFile {
    target: PathBuf,
    writer: BufWriter<Made>,
    bytes: u64,
}

enum Made {
    Beside(NamedTempFile),
    Through(File),
}

impl Made {
    fn file(&self) -> &File {
        match self {
            Made::Beside(file) => file.as_file(),
            Made::Through(file) => file,
        }
    }
}

impl Write for Made {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.file().write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.file().flush()
    }
}

impl NewFile {
    /// Starts a file, and creates its folder.
    ///
    /// # Errors
    /// Names the path if it is a folder, or cannot be written to.
    pub fn create(path: &Path) -> Result<Self> {
        let failed = |error| StoreError::io("write", path, &error);
        let (target, made) = match fs::metadata(path) {
            Ok(there) if there.is_dir() => return Err(is_folder(path)),
            Ok(there) if !there.is_file() => {
                let through = File::options().write(true).open(path).map_err(failed)?;
                (path.to_owned(), Made::Through(through))
            }
            // The target of a link is replaced, not the link.
            Ok(_) => {
                let target = fs::canonicalize(path).map_err(failed)?;
                let made = beside(&target)?;
                (target, made)
            }
            Err(_) => (path.to_owned(), beside(path)?),
        };
        Ok(NewFile { target, writer: BufWriter::with_capacity(1 << 16, made), bytes: 0 })
    }

    /// Adds text.
    ///
    /// # Errors
    /// Names the path.
    pub fn add(&mut self, text: &str) -> Result<()> {
        self.write_all(text.as_bytes())
            .map_err(|error| StoreError::io("write", &self.target, &error))
    }

    /// Moves the file to its place and syncs it to the disk; returns its size in bytes.
    ///
    /// # Errors
    /// Names the path; the new file is removed.
    pub fn keep(self) -> Result<u64> {
        let NewFile { target, writer, bytes } = self;
        let keep = || {
            let made = writer.into_inner().map_err(io::IntoInnerError::into_error)?;
            if let Made::Beside(file) = made {
                file.as_file().sync_all()?;
                file.persist(&target).map_err(|error| error.error)?;
                // A file system that cannot sync folders does not need it.
                let _ = sync_folder(&target);
            }
            Ok(bytes)
        };
        keep().map_err(|error: io::Error| StoreError::io("write", &target, &error))
    }
}

impl Write for NewFile {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let written = self.writer.write(bytes)?;
        self.bytes += written as u64;
        Ok(written)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.writer.flush()
    }
}

/// Writes a file as [`NewFile`] does, and returns its size in bytes.
///
/// # Errors
/// Names the path; the new file is removed.
pub fn replace(path: &Path, write: impl FnOnce(&mut dyn Write) -> io::Result<()>) -> Result<u64> {
    let mut file = NewFile::create(path)?;
    write(&mut file).map_err(|error| StoreError::io("write", path, &error))?;
    file.keep()
}

fn beside(target: &Path) -> Result<Made> {
    let folder = target.parent().filter(|folder| !folder.as_os_str().is_empty());
    let folder = folder.unwrap_or(Path::new("."));
    fs::create_dir_all(folder)
        .map_err(|error| StoreError::io("make the folder", folder, &error))?;
    let mut builder = Builder::new();
    builder.prefix(".runstore-");
    with_usual_rights(&mut builder);
    let made = builder.tempfile_in(folder);
    made.map(Made::Beside).map_err(|error| StoreError::io("write", target, &error))
}

/// Only the owner can read a temporary file; a kept file gets the permissions of any other, by the umask.
#[cfg(unix)]
fn with_usual_rights(builder: &mut Builder<'_, '_>) {
    use std::os::unix::fs::PermissionsExt;
    builder.permissions(fs::Permissions::from_mode(0o666));
}

#[cfg(not(unix))]
fn with_usual_rights(_: &mut Builder<'_, '_>) {}

fn is_folder(path: &Path) -> StoreError {
    let why = io::Error::new(ErrorKind::IsADirectory, "it is a folder; name a file in it");
    let message = format!("cannot write {}: {why}", path.display());
    StoreError::new(Code::InvalidArgument, message)
}

#[cfg(test)]
#[allow(clippy::unwrap_used)] // a failing test is meant to panic
mod tests {
    use super::*;

    #[test]
    fn a_file_appears_when_it_is_kept_and_leaves_no_other_files() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("made/report.xml");
        fs::create_dir(folder.path().join("made")).unwrap();
        fs::write(&path, "old").unwrap();
        let names = || fs::read_dir(path.parent().unwrap()).unwrap().count();
        let mut file = NewFile::create(&path).unwrap();
        file.add("new text").unwrap();
        drop(file);
        assert_eq!((fs::read_to_string(&path).unwrap().as_str(), names()), ("old", 1));
        assert_eq!(replace(&path, |to| to.write_all(b"new text")).unwrap(), 8);
        assert_eq!((fs::read_to_string(&path).unwrap().as_str(), names()), ("new text", 1));
        let failed = replace(&path, |_| Err(io::Error::other("no")));
        assert!(failed.unwrap_err().message().contains("report.xml"));
        assert_eq!((fs::read_to_string(&path).unwrap().as_str(), names()), ("new text", 1));
        assert!(NewFile::create(folder.path()).is_err());
    }

    #[cfg(unix)]
    #[test]
    fn links_and_devices_are_written_through_not_replaced() {
        use std::os::unix::fs::{FileTypeExt, symlink};
        let folder = tempfile::tempdir().unwrap();
        let [link, file] = ["link", "file"].map(|name| folder.path().join(name));
        fs::write(&file, "old").unwrap();
        symlink(&file, &link).unwrap();
        replace(&link, |to| to.write_all(b"new")).unwrap();
        assert_eq!(fs::read_to_string(&file).unwrap(), "new");
        assert!(fs::symlink_metadata(&link).unwrap().is_symlink());
        let null = folder.path().join("null");
        symlink("/dev/null", &null).unwrap();
        assert_eq!(replace(&null, |to| to.write_all(b"gone")).unwrap(), 4);
        assert!(fs::metadata(&null).unwrap().file_type().is_char_device());
    }
}
