//! A folder on a local disk.

use std::collections::BTreeSet;
use std::fs::{self, File, OpenOptions};
use std::io::{self, Read, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};
use std::time::UNIX_EPOCH;

use runstore::error::{Code, Result, StoreError};
use tempfile::NamedTempFile;

use super::disk::{Disk, System};
use super::{Found, LONGEST_MANIFEST, State, Storage, Tag};

/// The file that serves as the lock of the manifest.
const LOCK: &str = "_runstore/lock";

/// Number of threads that wait for the disk at the same time.
const MOST_THREADS: usize = 16;

pub(crate) struct Local<D = System> {
    folder: PathBuf,
    disk: D,
}

impl Local {
    pub(super) fn new(folder: PathBuf) -> Self {
        Local::on(System, folder)
    }
}

impl<D: Disk> Local<D> {
    pub(crate) fn on(disk: D, folder: PathBuf) -> Self {
        Local { folder, disk }
    }

    fn at(&self, path: &str) -> PathBuf {
        self.folder.join(path)
    }

    /// Opens a file that an attacker may have placed there, and refuses a link that leads out of the project.
    fn opened(&self, path: &str) -> Result<Option<File>> {
        let at = self.at(path);
        if !self.is_inside(&at) {
            let message = format!("\"{path}\" leads out of the folder of the project");
            return Err(StoreError::new(Code::Corrupt, message));
        }
        match File::open(&at) {
            Ok(file) => Ok(Some(file)),
            Err(error) if self.is_absent(&error) => Ok(None),
            Err(error) => Err(StoreError::io("open", &at, &error)),
        }
    }

    /// Returns whether there is no such file. If the folder of the project is none, it is not empty, but a mistake.
    fn is_absent(&self, error: &io::Error) -> bool {
        match error.kind() {
            io::ErrorKind::NotFound => true,
            io::ErrorKind::NotADirectory => self.folder.is_dir(),
            _ => false,
        }
    }

    fn is_inside(&self, at: &Path) -> bool {
        match (fs::canonicalize(at), fs::canonicalize(&self.folder)) {
            (Ok(at), Ok(folder)) => at.starts_with(folder),
            // A missing file leads nowhere.
            _ => true,
        }
    }

    /// Returns the folder of a file, created if necessary.
    fn folder_of(&self, path: &str) -> Result<PathBuf> {
        let at = self.at(path);
        let folder = at.parent().unwrap_or(&self.folder);
        self.create_folder(folder)?;
        Ok(folder.to_owned())
    }

    /// Creates a folder and those above it, unless it exists. Syncing a folder does not keep its own name, which is in the folder
    /// above.
    fn create_folder(&self, folder: &Path) -> Result<()> {
        if folder.is_dir() {
            return Ok(());
        }
        let above = folder.parent().filter(|above| !above.as_os_str().is_empty());
        if let Some(above) = above {
            self.create_folder(above)?;
        }
        match self.disk.create_folder(folder) {
            // Another process was faster, and may not have synced it yet.
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists && folder.is_dir() => {}
            created => created.map_err(|error| StoreError::io("create", folder, &error))?,
        }
        self.sync_folder(above.unwrap_or(Path::new(".")))
    }
}

impl<D: Disk> Storage for Local<D> {
    fn read(&self, path: &str, most: u64) -> Result<Option<Vec<u8>>> {
        let Some(file) = self.opened(path)? else { return Ok(None) };
        let mut bytes = Vec::new();
        let read = file.take(most + 1).read_to_end(&mut bytes);
        read.map_err(|error| StoreError::io("read", &self.at(path), &error))?;
        match bytes.len() as u64 > most {
            true => {
                Err(StoreError::new(Code::TooLarge, format!("{path} has more than {most} bytes")))
            }
            false => Ok(Some(bytes)),
        }
    }

    fn read_from(&self, path: &str, start: u64) -> Result<Option<Vec<u8>>> {
        let Some(mut file) = self.opened(path)? else { return Ok(None) };
        let mut bytes = Vec::new();
        let read = file.seek(SeekFrom::Start(start)).and_then(|_| file.read_to_end(&mut bytes));
        read.map_err(|error| StoreError::io("read", &self.at(path), &error))?;
        Ok(Some(bytes))
    }

    fn open(&self, path: &str) -> Result<Option<File>> {
        self.opened(path)
    }

    fn state(&self, path: &str) -> Result<Option<State>> {
        let at = self.at(path);
        match fs::metadata(&at) {
            Ok(found) if found.is_file() => Ok(Some(state_of(&found))),
            Ok(_) => Ok(None),
            Err(error) if self.is_absent(&error) => Ok(None),
            Err(error) => Err(StoreError::io("read", &at, &error)),
        }
    }

