//! Creates a file atomically.

use std::fs::{self, File};
use std::io::Read;
use std::path::{Path, PathBuf};

use crate::error::{Code, Result, StoreError};

/// The files that SQLite keeps beside a database.
const COMPANIONS: [&str; 3] = ["-wal", "-journal", "-shm"];
const MAGIC: &[u8; 16] = b"SQLite format 3\0";

/// A database that is created under another name, in the folder of its final place.
///
/// If it is dropped before it is published, it is deleted.
pub(super) struct NewFile {
    target: PathBuf,
    made: PathBuf,
    published: bool,
}

impl NewFile {
    /// Starts a file at a place that must be free.
    pub(super) fn at(target: &Path) -> Result<NewFile> {
        match fs::symlink_metadata(target) {
            Ok(_) => Err(exists(target, "exists already; choose another name")),
            Err(_) => NewFile::begin(target),
        }
    }

    /// Starts a file that may replace a database that is not in use.
    pub(super) fn replacing(target: &Path, source: Option<&Path>) -> Result<NewFile> {
        let Ok(target) = fs::canonicalize(target) else { return NewFile::begin(target) };
        if source.is_some_and(|source| fs::canonicalize(source).is_ok_and(|real| real == target)) {
            return Err(exists(&target, "is the store itself"));
        }
        if !is_database(&target) {
            return Err(exists(&target, "exists and is not a SQLite database"));
        }
        // A remaining WAL would be applied to the new file.
        let in_use = COMPANIONS.iter().take(2).map(|suffix| with_suffix(&target, suffix));
        if let Some(companion) = in_use.into_iter().find(|path| size(path) > 0) {
            let why = format!("is in use, or was not closed: there is {}", companion.display());
            return Err(exists(&target, &why));
        }
        NewFile::begin(&target)
    }

    fn begin(target: &Path) -> Result<NewFile> {
        if let Some(folder) = folder_of(target) {
            fs::create_dir_all(folder)
                .map_err(|error| StoreError::io("create the directory", folder, &error))?;
        }
        let made = with_suffix(target, &format!(".{}.partial", uuid::Uuid::new_v4().simple()));
        Ok(NewFile { target: target.to_owned(), made, published: false })
    }

    /// Returns its temporary path.
    pub(super) fn path(&self) -> Result<&str> {
        self.made.to_str().ok_or_else(|| {
            let name = self.made.display();
            StoreError::new(Code::InvalidArgument, format!("the path {name} is not UTF-8"))
        })
    }

    /// Moves the file to its place, synced to the disk, and returns its size in bytes.
    pub(super) fn publish(mut self) -> Result<u64> {
        let failed = |doing, error| StoreError::io(doing, &self.target, &error);
        let file = File::options().read(true).write(true).open(&self.made);
        let file = file.map_err(|error| failed("read back", error))?;
        file.sync_all().map_err(|error| failed("flush", error))?;
        let bytes = file.metadata().map_err(|error| failed("read back", error))?.len();
        drop(file);
        fs::rename(&self.made, &self.target).map_err(|error| failed("put in place", error))?;
        sync_folder(&self.target).map_err(|error| failed("flush the folder of", error))?;
        self.published = true;
        Ok(bytes)
    }
}

impl Drop for NewFile {
    fn drop(&mut self) {
        if self.published {
            return;
        }
        let _ = fs::remove_file(&self.made);
        for suffix in COMPANIONS {
            let _ = fs::remove_file(with_suffix(&self.made, suffix));
        }
    }
}

fn exists(path: &Path, why: &str) -> StoreError {
    StoreError::new(Code::Exists, format!("{} {why}", path.display()))
}

fn is_database(path: &Path) -> bool {
    let mut start = Vec::new();
    let read = File::open(path).and_then(|file| file.take(16).read_to_end(&mut start));
    read.is_ok() && (start.is_empty() || start == MAGIC)
}

fn size(path: &Path) -> u64 {
    fs::metadata(path).map_or(0, |metadata| metadata.len())
}

fn with_suffix(path: &Path, suffix: &str) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(suffix);
    PathBuf::from(name)
}

fn folder_of(path: &Path) -> Option<&Path> {
    path.parent().filter(|folder| !folder.as_os_str().is_empty())
}

/// Syncs the folder of a file, which makes a rename durable.
#[cfg(unix)]
pub fn sync_folder(path: &Path) -> std::io::Result<()> {
    File::open(folder_of(path).unwrap_or(Path::new(".")))?.sync_all()
}

/// Does nothing: on this system, a rename is durable by itself.
#[cfg(not(unix))]
pub fn sync_folder(_: &Path) -> std::io::Result<()> {
    Ok(())
}