    fn scratch(&self, path: &str) -> Result<NamedTempFile> {
        let folder = self.folder_of(path)?;
        let made = self.disk.create_scratch(&folder);
        made.map_err(|error| StoreError::io("create a file in", &folder, &error))
    }

    fn check_new(&self, path: &str) -> Result<()> {
        self.scratch(path).map(drop)
    }

    fn publish(&self, file: NamedTempFile, path: &str) -> Result<()> {
        self.publish_all(vec![(file, path.to_owned())])
    }

    /// Syncs the files at the same time, as one wait for the disk may serve many, then names them, and then syncs each folder once.
    fn publish_all(&self, files: Vec<(NamedTempFile, String)>) -> Result<()> {
        at_once(&files, |(file, path)| self.synced(file, path))?;
        let mut folders = BTreeSet::new();
        for (file, path) in files {
            if !self.named(file, &path)? {
                return Err(StoreError::new(Code::Exists, format!("{path} exists already")));
            }
            folders.insert(self.folder_of(&path)?);
        }
        at_once(&Vec::from_iter(folders), |folder| self.sync_folder(folder))
    }

    fn put_new(&self, path: &str, bytes: &[u8]) -> Result<bool> {
        let mut file = self.scratch(path)?;
        file.write_all(bytes).map_err(|error| StoreError::io("write", &self.at(path), &error))?;
        self.synced(&file, path)?;
        let is_new = self.named(file, path)?;
        if is_new {
            self.sync_folder(&self.folder_of(path)?)?;
        }
        Ok(is_new)
    }

    fn change(
        &self,
        path: &str,
        change: &mut dyn FnMut(Option<Vec<u8>>) -> Result<Option<Vec<u8>>>,
    ) -> Result<Option<Tag>> {
        let _alone = self.lock()?;
        let Some(bytes) = change(self.read(path, LONGEST_MANIFEST)?)? else { return Ok(None) };
        let at = self.at(path);
        let failed = |error: &io::Error| StoreError::io("write", &at, error);
        let mut file = self.scratch(path)?;
        file.write_all(&bytes).map_err(|error| failed(&error))?;
        self.synced(&file, path)?;
        let state = file.as_file().metadata().map(|data| state_of(&data));
        let tag = state.map_err(|error| failed(&error))?.tag;
        self.disk.replace(file, &at).map_err(|error| failed(&error))?;
        self.sync_folder(&self.folder_of(path)?)?;
        Ok(Some(tag))
    }

    fn list(&self, folder: &str) -> Result<Vec<Found>> {
        let mut found = Vec::new();
        let mut folders = vec![folder.to_owned()];
        while let Some(folder) = folders.pop() {
            let at = self.at(&folder);
            let entries = match fs::read_dir(&at) {
                Ok(entries) => entries,
                Err(error) if self.is_absent(&error) => continue,
                Err(error) => return Err(StoreError::io("list", &at, &error)),
            };
            for entry in entries {
                let entry = entry.map_err(|error| StoreError::io("list", &at, &error))?;
                let Some(name) = entry.file_name().to_str().map(str::to_owned) else { continue };
                let path = if folder.is_empty() { name } else { format!("{folder}/{name}") };
                match entry.metadata() {
                    Ok(data) if data.is_dir() => folders.push(path),
                    Ok(data) if data.is_file() => {
                        let changed_at = (nanoseconds(&data) / 1_000_000) as i64;
                        found.push(Found { path, bytes: data.len(), changed_at });
                    }
                    // Links are skipped, and so are files that were deleted meanwhile.
                    _ => {}
                }
            }
        }
        found.sort_by(|one, other| one.path.cmp(&other.path));
        Ok(found)
    }

    fn has_after(&self, folder: &str, name: &str, is_meant: &dyn Fn(&str) -> bool) -> Result<bool> {
        let at = self.at(folder);
        let entries = match fs::read_dir(&at) {
            Ok(entries) => entries,
            Err(error) if self.is_absent(&error) => return Ok(false),
            Err(error) => return Err(StoreError::io("list", &at, &error)),
        };
        let is_later = |found: &str| found > name && is_meant(found);
        Ok(entries.flatten().any(|entry| entry.file_name().to_str().is_some_and(is_later)))
    }

    fn remove(&self, path: &str) -> Result<()> {
        let at = self.at(path);
        match self.disk.remove(&at) {
            Err(error) if !self.is_absent(&error) => Err(StoreError::io("remove", &at, &error)),
            _ => Ok(()),
        }
    }
}

impl<D: Disk> Local<D> {
    fn synced(&self, file: &NamedTempFile, path: &str) -> Result<()> {
        let synced = self.disk.sync_file(file);
        synced.map_err(|error| StoreError::io("write", &self.at(path), &error))
    }

    /// Renames a synced file unless the name is taken, and returns whether it was free. The name is durable once its folder is
    /// synced.
    fn named(&self, file: NamedTempFile, path: &str) -> Result<bool> {
        let at = self.at(path);
        match self.disk.rename_new(file, &at) {
            Ok(()) => Ok(true),
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => Ok(false),
            Err(error) => Err(StoreError::io("create", &at, &error)),
        }
    }

    /// Syncs the names in a folder, so that they survive a power failure.
    fn sync_folder(&self, folder: &Path) -> Result<()> {
        let synced = self.disk.sync_folder(folder);
        synced.map_err(|error| StoreError::io("write", folder, &error))
    }

    /// Waits for the lock of the manifest; it is released with the file, even if the process dies.
    fn lock(&self) -> Result<File> {
        self.folder_of(LOCK)?;
        let at = self.at(LOCK);
        let opened = OpenOptions::new().create(true).truncate(false).write(true).open(&at);
        let file = opened.map_err(|error| StoreError::io("open", &at, &error))?;
        file.lock().map_err(|error| StoreError::io("lock", &at, &error))?;
        Ok(file)
    }
}

/// Calls `work` with each of the values, on several threads if there are many, and returns the first error.
fn at_once<T: Sync>(values: &[T], work: impl Fn(&T) -> Result<()> + Sync) -> Result<()> {
    let each = |values: &[T]| values.iter().try_for_each(&work);
    if values.len() < 2 {
        return each(values);
    }
    std::thread::scope(|scope| {
        let parts = values.chunks(values.len().div_ceil(MOST_THREADS));
        let threads: Vec<_> = parts.map(|part| scope.spawn(|| each(part))).collect();
        let ended = || StoreError::new(Code::Internal, "a thread that synced files ended");
        threads.into_iter().try_for_each(|thread| thread.join().unwrap_or_else(|_| Err(ended())))
    })
}

fn state_of(data: &fs::Metadata) -> State {
    let (bytes, changed) = (data.len(), nanoseconds(data));
    let tag = Tag(format!("{bytes}-{changed}"));
    State { bytes, changed_at: (changed / 1_000_000) as i64, tag }
}

fn nanoseconds(data: &fs::Metadata) -> u128 {
    let since = data.modified().ok().and_then(|at| at.duration_since(UNIX_EPOCH).ok());
    since.map_or(0, |since| since.as_nanos())
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)] // a failing test is meant to panic

    use super::*;

    #[test]
    fn a_file_is_created_once_and_completely() {
        let folder = tempfile::tempdir().unwrap();
        let local = Local::new(folder.path().to_owned());
        assert!(local.put_new("a/1.json", b"first").unwrap());
        assert!(!local.put_new("a/1.json", b"second").unwrap());
        assert_eq!(local.read("a/1.json", 10).unwrap().unwrap(), b"first");
        assert!(local.read("a/1.json", 4).is_err());
        assert_eq!(local.read("a/2.json", 4).unwrap(), None);
        let names: Vec<_> = local.list("").unwrap().into_iter().map(|found| found.path).collect();
        assert_eq!(names, ["a/1.json"]);
    }

    #[test]
    fn eight_concurrent_changes_of_a_file_are_all_kept() {
        let folder = tempfile::tempdir().unwrap();
        let add = |local: &Local| {
            local
                .change("n", &mut |old| Ok(Some([old.unwrap_or_default(), vec![b'x']].concat())))
                .unwrap();
        };
        std::thread::scope(|scope| {
            for _ in 0..8 {
                scope.spawn(|| (0..20).for_each(|_| add(&Local::new(folder.path().to_owned()))));
            }
        });
        assert_eq!(fs::read(folder.path().join("n")).unwrap().len(), 160);
    }

    #[cfg(unix)]
    #[test]
    fn a_link_that_leads_out_of_the_project_is_not_followed() {
        let (outside, folder) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
        fs::write(outside.path().join("secret"), "s").unwrap();
        std::os::unix::fs::symlink(outside.path().join("secret"), folder.path().join("run"))
            .unwrap();
        let local = Local::new(folder.path().to_owned());
        assert!(local.read("run", 10).unwrap_err().message().contains("leads out"));
        assert!(local.list("").unwrap().is_empty());
    }
}
